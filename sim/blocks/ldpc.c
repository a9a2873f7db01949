/* The LDPC code alone, with the rate matching and soft combining of its transmissions; no CRC shows an
 * error. */
#include <stdlib.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/codes/ldpc_decode.h"
#include "radio/phy/codes/ratematch.h"
#include "sim/blocks/parts.h"

enum { SYMBOLS_MAX = RATE_MATCH_E_MAX };

struct ldpc {
	struct segmentation seg;
	struct ldpc_graph graph;
	struct ldpc_encoder encoder;
	struct ldpc_decoder decoder;
	struct rate_match_work work;
	struct rate_match match[BLOCKS_TRANSMISSIONS_MAX];
	struct phy_constellation constellation;
	unsigned rows; /* of parity that any transmission up to now has */
	uint32_t symbols;
	uint8_t block[SEGMENT_K_MAX / 8 + 1], back[SEGMENT_K_MAX / 8 + 1], coded[LDPC_N_MAX / 8 + 1];
	uint8_t sent[RATE_MATCH_E_MAX / 8 + 8];
	int8_t soft[LDPC_N_MAX], llr[RATE_MATCH_E_MAX];
	struct phy_cf symbol[SYMBOLS_MAX];
	float noise[SYMBOLS_MAX];
};

/* A transport block whose bits with its CRC are k has the code for k bits. */
static bool segment(struct segmentation *s, enum ldpc_bg bg, unsigned k)
{
	static const enum crc_kind crcs[] = { CRC_16, CRC_24A };

	for (size_t i = 0; i < ARRAY_LEN(crcs); i++) {
		if (k > crc_length(crcs[i]) && segment_init(s, bg, k - crc_length(crcs[i])) && s->b == k &&
			s->blocks == 1)
			return true;
	}
	return false;
}

static bool plan(struct ldpc *p, const struct blocks_config *c, const char **why)
{
	const struct blocks_code *code = &c->code;

	*why = "no such base graph or modulation";
	if ((code->bg != LDPC_BG1 && code->bg != LDPC_BG2) ||
		!phy_constellation_init(&p->constellation, code->modulation))
		return false;
	*why = "base graph 1 takes 25 to 8448 bits, base graph 2 up to 3840, none of 3841 to 3848";
	if (code->k < 25 || !segment(&p->seg, code->bg, code->k))
		return false;
	*why = "no such lifting size";
	if (!ldpc_graph_init(&p->graph, code->bg, p->seg.z))
		return false;
	*why = "coded bits must be whole symbols, 147456 at most, and more than the message";
	for (unsigned i = 0; i < c->transmissions; i++) {
		if (code->e < code->k || !rate_match_init(&p->match[i], &p->seg, 0, blocks_rv[i],
						 p->constellation.bits, code->e))
			return false;
	}
	*why = "at least one iteration";
	return code->iterations > 0;
}

static bool ldpc_open(struct blocks *b, const char **why)
{
	struct ldpc *p = aligned_alloc(_Alignof(struct ldpc), sizeof(*p)); /* as the decoder's columns are */

	b->own = p;
	if (!p)
		return false;
	memset(p, 0, sizeof(*p));
	if (!plan(p, &b->config, why))
		return false;
	p->symbols = b->config.code.e / p->constellation.bits;
	b->size = (struct blocks_size){ b->config.code.k, b->config.code.k, p->symbols,
		b->config.code.modulation, 0 };
	b->air = air_new(&b->config.air, NULL, why);
	return b->air != NULL;
}

static void ldpc_close(struct blocks *b)
{
	free(b->own);
}

static void ldpc_begin(struct blocks *b)
{
	struct ldpc *p = b->own;

	memset(p->block, 0, sizeof(p->block));
	blocks_draw_bits(&b->random, p->block, p->seg.k_prime);
	memset(p->soft, 0, sizeof(p->soft));
	p->rows = 0;
}

static bool ldpc_send(struct blocks *b, unsigned transmission)
{
	struct ldpc *p = b->own;
	const struct rate_match *m = &p->match[transmission];
	unsigned rows = rate_match_rows(m, &p->seg), octets = p->seg.k_prime / 8;
	struct ldpc_decode_args args = { &p->graph, 0, p->seg.k_prime, b->config.code.iterations, CRC_NONE };
	uint8_t rest = (uint8_t)(0xff00 >> p->seg.k_prime % 8);

	ldpc_encode(&b->kern, &p->encoder, &p->graph, p->block, rows, p->coded);
	rate_match(&b->kern, &p->work, m, p->coded, p->sent);
	phy_map_packed(&b->kern, &p->constellation, p->symbol, p->sent, p->symbols);
	air_noise(b->air, p->symbol, p->symbols);
	for (uint32_t i = 0; i < p->symbols; i++)
		p->noise[i] = (float)b->noise;
	phy_demap(&b->kern, p->constellation.modulation, p->llr, p->symbol, p->noise, p->symbols);
	rate_dematch(&b->kern, &p->work, m, p->llr, p->soft);
	p->rows = rows > p->rows ? rows : p->rows;
	args.rows = (uint16_t)p->rows;
	ldpc_decode(&b->kern, &p->decoder, &args, p->soft, p->back);
	return bytes_equal(bytes_of(p->block, octets), bytes_of(p->back, octets)) &&
	       ((p->block[octets] ^ p->back[octets]) & rest) == 0;
}

const struct blocks_kind_ops blocks_ldpc = { ldpc_open, ldpc_close, ldpc_begin, ldpc_send, 0 };

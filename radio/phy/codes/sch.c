#include "radio/phy/codes/sch.h"

#include <stdlib.h>

#include "radio/phy/codes/bits.h"

enum {
	CODEWORD_LAYERS_MAX = 4, /* 38.211 Table 7.3.1.3-1 */
	TB_OCTETS = (SEGMENT_A_MAX + 24) / 8 + 1,
};

struct phy_sch_encoder {
	struct ldpc_graph graph; /* of the last call; z is 0 before the first */
	struct ldpc_encoder ldpc;
	struct rate_match_work work;
	uint8_t tb[TB_OCTETS]; /* with its CRC */
	uint8_t block[SEGMENT_K_MAX / 8];
	uint8_t coded[LDPC_N_MAX / 8];
	uint8_t sent[RATE_MATCH_E_MAX / 8 + 8];
};

struct phy_sch_decoder {
	struct ldpc_graph graph;
	struct ldpc_decoder ldpc;
	struct rate_match_work work;
};

struct harq_block {
	bool done;           /* it came out */
	uint8_t rows;        /* of parity that transmissions reached */
	uint16_t iterations; /* that the last one took */
	uint8_t bits[SEGMENT_K_MAX / 8];
};

struct phy_harq {
	uint32_t max_a;
	bool begun; /* seg is the block it holds */
	struct segmentation seg;
	struct harq_block *blocks; /* these three within the same memory */
	uint8_t *tb;               /* of all blocks, with the CRC */
	int8_t *soft;              /* n of each block */
};

struct phy_sch_encoder *phy_sch_encoder_new(void)
{
	return calloc(1, sizeof(struct phy_sch_encoder));
}

void phy_sch_encoder_free(struct phy_sch_encoder *e)
{
	free(e);
}

struct phy_sch_decoder *phy_sch_decoder_new(void)
{
	struct phy_sch_decoder *d = aligned_alloc(_Alignof(struct phy_sch_decoder), sizeof(*d));

	if (d)
		memset(d, 0, sizeof(*d));
	return d;
}

void phy_sch_decoder_free(struct phy_sch_decoder *d)
{
	free(d);
}

/* Of base graph 2 there are more blocks, of base graph 1 they are larger. */
struct phy_harq *phy_harq_new(uint32_t max_a)
{
	size_t most = ((size_t)max_a + 24) / (3840 - 24) + 1;
	size_t soft = most * 50 * LDPC_Z_MAX;
	size_t soft_bg1 = (((size_t)max_a + 24) / (8448 - 24) + 1) * LDPC_N_MAX;
	size_t octets = bits_octets((size_t)max_a + 24);
	struct phy_harq *h;

	if (max_a == 0 || max_a > SEGMENT_A_MAX)
		return NULL;
	if (soft < soft_bg1)
		soft = soft_bg1;
	h = calloc(1, sizeof(*h) + most * sizeof(*h->blocks) + octets + soft);
	if (!h)
		return NULL;
	h->max_a = max_a;
	h->blocks = (struct harq_block *)(h + 1);
	h->tb = (uint8_t *)(h->blocks + most);
	h->soft = (int8_t *)(h->tb + octets);
	return h;
}

void phy_harq_free(struct phy_harq *h)
{
	free(h);
}

void phy_harq_reset(struct phy_harq *h)
{
	h->begun = false;
}

/* Rate matching of code block r. */
static bool match_block(
	const struct phy_sch *s, const struct segmentation *seg, unsigned r, struct rate_match *m)
{
	uint32_t e = rate_match_e(s->g, s->layers, s->q_m, seg->blocks, r);

	return rate_match_init(m, seg, s->lbrm_bits, s->rv, s->q_m, e);
}

/* The segmentation of *s. False for what *s cannot be: past here every match_block() holds. */
static bool plan(const struct phy_sch *s, struct segmentation *seg)
{
	struct rate_match m;

	if (s->rate_x2048 == 0 || s->rate_x2048 > 2048 || s->layers == 0 || s->layers > CODEWORD_LAYERS_MAX ||
		s->q_m == 0 || s->g == 0 || s->g % (s->q_m * s->layers))
		return false;
	return segment_init(seg, segment_base_graph(s->a, s->rate_x2048), s->a) &&
	       match_block(s, seg, 0, &m) && match_block(s, seg, seg->blocks - 1u, &m);
}

static void use_graph(struct ldpc_graph *g, const struct segmentation *seg)
{
	if (g->z != seg->z || g->bg != seg->bg)
		ldpc_graph_init(g, seg->bg, seg->z);
}

bool phy_sch_encode(struct phy_sch_encoder *e, const struct kern *k, const struct phy_sch *s,
	const uint8_t *tb, uint8_t *out)
{
	struct segmentation seg;
	size_t at = 0;

	if (!plan(s, &seg))
		return false;
	use_graph(&e->graph, &seg);
	bytes_copy(e->tb, sizeof(e->tb), bytes_of(tb, bits_octets(s->a)));
	crc_append_long(k, seg.tb_crc, e->tb, s->a);
	for (unsigned r = 0; r < seg.blocks; r++) {
		struct rate_match m;

		match_block(s, &seg, r, &m);
		segment_block(k, &seg, e->tb, r, e->block);
		ldpc_encode(k, &e->ldpc, &e->graph, e->block, rate_match_rows(&m, &seg), e->coded);
		rate_match(k, &e->work, &m, e->coded, e->sent);
		bits_copy(out, at, e->sent, 0, m.e);
		at += m.e;
	}
	if (at % 8)
		out[at / 8] &= (uint8_t)(0xff00 >> at % 8);
	return true;
}

/* False when h holds another block, or cannot hold this one. */
static bool take_block(struct phy_harq *h, const struct segmentation *seg)
{
	if (h->begun)
		return h->seg.a == seg->a && h->seg.bg == seg->bg;
	if (seg->a > h->max_a)
		return false;
	h->begun = true;
	h->seg = *seg;
	for (unsigned r = 0; r < seg->blocks; r++) {
		h->blocks[r].done = false;
		h->blocks[r].rows = 0;
	}
	return true;
}

/* Of a block's soft buffer, what its checks up to `rows` reach; nothing before the first transmission. */
static size_t reached(const struct ldpc_graph *g, unsigned rows)
{
	return rows ? (g->info_cols - 2u + rows) * g->z : 0;
}

/* Adds what was received of code block r to what is there of it, and decodes. */
static void decode_block(struct phy_sch_decoder *d, const struct kern *k, struct phy_harq *h, unsigned r,
	const struct rate_match *m, const int8_t *llr, unsigned iterations)
{
	const struct segmentation *seg = &h->seg;
	struct harq_block *b = &h->blocks[r];
	int8_t *soft = h->soft + (size_t)r * seg->n;
	unsigned rows = rate_match_rows(m, seg);
	struct ldpc_decode_args args = { .graph = &d->graph,
		.k_prime = seg->k_prime,
		.iterations = (uint16_t)iterations,
		.crc = seg->blocks > 1 ? seg->cb_crc : seg->tb_crc };
	struct ldpc_decode_result result;

	if (b->rows < rows) {
		size_t begin = reached(&d->graph, b->rows), end = reached(&d->graph, rows);

		memset(soft + begin, 0, end - begin);
		b->rows = (uint8_t)rows;
	}
	args.rows = b->rows;
	rate_dematch(k, &d->work, m, llr, soft);
	result = ldpc_decode(k, &d->ldpc, &args, soft, b->bits);
	b->done = result.ok;
	b->iterations = result.iterations;
}

/* What a decoder makes of nothing, as where a redundancy version alone leaves systematic bits unknown: its
 * CRC agrees, and no MAC PDU is like that. */
static bool is_zeros(const uint8_t *tb, size_t bits)
{
	for (size_t i = 0; i < bits / 8; i++)
		if (tb[i] != 0)
			return false;
	return true;
}

/*
 * The CRC of the transport block, when all its code blocks came out. Should it not agree, one of theirs did
 * so by chance: none is sure any more.
 */
static bool conclude(const struct kern *k, struct phy_harq *h, const struct phy_sch_result *result)
{
	if (result->blocks_ok < result->blocks)
		return false;
	if (crc_of_long(k, h->seg.tb_crc, h->tb, h->seg.b) == 0 && !is_zeros(h->tb, h->seg.b))
		return true;
	for (unsigned r = 0; r < h->seg.blocks; r++)
		h->blocks[r].done = false;
	return false;
}

bool phy_sch_begin(const struct phy_sch *s, struct phy_harq *h)
{
	struct segmentation seg;

	return plan(s, &seg) && take_block(h, &seg);
}

void phy_sch_decode_part(struct phy_sch_decoder *d, const struct kern *k, const struct phy_sch *s,
	unsigned iterations, const int8_t *llr, struct phy_harq *h, const struct phy_sch_part *part)
{
	unsigned first = h->seg.blocks * part->index / part->of,
		 end = h->seg.blocks * (part->index + 1) / part->of;

	use_graph(&d->graph, &h->seg);
	for (unsigned r = 0; r < end; r++) {
		struct rate_match m;

		match_block(s, &h->seg, r, &m);
		if (r >= first) {
			h->blocks[r].iterations = 0;
			if (!h->blocks[r].done)
				decode_block(d, k, h, r, &m, llr, iterations);
		}
		llr += m.e;
	}
}

void phy_sch_end(const struct kern *k, const struct phy_sch *s, struct phy_harq *h, uint8_t *tb,
	struct phy_sch_result *result)
{
	*result = (struct phy_sch_result){ .blocks = h->seg.blocks };
	for (unsigned r = 0; r < h->seg.blocks; r++) {
		const struct harq_block *b = &h->blocks[r];

		segment_join(&h->seg, h->tb, r, b->bits);
		result->blocks_ok += b->done;
		result->iterations += b->iterations;
	}
	result->ok = conclude(k, h, result);
	bits_copy(tb, 0, h->tb, 0, s->a);
}

bool phy_sch_decode(struct phy_sch_decoder *d, const struct kern *k, const struct phy_sch *s,
	unsigned iterations, const int8_t *llr, struct phy_harq *h, uint8_t *tb,
	struct phy_sch_result *result)
{
	const struct phy_sch_part all = { 0, 1 };

	if (iterations == 0 || iterations > UINT16_MAX || !phy_sch_begin(s, h))
		return false;
	phy_sch_decode_part(d, k, s, iterations, llr, h, &all);
	phy_sch_end(k, s, h, tb, result);
	return true;
}

/* DCI on a PDCCH from the CORESET's first CCE on, looked for at that place only. */
#include <stdlib.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/channels/pdcch.h"
#include "radio/phy/mapping/type1_codebook.h"
#include "sim/blocks/parts.h"

enum { RNTI = 0x4601, CELL = 1 };

struct pdcch {
	struct phy_coreset coreset;
	struct phy_pdcch_search search;
	struct phy_polar_cache *codes;
	struct phy_pdcch_receiver *receiver;
	unsigned ports, antennas;
	struct phy_precoding w[PHY_CORESET_RBS];
	struct phy_grid sent[PHY_CSI_PORTS_MAX], received[PHY_PDCCH_ANTENNAS_MAX];
	struct phy_cf *re; /* of all of them; with one port and antenna they are the same */
	uint8_t dci[PHY_DCI_OCTETS];
};

/* Resource elements of a grid. */
static size_t grid_re(const struct phy_grid *g)
{
	return (size_t)g->symbols * g->prbs * PHY_SC_PER_PRB;
}

static void pdcch_close(struct blocks *b)
{
	struct pdcch *p = b->own;

	if (!p)
		return;
	phy_polar_cache_free(p->codes);
	phy_pdcch_receiver_free(p->receiver);
	free(p->re);
	free(p);
}

static bool legal(const struct blocks_config *b, const char **why)
{
	const struct blocks_pdcch *c = &b->pdcch;

	*why = "a DCI is sent once";
	if (b->transmissions != 1)
		return false;
	*why = "a CORESET has 6 to 270 blocks, a multiple of 6, and 1 to 3 symbols";
	if (c->n_rb < 6 || c->n_rb > PHY_CORESET_RBS || c->n_rb % 6 || c->n_symb < 1 ||
		c->n_symb > PHY_CORESET_SYMBOLS)
		return false;
	*why = "the aggregation level is 1, 2, 4, 8 or 16";
	if (c->al < 1 || c->al > PHY_AL_MAX || (c->al & (c->al - 1)))
		return false;
	*why = "the CORESET has fewer CCEs than the PDCCH";
	if (c->n_rb * c->n_symb / 6 < c->al)
		return false;
	*why = "a DCI has 12 to 140 bits, and no more than its CCEs can code";
	if (phy_type1_count(b->ports ? b->ports : 1, 1) == 0 || b->antennas > PHY_PDCCH_ANTENNAS_MAX) {
		*why = "1, 2 or 4 ports send and 1 to 8 antennas receive";
		return false;
	}
	return c->dci_bits >= PHY_DCI_BITS_MIN && c->dci_bits <= PHY_DCI_BITS_MAX &&
	       c->dci_bits + 24 <= c->al * PHY_PDCCH_CCE_BITS && c->mu <= 3;
}

static bool make_search(struct pdcch *p, const struct blocks_pdcch *c)
{
	p->coreset = (struct phy_coreset){ .groups = (UINT64_C(1) << c->n_rb / 6) - 1,
		.dmrs_id = CELL,
		.n_shift = CELL,
		.n_symb = c->n_symb,
		.bundle = c->bundle ? c->bundle : 6,
		.interleaver = c->interleaver ? c->interleaver : 2,
		.interleaved = c->interleaved,
		.wideband = c->wideband };
	p->search = (struct phy_pdcch_search){ .occasion = { .coreset = &p->coreset, .n_id = CELL },
		.candidate = { { 0, c->al } },
		.candidates = 1,
		.sizes = 1,
		.size = { c->dci_bits },
		.rntis = 1,
		.rnti = { RNTI } };
	return phy_coreset_init(&p->coreset);
}

static bool open_grids(struct pdcch *p, const struct blocks_config *c)
{
	struct phy_grid g = { NULL, c->pdcch.n_rb, 0, PHY_SYMBOLS_MAX };
	bool same;

	p->ports = c->ports ? c->ports : 1;
	p->antennas = c->antennas ? c->antennas : 1;
	same = p->ports == 1 && p->antennas == 1;
	p->re = calloc(grid_re(&g) * (p->ports + p->antennas), sizeof(*p->re));
	for (unsigned i = 0; p->re && i < p->ports + p->antennas; i++) {
		g.re = p->re + grid_re(&g) * (same ? 0 : i);
		*(i < p->ports ? &p->sent[i] : &p->received[i - p->ports]) = g;
	}
	return p->re;
}

static bool pdcch_open(struct blocks *b, const char **why)
{
	const struct blocks_pdcch *c = &b->config.pdcch;
	struct phy_ofdm_config ofdm = { .mu = c->mu, .prbs = c->n_rb };
	struct pdcch *p;

	if (!legal(&b->config, why))
		return false;
	*why = "out of memory";
	b->own = p = calloc(1, sizeof(*p));
	if (!p)
		return false;
	p->codes = phy_polar_cache_new();
	p->receiver = phy_pdcch_receiver_new();
	if (!open_grids(p, &b->config) || !p->codes || !p->receiver)
		return false;
	*why = "bundles, and an interleaver whose rows they fill, are those of 38.211 7.3.2.2";
	if (!make_search(p, c))
		return false;
	b->size = (struct blocks_size){ c->dci_bits, c->dci_bits + 24u, c->al * PHY_PDCCH_CCE_BITS / 2u,
		PHY_QPSK, 1e-3 / (1u << c->mu) };
	b->air = air_new_array(&b->config.air, &ofdm, p->ports, p->antennas, why);
	return b->air != NULL;
}

static void pdcch_begin(struct blocks *b)
{
	struct pdcch *p = b->own;

	memset(p->dci, 0, sizeof(p->dci));
	blocks_draw_bits(&b->random, p->dci, b->config.pdcch.dci_bits);
	p->search.occasion.slot = (uint16_t)(blocks_draw(&b->random) % (10u << b->config.pdcch.mu));
}

static bool pdcch_send(struct blocks *b, unsigned transmission)
{
	struct pdcch *p = b->own;
	const struct phy_pdcch_occasion *o = &p->search.occasion;
	unsigned bits = b->config.pdcch.dci_bits;
	struct phy_pdcch_output to = { 1, p->ports > 1 ? p->w : NULL, p->sent };
	struct phy_pdcch_found found;

	memset(p->re, 0, grid_re(p->sent) * p->ports * sizeof(*p->re));
	for (unsigned i = 0; to.w && i < phy_coreset_precoders(&p->coreset); i++)
		blocks_draw_precoder(&b->random, &p->w[i], p->ports, 1);
	if (!phy_pdcch_transmit(p->codes, o, p->search.candidate[0], RNTI, p->dci, bits, &to))
		return false;
	air_pass_array(b->air, &b->kern, p->sent, p->received, o->slot, 0, p->coreset.n_symb);
	return phy_pdcch_find(p->receiver, &b->kern, &p->search, p->received, p->antennas, &found, 1) == 1 &&
	       bytes_equal(bytes_of(found.dci, bits_octets(bits)), bytes_of(p->dci, bits_octets(bits)));
}

const struct blocks_kind_ops blocks_pdcch = { pdcch_open, pdcch_close, pdcch_begin, pdcch_send, 0 };

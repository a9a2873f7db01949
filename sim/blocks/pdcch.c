/* DCI on a PDCCH from the CORESET's first CCE on, looked for at that place only. */
#include <stdlib.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/channels/pdcch.h"
#include "sim/blocks/parts.h"

enum { RNTI = 0x4601, CELL = 1 };

struct pdcch {
	struct phy_coreset coreset;
	struct phy_pdcch_search search;
	struct phy_polar_cache *codes;
	struct phy_pdcch_receiver *receiver;
	struct phy_grid grid;
	uint8_t dci[PHY_DCI_OCTETS];
};

static size_t grid_octets(const struct phy_grid *g)
{
	return (size_t)g->symbols * g->prbs * PHY_SC_PER_PRB * sizeof(*g->re);
}

static void pdcch_close(struct blocks *b)
{
	struct pdcch *p = b->own;

	if (!p)
		return;
	phy_polar_cache_free(p->codes);
	phy_pdcch_receiver_free(p->receiver);
	free(p->grid.re);
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
	return c->dci_bits >= PHY_DCI_BITS_MIN && c->dci_bits <= PHY_DCI_BITS_MAX &&
	       c->dci_bits + 24 <= c->al * PHY_PDCCH_CCE_BITS && c->mu <= 3;
}

static bool make_search(struct pdcch *p, const struct blocks_pdcch *c)
{
	p->coreset = (struct phy_coreset){ .groups = (UINT64_C(1) << c->n_rb / 6) - 1,
		.dmrs_id = CELL,
		.n_shift = CELL,
		.n_symb = c->n_symb,
		.bundle = 6,
		.interleaver = 2,
		.interleaved = c->interleaved };
	p->search = (struct phy_pdcch_search){ .occasion = { .coreset = &p->coreset, .n_id = CELL },
		.candidate = { { 0, c->al } },
		.candidates = 1,
		.sizes = 1,
		.size = { c->dci_bits },
		.rntis = 1,
		.rnti = { RNTI } };
	return phy_coreset_init(&p->coreset);
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
	p->grid = (struct phy_grid){ NULL, c->n_rb, 0, PHY_SYMBOLS_MAX };
	p->grid.re = calloc(1, grid_octets(&p->grid));
	p->codes = phy_polar_cache_new();
	p->receiver = phy_pdcch_receiver_new();
	if (!p->grid.re || !p->codes || !p->receiver)
		return false;
	*why = "an interleaved CORESET has a multiple of 2 bundles of 6 REGs (38.211 7.3.2.2)";
	if (!make_search(p, c))
		return false;
	b->size = (struct blocks_size){ c->dci_bits, c->dci_bits + 24u, c->al * PHY_PDCCH_CCE_BITS / 2u,
		PHY_QPSK, 1e-3 / (1u << c->mu) };
	b->air = air_new(&b->config.air, &ofdm, why);
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
	struct phy_pdcch_found found;

	memset(p->grid.re, 0, grid_octets(&p->grid));
	if (!phy_pdcch_transmit(p->codes, o, p->search.candidate[0], RNTI, p->dci, bits, 1, &p->grid))
		return false;
	air_pass(b->air, &b->kern, &p->grid, o->slot, 0, p->coreset.n_symb);
	return phy_pdcch_find(p->receiver, &b->kern, &p->search, &p->grid, &found, 1) == 1 &&
	       bytes_equal(bytes_of(found.dci, bits_octets(bits)), bytes_of(p->dci, bits_octets(bits)));
}

const struct blocks_kind_ops blocks_pdcch = { pdcch_open, pdcch_close, pdcch_begin, pdcch_send, 0 };

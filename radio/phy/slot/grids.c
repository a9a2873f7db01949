/* From the grids of a slot to samples and back, a few symbols a task. */
#include <stdlib.h>

#include "radio/phy/signals/lines.h"
#include "radio/phy/slot/slot_parts.h"

enum { PART_SYMBOLS = 7 };

bool slot_grids_init(struct slot_grids *g, const struct phy_slot_config *c, const struct kern *k)
{
	struct phy_ofdm_config ofdm = slot_ofdm(&c->carrier);

	*g = (struct slot_grids){ .kern = k,
		.antennas = c->antennas,
		.workers = slot_workers(c),
		.symbols = slot_symbols(&c->carrier) };
	for (unsigned w = 0; w < g->workers; w++) {
		if (!phy_ofdm_init(&g->ofdm[w], &ofdm))
			return false;
	}
	for (unsigned a = 0; a < g->antennas; a++) {
		struct phy_grid *to = &g->grid[a];
		size_t size;

		*to = (struct phy_grid){ NULL, c->carrier.prbs, c->carrier.first_crb, (uint8_t)g->symbols };
		size = (size_t)to->symbols * to->prbs * PHY_SC_PER_PRB * sizeof(*to->re);
		to->re = phy_lines_new(size);
		if (!to->re)
			return false;
	}
	return true;
}

void slot_grids_fini(struct slot_grids *g)
{
	for (unsigned a = 0; a < g->antennas; a++)
		free(g->grid[a].re);
	for (unsigned w = 0; w < g->workers; w++)
		phy_ofdm_fini(&g->ofdm[w]);
}

void slot_grids_begin(struct slot_grids *g, unsigned slot, uint16_t symbols)
{
	g->slot = slot;
	g->used = symbols ? symbols : (uint16_t)~0u;
}

/* Parts of an antenna's slot. */
static unsigned parts(const struct slot_grids *g)
{
	return (g->symbols + PART_SYMBOLS - 1) / PART_SYMBOLS;
}

unsigned slot_grids_tasks(const struct slot_grids *g)
{
	return g->antennas * parts(g);
}

/* The symbols of a task. */
struct part {
	unsigned antenna, first, end;
};

static struct part part_of(const struct slot_grids *g, unsigned index)
{
	unsigned first = index % parts(g) * PART_SYMBOLS, end = first + PART_SYMBOLS;

	return (struct part){ index / parts(g), first, end < g->symbols ? end : g->symbols };
}

/* The row goes back to zeros while it is at hand. */
void slot_modulate(void *arg, unsigned worker, unsigned index)
{
	struct slot_grids *g = arg;
	struct part p = part_of(g, index);
	struct phy_ofdm *o = &g->ofdm[worker];

	for (unsigned l = p.first; l < p.end; l++) {
		struct phy_cf *row = phy_grid_at(&g->grid[p.antenna], l, 0);
		struct phy_cf *out = g->out[p.antenna] + phy_ofdm_symbol_at(o, g->slot, l);
		size_t n = phy_ofdm_prefix(o, g->slot, l) + o->config.fft_size;

		if (!(g->used >> l & 1)) {
			memset(out, 0, n * sizeof(*out));
			continue;
		}
		phy_ofdm_modulate_symbol(o, g->kern, out, row, g->slot, l);
		memset(row, 0, (size_t)o->config.prbs * PHY_SC_PER_PRB * sizeof(*row));
	}
}

void slot_demodulate(void *arg, unsigned worker, unsigned index)
{
	struct slot_grids *g = arg;
	struct part p = part_of(g, index);
	struct phy_ofdm *o = &g->ofdm[worker];

	for (unsigned l = p.first; l < p.end; l++) {
		struct phy_cf *row = phy_grid_at(&g->grid[p.antenna], l, 0);
		const struct phy_cf *in = g->in[p.antenna] + phy_ofdm_symbol_at(o, g->slot, l);

		if (g->used >> l & 1)
			phy_ofdm_demodulate_symbol(o, g->kern, row, in, g->slot, l);
		else
			memset(row, 0, (size_t)o->config.prbs * PHY_SC_PER_PRB * sizeof(*row));
	}
}

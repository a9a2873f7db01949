/* What the directions of a slot share. */
#pragma once

#include "radio/phy/channels/pusch.h"
#include "radio/phy/signals/ofdm.h"
#include "radio/phy/slot/slot.h"

/* Fills *r; true if e is none. *why is read with PHY_SLOT_CHANNEL, and may be set by what made e. */
bool slot_refuse(struct phy_slot_refusal *r, enum phy_slot_pdu pdu, unsigned index, enum phy_slot_error e,
	const char *const *why);

/* The same for more of them than there is room for. */
bool slot_fits(struct phy_slot_refusal *r, enum phy_slot_pdu pdu, size_t n, unsigned most);

bool slot_config_legal(const struct phy_slot_config *c);
unsigned slot_workers(const struct phy_slot_config *c);

/* Is it a slot of the carrier's numerology? */
bool slot_time_legal(const struct phy_slot_carrier *c, const struct slot_time *t);

/* Is b the slot behind a? */
bool slot_time_follows(const struct slot_time *a, const struct slot_time *b);

static inline unsigned slot_symbols(const struct phy_slot_carrier *c)
{
	return c->extended ? 12 : PHY_SYMBOLS_MAX;
}

static inline struct phy_ofdm_config slot_ofdm(const struct phy_slot_carrier *c)
{
	return (struct phy_ofdm_config){ c->mu, c->extended, c->prbs, c->fft_size, 0, c->carrier_hz };
}

/* The grids of all antennas, and OFDM for each worker. */
struct slot_grids {
	const struct kern *kern;
	unsigned antennas, workers, symbols;
	struct phy_grid grid[PHY_SLOT_ANTENNAS_MAX];
	struct phy_ofdm ofdm[PHY_WORKERS_MAX];
	/* Of the slot at hand. */
	unsigned slot;
	uint16_t used; /* mask of symbols that are transformed */
	struct phy_cf *const *out;
	const struct phy_cf *const *in;
};

/* False when memory is out, or for no carrier of OFDM; fini then too. */
bool slot_grids_init(struct slot_grids *g, const struct phy_slot_config *c, const struct kern *k);
void slot_grids_fini(struct slot_grids *g);

/* A slot begins; symbols: mask, 0 for all. */
void slot_grids_begin(struct slot_grids *g, unsigned slot, uint16_t symbols);

/* Tasks, for each antenna in so many parts: from the grids to g->out, leaving zeros; from g->in to the grids.
 */
unsigned slot_grids_tasks(const struct slot_grids *g);
phy_task_fn slot_modulate, slot_demodulate;

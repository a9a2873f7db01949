/*
 * Sounding of UEs (38.211 6.4.1.4, 38.214 6.2.1): one symbol, the slot's last, over the blocks that PUSCH may
 * have. In unpaired spectrum that of slots of both directions, where nothing else is; in paired spectrum of a
 * slot that is kept for it.
 */
#include "gnb/du/cell/slots.h"

enum {
	INTERVAL = 40,                 /* slots between two in which somebody sounds */
	COMB = SERVED_CELL_SRS_A_SLOT, /* UEs of a slot: a comb offset each */
	PERIOD_MAX = 2560,
	ROWS = 64,    /* c-SRS */
	P0_DBM = -76, /* as SIB1 has it of PUSCH */
	ALPHA_TENTHS = 10,
	FRAMES = 16, /* in which occasions of random access repeat (38.211 6.3.3.2) */
};

static bool has_random_access(const struct served_cell *s, unsigned slot)
{
	unsigned frame = cell_frame_slots(&s->cell);
	struct phy_prach_occasion at[PHY_PRACH_OCCASIONS_MAX];

	for (unsigned i = slot; i < FRAMES * frame; i += INTERVAL)
		if (cell_rach_occasions(&s->cell, i / frame, i % frame, at) > 0)
			return true;
	return false;
}

/* Of an interval that which is of use, behind those of reports; INTERVAL: none is. */
static unsigned slot_of(const struct served_cell *s)
{
	const struct phy_waveform_tdd *t = &s->broadcast.tdd;
	unsigned slot = INTERVAL;

	if (!s->config.sounding ||
		(t->period_slots > 0 && (INTERVAL % t->period_slots != 0 || t->ul_symbols == 0)))
		return INTERVAL;
	if (t->period_slots > 0)
		return t->dl_slots;
	while (slot-- > 0)
		if (!has_random_access(s, slot))
			return slot;
	return INTERVAL;
}

bool served_cell_is_srs_slot(const struct served_cell *s, uint64_t slots)
{
	return s->srs_slot < INTERVAL && slots % INTERVAL == s->srs_slot;
}

/* The widest row that ends below PUCCH. */
static bool widest(struct phy_srs_config *c, unsigned prbs)
{
	struct phy_srs plan;

	for (unsigned row = ROWS; row-- > 0;) {
		c->c_srs = (uint8_t)row;
		if (phy_srs_init(&plan, c) == PHY_SRS_OK &&
			plan.length * (unsigned)COMB <= prbs * PHY_SC_PER_PRB)
			return true;
	}
	return false;
}

void served_cell_sounding(struct served_cell *s)
{
	const struct cell *c = &s->cell;
	unsigned low = served_cell_low_prbs(s);

	s->srs_slot = (uint8_t)slot_of(s);
	s->srs = (struct phy_srs_config){ .mu = c->mu,
		.bwp_start = c->uplink.bwp_start,
		.bwp_prbs = c->uplink.bwp_prbs,
		.ports = 1,
		.symbols = 1,
		.repetition = 1,
		.comb = COMB,
		.freq_shift = (uint16_t)low,
		.n_id = c->pci,
		.period = INTERVAL };
	while (s->srs.period * COMB < s->config.ues_max * INTERVAL && s->srs.period < PERIOD_MAX)
		s->srs.period = (uint16_t)(2 * s->srs.period);
	if (!widest(&s->srs, c->uplink.bwp_prbs - low - SERVED_CELL_PUCCH_PRBS))
		s->srs_slot = INTERVAL;
}

struct cell_srs served_cell_srs(const struct served_cell *s, unsigned place)
{
	unsigned turn = place / COMB;
	struct cell_srs r = { .there = s->srs_slot < INTERVAL && turn < s->srs.period / INTERVAL,
		.set = 1,
		.alpha_tenths = ALPHA_TENTHS,
		.p0_dbm = P0_DBM,
		.config = s->srs };

	r.config.comb_offset = (uint8_t)(place % COMB);
	r.config.offset = (uint16_t)(s->srs_slot + turn * INTERVAL);
	return r;
}

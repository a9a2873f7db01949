#include "radio/phy/waveform/sib1_schedule.h"

#include <stdlib.h>

#include "radio/phy/search/sib1.h"
#include "radio/phy/waveform/waveform.h"

enum {
	SI_RNTI = 0xffff,
	RB_MAX = 96,
	SYMBOLS_MAX = 160 * PHY_SYMBOLS_MAX, /* 20 ms at 120 kHz */
	MCS_MAX = 28,
	TIMES = 16,
};

/* What is taken in 20 ms from an even frame on, of the blocks of CORESET 0. */
struct booking {
	const struct phy_waveform_config *c;
	const struct phy_waveform_place *place;
	unsigned symbols; /* of 20 ms */
	struct phy_pdsch plan;
	bool taken[SYMBOLS_MAX][RB_MAX];
};

bool phy_waveform_tdd_uplink(const struct phy_waveform_tdd *t, unsigned slot, unsigned symbol)
{
	unsigned in_period, from;

	if (t->period_slots == 0)
		return false;
	in_period = slot % t->period_slots * PHY_SYMBOLS_MAX + symbol;
	from = (unsigned)(t->period_slots - t->ul_slots) * PHY_SYMBOLS_MAX - t->ul_symbols;
	return in_period >= from;
}

/* When symbol n of its numerology begins, counted from the frame's beginning, in units of 1 / (16 * 30.72
 * MHz); 38.211 5.3.1, normal prefix. */
static uint64_t symbol_begins(unsigned mu, uint64_t n)
{
	uint64_t in_half_subframe = UINT64_C(7) << mu;

	return n * ((2048 + 144) * 16 >> mu) + (n + in_half_subframe - 1) / in_half_subframe * 256;
}

/* Books an SS/PBCH block; half_frame counts in the 20 ms. False if it lies in uplink. */
static bool book_block(struct booking *b, unsigned half_frame, unsigned index)
{
	const struct phy_waveform_config *c = b->c;
	unsigned mu = phy_ssb_mu(c->pattern), per_half = b->symbols / 4;
	uint64_t first = half_frame * (UINT64_C(70) << mu) + phy_ssb_first_symbol(c->pattern, index);
	uint64_t from = symbol_begins(mu, first), to = symbol_begins(mu, first + PHY_SSB_SYMBOLS);
	int64_t scs = INT64_C(15000) << c->mu, half_ssb = phy_waveform_half_ssb_hz(c);
	int64_t low = ((int64_t)b->place->coreset_crb - c->first_crb) * PHY_SC_PER_PRB * scs -
		      c->prbs * PHY_SC_PER_PRB / 2 * scs;

	for (unsigned l = half_frame * per_half; l < (half_frame + 1) * per_half; l++) {
		if (symbol_begins(c->mu, l + 1) <= from || symbol_begins(c->mu, l) >= to)
			continue;
		if (phy_waveform_tdd_uplink(&c->tdd, l / PHY_SYMBOLS_MAX, l % PHY_SYMBOLS_MAX))
			return false;
		for (unsigned r = 0; r < b->place->coreset0.n_rb; r++) {
			int64_t at = low + (int64_t)r * PHY_SC_PER_PRB * scs;

			if (at < c->ssb_offset_hz + half_ssb &&
				at + PHY_SC_PER_PRB * scs > c->ssb_offset_hz - half_ssb)
				b->taken[l][r] = true;
		}
	}
	return true;
}

static bool book_blocks(struct booking *b)
{
	for (unsigned h = 0; h < 4; h++) {
		if (!phy_waveform_has_ssb(b->c, h / 2, h % 2))
			continue;
		for (unsigned i = 0; i < b->c->l_max; i++)
			if ((b->c->sent >> i & 1) && !book_block(b, h, i))
				return false;
	}
	return true;
}

static void book_uplink(struct booking *b)
{
	for (unsigned l = 0; l < b->symbols; l++)
		if (phy_waveform_tdd_uplink(&b->c->tdd, l / PHY_SYMBOLS_MAX, l % PHY_SYMBOLS_MAX))
			for (unsigned r = 0; r < RB_MAX; r++)
				b->taken[l][r] = true;
}

/* Takes a rectangle; false if some of it is taken already. */
static bool book(struct booking *b, unsigned symbol, unsigned symbols, unsigned rb, unsigned rbs)
{
	bool was_free = true;

	for (unsigned l = symbol; l < symbol + symbols; l++) {
		for (unsigned r = rb; r < rb + rbs; r++) {
			bool *taken = &b->taken[l % b->symbols][r];

			was_free = was_free && !*taken;
			*taken = true;
		}
	}
	return was_free;
}

/* The first symbol, in the 20 ms, of the slot of a sending's PDCCH. */
static unsigned slot_begins(const struct booking *b, const struct phy_sib1_sending *s)
{
	return s->sfn_odd * (b->symbols / 2) + s->slot * PHY_SYMBOLS_MAX;
}

/* The PDCCH of a block's first monitoring occasion. */
static enum phy_waveform_error book_pdcch(
	struct booking *b, struct phy_sib1_schedule *out, unsigned index, bool half_frame)
{
	struct phy_sib1_sending *s = &out->at[out->n];
	const struct phy_coreset0 *z = &b->place->coreset0;
	struct phy_type0 t;

	if (!phy_type0_find(&t, &b->place->cell, z, b->c->search_space_zero, index, half_frame))
		return PHY_WAVEFORM_SEARCH_SPACE0;
	out->with_ssb = t.with_ssb;
	*s = (struct phy_sib1_sending){ .ssb_index = (uint8_t)index,
		.half_frame = half_frame,
		.sfn_odd = t.at[0].sfn_odd,
		.slot = t.at[0].slot,
		.al = (z->n_rb + z->punctured) * z->n_symb >= 8 * 6 ? 8 : 4 };
	s->allocation.s = t.first_symbol; /* until the PDSCH is placed */
	out->n++;
	if (!book(b, slot_begins(b, s) + t.first_symbol, z->n_symb, 0, z->n_rb))
		return PHY_WAVEFORM_CORESET0_TAKEN;
	return PHY_WAVEFORM_OK;
}

static enum phy_waveform_error book_pdcchs(struct booking *b, struct phy_sib1_schedule *out)
{
	bool twice = b->place->coreset0.pattern > 1 && b->c->period_ms == 5;
	enum phy_waveform_error e;

	for (unsigned i = 0; i < b->c->l_max; i++) {
		if (!(b->c->sent >> i & 1))
			continue;
		e = book_pdcch(b, out, i, twice ? false : b->c->half_frame);
		if (e == PHY_WAVEFORM_OK && twice)
			e = book_pdcch(b, out, i, true);
		if (e != PHY_WAVEFORM_OK)
			return e;
	}
	return PHY_WAVEFORM_OK;
}

enum phy_pdsch_error phy_sib1_pdsch(struct phy_pdsch *p, const struct phy_waveform_config *c,
	const struct phy_waveform_place *place, const struct phy_sib1_sending *s)
{
	struct phy_pdsch_dci_1_0 d = {
		.kind = PHY_PDSCH_SI_TYPE0,
		.rnti = SI_RNTI,
		.time = s->time,
		.mcs = s->mcs,
		.mu = c->mu,
		.n_id = c->n_cell_id,
		.dmrs_n_id = c->n_cell_id,
		.pattern = place->coreset0.pattern,
		.type_a_position = c->dmrs_type_a_position,
		.bwp_start = place->coreset_crb,
		.bwp_prbs = place->coreset0.n_rb,
		.riv_prbs = place->coreset0.n_rb,
	};
	struct phy_pdsch_config config;
	enum phy_pdsch_error e;

	(void)phy_dci_riv(&d.riv, s->first_rb, s->rbs, place->coreset0.n_rb);
	e = phy_pdsch_from_dci_1_0(&config, &d);
	return e == PHY_PDSCH_OK ? phy_pdsch_init(p, &config) : e;
}

/* Rows of the default tables, bit m for row m + 1, that a UE need not expect for SIB1 (38.214 5.1.2.1.1,
 * notes 1 of tables B and C), or that are for other patterns of SS/PBCH blocks (note 2 of table C). By
 * pattern. */
static const uint16_t unused_rows[3] = { 0, 1 << 11 | 1 << 12 | 1 << 13, 1 << 0 | 1 << 5 | 15 << 12 };

/* The longest row of free blocks, at most cap of them, over the symbols of an allocation. */
static void longest_free(const struct booking *b, unsigned symbol, unsigned symbols, unsigned cap,
	uint16_t *first, uint16_t *count)
{
	unsigned run = 0;

	*count = 0;
	for (unsigned r = 0; r < b->place->coreset0.n_rb; r++) {
		bool open = true;

		for (unsigned l = symbol; l < symbol + symbols; l++)
			open = open && !b->taken[l % b->symbols][r];
		run = open ? run + 1 : 0;
		if (run <= cap && run > *count) {
			*count = (uint16_t)run;
			*first = (uint16_t)(r + 1 - run);
		}
	}
}

/* Code rate of the plan, in 1/1024; above all rates where the message does not go in or a UE need not decode
 * it (38.214 5.1.3). */
static unsigned rate_of(struct booking *b, struct phy_sib1_sending *s)
{
	const struct phy_sch *sch = b->plan.sch;

	if (phy_sib1_pdsch(&b->plan, b->c, b->place, s) != PHY_PDSCH_OK || sch->a < b->c->sib1.len * 8 ||
		sch->a > PHY_SIB1_OCTETS_MAX * 8 || sch->a * 100 > sch->g * 95)
		return 1024;
	s->octets = (uint16_t)(sch->a / 8);
	return sch->a * 1024 / sch->g;
}

/* The lowest MCS that does, then the fewest blocks that do with it. */
static unsigned fit(struct booking *b, struct phy_sib1_sending *s)
{
	unsigned rate = 1024;

	for (s->mcs = 0; s->mcs <= MCS_MAX && rate == 1024; s->mcs += rate == 1024)
		rate = rate_of(b, s);
	while (rate < 1024 && s->rbs > 1) {
		struct phy_sib1_sending less = *s;
		unsigned its;

		less.rbs--;
		its = rate_of(b, &less);
		if (its == 1024)
			break;
		*s = less;
		rate = its;
	}
	/* QPSK before all others */
	return rate < 1024 ? rate + 1024u * (phy_mcs_row(PHY_MCS_64QAM, s->mcs)->q_m / 2 - 1) : UINT32_MAX;
}

/* Its cost, as fit() has it. */
static unsigned book_pdsch(struct booking *b, struct phy_sib1_sending *s, unsigned first_symbol, unsigned cap)
{
	static const enum phy_time_table tables[] = { PHY_TIME_DEFAULT_A, PHY_TIME_DEFAULT_B,
		PHY_TIME_DEFAULT_C };
	const struct phy_coreset0 *z = &b->place->coreset0;
	struct phy_sib1_sending best = *s;
	unsigned least = UINT32_MAX;

	for (unsigned m = 0; m < TIMES; m++) {
		struct phy_sib1_sending next = *s;
		struct phy_time_domain *t = &next.allocation;
		unsigned cost;

		if ((unused_rows[z->pattern - 1] >> m & 1) ||
			!phy_time_default(t, tables[z->pattern - 1], false, m, b->c->dmrs_type_a_position) ||
			(t->k0 == 0 && t->s < first_symbol + z->n_symb) || t->s + t->l > PHY_SYMBOLS_MAX)
			continue;
		next.time = (uint8_t)m;
		longest_free(b, slot_begins(b, s) + t->k0 * PHY_SYMBOLS_MAX + t->s, t->l, cap, &next.first_rb,
			&next.rbs);
		cost = next.rbs > 0 ? fit(b, &next) : UINT32_MAX;
		if (cost < least) {
			least = cost;
			best = next;
		}
	}
	if (least == UINT32_MAX)
		return least;
	*s = best;
	(void)book(b, slot_begins(b, s) + s->allocation.k0 * PHY_SYMBOLS_MAX + s->allocation.s,
		s->allocation.l, s->first_rb, s->rbs);
	return least;
}

/* Each PDSCH gets at most cap blocks, so that those that share a slot find room. *cost: of the dearest. */
static enum phy_waveform_error make(
	struct booking *b, struct phy_sib1_schedule *out, unsigned cap, unsigned *cost)
{
	enum phy_waveform_error e;

	out->n = 0;
	*cost = 0;
	memset(b->taken, 0, sizeof(b->taken));
	if (!book_blocks(b))
		return PHY_WAVEFORM_SSB_UPLINK;
	book_uplink(b);
	e = book_pdcchs(b, out);
	for (unsigned i = 0; i < out->n && e == PHY_WAVEFORM_OK; i++) {
		unsigned its = book_pdsch(b, &out->at[i], out->at[i].allocation.s, cap);

		*cost = its > *cost ? its : *cost;
		if (its == UINT32_MAX)
			e = PHY_WAVEFORM_SIB1_PLACE;
	}
	return e;
}

/* The schedule whose dearest PDSCH is the cheapest. */
static enum phy_waveform_error make_best(struct booking *b, struct phy_sib1_schedule *s)
{
	enum phy_waveform_error e = PHY_WAVEFORM_SIB1_PLACE;
	unsigned least = UINT32_MAX;

	for (unsigned cap = b->place->coreset0.n_rb; cap >= 3; cap /= 2) {
		struct phy_sib1_schedule next = { 0 };
		unsigned cost;
		enum phy_waveform_error its = make(b, &next, cap, &cost);

		if (its != PHY_WAVEFORM_OK && its != PHY_WAVEFORM_SIB1_PLACE)
			return its;
		if (its != PHY_WAVEFORM_OK || cost >= least)
			continue;
		e = its;
		least = cost;
		*s = next;
	}
	return e;
}

int phy_sib1_schedule_make(struct phy_sib1_schedule *s, const struct phy_waveform_config *c,
	const struct phy_waveform_place *place)
{
	struct booking *b = calloc(1, sizeof(*b));
	enum phy_waveform_error e;

	*s = (struct phy_sib1_schedule){ 0 };
	if (!b)
		return PHY_WAVEFORM_MEMORY;
	b->c = c;
	b->place = place;
	b->symbols = 20u * PHY_SYMBOLS_MAX << c->mu;
	if (c->sib1.len == 0)
		e = book_blocks(b) ? PHY_WAVEFORM_OK : PHY_WAVEFORM_SSB_UPLINK;
	else
		e = make_best(b, s);
	free(b);
	return e;
}

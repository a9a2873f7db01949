/* What a UE has for itself in the cell, and what PUCCH leaves to PUSCH. */
#include "gnb/du/cell/slots.h"

#include <assert.h>

enum {
	SHIFTS = 6,
	OCCS = SERVED_CELL_PUCCH_USERS / SHIFTS,
	PAIRS = PHY_SYMBOLS_MAX / 2,
	FORMAT2_USERS = PAIRS * SERVED_CELL_FORMAT2_PRBS,
	SR_PERIOD_MAX = 320,
};

/* PUCCH format 1 over the whole slot, hopping from one edge to the other: users by cyclic shift, every second
 * one, and the covers of seven symbols' halves. */
static struct phy_pucch_config format1(const struct cell *c, unsigned block, unsigned user, unsigned bits)
{
	return (struct phy_pucch_config){ .format = 1,
		.mu = c->mu,
		.bwp_start = c->uplink.bwp_start,
		.bwp_prbs = c->uplink.bwp_prbs,
		.first_prb = (uint16_t)block,
		.second_prb = (uint16_t)(c->uplink.bwp_prbs - 1 - block),
		.hopping = true,
		.prbs = 1,
		.symbols = PHY_SYMBOLS_MAX,
		.groups = c->pucch_groups,
		.hopping_id = c->pucch_hopping_id,
		.initial_shift = (uint8_t)(user % SHIFTS * 2 + 1),
		.occ = (uint8_t)(user / SHIFTS % OCCS),
		.bits = (uint16_t)bits };
}

/* Two symbols of a block: 32 bits, of which UCI is at most 35 %. In paired spectrum nothing is asked for that
 * would go there but with a report, so it is in its place, or among format 1. */
static struct phy_pucch_config format2(const struct served_cell *s, unsigned place)
{
	const struct cell *c = &s->cell;
	unsigned user = place % FORMAT2_USERS;
	struct cell_csi_report report = served_cell_report(s, place);

	if (c->paired && report.there)
		return report.at;

	return (struct phy_pucch_config){ .format = 2,
		.mu = c->mu,
		.bwp_start = c->uplink.bwp_start,
		.bwp_prbs = c->uplink.bwp_prbs,
		.first_prb = c->paired ? 1 : (uint16_t)(SERVED_CELL_PUCCH_PRBS + user / PAIRS),
		.prbs = 1,
		.first_symbol = c->paired ? PHY_SYMBOLS_MAX - 2 : (uint8_t)(user % PAIRS * 2),
		.symbols = 2 };
}

bool served_cell_same_answer(unsigned place, unsigned other)
{
	return place % SERVED_CELL_PUCCH_USERS == other % SERVED_CELL_PUCCH_USERS ||
	       place % FORMAT2_USERS == other % FORMAT2_USERS;
}

static unsigned uplink_slots(const struct served_cell *s, unsigned slots)
{
	unsigned n = 0;

	for (unsigned slot = 0; slot < slots; slot++)
		n += served_slot_is_uplink(s, slot);
	return n;
}

/* The least of 38.331's that is of whole TDD patterns and in which all UEs find place. */
unsigned served_cell_sr_period(const struct served_cell *s)
{
	static const uint16_t periods[] = { 5, 8, 10, 16, 20, 40, 80, 160, SR_PERIOD_MAX };
	unsigned pattern = s->broadcast.tdd.period_slots ? s->broadcast.tdd.period_slots : 1;

	for (size_t i = 0; i < ARRAY_LEN(periods); i++)
		if (periods[i] % pattern == 0 &&
			uplink_slots(s, periods[i]) * SERVED_CELL_PUCCH_USERS >= s->config.ues_max)
			return periods[i];
	return SR_PERIOD_MAX;
}

/* From one uplink slot to the next, then the next user of a block. */
static struct cell_sr request(const struct served_cell *s, unsigned place)
{
	unsigned period = served_cell_sr_period(s), n = uplink_slots(s, period), wanted, slot = 0;

	assert(n > 0); /* served_cell.c has no cell without */
	wanted = place % n;
	while (!served_slot_is_uplink(s, slot) || wanted-- > 0)
		slot++;
	return (struct cell_sr){ .there = true,
		.period = (uint16_t)period,
		.offset = (uint16_t)slot,
		.at = format1(&s->cell, 1, place / n, 0) };
}

/* Candidates of 4 and 8 CCEs, as many as find place beside one another, of 4 at most four. Where those are
 * few, in a space of the UE's own also of 1 and 2, for UEs that hear well. */
static struct cell_space space(const struct served_cell *s)
{
	const struct phy_coreset *z = &s->cell.type0.coreset;
	unsigned whole = phy_coreset_present(z) * z->n_symb / 6; /* CCEs */
	uint8_t of_4 = (uint8_t)(whole / 4 < 4 ? whole / 4 : 4);
	bool specific = s->config.space == SERVED_CELL_SPACE_UE_SPECIFIC, few = specific && of_4 < 4;

	return (struct cell_space){ .there = true,
		.id = 2,
		.space = { .period = 1,
			.duration = 1,
			.symbols = 1,
			.candidates = { few ? 4 : 0, few ? 4 : 0, of_4, of_4 / 2, 0 },
			.ue_specific = specific },
		.configured = specific,
		.coreset = *z };
}

/* Block 0 is that of the common resources too, which have even shifts and cover 0: 38.213 Table 9.2.1-1. */
bool served_cell_own(struct cell_own *o, const struct served_cell *s, unsigned place)
{
	const struct cell *c = &s->cell;

	cell_own_init(o, c);
	if (place >= s->config.ues_max)
		return false;
	o->there = true;
	o->spaces[0] = space(s);
	o->has_transform_precoding = true;
	o->ack_n = 1;
	o->ack[0] = format1(c, 0, place, 1);
	o->more_n = 1;
	o->more[0] = format2(s, place);
	o->more_rate_percent = 35;
	o->acks_with_csi = true;
	o->report = served_cell_report(s, place);
	if (o->report.there) {
		o->csi_rs[0] = s->csi_rs[0];
		o->csi_rs[1] = s->csi_rs[1];
	}
	o->sr = request(s, place);
	o->srs[0] = served_cell_srs(s, place);
	o->harqs = 16;
	o->pdsch.prg[0] = 0; /* one antenna port */
	o->pdsch.k1_n = CELL_K1S_MAX;
	for (uint8_t i = 0; i < CELL_K1S_MAX; i++)
		o->pdsch.k1[i] = (uint8_t)(i + 1); /* as DCI 1_0 has them anyway (38.213 9.2.3) */
	for (unsigned i = 0; i < CELL_BETAS; i++)
		o->beta_ack[0][i] = 9;
	o->beta_csi[0] = 13;
	return true;
}

struct mac_drx_config served_cell_drx(const struct served_cell *s, unsigned place)
{
	struct mac_drx_config d = s->drx;

	if (d.there)
		d.offset_ms = place * (d.on_us / 1000) % d.cycle_ms;
	return d;
}

void served_cell_pusch_prbs(
	const struct served_cell *s, unsigned sfn, unsigned slot, uint16_t *first, uint16_t *prbs)
{
	struct phy_prach_occasion at[PHY_PRACH_OCCASIONS_MAX];
	unsigned low = served_cell_low_prbs(s), end = s->cell.uplink.bwp_prbs - SERVED_CELL_PUCCH_PRBS;

	if (phy_rach_occasions(&s->cell.rach, sfn, slot >> s->cell.mu, at) > 0)
		low += s->cell.rach.prbs * s->cell.rach.fdm;
	*first = (uint16_t)low;
	*prbs = (uint16_t)(end - low);
}

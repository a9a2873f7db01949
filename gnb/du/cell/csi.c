/* Channel state of UEs: CSI-RS of the cell, and when each UE reports what it has measured (38.214 5.2). */
#include "gnb/du/cell/slots.h"

enum {
	PERIOD_MS = 40,
	PRBS_MIN = 24, /* 38.331 CSI-FrequencyOccupation */
	RS_SYMBOL = 4, /* no PDCCH, and no DM-RS of PDSCH */
	ROW_ONE_PORT = 2,
	ROW_FOUR_RES = 4,
	INTERFERENCE_K = 1, /* four REs from 4 k on */
	PAIRS = PHY_SYMBOLS_MAX / 2,
	PAGING_INDICES = 1024,
};

/* Multiples of 4 blocks, of which those beyond the part are none. */
static struct cell_csi_rs resource(
	const struct served_cell *s, unsigned slot, unsigned row, unsigned frequency)
{
	struct cell_csi_rs r = { .period = served_cell_report_period(s), .offset = (uint16_t)slot };
	struct phy_csi_rs_config c = { .row = (uint8_t)row,
		.frequency = (uint16_t)frequency,
		.l0 = RS_SYMBOL,
		.first_crb = s->cell.downlink.bwp_start,
		.prbs = s->cell.downlink.bwp_prbs,
		.n_id = s->cell.pci };

	r.there = phy_csi_rs_init(&r.plan, &c) == PHY_CSI_RS_OK;
	return r;
}

uint16_t served_cell_report_period(const struct served_cell *s)
{
	return (uint16_t)(PERIOD_MS << s->config.mu);
}

bool served_cell_has_reports(const struct served_cell *s)
{
	unsigned pattern = s->broadcast.tdd.period_slots ? s->broadcast.tdd.period_slots : 1;

	return !s->config.no_reports && s->broadcast.prbs >= PRBS_MIN &&
	       (PERIOD_MS << s->config.mu) % pattern == 0;
}

uint8_t served_cell_low_prbs(const struct served_cell *s)
{
	return SERVED_CELL_PUCCH_PRBS + (s->broadcast.tdd.period_slots ? SERVED_CELL_FORMAT2_PRBS : 0) +
	       served_cell_has_reports(s);
}

static bool pages(const struct cell *c, unsigned sfn, unsigned slot)
{
	for (unsigned id = 0; id < PAGING_INDICES; id++)
		if (cell_is_paging_slot(c, id, sfn, slot))
			return true;
	return false;
}

/* Nothing for all UEs comes in such slots. */
static bool is_free(const struct served_cell *s, unsigned count)
{
	unsigned frame = cell_frame_slots(&s->cell), sfn = count / frame, slot = count % frame, symbol;

	for (unsigned i = 0; i < s->cell.l_max; i++)
		if (cell_ssb_in_slot(&s->cell, i, sfn, slot, &symbol))
			return false;
	for (unsigned i = 0; i < s->schedule.n; i++)
		if (s->schedule.at[i].slot == slot && s->schedule.at[i].sfn_odd == sfn % 2)
			return false;
	return cell_slot_is_downlink(&s->cell, sfn, slot) && !pages(&s->cell, sfn, slot);
}

void served_cell_csi_rs(struct served_cell *s)
{
	unsigned period = served_cell_report_period(s);

	for (unsigned slot = 0; slot < period && served_cell_has_reports(s) && !s->csi_rs[0].there; slot++) {
		bool all = true;

		for (unsigned at = slot; at < cell_frame_slots(&s->cell) * PERIOD_MS; at += period)
			all = all && is_free(s, at);
		if (!all)
			continue;
		s->csi_rs[0] = resource(s, slot, ROW_ONE_PORT, 1);
		s->csi_rs[1] = resource(s, slot, ROW_FOUR_RES, 1u << INTERFERENCE_K);
		s->csi_rs[1].zero_power = true;
	}
}

bool served_cell_is_csi_slot(const struct served_cell *s, uint64_t slots)
{
	return s->csi_rs[0].there && slots % s->csi_rs[0].period == s->csi_rs[0].offset;
}

/* PUCCH format 2 on a block of its own, two symbols a UE, uplink slot after uplink slot of the period. */
struct cell_csi_report served_cell_report(const struct served_cell *s, unsigned place)
{
	const struct cell *c = &s->cell;
	unsigned period = served_cell_report_period(s), wanted = place / PAIRS, slot = 0;

	while (slot < period && (!served_slot_is_uplink(s, slot) || wanted-- > 0))
		slot++;
	return (struct cell_csi_report){ .there = s->csi_rs[0].there && slot < period,
		.period = (uint16_t)period,
		.offset = (uint16_t)slot,
		.table = PHY_CQI_64QAM,
		.at = { .format = 2,
			.mu = c->mu,
			.bwp_start = c->uplink.bwp_start,
			.bwp_prbs = c->uplink.bwp_prbs,
			.first_prb = (uint16_t)(served_cell_low_prbs(s) - 1),
			.prbs = 1,
			.first_symbol = (uint8_t)(place % PAIRS * 2),
			.symbols = 2,
			.bits = CELL_CQI_BITS } };
}

#include "radio/phy/waveform_parts.h"

/* Whether a sending's PDCCH is in this slot. */
static bool pdcch_here(
	const struct phy_waveform *w, const struct phy_sib1_sending *s, unsigned sfn, unsigned slot)
{
	if (s->slot != slot)
		return false;
	if (!w->schedule.with_ssb)
		return sfn % 2 == s->sfn_odd;
	return phy_waveform_has_ssb(&w->config, sfn, s->half_frame);
}

/* The slot before, as many as k0, where the PDSCH of this slot has its PDCCH. */
static bool pdsch_here(
	const struct phy_waveform *w, const struct phy_sib1_sending *s, unsigned sfn, unsigned slot)
{
	unsigned slots = 10u << w->config.mu, k0 = s->allocation.k0;

	return slot >= k0 ? pdcch_here(w, s, sfn, slot - k0)
			  : pdcch_here(w, s, (sfn + 1023) % 1024, slot + slots - k0);
}

bool phy_waveform_slot_has_sib1(const struct phy_waveform *w, unsigned sfn, unsigned slot)
{
	for (unsigned i = 0; i < w->schedule.n; i++)
		if (pdcch_here(w, &w->schedule.at[i], sfn, slot) ||
			pdsch_here(w, &w->schedule.at[i], sfn, slot))
			return true;
	return false;
}

/* DCI 1_0 with SI-RNTI, system information indicator 0, redundancy version 0 (38.331 5.2.1: as the UE
 * likes). */
static void put_pdcch(
	struct phy_waveform *w, const struct phy_sib1_sending *s, unsigned slot, struct phy_grid *grid)
{
	const struct phy_waveform_config *c = &w->config;
	struct phy_type0_pdcch t;
	struct phy_dci dci = { .kind = PHY_DCI_1_0_SI };

	dci.field[PHY_DCI_FREQUENCY] = phy_allocation_riv(w->place.coreset0.n_rb, s->first_rb, s->rbs);
	dci.field[PHY_DCI_TIME] = s->time;
	dci.field[PHY_DCI_MCS] = s->mcs;
	if (phy_type0_pdcch_init(&t, &w->place.cell, (uint8_t)(c->coreset_zero << 4 | c->search_space_zero),
		    c->n_cell_id, w->place.ssb_crb, s->ssb_index, s->half_frame))
		(void)phy_type0_pdcch_transmit(&t, w->codes, slot, s->al, &dci, 1, grid);
}

void phy_waveform_put_sib1(
	struct phy_waveform *w, const struct kern *k, unsigned sfn, unsigned slot, struct phy_grid *grid)
{
	for (unsigned i = 0; i < w->schedule.n; i++) {
		const struct phy_sib1_sending *s = &w->schedule.at[i];

		if (pdcch_here(w, s, sfn, slot))
			put_pdcch(w, s, slot, grid);
		if (pdsch_here(w, s, sfn, slot) &&
			phy_sib1_pdsch(&w->plan, &w->config, &w->place, s) == PHY_PDSCH_OK)
			(void)phy_pdsch_send(w->sender, k, &w->plan, slot, w->sib1, grid);
	}
}

void phy_waveform_put_test(
	struct phy_waveform *w, const struct kern *k, unsigned sfn, unsigned slot, struct phy_grid *grid)
{
}

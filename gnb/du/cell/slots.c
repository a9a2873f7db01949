/* What follows when: 38.213 9.2.3, 11.1, 38.214 5.1.2.1, 6.1.2.1. */
#include "gnb/du/cell/slots.h"

bool served_slot_has_symbols(const struct served_cell *s, unsigned slot, unsigned symbols)
{
	const struct phy_waveform_tdd *t = &s->broadcast.tdd;
	unsigned at = t->period_slots ? slot % t->period_slots : 0;

	return t->period_slots == 0 || at < t->dl_slots || (at == t->dl_slots && symbols <= t->dl_symbols);
}

bool served_slot_is_uplink(const struct served_cell *s, unsigned slot)
{
	const struct phy_waveform_tdd *t = &s->broadcast.tdd;

	return t->period_slots == 0 || slot % t->period_slots >= (unsigned)(t->period_slots - t->ul_slots);
}

unsigned served_cell_k_min(const struct served_cell *s)
{
	return (s->config.lead_slots ? s->config.lead_slots : SERVED_CELL_LEAD_SLOTS) + 1u;
}

unsigned served_slot_k2(const struct served_cell *s, unsigned slot, unsigned symbols)
{
	unsigned slots = 20u << s->config.mu, k2 = served_cell_k_min(s);

	while (k2 < SERVED_CELL_K2_MAX && !served_slot_has_symbols(s, slot + slots - k2, symbols))
		k2++;
	return k2;
}

unsigned served_cell_k1(const struct served_cell *s, unsigned sfn, unsigned slot)
{
	uint8_t row;

	for (unsigned k1 = served_cell_k_min(s); k1 <= SERVED_CELL_K1_MAX; k1++)
		if (served_cell_pdsch_row(s, sfn, slot, &row) &&
			cell_slot_is_uplink(&s->cell, sfn, slot + k1))
			return k1;
	return 0;
}

bool served_cell_grants(const struct served_cell *s, unsigned sfn, unsigned slot, unsigned k2)
{
	unsigned then = sfn % 2 * cell_frame_slots(&s->cell) + slot + k2;

	return served_slot_is_uplink(s, then) && served_slot_k2(s, then, s->cell.type0.coreset.n_symb) == k2;
}

bool served_cell_pdsch_row(const struct served_cell *s, unsigned sfn, unsigned slot, uint8_t *row)
{
	uint16_t downlink = cell_slot_format(&s->cell, sfn, slot).downlink;

	for (*row = 0; *row < s->cell.pdsch_times_n; ++*row) {
		const struct phy_time_domain *t = &s->cell.pdsch_times[*row];
		uint16_t wanted = (uint16_t)(((1u << t->l) - 1) << t->s);

		if ((downlink & wanted) == wanted)
			return true;
	}
	return false;
}

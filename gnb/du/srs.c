/* What UEs sound (38.214 6.2.1): when it comes, and how well. A UE that sends something else in that slot
 * does not. */
#include <math.h>

#include "gnb/du/parts.h"

/* Over so many samples noise alone has less. */
#define SURE_SNR_LEAST 0.1f

/* A UE that has let go of its resources (38.331 5.3.12) sends none, which does no harm. */
static bool sounds(const struct du *d, const struct du_cell_ue *u, const struct slot_time *t)
{
	return u->state == DU_UE_CONNECTED && u->configured && cell_own_sounds(&u->own, t->sfn, t->slot) &&
	       du_is_awake(d, u);
}

bool du_is_kept_for_srs(const struct du *d, uint64_t slots)
{
	struct slot_time t = slot_time_of(d->cell.cell.mu, slots);

	for (uint16_t i = 0; i < d->ues_end && served_cell_is_srs_slot(&d->cell, slots); i++)
		if (sounds(d, &d->ues[i], &t))
			return true;
	return false;
}

void du_srs_expect(struct du *d)
{
	const struct du_due *due = &d->due[d->up_slots % DU_RING];
	struct l1_uplink *ul = d->ul;

	/* Msg3 goes where it has been granted. */
	for (uint16_t i = 0; i < d->ues_end && due->pusch_n == 0 && d->soundings &&
			     served_cell_is_srs_slot(&d->cell, d->up_slots);
		i++) {
		const struct du_cell_ue *u = &d->ues[i];

		if (ul->slot.srs_n == L1_SRS_MAX || !sounds(d, u, &d->up) || du_acks_of(due, i))
			continue;
		d->sounds[ul->slot.srs_n] = i;
		ul->srs[ul->slot.srs_n] = (struct phy_ul_srs_rx){ .config = u->own.srs[0].config,
			.estimates = &d->soundings[ul->slot.srs_n] };
		ul->slot.srs_n++;
	}
}

void du_srs_take(struct du *d)
{
	for (size_t i = 0; i < d->ul->slot.srs_n; i++) {
		const struct phy_srs_estimate *e = &d->soundings[i];
		struct du_cell_ue *u = du_ue_at(d, d->sounds[i]);

		if (!u || !(e->noise > 0) || !(e->power > SURE_SNR_LEAST * e->noise))
			continue;
		d->stat[DU_STAT_SOUNDINGS]++;
		du_timing_heard(u, e->delay_s);
		du_power_srs_heard(d, u, 10 * log10f(e->power / e->noise));
		du_ue_heard(d, u, true);
	}
}

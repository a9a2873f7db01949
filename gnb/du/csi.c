/* Channel state: CSI-RS that all UEs measure, and the CQIs that they report (38.214 5.2; 38.213 9.2.5). */
#include "gnb/du/parts.h"

void du_csi_rs_send(struct du *d)
{
	const struct served_cell *s = &d->cell;

	d->csi = served_cell_is_csi_slot(s, d->slots);
	if (!d->csi)
		return;
	d->dl->csi_rs[0] = (struct phy_dl_csi_rs){ .config = s->csi_rs[0].plan.config, .amplitude = 1 };
	d->dl->slot.csi_rs_n = 1;
}

bool du_report_is_due(const struct du_cell_ue *u, uint64_t slots)
{
	return u->state == DU_UE_CONNECTED && u->configured && cell_own_reports(&u->own, slots);
}

/* Until it is known to report nothing else is asked of it then, for what it sends would not be what is
 * expected. */
bool du_report_is_alone(const struct du_cell_ue *u, uint64_t slots)
{
	return du_report_is_due(u, slots) && !u->reports;
}

void du_report_take(struct du *d, struct du_cell_ue *u, const uint8_t *bits)
{
	unsigned cqi = 0;

	if (u->changing_ns > 0)
		return; /* of either table */
	if (!bits && u->drx.config.there)
		return; /* asleep, perhaps */
	u->reports_missed = bits ? 0 : (uint8_t)(u->reports_missed + 1);
	if (!bits) {
		u->reports = u->reports && u->reports_missed < DU_REPORTS_MISSED_MAX;
		return;
	}
	for (unsigned i = 0; i < CELL_CQI_BITS; i++)
		cqi = cqi << 1 | (bits[i] & 1);
	u->reports = true;
	du_ue_heard(d, u, true);
	d->spread[DU_SPREAD_CQI][cqi]++;
	sched_cqi(&d->downlink.ues[du_place(d, u)], (uint8_t)cqi);
}

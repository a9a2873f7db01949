/* When a cell has nothing to do but to broadcast. */
#include "gnb/du/parts.h"

static bool is_idle(const struct du_cell_ue *u, uint64_t now_ns)
{
	if (u->state == DU_UE_NONE)
		return true;
	if (u->state != DU_UE_CONNECTED || u->wants_uplink || u->mac->wants_grant)
		return false;
	for (unsigned i = 0; i < DU_HARQ_PROCESSES; i++)
		if (u->mac->downlink[i].busy || u->mac->uplink[i].busy)
			return false;
	return du_uplink_wanted(u->mac) == 0 && du_downlink_wanted(u->mac, now_ns) == 0;
}

bool du_is_quiet(const struct du *d, uint64_t slot, uint64_t now_ns, uint32_t *slots)
{
	if (d->preambles_n > 0 || du_has_warnings(d))
		return false;
	for (uint16_t i = 0; i < d->ues_end; i++)
		if (!is_idle(&d->ues[i], now_ns))
			return false;
	for (unsigned i = 0; i < DU_RING; i++)
		if (d->due[i].pusch_n > 0 || d->due[i].ack_n > 0)
			return false;
	*slots = du_pages_next(d, slot);
	for (uint16_t i = 0; i < d->ues_end; i++) {
		uint64_t when_ns = du_alignment_deadline_ns(d, &d->ues[i]), left;

		if (when_ns == UINT64_MAX)
			continue;
		left = when_ns > now_ns ? (when_ns - now_ns) / slot_ns(d->cell.cell.mu) : 0;
		if (left < *slots)
			*slots = (uint32_t)left;
	}
	return *slots > 0;
}

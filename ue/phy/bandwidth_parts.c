/* Which bandwidth parts are active, and what becomes of what was under way in others (38.213
 * 12, 38.321 5.15). */
#include "ue/phy/parts.h"

/* What was assigned before is neither answered nor sent (38.213 9.1.2.1, 9.1.3.1). */
static void forget_due(struct ue_phy *p)
{
	for (unsigned i = 0; i < UE_PHY_RING; i++)
		p->due[i] = (struct ue_phy_due){ .pusch = false };
	p->ahead_n = 0;
	ue_phy_sp_forget(p);
	ue_phy_csi_begin(p);
}

void ue_phy_part_activate(struct ue_phy *p, unsigned downlink, unsigned uplink)
{
	bool moves = downlink != p->downlink_part || uplink != p->uplink_part;

	p->downlink_part = (uint8_t)downlink;
	p->uplink_part = (uint8_t)uplink;
	cell_parts_join(&p->active, &p->own, &p->parts, downlink, uplink);
	if (!moves)
		return;
	forget_due(p);
	p->part_since_ns = p->now_ns;
	p->part_until_ns = 0;
}

void ue_phy_part_for_access(struct ue_phy *p)
{
	unsigned uplink = p->cell->has_rach ? p->uplink_part : 0, downlink = p->downlink_part;

	if (p->parts.downlinks >> uplink & 1)
		downlink = uplink;
	if (downlink != p->downlink_part || uplink != p->uplink_part)
		p->stat[UE_PHY_STAT_PARTS]++;
	ue_phy_part_activate(p, downlink, uplink);
	p->part_until_ns = 0;
}

static bool is_accessing(const struct ue_phy *p)
{
	return p->ra.state != UE_RA_IDLE && p->ra.state != UE_RA_DONE;
}

bool ue_phy_part_indicated(struct ue_phy *p, struct phy_dci *dci, bool tci)
{
	bool down = dci->kind == PHY_DCI_1_1, paired = p->home->paired;
	uint8_t there = down ? p->parts.downlinks : p->parts.uplinks;
	unsigned now = down ? p->downlink_part : p->uplink_part,
		 id = there == 1 ? now : cell_parts_indicated(there, dci->field[PHY_DCI_BWP]);

	if (id == now)
		return true;
	if (id == CELL_PART_STAYS || is_accessing(p) ||
		(!paired && !(p->parts.downlinks & p->parts.uplinks & 1u << id)))
		return false;
	ue_phy_part_activate(
		p, down || !paired ? id : p->downlink_part, down && paired ? p->uplink_part : id);
	cell_dci_fit(dci, p->cell, &p->own, tci);
	p->stat[UE_PHY_STAT_PARTS]++;
	return true;
}

void ue_phy_part_used(struct ue_phy *p)
{
	if (p->parts.inactivity_ms > 0 && p->downlink_part != p->parts.default_downlink && !is_accessing(p))
		p->part_until_ns = p->now_ns + p->parts.inactivity_ms * UINT64_C(1000000);
}

void ue_phy_part_run(struct ue_phy *p)
{
	unsigned id = p->parts.default_downlink;

	if (p->part_until_ns == 0 || p->now_ns < p->part_until_ns)
		return;
	p->stat[UE_PHY_STAT_PARTS]++;
	ue_phy_part_activate(p, id, p->home->paired || !(p->parts.uplinks >> id & 1) ? p->uplink_part : id);
}

/* Channel quality: what a CSI-RS shows, as a CQI (38.214 5.2.2.1). */
#include "ue/phy/parts.h"

#define GAP_DB 1.5f /* that receiver and code lose against capacity */

/* The CSI-RS of a report, if there is one in the slot that is received. */
void ue_phy_csi_expect(struct ue_phy *p, struct phy_dl_slot_rx *slot)
{
	const struct cell_csi_report *r = &p->own.report;
	const struct cell_csi_rs *rs = &p->own.csi_rs[r->csi_rs];

	if (!r->there || !rs->there || !ue_phy_is_awake(p, p->now_ns) || p->slots % rs->period != rs->offset)
		return;
	p->csi_rs = (struct phy_dl_csi_rs_rx){ .config = rs->plan.config };
	slot->csi_rs = &p->csi_rs;
	slot->csi_rs_n = 1;
}

/* 38.321 5.7: it is measured, and reported, in Active Time alone. It is a report's until the next comes:
 * uplink is made slots ahead, so none is of a later one than may be (5.2.2.5). */
void ue_phy_csi_take(struct ue_phy *p)
{
	const struct cell_csi_rs *rs = &p->own.csi_rs[p->own.report.csi_rs];
	struct phy_csi_channel c = { .ports = 1,
		.antennas = 1,
		.n = phy_csi_rs_values(&rs->plan),
		.h = { p->csi_rs.h[0] },
		.noise = p->csi_rs.measurement.noise,
		.rank_max = 1,
		.table = p->own.report.table,
		.gap_db = GAP_DB };
	struct phy_csi csi;

	if (!p->csi_rs.ok || !phy_csi_report(&csi, &c))
		return;
	for (unsigned i = 0; i < CELL_CQI_BITS; i++)
		p->cqi[i] = csi.cqi >> (CELL_CQI_BITS - 1 - i) & 1;
	p->has_cqi = true;
	p->stat[UE_PHY_STAT_CQI] = csi.cqi;
}

bool ue_phy_csi_is_due(const struct ue_phy *p)
{
	return p->has_cqi && cell_own_reports(&p->own, p->up_slots) && ue_phy_is_awake(p, p->up_ns);
}

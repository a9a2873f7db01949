/* A grant, by DCI or in a response: what is due in the slot that it is for. */
#include "ue/phy/parts.h"

/* Of no HARQ process. */
static void granted_csi(struct ue_phy *p, const struct cell_pusch_grant *g, struct ue_phy_due *due)
{
	ue_power_tpc_pusch(&p->power, &p->own, g->tpc, p->pusch_at_most);
	due->pusch = due->no_data = true;
	due->granted = p->slots;
	due->config = g->config;
	due->dai = g->dai;
	due->beta = g->beta;
}

void ue_phy_granted(struct ue_phy *p, const struct cell_pusch_grant *g, enum ue_harq_rnti rnti)
{
	struct ue_phy_due *due = ue_phy_due_in(p, g->k2);
	struct ue_harq_size size = { cell_pusch_octets(&g->config),
		ue_phy_rate(g->config.mcs_table, g->config.mcs) };
	enum ue_harq_uplink what;

	if (g->k2 >= UE_PHY_RING || due->pusch) {
		p->stat[UE_PHY_STAT_DCIS_REFUSED]++;
		return;
	}
	if (g->csi > 0)
		ue_phy_csi_asked(p, due, &p->own.triggers[g->csi - 1]);
	if (g->no_data) {
		granted_csi(p, g, due);
		return;
	}
	what = ue_harq_grant(&p->harq, g->harq_process, rnti, g->ndi, &size);
	if (what == UE_HARQ_IGNORE)
		return;
	if (rnti == UE_HARQ_C_RNTI) {
		if (what == UE_HARQ_BUILD)
			mac_drx_new(&p->drx, p->now_ns);
		mac_drx_sent(&p->drx, g->harq_process, ue_phy_end_ns(p, g->k2));
	}
	if (rnti != UE_HARQ_RAR) /* of a response: ue_power_response() */
		ue_power_tpc_pusch(&p->power, p->own.there ? &p->own : NULL, g->tpc, p->pusch_at_most);
	due->pusch = true;
	due->granted = p->slots;
	due->new_data = what == UE_HARQ_BUILD;
	due->msg3 = rnti != UE_HARQ_C_RNTI;
	due->process = g->harq_process;
	due->config = g->config;
	if (ue_phy_rate(g->config.mcs_table, g->config.mcs) == 0) {
		due->config.kept_tbs = (uint32_t)(8 * size.octets);
		due->config.kept_rate_x2048 = size.rate_x2048;
	}
	due->dai = g->dai;
	due->beta = g->beta;
}

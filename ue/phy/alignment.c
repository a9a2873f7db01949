/* What ends with the uplink's time alignment (38.321 5.2), or when nobody answers scheduling requests
 * (5.4.4). */
#include "ue/phy/parts.h"

void ue_phy_release_uplink(struct ue_phy *p)
{
	cell_parts_release_uplink(&p->parts);
	cell_own_release_uplink(&p->own);
	ue_phy_csi_begin(p);
	ue_mac_sr_release(p->mac);
	p->upper.uplink_released(p->upper.arg);
}

/* Uplink is kept until the next response says when to send. N_TA stays. */
void ue_phy_alignment_run(struct ue_phy *p)
{
	if (!ue_downlink_alignment_ended(&p->downlink, p->up_ns))
		return;
	p->stat[UE_PHY_STAT_ALIGNMENTS_ENDED]++;
	for (uint8_t i = 0; i < UE_HARQ_PROCESSES; i++)
		ue_harq_flush(&p->harq, i);
	if (p->own.there)
		ue_phy_release_uplink(p);
}

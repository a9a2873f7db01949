/* Sounding (38.214 6.2.1): in slots that have nothing else of this UE, which goes before it. */
#include "ue/phy/parts.h"

bool ue_phy_sound(struct ue_phy *p, struct phy_srs_config *out, float *gain)
{
	const struct cell_srs *r = cell_own_sounds(&p->own, p->up.sfn, p->up.slot);
	struct phy_srs plan;

	if (!r || !ue_phy_is_awake(p, p->up_ns) ||
		phy_srs_init(&plan, &r->config) != PHY_SRS_OK) /* 38.321 5.7 */
		return false;
	*out = r->config;
	*gain = ue_power_re_amplitude(
		ue_power_srs_dbm(&p->power, p->cell, r, (unsigned)(plan.length * r->config.comb) / 12),
		plan.length);
	return true;
}

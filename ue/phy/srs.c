/* Sounding (38.214 6.2.1): behind a PUSCH of the slot and beside a PUCCH, which go before it where they want
 * its symbols, and in the uplink of slots of both directions, where nothing else is. */
#include "ue/phy/parts.h"

static uint16_t symbols_of(const struct phy_srs *plan)
{
	return (uint16_t)(((1u << plan->config.symbols) - 1) << plan->first_symbol);
}

bool ue_phy_sound(struct ue_phy *p, uint16_t taken, struct phy_srs_config *out, float *gain)
{
	const struct cell_srs *r = cell_own_sounds(&p->own, p->up.sfn, p->up.slot);
	uint16_t uplink = cell_slot_format(p->cell, p->up.sfn, p->up.slot).uplink;
	struct phy_srs plan;

	if (!r || !ue_phy_is_awake(p, p->up_ns) ||
		phy_srs_init(&plan, &r->config) != PHY_SRS_OK || /* 38.321 5.7 */
		(symbols_of(&plan) & (taken | ~uplink)) != 0)    /* 38.213 11.1 */
		return false;
	*out = r->config;
	*gain = ue_power_re_amplitude(
		ue_power_srs_dbm(&p->power, p->cell, r, (unsigned)(plan.length * r->config.comb) / 12),
		plan.length);
	return true;
}

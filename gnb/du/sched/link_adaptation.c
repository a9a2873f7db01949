/* Modulation and coding for a UE: what its CQI says, corrected until first transmissions fail as often as
 * they should. */
#include <math.h>

#include "gnb/du/sched/sched.h"

/* Up by a step for each block that came, down by so much more for each that did not, that both are in balance
 * at the target; quickly until the first fails, for nothing is known of a UE that comes. */
enum { STEP_CB = 2, STEP_BEGIN_CB = 16, OFFSET_MAX_CB = 1500 };

/* log2(1 + SNR) of an efficiency, in hundredths of a dB: what an offset is added to. */
static float snr_cb(float efficiency)
{
	return 1000.0f * log10f(exp2f(efficiency) - 1.0f);
}

static float efficiency_at(float cb)
{
	return log2f(1.0f + powf(10.0f, cb / 1000.0f));
}

uint8_t sched_mcs(const struct sched_cell *cell, const struct sched_ue *u)
{
	unsigned rows = (u->table == PHY_MCS_256QAM ? 28u : 29u) - cell->mcs_less; /* that have a rate */
	float efficiency = phy_cqi_efficiency(u->cqi_table, u->cqi);
	uint8_t best = 0;

	if (efficiency <= 0)
		return 0;
	efficiency = efficiency_at(snr_cb(efficiency) + u->offset_cb) *
		     1.001f; /* equal entries of both tables are equal */
	for (uint8_t mcs = 0; mcs < rows; mcs++) {
		const struct phy_mcs *row = phy_mcs_row(u->table, mcs);

		if (row && row->rate_x2048 && row->q_m * row->rate_x2048 / 2048.0f <= efficiency)
			best = mcs;
	}
	return best;
}

float sched_cqi_cb(const struct sched_ue *u)
{
	float efficiency = phy_cqi_efficiency(u->cqi_table, u->cqi);

	return efficiency > 0 ? snr_cb(efficiency) : -1000;
}

void sched_cqi(struct sched_ue *u, uint8_t cqi)
{
	if (!u->reported)
		u->offset_cb = 0; /* it was on top of a guess */
	sched_cqi_guess(u, cqi);
	u->reported = true;
}

void sched_cqi_guess(struct sched_ue *u, uint8_t cqi)
{
	u->cqi = cqi < PHY_CQI_ROWS ? cqi : 0;
}

void sched_first_transmission(const struct sched_cell *cell, struct sched_ue *u, bool decoded)
{
	int up = u->settled ? STEP_CB : STEP_BEGIN_CB,
	    down = STEP_CB * (100 - cell->block_error_percent) / cell->block_error_percent;
	int offset = u->offset_cb + (decoded ? up : -down);

	u->settled = u->settled || !decoded;
	u->offset_cb = (int16_t)(offset > OFFSET_MAX_CB    ? OFFSET_MAX_CB
				 : offset < -OFFSET_MAX_CB ? -OFFSET_MAX_CB
							   : offset);
}

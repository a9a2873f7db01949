#include "radio/phy/channels/block.h"

enum phy_block_error phy_block_init(
	struct phy_sch *s, enum phy_modulation *modulation, const struct phy_block *b)
{
	const struct phy_mcs *mcs = phy_mcs_row(b->mcs_table, b->mcs);
	struct phy_tbs size = b->size;
	bool keeps = b->kept_tbs > 0 || b->kept_rate_x2048 > 0;

	if (!mcs)
		return PHY_BLOCK_MCS;
	if (b->rv > 3)
		return PHY_BLOCK_RV;
	if ((mcs->rate_x2048 == 0) != (b->kept_tbs > 0 && b->kept_rate_x2048 > 0) ||
		(mcs->rate_x2048 > 0 && keeps))
		return PHY_BLOCK_KEPT;
	*modulation = mcs->q_m == 1 ? PHY_PI2_BPSK : PHY_QPSK + mcs->q_m / 2 - 1;
	size.q_m = mcs->q_m;
	size.rate_x2048 = mcs->rate_x2048;
	*s = (struct phy_sch){ .a = b->kept_tbs,
		.lbrm_bits = b->lbrm_bits,
		.rate_x2048 = mcs->rate_x2048 ? mcs->rate_x2048 : b->kept_rate_x2048,
		.q_m = mcs->q_m,
		.layers = size.layers,
		.rv = b->rv };
	if (mcs->rate_x2048 > 0)
		s->a = phy_tbs_bits(&size);
	return s->a > 0 && s->a <= SEGMENT_A_MAX && s->rate_x2048 < 2048 ? PHY_BLOCK_OK : PHY_BLOCK_TBS;
}

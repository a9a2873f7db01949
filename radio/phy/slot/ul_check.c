#include "radio/phy/slot/ul_parts.h"

enum phy_slot_error slot_check_pusch(struct phy_pusch *p, const struct phy_pusch_config *c,
	const struct phy_slot_config *end, const char **why)
{
	enum phy_pusch_error e = phy_pusch_init(p, c);

	if (e != PHY_PUSCH_OK) {
		*why = phy_pusch_error_text(e);
		return PHY_SLOT_CHANNEL;
	}
	if (c->mu != end->carrier.mu || c->extended != end->carrier.extended)
		return PHY_SLOT_NUMEROLOGY;
	if (c->bwp_start < end->carrier.first_crb ||
		c->bwp_start + c->bwp_prbs > end->carrier.first_crb + end->carrier.prbs)
		return PHY_SLOT_OUTSIDE;
	return p->sch.g > 0 && p->sch.a > end->tb_bits ? PHY_SLOT_BLOCK : PHY_SLOT_OK;
}

enum phy_slot_error slot_check_pucch(struct phy_pucch *p, const struct phy_pucch_config *c,
	const struct phy_slot_config *end, const char **why)
{
	enum phy_pucch_error e = phy_pucch_init(p, c);

	if (e != PHY_PUCCH_OK) {
		*why = phy_pucch_error_text(e);
		return PHY_SLOT_CHANNEL;
	}
	if (c->mu != end->carrier.mu || c->extended != end->carrier.extended)
		return PHY_SLOT_NUMEROLOGY;
	return c->bwp_start < end->carrier.first_crb ||
			       c->bwp_start + c->bwp_prbs > end->carrier.first_crb + end->carrier.prbs
		       ? PHY_SLOT_OUTSIDE
		       : PHY_SLOT_OK;
}

enum phy_slot_error slot_check_srs(struct phy_srs *p, const struct phy_srs_config *c,
	const struct phy_slot_config *end, const struct slot_time *now, const char **why)
{
	enum phy_srs_error e = phy_srs_init(p, c);

	if (e != PHY_SRS_OK) {
		*why = phy_srs_error_text(e);
		return PHY_SLOT_CHANNEL;
	}
	if (c->mu != end->carrier.mu || c->extended != end->carrier.extended)
		return PHY_SLOT_NUMEROLOGY;
	return phy_srs_due(p, now->sfn, now->slot) ? PHY_SLOT_OK : PHY_SLOT_TIME;
}

enum phy_slot_error slot_prach_place(struct phy_prach_place *out, const struct phy_prach *plan,
	const struct phy_slot_carrier *c, const struct slot_time *now, const struct phy_ul_prach_place *place,
	const char **why)
{
	double rate_hz = c->fft_size * 15000.0 * (1u << c->mu);
	double start = place->occasion.start_tc * (rate_hz / (PHY_PRACH_TC_PER_SUBFRAME * 1000.0));
	unsigned prbs, k_bar, slots = 1u << c->mu;

	for (unsigned s = 0; s < now->slot % slots; s++)
		start -= phy_slot_samples(c, s);
	*out = (struct phy_prach_place){ c->mu, c->prbs, place->first_prb, c->fft_size, start,
		place->occasion.extra_tc };
	if (!phy_prach_blocks(plan, c->mu, &prbs, &k_bar) || place->occasion.format != plan->config.format ||
		place->occasion.extra_tc >= PHY_PRACH_TC_PER_SUBFRAME) {
		*why = "another format than the configured one, or a prefix of nonsense";
		return PHY_SLOT_CHANNEL;
	}
	if (start < 0 || start >= phy_slot_samples(c, now->slot))
		return PHY_SLOT_TIME;
	return place->first_prb + prbs > c->prbs ? PHY_SLOT_OUTSIDE : PHY_SLOT_OK;
}

/* 5.3.2 adds 16 kappa twice at most. */
size_t slot_prach_samples(const struct phy_prach *plan, const struct phy_slot_carrier *c)
{
	struct phy_prach_place last = { c->mu, c->prbs, 0, c->fft_size, phy_slot_samples(c, 0), 2 * 16 * 64 };

	return phy_prach_samples(plan, &last) + 1;
}

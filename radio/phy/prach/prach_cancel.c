/* Taking preambles that were found out of what was received. */
#include "radio/phy/prach/prach_detector.h"

float prach_normalize(struct phy_prach_detector *d, const struct kern *k,
	const struct phy_cf (*from)[PHY_PRACH_L_MAX], unsigned antenna, unsigned groups)
{
	unsigned l = d->plan->config.l_ra;
	float energy = 0, scale;

	for (unsigned g = 0; g < groups; g++)
		energy += k->cf_energy(&from[g]->re, l);
	scale = energy > 0 && isfinite(energy) ? sqrtf((float)groups / energy) : 0;
	if (!isfinite(scale))
		scale = 0;
	for (unsigned g = 0; g < groups; g++) {
		if (scale > 0)
			k->cf_scale(&d->y[antenna][g]->re, &from[g]->re, l, scale, 0);
		else
			memset(d->y[antenna][g], 0, sizeof(d->y[antenna][g]));
	}
	return scale;
}

/* Takes a preamble out of a branch; the power it had there. */
static float cancel_branch(
	const struct phy_prach_detector *d, const struct prach_candidate *c, struct phy_cf *y)
{
	const struct phy_cf *reference = d->reference[c->root];
	unsigned l = d->plan->config.l_ra;
	struct phy_cf step = phy_cf_unit((float)(2 * M_PI) * c->at / (float)d->fft.n), sum = { 0 },
		      turn = { 1, 0 };

	for (unsigned i = 0; i < l; i++, turn = phy_cf_mul(turn, step))
		phy_cf_add(&sum, phy_cf_mul_conj(y[i], phy_cf_mul(reference[i], turn)));
	turn = (struct phy_cf){ -sum.re / (float)l, -sum.im / (float)l };
	for (unsigned i = 0; i < l; i++, turn = phy_cf_mul(turn, step))
		phy_cf_add(&y[i], phy_cf_mul(reference[i], turn));
	return phy_cf_power(sum);
}

bool prach_cancel(
	struct phy_prach_detector *d, const struct kern *k, struct prach_findings *f, unsigned first)
{
	float power[PHY_PRACH_PREAMBLES][PHY_PRACH_ANTENNAS_MAX] = { 0 }, grown = 0;
	unsigned used = 0;

	for (unsigned i = first; i < f->n; i++) {
		for (unsigned b = 0; b < f->antennas * f->groups; b++)
			power[i][b / f->groups] +=
				cancel_branch(d, &f->at[i], d->y[b / f->groups][b % f->groups]);
		f->at[i].power = 0;
	}
	for (unsigned a = 0; a < f->antennas; a++) {
		float scale = prach_normalize(d, k, d->y[a], a, f->groups);

		used += scale > 0;
		grown = fmaxf(grown, scale * scale);
		for (unsigned i = first; i < f->n; i++)
			f->at[i].power += power[i][a] * scale * scale;
	}
	for (unsigned i = 0; i < first; i++)
		f->at[i].power *= grown;
	return used > 0;
}

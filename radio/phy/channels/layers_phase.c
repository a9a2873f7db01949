/* The phase that PT-RS show: of each symbol, and with transform precoding within it. */
#include <math.h>

#include "radio/phy/channels/layers_parts.h"
#include "radio/phy/signals/complex.h"

static float angle_of(struct phy_cf v)
{
	return isfinite(v.re) && isfinite(v.im) ? atan2f(v.im, v.re) : 0;
}

/* The phase that PT-RS show in symbol l, at all antennas together. */
static float phase_of(const struct phy_layers_channel *ch, struct phy_layers_receiver *r,
	const struct kern *k, unsigned l, const struct phy_cf *sent)
{
	const struct phy_ptrs_plan *p = ch->in.c->ptrs;
	struct phy_cf sum = { 0, 0 };
	struct phy_array_symbol s;

	phy_array_symbol(ch->array, r->array, k, l, &s);
	for (unsigned i = 0; i < p->n[l]; i++) {
		unsigned prb = (unsigned)((int)p->prb[l][i] + ch->in.c->shift);
		unsigned re = prb * PHY_SC_PER_PRB + p->subcarrier;

		for (unsigned a = 0; a < s.antennas; a++)
			phy_cf_add(&sum, phy_cf_mul_conj(phy_cf_mul(s.w[a], s.y[a][re]),
						 phy_cf_mul(s.h[a * s.layers + p->layer][re], sent[prb])));
	}
	return angle_of(sum);
}

/* From one symbol whose phase is known to the next, the shorter way round; before the first and behind the
 * last it stays. */
static void fill_phases(struct phy_layers_channel *ch, unsigned known)
{
	unsigned last = PHY_SYMBOLS_MAX;

	for (unsigned l = ch->in.c->first; l < ch->in.c->end; l++) {
		float step;

		if (!(known >> l & 1))
			continue;
		for (unsigned i = ch->in.c->first; last == PHY_SYMBOLS_MAX && i < l; i++)
			ch->phase[i] = ch->phase[l];
		if (last < PHY_SYMBOLS_MAX) {
			step = remainderf(ch->phase[l] - ch->phase[last], 2 * (float)M_PI) /
			       (float)(l - last);
			for (unsigned i = last + 1; i <= l; i++)
				ch->phase[i] = ch->phase[i - 1] + step;
		}
		last = l;
	}
	for (unsigned i = last + 1; i < ch->in.c->end; i++)
		ch->phase[i] = ch->phase[last];
}

/* The phase of PT-RS before the transform, all of a symbol together. */
static float phase_of_samples(const struct phy_layers_channel *ch, struct phy_layers_receiver *r,
	const struct kern *k, unsigned l, const struct phy_cf *sent)
{
	const struct phy_ptrs_plan *p = ch->in.c->ptrs;
	struct phy_cf sum = { 0, 0 };

	(void)layers_equalize(ch, r, k, l, 0);
	for (unsigned i = 0; i < p->samples; i++)
		phy_cf_add(&sum, phy_cf_mul_conj(r->x[p->sample[i]], sent[i]));
	return angle_of(sum);
}

void layers_find_phases(struct phy_layers_channel *ch, struct phy_layers_receiver *r, const struct kern *k)
{
	struct phy_cf samples[PHY_PTRS_SAMPLES_MAX], blocks[PHY_DMRS_PER_PRB_MAX * (PHY_PRB_MAX + 1)];
	const struct phy_layers *c = ch->in.c;
	unsigned known = c->dmrs_symbols; /* 0 there, as the estimate is theirs */

	if (c->ptrs->samples > 0)
		phy_layers_samples(c, ch->in.slot, samples);
	else
		phy_layers_ptrs(&r->dmrs, k, c, ch->in.slot, blocks);
	for (unsigned l = c->first; l < c->end; l++) {
		if (phy_layers_has_samples(c, l))
			ch->phase[l] = phase_of_samples(ch, r, k, l, samples);
		else if (c->ptrs->n[l] > 0)
			ch->phase[l] = phase_of(ch, r, k, l, blocks);
		else
			continue;
		known |= 1u << l;
	}
	fill_phases(ch, known);
}

/* Turns symbols `from` up to `to` by phases on a line. */
static void turn(struct phy_cf *x, float from, float to, float phase, float slope)
{
	for (unsigned i = (unsigned)ceilf(from); (float)i < to; i++)
		x[i] = phy_cf_mul(x[i], phy_cf_unit(-(phase + slope * ((float)i - from))));
}

size_t layers_follow_samples(
	struct phy_layers_receiver *r, const struct phy_layers *c, unsigned slot, size_t n)
{
	const struct phy_ptrs_plan *p = c->ptrs;
	struct phy_cf sent[PHY_PTRS_SAMPLES_MAX];
	float at[PHY_PTRS_GROUPS_MAX] = { 0 }, phase[PHY_PTRS_GROUPS_MAX] = { 0 };
	unsigned groups = p->groups.groups, each = p->groups.samples, left = 0;

	phy_layers_samples(c, slot, sent);
	for (unsigned g = 0; g < groups; g++) {
		struct phy_cf sum = { 0, 0 };

		for (unsigned i = g * each; i < (g + 1) * each; i++)
			phy_cf_add(&sum, phy_cf_mul_conj(r->x[p->sample[i]], sent[i]));
		phase[g] = angle_of(sum);
		at[g] = (float)p->sample[g * each] + (float)(each - 1) / 2;
	}
	turn(r->x, 0, at[0], phase[0], 0);
	for (unsigned g = 0; g + 1 < groups; g++)
		turn(r->x, at[g], at[g + 1], phase[g], (phase[g + 1] - phase[g]) / (at[g + 1] - at[g]));
	turn(r->x, at[groups - 1], (float)n, phase[groups - 1], 0);
	for (unsigned i = 0, s = 0; i < n; i++) {
		if (s < p->samples && i == p->sample[s]) {
			s++;
			continue;
		}
		r->x[left] = r->x[i];
		r->noise[left++] = r->noise[i];
	}
	return left;
}

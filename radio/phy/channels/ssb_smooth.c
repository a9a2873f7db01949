/* The channel of an SS/PBCH block over its subcarriers, from pilots that noise is upon. */
#include <math.h>

#include "radio/phy/channels/ssb_parts.h"
#include "radio/phy/signals/complex.h"

/* Columns one by one, with as much nothing on either side as a bell reaches. */
struct rows {
	float re[3 * PHY_SSB_SUBCARRIERS], im[3 * PHY_SSB_SUBCARRIERS], count[3 * PHY_SSB_SUBCARRIERS];
};

static void rows_of(struct rows *r, const struct ssb_column c[PHY_SSB_SUBCARRIERS])
{
	*r = (struct rows){ { 0 } };
	for (unsigned k = 0; k < PHY_SSB_SUBCARRIERS; k++) {
		if (c[k].count <= 0)
			continue;
		r->re[PHY_SSB_SUBCARRIERS + k] = c[k].h.re;
		r->im[PHY_SSB_SUBCARRIERS + k] = c[k].h.im;
		r->count[PHY_SSB_SUBCARRIERS + k] = c[k].count;
	}
}

/* What a subcarrier's neighbours say of it. */
struct neighbours {
	float re[PHY_SSB_SUBCARRIERS], im[PHY_SSB_SUBCARRIERS], weight[PHY_SSB_SUBCARRIERS],
		squares[PHY_SSB_SUBCARRIERS];
};

/* Those at a distance, on one side, with the weight w. */
static void neighbours_add(struct neighbours *n, const struct rows *r, int away, float w)
{
	const float *re = &r->re[PHY_SSB_SUBCARRIERS + away], *im = &r->im[PHY_SSB_SUBCARRIERS + away];
	const float *count = &r->count[PHY_SSB_SUBCARRIERS + away];

	for (unsigned k = 0; k < PHY_SSB_SUBCARRIERS; k++) {
		n->re[k] += w * re[k];
		n->im[k] += w * im[k];
		n->weight[k] += w * count[k];
		n->squares[k] += w * w * count[k];
	}
}

/*
 * The channel as the mean of its neighbours, weighted by a bell of this width, to out; returns the mean
 * square by which the pilots of a subcarrier miss the mean of all others: the noise, and what the width does
 * not follow.
 */
static float smooth(
	struct phy_cf out[PHY_SSB_SUBCARRIERS], const struct ssb_column c[PHY_SSB_SUBCARRIERS], float width)
{
	struct neighbours n = { { 0 } };
	float missed = 0, times = 0;
	struct rows r;

	rows_of(&r, c);
	for (int d = 1; d < PHY_SSB_SUBCARRIERS; d++) {
		float w = expf(-0.5f * (float)(d * d) / (width * width));

		if (w < 1e-6f)
			break;
		neighbours_add(&n, &r, d, w);
		neighbours_add(&n, &r, -d, w);
	}
	for (unsigned k = 0; k < PHY_SSB_SUBCARRIERS; k++) {
		float weight = n.weight[k];
		struct phy_cf sum = { n.re[k] + c[k].h.re, n.im[k] + c[k].h.im };

		if (c[k].count > 0 && weight > 1e-3f) {
			struct phy_cf own = { c[k].h.re / c[k].count - n.re[k] / weight,
				c[k].h.im / c[k].count - n.im[k] / weight };

			missed += phy_cf_power(own) / (1 / c[k].count + n.squares[k] / (weight * weight));
			times++;
		}
		weight += c[k].count;
		out[k] = weight > 0 ? (struct phy_cf){ sum.re / weight, sum.im / weight }
				    : (struct phy_cf){ 0, 0 };
	}
	return times > 0 ? missed / times : INFINITY;
}

void ssb_smooth(struct phy_cf (*const *out)[PHY_SSB_SUBCARRIERS], float noise[PHY_SSB_ANTENNAS_MAX],
	const struct ssb_column (*c)[PHY_SSB_SUBCARRIERS], unsigned antennas)
{
	static const float widths[] = { 2.5f, 5, 10, 20, 50, 150 };
	struct phy_cf h[PHY_SSB_SUBCARRIERS];
	float best = INFINITY, width = 0;

	for (size_t i = 0; i < ARRAY_LEN(widths); i++) {
		float missed = 0;

		for (unsigned a = 0; a < antennas; a++)
			missed += logf(smooth(h, c[a], widths[i]));
		if (missed < best) {
			best = missed;
			width = widths[i];
		}
	}
	for (unsigned a = 0; a < antennas; a++) {
		memset(*out[a], 0, sizeof(*out[a])); /* where nothing is a number */
		noise[a] = width > 0 ? smooth(*out[a], c[a], width) : INFINITY;
	}
}

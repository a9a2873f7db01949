#include "radio/phy/search/pss_wave.h"

#include <math.h>

void phy_pss_wave(struct phy_cf *out, const struct phy_pss_blocks *s, const struct phy_pss_view *v,
	const struct phy_pss_part *part)
{
	double turns = s->scs_hz * v->decimation / s->rate_hz, energy = 0, scale;

	for (unsigned i = 0; i < v->length; i++) {
		double re = 0, im = 0;

		for (unsigned c = 0; c < part->count; c++) {
			double a = 2 * M_PI * fmod((part->first + (int)c) * turns * i, 1);

			re += part->chip[c] * cos(a);
			im += part->chip[c] * sin(a);
		}
		out[i] = (struct phy_cf){ (float)re, (float)im };
		energy += re * re + im * im;
	}
	scale = 1 / sqrt(energy);
	for (unsigned i = 0; i < v->length; i++) {
		out[i].re *= (float)scale;
		out[i].im *= (float)scale;
	}
}

void phy_pss_band(struct phy_cf *out, const struct phy_pss_view *v, unsigned half_bins)
{
	for (unsigned i = 0; i < v->bins; i++)
		out[i] = (struct phy_cf){ i < half_bins || v->bins - 1 - i < half_bins ? 1 : 0, 0 };
}

void phy_pss_filter(struct phy_cf *out, const struct phy_pss_blocks *s, struct phy_pss_view *v,
	const struct phy_pss_part *part, unsigned half_bins)
{
	struct kern k;

	kern_init(&k, KERN_REFERENCE);
	memset(v->product, 0, v->bins * sizeof(*v->product));
	phy_pss_wave(v->product, s, v, part);
	for (unsigned i = 0; i < v->length; i++)
		v->product[i].im = -v->product[i].im;
	/* the transform is the conjugate of the inverse transform of the conjugate */
	phy_fft_run(&v->back, &k, out, v->product, v->work);
	/* cut to what energy is measured of: else a tone, or loud traffic beside it, looks like a PSS where
	 * the band itself is silent */
	for (unsigned i = 0; i < v->bins; i++) {
		float in_band = i < half_bins || v->bins - 1 - i < half_bins ? 1 : 0;

		out[i].re *= in_band;
		out[i].im *= -in_band;
	}
}

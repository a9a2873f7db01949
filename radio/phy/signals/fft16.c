#include "radio/phy/signals/fft16.h"

#include <math.h>
#include <stdlib.h>

#include "radio/phy/signals/lines.h"

/* Fours first, as the first two passes are of that radix; false if other factors remain. */
static bool factor(struct phy_fft16 *f)
{
	unsigned left = f->n;

	f->passes = 0;
	for (; left % 4 == 0; left /= 4)
		f->radix[f->passes++] = 4;
	for (unsigned r = 2; r <= 3; r++) {
		if (left % r == 0) {
			f->radix[f->passes++] = r;
			left /= r;
		}
	}
	return left == 1 && f->radix[1] == 4;
}

bool phy_fft16_init(struct phy_fft16 *f, unsigned n, bool inverse)
{
	unsigned length = n;
	int16_t *w;

	*f = (struct phy_fft16){ .n = n, .inverse = inverse };
	if (n < PHY_FFT_MIN || n > PHY_FFT_MAX || !factor(f))
		return false;
	f->w = phy_lines_new(2 * (size_t)n * sizeof(*f->w)); /* the passes need n - 1 */
	if (!f->w)
		return false;
	w = f->w;
	for (unsigned i = 0; i < f->passes; i++) {
		unsigned m = length / f->radix[i];

		for (unsigned k = 1; k < f->radix[i]; k++) {
			for (unsigned p = 0; p < m; p++, w += 2) {
				double a = 2 * M_PI * k * p / length;

				w[0] = (int16_t)lrint(32767 * cos(a));
				w[1] = (int16_t)lrint(32767 * (inverse ? sin(a) : -sin(a)));
			}
		}
		length = m;
	}
	return true;
}

void phy_fft16_fini(struct phy_fft16 *f)
{
	free(f->w);
	f->w = NULL;
}

int phy_fft16_run(const struct phy_fft16 *f, const struct kern *kern, struct phy_ci16 *out,
	const struct phy_ci16 *in, struct phy_ci16 *work)
{
	unsigned length = f->n, s = 1, peak = kern->ci16_peak(&in->re, f->n);
	const struct phy_ci16 *from = in;
	const int16_t *w = f->w;
	int exponent = 0;

	for (unsigned i = 0; i < f->passes; i++) {
		unsigned radix = f->radix[i], m = length / radix;
		int shift = 0;
		struct phy_ci16 *to = (f->passes - i) % 2 ? out : work; /* the last writes out */

		for (; peak > KERN_FFT16_LIMIT; peak = (peak + 1) / 2)
			shift++;
		for (; peak > 0 && 2 * peak <= KERN_FFT16_LIMIT; peak *= 2)
			shift--;
		peak = kern->fft16_pass(&to->re, &from->re, w, radix, m, s, f->inverse, shift);
		exponent += shift + 1;
		w += 2 * m * (radix - 1);
		from = to;
		length = m;
		s *= radix;
	}
	return exponent;
}

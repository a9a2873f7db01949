/* Stockham's transform: each pass reads one buffer and writes the other, and the result comes out in order.
 */
#include "radio/phy/fft.h"

#include <math.h>
#include <stdlib.h>

/* Fours first, as their first pass has a form of its own; false if other factors remain. */
static bool factor(struct phy_fft *f)
{
	unsigned left = f->n;

	f->passes = 0;
	for (; left % 4 == 0; left /= 4)
		f->radix[f->passes++] = 4;
	if (left % 2 == 0) {
		f->radix[f->passes++] = 2;
		left /= 2;
	}
	if (left == 3) {
		f->radix[f->passes++] = 3;
		left = 1;
	}
	return left == 1;
}

bool phy_fft_init(struct phy_fft *f, unsigned n, bool inverse)
{
	struct phy_cf *w;
	unsigned length = n;

	*f = (struct phy_fft){ .n = n, .sign = inverse ? 1 : -1 };
	if (n < PHY_FFT_MIN || n > PHY_FFT_MAX || !factor(f))
		return false;
	f->w = calloc(n, sizeof(*f->w)); /* the passes need n - 1 */
	if (!f->w)
		return false;
	w = f->w;
	for (unsigned i = 0; i < f->passes; i++) {
		unsigned m = length / f->radix[i];

		for (unsigned k = 1; k < f->radix[i]; k++) {
			for (unsigned p = 0; p < m; p++, w++) {
				double a = 2 * M_PI * k * p / length;

				*w = (struct phy_cf){ (float)cos(a), (float)(f->sign * sin(a)) };
			}
		}
		length = m;
	}
	return true;
}

void phy_fft_fini(struct phy_fft *f)
{
	free(f->w);
	f->w = NULL;
}

void phy_fft_run(const struct phy_fft *f, const struct kern *kern, struct phy_cf *out,
	const struct phy_cf *in, struct phy_cf *work)
{
	const struct phy_cf *from = in, *w = f->w;
	unsigned length = f->n, s = 1;

	for (unsigned i = 0; i < f->passes; i++) {
		unsigned radix = f->radix[i], m = length / radix;
		struct phy_cf *to = (f->passes - i) % 2 ? out : work; /* the last writes out */

		kern->fft_pass(&to->re, &from->re, &w->re, radix, m, s, f->sign);
		w += m * (radix - 1);
		from = to;
		length = m;
		s *= radix;
	}
}

/* Stockham's transform: each pass reads one buffer and writes the other, and the result comes out in order.
 */
#include "radio/phy/signals/fft.h"

#include <math.h>
#include <stdlib.h>

#include "radio/phy/signals/lines.h"

/* Eights first, as the first pass is one; then fours, so that no two is left. False if other factors remain.
 */
static bool factor(struct phy_fft *f)
{
	unsigned left = f->n;
	bool three = left % 3 == 0;

	f->passes = 0;
	for (left /= three ? 3 : 1; left % 8 == 0 && left != 16; left /= 8)
		f->radix[f->passes++] = 8;
	for (; left % 4 == 0; left /= 4)
		f->radix[f->passes++] = 4;
	if (three)
		f->radix[f->passes++] = 3;
	return left == 1 && f->radix[0] == 8;
}

bool phy_fft_init(struct phy_fft *f, unsigned n, bool inverse)
{
	struct phy_cf *w;
	unsigned length = n;

	*f = (struct phy_fft){ .n = n, .sign = inverse ? 1 : -1 };
	if (n < PHY_FFT_MIN || n > PHY_FFT_MAX || !factor(f))
		return false;
	f->w = phy_lines_new(n * sizeof(*f->w)); /* the passes need n - 1 */
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

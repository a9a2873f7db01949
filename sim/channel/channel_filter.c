/* Paths as one filter: each is a windowed sinc at its delay times its gain. */
#include "sim/channel/internal.h"

#include <math.h>
#include <stdlib.h>

static double bessel_i0(double x)
{
	double sum = 1, term = 1;

	for (unsigned k = 1; k < 40; k++) {
		term *= x / (2 * k) * (x / (2 * k));
		sum += term;
	}
	return sum;
}

float channel_sinc(double x)
{
	const double beta = 6.0;
	double inside = 1 - x * x / (CHANNEL_LATENCY * CHANNEL_LATENCY);

	if (fabs(x) < 1e-9)
		return 1;
	return inside <= 0 ? 0
			   : (float)(sin(M_PI * x) / (M_PI * x) * bessel_i0(beta * sqrt(inside)) /
				     bessel_i0(beta));
}

/* The delays that coefficients of a path at `delay` have: one if it is whole; else those about it. */
static unsigned reach(double delay, size_t *first)
{
	double whole = floor(delay + 0.5);

	if (fabs(delay - whole) < 1e-6) {
		*first = (size_t)whole;
		return 1;
	}
	/* a delay that the latency does not cover loses what lies in the future */
	whole = floor(delay) - CHANNEL_LATENCY + 1;
	*first = whole > 0 ? (size_t)whole : 0;
	return CHANNEL_SINC;
}

static int by_delay(const void *a, const void *b)
{
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	return x < y ? -1 : x > y;
}

void channel_delays_init(struct channel_delays *d, const double *delay, unsigned n)
{
	unsigned count = 0;
	size_t first;

	for (unsigned i = 0; i < n; i++) {
		unsigned of_path = reach(delay[i], &first);

		for (unsigned k = 0; k < of_path; k++)
			d->back[count++] = first + k;
	}
	qsort(d->back, count, sizeof(d->back[0]), by_delay);
	d->coefs = 0;
	for (unsigned i = 0; i < count; i++)
		if (i == 0 || d->back[i] != d->back[d->coefs - 1])
			d->back[d->coefs++] = d->back[i];
	d->paths = n;
	for (unsigned i = 0; i < n; i++) {
		struct channel_path *p = &d->path[i];

		*p = (struct channel_path){ .count = reach(delay[i], &first) };
		while (d->back[p->first] != first)
			p->first++;
		for (unsigned k = 0; k < p->count; k++)
			p->sinc[k] = p->count == 1 ? 1 : channel_sinc((double)(first + k) - delay[i]);
	}
}

/* Two vectors of `width` at a time; the order of the sums is the same for every width. */
#define FIR(name, width)                                                                                     \
	static void name(const struct channel_delays *d, const struct channel_history *in,                   \
		const struct channel_pair *pairs, unsigned tx, size_t x, float *re, float *im)               \
	{                                                                                                    \
		typedef float vec __attribute__((vector_size(4 * width), aligned(4), may_alias));            \
                                                                                                             \
		for (size_t part = 0; part < CHANNEL_FIR_BLOCK; part += 2 * width) {                         \
			vec re0 = { 0 }, re1 = { 0 }, im0 = { 0 }, im1 = { 0 };                              \
                                                                                                             \
			for (unsigned t = 0; t < tx; t++) {                                                  \
				const float *a = in[t].re + x + part, *b = in[t].im + x + part;              \
				const struct phy_cf *now = pairs[t].now;                                     \
                                                                                                             \
				for (unsigned i = 0; i < d->coefs; i++) {                                    \
					size_t back = d->back[i];                                            \
					vec a0 = *(const vec *)(a - back),                                   \
					    a1 = *(const vec *)(a + width - back);                           \
					vec b0 = *(const vec *)(b - back),                                   \
					    b1 = *(const vec *)(b + width - back);                           \
                                                                                                             \
					re0 += a0 * now[i].re - b0 * now[i].im;                              \
					re1 += a1 * now[i].re - b1 * now[i].im;                              \
					im0 += b0 * now[i].re + a0 * now[i].im;                              \
					im1 += b1 * now[i].re + a1 * now[i].im;                              \
				}                                                                            \
			}                                                                                    \
			*(vec *)(re + part) = re0;                                                           \
			*(vec *)(re + part + width) = re1;                                                   \
			*(vec *)(im + part) = im0;                                                           \
			*(vec *)(im + part + width) = im1;                                                   \
		}                                                                                            \
	}

FIR(fir_plain, 4)
#ifdef __x86_64__
__attribute__((target("avx2"))) FIR(fir_avx2, 8) __attribute__((target("avx512f"))) FIR(fir_avx512, 16)
#endif

	void channel_filter(const struct channel_delays *d, const struct channel_history *in,
		const struct channel_pair *pairs, unsigned tx, size_t x, float *re, float *im)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx512f"))
		fir_avx512(d, in, pairs, tx, x, re, im);
	else if (__builtin_cpu_supports("avx2"))
		fir_avx2(d, in, pairs, tx, x, re, im);
	else
#endif
		fir_plain(d, in, pairs, tx, x, re, im);
}

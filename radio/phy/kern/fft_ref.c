/* The reference of the passes of the Fourier transform. */
#include "radio/phy/kern/kern.h"

struct cf {
	float re, im;
};

static struct cf at(const float *in)
{
	return (struct cf){ in[0], in[1] };
}

static struct cf plus(struct cf a, struct cf b)
{
	return (struct cf){ a.re + b.re, a.im + b.im };
}

static struct cf minus(struct cf a, struct cf b)
{
	return (struct cf){ a.re - b.re, a.im - b.im };
}

/* a times j times by. */
static struct cf turned(struct cf a, float by)
{
	return (struct cf){ -by * a.im, by * a.re };
}

static struct cf scaled(struct cf a, float by)
{
	return (struct cf){ a.re * by, a.im * by };
}

static inline void transform3(struct cf *y, const struct cf *x, float sign)
{
	struct cf t = plus(x[1], x[2]), u = minus(x[0], scaled(t, 0.5f));
	struct cf v = turned(minus(x[1], x[2]), sign * 0.86602540378f);

	y[0] = plus(x[0], t);
	y[1] = plus(u, v);
	y[2] = minus(u, v);
}

static inline void transform4(struct cf *y, const struct cf *x, float sign)
{
	struct cf a = plus(x[0], x[2]), b = minus(x[0], x[2]), c = plus(x[1], x[3]);
	struct cf d = turned(minus(x[1], x[3]), sign);

	y[0] = plus(a, c);
	y[1] = plus(b, d);
	y[2] = minus(a, c);
	y[3] = minus(b, d);
}

/* The even outputs are a transform of the sums; the odd ones of the differences, turned by eighths. */
static inline void transform8(struct cf *y, const struct cf *x, float sign)
{
	const float half_root = 0.70710678118f;
	struct cf sum[4], d[4], even[4], a, b, c, e;

	for (unsigned i = 0; i < 4; i++) {
		sum[i] = plus(x[i], x[i + 4]);
		d[i] = minus(x[i], x[i + 4]);
	}
	transform4(even, sum, sign);
	for (unsigned i = 0; i < 4; i++)
		y[2 * i] = even[i];
	a = plus(d[0], turned(d[2], sign));
	b = minus(d[0], turned(d[2], sign));
	c = plus(d[1], turned(d[3], sign));
	e = minus(d[1], turned(d[3], sign));
	c = scaled(plus(c, turned(c, sign)), half_root);
	e = scaled(minus(turned(e, sign), e), half_root);
	y[1] = plus(a, c);
	y[5] = minus(a, c);
	y[3] = plus(b, e);
	y[7] = minus(b, e);
}

/* For a constant radix. */
static inline __attribute__((always_inline)) void pass(
	float *out, const float *in, const float *w, unsigned radix, size_t m, size_t s, float sign)
{
	for (size_t p = 0; p < m; p++) {
		struct cf x[8], y[8], f[8] = { { 1, 0 } };

		for (unsigned k = 1; k < radix; k++)
			f[k] = at(w + 2 * (m * (k - 1) + p));
		for (size_t q = 0; q < s; q++) {
			for (unsigned i = 0; i < radix; i++)
				x[i] = at(in + 2 * (q + s * (p + m * i)));
			if (radix == 8)
				transform8(y, x, sign);
			else if (radix == 4)
				transform4(y, x, sign);
			else
				transform3(y, x, sign);
			for (unsigned k = 0; k < radix; k++) {
				float *o = out + 2 * (q + s * (radix * p + k));

				o[0] = y[k].re * f[k].re - y[k].im * f[k].im;
				o[1] = y[k].re * f[k].im + y[k].im * f[k].re;
			}
		}
	}
}

static void fft_pass(
	float *out, const float *in, const float *w, unsigned radix, size_t m, size_t s, float sign)
{
	if (radix == 8)
		pass(out, in, w, 8, m, s, sign);
	else if (radix == 4)
		pass(out, in, w, 4, m, s, sign);
	else
		pass(out, in, w, 3, m, s, sign);
}

void kern_ref_fft(struct kern *k)
{
	k->fft_pass = fft_pass;
}

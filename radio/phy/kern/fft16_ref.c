/*
 * The reference of the passes of the Fourier transform in 16 bits. Each halves its results, to the even
 * number when halfway, after the first additions; factors are multiplied as pmulhrsw does.
 */
#include "radio/phy/kern/kern.h"

struct ci {
	int16_t re, im;
};

static int16_t clamped(int32_t v)
{
	return (int16_t)(v > 32767 ? 32767 : v < -32768 ? -32768 : v);
}

static struct ci plus(struct ci a, struct ci b)
{
	return (struct ci){ clamped(a.re + b.re), clamped(a.im + b.im) };
}

static struct ci minus(struct ci a, struct ci b)
{
	return (struct ci){ clamped(a.re - b.re), clamped(a.im - b.im) };
}

static int16_t half_of(int16_t v)
{
	return (int16_t)(clamped(v + (v >> 1 & 1)) >> 1);
}

static struct ci halved(struct ci a)
{
	return (struct ci){ half_of(a.re), half_of(a.im) };
}

/* By j or -j. */
static struct ci turned(struct ci a, bool inverse)
{
	return inverse ? (struct ci){ clamped(-a.im), a.re } : (struct ci){ a.im, clamped(-a.re) };
}

static int16_t product(int16_t a, int16_t b)
{
	return (int16_t)(((a * b >> 14) + 1) >> 1);
}

static struct ci times(struct ci x, const int16_t *w)
{
	return (struct ci){ clamped(product(x.re, w[0]) + product(x.im, (int16_t)-w[1])),
		clamped(product(x.im, w[0]) + product(x.re, w[1])) };
}

static void transform2(struct ci *y, const struct ci *x)
{
	y[0] = halved(plus(x[0], x[1]));
	y[1] = halved(minus(x[0], x[1]));
}

static void transform3(struct ci *y, const struct ci *x, bool inverse)
{
	struct ci a = halved(x[0]), t = halved(plus(x[1], x[2])), d = minus(x[1], x[2]),
		  u = minus(a, halved(t));

	d.re = product(d.re, 14189); /* the half of sin(2 pi / 3) */
	d.im = product(d.im, 14189);
	d = turned(d, inverse);
	y[0] = plus(a, t);
	y[1] = plus(u, d);
	y[2] = minus(u, d);
}

static void transform4(struct ci *y, const struct ci *x, bool inverse)
{
	struct ci a = halved(plus(x[0], x[2])), b = halved(minus(x[0], x[2])), c = halved(plus(x[1], x[3]));
	struct ci d = turned(halved(minus(x[1], x[3])), inverse);

	y[0] = plus(a, c);
	y[1] = plus(b, d);
	y[2] = minus(a, c);
	y[3] = minus(b, d);
}

static unsigned size_of(int16_t v)
{
	return (unsigned)(v < 0 ? -v : v);
}

static unsigned ci16_peak(const int16_t *in, size_t n)
{
	unsigned most = 0;

	for (size_t i = 0; i < 2 * n; i++)
		most = most > size_of(in[i]) ? most : size_of(in[i]);
	return most;
}

/* The results of one p and q. */
static unsigned put(int16_t *out, const struct ci *y, const int16_t *w, unsigned radix, size_t m, size_t s)
{
	unsigned most = 0;

	for (unsigned k = 0; k < radix; k++) {
		struct ci v = k > 0 && m > 1 ? times(y[k], w + 2 * m * (k - 1)) : y[k];
		unsigned size = size_of(v.re) > size_of(v.im) ? size_of(v.re) : size_of(v.im);

		out[2 * s * k] = v.re;
		out[2 * s * k + 1] = v.im;
		most = most > size ? most : size;
	}
	return most;
}

static unsigned fft16_pass(int16_t *out, const int16_t *in, const int16_t *w, unsigned radix, size_t m,
	size_t s, bool inverse, int shift)
{
	unsigned most = 0;

	for (size_t p = 0; p < m; p++) {
		for (size_t q = 0; q < s; q++) {
			struct ci x[4] = { 0 }, y[4] = { 0 };
			unsigned size;

			for (unsigned i = 0; i < radix; i++) {
				const int16_t *at = in + 2 * (q + s * (p + m * i));

				x[i] = (struct ci){ at[0], at[1] };
				for (int n = 0; n < shift; n++)
					x[i] = halved(x[i]);
				for (int n = 0; n > shift; n--)
					x[i] = (struct ci){ (int16_t)(x[i].re * 2), (int16_t)(x[i].im * 2) };
			}
			if (radix == 4)
				transform4(y, x, inverse);
			else if (radix == 3)
				transform3(y, x, inverse);
			else
				transform2(y, x);
			size = put(out + 2 * (q + s * radix * p), y, w + 2 * p, radix, m, s);
			most = most > size ? most : size;
		}
	}
	return most;
}

void kern_ref_fft16(struct kern *k)
{
	k->ci16_peak = ci16_peak;
	k->fft16_pass = fft16_pass;
}

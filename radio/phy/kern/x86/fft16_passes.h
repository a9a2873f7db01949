/*
 * The passes of the Fourier transform in 16 bits, written once for vectors of any length: a file of a level
 * defines vec, STEP, struct four and the operations on them above the line that includes this.
 */
#pragma once

static inline vec times(vec x, struct factor w)
{
	return plus(product(x, w.re), product(swapped(x), w.im));
}

static inline struct four transform2(struct four x)
{
	return (struct four){ { halved(plus(x.v[0], x.v[1])), halved(minus(x.v[0], x.v[1])) } };
}

static inline struct four transform3(struct four x, bool inverse)
{
	vec a = halved(x.v[0]), t = halved(plus(x.v[1], x.v[2])), u = minus(a, halved(t));
	vec d = product(minus(x.v[1], x.v[2]), every(14189));

	d = turned(d, inverse);
	return (struct four){ { plus(a, t), plus(u, d), minus(u, d) } };
}

static inline struct four transform4(struct four x, bool inverse)
{
	vec a = halved(plus(x.v[0], x.v[2])), b = halved(minus(x.v[0], x.v[2])),
	    c = halved(plus(x.v[1], x.v[3]));
	vec d = turned(halved(minus(x.v[1], x.v[3])), inverse);

	return (struct four){ { plus(a, c), plus(b, d), minus(a, c), minus(b, d) } };
}

static inline struct four transform(struct four x, unsigned radix, bool inverse)
{
	return radix == 4 ? transform4(x, inverse) : radix == 3 ? transform3(x, inverse) : transform2(x);
}

static inline struct four gather(const int16_t *in, size_t step, unsigned radix, int shift)
{
	struct four x;

	for (unsigned i = 0; i < radix; i++) {
		x.v[i] = load(in + i * step);
		for (int n = 0; n < shift; n++)
			x.v[i] = halved(x.v[i]);
		if (shift < 0)
			x.v[i] = doubled(x.v[i], -shift);
	}
	return x;
}

/* For a constant radix; the last pass (m is 1) has no factors. */
static inline unsigned pass(int16_t *out, const int16_t *in, const int16_t *w, unsigned radix, size_t m,
	size_t s, bool inverse, int shift)
{
	vec most = none();

	for (size_t p = 0; p < m; p++) {
		struct factor f[4];

		for (unsigned k = 1; k < radix && m > 1; k++)
			f[k] = factor_of(w + 2 * (m * (k - 1) + p));
		for (size_t q = 0; q < s; q += STEP) {
			struct four x = gather(in + 2 * (q + s * p), 2 * s * m, radix, shift);
			int16_t *o = out + 2 * (q + s * radix * p);

			x = transform(x, radix, inverse);
			for (unsigned k = 0; k < radix; k++) {
				x.v[k] = k > 0 && m > 1 ? times(x.v[k], f[k]) : x.v[k];
				most = larger(most, x.v[k]);
				store(o + 2 * s * k, x.v[k]);
			}
		}
	}
	return highest(most);
}

/*
 * The first passes, of radix 4: STEP values are those of several p, so that the last ones may overlap;
 * results change places in quarters of 128 bits.
 */
static inline unsigned early_pass(
	int16_t *out, const int16_t *in, const int16_t *w, size_t m, size_t s, bool inverse, int shift)
{
	vec most = none();
	size_t step = STEP / s;

	for (size_t at = 0; at < m; at += step) {
		size_t p = at + step <= m ? at : m - step;
		struct four x = transform4(gather(in + 2 * s * p, 2 * s * m, 4, shift), inverse);

		for (unsigned k = 1; k < 4; k++)
			x.v[k] = times(x.v[k], factors_of(w + 2 * (m * (k - 1) + p), s));
		for (unsigned k = 0; k < 4; k++)
			most = larger(most, x.v[k]);
		if (s == 1)
			x = rows_of(x);
		store_quarters(out + 8 * s * p, x);
	}
	return highest(most);
}

static unsigned fft16_pass(int16_t *out, const int16_t *in, const int16_t *w, unsigned radix, size_t m,
	size_t s, bool inverse, int shift)
{
	if (s == 1)
		return early_pass(out, in, w, m, 1, inverse, shift);
	if (s == 4)
		return early_pass(out, in, w, m, 4, inverse, shift);
	if (radix == 4)
		return pass(out, in, w, 4, m, s, inverse, shift);
	if (radix == 3)
		return pass(out, in, w, 3, m, s, inverse, shift);
	return pass(out, in, w, 2, m, s, inverse, shift);
}

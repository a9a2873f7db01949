/*
 * The passes of the Fourier transform, written once for vectors of any length: a file of a level defines vec,
 * STEP and the operations on them above the line that includes this.
 */
#pragma once

struct eight {
	vec v[8];
};

static inline struct eight transform3(struct eight x, vec turn)
{
	vec t = x.v[1] + x.v[2], u = less_product(every(0.5f), t, x.v[0]);
	vec v = swapped(x.v[1] - x.v[2]);

	return (struct eight){ { x.v[0] + t, plus_product(v, turn, u), less_product(v, turn, u) } };
}

static inline struct eight transform4(struct eight x, vec turn)
{
	vec a = x.v[0] + x.v[2], b = x.v[0] - x.v[2], c = x.v[1] + x.v[3], d = swapped(x.v[1] - x.v[3]);

	return (struct eight){ { a + c, plus_product(d, turn, b), a - c, less_product(d, turn, b) } };
}

/* The even outputs are a transform of the sums; the odd ones of the differences, turned by eighths. */
static inline struct eight transform8(struct eight x, vec turn)
{
	const vec half_root = every(0.70710678118f);
	struct eight even = { { x.v[0] + x.v[4], x.v[1] + x.v[5], x.v[2] + x.v[6], x.v[3] + x.v[7] } };
	vec d0 = x.v[0] - x.v[4], d1 = x.v[1] - x.v[5], d2 = swapped(x.v[2] - x.v[6]),
	    d3 = swapped(x.v[3] - x.v[7]);
	vec a = plus_product(d2, turn, d0), b = less_product(d2, turn, d0);
	vec c = plus_product(d3, turn, d1), e = less_product(d3, turn, d1);

	even = transform4(even, turn);
	c = plus_product(swapped(c), turn, c);
	e = product_less(swapped(e), turn, e);
	return (struct eight){ { even.v[0], plus_product(c, half_root, a), even.v[1],
		plus_product(e, half_root, b), even.v[2], less_product(c, half_root, a), even.v[3],
		less_product(e, half_root, b) } };
}

static inline struct eight transform(struct eight x, unsigned radix, vec turn)
{
	return radix == 8 ? transform8(x, turn) : radix == 4 ? transform4(x, turn) : transform3(x, turn);
}

static inline struct eight gather(const float *in, size_t step, unsigned radix)
{
	struct eight x;

	for (unsigned i = 0; i < radix; i++)
		x.v[i] = load(in + i * step);
	return x;
}

/* For a constant radix; the last pass (m is 1) has no factors. */
static inline void pass(
	float *out, const float *in, const float *w, unsigned radix, size_t m, size_t s, float sign)
{
	const vec turn = turn_of(radix == 3 ? sign * 0.86602540378f : sign);

	for (size_t q = 0; q < s && m == 1; q += STEP) {
		struct eight x = transform(gather(in + 2 * q, 2 * s, radix), radix, turn);

		for (unsigned k = 0; k < radix; k++)
			store(out + 2 * (q + s * k), x.v[k]);
	}
	for (size_t p = 0; p < m && m > 1; p++) {
		vec re[8], im[8];

		for (unsigned k = 1; k < radix; k++) {
			re[k] = every(w[2 * (m * (k - 1) + p)]);
			im[k] = every(w[2 * (m * (k - 1) + p) + 1]);
		}
		for (size_t q = 0; q < s; q += STEP) {
			struct eight x = gather(in + 2 * (q + s * p), 2 * s * m, radix);
			float *o = out + 2 * (q + s * radix * p);

			x = transform(x, radix, turn);
			store(o, x.v[0]);
			for (unsigned k = 1; k < radix; k++)
				store(o + 2 * s * k, times(x.v[k], re[k], im[k]));
		}
	}
}

/* The first pass (s is 1): STEP p at once (the last may overlap), their results turned from columns into
 * rows. */
static void first_pass(float *out, const float *in, const float *w, size_t m, float sign)
{
	const vec turn = turn_of(sign);

	for (size_t at = 0; at < m; at += STEP) {
		size_t p = at + STEP <= m ? at : m - STEP;
		struct eight x = transform8(gather(in + 2 * p, 2 * m, 8), turn);

		for (unsigned k = 1; k < 8; k++)
			x.v[k] = times_row(x.v[k], w + 2 * (m * (k - 1) + p));
		store_turned(out + 16 * p, x.v);
	}
}

static void fft_pass(
	float *out, const float *in, const float *w, unsigned radix, size_t m, size_t s, float sign)
{
	if (s == 1)
		first_pass(out, in, w, m, sign);
	else if (radix == 8)
		pass(out, in, w, 8, m, s, sign);
	else if (radix == 4)
		pass(out, in, w, 4, m, s, sign);
	else
		pass(out, in, w, 3, m, s, sign);
}

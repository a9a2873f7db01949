#include "radio/phy/signals/dft.h"

#include <math.h>
#include <stdlib.h>

#include "radio/phy/signals/complex.h"

enum { UNIT = 6, SLOTS = PHY_DFT_MAX / UNIT + 1, RADIX_MAX = 5 };

struct phy_dfts {
	/* By n / UNIT: the factors of all passes in a row, of the sign -1; NULL for a size that is none. */
	const struct phy_cf *w[SLOTS];
	struct phy_cf *memory;
};

bool phy_dft_legal(unsigned n)
{
	static const unsigned primes[] = { 2, 3, 5 };
	unsigned left = n / UNIT;

	if (n < UNIT || n > PHY_DFT_MAX || n % UNIT != 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(primes); i++) {
		while (left % primes[i] == 0)
			left /= primes[i];
	}
	return left == 1;
}

/* The lengths of the passes. Fours before the two, so that there is one of these at most. */
static unsigned factor(unsigned n, uint8_t radix[PHY_DFT_PASSES])
{
	static const uint8_t order[] = { 4, 5, 3, 2 };
	unsigned passes = 0;

	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		for (; n % order[i] == 0; n /= order[i])
			radix[passes++] = order[i];
	}
	return passes;
}

/* The passes need n - 1 factors. */
static void make(struct phy_cf *w, unsigned n)
{
	uint8_t radix[PHY_DFT_PASSES];
	unsigned passes = factor(n, radix), length = n;

	for (unsigned i = 0; i < passes; length /= radix[i++]) {
		unsigned m = length / radix[i];

		for (unsigned p = 0; p < m; p++) {
			for (unsigned k = 1; k < radix[i]; k++) {
				double a = 2 * M_PI * k * p / length;

				*w++ = (struct phy_cf){ (float)cos(a), (float)-sin(a) };
			}
		}
	}
}

struct phy_dfts *phy_dfts_new(void)
{
	struct phy_dfts *d = calloc(1, sizeof(*d));
	size_t all = 0;

	for (unsigned n = UNIT; n <= PHY_DFT_MAX; n += UNIT)
		all += phy_dft_legal(n) ? n : 0;
	if (!d)
		return NULL;
	d->memory = calloc(all, sizeof(*d->memory));
	if (!d->memory) {
		free(d);
		return NULL;
	}
	all = 0;
	for (unsigned n = UNIT; n <= PHY_DFT_MAX; n += UNIT) {
		if (!phy_dft_legal(n))
			continue;
		make(d->memory + all, n);
		d->w[n / UNIT] = d->memory + all;
		all += n;
	}
	return d;
}

void phy_dfts_free(struct phy_dfts *d)
{
	if (d)
		free(d->memory);
	free(d);
}

static inline struct phy_cf add(struct phy_cf a, struct phy_cf b)
{
	return (struct phy_cf){ a.re + b.re, a.im + b.im };
}

static inline struct phy_cf sub(struct phy_cf a, struct phy_cf b)
{
	return (struct phy_cf){ a.re - b.re, a.im - b.im };
}

/* a + j sign b. */
static inline struct phy_cf add_turned(struct phy_cf a, struct phy_cf b, float sign)
{
	return (struct phy_cf){ a.re - sign * b.im, a.im + sign * b.re };
}

static inline struct phy_cf weighed(struct phy_cf a, float x, struct phy_cf b, float y)
{
	return (struct phy_cf){ a.re * x + b.re * y, a.im * x + b.im * y };
}

/* The transform of a few samples in place, with this sign of the exponent. */
static inline void small(struct phy_cf *v, unsigned radix, float sign)
{
	const float c3 = -0.5f, s3 = 0.8660254f;
	const float c5 = 0.30901699f, s5 = 0.95105652f, d5 = -0.80901699f, t5 = 0.58778525f;
	struct phy_cf s, t, u, w, m, n;

	if (radix == 2) {
		s = v[0], t = v[1];
		v[0] = add(s, t);
		v[1] = sub(s, t);
	} else if (radix == 3) {
		s = add(v[1], v[2]), t = sub(v[1], v[2]);
		m = weighed(v[0], 1, s, c3);
		t = (struct phy_cf){ t.re * s3, t.im * s3 };
		v[0] = add(v[0], s);
		v[1] = add_turned(m, t, sign);
		v[2] = add_turned(m, t, -sign);
	} else if (radix == 4) {
		s = add(v[0], v[2]), t = sub(v[0], v[2]);
		u = add(v[1], v[3]), w = sub(v[1], v[3]);
		v[0] = add(s, u);
		v[2] = sub(s, u);
		v[1] = add_turned(t, w, sign);
		v[3] = add_turned(t, w, -sign);
	} else {
		s = add(v[1], v[4]), t = sub(v[1], v[4]);
		u = add(v[2], v[3]), w = sub(v[2], v[3]);
		m = add(v[0], weighed(s, c5, u, d5));
		n = add(v[0], weighed(s, d5, u, c5));
		v[0] = add(v[0], add(s, u));
		v[1] = add_turned(m, weighed(t, s5, w, t5), sign);
		v[4] = add_turned(m, weighed(t, s5, w, t5), -sign);
		v[2] = add_turned(n, weighed(t, t5, w, -s5), sign);
		v[3] = add_turned(n, weighed(t, t5, w, -s5), -sign);
	}
}

/* A pass as kern.h has them: sample q + s (p + m i) to q + s (radix p + k). */
static inline void pass(struct phy_cf *restrict out, const struct phy_cf *restrict in, const struct phy_cf *w,
	unsigned radix, unsigned m, unsigned s, float sign)
{
	for (unsigned p = 0; p < m; p++, w += radix - 1) {
		for (unsigned q = 0; q < s; q++) {
			struct phy_cf v[RADIX_MAX];

			for (unsigned i = 0; i < radix; i++)
				v[i] = in[q + s * (p + m * i)];
			small(v, radix, sign);
			out[q + s * radix * p] = v[0];
			for (unsigned k = 1; k < radix; k++) {
				struct phy_cf f = { w[k - 1].re, -sign * w[k - 1].im };

				out[q + s * (radix * p + k)] = phy_cf_mul(v[k], f);
			}
		}
	}
}

void phy_dft_run(const struct phy_dfts *d, unsigned n, bool inverse, struct phy_cf *out,
	const struct phy_cf *in, struct phy_cf *work)
{
	const struct phy_cf *from = in, *w = d->w[n / UNIT];
	uint8_t radix[PHY_DFT_PASSES];
	unsigned passes = factor(n, radix), length = n, s = 1;
	float sign = inverse ? 1 : -1, scale = 1 / sqrtf((float)n);

	for (unsigned i = 0; i < passes; i++) {
		struct phy_cf *to = (passes - i) % 2 ? out : work; /* the last writes out */
		unsigned m = length / radix[i];

		switch (radix[i]) { /* each a loop of its own, for the compiler */
		case 2:
			pass(to, from, w, 2, m, s, sign);
			break;
		case 3:
			pass(to, from, w, 3, m, s, sign);
			break;
		case 4:
			pass(to, from, w, 4, m, s, sign);
			break;
		default:
			pass(to, from, w, 5, m, s, sign);
		}
		w += m * (radix[i] - 1u);
		from = to;
		length = m;
		s *= radix[i];
	}
	for (unsigned i = 0; i < n; i++)
		out[i] = (struct phy_cf){ out[i].re * scale, out[i].im * scale };
}

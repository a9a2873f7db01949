/*
 * Normal numbers by Box and Muller from lanes of xoshiro256++ (Blackman and Vigna), in loops that a compiler
 * makes vectors of: exact up to the rounding of floats, with tails to 6.6 sigma.
 */
#include "base/widest.h"
#include "sim/channel/internal.h"

#include <math.h>

union word {
	float f;
	uint32_t u;
	int32_t i;
};

static inline __attribute__((always_inline)) uint64_t rotated(uint64_t v, unsigned by)
{
	return v << by | v >> (64 - by);
}

static inline __attribute__((always_inline)) void random_lanes(
	struct channel_noise *g, uint64_t out[CHANNEL_NOISE_LANES])
{
	for (unsigned i = 0; i < CHANNEL_NOISE_LANES; i++) {
		uint64_t a = g->state[0][i], b = g->state[1][i], c = g->state[2][i], d = g->state[3][i];

		out[i] = rotated(a + d, 23) + a;
		c ^= a;
		d ^= b;
		g->state[0][i] = a ^ d;
		g->state[1][i] = b ^ c;
		g->state[2][i] = c ^ b << 17;
		g->state[3][i] = rotated(d, 45);
	}
}

/* The natural logarithm of a normal number up to 1, by a polynomial about 1 (as in Cephes). */
static inline __attribute__((always_inline)) float log_of(float x)
{
	union word w = { x };
	int32_t e = (w.i - 0x3f3504f3) >> 23; /* so that the rest lies from sqrt(1/2) on */
	float m, z, y;

	w.u -= (uint32_t)e << 23;
	m = w.f - 1;
	z = m * m;
	y = 7.0376836292e-2f * m - 1.1514610310e-1f;
	y = y * m + 1.1676998740e-1f;
	y = y * m - 1.2420140846e-1f;
	y = y * m + 1.4249322787e-1f;
	y = y * m - 1.6668057665e-1f;
	y = y * m + 2.0000714765e-1f;
	y = y * m - 2.4999993993e-1f;
	y = y * m + 3.3333331174e-1f;
	return m + (y * m * z - 0.5f * z) + (float)e * 0.69314718f;
}

/*
 * The upper half of r makes the radius, the lower 30 bits an angle of a quarter turn about 45 degrees, the
 * two bits above it signs.
 */
static inline __attribute__((always_inline)) void normal(uint64_t r, float *re, float *im)
{
	uint32_t high = (uint32_t)(r >> 32), low = (uint32_t)r;
	float u = ((float)(int32_t)(high >> 1) + 0.5f) * 0x1p-31f, l = -log_of(u),
	      radius = sqrtf(l > 0 ? l : 0);
	float a = (float)(int32_t)(low << 2) * (float)(M_PI / 4 * 0x1p-31), z = a * a;
	float s = ((-1.9515295891e-4f * z + 8.3321608736e-3f) * z - 1.6666654611e-1f) * z * a + a;
	float c = ((2.443315711809948e-5f * z - 1.388731625493765e-3f) * z + 4.166664568298827e-2f) * z * z -
		  0.5f * z + 1;
	union word x = { (c - s) * radius }, y = { (c + s) * radius };

	x.u ^= low & 0x80000000;
	y.u ^= low << 1 & 0x80000000;
	*re = x.f;
	*im = y.f;
}

void channel_noise_init(struct channel_noise *g, uint64_t seed)
{
	for (unsigned i = 0; i < CHANNEL_NOISE_LANES; i++) {
		for (unsigned w = 0; w < 4; w++)
			g->state[w][i] = channel_random(&seed);
	}
}

WIDEST void channel_noise_next(struct channel_noise *g, float re[CHANNEL_GRID], float im[CHANNEL_GRID])
{
	uint64_t r[CHANNEL_NOISE_LANES];

	for (unsigned at = 0; at < CHANNEL_GRID; at += CHANNEL_NOISE_LANES) {
		random_lanes(g, r);
		for (unsigned i = 0; i < CHANNEL_NOISE_LANES; i++)
			normal(r[i], &re[at + i], &im[at + i]);
	}
}

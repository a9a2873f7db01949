/* Chance for the tests of the physical layer: the same in every run. */
#pragma once

#include <math.h>

#include "base/test.h"
#include "radio/phy/signals/sequence.h"

static uint64_t seed = 1;

/* splitmix64 */
static inline uint64_t draw(void)
{
	uint64_t z = (seed += 0x9e3779b97f4a7c15u);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

/* Below n. */
static inline unsigned below(unsigned n)
{
	return (unsigned)(draw() % n);
}

/* From lo to hi. */
static inline unsigned pick(unsigned lo, unsigned hi)
{
	return lo + below(hi - lo + 1);
}

/* n packed bits by chance; those behind in the last octet too. */
static inline void draw_packed(uint8_t *bits, size_t n)
{
	for (size_t i = 0; i < (n + 7) / 8; i++)
		bits[i] = (uint8_t)draw();
}

static inline bool same_bits(const uint8_t *a, const uint8_t *b, size_t n)
{
	uint8_t last = (uint8_t)(n % 8 ? 0xff00 >> n % 8 : 0);

	return memcmp(a, b, n / 8) == 0 && (last == 0 || ((a[n / 8] ^ b[n / 8]) & last) == 0);
}

/* Above 0 and below 1. */
static inline double uniform(void)
{
	return ((double)(draw() >> 11) + 0.5) / 9007199254740992.0;
}

/* Normal, of variance 1. */
static inline double gaussian(void)
{
	double size = sqrt(-2 * log(uniform()));

	return size * cos(2 * M_PI * uniform());
}

/* Complex normal, of mean power 1. */
static inline struct phy_cf gaussian_cf(void)
{
	double size = sqrt(-log(uniform())), a = 2 * M_PI * uniform();

	return (struct phy_cf){ (float)(size * cos(a)), (float)(size * sin(a)) };
}

/* Adds complex noise of this mean power. */
static inline void add_noise(struct phy_cf *to, size_t n, double power)
{
	float size = (float)sqrt(power);

	for (size_t i = 0; i < n; i++) {
		struct phy_cf v = gaussian_cf();

		to[i].re += size * v.re;
		to[i].im += size * v.im;
	}
}

/*
 * Adds what an antenna hears of a port's n REs, in rows of `width`: over two paths by chance, the second late
 * by up to `latest` of a symbol without prefix.
 */
static inline void add_two_paths(
	struct phy_cf *to, const struct phy_cf *from, size_t n, size_t width, double latest)
{
	struct phy_cf one = gaussian_cf(), two = gaussian_cf();
	double late = latest * uniform();

	for (size_t i = 0; i < n; i++) {
		double x = -2 * M_PI * late * (double)(i % width), c = cos(x), s = sin(x);
		double hr = 0.9 * one.re + 0.4 * (two.re * c - two.im * s);
		double hi = 0.9 * one.im + 0.4 * (two.re * s + two.im * c);

		to[i].re += (float)(from[i].re * hr - from[i].im * hi);
		to[i].im += (float)(from[i].re * hi + from[i].im * hr);
	}
}

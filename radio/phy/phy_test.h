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

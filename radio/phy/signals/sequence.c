#include "radio/phy/signals/sequence.h"

#include <endian.h>
#include <math.h>

#include "radio/phy/signals/tables.h"

enum {
	GOLD_SKIP = 1600, /* N_C of 5.2.1 */
	EIGHT = 8,
};

/*
 * x1(n+31) = x1(n+3) + x1(n); the square of that recurrence over GF(2) has twice the distances, so that
 * x1(n+62) = x1(n+6) + x1(n) and 56 bits follow from 62 at once. Likewise x2 with 3, 2, 1, 0.
 */
static uint64_t x1_ahead(uint64_t x)
{
	return x ^ x >> 6;
}

static uint64_t x2_ahead(uint64_t x)
{
	return x ^ x >> 2 ^ x >> 4 ^ x >> 6;
}

uint32_t phy_gold_next(struct phy_gold *g)
{
	uint32_t out = (uint32_t)(g->x1 ^ g->x2);

	g->x1 = g->x1 >> 32 | x1_ahead(g->x1 >> 2) << 32;
	g->x2 = g->x2 >> 32 | x2_ahead(g->x2 >> 2) << 32;
	return out;
}

void phy_gold_init(struct phy_gold *g, uint32_t c_init)
{
	g->x1 = 1;
	g->x2 = c_init & 0x7fffffff;
	for (unsigned n = 31; n < 64; n++) {
		g->x1 |= ((g->x1 >> (n - 31) ^ g->x1 >> (n - 28)) & 1) << n;
		g->x2 |= ((g->x2 >> (n - 31) ^ g->x2 >> (n - 30) ^ g->x2 >> (n - 29) ^ g->x2 >> (n - 28)) & 1)
			 << n;
	}
	for (unsigned n = 0; n < GOLD_SKIP; n += 32)
		(void)phy_gold_next(g);
}

static void scramble_bit(uint8_t *bits, size_t i, unsigned c)
{
	if (bits[i] == PHY_BIT_X)
		bits[i] = 1;
	else if (bits[i] == PHY_BIT_Y)
		bits[i] = i > 0 ? bits[i - 1] : 0;
	else
		bits[i] ^= (uint8_t)c;
}

/* Eight bits, one an octet, the first in the lowest. */
static uint64_t spread(unsigned bits)
{
	uint64_t each = (bits & 0xff) * UINT64_C(0x0101010101010101) & UINT64_C(0x8040201008040201);

	return (each + UINT64_C(0x7f7f7f7f7f7f7f7f)) >> 7 & UINT64_C(0x0101010101010101);
}

/* Eight octets, wherever they begin. */
struct eight {
	uint64_t v;
} __attribute__((packed, may_alias));

/* Nearly all bits are ones or zeros, and go by eight. */
void phy_scramble(uint8_t *bits, size_t n, uint32_t c_init)
{
	struct phy_gold g;
	uint32_t c = 0;

	phy_gold_init(&g, c_init);
	for (size_t i = 0; i < n; i += EIGHT, c >>= EIGHT) {
		size_t m = n - i < EIGHT ? n - i : EIGHT;
		struct eight *eight = (struct eight *)(void *)(bits + i);

		if (i % 32 == 0)
			c = phy_gold_next(&g);
		if (m == EIGHT && !(eight->v & ~UINT64_C(0x0101010101010101))) {
			eight->v ^= htole64(spread(c));
		} else {
			for (size_t b = 0; b < m; b++)
				scramble_bit(bits, i + b, c >> b & 1);
		}
	}
}

/* The words from c(0) on. */
static struct kern_gold words_of(uint32_t c_init)
{
	struct kern_gold words;
	struct phy_gold g;

	phy_gold_init(&g, c_init);
	for (unsigned i = 0; i < ARRAY_LEN(words.x1); i++) {
		words.x1[i] = (uint32_t)g.x1;
		words.x2[i] = (uint32_t)g.x2;
		(void)phy_gold_next(&g);
	}
	return words;
}

void phy_scramble_packed(const struct kern *kern, uint8_t *data, size_t n, uint32_t c_init)
{
	struct kern_gold words = words_of(c_init);
	size_t octets = (n + 7) / 8;
	uint8_t rest = n % 8 ? (uint8_t)(data[octets - 1] & 0xff >> n % 8) : 0;

	kern->gold_xor(data, octets, &words);
	if (n % 8) /* what stands behind the bits stays */
		data[octets - 1] = (uint8_t)((data[octets - 1] & 0xff00 >> n % 8) | rest);
}

void phy_descramble_llr(const struct kern *kern, int8_t *llr, size_t n, uint32_t c_init)
{
	struct kern_gold words = words_of(c_init);

	kern->gold_negate(llr, n, &words);
}

static const int8_t *phi_of(unsigned m, unsigned u)
{
	switch (m) {
	case 6:
		return phy_lowpapr_phi_6[u];
	case 12:
		return phy_lowpapr_phi_12[u];
	case 18:
		return phy_lowpapr_phi_18[u];
	default:
		return phy_lowpapr_phi_24[u];
	}
}

static struct phy_cf unit(double turns_of_pi)
{
	return (struct phy_cf){ (float)cos(M_PI * turns_of_pi), (float)sin(M_PI * turns_of_pi) };
}

static unsigned prime_below(unsigned m)
{
	for (m--; m > 2; m--) {
		unsigned d = 2;

		while (d * d <= m && m % d != 0)
			d++;
		if (d * d > m)
			break;
	}
	return m;
}

/* 5.2.2.1: a Zadoff-Chu sequence of the largest prime below m, repeated to m samples. */
static void zadoff_chu(struct phy_cf *out, unsigned m, unsigned u, unsigned v)
{
	unsigned n_zc = prime_below(m);
	/* q_bar = n_zc * (u + 1) / 31, in units of 1/31 and then of 1/62 */
	unsigned q_bar = n_zc * (u + 1), q = (2 * q_bar + 31) / 62;

	if (v)
		q = 2 * q_bar / 31 % 2 ? q - 1 : q + 1;
	for (unsigned i = 0; i < m; i++) {
		uint64_t n = i % n_zc;

		out[i] = unit(-(double)(q * n * (n + 1) % (2 * n_zc)) / n_zc);
	}
}

bool phy_low_papr(struct phy_cf *out, unsigned m, unsigned u, unsigned v)
{
	if (m > PHY_LOW_PAPR_MAX || u >= PHY_LOW_PAPR_GROUPS || v > (m >= 72 ? 1 : 0))
		return false;
	if (m >= 36) {
		zadoff_chu(out, m, u, v);
	} else if (m == 30) {
		for (unsigned n = 0; n < m; n++)
			out[n] = unit(-(double)((u + 1) * (n + 1) * (n + 2) % 62) / 31);
	} else if (m == 6 || m == 12 || m == 18 || m == 24) {
		const int8_t *phi = phi_of(m, u);

		for (unsigned n = 0; n < m; n++)
			out[n] = unit(phi[n] / 4.0);
	} else {
		return false;
	}
	return true;
}

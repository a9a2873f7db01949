#include "radio/phy/signals/modulation.h"

#include <math.h>

static const struct {
	unsigned bits, power; /* power: of the points before they are scaled, on both axes */
} modulations[PHY_MODULATIONS] = { { 1, 2 }, { 1, 2 }, { 2, 2 }, { 4, 10 }, { 6, 42 }, { 8, 170 },
	{ 10, 682 } };

/* 5.1.4 to 5.1.7: (1-2b0)[4-(1-2b1)[2-(1-2b2)]] and so on; b from the most significant of count bits. */
static int amplitude(unsigned b, unsigned count)
{
	int sign = b >> (count - 1) & 1 ? -1 : 1;

	return count == 1 ? sign
			  : sign * ((1 << (count - 1)) - amplitude(b & ((1u << (count - 1)) - 1), count - 1));
}

bool phy_constellation_init(struct phy_constellation *c, enum phy_modulation modulation)
{
	double root;

	if ((unsigned)modulation >= PHY_MODULATIONS)
		return false;
	root = sqrt(modulations[modulation].power);
	c->modulation = modulation;
	c->bits = modulations[modulation].bits;
	for (unsigned v = 0; v < 1u << c->bits; v++) {
		unsigned re = 0, im = 0, half = c->bits / 2;

		for (unsigned i = 0; i < half; i++) { /* even bits to the real axis, odd to the other */
			re = re << 1 | (v >> (c->bits - 1 - 2 * i) & 1);
			im = im << 1 | (v >> (c->bits - 2 - 2 * i) & 1);
		}
		if (c->bits == 1) {
			re = im = v;
			half = 1;
		}
		c->point[v].re = (float)(amplitude(re, half) / root);
		c->point[v].im = (float)(amplitude(im, half) / root);
	}
	for (unsigned v = 0; v < ARRAY_LEN(c->level); v++)
		c->level[v] = (float)(amplitude(v, (c->bits + 1) / 2) / root);
	return true;
}

/* 5.1.1: every other symbol is turned by a right angle. */
static void turn_odd(const struct phy_constellation *c, struct phy_cf *out, size_t n)
{
	if (c->modulation != PHY_PI2_BPSK)
		return;
	for (size_t i = 1; i < n; i += 2)
		out[i] = (struct phy_cf){ -out[i].im, out[i].re };
}

void phy_map_packed(const struct kern *kern, const struct phy_constellation *c, struct phy_cf *out,
	const uint8_t *data, size_t n)
{
	if (c->bits > 1) {
		kern->qam_map(&(float *){ &out->re }, 1, data, n, c->bits, c->level);
		return;
	}
	for (size_t i = 0; i < n; i++)
		out[i] = c->point[data[i / 8] >> (7 - i % 8) & 1];
	turn_odd(c, out, n);
}

void phy_map(const struct phy_constellation *c, struct phy_cf *out, const uint8_t *bits, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned v = 0;

		for (unsigned b = 0; b < c->bits; b++)
			v = v << 1 | (*bits++ & 1);
		out[i] = c->point[v];
	}
	turn_odd(c, out, n);
}

static float weight_of(float noise)
{
	return PHY_LLR_PER_UNIT / (noise > 1e-6f ? noise : 1e-6f);
}

static void demap_bpsk(int8_t *llr, const struct phy_cf *symbols, const float *noise, size_t n, bool turned)
{
	for (size_t i = 0; i < n; i++) {
		float sum = symbols[i].re + symbols[i].im, v;

		if (turned && i % 2)
			sum = symbols[i].im - symbols[i].re;
		v = sum * weight_of(noise[i]) * (float)(4 / M_SQRT2);
		llr[i] = (int8_t)lrintf(v > 127 ? 127 : v > -127 ? v : -127);
	}
}

void phy_demap(const struct kern *kern, enum phy_modulation modulation, int8_t *llr,
	const struct phy_cf *symbols, const float *noise, size_t n)
{
	unsigned bits = modulations[modulation].bits;

	if (bits == 1)
		demap_bpsk(llr, symbols, noise, n, modulation == PHY_PI2_BPSK);
	else
		kern->qam_demap(llr, &symbols->re, noise, n, bits);
}

/* The modulations of 38.211 5.1: bits to symbols of mean power one, and soft bits back. */
#pragma once

#include "radio/phy/kern/kern.h"
#include "radio/phy/signals/sequence.h"

enum phy_modulation {
	PHY_PI2_BPSK,
	PHY_BPSK,
	PHY_QPSK,
	PHY_16QAM,
	PHY_64QAM,
	PHY_256QAM,
	PHY_1024QAM,
	PHY_MODULATIONS,
};

enum { PHY_LLR_PER_UNIT = KERN_LLR_PER_NAT };

/* The points by their bits, the first bit of a symbol being the most significant. */
struct phy_constellation {
	enum phy_modulation modulation;
	unsigned bits; /* a symbol */
	struct phy_cf point[1024];
	float level[32]; /* of an axis, by its bits; of 2 bits a symbol and more */
};

/* False for what is no modulation. */
bool phy_constellation_init(struct phy_constellation *c, enum phy_modulation modulation);

/* n symbols of bits packed with the first in the most significant bit of octet 0; nothing is read after the
 * last. */
void phy_map_packed(const struct kern *kern, const struct phy_constellation *c, struct phy_cf *out,
	const uint8_t *data, size_t n);

/* n symbols of bits that are one an octet. */
void phy_map(const struct phy_constellation *c, struct phy_cf *out, const uint8_t *bits, size_t n);

/*
 * The max-log LLRs, positive for a zero, of n equalized symbols, each with the variance of its noise (of the
 * complex value; at least 1e-6 is assumed). llr has room for n times the bits of a symbol. A pi/2-BPSK block
 * starts with an even symbol.
 */
void phy_demap(const struct kern *kern, enum phy_modulation modulation, int8_t *llr,
	const struct phy_cf *symbols, const float *noise, size_t n);

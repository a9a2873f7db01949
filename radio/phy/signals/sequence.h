/*
 * Sequences of 38.211 5.2 and what is scrambled with them. Bits are one an octet (0 or 1) unless noted
 * otherwise; LLRs are int8 in [-127, 127], positive for a zero.
 */
#pragma once

#include "radio/phy/kern/kern.h"

/* A complex sample; re and im in a row, so that an array of them is the usual interleaved form. */
struct phy_cf {
	float re, im;
};

/* The Gold sequence c(n) of 5.2.1: each register holds 64 bits to come, the next one in bit 0. */
struct phy_gold {
	uint64_t x1, x2;
};

/* Starts at c(0). c_init has 31 bits. */
void phy_gold_init(struct phy_gold *g, uint32_t c_init);

/* The next 32 bits: c(n) in bit 0 to c(n + 31) in bit 31. */
uint32_t phy_gold_next(struct phy_gold *g);

/* A bit that is not sent as it is (38.212 5.3.3): x becomes 1 and y the scrambled bit before it
 * (38.211 6.3.1.1). */
enum phy_placeholder { PHY_BIT_X = 2, PHY_BIT_Y = 3 };

/* Scrambles n bits in place; placeholders, which only UCI on PUSCH has, are resolved. */
void phy_scramble(uint8_t *bits, size_t n, uint32_t c_init);

/* Scrambles n bits packed with the first in the most significant bit of octet 0; bits after n stay. */
void phy_scramble_packed(const struct kern *kern, uint8_t *data, size_t n, uint32_t c_init);

/* Undoes it on n LLRs: those where c(n) is 1 change their sign. -128 becomes -128. */
void phy_descramble_llr(const struct kern *kern, int8_t *llr, size_t n, uint32_t c_init);

enum { PHY_LOW_PAPR_GROUPS = 30, PHY_LOW_PAPR_MAX = 3300 };

/*
 * The low-PAPR base sequence of type 1 (5.2.2), m samples: 6, 12, 18, 24, 30 or at least 36 (at most
 * PHY_LOW_PAPR_MAX); group u below 30, v 0 or 1 (1 from 72 samples on). False for any other.
 */
bool phy_low_papr(struct phy_cf *out, unsigned m, unsigned u, unsigned v);

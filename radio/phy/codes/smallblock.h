/* The codes of 1 to 11 bits (38.212 5.3.3) with their rate matching (5.4.3). */
#pragma once

#include "base/bytes.h"

enum { PHY_SMALL_MAX = 11 };

/*
 * Codes k bits (1 to 11), the first in bit 0 of msg, into e bits, one an octet. qm, bits a symbol (1, 2, 4,
 * 6, 8), matters for k below 3; the result then may hold placeholders (enum phy_placeholder). False if k or
 * qm is not of these.
 */
bool phy_small_encode(uint8_t *out, size_t e, unsigned k, unsigned qm, uint32_t msg);

/* What the maximum-likelihood decoder found. */
struct phy_small_result {
	uint32_t msg;   /* the first bit in bit 0 */
	int32_t metric; /* correlation of its code word with the LLRs; against total it shows silence */
	int32_t total;  /* sum of the magnitudes that took part */
};

/* Decodes e LLRs (positive for a zero, at most 2^20 of them). False if k or qm is not as above. */
bool phy_small_decode(struct phy_small_result *out, const int8_t *llr, size_t e, unsigned k, unsigned qm);

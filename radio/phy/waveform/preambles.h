/* What UEs send to begin with: preambles in each occasion of random access of a cell, as samples of its
 * uplink. */
#pragma once

#include "radio/phy/search/rach.h"

struct phy_preambles;

/* Bit i of sent: preamble i. The rate is fft_size times the carrier's spacing; *r must stay. NULL for what
 * cannot be, or when memory is out. */
struct phy_preambles *phy_preambles_new(
	const struct phy_rach *r, uint64_t sent, unsigned fft_size, unsigned sfn, float amplitude);
void phy_preambles_free(struct phy_preambles *p);

/* The next subframe's fft_size * 15 * 2^mu samples; the first begins with a frame. */
void phy_preambles_run(struct phy_preambles *p, const struct kern *k, struct phy_cf *out);

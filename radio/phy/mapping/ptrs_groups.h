/*
 * Phase-tracking reference signals of DFT-s-OFDM: groups of samples among those that go to the transform
 * (38.211 6.4.1.2.1.2, 6.4.1.2.2.2; 38.214 6.2.3.2).
 */
#pragma once

#include "radio/phy/signals/sequence.h"

enum { PHY_PTRS_SAMPLES_MAX = 32, PHY_PTRS_GROUPS_MAX = 8 };

/* So many groups of so many samples: 2 or 4 of 2 or 4, or 8 of 4; none where groups is 0. */
struct phy_ptrs_groups {
	uint8_t groups, samples;
};

/* Table 6.2.3.2-1, by the five thresholds of sampleDensity. */
struct phy_ptrs_groups phy_ptrs_groups_of(const uint16_t thresholds[5], unsigned prbs);

/* The places of the samples in a transform of m, ascending; returns how many, 0 for groups that are none. */
unsigned phy_ptrs_samples(uint16_t at[PHY_PTRS_SAMPLES_MAX], const struct phy_ptrs_groups *g, unsigned m);

/* What is sent there, before it is scaled; c_init is that of the first symbol with PT-RS. */
uint32_t phy_ptrs_c_init(unsigned n_id, unsigned slot_symbols, unsigned slot, unsigned symbol);
void phy_ptrs_sequence(struct phy_cf out[PHY_PTRS_SAMPLES_MAX], const struct phy_ptrs_groups *g,
	const uint16_t at[PHY_PTRS_SAMPLES_MAX], uint32_t c_init, unsigned rnti);

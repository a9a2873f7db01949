/* What the parts of detection share. */
#pragma once

#include "radio/phy/prach/prach_parts.h"

struct phy_prach_detector {
	const struct phy_prach *plan;
	struct phy_fft fft;
	struct phy_cf (*reference)[PHY_PRACH_L_MAX]; /* of each root */
	struct phy_cf y[PHY_PRACH_ANTENNAS_MAX][PHY_PRACH_GROUPS][PHY_PRACH_L_MAX];
	struct phy_cf *in, *out, *work; /* of the transform */
	float *power;
	uint32_t *above;                                            /* places of it above the threshold */
	float least[PHY_PRACH_ANTENNAS_MAX * PHY_PRACH_GROUPS + 1]; /* the threshold by branches */
};

struct prach_candidate {
	unsigned preamble, root;
	float at, top; /* places of the transform */
	float power;
	float left;  /* of it after it was taken out, at most; till then all */
	float share; /* of all energy, when it was found */
};

/* What is found so far, with what all of it is called when a limit is made. */
struct prach_findings {
	unsigned n, antennas, groups;
	struct prach_candidate at[PHY_PRACH_PREAMBLES];
};

/*
 * An antenna's energy becomes that of L_RA values whose correlations have the mean power 1. What it was
 * multiplied by, 0 where there is none.
 */
float prach_normalize(struct phy_prach_detector *d, const struct kern *k,
	const struct phy_cf (*from)[PHY_PRACH_L_MAX], unsigned antenna, unsigned groups);

/* Takes the findings from `first` on out; all powers become those beside what is left. False: nothing is. */
bool prach_cancel(
	struct phy_prach_detector *d, const struct kern *k, struct prach_findings *f, unsigned first);

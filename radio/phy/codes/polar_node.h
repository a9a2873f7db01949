/*
 * Successive cancellation, with one path (polar_single.c) and with a list of them (polar_list.c). A node is
 * 2^s consecutive u; its LLRs come from above, its coded bits go back.
 */
#pragma once

#include "radio/phy/codes/polar.h"

/*
 * Rows of struct kern_polar_list's turn: a path's LLRs and decisions of a stage may stand at the place of the
 * path that it came from.
 */
enum phy_polar_turn {
	PHY_POLAR_TURN_LLR,                          /* of stage s: row s */
	PHY_POLAR_TURN_BIT = 11,                     /* of left halves */
	PHY_POLAR_TURN_PARITY = 22,                  /* the shift register of 5.3.1.2: bit n mod 5 */
	PHY_POLAR_TURNS = PHY_POLAR_TURN_PARITY + 1, /* at most KERN_POLAR_TURNS */
};

/* The information bits that a node from `from` on has. */
static inline unsigned phy_polar_count(const struct phy_polar *c, unsigned stage, unsigned from)
{
	return c->before[from + (1u << stage)] - c->before[from];
}

/* From d->root to the decisions of all the code, in d->signs, for each path. */
void phy_polar_single(struct phy_polar_decoder *d);
void phy_polar_list(struct phy_polar_decoder *d);

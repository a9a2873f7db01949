/* Test preambles (38.104 Annex A.6): one at the beginning of each frame, in the lowest blocks of a carrier.
 */
#pragma once

#include "radio/phy/prach/prach.h"
#include "radio/phy/waveform/waveform.h"

struct phy_test_preamble {
	enum phy_prach_format format;
	uint16_t l_ra;
	uint8_t spacing; /* in units of 1.25 kHz */
	enum phy_prach_set set;
	uint16_t n_cs, root;
	uint8_t preamble;
};

/*
 * As a format's name: 0, 1, A1 and so on, by the carrier's spacing; behind it -A or -B for the restricted set
 * of format 0, -L for the long sequences of the short formats. NULL for none of the tables.
 */
const struct phy_test_preamble *phy_test_preamble_find(const char *name, unsigned scs_khz);

/* The plan that has them; false for what has none. */
bool phy_test_preamble_plan(struct phy_prach *p, const struct phy_test_preamble *t);

struct phy_test_preambles;

/* Of c: carrier and amplitude are looked at. NULL for what cannot be, or when memory is out. */
struct phy_test_preambles *phy_test_preambles_new(
	const struct phy_test_preamble *t, const struct phy_waveform_config *c);
void phy_test_preambles_free(struct phy_test_preambles *p);

/* The next subframe; the first begins with a frame. */
void phy_test_preambles_run(struct phy_test_preambles *p, struct phy_cf *out);

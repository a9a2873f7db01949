/* freehold scan --sync: a cell that was found, followed through the recording. */
#pragma once

#include "io/iq_file.h"
#include "radio/phy/search/follow.h"

struct scan_follow {
	const struct iq_file *file;
	const struct phy_scan_cell *cell;
	double rate_hz, seconds;
	double gain; /* that brings the recording to a power near one */
	bool json;
	uint64_t *odd; /* values that were no numbers */
};

/* The exit status: 0 when the cell was heard until the end, 1 when it was lost, 2 with a message. */
int scan_follow(const struct scan_follow *s);

/* freehold scan --uplink: the preambles in a recording of a cell's uplink. */
#pragma once

#include "io/iq_file.h"

struct scan_uplink {
	const struct iq_file *file;
	double rate_hz;
	struct bytes sib1;
	double at;    /* the sample with which a frame begins */
	unsigned sfn; /* of that frame */
	bool json;
	uint64_t *odd; /* values that were no numbers */
};

/* The exit status: 0 when there was a preamble, 1 when there was none, 2 with a message. */
int scan_uplink(const struct scan_uplink *u);

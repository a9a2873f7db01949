/* The arguments of `freehold link` as they are written, before they become a configuration. */
#pragma once

#include "air/link.h"

/* Options of one number each; link_arguments.c has their ranges. */
struct link_numbers {
	double scs, prbs, mcs, overhead, harq, delay_spread, doppler, interferers, sir, cfo, timing, al,
		dci_bits, bg, k, rate, iterations, layers, antennas, speed, format, uci_bits, uci_prbs;
	double list, blocks, errors, floor, seed;
};

enum link_named {
	LINK_CHANNEL,
	LINK_PROFILE,
	LINK_CORRELATION,
	LINK_MCS_TABLE,
	LINK_MODULATION,
	LINK_MAPPING,
	LINK_NAMED
};

struct link_arguments {
	struct link_numbers
		n; /* delay_spread, speed below 0: not given; k, uci_bits, uci_prbs 0: not given */
	int named[LINK_NAMED]; /* the enum of each */
	const char *text[LINK_NAMED];
	unsigned s, l, dmrs_type, dmrs_additional, dmrs_symbols, coreset_rb, coreset_symbols;
	bool extended, samples, interleaved, transform_precoding;
	struct link_range range;
};

/* False with a message for what is refused, also for arguments left over. */
bool link_arguments_take(struct link_arguments *s, struct options *args);

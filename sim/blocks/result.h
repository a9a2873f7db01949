/* What counts of blocks show: rates with their intervals of 95 %. */
#pragma once

#include "sim/blocks/blocks.h"

struct blocks_interval {
	double low, high;
};

/* Wilson's interval for the probability of what was seen `hits` times in `trials`; 0 to 1 without trials. */
struct blocks_interval blocks_wilson(uint64_t hits, uint64_t trials);

struct blocks_result {
	double bler; /* of blocks that did not come in all their transmissions */
	struct blocks_interval bler_95;
	double share; /* blocks that came to transmissions: 1 is the most there can be */
	struct blocks_interval share_95;
};

/* All zero without blocks. */
struct blocks_result blocks_result(const struct blocks_count *c);

/*
 * What share 1 carries: of PDSCH and PUSCH in Mb/s, when each slot has one; of the rest in bits of messages a
 * symbol of code.
 */
double blocks_full_rate(enum blocks_kind kind, const struct blocks_size *s);

struct blocks_stop {
	uint64_t blocks; /* at most */
	uint64_t errors; /* enough */
	double floor;    /* of the error rate: what is surely less is not measured further; 0 for none */
};

/* Whether the point needs no more blocks. Also when 40 were sent and all lost. */
bool blocks_enough(const struct blocks_count *c, const struct blocks_stop *stop);

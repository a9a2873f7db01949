/*
 * Other cells, or their UEs, on the same frequency: each sends one stream at full load, which is normal noise
 * as the sum of many subcarriers is, not synchronised with anything, and reaches the antennas through fading
 * of its own. The same configuration gives the same samples, however the stream is cut.
 */
#pragma once

#include "sim/channel/channel.h"

enum { INTERFERENCE_CELLS_MAX = 8 };

struct interference_config {
	/* Of each one's channel, as in struct channel_config. */
	enum channel_profile profile;
	double rate_hz, delay_spread_ns, doppler_hz;
	bool uplink;
	uint8_t rx;    /* antennas, 0 for one */
	uint8_t cells; /* 1 to INTERFERENCE_CELLS_MAX, of the same mean power */
	double power;  /* of all together, of a sample at an antenna */
	uint64_t seed;
};

/* NULL for what cannot be, or when memory is out. */
struct interference *interference_new(const struct interference_config *c);
void interference_free(struct interference *i);

/* Adds them to the next n samples of each antenna. */
void interference_add(struct interference *i, struct phy_cf *const *out, size_t n);

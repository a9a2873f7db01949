/*
 * The multipath channel as resource elements see it, from one antenna to several that fade independently:
 * each path turns over frequency by its delay and stands still for the length of a symbol. For many short
 * blocks, where channel.h would pass the samples of a whole carrier; what moves within a symbol, and what
 * arrives behind the cyclic prefix, is left out.
 */
#pragma once

#include "radio/phy/signals/grid.h"
#include "sim/channel/channel.h"

enum { CHANNEL_GRID_ANTENNAS = 8 };

struct channel_grid_config {
	enum channel_profile profile;
	double scs_hz, doppler_hz;
	double snr_db; /* of a resource element of mean power 1 on each antenna; INFINITY for no noise */
	unsigned antennas;
};

/* NULL for what the configuration cannot be, or when memory is out. */
struct channel_grid *channel_grid_new(const struct channel_grid_config *c);
void channel_grid_free(struct channel_grid *g);

/* Another slot, with fading and noise that owe nothing to the last one. */
void channel_grid_slot(struct channel_grid *g, uint64_t seed);

/* n subcarriers of a symbol as an antenna receives them; in is of the same place, and may be out. */
void channel_grid_pass(struct channel_grid *g, unsigned antenna, unsigned symbol, unsigned subcarrier,
	unsigned n, const struct phy_cf *in, struct phy_cf *out);

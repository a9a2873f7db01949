/*
 * A simulated air as a slot room: what is sent in slot n comes out in slot n + delay, in order, at most so
 * many units a slot; the rest waits its turn, and what no longer fits is lost and counted.
 */
#pragma once

#include "base/slot_room.h"

struct sim_air_config {
	uint32_t delay_slots; /* 1 to SIM_AIR_DELAY_MAX */
	uint32_t per_slot;    /* units a slot, 1 to SIM_AIR_PER_SLOT_MAX */
};

enum {
	SIM_AIR_DELAY_MAX = 1000,
	SIM_AIR_PER_SLOT_MAX = 256,
	SIM_AIR_UNITS = 4096,
	SIM_AIR_OCTETS = 4 << 20, /* on the air at a time */
};

struct sim_air;

/* All its memory; NULL when that is refused or the configuration is none. */
struct sim_air *sim_air_new(const struct sim_air_config *c);
void sim_air_free(struct sim_air *a);
struct slot_room sim_air_room(struct sim_air *a);
uint64_t sim_air_lost(const struct sim_air *a);

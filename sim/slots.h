/*
 * A virtual slot clock: drives slot rooms (base/slot_room.h) in lock step. In each slot every room gets what
 * came for it before the slot began; what it puts out comes after all have run. Slots in which nothing came
 * and every room is idle are passed over, which changes nothing.
 */
#pragma once

#include "base/slot_room.h"

enum {
	SIM_SLOT_ROOMS_MAX = 8,
	SIM_SLOT_UNITS = 1024, /* for a room and a slot */
	SIM_SLOT_OCTETS = 1 << 20,
};

struct sim_slots;

/* landed: what the rooms sent in a slot, after all of them have run. */
typedef void sim_slots_fn(void *arg, const struct slot_unit *u);

struct sim_slots *sim_slots_new(uint8_t numerology, sim_slots_fn *landed, void *arg);
void sim_slots_free(struct sim_slots *s);

/* Its number; rooms run in the order they were added. -1: no room for one more. */
int sim_slots_add(struct sim_slots *s, struct slot_room room);

/* For a room's next slot. False (counted in the box): too much came. */
bool sim_slots_put(struct sim_slots *s, int room, const struct slot_unit *u);

/* When the next slot begins that cannot be passed over, not before now; NEVER (base/room.h): none. */
uint64_t sim_slots_next_ns(const struct sim_slots *s, uint64_t now_ns);

/* Runs the slot that begins at now_ns, a time that sim_slots_next_ns() gave. */
void sim_slots_run(struct sim_slots *s, uint64_t now_ns);

struct slot_time sim_slots_time(const struct sim_slots *s, uint64_t now_ns);

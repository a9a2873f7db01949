/*
 * How a room that works by slots meets the world: the MAC and physical layer of a DU or a UE, or a simulated
 * air. It stands beside base/room.h, for work that must end before the next slot begins. Once every slot it
 * takes what came for it and puts what it sends into a box. Its time is bounded: it allocates nothing, waits
 * for nothing, and can reach neither store, outbox, clock nor log, for the contract gives it none; all its
 * memory it has from its making. Who drives it (sim/slots.c; a radio later) keeps the clock.
 */
#pragma once

#include "base/bytes.h"

enum {
	SLOT_NUMEROLOGY_MAX = 4, /* 38.211 table 4.2-1 */
	SLOT_SFNS = 1024,
	SLOT_FRAME_SLOTS = 10, /* of numerology 0; doubled by each next one */
};

/* 38.211 4.3: system frame number 0 to 1023, slot within the frame. */
struct slot_time {
	uint8_t numerology;
	uint16_t sfn;
	uint16_t slot;
};

struct slot_time slot_time_of(uint8_t numerology, uint64_t slots);

static inline uint64_t slot_ns(uint8_t numerology)
{
	return UINT64_C(1000000) >> numerology;
}

/*
 * A PDU of a port, or the samples of an antenna (aligned pairs of float). port and tag mean what room and
 * driver agreed on; a room hands a tag on as it is.
 */
struct slot_unit {
	uint64_t tag;
	uint16_t port;
	struct bytes data; /* in the box's memory */
};

/* Units in memory given at the start. */
struct slot_box {
	struct slot_unit *units;
	size_t count, units_max;
	uint8_t *octets;
	size_t used, octets_max;
	uint64_t refused; /* units that did not fit */
};

void slot_box_init(
	struct slot_box *b, struct slot_unit *units, size_t units_max, uint8_t *octets, size_t octets_max);
void slot_box_reset(struct slot_box *b);
/* Copies u with its data; false (counted) when the box is full. */
bool slot_box_put(struct slot_box *b, const struct slot_unit *u);

struct slot_room_ops {
	/* One slot: what came before it, and where what is sent in it goes. Both are the driver's. */
	void (*run)(void *room, const struct slot_time *now, const struct slot_box *in, struct slot_box *out);

	/* True when a slot without input would change nothing: a virtual clock may pass over such slots. */
	bool (*is_idle)(const void *room);
};

struct slot_room {
	const struct slot_room_ops *ops;
	void *self;
};

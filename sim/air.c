#include "sim/air.h"

#include <stdlib.h>

/* A unit on the air; its octets lie in the ring, in one piece. */
struct flight {
	struct slot_unit unit;
	uint64_t due; /* slots since the room was made */
	size_t end;   /* where the ring is free again once it has landed */
};

struct sim_air {
	struct sim_air_config config;
	uint64_t slots, lost;
	size_t first, count;
	struct flight flights[SIM_AIR_UNITS];
	size_t tail,
		head; /* of the ring: [tail, head) is in use; the same: all free or, with flights, full */
	uint8_t ring[SIM_AIR_OCTETS];
};

struct sim_air *sim_air_new(const struct sim_air_config *c)
{
	struct sim_air *a;

	if (c->delay_slots < 1 || c->delay_slots > SIM_AIR_DELAY_MAX || c->per_slot < 1 ||
		c->per_slot > SIM_AIR_PER_SLOT_MAX)
		return NULL;
	a = calloc(1, sizeof(*a));
	if (a)
		a->config = *c;
	return a;
}

void sim_air_free(struct sim_air *a)
{
	free(a);
}

uint64_t sim_air_lost(const struct sim_air *a)
{
	return a->lost;
}

/* len octets in one piece; NULL: there is no room. */
static uint8_t *ring_take(struct sim_air *a, size_t len)
{
	size_t at = a->head;

	if (a->count == 0)
		a->tail = a->head = at = 0;
	if (a->count > 0 && a->head <= a->tail) {
		if (len > a->tail - a->head)
			return NULL;
	} else if (len > SIM_AIR_OCTETS - a->head) {
		if (len > a->tail)
			return NULL;
		at = 0;
	}
	a->head = at + len;
	return a->ring + at;
}

static void take_off(struct sim_air *a, const struct slot_unit *u)
{
	struct flight *f = &a->flights[(a->first + a->count) % SIM_AIR_UNITS];
	uint8_t *octets = a->count < SIM_AIR_UNITS && u->data.len > 0 ? ring_take(a, u->data.len) : NULL;

	if (!octets) {
		a->lost++;
		return;
	}
	bytes_copy(octets, u->data.len, u->data);
	*f = (struct flight){ .unit = *u, .due = a->slots + a->config.delay_slots - 1, .end = a->head };
	f->unit.data = bytes_of(octets, u->data.len);
	a->count++;
}

/* True when the next flight has landed. */
static bool land(struct sim_air *a, struct slot_box *out)
{
	struct flight *f = &a->flights[a->first];

	if (a->count == 0 || f->due > a->slots)
		return false;
	if (!slot_box_put(out, &f->unit))
		a->lost++;
	a->tail = f->end;
	a->first = (a->first + 1) % SIM_AIR_UNITS;
	a->count--;
	return true;
}

static void air_run(void *room, const struct slot_time *now, const struct slot_box *in, struct slot_box *out)
{
	struct sim_air *a = room;

	for (size_t i = 0; i < in->count; i++)
		take_off(a, &in->units[i]);
	for (uint32_t n = 0; n < a->config.per_slot && land(a, out); n++)
		;
	a->slots++;
}

static bool air_is_idle(const void *room)
{
	const struct sim_air *a = room;

	return a->count == 0;
}

struct slot_room sim_air_room(struct sim_air *a)
{
	static const struct slot_room_ops ops = { air_run, air_is_idle };

	return (struct slot_room){ &ops, a };
}

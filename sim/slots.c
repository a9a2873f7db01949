#include "sim/slots.h"

#include <stdlib.h>

#include "base/room.h"

struct box_memory {
	struct slot_unit units[SIM_SLOT_UNITS];
	uint8_t octets[SIM_SLOT_OCTETS];
};

struct slots_room {
	struct slot_room room;
	struct slot_box in;
	struct box_memory *memory;
};

struct sim_slots {
	uint8_t numerology;
	sim_slots_fn *landed;
	void *arg;
	size_t count;
	struct slots_room rooms[SIM_SLOT_ROOMS_MAX];
	struct slot_box out;
	struct box_memory memory;
};

struct sim_slots *sim_slots_new(uint8_t numerology, sim_slots_fn *landed, void *arg)
{
	struct sim_slots *s = numerology <= SLOT_NUMEROLOGY_MAX ? calloc(1, sizeof(*s)) : NULL;

	if (!s)
		return NULL;
	s->numerology = numerology;
	s->landed = landed;
	s->arg = arg;
	slot_box_init(&s->out, s->memory.units, SIM_SLOT_UNITS, s->memory.octets, SIM_SLOT_OCTETS);
	return s;
}

void sim_slots_free(struct sim_slots *s)
{
	for (size_t i = 0; s && i < s->count; i++)
		free(s->rooms[i].memory);
	free(s);
}

int sim_slots_add(struct sim_slots *s, struct slot_room room)
{
	struct slots_room *r = &s->rooms[s->count];

	if (s->count == SIM_SLOT_ROOMS_MAX)
		return -1;
	r->memory = calloc(1, sizeof(*r->memory));
	if (!r->memory)
		return -1;
	r->room = room;
	slot_box_init(&r->in, r->memory->units, SIM_SLOT_UNITS, r->memory->octets, SIM_SLOT_OCTETS);
	return (int)s->count++;
}

bool sim_slots_put(struct sim_slots *s, int room, const struct slot_unit *u)
{
	return slot_box_put(&s->rooms[room].in, u);
}

uint64_t sim_slots_next_ns(const struct sim_slots *s, uint64_t now_ns)
{
	uint64_t ns = slot_ns(s->numerology);

	for (size_t i = 0; i < s->count; i++) {
		const struct slots_room *r = &s->rooms[i];

		if (r->in.count > 0 || !r->room.ops->is_idle(r->room.self))
			return (now_ns + ns - 1) / ns * ns;
	}
	return NEVER;
}

struct slot_time sim_slots_time(const struct sim_slots *s, uint64_t now_ns)
{
	return slot_time_of(s->numerology, now_ns / slot_ns(s->numerology));
}

void sim_slots_run(struct sim_slots *s, uint64_t now_ns)
{
	struct slot_time now = sim_slots_time(s, now_ns);

	for (size_t i = 0; i < s->count; i++) {
		struct slots_room *r = &s->rooms[i];

		r->room.ops->run(r->room.self, &now, &r->in, &s->out);
		slot_box_reset(&r->in);
	}
	for (size_t i = 0; i < s->out.count; i++)
		s->landed(s->arg, &s->out.units[i]);
	slot_box_reset(&s->out);
}

/* The radio ports by slots: what a room sends goes to the simulated air's next slot, and lands in a later
 * one. */
#include "sim/internal.h"

enum { AIR_ROOM, TAG_BITS = 16 };

static void slot_begins(void *owner, struct timer *t);

static void clock_set(struct sim *s)
{
	uint64_t next_ns = sim_slots_next_ns(s->slots, s->now_ns + 1);

	if (next_ns != NEVER && !timer_is_set(&s->slot))
		timer_set(&s->queue, &s->slot, next_ns, slot_begins);
}

static void slot_begins(void *owner, struct timer *t)
{
	struct sim *s = owner;

	sim_slots_run(s->slots, s->now_ns);
	clock_set(s);
}

/* The tag of a unit is where it comes from, where it goes, and which life of the receiver it is for. */
static void landed(void *arg, const struct slot_unit *u)
{
	struct sim *s = arg;
	const struct sim_port *from = &s->ports[u->tag & ((1 << TAG_BITS) - 1)];
	const struct sim_port *to = &s->ports[u->tag >> TAG_BITS & ((1 << TAG_BITS) - 1)];
	struct msg m = { .kind = MSG_DATA, .port = to->port, .peer = from->local, .data = u->data };

	if (to->node->lives == u->tag >> 2 * TAG_BITS)
		s->deliver(to->node, &m);
}

bool sim_radio_send(struct sim *s, const struct sim_port *from, const struct sim_port *to, struct bytes data)
{
	struct slot_unit u = { .data = data, .port = to->port };
	bool taken;

	u.tag = (uint64_t)to->node->lives << 2 * TAG_BITS | (uint64_t)(to - s->ports) << TAG_BITS |
		(uint64_t)(from - s->ports);
	taken = sim_slots_put(s->slots, AIR_ROOM, &u);
	clock_set(s);
	return taken;
}

bool sim_set_air(struct sim *s, uint8_t numerology, const struct sim_air_config *c)
{
	if (s->slots)
		return false;
	s->air = sim_air_new(c);
	s->slots = sim_slots_new(numerology, landed, s);
	if (s->air && s->slots && sim_slots_add(s->slots, sim_air_room(s->air)) == AIR_ROOM)
		return true;
	sim_radio_free(s);
	return false;
}

void sim_radio_free(struct sim *s)
{
	timer_stop(&s->queue, &s->slot);
	sim_slots_free(s->slots);
	sim_air_free(s->air);
	s->slots = NULL;
	s->air = NULL;
}

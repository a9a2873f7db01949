/* The simulator's data. */
#pragma once

#include "base/commit.h"
#include "base/hash.h"
#include "base/timers.h"
#include "sim/air.h"
#include "sim/sim.h"
#include "sim/slots.h"

struct sim_node {
	struct sim *sim;
	const char *name;
	struct env env;
	struct outbox outbox;
	struct turn turn;
	struct log log;
	struct room room;
	bool alive;
	uint32_t lives; /* how often it was killed */
	bool silent;    /* its wires carry zeros */
	uint64_t random;
	uint64_t commits, kill_at;
	bool kill_after;
	/* Its work: a message at a time. */
	uint64_t service_ns, free_ns;    /* what one takes; when it is done with those that have arrived */
	uint64_t share_from_ns, work_ns; /* of the share of work under way */
	uint16_t busy_permille;
};

enum sim_port_kind { SIM_DATAGRAM, SIM_RADIO, SIM_SERVER, SIM_CLIENT, SIM_WIRE };

struct sim_port {
	struct sim_node *node;
	enum sim_port_kind kind;
	uint16_t port;
	struct addr local;
	uint64_t last_arrival_ns; /* radio: nothing overtakes on it */
	struct sim_port *far;     /* of a wire */
	uint32_t delay_us;
};

/* One end of an association; the other end is `peer`. */
struct sim_assoc {
	struct hash_node by_id; /* (id, 0) */
	struct sim_assoc *next;
	uint64_t id;
	struct sim_node *node;
	uint16_t port;
	struct addr local;
	struct sim_assoc *peer;
	uint64_t last_arrival_ns; /* nothing overtakes on it */
	bool open;
};

/* A message on its way. */
struct sim_event {
	struct timer timer;
	struct sim_node *to;
	struct sim_assoc *assoc; /* to which it belongs; NULL for datagrams */
	uint32_t life;           /* of the node, in which it was sent */
	bool queued;             /* it has arrived, and is being served or waits to be */
	struct msg msg;
	uint8_t data[];
};

struct sim {
	uint64_t seed, random, now_ns, digest, events;
	struct sim_link link;
	struct timers queue; /* of struct sim_event */
	size_t node_count, port_count;
	struct sim_node nodes[SIM_NODES_MAX];
	struct sim_port ports[SIM_PORTS_MAX];
	struct sim_assoc *assocs;
	struct hash assoc_by_id;
	uint64_t assoc_id;
	bool stopped;
	sim_filter_fn *filter;
	void *filter_arg;
	sim_sink_fn *sink;
	void *sink_arg;
	enum log_level log_level;
	void (*log_line)(void *arg, const char *node, const char *room, const char *text);
	void *log_arg;
	/* What the links raise: an event's time has come; a message for a node. */
	timer_fn *arrive;
	void (*deliver)(struct sim_node *to, const struct msg *m);
	/* The radio by slots; NULL: at once, after the link's delay. */
	struct sim_slots *slots;
	struct sim_air *air;
	struct timer slot; /* in queue: the next slot that cannot be passed over */
};

static inline uint64_t sim_random(uint64_t *state)
{
	/* splitmix64: a stream a node, so that one node's use does not shift another's. */
	uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* link.c */
void sim_send(struct sim_node *from, const struct msg *m);
void sim_assocs_break(struct sim_node *n);
void sim_assocs_free(struct sim *s);

/* radio.c: the radio by slots */
bool sim_radio_send(struct sim *s, const struct sim_port *from, const struct sim_port *to, struct bytes data);
void sim_radio_free(struct sim *s);

/*
 * The simulator: the very rooms of the product on virtual clocks and links, in one thread, from a seed.
 * The same seed gives the same run, told by the same digest. Links lose, delay and reorder; any node can be
 * killed at any commit and brought back, its store kept or lost.
 */
#pragma once

#include "base/env.h"
#include "base/store_mem.h"

enum sim_limit {
	SIM_NODES_MAX = 64,
	SIM_PORTS_MAX = 256,
	SIM_OUTBOX_MAX = 64 << 20,
};

struct sim;
struct sim_node;

struct sim_link {
	uint32_t delay_us, jitter_us; /* datagrams with jitter overtake one another; SCTP never does */
	uint32_t loss_permille;       /* datagrams only: SCTP repeats what its link loses */
};

struct sim *sim_new(uint64_t seed);
void sim_free(struct sim *s);

/* Of all links, from now on. */
void sim_set_link(struct sim *s, const struct sim_link *link);

/*
 * From now on the radio goes by slots (sim/slots.h, sim/air.h): what is sent in slot n arrives in slot
 * n + delay_slots. Once a simulator; false: the configuration is none, or memory is refused.
 */
struct sim_air_config;
bool sim_set_air(struct sim *s, uint8_t numerology, const struct sim_air_config *c);

/* A node with its own store (if asked), random source and outbox. name is kept. NULL at the limit. */
struct sim_node *sim_node_add(struct sim *s, const char *name, bool with_store);
struct env *sim_node_env(struct sim_node *n);

/* The room that runs on the node; it gets its MSG_UP and so on from now on. */
void sim_node_set_room(struct sim_node *n, struct room room);

/*
 * Ports of the room: datagrams at an address; the radio at one, whose lower layers keep order and repeat what
 * is lost (38.322 acknowledged mode); associations accepted at one; associations opened from one.
 */
bool sim_bind_datagram(struct sim_node *n, uint16_t port, const struct addr *local);
bool sim_bind_radio(struct sim_node *n, uint16_t port, const struct addr *local);
bool sim_bind_server(struct sim_node *n, uint16_t port, const struct addr *local);
bool sim_bind_client(struct sim_node *n, uint16_t port, const struct addr *local);

/* Two ports joined for good, by a wire of samples: both hear MSG_UP now; what is sent arrives after delay_us,
 * in order, and nothing is lost. */
bool sim_wire(struct sim_node *a, uint16_t a_port, struct sim_node *z, uint16_t z_port, uint32_t delay_us);

/* From now on the samples that the node sends and hears by wires are silence, or as they are again. */
void sim_set_silent(struct sim_node *n, bool silent);

/*
 * The node dies at this instant: what is not committed is gone, its associations break, what is on the way to
 * it is lost. The caller frees the room, then makes a new one over the same env and sets it. keep_store
 * false: the disk is lost too.
 */
void sim_kill(struct sim_node *n, bool keep_store);
bool sim_is_alive(const struct sim_node *n);

/*
 * Kill the node at its n-th commit from now (1: the next), before it is done or just after it, before
 * anything is sent. After the run stops, sim_is_alive shows it.
 */
void sim_kill_at_commit(struct sim_node *n, uint32_t nth, bool after);
uint64_t sim_commits(const struct sim_node *n);

/* The node's associations of one port break, though both ends live. */
void sim_break(struct sim_node *n, uint16_t port);

/*
 * From now on the node takes so long over each message that comes by a link, one after the other; meanwhile
 * they wait, and the room learns how long. 0: no time at all.
 */
void sim_set_service(struct sim_node *n, uint32_t service_us);

/* Hands m to the node's room now, as if a link had brought it. */
void sim_deliver(struct sim_node *n, const struct msg *m);

/* Called with each message about to be sent; false drops it. NULL: none. */
typedef bool sim_filter_fn(void *arg, struct sim_node *from, const struct msg *m);
void sim_set_filter(struct sim *s, sim_filter_fn *fn, void *arg);

/* What the node's room sends on a port that is not bound. */
typedef void sim_sink_fn(void *arg, struct sim_node *from, const struct msg *m);
void sim_set_sink(struct sim *s, sim_sink_fn *fn, void *arg);

/* Runs until done returns true (checked after each event), a node dies by sim_kill_at_commit, or max_ms of
 * virtual time have passed. True when done returned true. */
bool sim_run(struct sim *s, bool (*done)(void *arg), void *arg, uint64_t max_ms);

/* Lets the rooms send that were called directly (by the operator, not by a message). */
void sim_settle(struct sim_node *n);

uint64_t sim_now_ns(const struct sim *s);
uint64_t sim_digest(const struct sim *s); /* of all events so far */
uint64_t sim_events(const struct sim *s);
const char *sim_node_name(const struct sim_node *n);

/* Where log lines of all nodes go; NULL: nowhere. */
void sim_set_log(struct sim *s, enum log_level level,
	void (*line)(void *arg, const char *node, const char *room, const char *text), void *arg);

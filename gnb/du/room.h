/*
 * A DU as a room (base/room.h): F1 to its CU, F1-U, and the samples of its cell. Its air has a time of its
 * own, that of the samples: for each that comes one goes, a lead of slots before the first. Where they have
 * no clock of their own it never runs faster than ours; slower where the other end, or the processor, is.
 */
#pragma once

#include "base/stats.h"
#include "gnb/du/node.h"

/* The room's own interfaces, from config.port on. */
enum du_port {
	DU_PORT_F1,      /* an association that the room opens */
	DU_PORT_F1U,     /* GTP-U, 29.281 */
	DU_PORT_SAMPLES, /* MSG_DATA: struct phy_cf, aligned as such; MSG_UP: both ways begin anew */
	DU_PORTS
};

enum {
	DU_LEAD_SLOTS = 2,      /* where samples wait for us; else as the cell has it */
	DU_BEHIND_MS = 20,      /* what the air has fallen behind the clock beyond that is not made up for */
	DU_RECONNECT_MS = 1000, /* doubled with each attempt */
	DU_RECONNECT_MAX_MS = 8000,
};

struct du_room_config {
	struct env *env;
	struct du_config du;
	struct plmn plmn;
	uint64_t id; /* gNB-DU ID, 36 bits */
	const char *name;
	struct addr f1u; /* IPv4, where the CU-UP reaches it */
	struct addr cu;  /* F1 of the CU-CP */
	uint16_t port;
	/* In place of samples the slots of a model (radio/l1.h), which runs the node's MAC by the clock. */
	bool by_slots;
	void *l1_arg;
	void (*l1_wake)(void *arg); /* something came: the next slot is wanted */
	bool own_clock; /* the samples have one, as a radio device has: they are answered at once */
};

struct du_room;

/* NULL, with *wrong unless memory is out. What c names must outlive it. */
MUST_USE struct du_room *du_room_new(const struct du_room_config *c, const char **wrong);
void du_room_free(struct du_room *d);
struct room du_room_of(struct du_room *d);
/* F1 is removed, and its association ends; it is not opened again. */
void du_room_leave(struct du_room *d);

/* Samples a second, both ways. */
double du_room_rate_hz(const struct du_room *d);
struct du_node *du_room_node(struct du_room *d);
/*
 * By slots: before each that the model runs. False: there is no CU, and no cell (38.473 8.2.3). And when the
 * next must be run that began no earlier than now, if nobody sends meanwhile.
 */
MUST_USE bool du_room_slot(struct du_room *d);
MUST_USE uint64_t du_room_slots_next_ns(const struct du_room *d);

extern const struct stat_group du_stat_group, du_f1_stat_group, du_cqi_group, du_mcs_group;
/* Its figures, valid until the next call. */
void du_room_figures(struct du_room *d, struct stats_list *l);

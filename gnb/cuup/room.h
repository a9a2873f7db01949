/*
 * A CU-UP as a room (base/room.h): E1 to its CU-CP, N3 and F1-U. Without its CU-CP it serves nobody.
 */
#pragma once

#include "base/room.h"
#include "base/stats.h"
#include "gnb/cuup/node.h"

/* The room's own interfaces, from config.port on. */
enum cuup_port {
	CUUP_PORT_E1,  /* an association that the room opens */
	CUUP_PORT_N3,  /* GTP-U, 29.281 */
	CUUP_PORT_F1U, /* likewise */
	CUUP_PORTS
};

enum {
	CUUP_RECONNECT_MS = 1000, /* doubled with each attempt */
	CUUP_RECONNECT_MAX_MS = 8000,
	CUUP_RUN_MS = 10, /* while there are contexts: the timers of DRBs are in tens of milliseconds */
};

struct cuup_room_config {
	struct cuup_node_config node; /* all but arg, what sends, and e1_released */
	struct addr cp;               /* E1 of the CU-CP */
	uint16_t port;
};

struct cuup_room;

/* NULL: no memory. What c names must outlive it. */
MUST_USE struct cuup_room *cuup_room_new(const struct cuup_room_config *c);
void cuup_room_free(struct cuup_room *r);
struct room cuup_room_of(struct cuup_room *r);
struct cuup_node *cuup_room_node(struct cuup_room *r);
/* E1 is released, and its association ends; it is not opened again. */
void cuup_room_leave(struct cuup_room *r);
extern const struct stat_group cuup_stat_group;
/* Its figures, valid until the next call. */
void cuup_room_figures(struct cuup_room *r, struct stats_list *l);

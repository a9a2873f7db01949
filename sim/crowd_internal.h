/* The data of a crowd: crowd_air.c, crowd_move.c, which hands its UEs over, and crowd.c. */
#pragma once

#include "base/list.h"
#include "sim/crowd.h"

enum {
	CROWD_AIR = 0x0a660001, /* of the first gNB; its UEs have the next, and so on */
	CROWD_OUTBOX_MAX = 64 << 20,
	CROWD_TOOK_MAX_MS = 60000
};

/* A gNB with the host of its UEs, each with an outbox of its own, joined by an air link inside. */
struct crowd_cell {
	struct crowd *crowd;
	size_t index;
	struct crowd_env {
		struct env env;
		struct env *parent;
		struct outbox outbox;
	} gnb_env, ue_env;
	struct gnb *gnb;
	struct ue_host *host;
	struct addr gnb_air, ue_air;
	bool pending;       /* it has been given something, and may have something to send */
	uint64_t *since_ns; /* of the UEs, by index: when the last connection was asked for */
	uint32_t ue_count;
};

struct crowd {
	struct crowd_config config;
	struct env *env;
	struct crowd_numbers numbers;
	uint32_t next; /* UE to begin */
	bool started;
	uint64_t started_ns;
	uint32_t took_ms[CROWD_TOOK_MAX_MS + 1]; /* how many UEs were served within so many */
	struct crowd_cell cells[CROWD_GNBS_MAX];
	struct ue **ues;
	/* crowd_move.c */
	uint32_t next_move; /* of UEs, in turn */
	bool moves;
	uint8_t *at; /* of each UE: the cell that it is in */
	bool *is_moving;
	struct ue_cell *found; /* what UEs find on the air */
};

/* crowd_air.c: takes what the cell sends to where it goes, until nothing is left anywhere. */
void crowd_pump(struct crowd *c, struct crowd_cell *cell);

/* crowd_move.c */
/* All gNBs are neighbours of one another, and on the air. */
bool crowd_move_init(struct crowd *c);
void crowd_move_fini(struct crowd *c);
/* What the gNB of that number is to know of the others. */
void crowd_move_neighbours(const struct crowd *c, size_t of, struct gnb_config *gnb);
/* Hands over as many UEs as may be under way. */
void crowd_move_feed(struct crowd *c);
void crowd_move_event(struct crowd *c, struct crowd_cell *home, const struct ue *ue, bool arrived);

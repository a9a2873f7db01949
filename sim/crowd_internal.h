/* The data of a crowd: crowd_air.c, crowd_xn.c, crowd_move.c (its gNBs as neighbours), crowd_life.c,
 * crowd_packet.c and crowd.c. */
#pragma once

#include "base/list.h"
#include "base/timers.h"
#include "sim/crowd.h"

enum {
	CROWD_AIR = 0x0a660001, /* of the first gNB; its UEs have the next, and so on */
	CROWD_OUTBOX_MAX = 64 << 20,
};

/* UEs that are not busy with a task, by what they can do. */
enum crowd_rest { CROWD_OFF, CROWD_AT_REST_IDLE, CROWD_CONNECTED, CROWD_RESTS };

/* A UE's life. */
struct crowd_ue {
	struct timer guard; /* of its task, or of its path's switch */
	uint64_t since_ns;  /* of its task */
	uint32_t place;     /* in the list of its rest */
	uint32_t sequence;  /* of the datagram that it is to have */
	uint8_t rest;       /* enum crowd_rest; CROWD_RESTS: in none */
	uint8_t task;       /* enum crowd_task; CROWD_TASKS: none */
	uint8_t psi;
	bool switching; /* it has come by Xn; its path follows */
};

struct crowd_life {
	bool begun;
	uint64_t since_ns;
	struct crowd_mix mix;
	uint32_t due_count[CROWD_TASKS]; /* of this mix: begun, or nobody */
	uint32_t busy;
	struct timers timers;
	struct crowd_ue *ues;
	uint32_t *rests[CROWD_RESTS], rest_count[CROWD_RESTS];
	uint32_t sequence;
	struct crowd_task_numbers numbers[CROWD_TASKS];
};

struct crowd_env {
	struct env env;
	struct env *parent;
	struct outbox outbox;
};

struct crowd_mac;

/* A gNB with the host of its UEs, each with an outbox of its own, joined by an air link inside. */
struct crowd_cell {
	struct crowd *crowd;
	size_t index;
	struct crowd_env gnb_env, ue_env;
	struct gnb *gnb;
	struct ue_host *host;
	struct addr gnb_air, ue_air;
	struct crowd_mac *mac; /* NULL: the radio is messages */
	/* Of that: each UE has a host, by its place; those that were called. */
	struct ue_host **hosts;
	bool *is_called;
	uint32_t *called, called_n;
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
	uint32_t leaving;  /* the next UE that is switched off */
	uint64_t leave_ns; /* when; NEVER: none */
	struct crowd_times served;
	struct crowd_cell cells[CROWD_GNBS_MAX];
	struct ue **ues;
	struct ue_cell *found; /* what UEs find on the air: crowd_move.c */
	struct crowd_life life;
};

static inline uint32_t crowd_index(const struct crowd_cell *home, const struct ue *ue)
{
	return (uint32_t)(ue_index(ue) * home->crowd->config.gnb_count + home->index);
}

static inline struct crowd_cell *crowd_home(struct crowd *c, uint32_t index)
{
	return &c->cells[index % c->config.gnb_count];
}

/* The cell that has this end of the air, which it or its UEs have; NULL: none. */
static inline struct crowd_cell *crowd_cell_at(struct crowd *c, const struct addr *air)
{
	uint32_t index = (addr_v4(air) - CROWD_AIR) / 2;

	return index < c->config.gnb_count ? &c->cells[index] : NULL;
}

/* crowd_air.c: takes what the cell sends to where it goes, until nothing is left anywhere. */
void crowd_pump(struct crowd *c, struct crowd_cell *cell);

/* crowd_env.c */
void crowd_env_init(struct crowd_env *e, struct env *parent);
/* A message of a cell's gNB that leaves the crowd. */
void crowd_out(struct crowd_cell *cell, const struct msg *m);

static inline struct ue_host *crowd_host(const struct crowd_cell *cell, uint32_t index)
{
	return cell->mac ? cell->hosts[index / cell->crowd->config.gnb_count] : cell->host;
}

/* It was called: it may have something to send, and other timers. */
static inline void crowd_called(struct crowd_cell *home, uint32_t index)
{
	uint32_t place = index / home->crowd->config.gnb_count;

	home->pending = true;
	if (!home->mac || home->is_called[place])
		return;
	home->is_called[place] = true;
	home->called[home->called_n++] = place;
}

/* crowd_mac.c: a cell of RRC, PDCP, RLC and MAC */
typedef void crowd_event_fn(struct crowd *c, uint32_t index, const struct ue_event_info *e);
bool crowd_mac_init(struct crowd_cell *cell, const struct gnb_config *gnb, crowd_event_fn *event);
void crowd_mac_fini(struct crowd_cell *cell);
/* False: the message is not of its radio. */
bool crowd_mac_take(struct crowd_cell *cell, const struct msg *m);
/* What is sent within the cell, or out of it, until nothing is left. */
void crowd_mac_pump(struct crowd_cell *cell);
uint64_t crowd_mac_next_ns(const struct crowd_cell *cell);
void crowd_mac_run(struct crowd_cell *cell, uint64_t now_ns);

/* crowd_xn.c */
struct addr crowd_xn_address(size_t gnb);
/* False: the message is not of Xn. */
bool crowd_xn_take(struct crowd_cell *from, const struct msg *m);

/* crowd_move.c */
/* All gNBs are neighbours of one another, and on the air. */
bool crowd_move_init(struct crowd *c);
void crowd_move_fini(struct crowd *c);
/* What the gNB of that number is to know of the others. */
void crowd_move_neighbours(const struct crowd *c, size_t of, struct gnb_config *gnb);
/* Begins to hand a UE over to the next gNB, by Xn or by N2. */
bool crowd_move(struct crowd *c, uint32_t index, struct crowd_cell *from, bool xn);

/* crowd_life.c: what it lets UEs do lies in the cells' outboxes, for crowd_pump. */
bool crowd_life_init(struct crowd *c);
void crowd_life_fini(struct crowd *c);
uint64_t crowd_life_next_ns(const struct crowd *c);
void crowd_life_run(struct crowd *c, uint64_t now_ns);
void crowd_life_event(struct crowd *c, uint32_t index, const struct ue_event_info *e);
/* The datagram of the number is at the UE that waits for it. */
void crowd_life_arrived(struct crowd *c, uint32_t index, uint32_t sequence);

/* crowd_packet.c */
/* A datagram of the UE goes to another one, which sends it back. */
void crowd_packet_up(struct crowd *c, uint32_t index, uint32_t to, uint32_t sequence);
/* One goes from the data network to the UE. */
void crowd_packet_down(struct crowd *c, uint32_t index, uint32_t sequence);
/* A packet that a UE was given. True: it is a datagram that this UE waits for; another UE's goes back. */
bool crowd_packet_at_ue(struct crowd_cell *home, uint32_t at, struct bytes data, uint32_t *sequence);

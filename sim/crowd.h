/*
 * A crowd: thousands of UEs over a few gNBs, of the very rooms of ue/ and gnb/, as one room with N2 and N3.
 * It loads any AMF: in the simulator over virtual links, in a process over real sockets.
 */
#pragma once

#include "base/env.h"
#include "gnb/du/cell/config.h"
#include "gnb/gnb.h"
#include "sim/crowd_times.h"
#include "ue/ue.h"

enum {
	CROWD_GNBS_MAX = 32,
	CROWD_PORTS_PER_GNB = 4,
	/* Datagrams (UDP, the content alone) that the data network sends to UEs, by their address. */
	CROWD_PORT_DN = 1 + CROWD_GNBS_MAX * CROWD_PORTS_PER_GNB,
	CROWD_TASK_MS = 30000,  /* what takes longer has failed */
	CROWD_SWITCH_MS = 1000, /* for the path of a UE that has come by Xn, and again until it is switched */
};

/* What UEs of a crowd do that have been served: crowd_live(). */
enum crowd_task {
	CROWD_REGISTER,    /* a de-registered one registers and has its session again */
	CROWD_IDLE,        /* its gNB releases a connected one for inactivity */
	CROWD_SERVICE,     /* an idle one has uplink data: until its user plane is there */
	CROWD_PAGE,        /* a datagram for an idle one: until it is there */
	CROWD_HANDOVER,    /* a connected one goes to the next gNB, by N2 */
	CROWD_PATH_SWITCH, /* by Xn */
	CROWD_TRAFFIC,     /* a datagram of a connected one to another one and back */
	CROWD_DEREGISTER,  /* one leaves, with the network's accept */
	CROWD_TASKS
};
extern const char *const crowd_task_names[CROWD_TASKS];

/* msg.port of gNB i's N2: GNB_PORT_N2 + i * CROWD_PORTS_PER_GNB; N3 likewise. */
static inline uint16_t crowd_port(enum gnb_port port, size_t gnb)
{
	return (uint16_t)(port + gnb * CROWD_PORTS_PER_GNB);
}

struct crowd_config {
	struct gnb_config gnb;     /* of the first; the others count ID, cell and N3 address on */
	struct ue_profile profile; /* of all UEs */
	struct aka_key key;        /* of all UEs */
	uint8_t gnb_count;
	uint32_t ue_count;
	struct supi first;      /* the others count on */
	uint32_t in_flight_max; /* UEs on their way at a time; 0: all */
	uint32_t
		per_second; /* UEs that begin, whatever becomes of those before; 0: as in_flight_max has it */
	bool sessions;      /* each UE also gets a PDU session */
	bool moves;         /* the gNBs are neighbours: UEs can be handed over */
	bool prepare;       /* compute all SUCIs before the first UE begins */
	/* radio: {air: mac}: RRC, PDCP, RLC and MAC of gNBs and UEs over a model of the physical layer
	 * (sim/l1), of one cell a gNB; UEs stay with theirs, and CROWD_IDLE waits for its inactivity.
	 * bandwidth_mhz 0: messages. */
	struct served_cell_config cell;
	double snr_db, snr_most_db; /* of the UEs, evenly from the first to the last; most 0: all alike */
};

struct crowd;

/* env's outbox and log are used; its store is not. NULL when memory is refused. */
struct crowd *crowd_new(const struct crowd_config *config, struct env *env);
void crowd_free(struct crowd *c);
struct room crowd_room(struct crowd *c);

/* Lets the UEs begin. */
void crowd_start(struct crowd *c);

struct crowd_numbers {
	uint32_t gnbs_ready, begun, registered, sessions, failed;
	uint32_t deregistered;
	uint32_t put_off; /* times that a UE was told to come later, which it does */
};

struct crowd_numbers crowd_numbers(const struct crowd *c);

/* All UEs have what they were to get, or failed. */
bool crowd_done(const struct crowd *c);
/* How long the UEs took to be served, from the connection that led to it. */
const struct crowd_times *crowd_served(const struct crowd *c);

/* So much of each task in a thousand seconds, by UEs drawn by lot. */
struct crowd_mix {
	uint64_t per_1000_s[CROWD_TASKS];
	uint32_t seconds;
};

struct crowd_task_numbers {
	uint32_t begun, done, failed;
	uint32_t nobody; /* it was time, and no UE was in the state for it */
	struct crowd_times took;
};

/* Lets UEs that are served live so from now on, for mix->seconds; again when they are over, or before. */
void crowd_live(struct crowd *c, const struct crowd_mix *mix);
/* Nothing begins any more, and what has begun is over. */
bool crowd_lived(const struct crowd *c);
/* Of all mixes so far. */
const struct crowd_task_numbers *crowd_task_numbers(const struct crowd *c, enum crowd_task task);

/* All UEs that are registered leave, switched off. */
void crowd_leave(struct crowd *c);

/* Of the radio by a model: contexts at CU-UPs, UEs at DUs; slots that were run, and those of UEs. */
struct crowd_radio {
	uint32_t cuup_contexts, du_ues;
	uint64_t slots, ue_slots;
};
struct crowd_radio crowd_radio(const struct crowd *c);

/* For whoever compares; NULL: there is none of that number. */
const struct ue *crowd_ue(const struct crowd *c, uint32_t index);
const struct gnb *crowd_gnb(const struct crowd *c, uint32_t index);

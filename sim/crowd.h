/*
 * A crowd: thousands of UEs over a few gNBs, of the very rooms of ue/ and gnb/, as one room with N2 and N3.
 * It loads any AMF: in the simulator over virtual links, in a process over real sockets.
 */
#pragma once

#include "base/env.h"
#include "gnb/gnb.h"
#include "ue/ue.h"

enum { CROWD_GNBS_MAX = 32, CROWD_PORTS_PER_GNB = 4 };

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
	uint32_t handovers; /* by N2, of UEs that are served: crowd_hand_over() */
	bool prepare;       /* compute all SUCIs before the first UE begins */
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
	uint32_t moves, handed_over, moves_failed; /* handovers */
	uint32_t put_off;                          /* times that a UE was told to come later, which it does */
};

struct crowd_numbers crowd_numbers(const struct crowd *c);

/* All UEs have what they were to get, or failed. */
bool crowd_done(const struct crowd *c);
/* Hands them over, one after the other, as many at a time as may be on their way; and all that were asked for
 * are over. */
void crowd_hand_over(struct crowd *c);
bool crowd_handed_over(const struct crowd *c);
/* So many of a thousand UEs that were served had it, from the connection that led to it, within ms. */
uint32_t crowd_served_within_ms(const struct crowd *c, uint32_t permille);

/* The UEs, to be given their next task. */
struct ue *crowd_ue(struct crowd *c, uint32_t index);

/*
 * One end of SRB1 or SRB2: RRC messages on their way through PDCP, at UE and gNB. What comes up waits in a
 * queue until RRC takes it, since a message may end the entity that it came through.
 */
#pragma once

#include "radio/pdcp/pdcp.h"
#include "wire/rrc/rrc.h"

enum {
	RRC_SRB_MAX = 2,
	RRC_SRB_WAITING_MAX = 64 /* messages that may wait for one before them */
};

/* What all SRBs of an end have in common. */
struct rrc_srb_home {
	void *arg;
	void (*submit)(
		void *arg, uint8_t srb, struct sdu *pdu); /* a PDCP PDU for RLC; its own from there on */
	uint8_t tx_direction;                             /* as pdcp_config has it */
	struct sdu_pool *pool;
	struct burst *engine;
	/* Each message before it is protected, or after: for traces. NULL: nobody looks. */
	void (*plain)(void *arg, bool sent, struct bytes message);
};

/* Does not move while it is begun. */
struct rrc_srb {
	const struct rrc_srb_home *home;
	struct pdcp *pdcp; /* NULL: there is none */
	uint8_t id;
	bool suspended;        /* what comes is dropped, nothing is sent (38.331 5.3.7.2) */
	bool integrity_failed; /* since it was looked at last */
	struct sdu_queue received;
};

/* With the configuration of 9.2.1, or another; false: no memory, or no such configuration. */
MUST_USE bool rrc_srb_begin(struct rrc_srb *s, uint8_t id, const struct rrc_srb_home *home);
MUST_USE bool rrc_srb_configure(
	struct rrc_srb *s, uint8_t id, const struct rrc_srb_home *home, const struct pdcp_config *config);
/* As it was when it was begun: COUNTs, order, and no protection at all (38.331 5.3.7.4). */
MUST_USE bool rrc_srb_begin_again(struct rrc_srb *s);
/* Nothing happens where there is none. */
void rrc_srb_end(struct rrc_srb *s);

/* False: it cannot be sent, nor encoded. */
MUST_USE bool rrc_srb_send(
	struct rrc_srb *s, const struct per_type *type, const void *message, uint64_t now_ns);

/* A PDCP PDU of RLC, the bearer's from here on. */
void rrc_srb_receive(struct rrc_srb *s, struct sdu *pdu, uint64_t now_ns);

/*
 * A gNB-CU-UP (TS 38.401): SDAP and PDCP of the DRBs of all UEs, between the tunnels of their PDU sessions
 * and those of F1-U. It allocates by pools, has no clock, and its control is by these few functions.
 */
#pragma once

#include "radio/pdcp/pdcp.h"
#include "radio/sdap/sdap.h"

enum {
	CUUP_DRBS_MAX = 8,          /* of a session */
	CUUP_DRB_IDENTITY_MAX = 32, /* 38.331 DRB-Identity */
	CUUP_TEID_NONE = 0,
};

struct cuup_upper {
	void *arg;
	/* A packet of a session, uplink; tag is the session's. */
	void (*packet)(void *arg, uint64_t tag, uint8_t qfi, struct bytes packet);
	/* A PDCP PDU of downlink, to the tunnel that the DU gave out; CUUP_TEID_NONE: it is not known yet. */
	void (*f1u_send)(void *arg, uint64_t session, uint8_t drb, uint32_t teid, struct bytes pdu);
	/* 38.323 5.3: what was sent of that COUNT need not go on. */
	void (*f1u_discard)(void *arg, uint64_t session, uint8_t drb, uint32_t count);
};

struct cuup;
struct cuup_session;

/* NULL: out of memory. */
MUST_USE struct cuup *cuup_new(const struct cuup_upper *upper, uint32_t sessions_max);
void cuup_free(struct cuup *c);

/* NULL: there is no room. */
MUST_USE struct cuup_session *cuup_session_begin(struct cuup *c, uint64_t tag);
void cuup_session_end(struct cuup_session *s);

struct cuup_drb {
	uint8_t drb;             /* identity, 1 to CUUP_DRB_IDENTITY_MAX */
	struct pdcp_config pdcp; /* the gNB's end */
	struct pdcp_security keys;
	bool is_default;
	uint64_t flows; /* bit n: QFI n */
};

/* The tunnel that uplink of the DRB comes by; CUUP_TEID_NONE: it cannot be. */
MUST_USE uint32_t cuup_drb_begin(struct cuup_session *s, const struct cuup_drb *d);
/* Where its downlink goes. */
void cuup_drb_down(struct cuup_session *s, uint8_t drb, uint32_t teid);
/* It has these flows and no other. */
void cuup_flows_set(struct cuup_session *s, uint8_t drb, uint64_t flows);
/* 38.323 5.1.2: the keys are new. False: no such algorithm. */
MUST_USE bool cuup_drb_reestablish(
	struct cuup_session *s, uint8_t drb, const struct pdcp_security *keys, uint64_t now_ns);
void cuup_drb_end(struct cuup_session *s, uint8_t drb);
/* Its entity, for its numbers and for what the DU says of them. NULL: no such DRB. */
MUST_USE struct pdcp *cuup_drb_pdcp(struct cuup_session *s, uint8_t drb);

/* False: no DRB for the flow, or no memory. */
MUST_USE bool cuup_packet_send(
	struct cuup_session *s, uint8_t qfi, struct bytes packet, bool reflective_qos, uint64_t now_ns);
/* A PDCP PDU of uplink. */
void cuup_f1u_received(struct cuup *c, uint32_t teid, struct bytes pdu, uint64_t now_ns);
void cuup_run(struct cuup *c, uint64_t now_ns);

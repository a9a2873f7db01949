/*
 * The DU's end of F1-U (38.425, 29.281): PDCP PDUs of DRBs to and from CU-UPs, and what the DU tells of them:
 * how much it takes, what the UE has. RLC is below, by verbs. GTP-U datagrams come in and go out as octets.
 */
#pragma once

#include "base/addr.h"
#include "base/env.h"
#include "gnb/du/f1ap.h"
#include "wire/gtpu/nr_up.h"

enum { DU_F1U_PDUS_MAX = 512 /* of a DRB, that the UE has not got yet */ };

#define DU_F1U_NO_TAG UINT64_MAX /* nobody is told what becomes of it: PDCP control, or no flow control */

/* The DU's RLC; bearer is the caller's name of it. None of them may end a bearer. */
struct du_f1u_lower {
	void *arg;
	/* A PDCP PDU for the UE. False: it cannot be taken. */
	bool (*send)(void *arg, void *bearer, uint64_t tag, struct bytes pdu);
	/* 38.322 5.4: if nothing of it was sent. False: something was. */
	bool (*discard)(void *arg, void *bearer, uint64_t tag);
	/* Octets of PDUs of which nothing was sent yet. */
	uint64_t (*waiting)(void *arg, void *bearer);
	/* The CU-UP has no such tunnel any more. */
	void (*gone)(void *arg, void *bearer);
};

struct du_f1u_config {
	struct env *env;
	struct addr own;
	uint32_t bearers_max;
	uint32_t buffer_octets; /* of a DRB, that are wanted beyond what the UE has */
	struct du_f1u_lower lower;
	void *arg;
	/* It may not call back at once. */
	void (*send)(void *arg, const struct addr *to, struct bytes datagram);
};

struct du_f1u_stats {
	uint64_t dl_pdus, ul_pdus, refused, lost, discarded, reports, malformed, foreign, gone;
};

struct du_f1u;
struct du_f1u_bearer;

/* NULL: no memory. */
MUST_USE struct du_f1u *du_f1u_new(const struct du_f1u_config *config);
void du_f1u_free(struct du_f1u *f);

/* d: its tunnel towards the CU-UP, mode and PDCP's sequence number size. NULL: no room, or no address that
 * can be reached. */
MUST_USE struct du_f1u_bearer *du_f1u_begin(struct du_f1u *f, void *bearer, const struct du_f1ap_drb *d);
/* Ours, for the CU-UP. */
MUST_USE uint32_t du_f1u_teid(const struct du_f1u_bearer *b);
/* RLC has begun anew: what it had is gone, and comes again if PDCP wants it. bearer: the caller's name from
 * now on. */
void du_f1u_again(struct du_f1u_bearer *b, void *bearer);
/* With a last report. */
void du_f1u_end(struct du_f1u_bearer *b);

/* A PDCP PDU of the UE. */
void du_f1u_uplink(struct du_f1u_bearer *b, struct bytes pdu);
/* AM: the UE has the PDU of that tag. */
void du_f1u_delivered(struct du_f1u_bearer *b, uint64_t tag);
/* The radio link is lost, or there again. */
void du_f1u_outage(struct du_f1u_bearer *b, bool lost);

void du_f1u_received(struct du_f1u *f, const struct addr *from, struct bytes datagram);
MUST_USE struct du_f1u_stats du_f1u_stats(const struct du_f1u *f);
/* Every few milliseconds: reports that are due. */
void du_f1u_run(struct du_f1u *f);
/* When the next is due; NEVER: none is. */
MUST_USE uint64_t du_f1u_deadline_ns(const struct du_f1u *f);

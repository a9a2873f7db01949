/*
 * UE-associated N2 connections: their data, their record, and what becomes of them when their gNB's
 * association is lost (retention.c).
 */
#pragma once

#include "base/hash.h"
#include "base/list.h"
#include "base/timers.h"
#include "wire/ngap/ngap_id.h"

struct amf;
struct amf_gnb;
struct amf_ue;

/* A UE-associated logical NG-connection, 38.413 3.1. */
struct amf_connection {
	struct hash_node by_ran_id; /* (assoc, RAN UE NGAP ID), unless the gNB is absent, or no_ran_id */
	struct hash_node by_amf_id; /* (AMF UE NGAP ID, 0) */
	struct link link, unproved; /* in the lists of the gNB */
	struct timer guard;         /* UE never identified, or no release complete */
	struct amf_gnb *gnb;
	struct amf_ue *ue; /* NULL while it is being released */
	uint64_t amf_ue_ngap_id, number;
	uint32_t ran_ue_ngap_id;
	uint16_t stream;
	uint64_t whose;              /* core/nf/whose.h; outlives ue */
	uint8_t establishment_cause; /* enum ngap_rrc_establishment_cause */
	bool claimed;                /* an identity, which the AUSF was asked for */
	bool asked;         /* the gNB may have the UE's context: INITIAL CONTEXT SETUP REQUEST is sent */
	bool stored;        /* from then on, under number */
	bool context_setup; /* the gNB has the UE's context */
	bool no_ran_id;     /* of a handover's target that has not answered: in by_amf_id only */
	bool rrc_inactive;  /* the UE is, by its gNB's report (38.413 8.3.5) */
	bool leaving;       /* the UE is elsewhere; the release command follows (AMF_FORWARDING_MS) */
	uint16_t pending;   /* PDU sessions of which it was asked something that it has not answered */
	bool spoilt;        /* a message without its UE's integrity has been reported */
	bool secured;       /* secure exchange of NAS messages is established, 24.501 4.4.2.5 */
	struct nr_location location;
	uint64_t located_s; /* when its gNB has last named it, UTC; 0: not in this process */
};

/* connection_record.c: what of a connection is stored */
struct amf_connection_record {
	uint64_t number; /* of its key, which follows those before */
	uint64_t amf_ue_ngap_id, node_id;
	uint32_t ran_ue_ngap_id;
	uint8_t peer_len, peer[16]; /* the gNB's address */
	char imsi[16];              /* of the UE at rest on it; else the gNB must be made to forget it */
	uint8_t plmn[PLMN_OCTETS];  /* where the UE is, as NAS has it */
	uint32_t tac;
	uint64_t cell;
	bool no_ran_id;
};
/* Nothing is asked of the gNB, and the UE is registered: the connection can go on where it was. */
bool amf_connection_is_at_rest(const struct amf_connection *c);
/* A connection that is no more, until the store has its record no more. */
struct amf_gone_connection {
	struct mark mark;
	uint64_t number;
};

void amf_connection_put(struct amf *amf, struct amf_connection *c);
void amf_connection_delete(struct amf *amf, struct amf_connection *c);
/* Calls fn for each of this AMF; false: the store cannot be read. */
typedef void amf_connection_record_fn(struct amf *amf, void *arg, const struct amf_connection_record *r);
bool amf_connection_records(struct amf *amf, amf_connection_record_fn *fn, void *arg);

/* connection.c: UE-associated logical NG-connections */
enum amf_connection_use {
	AMF_FOR_NAS,      /* to the UE */
	AMF_FOR_SESSION,  /* N2 information of PDU sessions */
	AMF_FOR_HANDOVER, /* preparation of the target, 38.413 8.4.2 */
};
/* On which of the UE's connections that is sent; NULL: on none. */
struct amf_connection *amf_connection_for(const struct amf_ue *ue, enum amf_connection_use use);
struct amf_connection *amf_connection_new(struct amf *amf, struct amf_gnb *gnb, uint32_t ran_ue_ngap_id);
/* One of a handover's target, which has not given it its id; and that it has, false: it has another one so.
 */
struct amf_connection *amf_connection_prepare(struct amf *amf, struct amf_gnb *gnb, struct amf_ue *ue);
bool amf_connection_name(struct amf *amf, struct amf_connection *c, uint32_t ran_ue_ngap_id);
/* The UE has come to its target, which is its serving connection from now on. The one before is released when
 * its gNB has had time to forward what it has. */
void amf_connection_arrive(struct amf *amf, struct amf_ue *ue);
/* The same connection, with the gNB that the UE has gone to. */
void amf_connection_switch(
	struct amf *amf, struct amf_connection *c, struct amf_gnb *gnb, uint32_t ran_ue_ngap_id);
/* One of an absent gNB, as it was; NULL: there is no room, or it is there. */
struct amf_connection *amf_connection_restore(
	struct amf *amf, struct amf_gnb *gnb, const struct amf_connection_record *r);
/* Its UE has proved who it is. */
void amf_connection_proved(struct amf *amf, struct amf_connection *c);
void amf_connection_free(struct amf *amf, struct amf_connection *c);
/* The gNB's association is lost: what it may have of the UE stays, for now. */
void amf_connection_park(struct amf *amf, struct amf_connection *c);
/* It has another one: gnb is where the connection is from now on. */
void amf_connection_move(struct amf *amf, struct amf_connection *c, struct amf_gnb *gnb);
/* The gNB was asked for something of the PDU session, or has answered. */
void amf_connection_set_pending(
	struct amf *amf, struct amf_connection *c, uint8_t pdu_session_id, bool pending);
struct amf_connection *amf_connection_by_ran_id(
	struct amf *amf, const struct amf_gnb *gnb, uint32_t ran_ue_ngap_id);
/* NULL also when it is another gNB's. */
struct amf_connection *amf_connection_by_amf_id(
	struct amf *amf, const struct amf_gnb *gnb, uint64_t amf_ue_ngap_id);
/* Where its gNB says that the UE is, unless it is no cell of NR. */
void amf_connection_take_location(
	struct amf *amf, struct amf_connection *c, const struct ngap_user_location_information *u);
void amf_connection_attach(struct amf *amf, struct amf_connection *c, struct amf_ue *ue);
/* Takes the connection from its UE, which becomes CM-IDLE if it was the serving one. */
void amf_connection_detach(struct amf *amf, struct amf_connection *c);
/* The same, and frees it. */
void amf_connection_lost(struct amf *amf, struct amf_connection *c);
/* Sends UE CONTEXT RELEASE COMMAND, or has an absent gNB forget it later; the UE is CM-IDLE at once. */
void amf_connection_release(struct amf *amf, struct amf_connection *c, struct ngap_cause cause);

/* retention.c: gNBs without association, and their connections (38.413 8.7.1.2) */
/* One that is set up, or absent; 0 is none's. */
struct amf_gnb *amf_gnb_by_node(struct amf *amf, uint64_t node_id);
void amf_gnb_drop_connections(struct amf *amf, struct amf_gnb *gnb);
/* Takes it out of the indexes and frees it, with its connections. */
void amf_gnb_forget(struct amf *amf, struct amf_gnb *gnb);
/* Its association is lost. */
void amf_gnb_leaves(struct amf *amf, struct amf_gnb *gnb);
/* What an absent gNB had is gnb's, which is the same node, set up again; old is gone. */
void amf_gnb_returns(struct amf *amf, struct amf_gnb *old, struct amf_gnb *gnb);
/* Both keep what they have: the gNB is made to forget what it may have and the AMF has not any more. */
void amf_gnb_reconcile(struct amf *amf, struct amf_gnb *gnb);
/* The connections of the store; those of UEs at rest are theirs again, unless lost is set. */
void amf_retention_restore(struct amf *amf, bool lost);

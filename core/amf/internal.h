/* The AMF's data, and what its files share. Read amf.h first, then procedure.h, this, and registration.c.
 * The functions stand in the order of the files that define them: each uses those before it. */
#pragma once

#include "base/hash.h"
#include "base/list.h"
#include "base/pool.h"
#include "base/record.h"
#include "base/turn.h"
#include "base/words.h"
#include "core/amf/amf.h"
#include "core/amf/connection.h"
#include "core/amf/load.h"
#include "core/amf/mm_event.h"
#include "core/amf/ngap_handler.h"
#include "core/amf/procedure.h"
#include "core/amf/registration.h"
#include "core/amf/review.h"
#include "core/amf/session.h"
#include "core/amf/stats.h"
#include "core/amf/ue_event.h"
#include "core/amf/whose.h"
#include "core/nf/sealed.h"
#include "proto/nas_security.h"
#include "wire/ngap/ngap_id.h"
#include "wire/warning_message.h"

#define LOG_ROOM "amf"

/* An NG-RAN node: one SCTP association; or none any more, while it may retain UEs (retention.c). */
struct amf_gnb {
	struct hash_node by_assoc; /* (assoc, 0) */
	struct hash_node by_node;  /* (Global RAN Node ID, 0), while set up */
	struct timer setup_guard;  /* until NG Setup */
	uint64_t up_ns;
	uint64_t setup_s;        /* NG Setup, UTC; 0: not yet */
	struct link connections; /* struct amf_connection */
	struct link unproved;    /* those of UEs that have not proved who they are, the oldest first */
	uint32_t unproved_count;
	struct timer update; /* of AMF CONFIGURATION UPDATE: until it is answered, or may be sent again */
	uint8_t updates;     /* sent so often; 0: none is under way */
	uint8_t capacity;    /* relative capacity that it was told */
	bool update_slices;  /* the update under way tells slices */
	struct nssai slices; /* that it was told */
	struct timer warning_guard; /* until it is asked again for what it has not answered */
	uint64_t warnings;          /* bit n: that slot's, asked for and not answered */
	uint8_t warnings_asked;     /* how often */
	struct timer absence;       /* until its connections are given up */
	bool absent;                /* its association is missing */
	uint32_t connection_count;
	uint64_t assoc;
	uint64_t node_id; /* 0 until NG Setup */
	struct addr peer;
	char name[64];
	uint16_t streams, next_stream;
	uint16_t tai_count;
	struct tai *tais;
};

/* Whether the UE's radio can carry IMS voice, by its gNB (38.413 8.14.2). */
enum amf_voice { AMF_VOICE_UNKNOWN, AMF_VOICE_SUPPORTED, AMF_VOICE_UNSUPPORTED };

/* What the UE's gNBs have said of it. */
struct amf_ue_ran {
	uint64_t nci, located_s; /* its last cell, and when it was there, UTC; 0: not known */
	uint8_t voice;           /* enum amf_voice */
};

/* Of an area, in records. */
struct amf_tac {
	uint32_t tac;
};

struct amf_warning;

extern const struct record_def amf_ue_ran_def, amf_tac_def; /* ue_ran_record.c */

/* A PDU session as the AMF knows it: the way to its SMF. */
struct amf_session {
	struct amf_session *next;
	struct snssai snssai;
	uint8_t pdu_session_id;
	bool creating;              /* no ref yet */
	uint32_t generation;        /* of this session: a late answer finds another one */
	uint32_t callback;          /* generation of its status URI; persistent */
	const struct sbi_peer *smf; /* discovered, then the one that has the context */
	uint8_t request_type;
	bool emergency;             /* persistent */
	uint8_t old_pdu_session_id; /* that it is in place of, 23.502 4.3.5.2; 0: none */
	uint8_t presence; /* enum presence_state: what its SMF was told last, of a local area data network */
	size_t held_len;
	uint8_t *held;   /* the UE's request, until the SMF has it; then N2 information that waits for the
			    accept */
	const char *dnn; /* of amf.dnns; empty: none yet */
	char sm_context_ref[SM_CONTEXT_REF_SIZE];
};

struct amf_mobility;

struct amf_ue {
	struct hash_node by_supi, by_tmsi;
	struct mark mark; /* the store must follow */
	/* Mobile reachable, and when that has expired implicit de-registration (24.501 5.3.7): never both. */
	struct timer reachability;
	struct amf_connection *serving; /* NULL: CM-IDLE */
	struct amf_connection *target;  /* of a handover under way; see amf_connection_for() */
	struct amf_procedure *procedures;
	struct amf_session *sessions;
	struct amf_mobility *mobility; /* owned; NULL: nothing is other than usual, mobility.h */
	uint8_t state;                 /* enum mm_state */
	bool registered;               /* RM-REGISTERED: survives a re-registration that fails half way */
	bool stored;                   /* has, or may have, a record */
	bool gone;                     /* freed, but for its record */
	bool emergency;                /* registered for emergency services alone; persistent */
	bool ordered : 1;              /* the store has an order about it, ue_order.h */
	bool moved : 1;                /* its cell is another one than the store has */
	bool area_old : 1;             /* tacs have changed since it heard of its registration area */
	bool unreachable;              /* the mobile reachable timer expired, 24.501 5.3.7 */
	uint64_t last_node_id;         /* the gNB of its last connection */
	uint16_t release_cause;        /* event_ngap_cause() of its last connection; 0: none yet */
	uint16_t counted_slices;       /* bit n: counted among the registered UEs of that row */
	/* persistent, see ue_record.c */
	struct supi supi;        /* empty until authenticated */
	uint32_t tmsi, old_tmsi; /* 0: none. The old one is honoured until the new one is acknowledged */
	struct hash_node by_old_tmsi;
	struct nas_security security;
	uint32_t dl_count_reserved; /* counts below may have been used */
	uint32_t ul_count_stored;
	uint32_t kgnb_ul_count;
	uint8_t ncc, nh[KDF_KEY_LEN]; /* of the last handover, next_hop.c; valid when has_nh is set */
	bool has_nh;
	struct nas_ue_security_capability capability;
	uint64_t masked_imeisv; /* 38.413 9.3.1.54; 0: not known */
	uint64_t msisdn;        /* msisdn_key(), of the subscription; 0: none */
	struct nssai allowed_nssai;
	struct ambr ambr;
	struct tai tai;
	struct amf_ue_ran ran;
	char policy_id[POLICY_ID_SIZE];
	const struct sbi_peer *pcf; /* which has it */
	uint32_t callback;          /* generation of the de-registration URI */
	uint64_t registered_s;      /* when it registered, UTC */
	uint64_t secured_s;         /* when it authenticated last, UTC */
	uint8_t drx;                /* negotiated, 24.501 9.11.3.2A; 0: the cell's */
	bool k_amf_sealed; /* sealed_k_amf is of the present K_AMF: a key is sealed once, not with each put */
	uint8_t sealed_k_amf[KDF_KEY_LEN + NF_SEAL_OVERHEAD];
};

/* What is above: acted by whoever is below without knowing it. dispatch.c */
struct amf_home_update_def;

struct amf_dispatch {
	const struct fsm *mm;
	struct amf_procedure_ops procedure[AMF_PROCEDURE_KINDS];
	const struct amf_home_update_def *home_update[AMF_PROCEDURE_KINDS]; /* NULL: it is none */
};

struct amf {
	struct nf nf;
	const struct amf_dispatch *dispatch;
	struct amf_config config;
	char set_id[4]; /* of info */
	struct amf_info info;
	struct pool gnbs, connections, ues, sessions, gone_connections;
	struct pool procedures[AMF_PROCEDURE_KINDS];
	struct hash gnb_by_assoc, gnb_by_node, connection_by_ran_id, connection_by_amf_id, ue_by_supi,
		ue_by_tmsi;
	struct words dnns;      /* of sessions */
	struct marks to_store;  /* UEs */
	struct marks to_delete; /* gone_connections: those whose records are still in the store */
	uint32_t gone;          /* UEs of the pool that are only still to be deleted from the store */
	uint32_t generation;
	uint64_t connection_number; /* the last that a record has */
	uint32_t registered;
	uint32_t unproved;    /* UEs that go by their equipment: emergency calls of who has no SUPI */
	uint32_t gnbs_asking; /* that have UEs which have not proved who they are */
	struct amf_load load;
	struct amf_warning *warnings[AMF_WARNINGS_MAX]; /* owned; warning.c */
	struct arena arena;                             /* decoding and encoding of the message at hand */
	const struct per_diag *notify; /* what the answer to it is to report; NULL: nothing, or it has */
	uint8_t buffer[NGAP_PDU_MAX];  /* encoded NGAP */
	uint8_t nas_buffer[AMF_NAS_MAX];
	struct amf_tap tap;
	uint64_t seen, whose; /* the N2 message at hand: its number there (0: none), and whom it concerns */
	uint64_t stat[AMF_STAT_COUNT];
	struct amf_figures figures;
	struct amf_review review;
};

/* A received NAS message with how it came. */
struct amf_nas {
	struct amf_connection *connection;
	const struct nas_msg *msg;
	struct bytes plain;
	bool initial;      /* the first of its connection */
	bool is_protected; /* with a good MAC of the context in use (or of the pending one) */
	uint32_t count;    /* its NAS COUNT, when is_protected */
};

/* alarm.c: the gNB is away, or there again */
void amf_gnb_alarm(struct amf *amf, const struct amf_gnb *gnb, bool away);

/* ue_index.c: UE contexts in their pool, by SUPI and by 5G-TMSI */
struct amf_ue *amf_ue_new(struct amf *amf);
/* The store must have the UE, as it is at the end of this turn, or not have it. */
void amf_ue_dirty(struct amf *amf, struct amf_ue *ue);
bool amf_ue_allocate_tmsi(struct amf *amf, struct amf_ue *ue);
void amf_ue_tmsi_acknowledged(struct amf *amf, struct amf_ue *ue);
void amf_ue_set_supi(struct amf *amf, struct amf_ue *ue, const struct supi *supi);
void amf_ue_set_registered(struct amf *amf, struct amf_ue *ue, bool registered);
struct amf_ue *amf_ue_by_supi(struct amf *amf, const struct supi *supi);
/* By the callback that the UDM has; NULL: none, or the registration has ended. */
struct amf_ue *amf_ue_of_callback(struct amf *amf, const char *callback);
/* The 5G-TMSI of a 5G-GUTI or 5G-S-TMSI that this AMF gave out; 0: of none. */
uint32_t amf_tmsi_of_ours(const struct amf *amf, const struct nas_mobile_identity *identity);
/* Puts a context that was read under its SUPI and 5G-TMSIs. */
void amf_ue_index(struct amf *amf, struct amf_ue *ue);
struct amf_ue *amf_ue_by_guti(struct amf *amf, const struct nas_mobile_identity *identity);
bool amf_ue_has_tmsi(struct amf *amf, uint32_t tmsi);
/* Takes the UE out of its indexes and, once its record is deleted, out of the pool. */
void amf_ue_forget(struct amf *amf, struct amf_ue *ue);
/* What an operator reads: "imsi-..." or "ue 12 (not identified)". A view of a buffer of the caller's. */
const char *amf_ue_str(const struct amf *amf, const struct amf_ue *ue, char buf[48]);

/* mobility.c */
void amf_mobility_free(struct amf_ue *ue);

/* ue.c: the end of a UE context, and the UE without a connection */
void amf_ue_free(struct amf *amf, struct amf_ue *ue);
void amf_ue_became_idle(struct amf *amf, struct amf_ue *ue);

/* n2_send.c */
bool amf_n2_send(
	struct amf *amf, struct amf_gnb *gnb, uint16_t stream, enum ngap_message type, const void *body);
bool amf_n2_send_ue(struct amf *amf, struct amf_connection *c, enum ngap_message type, const void *body);
void amf_n2_error_indication(struct amf *amf, struct amf_gnb *gnb, const uint64_t *amf_ue_ngap_id,
	const uint32_t *ran_ue_ngap_id, struct ngap_cause cause);

/* gnb.c */
struct amf_gnb *amf_gnb_find(struct amf *amf, uint64_t assoc);
void amf_gnb_up(struct amf *amf, const struct msg *m);
void amf_gnb_down(struct amf *amf, uint64_t assoc);
/* It has the tracking area, which is served here. */
bool amf_gnb_has_tai(const struct amf *amf, const struct amf_gnb *gnb, const struct tai *tai);
/* An association has to be set up within so many times ng_setup_s. */
void amf_gnb_guard_setup(struct amf *amf, struct amf_gnb *gnb, uint32_t times);

/* share.c */
/* Before a first NAS message of gnb is taken: where something is used up, another UE gives way. */
void amf_share_make_room(struct amf *amf, struct amf_gnb *gnb);
/* Whether gnb has not more than its part of so many. */
bool amf_share_is_left(const struct amf *amf, const struct amf_gnb *gnb, uint32_t all);

/* n1_send.c: NAS out */
/* Encodes and protects msg for the UE; a view of amf->nas_buffer, empty when that fails. */
struct bytes amf_n1_protected(
	struct amf *amf, struct amf_ue *ue, enum nas_security_header_type type, const struct nas_msg *msg);
/* Sends msg in DOWNLINK NAS TRANSPORT. */
bool amf_n1_send(
	struct amf *amf, struct amf_ue *ue, enum nas_security_header_type type, const struct nas_msg *msg);
/* Sends octets that are protected already. */
bool amf_n1_transport(struct amf *amf, struct amf_ue *ue, struct bytes pdu);
/* Keeps msg for repetition, and starts the timer, without sending it; false: it cannot be kept. */
bool amf_n1_keep(struct amf *amf, struct amf_procedure *p, enum nas_security_header_type type,
	const struct nas_msg *msg, uint32_t timer_ms);
/* The same, and sends it. What does not leave now is repeated, so that is no failure. */
bool amf_n1_send_and_wait(struct amf *amf, struct amf_procedure *p, enum nas_security_header_type type,
	const struct nas_msg *msg, uint32_t timer_ms);
/* Repeats the kept message; false when it was repeated often enough. */
bool amf_n1_repeat(struct amf *amf, struct amf_procedure *p, uint32_t timer_ms);
/* T3560 and T3570: repeats, and at the fifth expiry releases the connection. */
void amf_n1_common_expired(struct amf *amf, struct amf_procedure *p);
void amf_n1_status(struct amf *amf, struct amf_ue *ue, uint8_t cause);

/* nas_container.c: the complete initial message, which may come ciphered in the clear one (4.4.6) */
const struct nas_msg *amf_nas_complete(
	struct amf *amf, struct amf_ue *ue, const struct amf_nas *nas, struct nas_msg *inner);

/* ue_radio_capability.c: in the store alone, 38.413 8.14.1 */
void amf_ue_radio_capability_info_indication(struct amf *amf, struct amf_connection *c, const void *body);
/* BYTES_NONE when it is not known; valid until the store changes. */
struct bytes amf_ue_radio_capability(struct amf *amf, const struct amf_ue *ue);
void amf_ue_radio_capability_forget(struct amf *amf, struct amf_ue *ue);
/* initial_context_setup.c */
void amf_initial_context_setup_expired(struct amf *amf, struct amf_procedure *p);
/* An accept for the UE, with the sessions that are ready: in INITIAL CONTEXT SETUP REQUEST, or, where the gNB
 * has the context or is being given it, beside. */
bool amf_accept_send(struct amf *amf, struct amf_ue *ue, const struct nas_msg *accept);

/* session_delivery.c: what the SMF has for UE and gNB */
/* True for N2 information that a network function sends to a gNB about a session, and this AMF brings there.
 */
bool amf_session_deliverable(enum n2_sm_info_type type);
/* Has the gNB set up what is held, once the accept is sent and the gNB has the UE's context. */
/* Nothing while the gNB is busy: whatever it is busy with calls again at its end. */
void amf_session_deliver_held(struct amf *amf, struct amf_ue *ue);
/* What a gNB has about a session, for its SMF. */
void amf_session_n2_info(struct amf *amf, struct amf_connection *c, uint8_t pdu_session_id,
	enum n2_sm_info_type type, struct bytes info);
bool amf_session_deliver(struct amf *amf, struct amf_ue *ue, const struct amf_session *s,
	struct bytes n1_sm_msg, enum n2_sm_info_type type, struct bytes info);
/* 24.501 5.4.5.3.1 and 5.4.5.2.5: gives a payload back that went nowhere. */
void amf_session_not_forwarded(
	struct amf *amf, struct amf_ue *ue, uint8_t pdu_session_id, struct bytes payload, uint8_t cause);

/* session_establishment.c */
/* Asks an SMF for an emergency session in that slice and DNN; false: there is no room. */
bool amf_session_begin(struct amf *amf, struct amf_ue *ue, const struct nas_ul_nas_transport *m,
	const struct snssai *slice, const char *dnn);
void amf_session_request(struct amf *amf, struct amf_ue *ue, const struct nas_ul_nas_transport *m);
void amf_session_establishing(
	struct amf *amf, struct amf_ue *ue, struct amf_session *s, const struct sbi_answer *a);

/* session_transport.c: 5GSM messages of the UE to the SMF, and what the SMF answers */
void amf_session_ul_nas_transport(struct amf *amf, struct amf_ue *ue, const struct nas_ul_nas_transport *m);
void amf_session_on_answer(struct amf *amf, const struct sbi_answer *a);
void amf_session_status_notify(struct amf *amf, const struct sbi_request *r);

/* deregistration.c */
/* Deletes an AM policy association at the PCF that has it. */
void amf_policy_delete(struct amf *amf, const struct sbi_peer *pcf, const char *policy_id, uint64_t whose);
fsm_action amf_deregistration_request, amf_deregistration_start, amf_deregistration_implicit,
	amf_deregistration_unreachable, amf_deregistration_moved;
void amf_deregistration_replaced(struct amf *amf, struct amf_ue *ue);
enum fsm_outcome amf_deregistration_refused(struct amf *amf, struct amf_ue *ue);
void amf_deregistration_expired(struct amf *amf, struct amf_procedure *p);
void amf_deregistration_wait_expired(struct amf *amf, struct amf_procedure *p);

/* reauthentication.c */
/* By age, or by NAS COUNT, where the UE is connected. */
void amf_reauthentication_due(struct amf *amf, struct amf_ue *ue);
void amf_reauthentication_expired(struct amf *amf, struct amf_procedure *p);

/* rekeying.c */
enum fsm_outcome amf_reauthentication_secured(
	struct amf *amf, struct amf_ue *ue, const struct amf_next_hop *before);
/* The gNB gets K_gNB of the new K_AMF; before: where the chain of the old one is, NULL: it cannot be had.
 * False: it cannot be asked. */
bool amf_rekey(struct amf *amf, struct amf_ue *ue, const struct amf_next_hop *before);
/* refusal NULL: the gNB has the key. */
void amf_rekeying_answered(struct amf *amf, struct amf_ue *ue, const struct ngap_cause *refusal);
void amf_rekeying_expired(struct amf *amf, struct amf_procedure *p);
void amf_rekeying_ended(struct amf *amf, struct amf_procedure *p);

/* subscription_change.c: what it has of rates and numbers. */
void amf_subscription_take(struct amf_ue *ue, const struct access_and_mobility_subscription_data *data);
/* ue_context_modification.c */
void amf_ue_ambr_changed(struct amf *amf, struct amf_ue *ue, const struct ambr *ambr);

/* configuration_update.c: names and time, where they are configured. */
void amf_configuration_update(struct amf *amf, struct amf_ue *ue);
void amf_guti_reallocate(struct amf *amf, struct amf_ue *ue);
/* The areas that the UE has not been told of, once it is connected. */
void amf_configuration_update_areas(struct amf *amf, struct amf_ue *ue);
void amf_configuration_update_expired(struct amf *amf, struct amf_procedure *p);

/* service_request.c */
fsm_action amf_service_request, amf_configuration_update_complete;
void amf_service_request_expired(struct amf *amf, struct amf_procedure *p);

/* ue_record.c */
mark_put_fn amf_ue_put;
mark_kept_fn amf_ue_kept;
mark_put_fn amf_connection_delete_put;
mark_kept_fn amf_connection_deleted;
void amf_ue_restore_all(struct amf *amf, bool counts_lost);

/* n1_receive.c: NAS in */
void amf_n1_receive(struct amf *amf, struct amf_connection *c, struct bytes pdu, bool initial);

/* ng_setup.c: Global RAN Node ID as a number: PLMN, kind, length and value; 0 for kinds we do not serve. */
uint64_t amf_node_id(const struct ngap_global_ran_node_id *id);

/* error_indication.c */
/* Answers a message in error as 38.413 10 has it: by its procedure's refusal, Error Indication, or not. */
void amf_n2_answer_error(struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu,
	const struct per_diag *diag, struct ngap_cause cause);
/* n2_unserved.c: refusals of what is not served, and of what asks for an answer without a handler */
void amf_n2_unserved(struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu);

extern const struct amf_dispatch amf_dispatch; /* dispatch.c */

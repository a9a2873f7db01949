/* Inside the CU-UP as a whole: bearer contexts with their PDU sessions and DRBs. */
#pragma once

#include "base/hash.h"
#include "base/list.h"
#include "base/pool.h"
#include "base/timers.h"
#include "gnb/cuup/cuup.h"
#include "gnb/cuup/node.h"
#include "proto/gtpu_path.h"
#include "wire/e1ap/e1ap.h"
#include "wire/gtpu/nr_up.h"

enum {
	CUUP_SESSIONS_A_UE = 16,
	CUUP_SESSIONS_MEAN = 2, /* of all UEs, at most */
	CUUP_DRBS_MEAN = 4,
	CUUP_ARENA_OCTETS = 16384,
	CUUP_ARENA_LIMIT = 1 << 20,
	CUUP_PDU_MAX = 16384,
	CUUP_SETUP_MS = 5000, /* between two attempts at a procedure of the whole interface */
	CUUP_GENERATION_SHIFT = 20,
	CUUP_IN_FLIGHT_MAX = 512,       /* PDCP PDUs of a DRB that the DU has and the UE has not */
	CUUP_WAITING_MAX = 4096,        /* SDUs of a DRB that wait for the DU */
	CUUP_EARLY_MAX = 1024,          /* PDUs of a DRB that wait for the context to go on */
	CUUP_GUESS_OCTETS = 256 * 1024, /* that a DU takes, until it has said */
	CUUP_DATAGRAM_MAX = SDU_LEN_MAX + 128,
};

/* 37.483 8.3.6: since when nothing passed, and whether the CU-CP knows. */
struct cuup_activity {
	uint32_t limit_s; /* 0: nobody wants to know */
	uint64_t heard_ns;
	bool silent;
};

/* What the DU is sent, and wants (38.425 5.4). PDUs are numbered by their COUNT. */
struct cuup_window {
	uint32_t sn;                /* NR-U, of the next */
	uint32_t first, next;       /* in flight: from first up to, not including, next */
	uint64_t octets, polled_at; /* in flight; sent in all when the DU was last asked */
	uint64_t sent;
	uint64_t wanted; /* octets the DU takes beyond what it has delivered */
	bool reported;   /* by the DU; else it is a guess */
	uint64_t polled_ns;
	uint16_t lens[CUUP_IN_FLIGHT_MAX];
	uint32_t discard_from; /* COUNTs that need not go on */
	uint8_t discard_size;
};

/* The other end of a tunnel, for Error Indications. */
struct cuup_remote {
	struct hash_node node;
	bool hashed;
	struct addr addr; /* len 0: not known yet */
	uint32_t teid;
};

struct cuup_bearer {
	struct hash_node by_teid; /* ours, of F1-U: uplink */
	struct link waits;
	struct cuup_pdu_session *session;
	uint8_t drb, sn_bits, ul_sn_bits;
	bool am;
	uint32_t teid, inner; /* inner: as cuup.h names it */
	struct cuup_remote du;
	uint32_t discard_ms;
	uint64_t flows; /* bit n: QFI n */
	struct cuup_activity activity;
	struct cuup_window window;
	struct sdu_queue waiting;      /* SDUs; tag: their QFI and RQI */
	struct sdu_queue early;        /* PDUs of a UE that is suspended: by keys that are to come */
	uint64_t ul_octets, dl_octets; /* since the last report of usage */
};

struct cuup_pdu_session {
	struct hash_node by_teid; /* ours, of N3: downlink */
	struct cuup_context *context;
	struct cuup_session *entity;
	uint8_t psi, default_drb; /* 0: none */
	uint32_t teid;
	struct cuup_remote upf;
	bool integrity, ciphering;
	struct cuup_activity activity;
	struct cuup_bearer *bearers[CUUP_DRBS_MAX]; /* in no order; NULL: free */
};

/* What the CU-CP was told that it is to go (8.3.3). */
struct cuup_removal {
	bool there;
	uint8_t psi, drb; /* drb 0: the session */
};

struct cuup_context {
	struct hash_node by_cp_id;
	struct cuup_node *node;
	uint32_t id, cp_id; /* gNB-CU-UP and -CP UE E1AP ID */
	struct pdcp_security keys;
	bool has_integrity;       /* algorithm and key */
	bool suspended, notified; /* notified: of downlink that came meanwhile */
	bool ending;              /* the CU-CP was asked to release it */
	uint8_t level;            /* enum e1ap_activity_notification_level */
	struct cuup_activity activity;
	struct timer watch;
	struct cuup_removal removing[CUUP_SESSIONS_A_UE];
	struct cuup_pdu_session *sessions[CUUP_SESSIONS_A_UE];
};

struct cuup_node {
	struct cuup_node_config config;
	struct cuup *cuup;
	struct pool contexts, sessions, bearers;
	struct sdu_pool waiting_sdus;
	struct link waiting;                      /* bearers whose DU has no room */
	struct hash n3, f1u, by_cp_id, upfs, dus; /* the last two by remote end */
	struct timers timers;
	struct timer setup, update, usage;
	struct gtpu_path n3_path, f1u_path;
	uint32_t *generations;
	uint64_t usage_from_ms;
	bool up, releasing, overloaded;
	uint8_t transaction, update_transaction;
	uint8_t packet[CUUP_DATAGRAM_MAX];
	struct cuup_node_stats stats;
};

/* e1ap_send.c */
bool cuup_e1ap_send(struct cuup_node *n, enum e1ap_message message, const void *body);

/* context.c. NULL: none of that pair, counted. */
struct cuup_context *cuup_context_find(struct cuup_node *n, uint32_t cp_id, uint32_t id);
struct cuup_context *cuup_context_new(struct cuup_node *n, uint32_t cp_id);
void cuup_context_free(struct cuup_context *c);
void cuup_contexts_free(struct cuup_node *n);
struct cuup_pdu_session *cuup_session_of(const struct cuup_context *c, uint8_t psi);
struct cuup_pdu_session *cuup_pdu_session_new(struct cuup_context *c, uint8_t psi);
void cuup_pdu_session_free(struct cuup_pdu_session *s);
struct cuup_bearer *cuup_bearer_of(const struct cuup_pdu_session *s, int64_t drb);
bool cuup_has_drb(const struct cuup_context *c, int64_t drb); /* one of its sessions has it */
/* config: without keys. */
struct cuup_bearer *cuup_bearer_new(struct cuup_pdu_session *s, const struct cuup_drb *config);
void cuup_bearer_free(struct cuup_bearer *b);
/* Nothing is in flight; next: the COUNT of the next PDU. */
void cuup_window_begin(struct cuup_bearer *b, uint32_t next);
/* What the entity ciphers and protects with, by what the session asks for. */
struct pdcp_security cuup_keys(const struct cuup_pdu_session *s);
/* Where its downlink goes from now on. */
void cuup_bearer_attach(struct cuup_bearer *b, const struct addr *du, uint32_t teid);
void cuup_remote_set(struct hash *h, struct cuup_remote *r, const struct addr *addr, uint32_t teid);
/* NULL: none. */
struct hash_node *cuup_remote_find(const struct hash *h, const struct addr *addr, uint32_t teid);
void cuup_bearer_map(struct cuup_bearer *b, uint64_t flows);

/* e1ap_setup.c */
void cuup_e1_setup_send(struct cuup_node *n);
void cuup_e1_setup_answered(struct cuup_node *n, const struct e1ap_pdu *pdu);
void cuup_e1_interface(struct cuup_node *n, const struct e1ap_pdu *pdu);

/* load.c: after what may have changed how much room there is. */
void cuup_load_check(struct cuup_node *n);

/* e1ap_reset.c */
void cuup_reset(struct cuup_node *n, const struct e1ap_reset *m);

/* bearer_context_setup.c */
void cuup_bearer_context_setup(
	struct cuup_node *n, const struct e1ap_bearer_context_setup_request *m, struct arena *arena);
bool cuup_security_read(struct cuup_context *c, const struct e1ap_security_information *in);
/* A session anew; false: *failed says why. */
bool cuup_session_setup(struct cuup_context *c, const struct e1ap_pdu_session_resource_to_setup_item *in,
	struct e1ap_pdu_session_resource_setup_item *done, struct e1ap_cause *failed, struct arena *arena);
/* DRBs of a session; how many of them were set up. */
size_t cuup_drbs_setup(struct cuup_pdu_session *s, const struct e1ap_drb_to_setup_list_ng_ran *in,
	struct e1ap_drb_setup_list_ng_ran *done, struct e1ap_drb_failed_list_ng_ran *failed,
	struct arena *arena);
MUST_USE bool cuup_peer_read(
	const struct e1ap_up_tnl_information *in, const struct addr *own, struct addr *peer, uint32_t *teid);
uint64_t cuup_flows_read(const struct e1ap_qos_flow_qos_parameter_list *in);
bool cuup_pdcp_read(const struct e1ap_pdcp_configuration *in, struct pdcp_config *out);

/* bearer_context_modification.c */
void cuup_bearer_context_modification(
	struct cuup_node *n, const struct e1ap_bearer_context_modification_request *m, struct arena *arena);

/* bearer_context_modification_required.c: a tunnel's other end has forgotten it. */
void cuup_session_lost(struct cuup_pdu_session *s);
void cuup_bearer_lost(struct cuup_bearer *b);
void cuup_modification_confirmed(
	struct cuup_node *n, const struct e1ap_bearer_context_modification_confirm *m);

/* bearer_context_release.c */
void cuup_bearer_context_release(struct cuup_node *n, const struct e1ap_bearer_context_release_command *m);
/* Asks for it, once. */
void cuup_release_request(struct cuup_context *c, enum e1ap_cause_radio_network cause);

/* activity.c */
void cuup_activity_begin(struct cuup_activity *a, bool wanted, int64_t limit_s, uint64_t now_ns);
void cuup_active(struct cuup_bearer *b);
void cuup_watch(struct cuup_context *c);
void cuup_downlink_notify(struct cuup_pdu_session *s, uint8_t qfi);
void cuup_usage_begin(struct cuup_node *n);
void cuup_usage_report(struct cuup_context *c);

/* n3.c, f1u.c: hooks of cuup.h */
void cuup_n3_packet(void *arg, uint64_t tag, uint8_t qfi, struct bytes packet);
void cuup_f1u_pdu(void *arg, uint64_t tag, uint8_t drb, uint32_t teid, struct bytes pdu);
void cuup_f1u_discard(void *arg, uint64_t tag, uint8_t drb, uint32_t count);
/* A packet of a session for its UE; now, or once the DU has room. */
void cuup_downlink(struct cuup_bearer *b, uint8_t qfi, bool rqi, struct bytes packet);
void cuup_window_run(struct cuup_bearer *b, uint64_t now_ns);
/* Unless it is suspended, what waits may go, both ways. */
void cuup_context_resume(struct cuup_context *c);

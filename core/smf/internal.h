/* The SMF's data, and what its files share. Read smf.h first, then this, then session_fsm.c. */
#pragma once

#include "base/fsm.h"
#include "base/hash.h"
#include "base/list.h"
#include "base/pool.h"
#include "base/turn.h"
#include "core/smf/smf.h"
#include "proto/pfcp.h"
#include "wire/nas/nas.h"
#include "wire/ngap/ngap.h"

#define LOG_ROOM "smf"

/* One default QoS flow with a match-all rule a session. */
enum { SMF_QFI = 1, SMF_QOS_RULE = 1, SMF_RULE_PRECEDENCE = 255 };

/* Of the store's META table. */
#define SMF_RECOVERY_KEY "smf_recovery_time_stamp"

/* The rules of each PFCP session. */
enum {
	PDR_UPLINK = 1,
	PDR_DOWNLINK = 2,
	FAR_UPLINK = 1,
	FAR_DOWNLINK = 2,
	QER_SESSION = 1,
	QER_FLOW = 2,
	URR_SESSION = 1
};

/* Stored: never renumber. Sessions in the making (below SM_ACCEPTING) are not. */
enum sm_state {
	SM_SUBSCRIBING,  /* the UDM is asked for the subscription */
	SM_REGISTERING,  /* the UDM registers the SMF */
	SM_AUTHORIZING,  /* the PCF is asked */
	SM_ESTABLISHING, /* the AMF has the context; PFCP session establishment */
	SM_ACCEPTING,    /* accept and setup request are with the AMF; the gNB's answer is awaited */
	SM_CONNECTING,   /* PFCP session modification to forward to the gNB */
	SM_ACTIVE,
	SM_DISCONNECTING, /* PFCP session modification to drop */
	SM_INACTIVE,      /* no user plane: the UE is idle */
	SM_ACTIVATING,    /* a setup request is with the AMF; the gNB's answer is awaited */
	SM_RELEASING,     /* T3592 runs: PDU SESSION RELEASE COMMAND is sent */
	SM_DELETING,      /* PFCP session deletion; not in the index by SUPI any more */
	SM_STATE_COUNT
};

enum sm_event {
	SM_EV_ANSWER,           /* of UDM or PCF: struct sbi_answer */
	SM_EV_N4_DONE,          /* the last PFCP request was accepted */
	SM_EV_N4_FAILED,        /* it was not, or not answered */
	SM_EV_TRANSFER_FAILED,  /* the AMF cannot bring the accept on its way */
	SM_EV_SETUP_RESPONSE,   /* struct sm_update */
	SM_EV_SETUP_FAILURE,    /* struct sm_update */
	SM_EV_ACTIVATE,         /* struct sm_update */
	SM_EV_DEACTIVATE,       /* struct sm_update; NULL: the gNB's tunnel is gone */
	SM_EV_RELEASE_REQUEST,  /* by UE or AMF: struct sm_update */
	SM_EV_RELEASE_COMMAND,  /* by the network itself */
	SM_EV_RELEASE_COMPLETE, /* of the UE: struct sm_update */
	SM_EV_RELEASE_RESPONSE, /* of the gNB: struct sm_update */
	SM_EV_END,              /* local release: nobody is told */
	SM_EV_TIMER,
	SM_EV_COUNT
};

enum { SMF_UPF_NONE = 0xff };

/* A PDU session: an SM context. */
struct smf_session {
	struct hash_node by_supi; /* (SUPI, PDU session id), but in SM_DELETING */
	struct hash_node by_seid; /* (SEID, 0) */
	struct mark mark;         /* the store must follow */
	struct timer timer;       /* setup guard, T3592 */
	const struct smf_dnn *dnn;
	uint64_t request_id;    /* of the service request to be answered when the step is done; 0: none */
	uint32_t generation;    /* of questions asked; late answers find another one */
	uint32_t n4_generation; /* of the PFCP request whose response is awaited */
	uint8_t state;          /* enum sm_state; written by the state machine only */
	uint8_t dns_asked, mtu_asked; /* ePCO containers of the request */
	uint8_t always_on_asked;
	uint8_t ipcp_asked, ipcp_id; /* DNS by an IPCP Configure-Request: enum ipcp_dns, its identifier */
	uint8_t retries;
	uint8_t pti;          /* of the procedure under way; 0: the network's */
	uint8_t n1_cause;     /* 5GSM cause of the accept (0: none) or of the release */
	bool indexed;         /* in by_supi */
	bool stored;          /* has, or may have, a record */
	bool gone;            /* freed, but for its record */
	bool registered;      /* at the UDM */
	bool accepted;        /* the UE has, or had, the session */
	bool n4_lost;         /* the UPF does not have the PFCP session (any more) */
	bool n4_establishing; /* the response to the establishment is awaited */
	bool n4_again;        /* rules changed since, or a request may have been lost with the process */
	bool n4_batch;        /* the next PFCP request counts among smf_upf.restoring */
	bool address_taken;
	bool gnb_has;          /* the gNB has, or may have, resources of the session */
	bool n1_done, n2_done; /* of the release */
	bool notify;           /* tell the AMF that the session ends */
	/* persistent, see session.c */
	struct supi supi;
	uint8_t pdu_session_id;
	uint8_t upf;    /* index of smf->upfs */
	bool up_active; /* the downlink FAR forwards */
	bool static_address;
	struct snssai snssai;
	uint64_t seid, up_seid;
	uint32_t ue_ip;          /* host order; 0: none */
	uint32_t ul_ip, ul_teid; /* F-TEID of the UPF on N3 */
	uint32_t dl_ip, dl_teid; /* of the gNB */
	struct ambr ambr;
	struct default_qos qos;
	uint64_t uplink_octets, downlink_octets;
	char policy_id[POLICY_ID_SIZE]; /* empty: none */
	const struct sbi_peer *pcf;     /* which has it */
	const struct sbi_peer *amf;     /* which serves the UE, and what it wants to be told of the end by */
	char status_uri[SBI_URI_SIZE];
};

/* A configured UPF. */
struct smf_upf {
	struct pfcp_peer *peer;
	const struct smf_upf_config *config;
	struct timer retry; /* of the association setup */
	uint32_t retry_ms;
	uint32_t sessions;
	uint32_t restoring, restore_at; /* sessions under way, next pool index to look at */
	bool associated, asking;        /* asking: an association setup is unanswered */
	bool restore;                   /* sessions may have to be established anew */
	struct mark recovery;           /* its Recovery Time Stamp is to be stored */
};

/* A pool of UE addresses; bit n is the nth address of the prefix. */
struct address_pool {
	struct prefix4 prefix;
	uint32_t size, next, used;
	uint64_t *bits;
};

/* What the profile at the NRF has views of. */
struct smf_served {
	struct smf_info info;
	struct snssai snssais[SMF_DNNS_MAX];
	struct snssai_smf_info_item slices[SMF_DNNS_MAX];
	struct dnn_smf_info_item dnns[SMF_DNNS_MAX][SMF_DNNS_MAX];
};

struct smf {
	struct nf nf;
	struct smf_served served;
	struct smf_config config;
	struct pfcp_node *pfcp;
	struct pool sessions;
	struct hash by_supi, by_seid;
	struct marks sessions_to_store, times_to_store;
	struct mark recovery_mark;
	uint32_t gone;      /* sessions of the pool that are only still to be deleted from the store */
	struct arena arena; /* decoding and encoding of the message at hand */
	struct address_pool pools[SMF_DNNS_MAX];
	uint8_t pool_of[SMF_DNNS_MAX]; /* by DNN: those with the same prefix share a pool */
	struct smf_upf upfs[SMF_UPFS_MAX];
	uint32_t generation, active;
	uint32_t recovery; /* own Recovery Time Stamp */
	bool kept;         /* it is that of an earlier process with the same sessions */
	uint8_t n1_buffer[SMF_N1_MAX], n2_buffer[SMF_N2_MAX];
	uint64_t stat[SMF_STAT_COUNT];
};

/* An UpdateSMContext request, with what could be read in its messages. */
struct sm_update {
	uint64_t id; /* of the service request */
	const struct nsmf_update_sm_context_req *req;
	const struct nas_msg *n1;
	uint32_t dl_ip, dl_teid; /* SM_EV_SETUP_RESPONSE */
};

static inline void v4_octets(uint32_t ip, uint8_t out[4])
{
	struct writer w = writer_of(out, 4);

	writer_u32(&w, ip);
}

static inline uint32_t v4_of(const uint8_t octets[4])
{
	struct cursor c = cursor_of(bytes_of(octets, 4));

	return cursor_u32(&c);
}

/* address_pool.c */
bool smf_address_pool_init(struct address_pool *p, const struct prefix4 *prefix);
void smf_address_pool_fini(struct address_pool *p);
/* The next free address, round robin so that one given back rests; 0 when there is none. */
uint32_t smf_address_pool_take(struct address_pool *p);
/* A certain address, which need not be of the prefix; false when it is taken. */
bool smf_address_pool_take_static(struct address_pool *p, uint32_t ip);
void smf_address_pool_give(struct address_pool *p, uint32_t ip);

/* session.c */
struct smf_session *smf_session_new(struct smf *smf, const struct supi *supi, uint8_t pdu_session_id);
struct smf_session *smf_session_find(struct smf *smf, const struct supi *supi, uint8_t pdu_session_id);
struct smf_session *smf_session_by_seid(struct smf *smf, uint64_t seid);
struct smf_session *smf_session_by_ref(struct smf *smf, const char *ref);
void smf_session_ref(const struct smf_session *s, char out[SM_CONTEXT_REF_SIZE]);
void smf_session_unindex(struct smf *smf, struct smf_session *s);
bool smf_session_take_address(struct smf *smf, struct smf_session *s, uint32_t static_ipv4);
void smf_session_give_address(struct smf *smf, struct smf_session *s);
void smf_session_free(struct smf *smf, struct smf_session *s);
/* The store must have it, as it is at the end of this turn. */
void smf_session_dirty(struct smf *smf, struct smf_session *s);
void smf_session_set_active(struct smf *smf, struct smf_session *s, bool active);
bool smf_session_guard(struct smf *smf, struct smf_session *s, uint32_t ms);
bool smf_session_restore_all(struct smf *smf);
mark_put_fn smf_session_put;
mark_kept_fn smf_session_kept;
const struct smf_dnn *smf_dnn_find(const struct smf *smf, const char *dnn, const struct snssai *snssai);

/* session_fsm.c */
enum fsm_outcome smf_session_event(
	struct smf *smf, struct smf_session *s, enum sm_event event, const void *arg);
const char *smf_session_state_name(uint8_t state);

/* The actions of the session state machine, by file. */
fsm_action smf_establish_subscribed, smf_establish_registered, smf_establish_authorized, smf_establish_accept,
	smf_establish_abort, smf_establish_withdraw, smf_establish_undelivered;
fsm_action connect_start, connect_done, connect_failed, disconnect_start, disconnect_done, setup_failed,
	smf_activate_start, smf_activate_expired, smf_activate_silent, deactivate_at_once, update_taken;
fsm_action smf_release_start, smf_release_command, smf_release_again, smf_release_complete,
	smf_release_response, smf_release_radio_lost, smf_release_timer, smf_release_undelivered,
	smf_release_local, smf_release_finish;

/* establish.c: Nsmf_PDUSession_CreateSMContext */
void smf_establish_request(struct smf *smf, const struct sbi_request *r);

/* n11.c: the service requests and answers */
void smf_n11_update(struct smf *smf, const struct sbi_request *r);
void smf_n11_release(struct smf *smf, const struct sbi_request *r);
/* Answers the pending service request of the session, if there is one. */
void smf_n11_answer(struct smf *smf, struct smf_session *s, enum sbi_cause cause, const void *rsp);
/* The pending request is now this one; an earlier one is answered. */
void smf_n11_defer(struct smf *smf, struct smf_session *s, uint64_t id);
/* Namf_Communication_N1N2MessageTransfer; either may be empty. */
void smf_n11_transfer(
	struct smf *smf, struct smf_session *s, struct bytes n1, enum ngap_ie_type type, struct bytes n2);
void smf_n11_notify_released(struct smf *smf, const struct smf_session *s);
void smf_n11_on_answer(struct smf *smf, const struct sbi_answer *a);
/* Deletes an SM policy association at the PCF that has it. */
void smf_policy_delete(
	struct smf *smf, const struct sbi_peer *pcf, const struct npcf_sm_policy_delete_req *req);
/* For a question whose answer becomes an event of the session. */
struct sbi_token smf_n11_token(struct smf *smf, struct smf_session *s);

/* nas_sm.c: 5GSM messages; views of smf->n1_buffer, empty when that fails */
struct bytes smf_nas_sm_accept(struct smf *smf, const struct smf_session *s);
struct bytes smf_nas_sm_reject(struct smf *smf, uint8_t pdu_session_id, uint8_t pti, uint8_t cause);
struct bytes smf_nas_sm_release_command(struct smf *smf, const struct smf_session *s);
struct bytes smf_nas_sm_status(struct smf *smf, uint8_t pdu_session_id, uint8_t pti, uint8_t cause);
/* RELEASE REJECT or MODIFICATION REJECT */
struct bytes smf_nas_sm_refusal(
	struct smf *smf, enum nas_msg_type type, uint8_t pdu_session_id, uint8_t pti, uint8_t cause);
/* Takes the request's wishes into the session; the 5GSM cause to refuse with, or 0. */
uint8_t smf_nas_sm_take_request(struct smf_session *s, const struct nas_pdu_session_establishment_request *m);

/* n2_sm.c: NGAP transfers; views of smf->n2_buffer, empty when that fails */
struct bytes smf_n2_sm_setup_request(struct smf *smf, const struct smf_session *s);
struct bytes smf_n2_sm_release_command(struct smf *smf);
/* The gNB's tunnel for the session's flow; false when the transfer is not usable. */
bool smf_n2_sm_setup_response(struct smf *smf, struct bytes transfer, uint32_t *ip, uint32_t *teid);

/* n4.c: the PFCP session. False: nothing was sent and no event will come. */
bool smf_n4_establish(struct smf *smf, struct smf_session *s);
bool smf_n4_modify(struct smf *smf, struct smf_session *s);
bool smf_n4_delete(struct smf *smf, struct smf_session *s);
void smf_n4_on_response(struct smf *smf, struct smf_upf *u, enum pfcp_msg_type request,
	struct pfcp_token token, const struct pfcp_msg *m);
void smf_n4_on_report(struct smf *smf, const struct pfcp_origin *from, const struct pfcp_msg *m);

/* upf.c: the associations */
bool smf_upf_init_all(struct smf *smf);
/* Stores the Recovery Time Stamp that the mark stands for, the SMF's own or a UPF's. */
mark_put_fn smf_recovery_put;
/* The least loaded associated UPF that serves the DNN; SMF_UPF_NONE when there is none. */
uint8_t smf_upf_select(const struct smf *smf, const struct smf_dnn *dnn);
struct pfcp_node_id smf_upf_own_node_id(const struct smf *smf);
/* Looks for sessions to establish anew, as many as may be under way. */
void smf_upf_restore_more(struct smf *smf, struct smf_upf *u);
void smf_upf_restore_later(struct smf *smf, struct smf_upf *u, uint32_t ms);
/* It says that there is no association: another one is set up, and its sessions are established anew. */
void smf_upf_forgot(struct smf *smf, struct smf_upf *u);

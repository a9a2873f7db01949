/* The SMF's data, and what its files share. Read smf.h and session.h first, then this, then session_fsm.c. */
#pragma once

#include "base/fsm.h"
#include "base/list.h"
#include "base/pool.h"
#include "core/smf/address_pool.h"
#include "core/smf/n4_rules.h"
#include "core/smf/session_action.h"
#include "proto/pfcp.h"
#include "wire/nas/nas.h"
#include "wire/ngap/ngap.h"

#define LOG_ROOM "smf"

/* Of the store's META table. */
#define SMF_RECOVERY_KEY "smf_recovery_time_stamp"

/* ladn.c: the UE is not known to be in the area of a local area data network. */
bool smf_ladn_refuses(const struct smf_dnn *dnn, enum presence_state presence);
/* It has left it. */
void smf_ladn_left(struct smf *smf, struct smf_session *s);

/* What a UPF without FTUP has for the SMF to choose from: TEIDs whose first bits are this value. */
struct smf_teid_range {
	struct ip ip;
	uint8_t bits, value;
};

/* A configured UPF. */
struct smf_upf {
	struct pfcp_peer *peer;
	const struct smf_upf_config *config;
	struct timer retry; /* of the association setup */
	uint32_t retry_ms;
	uint32_t sessions;
	uint32_t association; /* another one when it has lost the sessions of the one before; never 0 */
	uint32_t restoring, restore_at; /* sessions under way, next pool index to look at */
	uint64_t associated_s;          /* UTC */
	uint64_t features;              /* 29.244 8.2.25 */
	struct smf_teid_range teids;    /* without FTUP */
	bool associated, asking;        /* asking: an association setup is unanswered */
	bool restore;                   /* sessions may have to be established again */
	bool drained;                   /* it gets no new sessions, for the operator wants it so */
	bool withdrawn;                 /* the configuration has it no more */
	bool leaving;                   /* it is to end then (upf_release.c); next pool index to look at */
	uint32_t leaving_at;
	uint64_t leaving_until_ms;
	struct timer leaving_timer;
	struct mark recovery; /* its Recovery Time Stamp and association are to be stored */
	uint8_t lost_count;
	struct ip lost[SMF_PATHS_LOST_MAX]; /* GTP-U peers that it does not reach (node_report.c) */
};

/* What the profile at the NRF has views of. */
struct smf_served {
	struct smf_info info;
	struct snssai snssais[SMF_DNNS_MAX];
	struct snssai_smf_info_item slices[SMF_DNNS_MAX];
	struct dnn_smf_info_item dnns[SMF_DNNS_MAX][SMF_DNNS_MAX];
};

enum smf_gauge {
	SMF_GAUGE_ACTIVE,
	SMF_GAUGE_UPFS,
	SMF_GAUGE_UPFS_ASSOCIATED,
	SMF_GAUGE_UPFS_DRAINED,
	SMF_GAUGE_PATHS_LOST,
	SMF_GAUGE_ADDRESSES,
	SMF_GAUGE_ADDRESSES_MAX,
	SMF_GAUGE_PREFIXES,
	SMF_GAUGE_PREFIXES_MAX,
	SMF_GAUGE_COUNT
};

/* By data network and slice: those of the configuration, and all others in a row of their own. */
enum smf_dnn_stat { SMF_DNN_SESSIONS, SMF_DNN_CREATION_REQ, SMF_DNN_CREATION_SUCC, SMF_DNN_STAT_COUNT };
enum smf_cause_stat { SMF_CAUSE_CREATION_FAIL, SMF_CAUSE_STAT_COUNT };
enum smf_n4_cause_stat { SMF_N4_CAUSE_ESTAB_FAIL, SMF_N4_CAUSE_STAT_COUNT };
enum smf_time { SMF_TIME_CREATION, SMF_TIME_COUNT };

/* stats.c */
struct smf_figures {
	uint64_t gauge[SMF_GAUGE_COUNT]; /* as last asked for */
	uint64_t by_dnn[SMF_DNNS_MAX + 1][SMF_DNN_STAT_COUNT];
	uint64_t by_cause[STAT_CAUSES][SMF_CAUSE_STAT_COUNT];
	uint64_t by_n4_cause[STAT_CAUSES][SMF_N4_CAUSE_STAT_COUNT];
	struct histogram times[SMF_TIME_COUNT];
};

struct smf {
	struct nf nf;
	struct smf_served served;
	struct smf_config config;
	struct smf_reserved reserved;
	struct pfcp_node *pfcp;
	struct pool sessions, teids; /* struct smf_session, smf_teid */
	struct hash by_supi, by_seid, by_teid;
	struct marks sessions_to_store, times_to_store;
	struct mark recovery_mark;
	uint32_t gone;         /* sessions of the pool that are only still to be deleted from the store */
	struct arena arena;    /* decoding and encoding of the message at hand */
	struct arena n4_arena; /* the PFCP message being made */
	const struct fsm *life, *user_plane, *modification; /* events go up through them (event.c) */
	uint8_t pool_count;
	struct address_pool pools[SMF_POOLS_MAX];
	uint8_t pool_of[SMF_DNNS_MAX][SMF_DNN_POOLS_MAX]; /* DNNs with the same prefix share a pool */
	struct smf_upf upfs[SMF_UPFS_MAX];
	struct ambr guaranteed[SMF_DNNS_MAX]; /* in use (admission.c) */
	struct timer advertise; /* router_advertisement.c: the next few sessions are looked at */
	uint32_t advertise_at;  /* from this place of the pool on */
	struct timer review;    /* session_review.c, likewise */
	uint32_t review_at;
	bool review_again; /* sessions in the making were met */
	struct link held;  /* struct smf_held.of_all: downlink that waits here, the oldest first */
	uint32_t held_count;
	uint32_t generation, active;
	uint32_t recovery; /* own Recovery Time Stamp */
	bool kept;         /* it is that of an earlier process with the same sessions */
	uint8_t n1_buffer[SMF_N1_MAX], n2_buffer[SMF_N2_MAX];
	uint64_t stat[SMF_STAT_COUNT];
	struct smf_figures figures;
};

/* What the gNB answers to a setup request: its tunnel, and by QFI (bit n) which flows it took. */
struct n2_setup {
	struct smf_tunnel tunnel;
	uint64_t accepted;
	bool protection_wrong; /* the gNB has another user plane security policy than the session */
};

/* What a gNB says of data that the source is to forward to the target. */
struct n2_forwarding {
	bool direct_path;         /* HANDOVER REQUIRED: the source reaches the target itself */
	struct smf_tunnel tunnel; /* of the target; teid 0: none */
	uint64_t flows;           /* by QFI (bit n) */
	const struct ngap_data_forwarding_response_drb_list *drbs;
};

/* What an UpdateSMContext request is answered with: each of its parts adds to it. */
struct sm_answer {
	enum sbi_cause cause;
	struct nsmf_update_sm_context_rsp rsp;
	bool deferred; /* it is the pending request of the session now */
};

/* An UpdateSMContext request, with what could be read in its messages. */
struct sm_update {
	uint64_t id; /* of the service request */
	const struct nsmf_update_sm_context_req *req;
	const struct nas_msg *n1;
	struct n2_setup setup; /* SM_EV_SETUP_RESPONSE, SM_EV_HANDOVER_ADMITTED, SM_EV_PATH_SWITCH */
	struct n2_forwarding forwarding; /* SM_EV_HANDOVER_REQUIRED, SM_EV_HANDOVER_ADMITTED */
	struct sm_answer *answer;
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

/* pdu_session_type.c */
/* The families that the data network has. */
uint8_t smf_dnn_families(const struct smf_dnn *dnn);
/* The type of the session and the cause that goes with it into the accept (0: none), out of what is served
 * and subscribed (bits by type); false: none, and the cause of the refusal. 23.501 5.8.2.2.1, 24.501 6.4.1.3
 * and 6.4.1.4. */
bool smf_type_select(uint8_t asked, uint8_t served, uint8_t otherwise, uint8_t *type, uint8_t *cause);
uint8_t smf_types_served(const struct smf_dnn *dnn);
uint8_t smf_types_subscribed(const struct pdu_session_types *t);

/* n4u.c, n4u_send.c: packets between the SMF and a UE, through its UPF. False: not now. */
enum { SMF_N4U_PACKET_MAX = 1500 };
bool smf_n4u_send(struct smf *smf, const struct smf_session *s, struct bytes packet);
static inline const struct addr *smf_n4u_address(const struct smf_config *c)
{
	return c->n4u_address.len ? &c->n4u_address : &c->n4_address;
}

/* held.c: what waits for the UE is dropped */
void smf_held_drop(struct smf *smf, struct smf_session *s);

/* router_advertisement.c */
/* From now on advertisements are sent again before they are old. */
void smf_advertise_init(struct smf *smf);
/* The UE has user plane: it gets an advertisement, if the last one is old. */
void smf_advertise_due(struct smf *smf, struct smf_session *s);

/* stats.c */
/* A session is asked for; NULL: of a data network or slice that is not configured. */
void smf_count_asked(struct smf *smf, const struct smf_dnn *d);
void smf_count_created(struct smf *smf, const struct smf_session *s);
/* Those that there are, the ones in the making too. */
uint64_t smf_count_of_dnn(const struct smf *smf, const struct smf_dnn *d);
/* Refused, or given up on the way. */
void smf_count_failed(struct smf *smf, uint8_t gsm_cause);
/* A PFCP session establishment; cause 0: no answer. */
void smf_count_n4_failed(struct smf *smf, uint8_t pfcp_cause);
/* A session begins, or ends. */
void smf_count_session(struct smf *smf, const struct smf_session *s, bool begins);

/* session.c */
struct smf_session *smf_session_new(struct smf *smf, const struct supi *supi, uint8_t pdu_session_id);
struct smf_session *smf_session_find(struct smf *smf, const struct supi *supi, uint8_t pdu_session_id);
struct smf_session *smf_session_by_seid(struct smf *smf, uint64_t seid);
/* By the TEID at which the SMF receives for it. */
struct smf_session *smf_session_by_teid(struct smf *smf, uint32_t teid);
struct smf_session *smf_session_by_ref(struct smf *smf, const char *ref);
void smf_session_ref(const struct smf_session *s, char out[SM_CONTEXT_REF_SIZE]);
void smf_session_index(struct smf *smf, struct smf_session *s);
void smf_session_index_seid(struct smf *smf, struct smf_session *s);
void smf_session_unindex(struct smf *smf, struct smf_session *s);
/* The static addresses of the subscription that are of the session's type: wanted, not taken yet. */
void smf_session_take_static(struct smf_session *s, const struct ip_address_list *list);
/* It stays, or goes: nothing of a relocation is under way any more. */
void smf_relocation_end(struct smf *smf, struct smf_session *s);
/* Networks behind the UE; false: out of memory. */
bool smf_session_take_routes(struct smf_session *s, const struct dnn_configuration *d);
bool smf_session_set_routes(struct smf_session *s, const struct smf_routes *routes);
/* They, and some of the pools for families without. */
bool smf_session_take_address(struct smf *smf, struct smf_session *s);
/* Who has the address that the other asks for. */
struct smf_session *smf_session_by_address(struct smf *smf, const struct smf_session *asker);
/* Those that it had before the process began. */
void smf_session_keep_address(struct smf *smf, struct smf_session *s, uint8_t families);
void smf_session_give_address(struct smf *smf, struct smf_session *s, uint8_t families);
void smf_session_free(struct smf *smf, struct smf_session *s);
/* The store must have it, as it is at the end of this turn. */
void smf_session_dirty(struct smf *smf, struct smf_session *s);
/* secondary_rat.c: the totals of s; nothing, where memory is refused */
void smf_secondary_add(struct smf_session *s, const struct smf_secondary_usage *usage);
void smf_secondary_rat_usage(struct smf *smf, struct smf_session *s, const struct sm_update *u);
void smf_session_set_access(struct smf *smf, struct smf_session *s, enum smf_access access);
const struct smf_dnn *smf_dnn_find(const struct smf *smf, const char *dnn, const struct snssai *snssai);

/* event.c: what happens to a session */
extern const char *const smf_event_names[SM_EV_COUNT];
/* What a refusal means to operators, and telling them of one for which no session was made. */
enum event_reason smf_refusal_reason(enum sbi_cause cause, uint8_t gsm_cause);
void smf_tell_no_session(
	struct smf *smf, const struct sm_context_create_data *req, enum sbi_cause cause, uint8_t gsm_cause);
/* What operators are told of it; cause is a 5GSM one, 0: none. */
void smf_session_tell(struct smf *smf, const struct smf_session *s, enum event_kind kind,
	enum event_reason reason, uint8_t cause);
/* "imsi-...: PDU session 1 of DNN internet is up, 10.45.0.2" */
void smf_session_log(struct smf *smf, const struct smf_session *s, const char *what);
enum fsm_outcome smf_session_event(
	struct smf *smf, struct smf_session *s, enum sm_event event, const void *arg);
/* SM_EV_TIMER in ms. */
void smf_session_guard(struct smf *smf, struct smf_session *s, uint32_t ms);
/* The UPF drops what comes for an idle UE that cannot be reached, until SM_EV_TIMER. */
void smf_session_pause(struct smf *smf, struct smf_session *s);

/* policy.c: a flow that could not be had leaves, and the PCF is told of its rule; code is an enum
 * failure_code.
 */
void smf_flow_fail(struct smf *smf, struct smf_session *s, struct smf_flow *f, enum failure_code code);

/* session_pools.c */
void smf_address_reclaim(struct smf *smf, const struct smf_session *owner);
void smf_warn_of_pools(const struct smf *smf);

/* session_record.c */
bool smf_session_restore_all(struct smf *smf);
mark_put_fn smf_session_put;
mark_kept_fn smf_session_kept;

/* n11_send.c: what is answered to the AMF and asked of it, the UDM and the PCF */
/* For a question whose answer becomes an event of the session. */
struct sbi_token smf_n11_token(struct smf *smf, struct smf_session *s);
/* Adds to the answer of the request at hand; u NULL: there is none. */
void smf_n11_reply(
	const struct sm_update *u, enum sbi_cause cause, const struct nsmf_update_sm_context_rsp *rsp);
/* Answers the pending service request of the session, if there is one. */
void smf_n11_answer(struct smf *smf, struct smf_session *s, enum sbi_cause cause, const void *rsp);
/* The pending request is now this one; an earlier one is answered. */
void smf_n11_defer(struct smf *smf, struct smf_session *s, const struct sm_update *u);
/* Namf_Communication_N1N2MessageTransfer; either may be empty. */
void smf_n11_transfer(
	struct smf *smf, struct smf_session *s, struct bytes n1, enum ngap_ie_type type, struct bytes n2);
/* The setup of the user plane, with who is to hear when the UE cannot be reached (23.502 4.2.3.3 step 3a). */
void smf_n11_page(struct smf *smf, struct smf_session *s, const struct sm_downlink *d, struct bytes n2);
void smf_n11_notify_released(struct smf *smf, const struct smf_session *s);
/* Deletes an SM policy association at the PCF that has it. */
void smf_policy_delete(struct smf *smf, const struct sbi_peer *pcf,
	const struct npcf_sm_policy_delete_req *req, uint64_t whose);
void smf_udm_deregister(struct smf *smf, const struct supi *supi, uint8_t pdu_session_id);

/* nas_sm.c: 5GSM messages; views of smf->n1_buffer, empty when that fails */
struct bytes smf_nas_sm_accept(struct smf *smf, const struct smf_session *s);
/* ssc_allowed: bits of 9.11.4.5, with #68. */
struct bytes smf_nas_sm_reject(
	struct smf *smf, uint8_t pdu_session_id, uint8_t pti, uint8_t cause, uint8_t ssc_allowed);
struct bytes smf_nas_sm_release_command(struct smf *smf, const struct smf_session *s);
struct bytes smf_nas_sm_status(struct smf *smf, uint8_t pdu_session_id, uint8_t pti, uint8_t cause);
/* RELEASE REJECT or MODIFICATION REJECT */
struct bytes smf_nas_sm_refusal(
	struct smf *smf, enum nas_msg_type type, uint8_t pdu_session_id, uint8_t pti, uint8_t cause);
/* Takes the request's wishes into the session. */
void smf_nas_sm_take_request(struct smf_session *s, const struct nas_pdu_session_establishment_request *m);

/* congestion.c: the 5GSM cause to refuse one session more with; 0: there is room. */
uint8_t smf_congestion_cause(const struct smf *smf, const struct smf_dnn *dnn);

/* n2_sm.c: NGAP transfers; views of smf->n2_buffer, empty when that fails */
struct bytes smf_n2_sm_setup_request(struct smf *smf, const struct smf_session *s);
struct bytes smf_n2_sm_release_command(struct smf *smf);
/* False when the transfer is not usable: no tunnel, or not for the default flow. */
bool smf_n2_sm_setup_response(
	struct smf *smf, const struct smf_session *s, struct bytes transfer, struct n2_setup *out);

/* 23.501 5.10.3, of smf_session.protection. NULL: the RAN does as it likes, or there is no memory. */
struct ngap_security_indication *smf_n2_sm_security_indication(struct smf *smf, uint8_t protection);
struct bytes smf_n2_sm_encode(struct smf *smf, const struct per_type *type, const void *value);
/* False for what is no tunnel over IPv4 that may be. */
bool smf_n2_sm_tunnel(const struct smf *smf, const struct smf_session *s,
	const struct ngap_up_transport_layer_information *tnl, struct smf_tunnel *out);

/* upf_selection.c: the least loaded associated UPF, but for those of `tried` (bits), that serves the
 * session's DNN and to which the addresses lead that it has; SMF_UPF_NONE when there is none. */
uint8_t smf_upf_select(const struct smf *smf, const struct smf_session *s, uint16_t tried);
bool smf_upf_has(const struct smf_session *s, uint8_t upf); /* they lead to that one */
/* It is not to keep downlink for idle UEs, and can send it here (29.244 8.2.25 BUCP). */
static inline bool smf_upf_sends_downlink(const struct smf_upf *u)
{
	return u->config->smf_buffers && u->features & PFCP_UP_BUCP;
}
/* upf.c: the associations */
/* The UPF had the PFCP session, and has it no more. */
bool smf_session_is_lost(const struct smf *smf, const struct smf_session *s);
void smf_upf_begin(struct smf *smf, struct smf_upf *u);
/* Stores the Recovery Time Stamp that the mark stands for, the SMF's own or a UPF's with its association. */
mark_put_fn smf_recovery_put;
/* What the store has of a UPF, at the start. */
void smf_upf_restore(struct smf *smf, struct smf_upf *u);
struct pfcp_node_id smf_upf_own_node_id(const struct smf *smf);
static inline uint8_t smf_upf_index(const struct smf *smf, const struct smf_upf *u)
{
	return (uint8_t)(u - smf->upfs);
}
/* The association; m NULL: no usable response. */
void smf_upf_on_setup_response(struct smf *smf, struct smf_upf *u, const struct pfcp_msg *m);
void smf_upf_on_setup_request(struct smf *smf, const struct pfcp_origin *from, const struct pfcp_msg *m);
void smf_upf_on_release(struct smf *smf, struct smf_upf *u);
void smf_upf_left(struct smf *smf, struct smf_upf *u);
/* n4_usage.c */
void smf_n4_usage(
	struct smf *smf, struct smf_session *s, const struct pfcp_usage_report *reports, size_t count);
/* node_report.c */
void smf_upf_on_node_report(struct smf *smf, const struct pfcp_origin *from, const struct pfcp_msg *m);
void smf_upf_on_update_request(struct smf *smf, const struct pfcp_origin *from, const struct pfcp_msg *m);
void smf_upf_on_peer(struct smf *smf, struct smf_upf *u, enum pfcp_peer_event event);
/* Raises SM_EV_RESTORE for sessions that need it, as many as may be under way. */
void smf_upf_restore_more(struct smf *smf, struct smf_upf *u);
void smf_upf_restore_later(struct smf *smf, struct smf_upf *u, uint32_t ms);
/* It answers that there is no association: another one is set up, and its sessions are established again. */
void smf_upf_forgot(struct smf *smf, struct smf_upf *u);

/* n4_send.c: the PFCP session. False: nothing was sent and no event will come. */
bool smf_n4_establish(struct smf *smf, struct smf_session *s);
/* Sends what differs from what the UPF has; when nothing does, SM_EV_N4_DONE comes at once. */
bool smf_n4_modify(struct smf *smf, struct smf_session *s);
bool smf_n4_delete(struct smf *smf, struct smf_session *s);
/* pfcp_token.step: counts among smf_upf.restoring; makes or removes rules. */
enum { N4_STEP_BATCH = 1 << 0, N4_STEP_SHAPE = 1 << 1 };

/* n4.c: what comes from the UPFs */
bool smf_n4_init(struct smf *smf);

/* session_fsm.c, user_plane_fsm.c */
extern const struct fsm smf_session_machine, smf_user_plane_machine;

/* session_establishment.c: addresses, and Npcf_SMPolicyControl_Create. */
enum fsm_outcome smf_establish_authorize(struct smf *smf, struct smf_session *s);

/* service_request.c: which flows the gNB took; a dedicated one that it refused goes (23.501 5.7.1.3). */
void smf_activate_flows(struct smf *smf, struct smf_session *s, uint64_t accepted, uint64_t asked);
/* The gNB has set the session up, and the UPF has its tunnel or is about to: counted, and told to the AMF. */
void smf_activated(struct smf *smf, struct smf_session *s);

/* session_establishment.c: Nsmf_PDUSession_CreateSMContext */
void smf_establish_request(struct smf *smf, const struct sbi_request *r);
/* equipment.c: the request, with whom it is about */
struct sm_context_create_data smf_identified(const struct nsmf_create_sm_context_req *req);

/* n11.c: the service requests and answers */
void smf_n11_update(struct smf *smf, const struct sbi_request *r);
void smf_n11_release(struct smf *smf, const struct sbi_request *r);
void smf_n11_transfer_failure(struct smf *smf, const struct sbi_request *r);
void smf_n11_on_answer(struct smf *smf, const struct sbi_answer *a);

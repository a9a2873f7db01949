/* The PCF's data, and what its files share. Read pcf.h first. */
#pragma once

#include "base/hash.h"
#include "base/pool.h"
#include "core/pcf/pcf.h"

#define LOG_ROOM "pcf"

/* Where a review of all associations is (review.c): behind this key of the store. */
struct pcf_review_place {
	uint8_t len, key[9];
};

struct pcf {
	struct nf nf;
	struct pcf_config config;
	struct hash by_address; /* binding.c */
	struct pool bindings;
	uint64_t stat[PCF_STAT_COUNT];
	struct timer review;
	struct pcf_review_place review_at;
	bool review_sessions; /* the limits of sessions have changed too */
};

/*
 * An SM policy association (29.512 4.2.2). It is in the store alone, under SUPI and PDU session identity:
 * that is all its memory, and outlives the process. The instance tells it from an earlier one of the same
 * session.
 */
struct pcf_association {
	struct supi supi;
	uint8_t pdu_session_id;
	uint32_t instance;
	char dnn[DNN_STR_SIZE];
	struct snssai snssai;
	char callback[SBI_CALLBACK_SIZE]; /* of the SMF; empty: it is not notified */
	char smf[SBI_PEER_STR_SIZE];
	bool has_ambr, has_qos; /* what is subscribed, as the SMF said last */
	struct ambr ambr;
	struct default_qos qos;
	struct ip ipv4, ipv6; /* of the UE, of IPv6 the /64; IP_NONE: none */
	uint8_t applications; /* bit n - 1: application session n is there */
	uint8_t flow_count;
	struct pcf_flow flows[PCF_FLOWS_MAX];
};

/* association.c */
/* "sm-001010000000001-5-0011aabb" */
void pcf_association_name(const struct pcf_association *a, char out[POLICY_ID_SIZE]);
bool pcf_association_of(
	struct pcf *pcf, const struct supi *supi, uint8_t pdu_session_id, struct pcf_association *out);
/* That under a key of the store. */
bool pcf_association_at(struct pcf *pcf, struct bytes key, struct pcf_association *out);
/* Whether both are kept alike. */
bool pcf_flow_same(const struct pcf_flow *a, const struct pcf_flow *b);
bool pcf_association_named(struct pcf *pcf, const char *policy_id, struct pcf_association *out);
MUST_USE bool pcf_association_put(struct pcf *pcf, const struct pcf_association *a);
void pcf_association_delete(struct pcf *pcf, const struct pcf_association *a);
bool pcf_association_scan(struct pcf *pcf, void (*fn)(struct pcf *pcf, const struct pcf_association *a));
struct pcf_flow *pcf_association_flow(struct pcf_association *a, const char *name);
void pcf_association_drop_at(struct pcf_association *a, uint8_t i);
/* Takes the flow of the name out; false: there is none. */
bool pcf_association_drop(struct pcf_association *a, const char *name);

/* decision.c: what the SMF is to do, with all that it points to */
struct pcf_decision {
	struct sm_policy_decision data;
	struct ambr ambr;
	struct authorized_default_qos qos;
	struct session_rule session;
	struct sm_policy_decision_sess_rules_entry session_entry;
	uint8_t count;
	struct pcf_decided {
		struct pcc_rule rule;
		struct qos_data qos;
		struct traffic_control_data gate;
		struct usage_monitoring_data usage;
		struct arp arp;
		const char *name;
		struct flow_information filters[PCF_FILTERS_MAX];
	} flows[2 * PCF_FLOWS_MAX];
	struct sm_policy_decision_pcc_rules_entry rules[2 * PCF_FLOWS_MAX];
	struct sm_policy_decision_qos_decs_entry qos_entries[2 * PCF_FLOWS_MAX];
	struct sm_policy_decision_traff_cont_decs_entry gates[2 * PCF_FLOWS_MAX];
	struct sm_policy_decision_um_decs_entry usages[2 * PCF_FLOWS_MAX];
	char gone[PCF_FLOWS_MAX][PCF_NAME_SIZE];
	uint8_t gone_count, confirm_count;
	const char *confirm[PCF_FLOWS_MAX];
	struct requested_rule_data requested;
};

void pcf_decision_begin(struct pcf_decision *d);
/* The session rule: what was subscribed, as far as the configuration lets it. */
void pcf_decision_session(struct pcf *pcf, struct pcf_decision *d, const struct pcf_association *a);
/* The flow as it is; flow must outlive the decision. */
void pcf_decision_flow(struct pcf_decision *d, const struct pcf_flow *flow);
void pcf_decision_remove(struct pcf_decision *d, const char *name);
/* All flows that the request at hand has touched; told: it is to be reported when they are there. */
void pcf_decision_touched(struct pcf_decision *d, struct pcf_association *a, bool told);
const struct pcf_sm_rule *pcf_sm_rule_for(const struct pcf *pcf, const char *dnn);
/* Adds to a new association the PCC rules that the configuration has for it. */
void pcf_configured_flows(const struct pcf *pcf, struct pcf_association *a);

/* ue_request.c: changes the association, and the decision, as a UE asks for it; or says why not. */
enum sbi_cause pcf_ue_request(struct pcf *pcf, struct pcf_association *a,
	const struct ue_initiated_resource_request *r, struct pcf_decision *d);

/* sm_policy.c */
void pcf_sm_policy_create(struct pcf *pcf, const struct sbi_request *r);
void pcf_sm_policy_update(struct pcf *pcf, const struct sbi_request *r);
void pcf_sm_policy_delete(struct pcf *pcf, const struct sbi_request *r);
/* Npcf_SMPolicyControl_UpdateNotify. */
void pcf_sm_policy_notify(struct pcf *pcf, const struct pcf_association *a, const struct pcf_decision *d);
void pcf_sm_policy_notified(struct pcf *pcf, const struct sbi_answer *a);

/* flow_text.c: whether what the flow holds agrees */
bool pcf_flow_good(struct pcf_flow *f, char error[PCF_ERROR_SIZE]);
bool pcf_filter_take(struct pcf_flow *f, struct bytes text, uint8_t direction, char error[PCF_ERROR_SIZE]);
/* A name that may stand in a PCC rule's identity: letters, digits and "-_.". */
bool pcf_name_good(const char *name);

/* binding.c: sessions by the UE's address (29.513 6.2) */
MUST_USE bool pcf_bindings_init(struct pcf *pcf);
void pcf_bindings_fini(struct pcf *pcf);
void pcf_bind(struct pcf *pcf, const struct pcf_association *a);
void pcf_unbind(struct pcf *pcf, const struct pcf_association *a);
/* The one session that has the address and is what else the application says of it; false: none, or several.
 */
struct app_session_context_req_data;
bool pcf_bound(struct pcf *pcf, const struct app_session_context_req_data *r, struct pcf_association *out);

/* What an application wants to hear. */
enum pcf_event {
	PCF_EVENT_QOS = 1 << 0,
	PCF_EVENT_FAILED = 1 << 1,
	PCF_EVENT_ALLOCATED = 1 << 2,
	PCF_EVENT_USAGE = 1 << 3,
};

/* A session of an application (29.514 4.2.2), in the store below that of its UE. */
struct pcf_application {
	struct supi supi;
	uint8_t pdu_session_id;
	uint8_t number;    /* 1 to PCF_APPLICATIONS_MAX */
	uint8_t events;    /* enum pcf_event */
	uint32_t instance; /* tells it from an earlier one of the number */
	char af[SBI_PEER_STR_SIZE];
	char callback[SBI_CALLBACK_SIZE], events_callback[SBI_CALLBACK_SIZE]; /* empty: none */
	uint64_t usage_threshold, used; /* PCF_EVENT_USAGE: octets, and how many since it was last told */
};

/* application.c */
/* "app-001010000000001-5-1-0011aabb" */
void pcf_application_name(const struct pcf_application *app, char out[APP_SESSION_ID_SIZE]);
bool pcf_application_of(
	struct pcf *pcf, const struct pcf_association *a, uint8_t number, struct pcf_application *out);
/* With the session it is of. */
bool pcf_application_named(
	struct pcf *pcf, const char *name, struct pcf_application *out, struct pcf_association *a);
MUST_USE bool pcf_application_put(struct pcf *pcf, const struct pcf_application *app);
void pcf_application_delete(struct pcf *pcf, const struct pcf_application *app);

/* media.c: the flows of one media component (29.513 7.3): made, changed and taken away as it says. */
enum sbi_cause pcf_media_take(const struct pcf *pcf, struct pcf_association *a, struct pcf_decision *d,
	uint8_t application, const struct media_component_rm *m);
/* The component is wanted no more; 0: all that the application has. False: it is too much for one decision.
 */
bool pcf_media_drop(
	struct pcf_association *a, struct pcf_decision *d, uint8_t application, uint16_t component);

/* policy_authorization.c */
void pcf_app_session_create(struct pcf *pcf, const struct sbi_request *r);
void pcf_app_session_update(struct pcf *pcf, const struct sbi_request *r);
void pcf_app_session_delete(struct pcf *pcf, const struct sbi_request *r);
void pcf_app_session_subscribe(struct pcf *pcf, const struct sbi_request *r);
void pcf_app_session_unsubscribe(struct pcf *pcf, const struct sbi_request *r);

/* application_event.c: what became of flows, to the applications that have them. */
/* Flows of the session; which[i]: the i-th is meant. */
struct pcf_flow_set {
	bool which[PCF_FLOWS_MAX];
};
void pcf_application_tell(struct pcf *pcf, const struct pcf_association *a, enum pcf_event event,
	const struct pcf_flow_set *set, bool met);
/* Those that have lost their last flow end. */
void pcf_applications_without_flows(struct pcf *pcf, struct pcf_association *a);
/* 29.514 4.2.5.3: the session of the application is no more, for this reason. */
/* So many octets of one of its flows: it is told when they come to its threshold (29.514 4.2.5). */
void pcf_application_used(struct pcf *pcf, const struct pcf_association *a, uint8_t number, uint64_t octets);
void pcf_application_terminate(
	struct pcf *pcf, const struct pcf_application *app, enum termination_cause cause);

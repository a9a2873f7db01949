/* The PCF's data, and what its files share. Read pcf.h first. */
#pragma once

#include "core/pcf/pcf.h"

#define LOG_ROOM "pcf"

struct pcf {
	struct nf nf;
	struct pcf_config config;
	uint64_t stat[PCF_STAT_COUNT];
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
	uint8_t flow_count;
	struct pcf_flow flows[PCF_FLOWS_MAX];
};

/* association.c */
/* "sm-001010000000001-5-0011aabb" */
void pcf_association_name(const struct pcf_association *a, char out[POLICY_ID_SIZE]);
bool pcf_association_of(
	struct pcf *pcf, const struct supi *supi, uint8_t pdu_session_id, struct pcf_association *out);
bool pcf_association_named(struct pcf *pcf, const char *policy_id, struct pcf_association *out);
MUST_USE bool pcf_association_put(struct pcf *pcf, const struct pcf_association *a);
void pcf_association_delete(struct pcf *pcf, const struct pcf_association *a);
struct pcf_flow *pcf_association_flow(struct pcf_association *a, const char *name);
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
		struct arp arp;
		const char *name;
		struct flow_information filters[PCF_FILTERS_MAX];
	} flows[2 * PCF_FLOWS_MAX];
	struct sm_policy_decision_pcc_rules_entry rules[2 * PCF_FLOWS_MAX];
	struct sm_policy_decision_qos_decs_entry qos_entries[2 * PCF_FLOWS_MAX];
	struct sm_policy_decision_traff_cont_decs_entry gates[2 * PCF_FLOWS_MAX];
	enum policy_control_request_trigger triggers[4];
};

void pcf_decision_begin(struct pcf_decision *d);
/* The session rule: what was subscribed, as far as the configuration lets it. */
void pcf_decision_session(struct pcf *pcf, struct pcf_decision *d, const struct pcf_association *a);
/* The flow as it is; flow must outlive the decision. */
void pcf_decision_flow(struct pcf_decision *d, const struct pcf_flow *flow);
void pcf_decision_remove(struct pcf_decision *d, const char *name);
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

/* What changes in a session that is established: its flows by policy decisions, and how UPF, gNB and UE get
 * to have them. For the SMF's files. */
#pragma once

#include "core/smf/internal.h"

/* A modification under way, beside its session. */
struct smf_modification {
	struct smf_session *s;
	struct timer timer;  /* T3591 */
	uint32_t generation; /* of the transfer to the AMF */
	uint8_t pti;         /* of the UE's request; 0: the network's own */
	uint8_t retries;
	bool n1, n2;      /* the UE's and the gNB's answers are awaited */
	bool undelivered; /* the AMF could not bring it */
	bool relocates;   /* the UE is told to ask for another session */
	size_t n1_len;
	uint8_t n1_message[SMF_N1_MAX]; /* as sent, to be repeated */
};

/* The step of the tokens of a modification's transfer, and of updates for another subscription and for a UE's
 * request. */
enum { SMF_STEP_MODIFICATION = 1, SMF_STEP_SUBSCRIPTION = 2, SMF_STEP_REQUEST = 3 };

/* n11_send.c: the transfer of a modification; its generation. Either may be empty. */
uint32_t smf_n11_command(struct smf *smf, struct smf_session *s, struct bytes n1, struct bytes n2);

/* policy.c */
/* Session rule and PCC rules become AMBR and flows; false: some cannot be met, which is reported to the PCF.
 */
MUST_USE bool smf_policy_take(struct smf *smf, struct smf_session *s, const struct sm_policy_decision *d);
/* Npcf_SMPolicyControl_UpdateNotify. */
void smf_policy_notify(struct smf *smf, const struct sbi_request *r);
/* What a PCF answers to an update. */
void smf_policy_updated(struct smf *smf, struct smf_session *s, const struct sbi_answer *a);

/* nas_qos.c: QoS rules and flow descriptions (24.501 9.11.4.13, 9.11.4.12) */
enum { NAS_QOS_COMPONENTS_MAX = 4, NAS_QOS_FILTER_OCTETS = 32 };

/* A QoS rule's filters with their components and octets. */
struct smf_nas_filters {
	struct nas_packet_filter filters[SMF_FILTERS_MAX];
	struct nas_filter_component components[SMF_FILTERS_MAX][NAS_QOS_COMPONENTS_MAX];
	uint8_t octets[SMF_FILTERS_MAX * NAS_QOS_FILTER_OCTETS];
};

struct smf_nas_qos {
	bool unstructured; /* its rule has no filters (23.501 5.7.1.4) */
	size_t rule_count, flow_count;
	uint64_t described; /* by QFI */
	struct nas_qos_rule rules[SMF_FLOWS_MAX];
	struct nas_qos_flow flows[SMF_FLOWS_MAX];
	struct smf_nas_filters filters[SMF_FLOWS_MAX];
};

/* The rule is new to the UE, or another than it has, or is to go; and with it its flow, which others may be
 * in. */
void smf_nas_qos_put(struct smf_nas_qos *q, const struct smf_flows *flows, const struct smf_flow *f);
/* All as new, of an accept. */
void smf_nas_qos_create(struct smf_nas_qos *q, const struct smf_flows *flows, const struct smf_flow *f);
struct nas_bit_rate smf_nas_rate(uint64_t bps);
/* PDU SESSION MODIFICATION COMMAND with what the UE has not yet; empty: nothing, or it does not encode. */
struct bytes smf_nas_sm_modification_command(struct smf *smf, const struct smf_session *s, uint8_t pti);

/* n2_modification.c */
/* PDU Session Resource Modify Request Transfer with what the gNB has not yet; empty likewise. */
struct bytes smf_n2_sm_modify_request(struct smf *smf, const struct smf_session *s);
/* By QFI: taken, and failed. False: the transfer does not read. */
bool smf_n2_sm_modify_response(struct smf *smf, struct bytes transfer, uint64_t *accepted, uint64_t *failed);
/* The flow that the rule is in, with what all its rules have. */
void smf_n2_sm_flow(const struct smf_flows *flows, const struct smf_flow *f,
	struct ngap_qos_flow_level_qos_parameters *qos, struct ngap_gbr_qos_information *gbr);

/* session_modification.c */
/* The modification under way ends without another message: the session is released, or freed. */
void smf_modification_end(struct smf *smf, struct smf_session *s);
/* gNB or UE have not what they should. */
bool smf_modification_is_due(const struct smf_session *s);
bool smf_flow_gnb_due(const struct smf_flow *f);
bool smf_flow_ue_due(const struct smf_flow *f);

extern const struct fsm smf_modification_machine;
/* A modification beside the session, if there is none; false: no memory. */
bool smf_modification_begin(struct smf *smf, struct smf_session *s);
/* What goes, goes at the UPF at once; what is new waits for the gNB. */
void smf_modify_prepare(struct smf *smf, struct smf_session *s);
/* Sends what is due, as the answer to the UE's request or (0) of the network's own will. False: nothing. */
bool smf_modification_command(struct smf *smf, struct smf_session *s, uint8_t pti);
/* n2_modification.c: by QFI: flows that the gNB released, whose GFBR is not met, is met again. False: it does
 * not read. */
struct n2_notice {
	uint64_t released, not_fulfilled, fulfilled;
};
bool smf_n2_sm_notify(struct smf *smf, struct bytes transfer, struct n2_notice *out);
/* policy.c: tells the PCF of a flow with notification control (29.512 4.2.4.20). */
void smf_policy_notice(struct smf *smf, struct smf_session *s, const struct smf_flow *f, bool fulfilled);
/* Of a rule's usage; 0: it is not monitored. */
uint64_t smf_usage_threshold(const struct sm_policy_decision *d, const struct pcc_rule *rule);
/* What is monitored of a flow has come to its threshold. */
void smf_policy_used(struct smf *smf, struct smf_session *s, struct smf_flow *f);
/* guarantee.c */
/* What all rules of the session's data network have. */
struct ambr *smf_guaranteed(struct smf *smf, const struct smf_session *s);
/* A rule, or all of a session, count; or count no more. */
void smf_guarantee_count(struct smf *smf, const struct smf_session *s, const struct smf_flow *f, bool begins);
void smf_guarantee_count_all(struct smf *smf, const struct smf_session *s, bool begin);
/* It is wanted no more. */
void smf_flow_leave(struct smf *smf, const struct smf_session *s, struct smf_flow *f);
/* admission.c: whether the data network can guarantee what is wanted, in place of old (NULL: nothing),
 * perhaps for others gave way. */
MUST_USE bool smf_guarantee_admit(
	struct smf *smf, struct smf_session *s, const struct smf_flow *old, const struct smf_flow *wanted);
/* policy_report.c: a rule that could not be had (29.512 4.2.4.15). */
void smf_policy_report_failed(
	struct smf *smf, struct smf_session *s, const char *rule_id, enum failure_code code);
/* Tells it of flows that are there by now, as far as it wants to hear of it. */
void smf_policy_confirm(struct smf *smf, struct smf_session *s);
fsm_action smf_modify_notified;
/* modification_request.c */
fsm_action smf_modify_request, smf_modify_collision, smf_modify_authorized;
fsm_action smf_modify_start, smf_modify_complete, smf_modify_reject, smf_modify_unknown, smf_modify_response,
	smf_modify_failure, smf_modify_failed, smf_modify_again, smf_modify_finish, smf_modify_n4_refused;

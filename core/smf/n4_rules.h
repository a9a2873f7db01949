/*
 * The rules of a PFCP session as plain values: what they should be, what the UPF has, and the difference. An
 * establishment is the difference from nothing, also after a restart of the UPF (then with the old F-TEIDs).
 */
#pragma once

#include "core/smf/session.h"

enum n4_kind { N4_PDR, N4_FAR, N4_QER, N4_URR, N4_KINDS };

enum n4_limit {
	N4_PDRS_MAX =
		2 * SMF_FLOWS_MAX + 3, /* up and down, what a source gNB forwards, to and from the SMF */
	N4_FARS_MAX = 4 + SMF_FLOWS_MAX - 1,
	N4_QERS_MAX = SMF_FLOWS_MAX + 2,
	N4_URRS_MAX = SMF_FLOWS_MAX, /* of the session, and of dedicated flows */
};

/* Rule ids. Those of a PCC rule follow from that of its QoS rule (1 to 63). */
enum {
	FAR_UPLINK = 1,
	FAR_DOWNLINK = 2,
	FAR_FORWARDING = 3,
	QER_SESSION = 1,
	URR_SESSION = 1,
	BAR_SESSION = 1
};

/* Above those of all flows. */
enum { PDR_FORWARDING = 128 };
/* Of what the SMF exchanges with the UE (n4_control_plane.c). */
enum { PDR_TO_SMF = 201, PDR_FROM_SMF = 202, FAR_TO_SMF = 201, QER_CONTROL = 201 };

static inline uint16_t n4_pdr_uplink(uint8_t rule_id)
{
	return (uint16_t)(2 * rule_id - 1);
}

static inline uint16_t n4_pdr_downlink(uint8_t rule_id)
{
	return (uint16_t)(2 * rule_id);
}

static inline uint32_t n4_qer_flow(uint8_t rule_id)
{
	return rule_id + 1u;
}

/* Of a dedicated flow. */
static inline uint32_t n4_urr_flow(uint8_t rule_id)
{
	return rule_id + 1u;
}

/* Of the downlink of a flow that is marked otherwise than the default flow. */
static inline uint32_t n4_far_flow(uint8_t rule_id)
{
	return 2u * rule_id;
}

/* Each begins with its id. */
struct n4_pdr {
	uint32_t id;
	uint32_t precedence;
	uint8_t source;          /* enum pfcp_interface: access is the uplink, CP what the SMF sends */
	uint8_t qfi;             /* 0: any */
	struct smf_tunnel local; /* uplink; teid 0: the UPF chooses */
	struct smf_addresses ue; /* none: any, or of the UE's own link */
	bool ethernet;           /* of frames */
	bool unstructured;       /* ue is where its tunnel on N6 ends */
	uint8_t removal;         /* enum pfcp_outer_header_removal; of N6 that of a far end, else 0 */
	const struct smf_routes *routes;                    /* downlink: framed ones; NULL: none */
	const struct smf_match *match;                      /* NULL: all */
	uint32_t far, qer_session, qer_flow, urr, urr_flow; /* 0: none, but for the FAR */
};

struct n4_far {
	uint32_t id;
	uint8_t action;      /* enum pfcp_apply_action; 0: not known */
	uint8_t destination; /* enum pfcp_interface */
	uint8_t dscp;        /* of the outer header */
	struct smf_tunnel tunnel;
	struct addr far_end; /* of N6; len 0: none */
};

struct n4_qer {
	uint32_t id;
	uint8_t gate, qfi; /* 0: none */
	bool rqi;          /* what the UE gets says so: it derives rules (23.501 5.7.5.3) */
	struct ambr mbr, gbr;
};

struct n4_urr {
	uint32_t id;
	bool macs;                 /* Ethernet addresses are reported */
	uint32_t period_s;         /* 0: none */
	uint64_t volume_threshold; /* likewise */
};

struct n4_rules {
	uint8_t count[N4_KINDS];
	struct n4_pdr pdr[N4_PDRS_MAX];
	struct n4_far far[N4_FARS_MAX];
	struct n4_qer qer[N4_QERS_MAX];
	struct n4_urr urr[N4_URRS_MAX];
	struct smf_match of_far_end; /* what comes from there */
};

/* Bit n: the nth rule of its kind, of what is wanted, or of what there is (remove). */
struct n4_delta {
	uint32_t create[N4_KINDS], update[N4_KINDS], remove[N4_KINDS];
};

/* n4_control_plane.c */
/* Adds the rules by which the SMF exchanges packets with the UE, if the session has any. */
void smf_rules_control_plane(const struct smf_session *s, struct n4_rules *out);
bool smf_rules_have_control_plane(const struct smf_session *s);

/* n4_rules.c */
/* What the UPF should have for the session. */
void smf_rules_of(const struct smf_session *s, struct n4_rules *out);
/* What it has, as far as it has confirmed it. */
void smf_rules_confirmed(const struct smf_session *s, struct n4_rules *out);
/* It is asked for all that it should have; until it confirms that, it is not certain what it has. */
void smf_rules_ask(struct smf_session *s);
void smf_rules_confirm(struct smf *smf, struct smf_session *s);
/* The UPF leaves a tunnel for another one, and is to mark the end of it (29.244 5.2.4.2). */
bool smf_rules_end_marker(const struct smf_session *s);
/* The handover is over: the UPF is to forward nothing for it any more. */
void smf_handover_forget(struct smf *smf, struct smf_session *s);
/* Frees it with what it holds. */
void smf_handover_free(struct smf *smf, struct smf_session *s);

/* n4_diff.c */
bool n4_rules_have(const struct n4_rules *r, enum n4_kind kind, uint32_t id);
void n4_diff(const struct n4_rules *have, const struct n4_rules *wanted, struct n4_delta *out);
bool n4_delta_is_empty(const struct n4_delta *d);
/* It makes or removes rules, so that it cannot be asked for a second time. */
bool n4_delta_is_shape(const struct n4_delta *d);
bool n4_pdr_equal(const struct n4_pdr *a, const struct n4_pdr *b);
bool n4_far_equal(const struct n4_far *a, const struct n4_far *b);
bool n4_qer_equal(const struct n4_qer *a, const struct n4_qer *b);
bool n4_urr_equal(const struct n4_urr *a, const struct n4_urr *b);

/* n4_message.c: the difference as PFCP has it; what the messages point to is of the arena */
struct pfcp_session_establishment_request;
struct pfcp_session_modification_request;

struct n4_change {
	const struct n4_rules *have, *wanted;
	struct n4_delta delta;
	const struct smf_dnn *dnn;
	struct bytes network_instance; /* the DNN in labels */
	bool end_marker;               /* into the tunnel that the downlink leaves */
	bool marks;                    /* tunnels to gNBs are marked (29.244 8.2.12) */
	/* Of a BAR that goes with an establishment; both 0: there is none. */
	uint8_t suggested_packets, notification_delay; /* in 50 ms, 29.244 8.2.28 */
	struct ip smf_ip;                              /* where the SMF's tunnels end */
};

struct pfcp_pdi;

/* n4_pdi.c: with its lists. False: out of memory. */
bool n4_message_pdi(
	const struct n4_change *c, const struct n4_pdr *p, struct arena *arena, struct pfcp_pdi *out);

/* False: out of memory. */
bool n4_message_establish(
	const struct n4_change *c, struct arena *arena, struct pfcp_session_establishment_request *r);
bool n4_message_modify(
	const struct n4_change *c, struct arena *arena, struct pfcp_session_modification_request *r);

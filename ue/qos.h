/*
 * The QoS of a PDU session at the UE: QoS rules and flow descriptions as the network signals them
 * (24.501 6.2.5.1, 9.11.4.12, 9.11.4.13), rules derived by reflection (6.2.5.1.4), and which flow an uplink
 * packet belongs to.
 */
#pragma once

#include "base/bytes.h"
#include "base/ip.h"
#include "wire/nas/nas.h"

enum ue_qos_limit {
	UE_QOS_RULES_MAX = 16,
	UE_QOS_FLOWS_MAX = 16,
	UE_QOS_FILTERS_MAX = 32, /* of a session; the network is told of this many */
};

/* What a packet must have; zeros are any. */
struct ue_filter {
	uint8_t rule, id;  /* of the QoS rule, and within it */
	uint8_t direction; /* enum nas_filter_direction */
	bool never;        /* it has what no IP packet of ours has */
	bool has_protocol;
	uint8_t protocol;
	bool has_remote, has_local, has_remote_ports, has_local_ports;
	struct ip remote, remote_mask, local, local_mask;
	uint16_t remote_low, remote_high, local_low, local_high;
	uint8_t tos, tos_mask;
};

struct ue_qos_rule {
	uint8_t id, precedence, qfi;
	bool is_default;
};

struct ue_qos_flow {
	uint8_t qfi, five_qi;
	uint64_t gfbr_uplink_kbps, gfbr_downlink_kbps, mfbr_uplink_kbps, mfbr_downlink_kbps;
};

struct ue_qos {
	uint8_t rule_count, flow_count, filter_count;
	bool unstructured; /* of such a session: the default rule alone, which needs no filter
			      (23.501 5.7.1.4) */
	struct ue_qos_rule rules[UE_QOS_RULES_MAX]; /* by precedence, the lowest value first */
	struct ue_qos_flow flows[UE_QOS_FLOWS_MAX];
	struct ue_filter filters[UE_QOS_FILTERS_MAX];
};

/* A packet as filters look at it, as the UE sends or gets it. */
struct ue_flow_key {
	struct ip remote, local;
	uint8_t protocol, tos;
	bool has_ports;
	uint16_t remote_port, local_port;
};

/* ue/nas/qos.c: what the network orders; all of it or nothing. 0, or the 5GSM cause to refuse it with
 * (6.3.2.4, 6.4.1.3). Either may be NULL. */
MUST_USE uint8_t ue_qos_apply(
	struct ue_qos *q, const struct nas_qos_rules *rules, const struct nas_qos_flows *flows);
const struct ue_qos_flow *ue_qos_flow(const struct ue_qos *q, uint8_t qfi);

/* ue/qos_match.c */
/* False: no IP packet. */
MUST_USE bool ue_flow_key_read(struct bytes packet, bool uplink, struct ue_flow_key *out);
/* The QFI by the first rule of that precedence that matches (6.2.5.1.2.1); 0: none does. */
uint8_t ue_qos_match(const struct ue_qos *q, const struct ue_flow_key *key, uint8_t precedence_min,
	uint8_t precedence_max);

/* ue/reflective.c: rules that the UE derives from what it gets, 6.2.5.1.4. */
enum { UE_DERIVED_MAX = 16, UE_DERIVED_PRECEDENCE = 80 };
struct ue_derived {
	struct ue_flow_key key;
	uint8_t qfi;
	uint64_t until_ns; /* T3583 */
};
struct ue_reflective {
	uint32_t timer_s; /* the network's RQ timer; 0: nothing is derived */
	uint8_t count;
	struct ue_derived rules[UE_DERIVED_MAX];
};
/* A downlink packet of that flow with RQI: a rule begins, or lives on, and may be of another flow now. */
void ue_reflective_derive(struct ue_reflective *r, struct bytes packet, uint8_t qfi, uint64_t now_ns);
/* The QFI by the derived rules; 0: none. */
uint8_t ue_reflective_match(struct ue_reflective *r, const struct ue_flow_key *key, uint64_t now_ns);
/* Flows are gone: so are rules to them. flows: by QFI (bit n), those that are there. */
void ue_reflective_keep(struct ue_reflective *r, uint64_t flows);

/* PCC rules and QoS flows of a session, and who has them: 23.501 5.7. */
#pragma once

#include "base/ip.h"
#include "core/smf/smf.h"
#include "wire/nas/nas.h"

/* The flow that every session has first, with a rule that matches all. */
enum { SMF_DEFAULT_QFI = 1, SMF_DEFAULT_RULE = 1, SMF_DEFAULT_PRECEDENCE = 255 };

/* 24.501 9.11.4.13: what remote side and ports a packet must have. */
struct smf_filter {
	uint8_t id;        /* 1 to 15, within the flow */
	uint8_t direction; /* enum nas_filter_direction */
	uint8_t protocol;  /* 0: any */
	uint8_t remote_bits;
	struct ip remote;                 /* IP_NONE: any */
	uint16_t remote_low, remote_high; /* ports; 0: any */
	uint16_t local_low, local_high;
};

/* What only a dedicated flow has: its PCC rule (29.512), bit rates, and what takes a packet to it. */
struct smf_match {
	char pcc_rule_id[SMF_PCC_RULE_ID_SIZE];
	struct ambr gbr, mbr; /* 0: none */
	uint8_t gate;         /* enum pfcp_gate, of both directions */
	bool notify;          /* QoS notification control, 23.501 5.7.2.4 */
	bool reflective;      /* the UE may derive rules, 23.501 5.7.5 */
	bool confirm;         /* the PCF is to be told when gNB and UE have it (29.512 4.2.6.5.5) */
	uint8_t filter_count;
	struct smf_filter filters[SMF_FILTERS_MAX];
	uint64_t uplink_octets, downlink_octets; /* as the UPF last reported */
	uint64_t usage_threshold,
		used; /* octets, after each of which the PCF hears of them; 0: it does not */
};

/* Who has a flow as it is. */
enum smf_flow_at {
	FLOW_AT_UPF = 1 << 0,
	FLOW_AT_GNB = 1 << 1,
	FLOW_AT_UE = 1 << 2,
	FLOW_ASKED = 1 << 3, /* the UPF was last asked to have it */
	/* Asked for, or asked to go, and not confirmed: nobody knows whether gNB and UE have it. */
	FLOW_GNB_ASKED = 1 << 4,
	FLOW_UE_ASKED = 1 << 5,
	/* It has changed since they were asked. */
	FLOW_UPF_OLD = 1 << 6,
	FLOW_GNB_OLD = 1 << 7,
	FLOW_UE_OLD = 1 << 8,
	FLOW_HELD = 1 << 9, /* the UPF gets it when the gNB has it */
	/* What was asked for is that it goes. */
	FLOW_GNB_GOES = 1 << 10,
	FLOW_UE_GOES = 1 << 11,
	FLOW_OLD = FLOW_UPF_OLD | FLOW_GNB_OLD | FLOW_UE_OLD,
	FLOW_OF_GNB = FLOW_AT_GNB | FLOW_GNB_ASKED | FLOW_GNB_OLD | FLOW_GNB_GOES | FLOW_HELD,
};

/*
 * A PCC rule in its QoS flow, 23.501 5.7; the default rule first. Rules of the same QoS are in one flow, of
 * one QFI (23.503 6.1.3.2.4): UPF and UE have each, the gNB their flow.
 */
struct smf_flow {
	uint8_t qfi;
	uint8_t rule_id,
		precedence; /* of the UE's QoS rule, and of the PDRs; no other of the session has it */
	uint8_t five_qi;
	uint8_t priority_level; /* 0: that of the 5QI */
	struct arp arp;
	uint16_t at;  /* enum smf_flow_at */
	bool leaving; /* wanted no more: it goes when UPF, gNB and UE have forgotten it */
	bool marked;  /* it has a FAR of its own, which marks with the DSCP; the first has one anyway */
	uint8_t dscp;
	struct smf_match *match; /* owned; NULL: all packets, the default flow */
};

/* The flows of a session; the first is the default flow. Walk it with smf_flow_at(). */
struct smf_flows {
	uint8_t count;
	struct smf_flow first;
	struct smf_flow *more; /* owned; SMF_FLOWS_MAX - 1 of them, once there is a second */
};

static inline struct smf_flow *smf_flow_at(struct smf_flows *f, uint8_t i)
{
	return i == 0 ? &f->first : &f->more[i - 1];
}

static inline const struct smf_flow *smf_flow_get(const struct smf_flows *f, uint8_t i)
{
	return i == 0 ? &f->first : &f->more[i - 1];
}

/* The UPF is to have it. */
static inline bool smf_flow_is_for_upf(const struct smf_flow *f)
{
	return !f->leaving && !(f->at & FLOW_HELD);
}

/* flows.c */
/* The default flow of the subscribed or authorized QoS. */
void smf_flows_begin(struct smf_flows *f, const struct default_qos *qos);
/* The DSCP that its 5QI has (23.501 5.8.2.7). */
void smf_flow_mark(struct smf_flow *f, const struct smf_config *c);
/* A dedicated one, copied with its match. False at the limit, in the default flow, for a rule that is there,
 * or without memory. */
bool smf_flows_add(struct smf_flows *f, const struct smf_flow *flow);
struct smf_flow *smf_flows_find(struct smf_flows *f, uint8_t qfi);
struct smf_flow *smf_flows_of_rule_id(struct smf_flows *f, uint8_t rule_id);
/* Another rule than this one that is in the flow, and does not leave. */
bool smf_flows_is_shared(const struct smf_flows *f, const struct smf_flow *one);
/* 23.503 6.1.3.2.4: two of one QoS flow, as far as QoS goes. */
bool smf_flow_alike(const struct smf_flow *a, const struct smf_flow *b);
/* One that a rule of this QoS is put to; NULL: none. */
const struct smf_flow *smf_flows_alike(const struct smf_flows *f, const struct smf_flow *wanted);
/* What all rules of the flow have together: of 0 nothing is said. */
struct smf_rates {
	struct ambr gbr, mbr;
};
struct smf_rates smf_flows_rates(const struct smf_flows *f, uint8_t qfi);
/* That of a PCC rule, if it does not leave; NULL: none. */
struct smf_flow *smf_flows_of_rule(struct smf_flows *f, const char *pcc_rule_id);
/* The first number that is no QFI and no rule's. */
uint8_t smf_flows_free_id(const struct smf_flows *f);
/* By QFI (bit n): those that have one of these bits and do not leave; of 0 all that do not leave. */
uint64_t smf_flows_marked(const struct smf_flows *f, unsigned bits);
/* Takes bits from, and gives bits to, all flows. */
void smf_flows_mark(struct smf_flows *f, unsigned clear, unsigned set);
/* All that do not leave are in the request to the gNB, in the accept to the UE; the UE has taken that. */
void smf_flows_ask_gnb(struct smf_flows *f);
void smf_flows_ask_ue(struct smf_flows *f);
void smf_flows_accepted(struct smf_flows *f);
/* Dedicated flows that leave and that UPF, gNB and UE have not (any more) go. */
void smf_flows_purge(struct smf_flows *f);
void smf_flows_fini(struct smf_flows *f);
bool smf_match_equal(const struct smf_match *a, const struct smf_match *b);

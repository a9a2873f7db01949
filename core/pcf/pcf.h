/* PCF, TS 29.507, 29.512: access and mobility policy, and the rules of each PDU session: its session rule and
 * PCC rules, of the configuration, of operators and of UEs that ask. */
#pragma once

#include "base/config.h"
#include "base/ip_filter.h"
#include "core/nf/nf.h"

enum pcf_limit {
	PCF_RULES_MAX = 32,
	PCF_PCC_RULES_MAX = 64, /* of the configuration */
	PCF_FLOWS_MAX = 7,      /* PCC rules of a session */
	PCF_FILTERS_MAX = 4,    /* of a PCC rule */
	PCF_NAME_SIZE = 32,
	PCF_PRECEDENCE = 100, /* where none is given */
	PCF_ARP = 8,
	PCF_ERROR_SIZE = 192,
	PCF_RECORD_MAX = 8192,    /* octets of a stored association */
	PCF_APPLICATIONS_MAX = 4, /* application sessions of a PDU session */
	PCF_APPLICATION_RECORD_MAX = 1024,
	PCF_SAME_ADDRESS_MAX = 8,   /* sessions with one address, in as many data networks */
	PCF_BINDINGS_MAX = 1 << 25, /* addresses of sessions */
};

/* What the operator's policy makes of a subscribed session QoS. Fields of zero leave the subscription's
 * value. */
struct pcf_sm_rule {
	char dnn[DNN_STR_SIZE]; /* empty: any */
	struct ambr max_session_ambr;
	uint8_t five_qi;
	uint8_t arp_priority_level;
	bool ue_flows;                   /* UEs may ask for flows of their own */
	struct ambr max_ue_gbr;          /* of one that is guaranteed; 0: none is */
	struct ambr max_application_gbr; /* likewise of an application's; 0: any */
};

enum pcf_origin { PCF_FROM_CONFIGURATION = 1, PCF_FROM_OPERATOR, PCF_FROM_UE, PCF_FROM_APPLICATION };

struct pcf_filter {
	char text[IP_FILTER_TEXT_MAX]; /* IPFilterRule, 29.512 5.6.2.14 */
	uint8_t direction;             /* enum flow_direction */
};

/* A PCC rule with its QoS and gate: what is made of some packets (23.503 6.3.1). */
struct pcf_flow {
	char name[PCF_NAME_SIZE];
	uint8_t origin;      /* enum pcf_origin */
	uint32_t precedence; /* the lowest first */
	uint8_t five_qi;
	uint8_t priority_level; /* 0: that of the 5QI */
	struct arp arp;
	struct ambr gbr, mbr; /* 0: none */
	uint8_t status;       /* enum flow_status */
	bool notify;          /* QoS notification control: whether the GFBR is met is told */
	bool reflective;
	/* PCF_FROM_APPLICATION: of which, for which of its media (29.514 medCompN, fNum) */
	uint8_t application;
	uint16_t component, sub;
	bool own_rate;            /* that of the sub-component, not of the component */
	uint64_t usage_threshold; /* octets after each of which its usage is reported; 0: it is not */
	bool touched;             /* by the request at hand */
	uint8_t filter_count;
	struct pcf_filter filters[PCF_FILTERS_MAX];
};

/* One of the configuration, and whose sessions get it. */
struct pcf_pcc_rule {
	char dnn[DNN_STR_SIZE]; /* empty: any */
	struct snssai snssai;   /* sst 0: any */
	char imsi[17];          /* the first digits; empty: any */
	struct pcf_flow flow;
	uint8_t text_count;
	char texts[PCF_FILTERS_MAX][IP_FILTER_TEXT_MAX]; /* as configured */
};

struct pcf_config {
	struct plmn plmn;
	uint8_t sm_rule_count;
	struct pcf_sm_rule sm_rules[PCF_RULES_MAX]; /* the first that matches counts */
	uint8_t pcc_rule_count;
	struct pcf_pcc_rule pcc_rules[PCF_PCC_RULES_MAX];
};

/* A PCC rule's keys in network.yaml. */
extern const struct config_section pcf_pcc_rule_section;

struct pcf;

/* NULL when memory is refused. */
MUST_USE struct pcf *pcf_new(const struct pcf_config *config, struct env *env, struct sbi_bus *bus);
void pcf_free(struct pcf *pcf);
/* Takes another configuration; sessions that its rules and limits concern follow, some at a time. */
void pcf_take_config(struct pcf *pcf, const struct pcf_config *config);
struct nf *pcf_nf(struct pcf *pcf);

/* Octets reported for all released sessions since start. */
void pcf_usage(const struct pcf *pcf, uint64_t *uplink_octets, uint64_t *downlink_octets);

/* What an operator wants: a PCC rule for a session of a subscriber. */
struct pcf_order {
	struct supi supi;
	uint8_t pdu_session_id; /* 0: the first of the DNN */
	char dnn[DNN_STR_SIZE]; /* empty: any */
	struct pcf_flow flow;
};

/* flow_text.c: takes "5qi=1", "gbr=64Kbps/128Kbps", "filter=permit out ..." into an order that
 * pcf_order_begin() made; false with what is wrong in error. */
void pcf_order_begin(struct pcf_order *o, const struct supi *supi);
MUST_USE bool pcf_order_take(struct pcf_order *o, struct bytes word, char error[PCF_ERROR_SIZE]);
/* What the order leaves out, and whether its parts agree. */
MUST_USE bool pcf_order_complete(struct pcf_order *o, char error[PCF_ERROR_SIZE]);

/* Adds the flow, or replaces the one of its name; the SMF is notified. False with what is wrong in error. */
MUST_USE bool pcf_flow_add(struct pcf *pcf, const struct pcf_order *o, char error[PCF_ERROR_SIZE]);
/* Removes the one of the order's name. */
MUST_USE bool pcf_flow_remove(struct pcf *pcf, const struct pcf_order *o, char error[PCF_ERROR_SIZE]);

enum pcf_stat {
	PCF_STAT_AM_REQ,
	PCF_STAT_AM_SUCC,
	PCF_STAT_SM_REQ,
	PCF_STAT_SM_SUCC,
	PCF_STAT_SM_DELETED,
	PCF_STAT_SM_UPDATE_REQ,
	PCF_STAT_SM_UPDATE_SUCC,
	PCF_STAT_SM_NOTIFY_REQ,
	PCF_STAT_SM_NOTIFY_SUCC,
	PCF_STAT_FLOWS_ADDED,
	PCF_STAT_FLOWS_REMOVED,
	PCF_STAT_FLOWS_FAILED, /* that the SMF reported as not installed */
	PCF_STAT_UE_REFUSED,   /* resource requests of UEs */
	PCF_STAT_APP_CREATE_REQ,
	PCF_STAT_APP_CREATE_SUCC,
	PCF_STAT_APP_UPDATE_REQ,
	PCF_STAT_APP_UPDATE_SUCC,
	PCF_STAT_APP_DELETED,
	PCF_STAT_APP_UNBOUND,    /* application sessions for an address of no PDU session */
	PCF_STAT_APP_NOTIFIED,   /* events sent to applications */
	PCF_STAT_APP_TERMINATED, /* application sessions that the network ended */
	PCF_STAT_UPLINK_OCTETS,
	PCF_STAT_DOWNLINK_OCTETS,
	PCF_STAT_COUNT
};

extern const struct stat_group pcf_stat_group;
void pcf_stats(const struct pcf *pcf, struct stats *out);

/* PCF, TS 29.507 and 29.512: access and mobility policy, and the session rule of each PDU session. */
#pragma once

#include "core/nf/nf.h"

enum pcf_limit { PCF_RULES_MAX = 32 };

/* What the operator's policy makes of a subscribed session QoS. Fields of zero leave the subscription's
 * value. */
struct pcf_sm_rule {
	char dnn[DNN_STR_SIZE]; /* empty: any */
	struct ambr max_session_ambr;
	uint8_t five_qi;
	uint8_t arp_priority_level;
};

struct pcf_config {
	struct plmn plmn;
	uint8_t sm_rule_count;
	struct pcf_sm_rule sm_rules[PCF_RULES_MAX]; /* the first that matches counts */
};

struct pcf;

/* NULL when memory is refused. */
MUST_USE struct pcf *pcf_new(const struct pcf_config *config, struct env *env, struct sbi_bus *bus);
void pcf_free(struct pcf *pcf);
struct nf *pcf_nf(struct pcf *pcf);

/* Octets reported for all released sessions since start. */
void pcf_usage(const struct pcf *pcf, uint64_t *uplink_octets, uint64_t *downlink_octets);

enum pcf_stat {
	PCF_STAT_AM_REQ,
	PCF_STAT_AM_SUCC,
	PCF_STAT_SM_REQ,
	PCF_STAT_SM_SUCC,
	PCF_STAT_SM_DELETED,
	PCF_STAT_UPLINK_OCTETS,
	PCF_STAT_DOWNLINK_OCTETS,
	PCF_STAT_COUNT
};

extern const struct stat_group pcf_stat_group;
void pcf_stats(const struct pcf *pcf, struct stats *out);

/*
 * A draft: the rules that a session would have after a request. It is built from the published ones and the
 * request's elements, and refused with a cause as a whole; only a good one is made into a block and
 * published.
 */
#pragma once

#include "core/upf/rules.h"

/* A request's F-TEID with CHOOSE ID: one allocation for all PDRs with the same (29.244 8.2.3). */
struct upf_chosen {
	uint8_t id;
	uint32_t teid;
};

struct upf_draft_pdr {
	struct upf_pdr rule; /* far, qers, urrs and qfi are set when the draft is finished */
	struct upf_filter filters[UPF_FILTERS_MAX / 4];
	struct upf_ether_filter ethers[UPF_PDR_ETHERNET_FILTERS_MAX];
	uint32_t far_id;
	struct ip ue_ip, ue_ip6; /* IP_NONE: none */
	uint8_t route_count;
	struct prefix routes[UPF_ROUTES_MAX];
	uint32_t qer_ids[UPF_PDR_QERS_MAX], urr_ids[UPF_PDR_URRS_MAX];
	bool has_far;
	bool chosen; /* the TEID was allocated here: sent in Created PDR */
};

struct upf_draft_qer {
	struct upf_qer rule;
	struct upf_rate rate; /* with has_mbr */
	bool created;
};

struct upf_draft_urr {
	struct upf_urr *urr; /* NULL until committed, when created */
	struct upf_urr_config config;
	struct upf_urr_asked more;
	bool has_more;
	bool created, changed, new_quota, new_time_quota, new_monitoring;
};

struct upf;
struct upf_session;
struct upf_smf;

struct upf_draft {
	struct upf *upf;
	struct upf_session *session;  /* NULL: a new one */
	struct upf_smf *smf;          /* whose request it is */
	struct upf_session *replaces; /* a forgotten session of that SMF, whose F-TEID the new one asks for */
	struct ip ue_ip, ue_ip6;
	uint32_t dl_notice, discards; /* as in the rules */
	uint8_t worker;               /* the owner; of a new session one in turn, for want of a UE address */
	uint8_t pdr_count, far_count, qer_count, urr_count, bar_count, chosen_count;
	uint8_t lan, route_count; /* as in the rules */
	struct prefix routes[UPF_ROUTES_MAX];
	bool ethernet; /* the session is of Ethernet */
	bool unstructured;
	bool restoring; /* 29.244 8.2.136 RESTI */
	struct upf_draft_pdr pdrs[UPF_PDRS_MAX];
	struct upf_far fars[UPF_FARS_MAX];
	struct upf_draft_qer qers[UPF_QERS_MAX];
	struct upf_draft_urr urrs[UPF_URRS_MAX];
	struct upf_bar bars[UPF_BARS_MAX];
	struct upf_chosen chosen[UPF_PDRS_MAX];
	/* Why it is refused. */
	uint8_t cause; /* enum pfcp_cause; 0: it is not */
	uint16_t offending;
	bool has_failed;
	struct pfcp_failed_rule_id failed;
};

/* 29.244 8.1.2: element types that are named as offending. */
enum upf_ie {
	UPF_IE_CREATE_PDR = 1,
	UPF_IE_PDI = 2,
	UPF_IE_FORWARDING_PARAMETERS = 4,
	UPF_IE_F_TEID = 21,
	UPF_IE_SDF_FILTER = 23,
	UPF_IE_APPLICATION_ID = 24,
	UPF_IE_REPORTING_TRIGGERS = 37,
	UPF_IE_FORWARDING_POLICY = 41,
	UPF_IE_F_SEID = 57,
	UPF_IE_NODE_ID = 60,
	UPF_IE_MEASUREMENT_METHOD = 62,
	UPF_IE_MEASUREMENT_PERIOD = 64,
	UPF_IE_FQ_CSID = 65,
	UPF_IE_OUTER_HEADER_CREATION = 84,
	UPF_IE_UE_IP_ADDRESS = 93,
	UPF_IE_OUTER_HEADER_REMOVAL = 95,
	UPF_IE_PREDEFINED_RULES = 106,
	UPF_IE_ETHERNET_PACKET_FILTER = 132,
	UPF_IE_FAR_ID = 108,
	UPF_IE_PDN_TYPE = 113,
	UPF_IE_APPLY_ACTION = 44,
	UPF_IE_VOLUME_THRESHOLD = 31,
	UPF_IE_QUOTA_HOLDING_TIME = 71,
	UPF_IE_DROPPED_DL_THRESHOLD = 72,
	UPF_IE_TIME_QUOTA = 74,
	UPF_IE_LINKED_URR_ID = 82,
	UPF_IE_QUOTA_VALIDITY_TIME = 181,
};

/* Not in the enum of the wire: restoration failed because what was asked for is not free (8.2.1). */
enum { UPF_CAUSE_RESTORATION_FAILURE = 86 };

/* The owner of a new session of a UE with this address, from which all can find it; IP_NONE: the next in
 * turn. */
uint8_t upf_draft_worker(const struct upf_draft *d, struct ip ue_ip, struct ip ue_ip6);

/* The published rules of s, or none. */
void upf_draft_init(struct upf_draft *d, struct upf *upf, struct upf_session *s);

/* refuse.c: they return false. offending 0: none is named. The first one stays. */
bool upf_refuse(struct upf_draft *d, uint8_t cause, uint16_t offending);
bool upf_refuse_rule(struct upf_draft *d, enum pfcp_rule_type type, uint32_t id);

/* pdr.c */
bool upf_pdr_create(struct upf_draft *d, const struct pfcp_create_pdr *c);
bool upf_pdr_update(struct upf_draft *d, const struct pfcp_update_pdr *u);
bool upf_pdr_remove(struct upf_draft *d, uint16_t id);
/* So many first bits of a TEID say whose it is, where the SMFs choose. */
uint8_t upf_teid_range_bits(const struct upf *upf);

/* far.c */
struct upf_far *upf_draft_far(struct upf_draft *d, uint32_t id);
bool upf_far_create(struct upf_draft *d, const struct pfcp_create_far *c);
bool upf_far_update(struct upf_draft *d, const struct pfcp_update_far *u);
bool upf_far_remove(struct upf_draft *d, uint32_t id);

/* qer.c */
struct upf_draft_qer *upf_draft_qer(struct upf_draft *d, uint32_t id);
bool upf_qer_create(struct upf_draft *d, const struct pfcp_create_qer *c);
bool upf_qer_update(struct upf_draft *d, const struct pfcp_update_qer *u);
bool upf_qer_remove(struct upf_draft *d, uint32_t id);

/* urr.c */
struct upf_draft_urr *upf_draft_urr(struct upf_draft *d, uint32_t id);
bool upf_urr_create(struct upf_draft *d, const struct pfcp_create_urr *c);
bool upf_urr_update(struct upf_draft *d, const struct pfcp_update_urr *u);
bool upf_urr_remove(struct upf_draft *d, uint32_t id);

/* bar.c */
struct upf_bar *upf_draft_bar(struct upf_draft *d, uint8_t id);
bool upf_bar_create(struct upf_draft *d, const struct pfcp_create_bar *c);
bool upf_bar_update(struct upf_draft *d, const struct pfcp_update_bar *u);
bool upf_bar_remove(struct upf_draft *d, uint8_t id);

/* sdf_filter.c: false when it is not one that can be matched. */
bool upf_filter_read(const struct pfcp_sdf_filter *in, struct upf_filter *out);

/* ethernet_filter.c */
bool upf_ether_filters_read(struct upf_draft *d, struct upf_draft_pdr *p, const struct pfcp_pdi *pdi);
/* An identity alone stands for the filter of that identity in another PDR, with its ends exchanged. */
bool upf_ether_filters_finish(struct upf_draft *d, struct upf_draft_pdr *p);

/* Rules to be created, of an establishment or a modification. */
struct upf_creation {
	const struct pfcp_create_pdr *pdr;
	const struct pfcp_create_far *far;
	const struct pfcp_create_qer *qer;
	const struct pfcp_create_urr *urr;
	const struct pfcp_create_bar *bar; /* NULL: none */
	size_t pdr_count, far_count, qer_count, urr_count;
};

/* The Create elements of a request. */
#define UPF_CREATION(request)                                                                                \
	((struct upf_creation){ (request)->create_pdr, (request)->create_far, (request)->create_qer,         \
		(request)->create_urr, (request)->has_create_bar ? &(request)->create_bar : NULL,            \
		(request)->create_pdr_count, (request)->create_far_count, (request)->create_qer_count,       \
		(request)->create_urr_count })

bool upf_draft_create(struct upf_draft *d, const struct upf_creation *c);

/* Resolves what the PDRs refer to, orders them, and checks the whole. */
bool upf_draft_finish(struct upf_draft *d);

/* rules.c: the block of a finished draft; NULL: no memory. It is filled when nothing can fail any more. */
struct upf_rules *upf_rules_new(const struct upf_draft *d);
void upf_rules_fill(struct upf_rules *r, const struct upf_draft *d);

/*
 * The rules of a session as the data path reads them: one block, never changed once published. What changes
 * with every packet (token buckets, volumes) lives beside it and outlives a modification.
 */
#pragma once

#include "core/upf/epoch.h"
#include "core/upf/upf.h"
#include "wire/pfcp/pfcp.h"

enum upf_direction { UPF_UPLINK, UPF_DOWNLINK, UPF_DIRECTIONS };

/* Ports from..to. */
struct upf_range {
	uint16_t from, to;
};

/* One end of an SDF filter. */
struct upf_filter_end {
	uint32_t ip, mask;   /* mask 0: any, or the UE's own */
	uint8_t range_count; /* 0: any port */
	struct upf_range ranges[UPF_FILTER_RANGES_MAX];
};

/* 29.244 8.2.5, 29.212 5.4.2 */
struct upf_filter {
	struct upf_filter_end remote, ue;
	uint32_t id; /* SDF Filter ID */
	uint32_t spi;
	uint8_t protocol; /* when any_protocol is not set */
	uint8_t tos, tos_mask;
	bool has_id, has_description, has_spi, any_protocol;
	bool ipv6; /* matches no packet of ours */
};

/* 29.244 7.5.2.2, with what its QERs and URRs are by index in the block. */
struct upf_pdr {
	uint64_t qfis;       /* bit n: QFI n; 0: any */
	uint32_t precedence; /* lowest first */
	uint32_t teid;       /* uplink: local F-TEID */
	uint16_t id;
	uint8_t source;   /* enum pfcp_interface */
	uint8_t far, qfi; /* qfi: of its QERs, 0 none */
	bool rqi;
	uint8_t qer_count, urr_count, filter_first, filter_count;
	uint8_t qers[UPF_PDR_QERS_MAX], urrs[UPF_PDR_URRS_MAX];
};

/* 29.244 7.5.2.3 */
struct upf_far {
	uint32_t id;
	uint16_t action;     /* enum pfcp_apply_action */
	uint8_t destination; /* enum pfcp_interface */
	bool has_tunnel;
	uint32_t teid, ip; /* outer header creation */
};

/* Such a FAR has been forgotten a tunnel, or not been given one yet: nothing can be sent. */
static inline bool upf_far_needs_tunnel(const struct upf_far *f)
{
	return f->destination == PFCP_INTERFACE_ACCESS || f->destination == PFCP_INTERFACE_CP;
}

/* A token bucket each way, as the time at which it will be full again (2^-8 ns). */
struct upf_meter {
	struct upf_retired retired;
	uint64_t full_at[UPF_DIRECTIONS];
};

/* 29.244 7.5.2.5 */
struct upf_qer {
	struct upf_meter *meter;        /* NULL: no maximum bit rate */
	uint64_t cost[UPF_DIRECTIONS];  /* of an octet: 2^-24 ns */
	uint64_t depth[UPF_DIRECTIONS]; /* of the bucket: 2^-8 ns */
	uint32_t id;
	uint8_t gate; /* enum pfcp_gate, bits closed */
	uint8_t qfi;
	bool rqi, has_mbr;
};

enum upf_volume_kind { UPF_VOLUME_TOTAL, UPF_VOLUME_UL, UPF_VOLUME_DL, UPF_VOLUMES };

/* What is measured since the last report. */
struct upf_count {
	uint64_t octets[UPF_DIRECTIONS], packets[UPF_DIRECTIONS];
	uint32_t first_s, last_s; /* monotonic + 1; 0: no packet */
};

/* What a URR is asked for, 29.244 7.5.2.4; 0 in a limit: none. */
struct upf_urr_config {
	uint32_t id;
	uint32_t triggers; /* enum pfcp_reporting_triggers */
	uint32_t period_s, time_threshold_s;
	uint64_t threshold[UPF_VOLUMES], quota[UPF_VOLUMES];
	uint8_t method;      /* enum pfcp_measurement_method */
	uint8_t information; /* enum upf_measurement_information */
	bool has_quota;
};

/* 29.244 8.2.68 */
enum upf_measurement_information {
	UPF_MEASURE_BEFORE_QOS = 1,
	UPF_MEASURE_INACTIVE = 2,
	UPF_MEASURE_START_NOW = 8,
	UPF_MEASURE_PACKETS = 16
};

enum upf_urr_alarm {
	UPF_ALARM_THRESHOLD = 1,
	UPF_ALARM_QUOTA = 2,
	UPF_ALARM_START = 4,
	UPF_ALARM_ARM = 8, /* only its times are to be looked at */
};

/* A usage report rule: the first line is written by the data path, the rest is the control plane's. */
struct upf_urr {
	struct upf_count count;
	uint64_t limit[UPF_VOLUMES]; /* octets at which the control plane is told; UINT64_MAX: never */
	uint8_t alarms;              /* enum upf_urr_alarm, cleared by the control plane */
	bool exhausted;              /* quota used up: nothing passes */
	bool inactive;               /* 29.244 INAM: nothing is counted */
	bool wants_start;            /* 29.244 START: tell of the first packet */
	struct upf_retired retired;
	struct upf_urr_config config;
	uint64_t used[UPF_VOLUMES]; /* of the quota, up to the last report */
	uint64_t start_ns;          /* of the measurement; 0: at the first packet */
	uint64_t period_at_ns, time_at_ns;
	uint32_t start_time; /* pfcp_time */
	uint32_t sequence;
};

struct upf_rules {
	struct upf_retired retired;
	uint32_t ue_ip;  /* 0: none */
	uint32_t octets; /* of the block */
	uint8_t pdr_count, far_count, qer_count, urr_count, filter_count;
	uint16_t far_at, qer_at, urr_at, filter_at; /* offsets */
	struct upf_pdr pdrs[];                      /* by precedence */
};

static inline const struct upf_far *upf_rules_fars(const struct upf_rules *r)
{
	return (const struct upf_far *)((const char *)r + r->far_at);
}

static inline const struct upf_qer *upf_rules_qers(const struct upf_rules *r)
{
	return (const struct upf_qer *)((const char *)r + r->qer_at);
}

static inline struct upf_urr *const *upf_rules_urrs(const struct upf_rules *r)
{
	return (struct upf_urr *const *)((const char *)r + r->urr_at);
}

static inline const struct upf_filter *upf_rules_filters(const struct upf_rules *r)
{
	return (const struct upf_filter *)((const char *)r + r->filter_at);
}

/* What makes a PDR of a tunnel, from the access or the SMF (29.244 5.2.3A), or one of N6. */
static inline bool upf_pdr_is_uplink(const struct upf_pdr *p)
{
	return p->source == PFCP_INTERFACE_ACCESS || p->source == PFCP_INTERFACE_CP;
}

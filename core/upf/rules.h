/*
 * The rules of a session as the data path reads them: one block, never changed once published. What changes
 * with every packet (token buckets, volumes) lives beside it and outlives a modification.
 */
#pragma once

#include "base/ip.h"
#include "base/prefix.h"
#include "core/upf/epoch.h"
#include "core/upf/upf.h"
#include "wire/pfcp/pfcp.h"

/* Words that one thread writes and others read while it does: no lock and no order, but each word whole. */
#define UPF_READ(word)         __atomic_load_n(&(word), __ATOMIC_RELAXED)
#define UPF_WRITE(word, value) __atomic_store_n(&(word), (value), __ATOMIC_RELAXED)

enum upf_direction { UPF_UPLINK, UPF_DOWNLINK, UPF_DIRECTIONS };

/* Ports from..to. */
struct upf_range {
	uint16_t from, to;
};

/* One end of an SDF filter. */
struct upf_filter_end {
	struct ip ip, mask;  /* mask 0: any, or the UE's own */
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
	bool flow_label; /* matches nothing: it is not read */
	uint8_t family;  /* of IP, where an end is a prefix, be it as long as all; 0: any */
};

/* Ethernet addresses from..to; to 0: from alone. */
struct upf_mac_range {
	uint64_t from, to;
};

/* A VLAN tag's fields that must be so. */
struct upf_tag_filter {
	uint16_t tci, mask;
};

/* 29.244 table 7.5.2.2-3, as it was given; filters: SDF filters among those of its PDR, of which one must
 * match. */
struct upf_ether_filter {
	struct upf_mac_range source[UPF_FILTER_MACS_MAX], destination[UPF_FILTER_MACS_MAX];
	struct upf_tag_filter c_tag, s_tag;
	uint32_t id;
	uint16_t ethertype;                      /* 0: any */
	uint8_t source_count, destination_count; /* 0: any */
	uint8_t filter_first, filter_count;
	bool has_id, only_id, both_ways;
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
	bool forwards; /* what a gNB sends for another one: from the access to the access */
	uint8_t qer_count, urr_count, filter_first, filter_count;
	uint8_t ether_first, ether_count;
	uint8_t qers[UPF_PDR_QERS_MAX], urrs[UPF_PDR_URRS_MAX];
};

/* 29.244 7.5.2.3 */
struct upf_far {
	uint32_t id;
	uint16_t action;     /* enum pfcp_apply_action */
	uint8_t destination; /* enum pfcp_interface */
	bool has_tunnel, has_bar;
	uint8_t bar;     /* its BAR ID */
	uint8_t marking; /* 29.244 8.2.12: the DSCP of the outer header, in its place */
	bool to_far_end; /* of N6, by UDP and IP alone */
	uint32_t teid;   /* outer header creation; to a far end the port */
	struct ip ip;
};

/* 29.244 7.5.2.6 */
struct upf_bar {
	uint8_t id;
	uint8_t delay; /* before downlink data is reported, UPF_DELAY_MS each */
	bool has_count;
	uint8_t count; /* packets of the session that may wait */
	/* Extended buffering, 8.2.29, 8.2.30. */
	uint16_t extended_count; /* packets that may wait meanwhile; 0: as else */
	uint32_t until_s;        /* monotonic + 1; 0: there is none */
};

/* Such a FAR has been forgotten a tunnel, or not been given one yet: nothing can be sent. */
static inline bool upf_far_needs_tunnel(const struct upf_far *f)
{
	return f->destination == PFCP_INTERFACE_ACCESS || f->destination == PFCP_INTERFACE_CP;
}

struct upf_backlog;

/* A token bucket each way, as the time at which it will be full again (2^-8 ns). The owner worker's alone. */
struct upf_meter {
	struct upf_retired retired;
	uint64_t full_at[UPF_DIRECTIONS];
	struct upf_backlog *backlog[UPF_DIRECTIONS]; /* what waits for it; NULL: nothing */
};

/* A maximum bit rate each way. */
struct upf_rate {
	uint64_t cost[UPF_DIRECTIONS];  /* of an octet: 2^-24 ns */
	uint64_t depth[UPF_DIRECTIONS]; /* of the bucket: 2^-8 ns */
};

/* 29.244 7.5.2.5 */
struct upf_qer {
	struct upf_meter *meter; /* NULL: no maximum bit rate */
	uint32_t id;
	uint16_t rate_at; /* in a block: octets from here to its rate, with has_mbr */
	uint8_t qfi;
	uint8_t gate : 4; /* enum pfcp_gate, bits closed */
	bool rqi : 1, has_mbr : 1;
};

static inline const struct upf_rate *upf_qer_rate(const struct upf_qer *q)
{
	return (const struct upf_rate *)(const void *)((const char *)q + q->rate_at);
}

enum upf_volume_kind { UPF_VOLUME_TOTAL, UPF_VOLUME_UL, UPF_VOLUME_DL, UPF_VOLUMES };

/* Octets and packets each way since the URR was created: they only grow. */
struct upf_count {
	uint64_t octets[UPF_DIRECTIONS], packets[UPF_DIRECTIONS];
};

/* What a URR is asked for, 29.244 7.5.2.4; 0 in a limit: none. */
struct upf_urr_config {
	uint32_t id;
	uint32_t triggers; /* enum pfcp_reporting_triggers */
	uint32_t period_s, time_threshold_s, mac_inactivity_s;
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

/* What few URRs are asked for, 29.244 7.5.2.4; 0: it is not. */
struct upf_urr_asked {
	uint32_t time_quota_s, holding_s, validity_s, inactivity_s;
	uint32_t monitoring_time; /* pfcp_time; what counts from then on: */
	uint64_t next_threshold[UPF_VOLUMES], next_quota[UPF_VOLUMES];
	uint32_t next_time_threshold_s, next_time_quota_s;
	uint64_t drop_packets, drop_octets; /* threshold of dropped downlink */
	uint32_t linked[UPF_LINKED_URRS_MAX];
	uint8_t linked_count;
	bool has_time_quota, has_next_quota;
};

/* That, and the state of it. */
struct upf_urr_more {
	struct upf_urr_asked asked;
	/* The control plane's. */
	bool split;              /* the monitoring time has passed since the last report: */
	struct upf_count before; /* counted until then */
	uint32_t split_time;     /* pfcp_time */
	uint64_t before_ns;      /* measured until then */
	uint64_t active_ns;      /* of the measurement, until the silence before start_ns */
	uint64_t quota_left_ns;  /* of time; at start_ns, or when it was given */
	uint64_t quota_from_ns;  /* since then it runs; 0: it does not */
	uint64_t holding_at_ns, validity_at_ns, silent_at_ns, monitoring_at_ns; /* NEVER: not */
	uint64_t dropped_seen_packets, dropped_seen_octets;                     /* reported */
	uint64_t note_packets, note_octets; /* dropped, at which it wants to know: read by the worker */
	/* The owner worker's. */
	uint64_t dropped_packets, dropped_octets;
};

/*
 * A usage report rule. The owner worker counts and nobody else; the control plane remembers what it has
 * reported already, and never changes a count. So nothing is lost between the two, whenever it looks.
 */
struct upf_urr {
	/* Written by the owner worker. */
	struct upf_count count;
	uint32_t first_s, last_s; /* packets since the last report: monotonic + 1 */
	uint32_t mark_seen;       /* first_s is of the report before that mark */
	/* Written by the control plane, read by the worker. */
	uint32_t mark;                  /* reports made */
	uint64_t note_at[UPF_VOLUMES];  /* octets of count at which the control plane wants to know */
	uint64_t quota_at[UPF_VOLUMES]; /* and at which nothing passes any more; UINT64_MAX: never */
	bool note_first;                /* it wants to know of the first packet after a report */
	bool inactive;                  /* 29.244 INAM: nothing is counted */
	/* The control plane's own. */
	bool exhausted;   /* the quota's end was noticed */
	bool wants_start; /* 29.244 START: the first packet is reported */
	uint32_t alarms;  /* enum pfcp_usage_report_trigger: to be reported */
	struct upf_retired retired;
	struct upf_urr_config config;
	struct upf_count reported; /* of count */
	uint64_t start_ns;         /* of the measurement; 0: at the first packet */
	uint64_t period_at_ns, time_at_ns;
	struct upf_urr_more *more; /* owned; NULL: nothing of it was ever asked for */
	uint32_t start_time;       /* pfcp_time */
	uint32_t sequence;
};

struct upf_rules {
	struct upf_retired retired;
	uint64_t ue_prefix;    /* the first 64 bits of its IPv6 addresses; 0: it has none */
	uint64_t ue_interface; /* and the others, of an unstructured session; else 0 */
	uint32_t ue_ipv4;      /* 0: likewise */
	uint32_t teid;         /* of its uplink, by which a session without address is found */
	uint64_t qfis;         /* bit n: QFI n is of its QERs or PDRs; 0: the SMF named none */
	uint32_t octets;       /* of the block */
	uint32_t dl_notice;    /* changes when a FAR begins to want a notice of downlink data */
	uint32_t discards;     /* changes when what waits is to go (29.244 8.2.31 DROBU) */
	uint8_t pdr_count, far_count, qer_count, urr_count, filter_count, bar_count;
	uint8_t route_count;
	uint8_t lan;       /* Ethernet: 1 more than the index of its LAN; 0: it is of IP */
	bool forwards;     /* one of the PDRs does */
	bool unstructured; /* n6_tunnel.c */
	uint16_t far_at, qer_at, urr_at, filter_at, bar_at; /* offsets */
	struct upf_pdr pdrs[];                              /* by precedence */
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

static inline const struct prefix *upf_rules_routes(const struct upf_rules *r)
{
	return (const struct prefix *)(const void *)(upf_rules_filters(r) + r->filter_count);
}

static inline const struct upf_ether_filter *upf_rules_ethers(const struct upf_rules *r)
{
	return (const struct upf_ether_filter *)(const void *)(upf_rules_routes(r) + r->route_count);
}

/* Behind those, of which each PDR has its part. */
static inline const struct upf_bar *upf_rules_bars(const struct upf_rules *r)
{
	return (const struct upf_bar *)(const void *)((const char *)r + r->bar_at);
}

/* That by which the FAR buffers; NULL: none. */
static inline const struct upf_bar *upf_rules_bar(const struct upf_rules *r, const struct upf_far *f)
{
	for (uint8_t i = 0; f->has_bar && i < r->bar_count; i++)
		if (upf_rules_bars(r)[i].id == f->bar)
			return &upf_rules_bars(r)[i];
	return NULL;
}

static inline struct ip upf_rules_ip(const struct upf_rules *r)
{
	return ip_from_v4(r->ue_ipv4);
}

static inline struct ip upf_rules_ip6(const struct upf_rules *r)
{
	return (struct ip){ r->ue_prefix, r->ue_interface };
}

/* What makes a PDR of a tunnel, from the access or the SMF (29.244 5.2.3A), or one of N6. */
static inline bool upf_pdr_is_uplink(const struct upf_pdr *p)
{
	return p->source == PFCP_INTERFACE_ACCESS || p->source == PFCP_INTERFACE_CP;
}

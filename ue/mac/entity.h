/* Inside ue/mac. */
#pragma once

#include "radio/mac/bsr.h"
#include "radio/mac/pdu.h"
#include "ue/mac/mac.h"

#define UE_MAC_NEVER UINT64_MAX

struct ue_mac_channel {
	struct ue_mac_channel_config c;
	struct rlc *rlc; /* NULL: there is none */
	int64_t bucket;  /* Bj, octets */
	uint64_t bucket_ns;
	size_t seen; /* data that was there when it was looked last */
};

struct ue_mac_sr {
	bool pending;
	uint8_t counter; /* SR_COUNTER */
	uint64_t prohibit_ns;
};

struct ue_mac {
	struct ue_mac_config config;
	struct ue_mac_channel channels[UE_MAC_LCID_MAX + 1];
	uint8_t by_priority[UE_MAC_LCID_MAX]; /* LCIDs, in decreasing priority */
	uint8_t count;
	struct {
		bool regular, periodic; /* triggered and not cancelled */
		uint8_t lcid;           /* whose data triggered the regular one */
		uint64_t periodic_ns, retx_ns, sr_delay_ns;
	} bsr;
	struct ue_mac_sr sr[UE_MAC_SR_CONFIGS];
	bool random_access; /* a request that has no PUCCH */
	struct {
		bool triggered, begun;
		uint64_t periodic_ns, prohibit_ns;
		int path_loss_db, reported_db;
	} phr;
	struct ue_mac_stats stats;
};

static inline uint64_t ue_mac_after(uint64_t now_ns, uint32_t ms)
{
	return ms == UE_MAC_INFINITY ? UE_MAC_NEVER : now_ns + (uint64_t)ms * 1000000;
}

/* channels.c */
MUST_USE size_t ue_mac_data(const struct ue_mac_channel *c, uint64_t now_ns);
/* 5.4.3.1.1: all Bj as of now. */
void ue_mac_fill_buckets(struct ue_mac *m, uint64_t now_ns);

/* buffer_status.c */
void ue_mac_bsr_run(struct ue_mac *m, uint64_t now_ns);
/* The report that is due: what it needs with its subheader; 0: none is. */
MUST_USE size_t ue_mac_bsr_size(const struct ue_mac *m, uint64_t now_ns);
/* The report as of now, the data that this PDU takes gone already. */
void ue_mac_bsr_put(struct ue_mac *m, struct writer *w, uint64_t now_ns);
/* What fits into the padding (5.4.5). */
void ue_mac_bsr_pad(struct ue_mac *m, struct writer *w, uint64_t now_ns);
/* A PDU has taken data: what comes from here on is new, though there was more before. */
void ue_mac_bsr_taken(struct ue_mac *m, uint64_t now_ns);
void ue_mac_bsr_reset(struct ue_mac *m);

/* scheduling_request.c */
void ue_mac_sr_trigger(struct ue_mac *m, uint8_t lcid);
void ue_mac_sr_cancel(struct ue_mac *m);

/* power_headroom.c */
void ue_mac_phr_run(struct ue_mac *m, int path_loss_db, uint64_t now_ns);
void ue_mac_phr_grant(struct ue_mac *m, uint64_t now_ns);
void ue_mac_phr_put(struct ue_mac *m, struct writer *w, const struct mac_phr *phr, uint64_t now_ns);

/*
 * The UE's medium access control, what it sends (TS 38.321 5.4.3 to 5.4.6): which logical channels an uplink
 * grant is for, the MAC PDU for it, buffer status reports, scheduling requests and power headroom reports. It
 * has no clock: times are told, the moment of an uplink transmission is the caller's to choose.
 */
#pragma once

#include "radio/mac/ce.h"
#include "radio/rlc/rlc.h"

#define UE_MAC_INFINITY UINT32_MAX /* of a timer or a rate */

enum {
	UE_MAC_LCID_MAX = 32,
	UE_MAC_SR_CONFIGS = 8, /* maxNrofSR-ConfigPerCellGroup */
	UE_MAC_NO_LCG = 0xff,
	UE_MAC_NO_SR = 0xff,
};

/* LogicalChannelConfig of 38.331 6.3.2, its uplink part. */
struct ue_mac_channel_config {
	uint8_t lcid;                  /* 1 to 32 */
	uint8_t priority;              /* 1 to 16, 1 comes first */
	uint32_t prioritised_octets_s; /* prioritisedBitRate, which counts kilobytes; or UE_MAC_INFINITY */
	uint32_t bucket_ms;            /* bucketSizeDuration */
	uint8_t lcg;                   /* 0 to 7, or UE_MAC_NO_LCG */
	uint8_t sr;                    /* SchedulingRequestId, or UE_MAC_NO_SR */
	bool sr_delay;                 /* logicalChannelSR-DelayTimerApplied */
};

/* MAC-CellGroupConfig. Times of 0 are none; UE_MAC_INFINITY never. */
struct ue_mac_config {
	uint32_t periodic_bsr_ms, retx_bsr_ms, sr_delay_ms;
	bool phr; /* the rest counts if it is set */
	uint32_t phr_periodic_ms, phr_prohibit_ms;
	uint8_t phr_change_db; /* phr-Tx-PowerFactorChange */
	bool skip_uplink_tx_dynamic;
	struct ue_mac_sr_config {
		bool there;
		bool on_pucch; /* there is a PUCCH resource for it */
		uint32_t prohibit_ms;
		uint8_t trans_max;
	} sr[UE_MAC_SR_CONFIGS];
};

struct ue_mac_stats {
	uint64_t pdus, pdu_octets, sdus, padding_octets, skipped;
	uint64_t bsr_short, bsr_long, bsr_truncated, phr, sr_sent, sr_failed;
};

struct ue_mac;

MUST_USE struct ue_mac *ue_mac_new(const struct ue_mac_config *config);
void ue_mac_free(struct ue_mac *m);

/* 5.11, 5.4.6: what changes takes effect; a power headroom report is due. */
void ue_mac_configure(struct ue_mac *m, const struct ue_mac_config *config, uint64_t now_ns);

/* Adds or changes a channel; the entity must outlive it. False: no such LCID, priority, group. */
MUST_USE bool ue_mac_channel_set(
	struct ue_mac *m, const struct ue_mac_channel_config *c, struct rlc *rlc, uint64_t now_ns);
void ue_mac_channel_release(struct ue_mac *m, uint8_t lcid);

/* 5.12: timers stop, what is pending is cancelled, buckets are empty. */
void ue_mac_reset(struct ue_mac *m);

/* Once a slot: sees what has come to send, runs timers, triggers reports and requests. path_loss_db: of the
 * pathloss reference. */
void ue_mac_run(struct ue_mac *m, int path_loss_db, uint64_t now_ns);

/* There is nothing to send or to ask for: ue_mac_run() changes nothing before there is. */
MUST_USE bool ue_mac_is_quiet(const struct ue_mac *m, uint64_t now_ns);

enum ue_mac_wish {
	UE_MAC_NOTHING,
	UE_MAC_SCHEDULING_REQUEST, /* on PUCCH, at the next occasion of configuration *sr */
	UE_MAC_RANDOM_ACCESS,      /* it has no PUCCH for that, or has asked too often */
};

/* What the MAC would have the physical layer do, of all that pend the first. */
MUST_USE enum ue_mac_wish ue_mac_wish(const struct ue_mac *m, uint8_t *sr, uint64_t now_ns);

/* A request was sent and is pending still (5.7: the UE listens then). */
MUST_USE bool ue_mac_sr_is_pending(const struct ue_mac *m);

/* 5.4.4: at an occasion of configuration sr. True: it goes, and how often is counted; false: it has been sent
 * sr-TransMax times, so that random access takes its place, and PUCCH and SRS are to be released. */
MUST_USE bool ue_mac_sr_send(struct ue_mac *m, uint8_t sr, uint64_t now_ns);

/* 38.331 5.3.12: there is no PUCCH for requests any more. */
void ue_mac_sr_release(struct ue_mac *m);

/* The random access that was wished for has begun: the requests that wanted it are no longer pending. */
void ue_mac_random_access_begun(struct ue_mac *m);

/* An uplink grant for a new transmission. */
struct ue_mac_grant {
	size_t octets;          /* of the transport block */
	bool dynamic;           /* by PDCCH with C-RNTI: may be skipped */
	bool with_csi;          /* an aperiodic CSI report goes with it, so it may not */
	const uint16_t *c_rnti; /* Msg3 of a UE that has one: its control element comes first; NULL: none */
	struct bytes ccch;      /* Msg3 of a UE that has none: the SDU of CCCH, 6 or 8 octets; else empty */
	struct mac_phr phr;     /* what a report would say now */
};

/* The MAC PDU, of grant->octets octets. False: nothing is sent (skipUplinkTxDynamic), or a CCCH SDU does not
 * fit. */
MUST_USE bool ue_mac_build(struct ue_mac *m, const struct ue_mac_grant *grant, uint8_t *out, uint64_t now_ns);

MUST_USE struct ue_mac_stats ue_mac_stats(const struct ue_mac *m);

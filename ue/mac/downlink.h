/* What comes to the UE's MAC: the parts of a MAC PDU (TS 38.321 5.3.3, 5.13), and uplink time alignment
 * (5.2). */
#pragma once

#include "radio/mac/ce.h"
#include "radio/rlc/rlc.h"

enum { UE_DOWNLINK_LCIDS = 33 };

struct ue_downlink_stats {
	uint64_t pdus, sdus, elements;
	uint64_t unconfigured; /* of a channel that is not there, or with an element that does not concern
				  this UE */
	uint64_t unknown;      /* a reserved or unsupported LCID, or a cut PDU: the rest of it is lost */
};

/* What the UE does with them; none may be NULL. */
struct ue_downlink_upper {
	void *arg;
	void (*ccch)(void *arg, struct bytes sdu);
	void (*timing_advance)(void *arg, uint8_t command); /* 6 bits, 31 changes nothing */
	void (*drx_command)(void *arg, bool long_cycle);
	void (*sp_csi)(void *arg, const struct mac_sp_csi *s); /* 5.18.6 */
};

struct ue_downlink {
	struct rlc *rlc[UE_DOWNLINK_LCIDS]; /* by LCID; 0 is not used */
	struct ue_downlink_upper upper;
	uint8_t tag_id;
	uint32_t alignment_ms;      /* timeAlignmentTimer; UINT32_MAX: for ever */
	uint64_t aligned_until_ns;  /* 0: no N_TA is maintained */
	bool ended;                 /* that it ran out is known */
	bool aligned_by_contention; /* by a response whose contention is not won yet */
	struct ue_downlink_stats stats;
};

void ue_downlink_init(
	struct ue_downlink *d, const struct ue_downlink_upper *upper, uint8_t tag_id, uint32_t alignment_ms);

/*
 * A MAC PDU. identity: that of a contention resolution in it, a view; BYTES_NONE: there is none. A PDU for a
 * Temporary C-RNTI counts only where that is ours (5.1.5), so it is looked at first with `only_identity`,
 * which delivers nothing.
 */
void ue_downlink_receive(
	struct ue_downlink *d, struct bytes pdu, bool only_identity, struct bytes *identity, uint64_t now_ns);

/* 5.2: T_A of a random access response. True: apply it; false: ignore it, since the UE is aligned and has not
 * been asked to come. */
MUST_USE bool ue_downlink_response(struct ue_downlink *d, bool contention_free, uint64_t now_ns);

/* 5.1.5: the contention is over; lost, what its response aligned is not. */
void ue_downlink_contention(struct ue_downlink *d, bool won);

/* RRC's timeAlignmentTimer, which counts from when it begins again. */
void ue_downlink_alignment(struct ue_downlink *d, uint32_t alignment_ms);
/* True, once: the timer has run out. */
MUST_USE bool ue_downlink_alignment_ended(struct ue_downlink *d, uint64_t now_ns);

/* 5.12: the timer counts as expired. */
void ue_downlink_reset(struct ue_downlink *d);
static inline bool ue_downlink_is_aligned(const struct ue_downlink *d, uint64_t now_ns)
{
	return d->aligned_until_ns > now_ns;
}

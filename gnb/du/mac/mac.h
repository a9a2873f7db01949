/*
 * The MAC of one UE at its DU (TS 38.321): MAC PDUs made for it and taken apart, what it has to send as its
 * reports say, and the HARQ processes of both directions. Which UE is served when, with how many octets, is
 * the scheduler's business.
 */
#pragma once

#include "base/pool.h"
#include "radio/mac/bsr.h"
#include "radio/mac/ce.h"
#include "radio/rlc/rlc.h"

enum { DU_LCIDS = 33, DU_HARQ_PROCESSES = 16 };

struct du_channel {
	struct rlc *rlc;  /* NULL: there is none */
	uint8_t priority; /* 1 to 16, 1 comes first */
	uint8_t lcg;      /* 0 to 7; MAC_LCGS: none */
};

struct du_ue_stats {
	uint64_t dl_pdus, dl_octets, dl_padding, ul_pdus, ul_octets, ul_sdus, ul_elements;
	uint64_t ul_unconfigured, ul_unknown;
	uint64_t dl_retransmissions, ul_retransmissions, dl_given_up, ul_given_up;
};

/* Who takes what is not of a bearer; ccch may be NULL once the UE has its C-RNTI. */
struct du_ue_upper {
	void *arg;
	void (*ccch)(void *arg, struct bytes sdu);
	void (*c_rnti)(void *arg, uint16_t c_rnti); /* Msg3 of a UE that has one already */
};

/* A downlink process keeps its transport block until the UE has it: a record of the cell's. */
struct du_harq {
	bool busy, ndi;
	uint8_t transmissions, rv_step;
	size_t octets;
	uint8_t *pdu;        /* NULL: none */
	struct pool *blocks; /* downlink only */
};

struct du_ue {
	struct du_channel channels[DU_LCIDS];
	struct du_ue_upper upper;
	struct du_harq downlink[DU_HARQ_PROCESSES], uplink[DU_HARQ_PROCESSES];
	/* Control elements that are due. */
	bool has_identity, has_timing_advance;
	uint8_t identity[MAC_CONTENTION_RESOLUTION_LEN];
	struct mac_timing_advance timing_advance;
	/* What the UE told. */
	uint32_t reported[MAC_LCGS]; /* octets by group, less what came since */
	bool wants_grant;            /* a scheduling request, or a report that was cut short */
	bool has_phr;
	struct mac_phr phr;
	struct du_ue_stats stats;
};

/* blocks: the cell's, with records of the largest downlink transport block; must outlive it. NULL: no memory.
 */
MUST_USE struct du_ue *du_ue_new(const struct du_ue_upper *upper, struct pool *blocks);
void du_ue_free(struct du_ue *u);

/* False: no such LCID, priority or group. */
MUST_USE bool du_channel_set(struct du_ue *u, uint8_t lcid, const struct du_channel *c);

/* downlink.c */
/* The CCCH SDU's first octets, or 31 changes nothing: they go with the next transport block. */
void du_contention_resolved(struct du_ue *u, const uint8_t identity[MAC_CONTENTION_RESOLUTION_LEN]);
void du_timing_advance(struct du_ue *u, struct mac_timing_advance ta);
/* Octets of a transport block that would take all that waits. */
MUST_USE size_t du_downlink_wanted(const struct du_ue *u, uint64_t now_ns);
/* A MAC PDU of exactly so many octets. ccch: a SDU of SRB0, or empty. False: nothing waits, or the SDU does
 * not fit. */
MUST_USE bool du_downlink_build(
	struct du_ue *u, struct bytes ccch, uint8_t *out, size_t octets, uint64_t now_ns);

/* uplink.c */
void du_uplink_receive(struct du_ue *u, struct bytes pdu, uint64_t now_ns);
/* Octets that the UE has, as far as it said. */
MUST_USE uint32_t du_uplink_wanted(const struct du_ue *u);

/* harq.c */
enum du_harq_answer { DU_HARQ_ACK, DU_HARQ_NACK, DU_HARQ_DTX };
enum du_harq_next { DU_HARQ_DONE, DU_HARQ_AGAIN, DU_HARQ_GIVEN_UP };

/* A process without a block under way; DU_HARQ_PROCESSES: none. */
MUST_USE uint8_t du_harq_free(const struct du_harq *h);
/* Where the block of a downlink process is made before it begins; NULL: the cell has too many under way. */
MUST_USE uint8_t *du_harq_room(struct du_harq *h);
/* None was made. */
void du_harq_room_back(struct du_harq *h);
/* A new block: its NDI. */
MUST_USE bool du_harq_begin(struct du_harq *h, size_t octets);
/* Redundancy version of the transmission that is next or under way: 0, 2, 3, 1 (38.214 5.1.2.1), round and
 * round. */
MUST_USE uint8_t du_harq_rv(const struct du_harq *h);
/* What a receiver said, after `most` transmissions at most. */
MUST_USE enum du_harq_next du_harq_answered(struct du_harq *h, enum du_harq_answer answer, uint8_t most);

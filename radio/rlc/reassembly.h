/*
 * What a receiving entity has not got. SNs are counted on in 32 bits; all below `highest` have come but those
 * that the holes name, in ascending order. A hole is a run of SDUs of which nothing has come, or one SDU of
 * which some has. So memory is spent on losses only, and a STATUS PDU is a walk along the holes.
 */
#pragma once

#include "radio/rlc/pdu.h"
#include "radio/rlc/rlc.h"

enum {
	/* Separate pieces of one SDU: as many as HARQ processes may be out of order (38.321 5.4.2: 16, 32 in
	   later releases). */
	RLC_PIECES_MAX = 32,
	/* Of one entity, so that a peer who leaves gaps on purpose takes the memory of nobody else. */
	RLC_HOLES_MAX = 512,
	RLC_PARTIAL_MAX = 64,
};

struct rlc_hole {
	struct rlc_hole *next;
	uint32_t sn, count; /* count above 1, or no sdu: nothing has come of them */
	struct sdu *sdu;    /* what has come of sn */
	uint32_t end;       /* length of the SDU; 0: its last octet has not come */
	uint8_t piece_count;
	struct sdu_range pieces[RLC_PIECES_MAX]; /* ascending, apart from each other */
};

struct rlc_reception {
	struct rlc_memory *memory;
	struct rlc_hole *first, *last;
	uint32_t highest; /* RX_Next_Highest */
	uint32_t holes, partial;
};

enum rlc_placed {
	RLC_PLACED,
	RLC_COMPLETED, /* *sdu is the SDU */
	RLC_DUPLICATE,
	RLC_NO_ROOM,
	RLC_CONTRADICTION, /* octets behind the end, or two ends */
};

/* Takes a PDU of SDU sn: below highest, or above it, where the SNs between become a hole. */
MUST_USE enum rlc_placed rlc_place(struct rlc_reception *r, uint32_t sn, const struct rlc_header *h,
	struct bytes data, struct sdu **sdu);

/* Counts what became of it; true when it is whole or was kept. */
MUST_USE bool rlc_was_placed(struct rlc_stats *stats, enum rlc_placed placed);

/* The first SDU at or above sn that has not come whole; highest when there is none below that. */
MUST_USE uint32_t rlc_first_missing(const struct rlc_reception *r, uint32_t sn);

/* Octets are missing before the last that came of the SDU (5.2.2.2.3, 5.2.3.2.3); false where nothing came of
 * it. */
MUST_USE bool rlc_has_gap(const struct rlc_reception *r, uint32_t sn);

/* Gives up what is missing below sn; how many SDUs that were. */
uint32_t rlc_forget_below(struct rlc_reception *r, uint32_t sn);

void rlc_reception_clear(struct rlc_reception *r);

/* a < b, of SNs counted on. */
static inline bool rlc_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

/* The SN counted on, not below base, that has these lower bits. */
static inline uint32_t rlc_sn_from(uint32_t base, uint32_t sn, uint8_t sn_bits)
{
	return base + ((sn - base) & ((1u << sn_bits) - 1));
}

/* HARQ-ACK of a slot's PUCCH or PUSCH: the Type-2 codebook of one cell (38.213 9.1.3.1, 9.1.3.2). */
#pragma once

#include "base/bytes.h"

enum { UE_ACKS_MAX = 16, UE_DAIS = 4 };

struct ue_acks {
	uint8_t n;
	uint8_t bits[UE_ACKS_MAX]; /* one an octet */
};

/*
 * The answer to a PDSCH whose DCI counted up to this DAI, 1 to 4 round and round; those in between were not
 * heard. False: there is no room.
 */
MUST_USE bool ue_acks_add(struct ue_acks *a, unsigned dai, bool ack);

/* A PUSCH's DCI 0_1 counted so many, 1 to 4 round and round: those behind the last heard were not. 4 where
 * none was heard is none. False: there is no room. */
MUST_USE bool ue_acks_fill(struct ue_acks *a, unsigned dai);

/* Two codewords may be scheduled (9.1.3.1): each PDSCH has a second bit, and none of these has a second
 * block. False: there is no room. */
MUST_USE bool ue_acks_of_two(struct ue_acks *a);

/* HARQ-ACK of a slot's PUCCH or PUSCH: the Type-2 codebook of DCI 1_0 in one cell (38.213 9.1.3.1). */
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

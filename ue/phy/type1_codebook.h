/* The Type-1, semi-static, HARQ-ACK codebook of one cell (38.213 9.1.2): a bit for each slot that a PDSCH
 * answered here could have been in, received or not. */
#pragma once

#include "base/slot_room.h"
#include "radio/cell/own.h"
#include "ue/phy/harq_ack.h"

/* PDSCHs that are answered in one slot; masks have bit K1. */
struct ue_type1 {
	uint8_t n;
	uint16_t heard, acked;
	uint16_t late;  /* assigned after the PUSCH of their slot was */
	bool by_itself; /* of DCI 1_0 with counter DAI 1: answered alone where there is no other */
};

/* K1 0 to 15. */
void ue_type1_add(struct ue_type1 *t, unsigned k1, bool ack, bool by_itself, bool late);

/* What is sent in a slot; it may be nothing but NACKs. */
struct ue_type1_slot {
	struct slot_time up;
	unsigned since; /* so many slots before it the active bandwidth parts changed */
	bool on_pusch;
};

void ue_type1_codebook(struct ue_acks *out, const struct ue_type1 *t, const struct cell *c,
	const struct cell_own *o, const struct ue_type1_slot *in);

/* 9.1.2.2: whether it goes on a PUSCH whose DCI 0_1 has this DAI field; dai 0: it has none, 1: 0, 2: 1. */
bool ue_type1_goes_on_pusch(const struct ue_type1 *t, unsigned dai);

/* Bits of a codebook that are for nothing that was received. */
uint8_t ue_type1_silent(const struct ue_type1 *t, const struct ue_acks *codebook);

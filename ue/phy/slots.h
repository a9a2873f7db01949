/*
 * A UE's physical layer over a model (radio/l1.h): slots as they come, of a cell that the model has found, or
 * time that passes without one. Whoever runs it may leave slots out in which nothing is sent or heard.
 */
#pragma once

#include "ue/phy/stream.h"

struct ue_slots {
	struct l1_ue l1; /* whoever runs it */
	struct ue_stream_upper upper;
	struct ue_phy *ue; /* NULL: no cell is followed */
	float snr_db;
	uint32_t advance_tc;
};

void ue_slots_init(struct ue_slots *s, const struct l1_ue *l1, const struct ue_stream_upper *upper);
/* For the stack. */
struct ue_phy_radio ue_slots_radio(struct ue_slots *s);

void ue_slots_found(struct ue_slots *s, const struct ue_found *f);
/* t: NULL, or the slot of the cell that is followed. */
void ue_slots_run(struct ue_slots *s, const struct slot_time *t, uint64_t now_ns);
/* An SS/PBCH block was to be heard. */
void ue_slots_sync(struct ue_slots *s, bool heard, float snr_db);

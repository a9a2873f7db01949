/*
 * What an operator has the gNBs of a UE do: report where it is (38.413 8.12), trace it (8.11). An order lasts
 * as long as the registration; each gNB that gets the UE's context gets it, too. It is rare, so it lies in
 * the store alone, and `ordered` of the UE says that there is one.
 */
#pragma once

#include "core/amf/internal.h"

struct amf_order_tac {
	uint32_t tac;
};

struct amf_order {
	bool once;   /* a report that is awaited */
	bool follow; /* reports with each change of cell */
	uint8_t area_count;
	struct amf_order_tac area[AMF_AREA_TACS_MAX]; /* and when the UE comes into it, or leaves it */
	bool traced;
	uint8_t depth, interfaces; /* 38.413 9.3.1.14 */
	uint8_t trace_id[8];
	uint8_t collector_len, collector[16];
};

/* All zeros where there is none. */
void amf_order_get(struct amf *amf, const struct amf_ue *ue, struct amf_order *out);
/* In place of the one before; one without anything to do is none. */
void amf_order_put(struct amf *amf, struct amf_ue *ue, const struct amf_order *o);

/* location_reporting.c, ran_trace.c: to the gNB that has the UE's context */
void amf_location_carry_out(struct amf *amf, struct amf_connection *c, const struct amf_order *o);
void amf_ran_trace_carry_out(struct amf *amf, struct amf_connection *c, const struct amf_order *o);

/*
 * Public warnings, 38.413 8.9 and 23.041, for operators: what gNBs broadcast. They lie in the store, so that
 * a core that starts again knows them; what gNBs have answered is in memory.
 */
#pragma once

#include "core/amf/ran.h"

struct amf_warning_record {
	uint16_t id, serial;
	uint16_t repetition_s, broadcasts; /* 0 broadcasts: until it is cancelled */
	uint64_t begun_s, cancelled_s;     /* UTC; cancelled_s 0: it is not */
	uint8_t area_count;
	struct amf_tac area[AMF_AREA_TACS_MAX]; /* none: everywhere */
	uint8_t dcs;
	uint16_t len;
	uint8_t contents[WARNING_CONTENTS_MAX];
};

struct amf_warning {
	struct amf_warning_record r;
	uint32_t gnbs, cells, refused; /* that broadcast it; gNBs that do in none of their cells */
};

/* warning_record.c */
void amf_warning_put(struct amf *amf, const struct amf_warning *w);
void amf_warning_delete(struct amf *amf, const struct amf_warning *w);

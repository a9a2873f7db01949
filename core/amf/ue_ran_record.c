/* What gNBs have said of a UE, and areas, as the store has them. */
#include "core/amf/internal.h"

static const struct record_field fields[] = {
	RECORD_U(1, amf_ue_ran, nci),
	RECORD_U(2, amf_ue_ran, located_s),
	RECORD_U(3, amf_ue_ran, voice),
};
const struct record_def amf_ue_ran_def = { "ran", fields, ARRAY_LEN(fields) };

static const struct record_field tac_fields[] = { RECORD_U(1, amf_tac, tac) };
const struct record_def amf_tac_def = { "tac", tac_fields, ARRAY_LEN(tac_fields) };

/* What gNBs have said of a UE, as the store has it. */
#include "core/amf/internal.h"

static const struct record_field fields[] = {
	RECORD_U(1, amf_ue_ran, nci),
	RECORD_U(2, amf_ue_ran, located_s),
	RECORD_U(3, amf_ue_ran, voice),
};
const struct record_def amf_ue_ran_def = { "ran", fields, ARRAY_LEN(fields) };

/* A PDU session in the record of its UE. */
#pragma once

#include "base/record.h"
#include "core/amf/internal.h"

struct amf_session_record {
	uint8_t pdu_session_id, sst;
	uint32_t sd;
	char dnn[DNN_STR_SIZE];
	char sm_context_ref[SM_CONTEXT_REF_SIZE];
	char smf[SBI_PEER_STR_SIZE];
	uint32_t callback;
	bool emergency;
};

extern const struct record_def amf_session_record_def;

void amf_session_to_record(const struct amf *amf, const struct amf_session *s, struct amf_session_record *to);
/* Of the UE, from now on; false: it cannot be. */
bool amf_session_from_record(struct amf *amf, struct amf_ue *ue, const struct amf_session_record *from);

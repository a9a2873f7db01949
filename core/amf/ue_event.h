/* What operators are told of a UE (core/nf/event.h). */
#pragma once

#include "core/amf/amf.h"

struct amf_ue;
struct ngap_cause;

/* cause is a 5GMM one; 0: none. */
void amf_ue_event(struct amf *amf, const struct amf_ue *ue, enum event_kind kind, enum event_reason reason,
	uint8_t cause);
/* Its N2 connection is released; it stays registered. */
void amf_ue_event_released(struct amf *amf, const struct amf_ue *ue, const struct ngap_cause *cause);
/* It was handed over, or was not: then with the NGAP cause (else NULL). */
void amf_ue_event_handover(struct amf *amf, const struct amf_ue *ue, const struct ngap_cause *failed);
/* Its gNB reports where it is; the reason: in the area of interest or out of it, if there is one. */
void amf_ue_event_located(struct amf *amf, const struct amf_ue *ue, enum event_reason reason);
/* Its gNB does not do what an operator wants of it; cause may be NULL. */
void amf_ue_event_order_failed(
	struct amf *amf, const struct amf_ue *ue, enum event_kind kind, const struct ngap_cause *cause);
/* The AMF refuses a PDU session, before an SMF has it. */
void amf_ue_event_no_session(struct amf *amf, const struct amf_ue *ue, uint8_t pdu_session_id,
	const struct snssai *snssai, const char *dnn, enum event_reason reason, uint8_t cause);

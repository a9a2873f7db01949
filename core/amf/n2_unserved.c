/*
 * NGAP messages that this AMF does not serve: a request is refused by its own procedure's message where we
 * know the procedure, else by Error Indication; one that only reports gets no answer, or every report of a
 * gNB would cost it an error (38.413 10.3.4.1, 10.4).
 */
#include "core/amf/internal.h"

void amf_n2_unserved(struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu)
{
	bool setup = gnb->node_id != 0;
	struct per_diag diag = ngap_diag_of_pdu(pdu);
	struct ngap_cause cause =
		ngap_cause_of_protocol(NGAP_CAUSE_PROTOCOL_MESSAGE_NOT_COMPATIBLE_WITH_RECEIVER_STATE);
	const uint64_t *amf_id = ngap_amf_ue_ngap_id(pdu, &diag);
	const struct amf_connection *c = amf_id ? amf_connection_by_amf_id(amf, gnb, *amf_id) : NULL;

	amf->whose = c ? c->whose : 0;
	amf->stat[AMF_STAT_NGAP_UNEXPECTED]++;
	log_info(amf->nf.env->log, "%s: %s is not %s", gnb->name, ngap_message_name(pdu->message),
		setup ? "served" : "expected before NG Setup");
	if (pdu->kind != PER_INITIATING || pdu->criticality != PER_REJECT)
		return;
	if (setup) {
		cause = ngap_cause_of_protocol(NGAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT);
		diag.unknown_procedure = true; /* 10.3.2: a procedure not supported is not comprehended */
	}
	amf_n2_answer_error(amf, gnb, pdu, &diag, cause);
}

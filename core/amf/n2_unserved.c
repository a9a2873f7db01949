/*
 * NGAP messages that this AMF does not serve: a request is refused by its own procedure's message; one
 * that only reports gets no answer, or every report of a gNB would cost it an error (38.413 10.3.4.1, 10.4).
 */
#include "core/amf/internal.h"

/* 8.4.1.3: the UE stays where it is. */
void amf_handover_refuse(struct amf *amf, struct amf_connection *c, const void *body)
{
	struct ngap_handover_preparation_failure m = {
		.amf_ue_ngap_id = c->amf_ue_ngap_id,
		.ran_ue_ngap_id = c->ran_ue_ngap_id,
		.cause = ngap_cause_radio(
			NGAP_CAUSE_RADIO_NETWORK_HO_FAILURE_IN_TARGET_5_GC_NGRAN_NODE_OR_TARGET_SYSTEM),
	};

	amf->stat[AMF_STAT_NGAP_UNEXPECTED]++;
	amf_n2_send(amf, c->gnb, c->stream, NGAP_MSG_HANDOVER_PREPARATION_FAILURE, &m);
}

/* 8.4.4.3: none of the sessions is switched; the UE comes back with a service request. */
void amf_path_switch_refuse(struct amf *amf, struct amf_gnb *gnb, const void *body)
{
	const struct ngap_path_switch_request *r = body;
	struct ngap_path_switch_request_unsuccessful_transfer t = {
		.cause = ngap_cause_radio(
			NGAP_CAUSE_RADIO_NETWORK_HO_FAILURE_IN_TARGET_5_GC_NGRAN_NODE_OR_TARGET_SYSTEM),
	};
	struct ngap_path_switch_request_failure m = {
		.amf_ue_ngap_id = r->source_amf_ue_ngap_id,
		.ran_ue_ngap_id = r->ran_ue_ngap_id,
	};
	size_t count = r->pdu_session_resource_to_be_switched_dl_list.count;
	struct ngap_pdu_session_resource_released_item_ps_fail *items =
		arena_alloc(&amf->arena, count * sizeof(*items));
	uint8_t buf[16];
	struct writer w = writer_of(buf, sizeof(buf));

	amf->stat[AMF_STAT_NGAP_UNEXPECTED]++;
	if (!items || !ngap_value_encode(&ngap_path_switch_request_unsuccessful_transfer_type, &t, &w))
		return;
	for (size_t i = 0; i < count; i++)
		items[i] = (struct ngap_pdu_session_resource_released_item_ps_fail){
			r->pdu_session_resource_to_be_switched_dl_list.items[i].pdu_session_id,
			writer_bytes(&w)
		};
	m.pdu_session_resource_released_list_ps_fail.count = count;
	m.pdu_session_resource_released_list_ps_fail.items = items;
	amf_n2_send(amf, gnb, 0, NGAP_MSG_PATH_SWITCH_REQUEST_FAILURE, &m);
}

static void refuse_procedure(struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu, bool setup)
{
	struct ngap_cause cause = ngap_cause_of_protocol(
		setup ? NGAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT
		      : NGAP_CAUSE_PROTOCOL_MESSAGE_NOT_COMPATIBLE_WITH_RECEIVER_STATE);
	struct ngap_criticality_diagnostics cd = {
		.has_procedure_code = true,
		.procedure_code = pdu->procedure_code,
		.has_triggering_message = true,
		.triggering_message = NGAP_TRIGGERING_MESSAGE_INITIATING_MESSAGE,
		.has_procedure_criticality = true,
		.procedure_criticality = NGAP_CRITICALITY_REJECT,
	};
	struct ngap_error_indication m = { .cause = &cause, .criticality_diagnostics = &cd };

	amf_n2_send(amf, gnb, 0, NGAP_MSG_ERROR_INDICATION, &m);
}

void amf_n2_unserved(struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu)
{
	bool setup = gnb->node_id != 0;

	amf->stat[AMF_STAT_NGAP_UNEXPECTED]++;
	log_info(amf->nf.env->log, "%s: %s is not %s", gnb->name, ngap_message_name(pdu->message),
		setup ? "served" : "expected before NG Setup");
	if (pdu->kind == PER_INITIATING && pdu->criticality == PER_REJECT)
		refuse_procedure(amf, gnb, pdu, setup);
}

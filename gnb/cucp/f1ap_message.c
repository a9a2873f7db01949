/* F1AP messages as they come and go (38.473 clause 10). */
#include "gnb/cucp/internal.h"

/* 10.2 to 10.4: told where a report is due. */
static void fault(struct cucp *c, uint32_t du, const struct per_diag *diag)
{
	struct f1ap_cause cause = { .tag = F1AP_CAUSE_TAG_PROTOCOL };
	struct f1ap_criticality_diagnostics d = { .has_procedure_code = diag->has_procedure,
		.procedure_code = diag->procedure_code,
		.has_triggering_message = diag->has_procedure,
		.triggering_message = (enum f1ap_triggering_message)diag->triggering_message,
		.has_procedure_criticality = diag->has_procedure,
		.procedure_criticality = (enum f1ap_criticality)diag->procedure_criticality };
	struct f1ap_error_indication m = { .cause = &cause, .criticality_diagnostics = &d };

	c->stats.f1ap_faults++;
	if (diag->verdict != PER_REFUSE)
		return;
	cause.u.protocol = diag->fault == PER_FAULT_TRANSFER_SYNTAX
				   ? F1AP_CAUSE_PROTOCOL_TRANSFER_SYNTAX_ERROR
			   : diag->fault == PER_FAULT_FALSELY_CONSTRUCTED
				   ? F1AP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_FALSELY_CONSTRUCTED_MESSAGE
				   : F1AP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT;
	may_fail(cucp_f1ap_send(c, du, F1AP_MSG_ERROR_INDICATION, &m));
}

/* 8.2.2: the DU has no such UE; then it is lost. */
static void error_indication(struct cucp *c, uint32_t du, const struct f1ap_error_indication *m)
{
	struct cucp_ue *ue = NULL;

	if (m->has_gnb_cu_ue_f1ap_id && m->has_gnb_du_ue_f1ap_id && m->cause &&
		m->cause->tag == F1AP_CAUSE_TAG_RADIO_NETWORK &&
		m->cause->u.radio_network ==
			F1AP_CAUSE_RADIO_NETWORK_UNKNOWN_OR_INCONSISTENT_PAIR_OF_UE_F1AP_ID)
		ue = cucp_ue_look_up(c, du, m->gnb_cu_ue_f1ap_id, m->gnb_du_ue_f1ap_id);
	if (ue)
		cucp_ue_drop(ue, m->cause);
}

static void handle(struct cucp *c, uint32_t du, const struct f1ap_pdu *pdu)
{
	switch (pdu->message) {
	case F1AP_MSG_INITIAL_UL_RRC_MESSAGE_TRANSFER:
		cucp_initial_ul(c, du, pdu->u.initial_ul_rrc_message_transfer);
		break;
	case F1AP_MSG_UL_RRC_MESSAGE_TRANSFER:
		cucp_ul(c, du, pdu->u.ul_rrc_message_transfer);
		break;
	case F1AP_MSG_UE_CONTEXT_SETUP_RESPONSE:
		cucp_context_setup(c, du, pdu->u.ue_context_setup_response);
		break;
	case F1AP_MSG_UE_CONTEXT_SETUP_FAILURE:
		if (pdu->u.ue_context_setup_failure->has_gnb_du_ue_f1ap_id)
			cucp_context_failed(c, du, pdu->u.ue_context_setup_failure->gnb_cu_ue_f1ap_id,
				pdu->u.ue_context_setup_failure->gnb_du_ue_f1ap_id);
		break;
	case F1AP_MSG_UE_CONTEXT_MODIFICATION_RESPONSE:
		cucp_context_modified(c, du, pdu->u.ue_context_modification_response);
		break;
	case F1AP_MSG_UE_CONTEXT_MODIFICATION_FAILURE:
		cucp_context_failed(c, du, pdu->u.ue_context_modification_failure->gnb_cu_ue_f1ap_id,
			pdu->u.ue_context_modification_failure->gnb_du_ue_f1ap_id);
		break;
	case F1AP_MSG_UE_CONTEXT_MODIFICATION_REQUIRED:
		cucp_modification_required(c, du, pdu->u.ue_context_modification_required);
		break;
	case F1AP_MSG_UE_CONTEXT_RELEASE_REQUEST:
		cucp_release_requested(c, du, pdu->u.ue_context_release_request);
		break;
	case F1AP_MSG_UE_CONTEXT_RELEASE_COMPLETE:
		cucp_release_complete(c, du, pdu->u.ue_context_release_complete);
		break;
	case F1AP_MSG_ERROR_INDICATION:
		error_indication(c, du, pdu->u.error_indication);
		break;
	case F1AP_MSG_RESET:
		cucp_reset(c, du, pdu->u.reset);
		break;
	case F1AP_MSG_WRITE_REPLACE_WARNING_RESPONSE:
		cucp_warn_answered(c, pdu->u.write_replace_warning_response);
		break;
	case F1AP_MSG_PWS_CANCEL_RESPONSE: /* how often, which is counted here too */
		break;
	case F1AP_MSG_GNB_DU_CONFIGURATION_UPDATE:
		cucp_du_configuration_update(c, du, pdu->u.gnb_du_configuration_update);
		break;
	case F1AP_MSG_F1_REMOVAL_REQUEST:
		cucp_f1_removal_request(c, du, pdu->u.f1_removal_request);
		break;
	default:
		c->stats.not_comprehended++;
	}
}

void cucp_f1ap_received(struct cucp *c, uint32_t du, struct bytes octets)
{
	uint8_t memory[CUCP_ARENA_OCTETS];
	struct f1ap_pdu pdu;
	struct arena arena;
	struct per_diag diag;

	arena_init(&arena, memory, sizeof(memory), CUCP_ARENA_LIMIT);
	if (!f1ap_decode(octets, &arena, &pdu, &diag))
		fault(c, du, &diag);
	else if (pdu.message == F1AP_MSG_F1_SETUP_REQUEST)
		cucp_f1_setup(c, du, pdu.u.f1_setup_request);
	else if (c->dus[du].removing &&
		 (pdu.message == F1AP_MSG_F1_REMOVAL_RESPONSE || pdu.message == F1AP_MSG_F1_REMOVAL_FAILURE))
		cucp_f1_removal_answered(c, du);
	else if (c->dus[du].up) /* 8.2.3.1: the first procedure */
		handle(c, du, &pdu);
	else
		c->stats.not_comprehended++;
	arena_fini(&arena);
	cucp_orders_run(c);
}

/* F1AP messages as they come to the DU (38.473 clause 10). */
#include "gnb/du/f1ap_internal.h"

static void fault(struct du_f1ap *f, const struct per_diag *diag)
{
	struct f1ap_cause cause = { .tag = F1AP_CAUSE_TAG_PROTOCOL,
		.u.protocol = diag->fault == PER_FAULT_TRANSFER_SYNTAX
				      ? F1AP_CAUSE_PROTOCOL_TRANSFER_SYNTAX_ERROR
				      : F1AP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT };
	struct f1ap_error_indication m = { .cause = &cause };

	f->stats.faults++;
	if (diag->verdict == PER_REFUSE)
		may_fail(du_f1ap_send(f, F1AP_MSG_ERROR_INDICATION, &m));
}

/* 8.2.2: the CU has no such UE; then we have none either. */
static void error_indication(struct du_f1ap *f, const struct f1ap_error_indication *m)
{
	struct du_f1ap_ue *ue = NULL;

	if (m->has_gnb_cu_ue_f1ap_id && m->has_gnb_du_ue_f1ap_id && m->cause &&
		m->cause->tag == F1AP_CAUSE_TAG_RADIO_NETWORK &&
		m->cause->u.radio_network ==
			F1AP_CAUSE_RADIO_NETWORK_UNKNOWN_OR_INCONSISTENT_PAIR_OF_UE_F1AP_ID)
		ue = du_f1ap_ue_find(f, m->gnb_cu_ue_f1ap_id, m->gnb_du_ue_f1ap_id);
	if (ue)
		du_f1ap_ue_release(f, ue);
}

static void handle(struct du_f1ap *f, const struct f1ap_pdu *pdu)
{
	switch (pdu->message) {
	case F1AP_MSG_DL_RRC_MESSAGE_TRANSFER:
		du_f1ap_dl_rrc(f, pdu->u.dl_rrc_message_transfer);
		break;
	case F1AP_MSG_UE_CONTEXT_SETUP_REQUEST:
		du_f1ap_context_setup(f, pdu->u.ue_context_setup_request);
		break;
	case F1AP_MSG_UE_CONTEXT_MODIFICATION_REQUEST:
		du_f1ap_context_modification(f, pdu->u.ue_context_modification_request);
		break;
	case F1AP_MSG_UE_CONTEXT_RELEASE_COMMAND:
		du_f1ap_context_release(f, pdu->u.ue_context_release_command);
		break;
	case F1AP_MSG_UE_CONTEXT_MODIFICATION_CONFIRM:
		du_f1ap_modification_answered(f, pdu->u.ue_context_modification_confirm->gnb_cu_ue_f1ap_id,
			pdu->u.ue_context_modification_confirm->gnb_du_ue_f1ap_id, true);
		break;
	case F1AP_MSG_UE_CONTEXT_MODIFICATION_REFUSE:
		du_f1ap_modification_answered(f, pdu->u.ue_context_modification_refuse->gnb_cu_ue_f1ap_id,
			pdu->u.ue_context_modification_refuse->gnb_du_ue_f1ap_id, false);
		break;
	case F1AP_MSG_PAGING:
		du_f1ap_paging(f, pdu->u.paging);
		break;
	case F1AP_MSG_WRITE_REPLACE_WARNING_REQUEST:
		du_f1ap_write_replace(f, pdu->u.write_replace_warning_request);
		break;
	case F1AP_MSG_PWS_CANCEL_REQUEST:
		du_f1ap_pws_cancel(f, pdu->u.pws_cancel_request);
		break;
	case F1AP_MSG_ERROR_INDICATION:
		error_indication(f, pdu->u.error_indication);
		break;
	case F1AP_MSG_RESET:
		du_f1ap_reset(f, pdu->u.reset);
		break;
	case F1AP_MSG_GNB_CU_CONFIGURATION_UPDATE:
		du_f1ap_cu_configuration_update(f, pdu->u.gnb_cu_configuration_update);
		break;
	case F1AP_MSG_F1_REMOVAL_REQUEST:
		du_f1ap_removal_request(f, pdu->u.f1_removal_request);
		break;
	default:
		f->stats.faults++;
	}
}

void du_f1ap_received(struct du_f1ap *f, struct bytes octets)
{
	uint8_t memory[DU_F1AP_ARENA_OCTETS];
	struct f1ap_pdu pdu;
	struct per_diag diag;
	struct arena arena;

	arena_init(&arena, memory, sizeof(memory), DU_F1AP_ARENA_LIMIT);
	if (!f1ap_decode(octets, &arena, &pdu, &diag))
		fault(f, &diag);
	else if (pdu.message == F1AP_MSG_F1_SETUP_RESPONSE)
		du_f1ap_setup_response(f, pdu.u.f1_setup_response);
	else if (pdu.message == F1AP_MSG_F1_SETUP_FAILURE)
		du_f1ap_setup_failure(f, pdu.u.f1_setup_failure);
	else if (f->removing &&
		 (pdu.message == F1AP_MSG_F1_REMOVAL_RESPONSE || pdu.message == F1AP_MSG_F1_REMOVAL_FAILURE))
		du_f1ap_removal_answered(f);
	else if (f->up)
		handle(f, &pdu);
	else
		f->stats.faults++;
	arena_fini(&arena);
}

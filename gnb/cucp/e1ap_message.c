/* E1AP messages as they come to the CU-CP (37.483 clause 10). */
#include "gnb/cucp/e1ap_parts.h"

static void fault(struct cucp_e1ap *e, uint32_t up, const struct per_diag *diag)
{
	struct e1ap_report report;
	struct e1ap_error_indication m = { .transaction_id = ++e->transaction,
		.cause = &report.cause,
		.criticality_diagnostics = &report.diagnostics };

	e->stats.faults++;
	if (diag->verdict != PER_REFUSE && diag->verdict != PER_PROCESS_AND_NOTIFY)
		return;
	e1ap_report_of(diag, &report);
	may_fail(cucp_e1_send(e, up, E1AP_MSG_ERROR_INDICATION, &m));
}

/* 8.2.2: the CU-UP has no such UE; then it is lost. */
static void error_indication(struct cucp_e1ap *e, uint32_t up, const struct e1ap_error_indication *m)
{
	struct cucp_e1_context *c = NULL;

	if (m->has_gnb_cu_cp_ue_e1ap_id && m->has_gnb_cu_up_ue_e1ap_id && m->cause &&
		m->cause->tag == E1AP_CAUSE_TAG_RADIO_NETWORK &&
		m->cause->u.radio_network ==
			E1AP_CAUSE_RADIO_NETWORK_UNKNOWN_OR_INCONSISTENT_PAIR_OF_UE_E1AP_ID)
		c = cucp_e1_find_quiet(e, up, m->gnb_cu_cp_ue_e1ap_id, m->gnb_cu_up_ue_e1ap_id);
	if (c)
		cucp_e1_context_drop(c, m->cause);
}

static void handle_context(struct cucp_e1ap *e, uint32_t up, const struct e1ap_pdu *pdu)
{
	switch (pdu->message) {
	case E1AP_MSG_BEARER_CONTEXT_SETUP_RESPONSE:
		cucp_e1_setup_answered(e, up, pdu->u.bearer_context_setup_response);
		break;
	case E1AP_MSG_BEARER_CONTEXT_SETUP_FAILURE:
		cucp_e1_setup_failed(e, up, pdu->u.bearer_context_setup_failure);
		break;
	case E1AP_MSG_BEARER_CONTEXT_MODIFICATION_RESPONSE:
		cucp_e1_modified(e, up, pdu->u.bearer_context_modification_response);
		break;
	case E1AP_MSG_BEARER_CONTEXT_MODIFICATION_FAILURE:
		cucp_e1_modification_failed(e, up, pdu->u.bearer_context_modification_failure);
		break;
	case E1AP_MSG_BEARER_CONTEXT_MODIFICATION_REQUIRED:
		cucp_e1_modification_required(e, up, pdu->u.bearer_context_modification_required);
		break;
	case E1AP_MSG_BEARER_CONTEXT_RELEASE_COMPLETE:
		cucp_e1_released(e, up, pdu->u.bearer_context_release_complete);
		break;
	case E1AP_MSG_BEARER_CONTEXT_RELEASE_REQUEST:
		cucp_e1_release_requested(e, up, pdu->u.bearer_context_release_request);
		break;
	case E1AP_MSG_BEARER_CONTEXT_INACTIVITY_NOTIFICATION:
		cucp_e1_inactivity(e, up, pdu->u.bearer_context_inactivity_notification);
		break;
	case E1AP_MSG_DL_DATA_NOTIFICATION:
		cucp_e1_downlink(e, up, pdu->u.dl_data_notification);
		break;
	case E1AP_MSG_DATA_USAGE_REPORT:
		cucp_e1_usage(e, up, pdu->u.data_usage_report);
		break;
	case E1AP_MSG_ERROR_INDICATION:
		error_indication(e, up, pdu->u.error_indication);
		break;
	case E1AP_MSG_RESET:
		cucp_e1_reset_received(e, up, pdu->u.reset);
		break;
	default:
		cucp_e1_interface(e, up, pdu);
	}
}

void cucp_e1ap_received(struct cucp_e1ap *e, uint32_t up, struct bytes octets)
{
	uint8_t memory[CUCP_E1_ARENA_OCTETS];
	struct e1ap_pdu pdu;
	struct per_diag diag;
	struct arena arena;

	e->ups[up].silent = false;
	arena_init(&arena, memory, sizeof(memory), CUCP_E1_ARENA_LIMIT);
	if (!e1ap_decode(octets, &arena, &pdu, &diag)) {
		fault(e, up, &diag);
	} else {
		if (diag.verdict == PER_PROCESS_AND_NOTIFY)
			fault(e, up, &diag);
		if (e->ups[up].up)
			handle_context(e, up, &pdu);
		else /* 8.2.3.1: the first procedure */
			cucp_e1_setup_message(e, up, &pdu);
	}
	arena_fini(&arena);
}

/* E1AP messages as they come to the CU-UP (37.483 clause 10). */
#include "gnb/cuup/parts.h"

static void fault(struct cuup_node *n, const struct per_diag *diag)
{
	struct e1ap_report report;
	struct e1ap_error_indication m = { .cause = &report.cause,
		.criticality_diagnostics = &report.diagnostics };

	n->stats.e1ap_faults++;
	if (diag->verdict != PER_REFUSE && diag->verdict != PER_PROCESS_AND_NOTIFY)
		return;
	e1ap_report_of(diag, &report);
	may_fail(cuup_e1ap_send(n, E1AP_MSG_ERROR_INDICATION, &m));
}

/* 8.2.2: the CU-CP has no such UE; then we have none either. */
static void error_indication(struct cuup_node *n, const struct e1ap_error_indication *m)
{
	struct cuup_context *c = NULL;

	if (m->has_gnb_cu_cp_ue_e1ap_id && m->has_gnb_cu_up_ue_e1ap_id && m->cause &&
		m->cause->tag == E1AP_CAUSE_TAG_RADIO_NETWORK &&
		m->cause->u.radio_network ==
			E1AP_CAUSE_RADIO_NETWORK_UNKNOWN_OR_INCONSISTENT_PAIR_OF_UE_E1AP_ID)
		c = cuup_context_find(n, m->gnb_cu_cp_ue_e1ap_id, m->gnb_cu_up_ue_e1ap_id);
	if (c)
		cuup_context_free(c);
}

static void handle(struct cuup_node *n, const struct e1ap_pdu *pdu, struct arena *arena)
{
	switch (pdu->message) {
	case E1AP_MSG_BEARER_CONTEXT_SETUP_REQUEST:
		cuup_bearer_context_setup(n, pdu->u.bearer_context_setup_request, arena);
		break;
	case E1AP_MSG_BEARER_CONTEXT_MODIFICATION_REQUEST:
		cuup_bearer_context_modification(n, pdu->u.bearer_context_modification_request, arena);
		break;
	case E1AP_MSG_BEARER_CONTEXT_MODIFICATION_CONFIRM:
		cuup_modification_confirmed(n, pdu->u.bearer_context_modification_confirm);
		break;
	case E1AP_MSG_BEARER_CONTEXT_RELEASE_COMMAND:
		cuup_bearer_context_release(n, pdu->u.bearer_context_release_command);
		break;
	case E1AP_MSG_ERROR_INDICATION:
		error_indication(n, pdu->u.error_indication);
		break;
	case E1AP_MSG_RESET:
		cuup_reset(n, pdu->u.reset);
		break;
	default:
		cuup_e1_interface(n, pdu);
	}
}

void cuup_node_e1ap_received(struct cuup_node *n, struct bytes octets)
{
	uint8_t memory[CUUP_ARENA_OCTETS];
	struct e1ap_pdu pdu;
	struct per_diag diag;
	struct arena arena;

	arena_init(&arena, memory, sizeof(memory), CUUP_ARENA_LIMIT);
	if (!e1ap_decode(octets, &arena, &pdu, &diag)) {
		fault(n, &diag);
	} else {
		if (diag.verdict == PER_PROCESS_AND_NOTIFY)
			fault(n, &diag);
		if (n->up)
			handle(n, &pdu, &arena);
		else /* 8.2.3.1: the first procedure */
			cuup_e1_setup_answered(n, &pdu);
	}
	arena_fini(&arena);
	cuup_load_check(n);
	explicit_bzero(memory, sizeof(memory)); /* keys of users */
}

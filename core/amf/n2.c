/* NGAP messages in: a table of who handles them, and the error rules of 38.413 clause 10. */
#include "core/amf/handover.h"
#include "core/amf/ran.h"

/*
 * How a message finds its connection. In requests both AP IDs are mandatory and reject: both must fit. In
 * answers either may be missing (criticality ignore, 10.3.5): what is there must do.
 */
struct n2_ids {
	uint16_t amf_ue_ngap_id, ran_ue_ngap_id;       /* offsets in the body */
	uint16_t no_amf_ue_ngap_id, no_ran_ue_ngap_id; /* of the flags that they are missing, of answers */
	bool answer;
};

/* A row has one handler: of the node, or of the connection that ids name. */
struct n2_row {
	amf_node_handler *node;
	amf_connection_handler *connection;
	struct n2_ids ids;
	bool with_ue;      /* not for a connection that is being released: then it means nothing any more */
	bool before_setup; /* 8.7.1.1: NG Setup is the first procedure of an association */
};

#define IDS(s) { offsetof(struct s, amf_ue_ngap_id), offsetof(struct s, ran_ue_ngap_id), 0, 0, false }
#define ANSWER_IDS(s)                                                                                        \
	{ offsetof(struct s, amf_ue_ngap_id), offsetof(struct s, ran_ue_ngap_id),                            \
		offsetof(struct s, no_amf_ue_ngap_id), offsetof(struct s, no_ran_ue_ngap_id), true }
#define OF_CONNECTION(h, s)        { .connection = h, .ids = IDS(s) }
#define OF_UE(h, s)                { .connection = h, .ids = IDS(s), .with_ue = true }
#define ANSWER_OF_CONNECTION(h, s) { .connection = h, .ids = ANSWER_IDS(s) }
#define ANSWER_OF_UE(h, s)         { .connection = h, .ids = ANSWER_IDS(s), .with_ue = true }

/* Nothing is left to be done: what was reset is gone since the request (8.7.4). */
static void n2_nothing(struct amf *amf, struct amf_gnb *gnb, const void *body)
{
}

static const struct n2_row rows[NGAP_MSG_N] = {
	[NGAP_MSG_NG_SETUP_REQUEST] = { .node = amf_ng_setup_request, .before_setup = true },
	[NGAP_MSG_ERROR_INDICATION] = { .node = amf_error_indication, .before_setup = true },
	[NGAP_MSG_RAN_CONFIGURATION_UPDATE] = { .node = amf_ran_configuration_update },
	[NGAP_MSG_NG_RESET] = { .node = amf_ng_reset },
	[NGAP_MSG_NG_RESET_ACKNOWLEDGE] = { .node = n2_nothing },
	[NGAP_MSG_INITIAL_UE_MESSAGE] = { .node = amf_initial_ue_message },
	[NGAP_MSG_UPLINK_NAS_TRANSPORT] = OF_UE(amf_uplink_nas_transport, ngap_uplink_nas_transport),
	[NGAP_MSG_NAS_NON_DELIVERY_INDICATION] =
		OF_CONNECTION(amf_nas_non_delivery_indication, ngap_nas_non_delivery_indication),
	[NGAP_MSG_INITIAL_CONTEXT_SETUP_RESPONSE] =
		ANSWER_OF_UE(amf_initial_context_setup_response, ngap_initial_context_setup_response),
	[NGAP_MSG_INITIAL_CONTEXT_SETUP_FAILURE] =
		ANSWER_OF_UE(amf_initial_context_setup_failure, ngap_initial_context_setup_failure),
	[NGAP_MSG_UE_CONTEXT_MODIFICATION_RESPONSE] =
		ANSWER_OF_UE(amf_ue_context_modification_response, ngap_ue_context_modification_response),
	[NGAP_MSG_UE_CONTEXT_MODIFICATION_FAILURE] =
		ANSWER_OF_UE(amf_ue_context_modification_failure, ngap_ue_context_modification_failure),
	[NGAP_MSG_UE_CONTEXT_RELEASE_REQUEST] =
		OF_CONNECTION(amf_ue_context_release_request, ngap_ue_context_release_request),
	[NGAP_MSG_UE_CONTEXT_RELEASE_COMPLETE] =
		ANSWER_OF_CONNECTION(amf_ue_context_release_complete, ngap_ue_context_release_complete),
	[NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_RESPONSE] = ANSWER_OF_UE(
		amf_pdu_session_resource_setup_response, ngap_pdu_session_resource_setup_response),
	[NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_RESPONSE] = ANSWER_OF_UE(
		amf_pdu_session_resource_modify_response, ngap_pdu_session_resource_modify_response),
	[NGAP_MSG_PDU_SESSION_RESOURCE_RELEASE_RESPONSE] = ANSWER_OF_UE(
		amf_pdu_session_resource_release_response, ngap_pdu_session_resource_release_response),
	[NGAP_MSG_PDU_SESSION_RESOURCE_NOTIFY] =
		OF_UE(amf_pdu_session_resource_notify, ngap_pdu_session_resource_notify),
	[NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_INDICATION] = OF_UE(
		amf_pdu_session_resource_modify_indication, ngap_pdu_session_resource_modify_indication),
	[NGAP_MSG_HANDOVER_REQUIRED] = OF_CONNECTION(amf_handover_required, ngap_handover_required),
	[NGAP_MSG_HANDOVER_REQUEST_ACKNOWLEDGE] = { .node = amf_handover_request_acknowledge },
	[NGAP_MSG_HANDOVER_FAILURE] = { .node = amf_handover_failure },
	[NGAP_MSG_HANDOVER_NOTIFY] = OF_UE(amf_handover_notify, ngap_handover_notify),
	[NGAP_MSG_HANDOVER_CANCEL] = OF_CONNECTION(amf_handover_cancel, ngap_handover_cancel),
	[NGAP_MSG_UPLINK_RAN_STATUS_TRANSFER] =
		OF_UE(amf_uplink_ran_status_transfer, ngap_uplink_ran_status_transfer),
	[NGAP_MSG_UPLINK_RAN_EARLY_STATUS_TRANSFER] =
		OF_UE(amf_uplink_ran_early_status_transfer, ngap_uplink_ran_early_status_transfer),
	[NGAP_MSG_PATH_SWITCH_REQUEST] = { .node = amf_path_switch_request },
	[NGAP_MSG_AMF_CONFIGURATION_UPDATE_ACKNOWLEDGE] = { .node = amf_configuration_update_acknowledge },
	[NGAP_MSG_AMF_CONFIGURATION_UPDATE_FAILURE] = { .node = amf_configuration_update_failure },
	[NGAP_MSG_WRITE_REPLACE_WARNING_RESPONSE] = { .node = amf_write_replace_warning_response },
	[NGAP_MSG_PWS_CANCEL_RESPONSE] = { .node = amf_pws_cancel_response },
	[NGAP_MSG_PWS_RESTART_INDICATION] = { .node = amf_pws_restart_indication },
	[NGAP_MSG_PWS_FAILURE_INDICATION] = { .node = amf_pws_failure_indication },
	[NGAP_MSG_LOCATION_REPORT] = OF_UE(amf_location_report, ngap_location_report),
	[NGAP_MSG_LOCATION_REPORTING_FAILURE_INDICATION] =
		OF_UE(amf_location_reporting_failure_indication, ngap_location_reporting_failure_indication),
	[NGAP_MSG_TRACE_FAILURE_INDICATION] =
		OF_UE(amf_trace_failure_indication, ngap_trace_failure_indication),
	[NGAP_MSG_CELL_TRAFFIC_TRACE] = OF_UE(amf_cell_traffic_trace, ngap_cell_traffic_trace),
	[NGAP_MSG_UE_RADIO_CAPABILITY_CHECK_RESPONSE] =
		ANSWER_OF_UE(amf_ue_radio_capability_check_response, ngap_ue_radio_capability_check_response),
	[NGAP_MSG_UPLINK_RAN_CONFIGURATION_TRANSFER] = { .node = amf_uplink_ran_configuration_transfer },
	[NGAP_MSG_UPLINK_RIM_INFORMATION_TRANSFER] = { .node = amf_uplink_rim_information_transfer },
	[NGAP_MSG_RETRIEVE_UE_INFORMATION] = { .node = amf_retrieve_ue_information },
	[NGAP_MSG_UE_RADIO_CAPABILITY_ID_MAPPING_REQUEST] = { .node = amf_capability_id_mapping_request },
	[NGAP_MSG_UE_CONTEXT_SUSPEND_REQUEST] =
		OF_CONNECTION(amf_ue_context_suspend_request, ngap_ue_context_suspend_request),
	[NGAP_MSG_UE_CONTEXT_RESUME_REQUEST] =
		OF_CONNECTION(amf_ue_context_resume_request, ngap_ue_context_resume_request),
	[NGAP_MSG_RRC_INACTIVE_TRANSITION_REPORT] =
		OF_UE(amf_rrc_inactive_transition_report, ngap_rrc_inactive_transition_report),
	[NGAP_MSG_SECONDARY_RAT_DATA_USAGE_REPORT] =
		ANSWER_OF_UE(amf_secondary_rat_data_usage_report, ngap_secondary_rat_data_usage_report),
	[NGAP_MSG_UE_RADIO_CAPABILITY_INFO_INDICATION] = OF_CONNECTION(
		amf_ue_radio_capability_info_indication, ngap_ue_radio_capability_info_indication),
};

static void n2_note_error(struct amf *amf, const struct amf_gnb *gnb, const struct per_diag *diag)
{
	amf->stat[AMF_STAT_NGAP_REFUSED]++;
	log_warn(amf->nf.env->log, "%s: NGAP message in error (fault %d, procedure %u, at %s)", gnb->name,
		diag->fault, diag->procedure_code, diag->where ? diag->where : "-");
}

/* 38.413 10: a message in error. */
static void n2_refuse(
	struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu, const struct per_diag *diag)
{
	struct ngap_cause cause;

	if (ngap_diag_cause(diag, &cause))
		amf_n2_answer_error(amf, gnb, pdu, diag, cause);
}

/*
 * The connection both AP IDs name, of this gNB (38.413 10.6): an unknown AMF UE NGAP ID, or one that
 * belongs to another gNB, is answered as unknown; a wrong RAN UE NGAP ID as inconsistent.
 */
static struct amf_connection *n2_connection_of_both(
	struct amf *amf, struct amf_gnb *gnb, uint64_t amf_ue_ngap_id, uint32_t ran_ue_ngap_id)
{
	struct amf_connection *c = amf_connection_by_amf_id(amf, gnb, amf_ue_ngap_id);

	/* A target that was too late is released by our id alone, and answers with both. */
	if (c && (c->ran_ue_ngap_id == ran_ue_ngap_id || c->no_ran_id))
		return c;
	amf->stat[AMF_STAT_NGAP_UNEXPECTED]++;
	amf_n2_error_indication(amf, gnb, &amf_ue_ngap_id, &ran_ue_ngap_id,
		ngap_cause_radio(c ? NGAP_CAUSE_RADIO_NETWORK_INCONSISTENT_REMOTE_UE_NGAP_ID
				   : NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_LOCAL_UE_NGAP_ID));
	return NULL;
}

static struct amf_connection *n2_connection(
	struct amf *amf, struct amf_gnb *gnb, const struct n2_ids *ids, const void *body)
{
	const uint8_t *b = body;
	uint64_t amf_id = *(const uint64_t *)(const void *)(b + ids->amf_ue_ngap_id);
	uint32_t ran_id = *(const uint32_t *)(const void *)(b + ids->ran_ue_ngap_id);
	bool no_amf_id = ids->answer && *(const bool *)(b + ids->no_amf_ue_ngap_id);
	bool no_ran_id = ids->answer && *(const bool *)(b + ids->no_ran_ue_ngap_id);
	struct amf_connection *c = NULL;

	if (!no_amf_id && !no_ran_id)
		return n2_connection_of_both(amf, gnb, amf_id, ran_id);
	if (!no_ran_id)
		c = amf_connection_by_ran_id(amf, gnb, ran_id);
	else if (!no_amf_id)
		c = amf_connection_by_amf_id(amf, gnb, amf_id);
	if (!c)
		amf->stat[AMF_STAT_NGAP_UNEXPECTED]++;
	return c;
}

static void n2_dispatch(struct amf *amf, struct amf_gnb *gnb, const struct ngap_pdu *pdu)
{
	const struct n2_row *row = &rows[pdu->message];
	struct amf_connection *c;

	if ((!row->node && !row->connection) || (gnb->node_id == 0 && !row->before_setup)) {
		amf_n2_unserved(amf, gnb, pdu);
		return;
	}
	if (row->node) {
		row->node(amf, gnb, pdu->u.any);
		return;
	}
	c = n2_connection(amf, gnb, &row->ids, pdu->u.any);
	amf->whose = c ? c->whose : 0;
	if (c && (c->ue || !row->with_ue))
		row->connection(amf, c, pdu->u.any);
}

static void n2_receive(struct amf *amf, struct amf_gnb *gnb, struct bytes data)
{
	struct ngap_pdu pdu;
	struct per_diag diag;

	amf->stat[AMF_STAT_NGAP_RECEIVED]++;
	if (!ngap_decode(data, &amf->arena, &pdu, &diag)) {
		n2_note_error(amf, gnb, &diag);
		n2_refuse(amf, gnb, &pdu, &diag);
		return;
	}
	if (diag.verdict == PER_PROCESS_AND_NOTIFY) {
		n2_note_error(amf, gnb, &diag);
		amf->notify = &diag;
	}
	n2_dispatch(amf, gnb, &pdu);
	if (amf->notify)
		n2_refuse(amf, gnb, &pdu, &diag);
	amf->notify = NULL;
}

void amf_on_n2(struct amf *amf, const struct msg *m)
{
	struct amf_gnb *gnb;

	if (m->kind == MSG_UP) {
		amf_gnb_up(amf, m);
		return;
	}
	if (m->kind == MSG_DOWN) {
		amf_gnb_down(amf, m->assoc);
		return;
	}
	gnb = amf_gnb_find(amf, m->assoc);
	amf_load_note(amf, m);
	if (gnb) {
		amf_seen_n2(amf, true, 0, gnb, m->data);
		n2_receive(amf, gnb, m->data);
		amf_seen_all(amf);
	}
	arena_wipe(&amf->arena);
}

/* N2: associations, and NGAP messages in, by a table of handlers (TS 38.413). */
#include "gnb/internal.h"

static n2_handler *const n2_handlers[NGAP_MSG_N] = {
	[NGAP_MSG_NG_SETUP_RESPONSE] = gnb_n2_ng_setup_response,
	[NGAP_MSG_NG_SETUP_FAILURE] = gnb_n2_ng_setup_failure,
	[NGAP_MSG_AMF_CONFIGURATION_UPDATE] = gnb_n2_amf_configuration_update,
	[NGAP_MSG_RAN_CONFIGURATION_UPDATE_ACKNOWLEDGE] = gnb_n2_ran_configuration_update_acknowledge,
	[NGAP_MSG_RAN_CONFIGURATION_UPDATE_FAILURE] = gnb_n2_ran_configuration_update_failure,
	[NGAP_MSG_NG_RESET] = gnb_n2_ng_reset,
	[NGAP_MSG_NG_RESET_ACKNOWLEDGE] = gnb_n2_ng_reset_acknowledge,
	[NGAP_MSG_ERROR_INDICATION] = gnb_n2_error_indicated,
	[NGAP_MSG_PAGING] = gnb_n2_paging,
	[NGAP_MSG_OVERLOAD_START] = gnb_n2_overload_start,
	[NGAP_MSG_OVERLOAD_STOP] = gnb_n2_overload_stop,
	[NGAP_MSG_AMF_STATUS_INDICATION] = gnb_n2_amf_status_indication,
	[NGAP_MSG_LOCATION_REPORTING_CONTROL] = gnb_n2_location_reporting_control,
	[NGAP_MSG_WRITE_REPLACE_WARNING_REQUEST] = gnb_n2_write_replace_warning_request,
	[NGAP_MSG_PWS_CANCEL_REQUEST] = gnb_n2_pws_cancel_request,
	[NGAP_MSG_TRACE_START] = gnb_n2_trace_start,
	[NGAP_MSG_DEACTIVATE_TRACE] = gnb_n2_deactivate_trace,
	[NGAP_MSG_UE_RADIO_CAPABILITY_CHECK_REQUEST] = gnb_n2_ue_radio_capability_check_request,
	[NGAP_MSG_UETNLA_BINDING_RELEASE_REQUEST] = gnb_n2_uetnla_binding_release_request,
	[NGAP_MSG_REROUTE_NAS_REQUEST] = gnb_n2_reroute_nas_request,
	[NGAP_MSG_DOWNLINK_RAN_CONFIGURATION_TRANSFER] = gnb_n2_downlink_ran_configuration_transfer,
	[NGAP_MSG_DOWNLINK_RIM_INFORMATION_TRANSFER] = gnb_n2_downlink_rim_information_transfer,
	[NGAP_MSG_DOWNLINK_NAS_TRANSPORT] = gnb_n2_downlink_nas_transport,
	[NGAP_MSG_INITIAL_CONTEXT_SETUP_REQUEST] = gnb_n2_initial_context_setup_request,
	[NGAP_MSG_UE_CONTEXT_MODIFICATION_REQUEST] = gnb_n2_ue_context_modification_request,
	[NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND] = gnb_n2_ue_context_release_command,
	[NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_REQUEST] = gnb_n2_pdu_session_resource_setup_request,
	[NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_REQUEST] = gnb_n2_pdu_session_resource_modify_request,
	[NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_CONFIRM] = gnb_n2_pdu_session_resource_modify_confirm,
	[NGAP_MSG_PDU_SESSION_RESOURCE_RELEASE_COMMAND] = gnb_n2_pdu_session_resource_release_command,
	[NGAP_MSG_HANDOVER_COMMAND] = gnb_n2_handover_command,
	[NGAP_MSG_HANDOVER_PREPARATION_FAILURE] = gnb_n2_handover_preparation_failure,
	[NGAP_MSG_HANDOVER_CANCEL_ACKNOWLEDGE] = gnb_n2_handover_cancel_acknowledge,
	[NGAP_MSG_HANDOVER_REQUEST] = gnb_n2_handover_request,
	[NGAP_MSG_PATH_SWITCH_REQUEST_ACKNOWLEDGE] = gnb_n2_path_switch_request_acknowledge,
	[NGAP_MSG_PATH_SWITCH_REQUEST_FAILURE] = gnb_n2_path_switch_request_failure,
	[NGAP_MSG_DOWNLINK_RAN_STATUS_TRANSFER] = gnb_n2_downlink_ran_status_transfer,
};

/* 38.413 8.7.1.1: NG Setup is the first procedure of an association. */
static bool n2_is_allowed(const struct gnb_amf *amf, enum ngap_message type)
{
	return amf->state == NG_READY || type == NGAP_MSG_NG_SETUP_RESPONSE ||
	       type == NGAP_MSG_NG_SETUP_FAILURE || type == NGAP_MSG_ERROR_INDICATION;
}

/* 38.413 10.3.4.1, 10.4: only who asks is answered; reports and responses are not. */
static void n2_unserved(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	struct per_diag diag;

	gnb->stat[GNB_STAT_NGAP_UNEXPECTED]++;
	log_warn(gnb->env->log, "AMF %s: %s is not served", amf->name, ngap_message_name(pdu->message));
	if (pdu->kind != PER_INITIATING || pdu->criticality != PER_REJECT)
		return;
	diag = ngap_diag_of_pdu(pdu);
	diag.unknown_procedure = amf->state == NG_READY; /* 10.3.2: not supported is not comprehended */
	gnb_n2_answer_error(gnb, amf, pdu, &diag,
		ngap_cause_of_protocol(
			amf->state == NG_READY
				? NGAP_CAUSE_PROTOCOL_ABSTRACT_SYNTAX_ERROR_REJECT
				: NGAP_CAUSE_PROTOCOL_MESSAGE_NOT_COMPATIBLE_WITH_RECEIVER_STATE));
}

static void n2_receive(struct gnb *gnb, struct gnb_amf *amf, struct bytes data)
{
	struct ngap_pdu pdu;
	struct per_diag diag;

	gnb->stat[GNB_STAT_NGAP_RECEIVED]++;
	if (!ngap_decode(data, &gnb->arena, &pdu, &diag)) {
		gnb_n2_refuse(gnb, amf, &pdu, &diag);
		return;
	}
	if (!n2_is_allowed(amf, pdu.message) || !n2_handlers[pdu.message]) {
		n2_unserved(gnb, amf, &pdu);
		return;
	}
	/* What the answer does not report, or who is answered later, is reported by Error Indication. */
	gnb->notify = diag.verdict == PER_PROCESS_AND_NOTIFY ? &diag : NULL;
	n2_handlers[pdu.message](gnb, amf, &pdu);
	if (gnb->notify)
		gnb_n2_refuse(gnb, amf, &pdu, &diag);
	else if (diag.verdict == PER_PROCESS_AND_NOTIFY)
		gnb->stat[GNB_STAT_NGAP_REFUSED]++;
	gnb->notify = NULL;
}

void gnb_n2_on_msg(struct gnb *gnb, const struct msg *m)
{
	struct gnb_amf *amf = gnb_ng_by_assoc(gnb, m->assoc);

	if (m->kind == MSG_DATA) {
		if (amf)
			n2_receive(gnb, amf, m->data);
		return;
	}
	if (!amf || m->kind == MSG_UP)
		amf = gnb_ng_by_token(gnb, m->token);
	if (amf)
		gnb_ng_event(gnb, amf, m->kind == MSG_UP ? NG_EV_UP : NG_EV_DOWN, m);
}

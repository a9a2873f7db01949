/* NGAP messages in: what is refused, and who handles which, for the table in n2.c. */
#pragma once

#include "wire/ngap/ngap.h"

struct gnb;
struct gnb_amf;
struct msg;

/* n2.c: the dispatch of NGAP messages */
void gnb_n2_on_msg(struct gnb *gnb, const struct msg *m);

/* error_indication.c */
/* Answers a message in error as 38.413 10 has it: by its procedure's refusal, by Error Indication, or not. */
void gnb_n2_answer_error(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu,
	const struct per_diag *diag, struct ngap_cause cause);
void gnb_n2_refuse(
	struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu, const struct per_diag *diag);

/* Handlers by NGAP message: ng_setup.c, ng_reset.c, ... */
typedef void n2_handler(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu);
n2_handler gnb_n2_paging, gnb_n2_ng_setup_response, gnb_n2_ng_setup_failure, gnb_n2_amf_configuration_update,
	gnb_n2_ran_configuration_update_acknowledge, gnb_n2_ran_configuration_update_failure,
	gnb_n2_overload_start, gnb_n2_overload_stop, gnb_n2_ng_reset, gnb_n2_ng_reset_acknowledge,
	gnb_n2_error_indicated, gnb_n2_downlink_nas_transport, gnb_n2_initial_context_setup_request,
	gnb_n2_ue_context_modification_request, gnb_n2_ue_context_release_command,
	gnb_n2_pdu_session_resource_setup_request, gnb_n2_pdu_session_resource_modify_request,
	gnb_n2_pdu_session_resource_modify_confirm, gnb_n2_pdu_session_resource_release_command,
	gnb_n2_handover_command, gnb_n2_handover_preparation_failure, gnb_n2_handover_request,
	gnb_n2_handover_cancel_acknowledge, gnb_n2_downlink_ran_status_transfer,
	gnb_n2_path_switch_request_acknowledge, gnb_n2_path_switch_request_failure,
	gnb_n2_amf_status_indication, gnb_n2_location_reporting_control, gnb_n2_trace_start,
	gnb_n2_deactivate_trace, gnb_n2_ue_radio_capability_check_request,
	gnb_n2_uetnla_binding_release_request, gnb_n2_reroute_nas_request,
	gnb_n2_downlink_ran_configuration_transfer, gnb_n2_downlink_rim_information_transfer,
	gnb_n2_write_replace_warning_request, gnb_n2_pws_cancel_request;

/* ng_setup.c: when what was refused is tried again, 38.413 9.3.1.56. */
uint32_t gnb_time_to_wait_s(bool has, enum ngap_time_to_wait value);

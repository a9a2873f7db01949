/* The handlers of NGAP messages, which n2.c lists. */
#pragma once

struct amf;
struct amf_gnb;
struct amf_connection;

/* Of a node, and of a connection. */
typedef void amf_node_handler(struct amf *amf, struct amf_gnb *gnb, const void *body);
typedef void amf_connection_handler(struct amf *amf, struct amf_connection *c, const void *body);
amf_node_handler amf_ng_setup_request, amf_ran_configuration_update; /* ng_setup.c */
amf_node_handler amf_ng_reset;                                       /* ng_reset.c */
amf_node_handler amf_error_indication;                               /* error_indication.c */
amf_node_handler amf_initial_ue_message;                             /* nas_transport.c */
amf_connection_handler amf_uplink_nas_transport, amf_nas_non_delivery_indication;
amf_connection_handler amf_initial_context_setup_response, amf_initial_context_setup_failure;
amf_connection_handler amf_ue_context_release_request, amf_ue_context_release_complete;
amf_connection_handler amf_pdu_session_resource_setup_response, amf_pdu_session_resource_modify_response,
	amf_ue_context_modification_response, amf_ue_context_modification_failure,
	amf_pdu_session_resource_release_response, amf_pdu_session_resource_notify; /* session_n2.c */
amf_connection_handler amf_pdu_session_resource_modify_indication;                  /* modify_indication.c */
/* amf_configuration_update.c */
amf_node_handler amf_configuration_update_acknowledge, amf_configuration_update_failure;
/* warning.c */
amf_node_handler amf_write_replace_warning_response, amf_pws_cancel_response, amf_pws_restart_indication,
	amf_pws_failure_indication;
/* location_reporting.c, ran_trace.c, ue_radio_capability_check.c */
amf_connection_handler amf_location_report, amf_location_reporting_failure_indication;
amf_connection_handler amf_trace_failure_indication, amf_cell_traffic_trace;
amf_connection_handler amf_ue_radio_capability_check_response;
/* ran_configuration_transfer.c */
amf_node_handler amf_uplink_ran_configuration_transfer, amf_uplink_rim_information_transfer;
/* ue_information.c */
amf_node_handler amf_retrieve_ue_information, amf_capability_id_mapping_request;
/* ue_context_suspend.c, ran_report.c */
amf_connection_handler amf_ue_context_suspend_request, amf_ue_context_resume_request;
amf_connection_handler amf_rrc_inactive_transition_report, amf_secondary_rat_data_usage_report;

/* What gNBs are asked, and say, beside the calls of their UEs: the files of these procedures. */
#pragma once

#include "core/amf/internal.h"

/* ue_radio_capability_check.c: asks the gNB, where it is not known and wanted. */
void amf_ue_radio_capability_check(struct amf *amf, struct amf_connection *c);
/* ue_order.c */
void amf_order_forget(struct amf *amf, struct amf_ue *ue);
void amf_order_restore(struct amf *amf);
/* ue_order_delivery.c: the gNB of the connection has the UE's context, and is told what operators want of it.
 */
void amf_order_carry_out(struct amf *amf, struct amf_connection *c);

/* amf_configuration_update.c */
void amf_configuration_update_gnb(struct amf *amf, struct amf_gnb *gnb);
void amf_configuration_changed(struct amf *amf);
amf_node_handler amf_configuration_update_acknowledge, amf_configuration_update_failure;
/* warning.c: a gNB that is set up, or has none any more, gets those of its area */
void amf_warning_tell(struct amf *amf, struct amf_gnb *gnb);
void amf_warning_restore(struct amf *amf);
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

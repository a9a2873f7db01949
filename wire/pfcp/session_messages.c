/* Tables of the session messages (TS 29.244 clause 7.5). */
#include "wire/pfcp/ie.h"
#include "wire/pfcp/groups.h"

#define MSG struct pfcp_session_establishment_request
static const struct tlv_ie session_establishment_request[] = {
	TLV_M(node_id, 60, 16, 1, 65535, pfcp_node_id, "7.5.2.1-1"),
	TLV_M(cp_f_seid, 57, 16, 9, 65535, pfcp_f_seid, "7.5.2.1-1"),
	TLV_M_LIST(create_pdr, 1, 16, 0, 65535, pfcp_create_pdr_codec, "7.5.2.1-1"),
	TLV_M_LIST(create_far, 3, 16, 0, 65535, pfcp_create_far_codec, "7.5.2.1-1"),
	TLV_C_LIST(create_urr, 6, 16, 0, 65535, pfcp_create_urr_codec, "7.5.2.1-1"),
	TLV_C_LIST(create_qer, 7, 16, 0, 65535, pfcp_create_qer_codec, "7.5.2.1-1"),
	TLV_O(create_bar, 85, 16, 0, 65535, pfcp_create_bar_codec, "7.5.2.1-1"),
	TLV_C_LIST(
		create_traffic_endpoint, 127, 16, 0, 65535, pfcp_create_traffic_endpoint_codec, "7.5.2.1-1"),
	TLV_C(pdn_type, 113, 16, 1, 65535, tlv_u8, "7.5.2.1-1"),
	TLV_C_LIST(fq_csid, 65, 16, 1, 65535, tlv_bytes, "7.5.2.1-1"),
	TLV_O(user_plane_inactivity_timer, 117, 16, 4, 65535, tlv_u32, "7.5.2.1-1"),
	TLV_O(user_id, 141, 16, 1, 65535, tlv_bytes, "7.5.2.1-1"),
	TLV_O(trace_information, 152, 16, 7, 65535, tlv_bytes, "7.5.2.1-1"),
	TLV_O(dnn, 159, 16, 0, 65535, pfcp_dnn, "7.5.2.1-1"),
	TLV_C_LIST(create_mar, 165, 16, 0, 65535, tlv_bytes, "7.5.2.1-1"),
	TLV_C(sereq_flags, 186, 16, 1, 65535, tlv_flags, "7.5.2.1-1"),
	TLV_C(create_bridge_info_for_tsc, 194, 16, 1, 65535, tlv_bytes, "7.5.2.1-1"),
	TLV_O_LIST(create_srr, 212, 16, 0, 65535, tlv_bytes, "7.5.2.1-1"),
	TLV_C(provide_atsss_control_information, 220, 16, 0, 65535, tlv_bytes, "7.5.2.1-1"),
	TLV_O(recovery_time_stamp, 96, 16, 4, 65535, tlv_u32, "7.5.2.1-1"),
	TLV_O(s_nssai, 257, 16, 4, 65535, pfcp_s_nssai, "7.5.2.1-1"),
	TLV_O(provide_rds_configuration_information, 261, 16, 0, 65535, tlv_bytes, "7.5.2.1-1"),
	TLV_O(rat_type, 275, 16, 1, 65535, tlv_u8, "7.5.2.1-1"),
	TLV_C(l2tp_tunnel_information, 276, 16, 0, 65535, tlv_bytes, "7.5.2.1-1"),
	TLV_C(l2tp_session_information, 277, 16, 0, 65535, tlv_bytes, "7.5.2.1-1"),
	TLV_O(group_id, 291, 16, 0, 65535, tlv_bytes, "7.5.2.1-1"),
	TLV_C(mbs_session_n4mb_control_information, 300, 16, 0, 65535, tlv_bytes, "7.5.2.1-1"),
	TLV_C(mbs_session_n4_control_information, 310, 16, 0, 65535, tlv_bytes, "7.5.2.1-1"),
	TLV_O(dscp_to_ppi_control_information, 316, 16, 0, 65535, tlv_bytes, "7.5.2.1-1"),
};
const struct tlv_group pfcp_session_establishment_request_group =
	TLV_GROUP_OF("Session Establishment Request", "7.5.2.1-1", PFCP_SESSION_ESTABLISHMENT_REQUEST, MSG,
		session_establishment_request);
#undef MSG

#define MSG struct pfcp_session_establishment_response
static const struct tlv_ie session_establishment_response[] = {
	TLV_M(node_id, 60, 16, 1, 65535, pfcp_node_id, "7.5.3.1-1"),
	TLV_M(cause, 19, 16, 1, 1, tlv_u8, "7.5.3.1-1"),
	TLV_C(offending_ie, 40, 16, 2, 2, tlv_u16, "7.5.3.1-1"),
	TLV_C(up_f_seid, 57, 16, 9, 65535, pfcp_f_seid, "7.5.3.1-1"),
	TLV_C_LIST(created_pdr, 8, 16, 0, 65535, pfcp_created_pdr_codec, "7.5.3.1-1"),
	TLV_O(load_control_information, 51, 16, 0, 65535, pfcp_load_control_information_codec, "7.5.3.1-1"),
	TLV_O(overload_control_information, 54, 16, 0, 65535, pfcp_overload_control_information_codec,
		"7.5.3.1-1"),
	TLV_C_LIST(fq_csid, 65, 16, 1, 65535, tlv_bytes, "7.5.3.1-1"),
	TLV_C(failed_rule_id, 114, 16, 1, 65535, pfcp_failed_rule_id, "7.5.3.1-1"),
	TLV_C_LIST(created_traffic_endpoint, 128, 16, 0, 65535, pfcp_created_traffic_endpoint_codec,
		"7.5.3.1-1"),
	TLV_C(created_bridge_info_for_tsc, 195, 16, 0, 65535, tlv_bytes, "7.5.3.1-1"),
	TLV_C(atsss_control_parameters, 221, 16, 0, 65535, tlv_bytes, "7.5.3.1-1"),
	TLV_O(rds_configuration_information, 262, 16, 1, 65535, tlv_bytes, "7.5.3.1-1"),
	TLV_C_LIST(partial_failure_information, 272, 16, 0, 65535, pfcp_partial_failure_information_codec,
		"7.5.3.1-1"),
	TLV_O(created_l2tp_session, 279, 16, 0, 65535, tlv_bytes, "7.5.3.1-1"),
	TLV_C(mbs_session_n4mb_information, 303, 16, 0, 65535, tlv_bytes, "7.5.3.1-1"),
	TLV_C(mbs_session_n4_information, 311, 16, 0, 65535, tlv_bytes, "7.5.3.1-1"),
};
const struct tlv_group pfcp_session_establishment_response_group =
	TLV_GROUP_OF("Session Establishment Response", "7.5.3.1-1", PFCP_SESSION_ESTABLISHMENT_RESPONSE, MSG,
		session_establishment_response);
#undef MSG

#define MSG struct pfcp_session_modification_request
static const struct tlv_ie session_modification_request[] = {
	TLV_C(cp_f_seid, 57, 16, 9, 65535, pfcp_f_seid, "7.5.4.1-1"),
	TLV_C_LIST(remove_pdr, 15, 16, 0, 65535, pfcp_remove_pdr_codec, "7.5.4.1-1"),
	TLV_C_LIST(remove_far, 16, 16, 0, 65535, pfcp_remove_far_codec, "7.5.4.1-1"),
	TLV_C_LIST(remove_urr, 17, 16, 0, 65535, pfcp_remove_urr_codec, "7.5.4.1-1"),
	TLV_C_LIST(remove_qer, 18, 16, 0, 65535, pfcp_remove_qer_codec, "7.5.4.1-1"),
	TLV_C(remove_bar, 87, 16, 0, 65535, pfcp_remove_bar_codec, "7.5.4.1-1"),
	TLV_C_LIST(
		remove_traffic_endpoint, 130, 16, 0, 65535, pfcp_remove_traffic_endpoint_codec, "7.5.4.1-1"),
	TLV_C_LIST(create_pdr, 1, 16, 0, 65535, pfcp_create_pdr_codec, "7.5.4.1-1"),
	TLV_C_LIST(create_far, 3, 16, 0, 65535, pfcp_create_far_codec, "7.5.4.1-1"),
	TLV_C_LIST(create_urr, 6, 16, 0, 65535, pfcp_create_urr_codec, "7.5.4.1-1"),
	TLV_C_LIST(create_qer, 7, 16, 0, 65535, pfcp_create_qer_codec, "7.5.4.1-1"),
	TLV_C(create_bar, 85, 16, 0, 65535, pfcp_create_bar_codec, "7.5.4.1-1"),
	TLV_C_LIST(
		create_traffic_endpoint, 127, 16, 0, 65535, pfcp_create_traffic_endpoint_codec, "7.5.4.1-1"),
	TLV_C_LIST(update_pdr, 9, 16, 0, 65535, pfcp_update_pdr_codec, "7.5.4.1-1"),
	TLV_C_LIST(update_far, 10, 16, 0, 65535, pfcp_update_far_codec, "7.5.4.1-1"),
	TLV_C_LIST(update_urr, 13, 16, 0, 65535, pfcp_update_urr_codec, "7.5.4.1-1"),
	TLV_C_LIST(update_qer, 14, 16, 0, 65535, pfcp_update_qer_codec, "7.5.4.1-1"),
	TLV_C(update_bar, 86, 16, 0, 65535, pfcp_update_bar_codec, "7.5.4.1-1"),
	TLV_C_LIST(
		update_traffic_endpoint, 129, 16, 0, 65535, pfcp_update_traffic_endpoint_codec, "7.5.4.1-1"),
	TLV_C(smreq_flags, 49, 16, 1, 65535, tlv_flags, "7.5.4.1-1"),
	TLV_C_LIST(query_urr, 77, 16, 0, 65535, pfcp_query_urr_codec, "7.5.4.1-1"),
	TLV_C_LIST(fq_csid, 65, 16, 1, 65535, tlv_bytes, "7.5.4.1-1"),
	TLV_C(user_plane_inactivity_timer, 117, 16, 4, 65535, tlv_u32, "7.5.4.1-1"),
	TLV_O(query_urr_reference, 125, 16, 4, 65535, tlv_u32, "7.5.4.1-1"),
	TLV_O(trace_information, 152, 16, 7, 65535, tlv_bytes, "7.5.4.1-1"),
	TLV_C_LIST(remove_mar, 168, 16, 0, 65535, tlv_bytes, "7.5.4.1-1"),
	TLV_C_LIST(update_mar, 169, 16, 0, 65535, tlv_bytes, "7.5.4.1-1"),
	TLV_C_LIST(create_mar, 165, 16, 0, 65535, tlv_bytes, "7.5.4.1-1"),
	TLV_C(node_id, 60, 16, 1, 65535, pfcp_node_id, "7.5.4.1-1"),
	TLV_C(tsc_management_information, 199, 16, 0, 65535, tlv_bytes, "7.5.4.1-1"),
	TLV_C_LIST(remove_srr, 211, 16, 0, 65535, tlv_bytes, "7.5.4.1-1"),
	TLV_C_LIST(create_srr, 212, 16, 0, 65535, tlv_bytes, "7.5.4.1-1"),
	TLV_C_LIST(update_srr, 213, 16, 0, 65535, tlv_bytes, "7.5.4.1-1"),
	TLV_C(provide_atsss_control_information, 220, 16, 0, 65535, tlv_bytes, "7.5.4.1-1"),
	TLV_C_LIST(ethernet_context_information, 254, 16, 0, 65535, tlv_bytes, "7.5.4.1-1"),
	TLV_O(access_availability_information, 219, 16, 1, 65535, tlv_flags, "7.5.4.1-1"),
	TLV_C_LIST(query_packet_rate_status, 263, 16, 0, 65535, tlv_bytes, "7.5.4.1-1"),
	TLV_O(s_nssai, 257, 16, 4, 65535, pfcp_s_nssai, "7.5.4.1-1"),
	TLV_O(rat_type, 275, 16, 1, 65535, tlv_u8, "7.5.4.1-1"),
	TLV_C(group_id, 291, 16, 0, 65535, tlv_bytes, "7.5.4.1-1"),
	TLV_C(mbs_session_n4_control_information, 310, 16, 0, 65535, tlv_bytes, "7.5.4.1-1"),
	TLV_C(dscp_to_ppi_control_information, 316, 16, 0, 65535, tlv_bytes, "7.5.4.1-1"),
};
const struct tlv_group pfcp_session_modification_request_group = TLV_GROUP_OF("Session Modification Request",
	"7.5.4.1-1", PFCP_SESSION_MODIFICATION_REQUEST, MSG, session_modification_request);
#undef MSG

#define MSG struct pfcp_session_modification_response
static const struct tlv_ie session_modification_response[] = {
	TLV_M(cause, 19, 16, 1, 1, tlv_u8, "7.5.5.1-1"),
	TLV_C(offending_ie, 40, 16, 2, 2, tlv_u16, "7.5.5.1-1"),
	TLV_C_LIST(created_pdr, 8, 16, 0, 65535, pfcp_created_pdr_codec, "7.5.5.1-1"),
	TLV_O(load_control_information, 51, 16, 0, 65535, pfcp_load_control_information_codec, "7.5.5.1-1"),
	TLV_O(overload_control_information, 54, 16, 0, 65535, pfcp_overload_control_information_codec,
		"7.5.5.1-1"),
	TLV_C_LIST(usage_report, 78, 16, 0, 65535, pfcp_usage_report_codec, "7.5.5.1-1"),
	TLV_C(failed_rule_id, 114, 16, 1, 65535, pfcp_failed_rule_id, "7.5.5.1-1"),
	TLV_C(additional_usage_reports_information, 126, 16, 2, 65535, tlv_u16, "7.5.5.1-1"),
	TLV_C_LIST(created_traffic_endpoint, 128, 16, 0, 65535, pfcp_created_traffic_endpoint_codec,
		"7.5.5.1-1"),
	TLV_C(tsc_management_information, 200, 16, 0, 65535, tlv_bytes, "7.5.5.1-1"),
	TLV_C(atsss_control_parameters, 221, 16, 0, 65535, tlv_bytes, "7.5.5.1-1"),
	TLV_C_LIST(updated_pdr, 256, 16, 0, 65535, pfcp_updated_pdr_codec, "7.5.5.1-1"),
	TLV_C_LIST(packet_rate_status_report, 252, 16, 0, 65535, tlv_bytes, "7.5.5.1-1"),
	TLV_C_LIST(partial_failure_information, 272, 16, 0, 65535, pfcp_partial_failure_information_codec,
		"7.5.5.1-1"),
	TLV_C(mbs_session_n4_information, 311, 16, 0, 65535, tlv_bytes, "7.5.5.1-1"),
};
const struct tlv_group pfcp_session_modification_response_group =
	TLV_GROUP_OF("Session Modification Response", "7.5.5.1-1", PFCP_SESSION_MODIFICATION_RESPONSE, MSG,
		session_modification_response);
#undef MSG

#define MSG struct pfcp_session_deletion_response
static const struct tlv_ie session_deletion_response[] = {
	TLV_M(cause, 19, 16, 1, 1, tlv_u8, "7.5.7.1-1"),
	TLV_C(offending_ie, 40, 16, 2, 2, tlv_u16, "7.5.7.1-1"),
	TLV_O(load_control_information, 51, 16, 0, 65535, pfcp_load_control_information_codec, "7.5.7.1-1"),
	TLV_O(overload_control_information, 54, 16, 0, 65535, pfcp_overload_control_information_codec,
		"7.5.7.1-1"),
	TLV_C_LIST(usage_report, 79, 16, 0, 65535, pfcp_usage_report_codec, "7.5.7.1-1"),
	TLV_C(additional_usage_reports_information, 126, 16, 2, 65535, tlv_u16, "7.5.7.1-1"),
	TLV_C_LIST(packet_rate_status_report, 252, 16, 0, 65535, tlv_bytes, "7.5.7.1-1"),
	TLV_C(session_report, 214, 16, 0, 65535, tlv_bytes, "7.5.7.1-1"),
	TLV_C(mbs_session_n4_information, 311, 16, 0, 65535, tlv_bytes, "7.5.7.1-1"),
	TLV_C(sdrsp_flags, 318, 16, 1, 65535, tlv_flags, "7.5.7.1-1"),
};
const struct tlv_group pfcp_session_deletion_response_group = TLV_GROUP_OF("Session Deletion Response",
	"7.5.7.1-1", PFCP_SESSION_DELETION_RESPONSE, MSG, session_deletion_response);
#undef MSG

#define MSG struct pfcp_session_report_request
static const struct tlv_ie session_report_request[] = {
	TLV_M(report_type, 39, 16, 1, 65535, tlv_flags, "7.5.8.1-1"),
	TLV_C(downlink_data_report, 83, 16, 0, 65535, pfcp_downlink_data_report_codec, "7.5.8.1-1"),
	TLV_C_LIST(usage_report, 80, 16, 0, 65535, pfcp_usage_report_codec, "7.5.8.1-1"),
	TLV_C(error_indication_report, 99, 16, 0, 65535, pfcp_error_indication_report_codec, "7.5.8.1-1"),
	TLV_O(load_control_information, 51, 16, 0, 65535, pfcp_load_control_information_codec, "7.5.8.1-1"),
	TLV_O(overload_control_information, 54, 16, 0, 65535, pfcp_overload_control_information_codec,
		"7.5.8.1-1"),
	TLV_C(additional_usage_reports_information, 126, 16, 2, 65535, tlv_u16, "7.5.8.1-1"),
	TLV_C(srreq_flags, 161, 16, 1, 65535, tlv_flags, "7.5.8.1-1"),
	TLV_C(old_cp_f_seid, 57, 16, 9, 65535, pfcp_f_seid, "7.5.8.1-1"),
	TLV_C_LIST(packet_rate_status_report, 252, 16, 0, 65535, tlv_bytes, "7.5.8.1-1"),
	TLV_C(tsc_management_information, 201, 16, 0, 65535, tlv_bytes, "7.5.8.1-1"),
	TLV_C(session_report, 214, 16, 0, 65535, tlv_bytes, "7.5.8.1-1"),
	TLV_O(cause, 19, 16, 1, 1, tlv_u8, "7.5.8.1-1"),
};
const struct tlv_group pfcp_session_report_request_group = TLV_GROUP_OF(
	"Session Report Request", "7.5.8.1-1", PFCP_SESSION_REPORT_REQUEST, MSG, session_report_request);
#undef MSG

#define MSG struct pfcp_session_report_response
static const struct tlv_ie session_report_response[] = {
	TLV_M(cause, 19, 16, 1, 1, tlv_u8, "7.5.9.1-1"),
	TLV_C(offending_ie, 40, 16, 2, 2, tlv_u16, "7.5.9.1-1"),
	TLV_C(update_bar, 12, 16, 0, 65535, pfcp_update_bar_codec, "7.5.9.1-1"),
	TLV_C(srrsp_flags, 50, 16, 1, 65535, tlv_flags, "7.5.9.1-1"),
	TLV_O(cp_f_seid, 57, 16, 9, 65535, pfcp_f_seid, "7.5.9.1-1"),
	TLV_O(n4_u_f_teid, 21, 16, 1, 65535, pfcp_f_teid, "7.5.9.1-1"),
	TLV_O_LIST(alternative_smf_ip_address, 178, 16, 1, 65535, pfcp_alternative_smf_address, "7.5.9.1-1"),
	TLV_O_LIST(fq_csid, 65, 16, 1, 65535, tlv_bytes, "7.5.9.1-1"),
	TLV_C(group_id, 291, 16, 0, 65535, tlv_bytes, "7.5.9.1-1"),
	TLV_C(node_id, 60, 16, 1, 65535, pfcp_node_id, "7.5.9.1-1"),
};
const struct tlv_group pfcp_session_report_response_group = TLV_GROUP_OF(
	"Session Report Response", "7.5.9.1-1", PFCP_SESSION_REPORT_RESPONSE, MSG, session_report_response);
#undef MSG

const struct tlv_group pfcp_session_deletion_request_group =
	TLV_GROUP_EMPTY("Session Deletion Request", "7.5.6", PFCP_SESSION_DELETION_REQUEST);

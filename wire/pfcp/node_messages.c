/* Tables of the node messages (TS 29.244 clause 7.4). */
#include "wire/pfcp/ie.h"
#include "wire/pfcp/groups.h"

#define MSG struct pfcp_heartbeat_request
static const struct tlv_ie heartbeat_request[] = {
	TLV_M(recovery_time_stamp, 96, 16, 4, 65535, tlv_u32, "7.4.2.1-1"),
	TLV_O(source_ip_address, 192, 16, 1, 65535, pfcp_source_address, "7.4.2.1-1"),
};
const struct tlv_group pfcp_heartbeat_request_group =
	TLV_GROUP_OF("Heartbeat Request", "7.4.2.1-1", PFCP_HEARTBEAT_REQUEST, MSG, heartbeat_request);
#undef MSG

#define MSG struct pfcp_heartbeat_response
static const struct tlv_ie heartbeat_response[] = {
	TLV_M(recovery_time_stamp, 96, 16, 4, 65535, tlv_u32, "7.4.2.2-1"),
};
const struct tlv_group pfcp_heartbeat_response_group =
	TLV_GROUP_OF("Heartbeat Response", "7.4.2.2-1", PFCP_HEARTBEAT_RESPONSE, MSG, heartbeat_response);
#undef MSG

#define MSG struct pfcp_pfd_management_request
static const struct tlv_ie pfd_management_request[] = {
	TLV_C_LIST(application_pfds, 58, 16, 0, 65535, pfcp_application_pfds_codec, "7.4.3.1-1"),
	TLV_O(node_id, 60, 16, 1, 65535, pfcp_node_id, "7.4.3.1-1"),
};
const struct tlv_group pfcp_pfd_management_request_group = TLV_GROUP_OF(
	"PFD Management Request", "7.4.3.1-1", PFCP_PFD_MANAGEMENT_REQUEST, MSG, pfd_management_request);
#undef MSG

#define MSG struct pfcp_pfd_management_response
static const struct tlv_ie pfd_management_response[] = {
	TLV_M(cause, 19, 16, 1, 1, tlv_u8, "7.4.3.2-1"),
	TLV_C(offending_ie, 40, 16, 2, 2, tlv_u16, "7.4.3.2-1"),
	TLV_O(node_id, 60, 16, 1, 65535, pfcp_node_id, "7.4.3.2-1"),
};
const struct tlv_group pfcp_pfd_management_response_group = TLV_GROUP_OF(
	"PFD Management Response", "7.4.3.2-1", PFCP_PFD_MANAGEMENT_RESPONSE, MSG, pfd_management_response);
#undef MSG

#define MSG struct pfcp_association_setup_request
static const struct tlv_ie association_setup_request[] = {
	TLV_M(node_id, 60, 16, 1, 65535, pfcp_node_id, "7.4.4.1-1"),
	TLV_M(recovery_time_stamp, 96, 16, 4, 65535, tlv_u32, "7.4.4.1-1"),
	TLV_C(up_function_features, 43, 16, 1, 65535, tlv_flags, "7.4.4.1-1"),
	TLV_C(cp_function_features, 89, 16, 1, 65535, tlv_flags, "7.4.4.1-1"),
	TLV_O_LIST(alternative_smf_ip_address, 178, 16, 1, 65535, pfcp_alternative_smf_address, "7.4.4.1-1"),
	TLV_C(smf_set_id, 180, 16, 0, 65535, tlv_bytes, "7.4.4.1-1"),
	TLV_O(session_retention_information, 183, 16, 0, 65535, pfcp_session_retention_information_codec,
		"7.4.4.1-1"),
	TLV_O_LIST(ue_ip_address_pool_information, 233, 16, 0, 65535,
		pfcp_ue_ip_address_pool_information_codec, "7.4.4.1-1"),
	TLV_C_LIST(gtp_u_path_qos_control_information, 238, 16, 0, 65535, tlv_bytes, "7.4.4.1-1"),
	TLV_O(clock_drift_control_information, 203, 16, 0, 65535, tlv_bytes, "7.4.4.1-1"),
	TLV_O(upf_instance_id, 253, 16, 16, 16, tlv_fixed16, "7.4.4.1-1"),
	TLV_O(asreq_flags, 259, 16, 1, 65535, tlv_flags, "7.4.4.1-1"),
	TLV_O_LIST(user_plane_resource, 116, 16, 1, 65535, pfcp_user_plane_resource, "8.2.82 (Release 15)"),
};
const struct tlv_group pfcp_association_setup_request_group = TLV_GROUP_OF("Association Setup Request",
	"7.4.4.1-1", PFCP_ASSOCIATION_SETUP_REQUEST, MSG, association_setup_request);
#undef MSG

#define MSG struct pfcp_association_setup_response
static const struct tlv_ie association_setup_response[] = {
	TLV_M(node_id, 60, 16, 1, 65535, pfcp_node_id, "7.4.4.2-1"),
	TLV_M(cause, 19, 16, 1, 1, tlv_u8, "7.4.4.2-1"),
	TLV_M(recovery_time_stamp, 96, 16, 4, 65535, tlv_u32, "7.4.4.2-1"),
	TLV_C(up_function_features, 43, 16, 1, 65535, tlv_flags, "7.4.4.2-1"),
	TLV_C(cp_function_features, 89, 16, 1, 65535, tlv_flags, "7.4.4.2-1"),
	TLV_O_LIST(alternative_smf_ip_address, 178, 16, 1, 65535, pfcp_alternative_smf_address, "7.4.4.2-1"),
	TLV_C(smf_set_id, 180, 16, 0, 65535, tlv_bytes, "7.4.4.2-1"),
	TLV_O(asrsp_flags, 184, 16, 1, 65535, tlv_flags, "7.4.4.2-1"),
	TLV_C(clock_drift_control_information, 203, 16, 0, 65535, tlv_bytes, "7.4.4.2-1"),
	TLV_O_LIST(ue_ip_address_pool_information, 233, 16, 0, 65535,
		pfcp_ue_ip_address_pool_information_codec, "7.4.4.2-1"),
	TLV_C_LIST(gtp_u_path_qos_control_information, 238, 16, 0, 65535, tlv_bytes, "7.4.4.2-1"),
	TLV_O(upf_instance_id, 253, 16, 16, 16, tlv_fixed16, "7.4.4.2-1"),
	TLV_O_LIST(user_plane_resource, 116, 16, 1, 65535, pfcp_user_plane_resource, "8.2.82 (Release 15)"),
};
const struct tlv_group pfcp_association_setup_response_group = TLV_GROUP_OF("Association Setup Response",
	"7.4.4.2-1", PFCP_ASSOCIATION_SETUP_RESPONSE, MSG, association_setup_response);
#undef MSG

#define MSG struct pfcp_association_update_request
static const struct tlv_ie association_update_request[] = {
	TLV_M(node_id, 60, 16, 1, 65535, pfcp_node_id, "7.4.4.3-1"),
	TLV_O(up_function_features, 43, 16, 1, 65535, tlv_flags, "7.4.4.3-1"),
	TLV_O(cp_function_features, 89, 16, 1, 65535, tlv_flags, "7.4.4.3-1"),
	TLV_C(association_release_request, 111, 16, 1, 65535, tlv_flags, "7.4.4.3-1"),
	TLV_C(graceful_release_period, 112, 16, 1, 65535, tlv_u8, "7.4.4.3-1"),
	TLV_O(aureq_flags, 162, 16, 1, 65535, tlv_flags, "7.4.4.3-1"),
	TLV_O_LIST(alternative_smf_ip_address, 178, 16, 1, 65535, pfcp_alternative_smf_address, "7.4.4.3-1"),
	TLV_O(smf_set_id, 180, 16, 0, 65535, tlv_bytes, "7.4.4.3-1"),
	TLV_C(clock_drift_control_information, 203, 16, 0, 65535, tlv_bytes, "7.4.4.3-1"),
	TLV_O_LIST(ue_ip_address_pool_information, 233, 16, 0, 65535,
		pfcp_ue_ip_address_pool_information_codec, "7.4.4.3-1"),
	TLV_C_LIST(gtp_u_path_qos_control_information, 238, 16, 0, 65535, tlv_bytes, "7.4.4.3-1"),
	TLV_O_LIST(ue_ip_address_usage_information, 267, 16, 0, 65535,
		pfcp_ue_ip_address_usage_information_codec, "7.4.4.3-1"),
	TLV_O_LIST(user_plane_resource, 116, 16, 1, 65535, pfcp_user_plane_resource, "8.2.82 (Release 15)"),
};
const struct tlv_group pfcp_association_update_request_group = TLV_GROUP_OF("Association Update Request",
	"7.4.4.3-1", PFCP_ASSOCIATION_UPDATE_REQUEST, MSG, association_update_request);
#undef MSG

#define MSG struct pfcp_association_update_response
static const struct tlv_ie association_update_response[] = {
	TLV_M(node_id, 60, 16, 1, 65535, pfcp_node_id, "7.4.4.4-1"),
	TLV_M(cause, 19, 16, 1, 1, tlv_u8, "7.4.4.4-1"),
	TLV_O(up_function_features, 43, 16, 1, 65535, tlv_flags, "7.4.4.4-1"),
	TLV_O(cp_function_features, 89, 16, 1, 65535, tlv_flags, "7.4.4.4-1"),
	TLV_O(ue_ip_address_usage_information, 267, 16, 0, 65535, pfcp_ue_ip_address_usage_information_codec,
		"7.4.4.4-1"),
};
const struct tlv_group pfcp_association_update_response_group = TLV_GROUP_OF("Association Update Response",
	"7.4.4.4-1", PFCP_ASSOCIATION_UPDATE_RESPONSE, MSG, association_update_response);
#undef MSG

#define MSG struct pfcp_association_release_request
static const struct tlv_ie association_release_request[] = {
	TLV_M(node_id, 60, 16, 1, 65535, pfcp_node_id, "7.4.4.5-1"),
};
const struct tlv_group pfcp_association_release_request_group = TLV_GROUP_OF("Association Release Request",
	"7.4.4.5-1", PFCP_ASSOCIATION_RELEASE_REQUEST, MSG, association_release_request);
#undef MSG

#define MSG struct pfcp_association_release_response
static const struct tlv_ie association_release_response[] = {
	TLV_M(node_id, 60, 16, 1, 65535, pfcp_node_id, "7.4.4.6-1"),
	TLV_M(cause, 19, 16, 1, 1, tlv_u8, "7.4.4.6-1"),
};
const struct tlv_group pfcp_association_release_response_group = TLV_GROUP_OF("Association Release Response",
	"7.4.4.6-1", PFCP_ASSOCIATION_RELEASE_RESPONSE, MSG, association_release_response);
#undef MSG

#define MSG struct pfcp_node_report_request
static const struct tlv_ie node_report_request[] = {
	TLV_M(node_id, 60, 16, 1, 65535, pfcp_node_id, "7.4.5.1.1-1"),
	TLV_M(node_report_type, 101, 16, 1, 65535, tlv_flags, "7.4.5.1.1-1"),
	TLV_C(vendor_specific_node_report_type, 320, 16, 1, 65535, tlv_flags, "7.4.5.1.1-1"),
	TLV_C_LIST(user_plane_path_failure_report, 102, 16, 0, 65535, pfcp_user_plane_path_report_codec,
		"7.4.5.1.1-1"),
	TLV_C_LIST(user_plane_path_recovery_report, 187, 16, 0, 65535, pfcp_user_plane_path_report_codec,
		"7.4.5.1.1-1"),
	TLV_C_LIST(clock_drift_report, 205, 16, 0, 65535, tlv_bytes, "7.4.5.1.1-1"),
	TLV_C_LIST(gtp_u_path_qos_report, 239, 16, 0, 65535, tlv_bytes, "7.4.5.1.1-1"),
	TLV_C_LIST(
		peer_up_restart_report, 315, 16, 0, 65535, pfcp_user_plane_path_report_codec, "7.4.5.1.1-1"),
};
const struct tlv_group pfcp_node_report_request_group = TLV_GROUP_OF(
	"Node Report Request", "7.4.5.1.1-1", PFCP_NODE_REPORT_REQUEST, MSG, node_report_request);
#undef MSG

#define MSG struct pfcp_node_report_response
static const struct tlv_ie node_report_response[] = {
	TLV_M(node_id, 60, 16, 1, 65535, pfcp_node_id, "7.4.5.2.1-1"),
	TLV_M(cause, 19, 16, 1, 1, tlv_u8, "7.4.5.2.1-1"),
	TLV_C(offending_ie, 40, 16, 2, 2, tlv_u16, "7.4.5.2.1-1"),
};
const struct tlv_group pfcp_node_report_response_group = TLV_GROUP_OF(
	"Node Report Response", "7.4.5.2.1-1", PFCP_NODE_REPORT_RESPONSE, MSG, node_report_response);
#undef MSG

#define MSG struct pfcp_session_set_deletion_request
static const struct tlv_ie session_set_deletion_request[] = {
	TLV_M(node_id, 60, 16, 1, 65535, pfcp_node_id, "7.4.6.1-1"),
	TLV_C_LIST(fq_csid, 65, 16, 1, 65535, tlv_bytes, "7.4.6.1-1"),
};
const struct tlv_group pfcp_session_set_deletion_request_group = TLV_GROUP_OF("Session Set Deletion Request",
	"7.4.6.1-1", PFCP_SESSION_SET_DELETION_REQUEST, MSG, session_set_deletion_request);
#undef MSG

#define MSG struct pfcp_session_set_deletion_response
static const struct tlv_ie session_set_deletion_response[] = {
	TLV_M(node_id, 60, 16, 1, 65535, pfcp_node_id, "7.4.6.2-1"),
	TLV_M(cause, 19, 16, 1, 1, tlv_u8, "7.4.6.2-1"),
	TLV_C(offending_ie, 40, 16, 2, 2, tlv_u16, "7.4.6.2-1"),
};
const struct tlv_group pfcp_session_set_deletion_response_group =
	TLV_GROUP_OF("Session Set Deletion Response", "7.4.6.2-1", PFCP_SESSION_SET_DELETION_RESPONSE, MSG,
		session_set_deletion_response);
#undef MSG

#define MSG struct pfcp_session_set_modification_request
static const struct tlv_ie session_set_modification_request[] = {
	TLV_M(node_id, 60, 16, 1, 65535, pfcp_node_id, "7.4.7.1-1"),
	TLV_M_LIST(session_change_info, 290, 16, 0, 65535, pfcp_session_change_info_codec, "7.4.7.1-1"),
};
const struct tlv_group pfcp_session_set_modification_request_group =
	TLV_GROUP_OF("Session Set Modification Request", "7.4.7.1-1", PFCP_SESSION_SET_MODIFICATION_REQUEST,
		MSG, session_set_modification_request);
#undef MSG

#define MSG struct pfcp_session_set_modification_response
static const struct tlv_ie session_set_modification_response[] = {
	TLV_M(node_id, 60, 16, 1, 65535, pfcp_node_id, "7.4.2.2-1"),
	TLV_M(cause, 19, 16, 1, 1, tlv_u8, "7.4.2.2-1"),
	TLV_C(offending_ie, 40, 16, 2, 2, tlv_u16, "7.4.2.2-1"),
};
const struct tlv_group pfcp_session_set_modification_response_group =
	TLV_GROUP_OF("Session Set Modification Response", "7.4.2.2-1", PFCP_SESSION_SET_MODIFICATION_RESPONSE,
		MSG, session_set_modification_response);
#undef MSG

const struct tlv_group pfcp_version_not_supported_response_group =
	TLV_GROUP_EMPTY("Version Not Supported Response", "7.4.4.7", PFCP_VERSION_NOT_SUPPORTED_RESPONSE);

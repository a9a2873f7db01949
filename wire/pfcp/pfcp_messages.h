/* Messages of PFCP (TS 29.244 clauses 7.4 and 7.5), in the order of the clauses. */
#pragma once

#include "wire/pfcp/pfcp_updates.h"

/* 7.4.2.1-1 */
struct pfcp_heartbeat_request {
	uint32_t recovery_time_stamp;
	TLV_OPT(struct pfcp_addresses, source_ip_address);
};

/* 7.4.2.2-1 */
struct pfcp_heartbeat_response {
	uint32_t recovery_time_stamp;
};

/* 7.4.3.1-1 */
struct pfcp_pfd_management_request {
	TLV_LIST(struct pfcp_application_pfds, application_pfds);
	TLV_OPT(struct pfcp_node_id, node_id);
};

/* 7.4.3.2-1 */
struct pfcp_pfd_management_response {
	uint8_t cause;
	TLV_OPT(uint16_t, offending_ie);
	TLV_OPT(struct pfcp_node_id, node_id);
};

/* 7.4.4.1-1 */
struct pfcp_association_setup_request {
	struct pfcp_node_id node_id;
	uint32_t recovery_time_stamp;
	TLV_OPT(struct tlv_flags, up_function_features);
	TLV_OPT(struct tlv_flags, cp_function_features);
	TLV_LIST(struct pfcp_addresses, alternative_smf_ip_address);
	TLV_OPT(struct bytes, smf_set_id);
	TLV_OPT(struct pfcp_session_retention_information, session_retention_information);
	TLV_LIST(struct pfcp_ue_ip_address_pool_information, ue_ip_address_pool_information);
	TLV_LIST(struct bytes, gtp_u_path_qos_control_information);
	TLV_OPT(struct bytes, clock_drift_control_information);
	TLV_OPT_OCTETS(upf_instance_id, 16);
	TLV_OPT(struct tlv_flags, asreq_flags);
	TLV_LIST(struct pfcp_user_plane_resource, user_plane_resource);
};

/* 7.4.4.2-1 */
struct pfcp_association_setup_response {
	struct pfcp_node_id node_id;
	uint8_t cause;
	uint32_t recovery_time_stamp;
	TLV_OPT(struct tlv_flags, up_function_features);
	TLV_OPT(struct tlv_flags, cp_function_features);
	TLV_LIST(struct pfcp_addresses, alternative_smf_ip_address);
	TLV_OPT(struct bytes, smf_set_id);
	TLV_OPT(struct tlv_flags, asrsp_flags);
	TLV_OPT(struct bytes, clock_drift_control_information);
	TLV_LIST(struct pfcp_ue_ip_address_pool_information, ue_ip_address_pool_information);
	TLV_LIST(struct bytes, gtp_u_path_qos_control_information);
	TLV_OPT_OCTETS(upf_instance_id, 16);
	TLV_LIST(struct pfcp_user_plane_resource, user_plane_resource);
};

/* 7.4.4.3-1 */
struct pfcp_association_update_request {
	struct pfcp_node_id node_id;
	TLV_OPT(struct tlv_flags, up_function_features);
	TLV_OPT(struct tlv_flags, cp_function_features);
	TLV_OPT(struct tlv_flags, association_release_request);
	TLV_OPT(uint8_t, graceful_release_period);
	TLV_OPT(struct tlv_flags, aureq_flags);
	TLV_LIST(struct pfcp_addresses, alternative_smf_ip_address);
	TLV_OPT(struct bytes, smf_set_id);
	TLV_OPT(struct bytes, clock_drift_control_information);
	TLV_LIST(struct pfcp_ue_ip_address_pool_information, ue_ip_address_pool_information);
	TLV_LIST(struct bytes, gtp_u_path_qos_control_information);
	TLV_LIST(struct pfcp_ue_ip_address_usage_information, ue_ip_address_usage_information);
	TLV_LIST(struct pfcp_user_plane_resource, user_plane_resource);
};

/* 7.4.4.4-1 */
struct pfcp_association_update_response {
	struct pfcp_node_id node_id;
	uint8_t cause;
	TLV_OPT(struct tlv_flags, up_function_features);
	TLV_OPT(struct tlv_flags, cp_function_features);
	TLV_OPT(struct pfcp_ue_ip_address_usage_information, ue_ip_address_usage_information);
};

/* 7.4.4.5-1 */
struct pfcp_association_release_request {
	struct pfcp_node_id node_id;
};

/* 7.4.4.6-1 */
struct pfcp_association_release_response {
	struct pfcp_node_id node_id;
	uint8_t cause;
};

/* 7.4.5.1.1-1 */
struct pfcp_node_report_request {
	struct pfcp_node_id node_id;
	struct tlv_flags node_report_type;
	TLV_OPT(struct tlv_flags, vendor_specific_node_report_type);
	TLV_LIST(struct pfcp_user_plane_path_report, user_plane_path_failure_report);
	TLV_LIST(struct pfcp_user_plane_path_report, user_plane_path_recovery_report);
	TLV_LIST(struct bytes, clock_drift_report);
	TLV_LIST(struct bytes, gtp_u_path_qos_report);
	TLV_LIST(struct pfcp_user_plane_path_report, peer_up_restart_report);
};

/* 7.4.5.2.1-1 */
struct pfcp_node_report_response {
	struct pfcp_node_id node_id;
	uint8_t cause;
	TLV_OPT(uint16_t, offending_ie);
};

/* 7.4.6.1-1 */
struct pfcp_session_set_deletion_request {
	struct pfcp_node_id node_id;
	TLV_LIST(struct bytes, fq_csid);
};

/* 7.4.6.2-1 */
struct pfcp_session_set_deletion_response {
	struct pfcp_node_id node_id;
	uint8_t cause;
	TLV_OPT(uint16_t, offending_ie);
};

/* 7.4.7.1-1 */
struct pfcp_session_set_modification_request {
	struct pfcp_node_id node_id;
	TLV_LIST(struct pfcp_session_change_info, session_change_info);
};

/* 7.4.2.2-1 */
struct pfcp_session_set_modification_response {
	struct pfcp_node_id node_id;
	uint8_t cause;
	TLV_OPT(uint16_t, offending_ie);
};

/* 7.5.2.1-1 */
struct pfcp_session_establishment_request {
	struct pfcp_node_id node_id;
	struct pfcp_f_seid cp_f_seid;
	TLV_LIST(struct pfcp_create_pdr, create_pdr);
	TLV_LIST(struct pfcp_create_far, create_far);
	TLV_LIST(struct pfcp_create_urr, create_urr);
	TLV_LIST(struct pfcp_create_qer, create_qer);
	TLV_OPT(struct pfcp_create_bar, create_bar);
	TLV_LIST(struct pfcp_create_traffic_endpoint, create_traffic_endpoint);
	TLV_OPT(uint8_t, pdn_type);
	TLV_LIST(struct bytes, fq_csid);
	TLV_OPT(uint32_t, user_plane_inactivity_timer);
	TLV_OPT(struct bytes, user_id);
	TLV_OPT(struct bytes, trace_information);
	TLV_OPT(const char *, dnn);
	TLV_LIST(struct bytes, create_mar);
	TLV_OPT(struct tlv_flags, sereq_flags);
	TLV_OPT(struct bytes, create_bridge_info_for_tsc);
	TLV_LIST(struct bytes, create_srr);
	TLV_OPT(struct bytes, provide_atsss_control_information);
	TLV_OPT(uint32_t, recovery_time_stamp);
	TLV_OPT(struct snssai, s_nssai);
	TLV_OPT(struct bytes, provide_rds_configuration_information);
	TLV_OPT(uint8_t, rat_type);
	TLV_OPT(struct bytes, l2tp_tunnel_information);
	TLV_OPT(struct bytes, l2tp_session_information);
	TLV_OPT(struct bytes, group_id);
	TLV_OPT(struct bytes, mbs_session_n4mb_control_information);
	TLV_OPT(struct bytes, mbs_session_n4_control_information);
	TLV_OPT(struct bytes, dscp_to_ppi_control_information);
};

/* 7.5.3.1-1 */
struct pfcp_session_establishment_response {
	struct pfcp_node_id node_id;
	uint8_t cause;
	TLV_OPT(uint16_t, offending_ie);
	TLV_OPT(struct pfcp_f_seid, up_f_seid);
	TLV_LIST(struct pfcp_created_pdr, created_pdr);
	TLV_OPT(struct pfcp_load_control_information, load_control_information);
	TLV_OPT(struct pfcp_overload_control_information, overload_control_information);
	TLV_LIST(struct bytes, fq_csid);
	TLV_OPT(struct pfcp_failed_rule_id, failed_rule_id);
	TLV_LIST(struct pfcp_created_traffic_endpoint, created_traffic_endpoint);
	TLV_OPT(struct bytes, created_bridge_info_for_tsc);
	TLV_OPT(struct bytes, atsss_control_parameters);
	TLV_OPT(struct bytes, rds_configuration_information);
	TLV_LIST(struct pfcp_partial_failure_information, partial_failure_information);
	TLV_OPT(struct bytes, created_l2tp_session);
	TLV_OPT(struct bytes, mbs_session_n4mb_information);
	TLV_OPT(struct bytes, mbs_session_n4_information);
};

/* 7.5.4.1-1 */
struct pfcp_session_modification_request {
	TLV_OPT(struct pfcp_f_seid, cp_f_seid);
	TLV_LIST(struct pfcp_remove_pdr, remove_pdr);
	TLV_LIST(struct pfcp_remove_far, remove_far);
	TLV_LIST(struct pfcp_remove_urr, remove_urr);
	TLV_LIST(struct pfcp_remove_qer, remove_qer);
	TLV_OPT(struct pfcp_remove_bar, remove_bar);
	TLV_LIST(struct pfcp_remove_traffic_endpoint, remove_traffic_endpoint);
	TLV_LIST(struct pfcp_create_pdr, create_pdr);
	TLV_LIST(struct pfcp_create_far, create_far);
	TLV_LIST(struct pfcp_create_urr, create_urr);
	TLV_LIST(struct pfcp_create_qer, create_qer);
	TLV_OPT(struct pfcp_create_bar, create_bar);
	TLV_LIST(struct pfcp_create_traffic_endpoint, create_traffic_endpoint);
	TLV_LIST(struct pfcp_update_pdr, update_pdr);
	TLV_LIST(struct pfcp_update_far, update_far);
	TLV_LIST(struct pfcp_update_urr, update_urr);
	TLV_LIST(struct pfcp_update_qer, update_qer);
	TLV_OPT(struct pfcp_update_bar, update_bar);
	TLV_LIST(struct pfcp_update_traffic_endpoint, update_traffic_endpoint);
	TLV_OPT(struct tlv_flags, smreq_flags);
	TLV_LIST(struct pfcp_query_urr, query_urr);
	TLV_LIST(struct bytes, fq_csid);
	TLV_OPT(uint32_t, user_plane_inactivity_timer);
	TLV_OPT(uint32_t, query_urr_reference);
	TLV_OPT(struct bytes, trace_information);
	TLV_LIST(struct bytes, remove_mar);
	TLV_LIST(struct bytes, update_mar);
	TLV_LIST(struct bytes, create_mar);
	TLV_OPT(struct pfcp_node_id, node_id);
	TLV_OPT(struct bytes, tsc_management_information);
	TLV_LIST(struct bytes, remove_srr);
	TLV_LIST(struct bytes, create_srr);
	TLV_LIST(struct bytes, update_srr);
	TLV_OPT(struct bytes, provide_atsss_control_information);
	TLV_LIST(struct bytes, ethernet_context_information);
	TLV_OPT(struct tlv_flags, access_availability_information);
	TLV_LIST(struct bytes, query_packet_rate_status);
	TLV_OPT(struct snssai, s_nssai);
	TLV_OPT(uint8_t, rat_type);
	TLV_OPT(struct bytes, group_id);
	TLV_OPT(struct bytes, mbs_session_n4_control_information);
	TLV_OPT(struct bytes, dscp_to_ppi_control_information);
};

/* 7.5.5.1-1 */
struct pfcp_session_modification_response {
	uint8_t cause;
	TLV_OPT(uint16_t, offending_ie);
	TLV_LIST(struct pfcp_created_pdr, created_pdr);
	TLV_OPT(struct pfcp_load_control_information, load_control_information);
	TLV_OPT(struct pfcp_overload_control_information, overload_control_information);
	TLV_LIST(struct pfcp_usage_report, usage_report);
	TLV_OPT(struct pfcp_failed_rule_id, failed_rule_id);
	TLV_OPT(uint16_t, additional_usage_reports_information);
	TLV_LIST(struct pfcp_created_traffic_endpoint, created_traffic_endpoint);
	TLV_OPT(struct bytes, tsc_management_information);
	TLV_OPT(struct bytes, atsss_control_parameters);
	TLV_LIST(struct pfcp_updated_pdr, updated_pdr);
	TLV_LIST(struct bytes, packet_rate_status_report);
	TLV_LIST(struct pfcp_partial_failure_information, partial_failure_information);
	TLV_OPT(struct bytes, mbs_session_n4_information);
};

/* 7.5.7.1-1 */
struct pfcp_session_deletion_response {
	uint8_t cause;
	TLV_OPT(uint16_t, offending_ie);
	TLV_OPT(struct pfcp_load_control_information, load_control_information);
	TLV_OPT(struct pfcp_overload_control_information, overload_control_information);
	TLV_LIST(struct pfcp_usage_report, usage_report);
	TLV_OPT(uint16_t, additional_usage_reports_information);
	TLV_LIST(struct bytes, packet_rate_status_report);
	TLV_OPT(struct bytes, session_report);
	TLV_OPT(struct bytes, mbs_session_n4_information);
	TLV_OPT(struct tlv_flags, sdrsp_flags);
};

/* 7.5.8.1-1 */
struct pfcp_session_report_request {
	struct tlv_flags report_type;
	TLV_OPT(struct pfcp_downlink_data_report, downlink_data_report);
	TLV_LIST(struct pfcp_usage_report, usage_report);
	TLV_OPT(struct pfcp_error_indication_report, error_indication_report);
	TLV_OPT(struct pfcp_load_control_information, load_control_information);
	TLV_OPT(struct pfcp_overload_control_information, overload_control_information);
	TLV_OPT(uint16_t, additional_usage_reports_information);
	TLV_OPT(struct tlv_flags, srreq_flags);
	TLV_OPT(struct pfcp_f_seid, old_cp_f_seid);
	TLV_LIST(struct bytes, packet_rate_status_report);
	TLV_OPT(struct bytes, tsc_management_information);
	TLV_OPT(struct bytes, session_report);
	TLV_OPT(uint8_t, cause);
};

/* 7.5.9.1-1 */
struct pfcp_session_report_response {
	uint8_t cause;
	TLV_OPT(uint16_t, offending_ie);
	TLV_OPT(struct pfcp_update_bar, update_bar);
	TLV_OPT(struct tlv_flags, srrsp_flags);
	TLV_OPT(struct pfcp_f_seid, cp_f_seid);
	TLV_OPT(struct pfcp_f_teid, n4_u_f_teid);
	TLV_LIST(struct pfcp_addresses, alternative_smf_ip_address);
	TLV_LIST(struct bytes, fq_csid);
	TLV_OPT(struct bytes, group_id);
	TLV_OPT(struct pfcp_node_id, node_id);
};

/* Table 7.3-1 */
enum pfcp_msg_type {
	PFCP_HEARTBEAT_REQUEST = 1,
	PFCP_HEARTBEAT_RESPONSE = 2,
	PFCP_PFD_MANAGEMENT_REQUEST = 3,
	PFCP_PFD_MANAGEMENT_RESPONSE = 4,
	PFCP_ASSOCIATION_SETUP_REQUEST = 5,
	PFCP_ASSOCIATION_SETUP_RESPONSE = 6,
	PFCP_ASSOCIATION_UPDATE_REQUEST = 7,
	PFCP_ASSOCIATION_UPDATE_RESPONSE = 8,
	PFCP_ASSOCIATION_RELEASE_REQUEST = 9,
	PFCP_ASSOCIATION_RELEASE_RESPONSE = 10,
	PFCP_VERSION_NOT_SUPPORTED_RESPONSE = 11,
	PFCP_NODE_REPORT_REQUEST = 12,
	PFCP_NODE_REPORT_RESPONSE = 13,
	PFCP_SESSION_SET_DELETION_REQUEST = 14,
	PFCP_SESSION_SET_DELETION_RESPONSE = 15,
	PFCP_SESSION_SET_MODIFICATION_REQUEST = 16,
	PFCP_SESSION_SET_MODIFICATION_RESPONSE = 17,
	PFCP_SESSION_ESTABLISHMENT_REQUEST = 50,
	PFCP_SESSION_ESTABLISHMENT_RESPONSE = 51,
	PFCP_SESSION_MODIFICATION_REQUEST = 52,
	PFCP_SESSION_MODIFICATION_RESPONSE = 53,
	PFCP_SESSION_DELETION_REQUEST = 54,
	PFCP_SESSION_DELETION_RESPONSE = 55,
	PFCP_SESSION_REPORT_REQUEST = 56,
	PFCP_SESSION_REPORT_RESPONSE = 57,
};

/* One message. Session deletion request and version not supported response have no elements. */
struct pfcp_msg {
	enum pfcp_msg_type type;
	bool has_seid;     /* the S flag: session messages */
	bool has_priority; /* the MP flag */
	bool follows;      /* the FO flag: another message follows in the datagram */
	uint8_t priority;  /* 4 bits */
	uint32_t sequence; /* 24 bits */
	size_t size;       /* octets of this message; set by decode only */
	uint64_t seid;
	union {
		struct pfcp_heartbeat_request heartbeat_request;
		struct pfcp_heartbeat_response heartbeat_response;
		struct pfcp_pfd_management_request pfd_management_request;
		struct pfcp_pfd_management_response pfd_management_response;
		struct pfcp_association_setup_request association_setup_request;
		struct pfcp_association_setup_response association_setup_response;
		struct pfcp_association_update_request association_update_request;
		struct pfcp_association_update_response association_update_response;
		struct pfcp_association_release_request association_release_request;
		struct pfcp_association_release_response association_release_response;
		struct pfcp_node_report_request node_report_request;
		struct pfcp_node_report_response node_report_response;
		struct pfcp_session_set_deletion_request session_set_deletion_request;
		struct pfcp_session_set_deletion_response session_set_deletion_response;
		struct pfcp_session_set_modification_request session_set_modification_request;
		struct pfcp_session_set_modification_response session_set_modification_response;
		struct pfcp_session_establishment_request session_establishment_request;
		struct pfcp_session_establishment_response session_establishment_response;
		struct pfcp_session_modification_request session_modification_request;
		struct pfcp_session_modification_response session_modification_response;
		struct pfcp_session_deletion_response session_deletion_response;
		struct pfcp_session_report_request session_report_request;
		struct pfcp_session_report_response session_report_response;
	};
};

/* The tables of grouped elements and of messages, by name. Private to the room. */
#pragma once

#include "wire/tlv/tlv.h"

extern const struct tlv_codec pfcp_pfd_context_codec;
extern const struct tlv_codec pfcp_application_pfds_codec;
extern const struct tlv_codec pfcp_session_retention_information_codec;
extern const struct tlv_codec pfcp_session_change_info_codec;
extern const struct tlv_codec pfcp_ue_ip_address_pool_information_codec;
extern const struct tlv_codec pfcp_ue_ip_address_usage_information_codec;
extern const struct tlv_codec pfcp_user_plane_path_report_codec;
extern const struct tlv_codec pfcp_ethernet_packet_filter_codec;
extern const struct tlv_codec pfcp_pdi_codec;
extern const struct tlv_codec pfcp_create_pdr_codec;
extern const struct tlv_codec pfcp_forwarding_parameters_codec;
extern const struct tlv_codec pfcp_duplicating_parameters_codec;
extern const struct tlv_codec pfcp_create_far_codec;
extern const struct tlv_codec pfcp_additional_monitoring_time_codec;
extern const struct tlv_codec pfcp_create_urr_codec;
extern const struct tlv_codec pfcp_create_qer_codec;
extern const struct tlv_codec pfcp_create_bar_codec;
extern const struct tlv_codec pfcp_create_traffic_endpoint_codec;
extern const struct tlv_codec pfcp_load_control_information_codec;
extern const struct tlv_codec pfcp_overload_control_information_codec;
extern const struct tlv_codec pfcp_partial_failure_information_codec;
extern const struct tlv_codec pfcp_created_pdr_codec;
extern const struct tlv_codec pfcp_created_traffic_endpoint_codec;
extern const struct tlv_codec pfcp_update_pdr_codec;
extern const struct tlv_codec pfcp_update_forwarding_parameters_codec;
extern const struct tlv_codec pfcp_update_duplicating_parameters_codec;
extern const struct tlv_codec pfcp_update_far_codec;
extern const struct tlv_codec pfcp_update_urr_codec;
extern const struct tlv_codec pfcp_update_qer_codec;
extern const struct tlv_codec pfcp_remove_pdr_codec;
extern const struct tlv_codec pfcp_remove_far_codec;
extern const struct tlv_codec pfcp_remove_urr_codec;
extern const struct tlv_codec pfcp_remove_qer_codec;
extern const struct tlv_codec pfcp_query_urr_codec;
extern const struct tlv_codec pfcp_update_bar_codec;
extern const struct tlv_codec pfcp_remove_bar_codec;
extern const struct tlv_codec pfcp_update_traffic_endpoint_codec;
extern const struct tlv_codec pfcp_remove_traffic_endpoint_codec;
extern const struct tlv_codec pfcp_updated_pdr_codec;
extern const struct tlv_codec pfcp_application_detection_information_codec;
extern const struct tlv_codec pfcp_ethernet_traffic_information_codec;
extern const struct tlv_codec pfcp_usage_report_codec;
extern const struct tlv_codec pfcp_downlink_data_report_codec;
extern const struct tlv_codec pfcp_error_indication_report_codec;

extern const struct tlv_group pfcp_heartbeat_request_group;
extern const struct tlv_group pfcp_heartbeat_response_group;
extern const struct tlv_group pfcp_pfd_management_request_group;
extern const struct tlv_group pfcp_pfd_management_response_group;
extern const struct tlv_group pfcp_association_setup_request_group;
extern const struct tlv_group pfcp_association_setup_response_group;
extern const struct tlv_group pfcp_association_update_request_group;
extern const struct tlv_group pfcp_association_update_response_group;
extern const struct tlv_group pfcp_association_release_request_group;
extern const struct tlv_group pfcp_association_release_response_group;
extern const struct tlv_group pfcp_node_report_request_group;
extern const struct tlv_group pfcp_node_report_response_group;
extern const struct tlv_group pfcp_session_set_deletion_request_group;
extern const struct tlv_group pfcp_session_set_deletion_response_group;
extern const struct tlv_group pfcp_session_set_modification_request_group;
extern const struct tlv_group pfcp_session_set_modification_response_group;
extern const struct tlv_group pfcp_session_establishment_request_group;
extern const struct tlv_group pfcp_session_establishment_response_group;
extern const struct tlv_group pfcp_session_modification_request_group;
extern const struct tlv_group pfcp_session_modification_response_group;
extern const struct tlv_group pfcp_session_deletion_response_group;
extern const struct tlv_group pfcp_session_report_request_group;
extern const struct tlv_group pfcp_session_report_response_group;
extern const struct tlv_group pfcp_version_not_supported_response_group;
extern const struct tlv_group pfcp_session_deletion_request_group;

/* The table of a message type, or NULL. */
const struct tlv_group *pfcp_group_of(unsigned type);

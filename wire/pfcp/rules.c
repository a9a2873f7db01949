/* Tables of the grouped elements of node messages and session establishment (TS 29.244). */
#include "wire/pfcp/ie.h"
#include "wire/pfcp/groups.h"

#define MSG struct pfcp_pfd_context
static const struct tlv_ie pfd_context[] = {
	TLV_M_LIST(pfd_contents, 61, 16, 2, 65535, tlv_bytes, "7.4.3.1-3"),
};
static const struct tlv_group pfd_context_group =
	TLV_GROUP_OF("pfd context", "7.4.3.1-3", 0, MSG, pfd_context);
const struct tlv_codec pfcp_pfd_context_codec = TLV_GROUP_CODEC(MSG, pfd_context_group);
#undef MSG

#define MSG struct pfcp_application_pfds
static const struct tlv_ie application_pfds[] = {
	TLV_M(application_id, 24, 16, 0, 65535, tlv_bytes, "7.4.3.1-2"),
	TLV_C_LIST(pfd_context, 59, 16, 0, 65535, pfcp_pfd_context_codec, "7.4.3.1-2"),
};
static const struct tlv_group application_pfds_group =
	TLV_GROUP_OF("application pfds", "7.4.3.1-2", 0, MSG, application_pfds);
const struct tlv_codec pfcp_application_pfds_codec = TLV_GROUP_CODEC(MSG, application_pfds_group);
#undef MSG

#define MSG struct pfcp_session_retention_information
static const struct tlv_ie session_retention_information[] = {
	TLV_O_LIST(cp_pfcp_entity_ip_address, 185, 16, 1, 65535, pfcp_cp_entity_address, "7.4.4.1-2"),
};
static const struct tlv_group session_retention_information_group =
	TLV_GROUP_OF("session retention information", "7.4.4.1-2", 0, MSG, session_retention_information);
const struct tlv_codec pfcp_session_retention_information_codec =
	TLV_GROUP_CODEC(MSG, session_retention_information_group);
#undef MSG

#define MSG struct pfcp_session_change_info
static const struct tlv_ie session_change_info[] = {
	TLV_C_LIST(fq_csid, 65, 16, 1, 65535, tlv_bytes, "7.4.7.1-2"),
	TLV_C_LIST(group_id, 291, 16, 0, 65535, tlv_bytes, "7.4.7.1-2"),
	TLV_C(cp_ip_address, 292, 16, 1, 65535, pfcp_cp_entity_address, "7.4.7.1-2"),
	TLV_M(alternative_smf_ip_address, 178, 16, 1, 65535, pfcp_alternative_smf_address, "7.4.7.1-2"),
};
static const struct tlv_group session_change_info_group =
	TLV_GROUP_OF("session change info", "7.4.7.1-2", 0, MSG, session_change_info);
const struct tlv_codec pfcp_session_change_info_codec = TLV_GROUP_CODEC(MSG, session_change_info_group);
#undef MSG

#define MSG struct pfcp_ue_ip_address_pool_information
static const struct tlv_ie ue_ip_address_pool_information[] = {
	TLV_M_LIST(ue_ip_address_pool_identity, 177, 16, 2, 65535, tlv_bytes, "7.4.4.1-3"),
	TLV_O(network_instance, 22, 16, 0, 65535, tlv_bytes, "7.4.4.1-3"),
	TLV_O(s_nssai, 257, 16, 4, 65535, pfcp_s_nssai, "7.4.4.1-3"),
	TLV_O(ip_version, 258, 16, 1, 65535, tlv_flags, "7.4.4.1-3"),
};
static const struct tlv_group ue_ip_address_pool_information_group =
	TLV_GROUP_OF("ue ip address pool information", "7.4.4.1-3", 0, MSG, ue_ip_address_pool_information);
const struct tlv_codec pfcp_ue_ip_address_pool_information_codec =
	TLV_GROUP_CODEC(MSG, ue_ip_address_pool_information_group);
#undef MSG

#define MSG struct pfcp_ue_ip_address_usage_information
static const struct tlv_ie ue_ip_address_usage_information[] = {
	TLV_M(sequence_number, 52, 16, 4, 4, tlv_u32, "7.4.4.3.1-1"),
	TLV_M(metric, 53, 16, 1, 1, tlv_u8, "7.4.4.3.1-1"),
	TLV_M(validity_timer, 269, 16, 2, 65535, tlv_u16, "7.4.4.3.1-1"),
	TLV_M(number_of_ue_ip_addresses, 268, 16, 1, 65535, tlv_bytes, "7.4.4.3.1-1"),
	TLV_M(network_instance, 22, 16, 0, 65535, tlv_bytes, "7.4.4.3.1-1"),
	TLV_O(ue_ip_address_pool_id, 177, 16, 2, 65535, tlv_bytes, "7.4.4.3.1-1"),
	TLV_O(s_nssai, 257, 16, 4, 65535, pfcp_s_nssai, "7.4.4.3.1-1"),
};
static const struct tlv_group ue_ip_address_usage_information_group = TLV_GROUP_OF(
	"ue ip address usage information", "7.4.4.3.1-1", 0, MSG, ue_ip_address_usage_information);
const struct tlv_codec pfcp_ue_ip_address_usage_information_codec =
	TLV_GROUP_CODEC(MSG, ue_ip_address_usage_information_group);
#undef MSG

#define MSG struct pfcp_user_plane_path_report
static const struct tlv_ie user_plane_path_report[] = {
	TLV_M_LIST(remote_gtp_u_peer, 103, 16, 1, 65535, pfcp_remote_gtpu_peer, "7.4.5.1.2-1"),
};
static const struct tlv_group user_plane_path_report_group =
	TLV_GROUP_OF("user plane path report", "7.4.5.1.2-1", 0, MSG, user_plane_path_report);
const struct tlv_codec pfcp_user_plane_path_report_codec = TLV_GROUP_CODEC(MSG, user_plane_path_report_group);
#undef MSG

#define MSG struct pfcp_ethernet_packet_filter
static const struct tlv_ie ethernet_packet_filter[] = {
	TLV_C(filter_id, 138, 16, 4, 65535, tlv_u32, "7.5.2.2-3"),
	TLV_C(filter_properties, 139, 16, 1, 65535, tlv_flags, "7.5.2.2-3"),
	TLV_O_LIST(mac_address, 133, 16, 1, 65535, pfcp_mac_address, "7.5.2.2-3"),
	TLV_O(ethertype, 136, 16, 2, 65535, tlv_u16, "7.5.2.2-3"),
	TLV_O(c_tag, 134, 16, 3, 65535, pfcp_vlan_tag, "7.5.2.2-3"),
	TLV_O(s_tag, 135, 16, 3, 65535, pfcp_vlan_tag, "7.5.2.2-3"),
	TLV_O_LIST(sdf_filter, 23, 16, 2, 65535, pfcp_sdf_filter, "7.5.2.2-3"),
};
static const struct tlv_group ethernet_packet_filter_group =
	TLV_GROUP_TELLING("ethernet packet filter", "7.5.2.2-3", MSG, ethernet_packet_filter);
const struct tlv_codec pfcp_ethernet_packet_filter_codec = TLV_GROUP_CODEC(MSG, ethernet_packet_filter_group);
#undef MSG

#define MSG struct pfcp_pdi
static const struct tlv_ie pdi[] = {
	TLV_M(source_interface, 20, 16, 1, 65535, tlv_u8, "7.5.2.2-2"),
	TLV_O(local_f_teid, 21, 16, 1, 65535, pfcp_f_teid, "7.5.2.2-2"),
	TLV_C(local_ingress_tunnel, 308, 16, 1, 65535, tlv_bytes, "7.5.2.2-2"),
	TLV_O(network_instance, 22, 16, 0, 65535, tlv_bytes, "7.5.2.2-2"),
	TLV_O(redundant_transmission_detection_parameters, 255, 16, 0, 65535, tlv_bytes, "7.5.2.2-2"),
	TLV_O(ue_ip_address, 93, 16, 1, 65535, pfcp_ue_ip_address, "7.5.2.2-2"),
	TLV_C_LIST(traffic_endpoint_id, 131, 16, 1, 65535, tlv_u8, "7.5.2.2-2"),
	TLV_O_LIST(sdf_filter, 23, 16, 2, 65535, pfcp_sdf_filter, "7.5.2.2-2"),
	TLV_O(application_id, 24, 16, 0, 65535, tlv_bytes, "7.5.2.2-2"),
	TLV_O(ethernet_pdu_session_information, 142, 16, 1, 65535, tlv_flags, "7.5.2.2-2"),
	TLV_O_LIST(ethernet_packet_filter, 132, 16, 0, 65535, pfcp_ethernet_packet_filter_codec, "7.5.2.2-2"),
	TLV_O_LIST(qfi, 124, 16, 1, 65535, tlv_u8, "7.5.2.2-2"),
	TLV_O_LIST(framed_route, 153, 16, 0, 65535, tlv_bytes, "7.5.2.2-2"),
	TLV_O(framed_routing, 154, 16, 4, 4, tlv_u32, "7.5.2.2-2"),
	TLV_O_LIST(framed_ipv6_route, 155, 16, 0, 65535, tlv_bytes, "7.5.2.2-2"),
	TLV_O(source_interface_type, 160, 16, 1, 65535, tlv_u8, "7.5.2.2-2"),
	TLV_O(ip_multicast_addressing_info, 188, 16, 0, 65535, tlv_bytes, "7.5.2.2-2"),
	TLV_O(dns_query_filter, 294, 16, 2, 65535, tlv_bytes, "7.5.2.2-2"),
	TLV_C(mbs_session_identifier, 305, 16, 1, 65535, tlv_bytes, "7.5.2.2-2"),
	TLV_C(area_session_id, 314, 16, 2, 2, tlv_bytes, "7.5.2.2-2"),
};
static const struct tlv_group pdi_group = TLV_GROUP_TELLING("pdi", "7.5.2.2-2", MSG, pdi);
const struct tlv_codec pfcp_pdi_codec = TLV_GROUP_CODEC(MSG, pdi_group);
#undef MSG

#define MSG struct pfcp_create_pdr
static const struct tlv_ie create_pdr[] = {
	TLV_M(pdr_id, 56, 16, 2, 65535, tlv_u16, "7.5.2.2-1"),
	TLV_M(precedence, 29, 16, 4, 65535, tlv_u32, "7.5.2.2-1"),
	TLV_M(pdi, 2, 16, 0, 65535, pfcp_pdi_codec, "7.5.2.2-1"),
	TLV_C(outer_header_removal, 95, 16, 1, 65535, pfcp_outer_header_removal, "7.5.2.2-1"),
	TLV_C(far_id, 108, 16, 4, 65535, tlv_u32, "7.5.2.2-1"),
	TLV_C_LIST(urr_id, 81, 16, 4, 65535, tlv_u32, "7.5.2.2-1"),
	TLV_C_LIST(qer_id, 109, 16, 4, 65535, tlv_u32, "7.5.2.2-1"),
	TLV_C_LIST(activate_predefined_rules, 106, 16, 0, 65535, tlv_bytes, "7.5.2.2-1"),
	TLV_O(activation_time, 163, 16, 4, 65535, tlv_u32, "7.5.2.2-1"),
	TLV_O(deactivation_time, 164, 16, 4, 65535, tlv_u32, "7.5.2.2-1"),
	TLV_C(mar_id, 170, 16, 2, 65535, tlv_u16, "7.5.2.2-1"),
	TLV_C(packet_replication_and_detection_carry_on_information, 179, 16, 1, 65535, tlv_flags,
		"7.5.2.2-1"),
	TLV_O(ip_multicast_addressing_info, 188, 16, 0, 65535, tlv_bytes, "7.5.2.2-1"),
	TLV_O(ue_ip_address_pool_identity, 177, 16, 2, 65535, tlv_bytes, "7.5.2.2-1"),
	TLV_C(mptcp_applicable_indication, 265, 16, 1, 65535, tlv_flags, "7.5.2.2-1"),
	TLV_C(transport_delay_reporting, 271, 16, 0, 65535, tlv_bytes, "7.5.2.2-1"),
	TLV_O(rat_type, 275, 16, 1, 65535, tlv_u8, "7.5.2.2-1"),
};
static const struct tlv_group create_pdr_group =
	TLV_GROUP_TELLING("create pdr", "7.5.2.2-1", MSG, create_pdr);
const struct tlv_codec pfcp_create_pdr_codec = TLV_GROUP_CODEC(MSG, create_pdr_group);
#undef MSG

#define MSG struct pfcp_forwarding_parameters
static const struct tlv_ie forwarding_parameters[] = {
	TLV_M(destination_interface, 42, 16, 1, 65535, tlv_u8, "7.5.2.3-2"),
	TLV_O(network_instance, 22, 16, 0, 65535, tlv_bytes, "7.5.2.3-2"),
	TLV_C(redirect_information, 38, 16, 3, 65535, tlv_bytes, "7.5.2.3-2"),
	TLV_C(outer_header_creation, 84, 16, 2, 65535, pfcp_outer_header_creation, "7.5.2.3-2"),
	TLV_C(transport_level_marking, 30, 16, 2, 65535, tlv_u16, "7.5.2.3-2"),
	TLV_C(forwarding_policy, 41, 16, 1, 65535, tlv_bytes, "7.5.2.3-2"),
	TLV_O(header_enrichment, 98, 16, 1, 65535, tlv_bytes, "7.5.2.3-2"),
	TLV_C(linked_traffic_endpoint_id, 131, 16, 1, 65535, tlv_u8, "7.5.2.3-2"),
	TLV_C(proxying, 137, 16, 1, 65535, tlv_flags, "7.5.2.3-2"),
	TLV_O(destination_interface_type, 160, 16, 1, 65535, tlv_u8, "7.5.2.3-2"),
	TLV_C(data_network_access_identifier, 232, 16, 0, 65535, tlv_bytes, "7.5.2.3-2"),
	TLV_C(ip_address_and_port_number_replacement, 293, 16, 1, 65535, tlv_bytes, "7.5.2.3-2"),
};
static const struct tlv_group forwarding_parameters_group =
	TLV_GROUP_TELLING("forwarding parameters", "7.5.2.3-2", MSG, forwarding_parameters);
const struct tlv_codec pfcp_forwarding_parameters_codec = TLV_GROUP_CODEC(MSG, forwarding_parameters_group);
#undef MSG

#define MSG struct pfcp_duplicating_parameters
static const struct tlv_ie duplicating_parameters[] = {
	TLV_C(destination_interface, 42, 16, 1, 65535, tlv_u8, "7.5.2.3-3"),
	TLV_C(outer_header_creation, 84, 16, 2, 65535, pfcp_outer_header_creation, "7.5.2.3-3"),
	TLV_C(transport_level_marking, 30, 16, 2, 65535, tlv_u16, "7.5.2.3-3"),
	TLV_C(forwarding_policy, 41, 16, 1, 65535, tlv_bytes, "7.5.2.3-3"),
};
static const struct tlv_group duplicating_parameters_group =
	TLV_GROUP_OF("duplicating parameters", "7.5.2.3-3", 0, MSG, duplicating_parameters);
const struct tlv_codec pfcp_duplicating_parameters_codec = TLV_GROUP_CODEC(MSG, duplicating_parameters_group);
#undef MSG

#define MSG struct pfcp_create_far
static const struct tlv_ie create_far[] = {
	TLV_M(far_id, 108, 16, 4, 65535, tlv_u32, "7.5.2.3-1"),
	TLV_M(apply_action, 44, 16, 1, 65535, tlv_flags, "7.5.2.3-1"),
	TLV_C(forwarding_parameters, 4, 16, 0, 65535, pfcp_forwarding_parameters_codec, "7.5.2.3-1"),
	TLV_C(duplicating_parameters, 5, 16, 0, 65535, pfcp_duplicating_parameters_codec, "7.5.2.3-1"),
	TLV_O(bar_id, 88, 16, 1, 65535, tlv_u8, "7.5.2.3-1"),
	TLV_C(redundant_transmission_forwarding_parameters, 270, 16, 0, 65535, tlv_bytes, "7.5.2.3-1"),
	TLV_C(mbs_multicast_parameters, 301, 16, 0, 65535, tlv_bytes, "7.5.2.3-1"),
	TLV_C(add_mbs_unicast_parameters, 302, 16, 0, 65535, tlv_bytes, "7.5.2.3-1"),
};
static const struct tlv_group create_far_group = TLV_GROUP_OF("create far", "7.5.2.3-1", 0, MSG, create_far);
const struct tlv_codec pfcp_create_far_codec = TLV_GROUP_CODEC(MSG, create_far_group);
#undef MSG

#define MSG struct pfcp_additional_monitoring_time
static const struct tlv_ie additional_monitoring_time[] = {
	TLV_M(monitoring_time, 33, 16, 4, 65535, tlv_u32, "7.5.2.4-3"),
	TLV_O(subsequent_volume_threshold, 34, 16, 1, 65535, pfcp_volume, "7.5.2.4-3"),
	TLV_O(subsequent_time_threshold, 35, 16, 4, 65535, tlv_u32, "7.5.2.4-3"),
	TLV_O(subsequent_volume_quota, 121, 16, 1, 65535, pfcp_volume, "7.5.2.4-3"),
	TLV_O(subsequent_time_quota, 122, 16, 4, 65535, tlv_u32, "7.5.2.4-3"),
	TLV_O(subsequent_event_threshold, 149, 16, 4, 65535, tlv_u32, "7.5.2.4-3"),
	TLV_O(subsequent_event_quota, 148, 16, 4, 65535, tlv_u32, "7.5.2.4-3"),
};
static const struct tlv_group additional_monitoring_time_group =
	TLV_GROUP_OF("additional monitoring time", "7.5.2.4-3", 0, MSG, additional_monitoring_time);
const struct tlv_codec pfcp_additional_monitoring_time_codec =
	TLV_GROUP_CODEC(MSG, additional_monitoring_time_group);
#undef MSG

#define MSG struct pfcp_create_urr
static const struct tlv_ie create_urr[] = {
	TLV_M(urr_id, 81, 16, 4, 65535, tlv_u32, "7.5.2.4-1"),
	TLV_M(measurement_method, 62, 16, 1, 65535, tlv_flags, "7.5.2.4-1"),
	TLV_M(reporting_triggers, 37, 16, 2, 65535, tlv_flags, "7.5.2.4-1"),
	TLV_C(measurement_period, 64, 16, 4, 65535, tlv_u32, "7.5.2.4-1"),
	TLV_C(volume_threshold, 31, 16, 1, 65535, pfcp_volume, "7.5.2.4-1"),
	TLV_C(volume_quota, 73, 16, 1, 65535, pfcp_volume, "7.5.2.4-1"),
	TLV_C(event_threshold, 149, 16, 4, 65535, tlv_u32, "7.5.2.4-1"),
	TLV_C(event_quota, 148, 16, 4, 65535, tlv_u32, "7.5.2.4-1"),
	TLV_C(time_threshold, 32, 16, 4, 65535, tlv_u32, "7.5.2.4-1"),
	TLV_C(time_quota, 74, 16, 4, 65535, tlv_u32, "7.5.2.4-1"),
	TLV_C(quota_holding_time, 71, 16, 4, 65535, tlv_u32, "7.5.2.4-1"),
	TLV_C(dropped_dl_traffic_threshold, 72, 16, 1, 65535, tlv_bytes, "7.5.2.4-1"),
	TLV_C(quota_validity_time, 181, 16, 4, 65535, tlv_u32, "7.5.2.4-1"),
	TLV_O(monitoring_time, 33, 16, 4, 65535, tlv_u32, "7.5.2.4-1"),
	TLV_O(subsequent_volume_threshold, 34, 16, 1, 65535, pfcp_volume, "7.5.2.4-1"),
	TLV_O(subsequent_time_threshold, 35, 16, 4, 65535, tlv_u32, "7.5.2.4-1"),
	TLV_O(subsequent_volume_quota, 121, 16, 1, 65535, pfcp_volume, "7.5.2.4-1"),
	TLV_O(subsequent_time_quota, 122, 16, 4, 65535, tlv_u32, "7.5.2.4-1"),
	TLV_O(subsequent_event_threshold, 151, 16, 4, 65535, tlv_u32, "7.5.2.4-1"),
	TLV_O(subsequent_event_quota, 150, 16, 4, 65535, tlv_u32, "7.5.2.4-1"),
	TLV_C(inactivity_detection_time, 36, 16, 4, 65535, tlv_u32, "7.5.2.4-1"),
	TLV_C_LIST(linked_urr_id, 82, 16, 4, 65535, tlv_u32, "7.5.2.4-1"),
	TLV_C(measurement_information, 100, 16, 1, 65535, tlv_flags, "7.5.2.4-1"),
	TLV_C(time_quota_mechanism, 115, 16, 1, 65535, tlv_bytes, "7.5.2.4-1"),
	TLV_C_LIST(aggregated_urrs, 118, 16, 0, 65535, tlv_bytes, "7.5.2.4-1"),
	TLV_C(far_id_for_quota_action, 108, 16, 4, 65535, tlv_u32, "7.5.2.4-1"),
	TLV_C(ethernet_inactivity_timer, 146, 16, 4, 65535, tlv_u32, "7.5.2.4-1"),
	TLV_O_LIST(additional_monitoring_time, 147, 16, 0, 65535, pfcp_additional_monitoring_time_codec,
		"7.5.2.4-1"),
	TLV_O(number_of_reports, 182, 16, 2, 2, tlv_u16, "7.5.2.4-1"),
	TLV_O_LIST(exempted_application_id_for_quota_action, 24, 16, 0, 65535, tlv_bytes, "7.5.2.4-1"),
	TLV_O_LIST(exempted_sdf_filter_for_quota_action, 23, 16, 2, 65535, pfcp_sdf_filter, "7.5.2.4-1"),
	TLV_C(user_plane_inactivity_timer, 117, 16, 4, 65535, tlv_u32, "7.5.2.4-1"),
};
static const struct tlv_group create_urr_group = TLV_GROUP_OF("create urr", "7.5.2.4-1", 0, MSG, create_urr);
const struct tlv_codec pfcp_create_urr_codec = TLV_GROUP_CODEC(MSG, create_urr_group);
#undef MSG

#define MSG struct pfcp_create_qer
static const struct tlv_ie create_qer[] = {
	TLV_M(qer_id, 109, 16, 4, 65535, tlv_u32, "7.5.2.5-1"),
	TLV_C(qer_correlation_id, 28, 16, 4, 65535, tlv_u32, "7.5.2.5-1"),
	TLV_M(gate_status, 25, 16, 1, 65535, tlv_u8, "7.5.2.5-1"),
	TLV_C(mbr, 26, 16, 10, 65535, pfcp_bit_rate, "7.5.2.5-1"),
	TLV_C(gbr, 27, 16, 10, 65535, pfcp_bit_rate, "7.5.2.5-1"),
	TLV_C(packet_rate, 94, 16, 1, 65535, tlv_bytes, "7.5.2.5-1"),
	TLV_C(packet_rate_status, 193, 16, 1, 65535, tlv_bytes, "7.5.2.5-1"),
	TLV_C(dl_flow_level_marking, 97, 16, 1, 65535, tlv_bytes, "7.5.2.5-1"),
	TLV_C(qfi, 124, 16, 1, 65535, tlv_u8, "7.5.2.5-1"),
	TLV_C(rqi, 123, 16, 1, 65535, tlv_u8, "7.5.2.5-1"),
	TLV_C(paging_policy_indicator, 158, 16, 1, 65535, tlv_u8, "7.5.2.5-1"),
	TLV_O(averaging_window, 157, 16, 4, 65535, tlv_u32, "7.5.2.5-1"),
	TLV_C(qer_control_indications, 251, 16, 1, 65535, tlv_flags, "7.5.2.5-1"),
	TLV_C(qer_indications, 319, 16, 1, 65535, tlv_flags, "7.5.2.5-1"),
};
static const struct tlv_group create_qer_group = TLV_GROUP_OF("create qer", "7.5.2.5-1", 0, MSG, create_qer);
const struct tlv_codec pfcp_create_qer_codec = TLV_GROUP_CODEC(MSG, create_qer_group);
#undef MSG

#define MSG struct pfcp_create_bar
static const struct tlv_ie create_bar[] = {
	TLV_M(bar_id, 88, 16, 1, 65535, tlv_u8, "7.5.2.6-1"),
	TLV_C(downlink_data_notification_delay, 46, 16, 1, 65535, tlv_u8, "7.5.2.6-1"),
	TLV_C(suggested_buffering_packets_count, 140, 16, 1, 65535, tlv_u8, "7.5.2.6-1"),
	TLV_O(mt_edt_control_information, 249, 16, 1, 65535, tlv_bytes, "7.5.2.6-1"),
};
static const struct tlv_group create_bar_group = TLV_GROUP_OF("create bar", "7.5.2.6-1", 0, MSG, create_bar);
const struct tlv_codec pfcp_create_bar_codec = TLV_GROUP_CODEC(MSG, create_bar_group);
#undef MSG

#define MSG struct pfcp_create_traffic_endpoint
static const struct tlv_ie create_traffic_endpoint[] = {
	TLV_M(traffic_endpoint_id, 131, 16, 1, 65535, tlv_u8, "7.5.2.7-1"),
	TLV_O(local_f_teid, 21, 16, 1, 65535, pfcp_f_teid, "7.5.2.7-1"),
	TLV_O(network_instance, 22, 16, 0, 65535, tlv_bytes, "7.5.2.7-1"),
	TLV_O(redundant_transmission_detection_parameters, 255, 16, 0, 65535, tlv_bytes, "7.5.2.7-1"),
	TLV_O(ue_ip_address, 93, 16, 1, 65535, pfcp_ue_ip_address, "7.5.2.7-1"),
	TLV_O(ethernet_pdu_session_information, 142, 16, 1, 65535, tlv_flags, "7.5.2.7-1"),
	TLV_O_LIST(framed_route, 153, 16, 0, 65535, tlv_bytes, "7.5.2.7-1"),
	TLV_O(framed_routing, 154, 16, 4, 4, tlv_u32, "7.5.2.7-1"),
	TLV_O_LIST(framed_ipv6_route, 155, 16, 0, 65535, tlv_bytes, "7.5.2.7-1"),
	TLV_O_LIST(qfi, 124, 16, 1, 65535, tlv_u8, "7.5.2.7-1"),
	TLV_O(source_interface_type, 160, 16, 1, 65535, tlv_u8, "7.5.2.7-1"),
	TLV_C(local_ingress_tunnel, 308, 16, 1, 65535, tlv_bytes, "7.5.2.7-1"),
	TLV_C(ip_multicast_addressing_info, 188, 16, 0, 65535, tlv_bytes, "7.5.2.7-1"),
	TLV_C(mbs_session_identifier, 305, 16, 1, 65535, tlv_bytes, "7.5.2.7-1"),
	TLV_C(area_session_id, 314, 16, 2, 2, tlv_bytes, "7.5.2.7-1"),
	TLV_O(rat_type, 275, 16, 1, 65535, tlv_u8, "7.5.2.7-1"),
};
static const struct tlv_group create_traffic_endpoint_group =
	TLV_GROUP_OF("create traffic endpoint", "7.5.2.7-1", 0, MSG, create_traffic_endpoint);
const struct tlv_codec pfcp_create_traffic_endpoint_codec =
	TLV_GROUP_CODEC(MSG, create_traffic_endpoint_group);
#undef MSG

#define MSG struct pfcp_load_control_information
static const struct tlv_ie load_control_information[] = {
	TLV_M(sequence_number, 52, 16, 4, 4, tlv_u32, "7.5.3.3-1"),
	TLV_M(metric, 53, 16, 1, 1, tlv_u8, "7.5.3.3-1"),
};
static const struct tlv_group load_control_information_group =
	TLV_GROUP_OF("load control information", "7.5.3.3-1", 0, MSG, load_control_information);
const struct tlv_codec pfcp_load_control_information_codec =
	TLV_GROUP_CODEC(MSG, load_control_information_group);
#undef MSG

#define MSG struct pfcp_overload_control_information
static const struct tlv_ie overload_control_information[] = {
	TLV_M(sequence_number, 52, 16, 4, 4, tlv_u32, "7.5.3.4-1"),
	TLV_M(metric, 53, 16, 1, 1, tlv_u8, "7.5.3.4-1"),
	TLV_M(period_of_validity, 55, 16, 1, 65535, tlv_u8, "7.5.3.4-1"),
	TLV_C(oci_flags, 110, 16, 1, 65535, tlv_flags, "7.5.3.4-1"),
};
static const struct tlv_group overload_control_information_group =
	TLV_GROUP_OF("overload control information", "7.5.3.4-1", 0, MSG, overload_control_information);
const struct tlv_codec pfcp_overload_control_information_codec =
	TLV_GROUP_CODEC(MSG, overload_control_information_group);
#undef MSG

#define MSG struct pfcp_partial_failure_information
static const struct tlv_ie partial_failure_information[] = {
	TLV_M(failed_rule_id, 114, 16, 1, 65535, pfcp_failed_rule_id, "7.5.3.1-2"),
	TLV_M(failure_cause, 19, 16, 1, 1, tlv_u8, "7.5.3.1-2"),
	TLV_M(offending_ie_information, 274, 16, 0, 65535, tlv_bytes, "7.5.3.1-2"),
};
static const struct tlv_group partial_failure_information_group =
	TLV_GROUP_OF("partial failure information", "7.5.3.1-2", 0, MSG, partial_failure_information);
const struct tlv_codec pfcp_partial_failure_information_codec =
	TLV_GROUP_CODEC(MSG, partial_failure_information_group);
#undef MSG

#define MSG struct pfcp_created_pdr
static const struct tlv_ie created_pdr[] = {
	TLV_M(pdr_id, 56, 16, 2, 65535, tlv_u16, "7.5.3.2-1"),
	TLV_C(local_f_teid, 21, 16, 1, 65535, pfcp_f_teid, "7.5.3.2-1"),
	TLV_C(ue_ip_address, 93, 16, 1, 65535, pfcp_ue_ip_address, "7.5.3.2-1"),
	TLV_C(local_ingress_tunnel, 308, 16, 1, 65535, tlv_bytes, "7.5.3.2-1"),
};
static const struct tlv_group created_pdr_group =
	TLV_GROUP_OF("created pdr", "7.5.3.2-1", 0, MSG, created_pdr);
const struct tlv_codec pfcp_created_pdr_codec = TLV_GROUP_CODEC(MSG, created_pdr_group);
#undef MSG

#define MSG struct pfcp_created_traffic_endpoint
static const struct tlv_ie created_traffic_endpoint[] = {
	TLV_M(traffic_endpoint_id, 131, 16, 1, 65535, tlv_u8, "7.5.3.5-1"),
	TLV_C(local_f_teid, 21, 16, 1, 65535, pfcp_f_teid, "7.5.3.5-1"),
	TLV_C(ue_ip_address, 93, 16, 1, 65535, pfcp_ue_ip_address, "7.5.3.5-1"),
	TLV_C(local_ingress_tunnel, 308, 16, 1, 65535, tlv_bytes, "7.5.3.5-1"),
};
static const struct tlv_group created_traffic_endpoint_group =
	TLV_GROUP_OF("created traffic endpoint", "7.5.3.5-1", 0, MSG, created_traffic_endpoint);
const struct tlv_codec pfcp_created_traffic_endpoint_codec =
	TLV_GROUP_CODEC(MSG, created_traffic_endpoint_group);
#undef MSG

/* Tables of the grouped elements of session modification and reporting (TS 29.244). */
#include "wire/pfcp/ie.h"
#include "wire/pfcp/groups.h"

#define MSG struct pfcp_update_pdr
static const struct tlv_ie update_pdr[] = {
	TLV_M(pdr_id, 56, 16, 2, 65535, tlv_u16, "7.5.4.2-1"),
	TLV_C(outer_header_removal, 95, 16, 1, 65535, pfcp_outer_header_removal, "7.5.4.2-1"),
	TLV_C(precedence, 29, 16, 4, 65535, tlv_u32, "7.5.4.2-1"),
	TLV_C(pdi, 2, 16, 0, 65535, pfcp_pdi_codec, "7.5.4.2-1"),
	TLV_C(far_id, 108, 16, 4, 65535, tlv_u32, "7.5.4.2-1"),
	TLV_C_LIST(urr_id, 81, 16, 4, 65535, tlv_u32, "7.5.4.2-1"),
	TLV_C_LIST(qer_id, 109, 16, 4, 65535, tlv_u32, "7.5.4.2-1"),
	TLV_C_LIST(activate_predefined_rules, 106, 16, 0, 65535, tlv_bytes, "7.5.4.2-1"),
	TLV_C_LIST(deactivate_predefined_rules, 107, 16, 0, 65535, tlv_bytes, "7.5.4.2-1"),
	TLV_O(activation_time, 163, 16, 4, 65535, tlv_u32, "7.5.4.2-1"),
	TLV_O(deactivation_time, 164, 16, 4, 65535, tlv_u32, "7.5.4.2-1"),
	TLV_O(ip_multicast_addressing_info, 188, 16, 0, 65535, tlv_bytes, "7.5.4.2-1"),
	TLV_C(transport_delay_reporting, 271, 16, 0, 65535, tlv_bytes, "7.5.4.2-1"),
	TLV_O(rat_type, 275, 16, 1, 65535, tlv_u8, "7.5.4.2-1"),
};
static const struct tlv_group update_pdr_group =
	TLV_GROUP_TELLING("update pdr", "7.5.4.2-1", MSG, update_pdr);
const struct tlv_codec pfcp_update_pdr_codec = TLV_GROUP_CODEC(MSG, update_pdr_group);
#undef MSG

#define MSG struct pfcp_update_forwarding_parameters
static const struct tlv_ie update_forwarding_parameters[] = {
	TLV_C(destination_interface, 42, 16, 1, 65535, tlv_u8, "7.5.4.3-2"),
	TLV_C(network_instance, 22, 16, 0, 65535, tlv_bytes, "7.5.4.3-2"),
	TLV_C(redirect_information, 38, 16, 3, 65535, tlv_bytes, "7.5.4.3-2"),
	TLV_C(outer_header_creation, 84, 16, 2, 65535, pfcp_outer_header_creation, "7.5.4.3-2"),
	TLV_C(transport_level_marking, 30, 16, 2, 65535, tlv_u16, "7.5.4.3-2"),
	TLV_C(forwarding_policy, 41, 16, 1, 65535, tlv_bytes, "7.5.4.3-2"),
	TLV_C(header_enrichment, 98, 16, 1, 65535, tlv_bytes, "7.5.4.3-2"),
	TLV_C(smreq_flags, 49, 16, 1, 65535, tlv_flags, "7.5.4.3-2"),
	TLV_C(linked_traffic_endpoint_id, 131, 16, 1, 65535, tlv_u8, "7.5.4.3-2"),
	TLV_C(destination_interface_type, 160, 16, 1, 65535, tlv_u8, "7.5.4.3-2"),
	TLV_C(data_network_access_identifier, 232, 16, 0, 65535, tlv_bytes, "7.5.4.3-2"),
	TLV_C(ip_address_and_port_number_replacement, 293, 16, 1, 65535, tlv_bytes, "7.5.4.3-2"),
};
static const struct tlv_group update_forwarding_parameters_group =
	TLV_GROUP_OF("update forwarding parameters", "7.5.4.3-2", 0, MSG, update_forwarding_parameters);
const struct tlv_codec pfcp_update_forwarding_parameters_codec =
	TLV_GROUP_CODEC(MSG, update_forwarding_parameters_group);
#undef MSG

#define MSG struct pfcp_update_duplicating_parameters
static const struct tlv_ie update_duplicating_parameters[] = {
	TLV_C(destination_interface, 42, 16, 1, 65535, tlv_u8, "7.5.4.3-3"),
	TLV_C(outer_header_creation, 84, 16, 2, 65535, pfcp_outer_header_creation, "7.5.4.3-3"),
	TLV_C(transport_level_marking, 30, 16, 2, 65535, tlv_u16, "7.5.4.3-3"),
	TLV_C(forwarding_policy, 41, 16, 1, 65535, tlv_bytes, "7.5.4.3-3"),
};
static const struct tlv_group update_duplicating_parameters_group =
	TLV_GROUP_OF("update duplicating parameters", "7.5.4.3-3", 0, MSG, update_duplicating_parameters);
const struct tlv_codec pfcp_update_duplicating_parameters_codec =
	TLV_GROUP_CODEC(MSG, update_duplicating_parameters_group);
#undef MSG

#define MSG struct pfcp_update_far
static const struct tlv_ie update_far[] = {
	TLV_M(far_id, 108, 16, 4, 65535, tlv_u32, "7.5.4.3-1"),
	TLV_C(apply_action, 44, 16, 1, 65535, tlv_flags, "7.5.4.3-1"),
	TLV_C(update_forwarding_parameters, 11, 16, 0, 65535, pfcp_update_forwarding_parameters_codec,
		"7.5.4.3-1"),
	TLV_C(update_duplicating_parameters, 105, 16, 0, 65535, pfcp_update_duplicating_parameters_codec,
		"7.5.4.3-1"),
	TLV_C(redundant_transmission_forwarding_parameters, 270, 16, 0, 65535, tlv_bytes, "7.5.4.3-1"),
	TLV_C(bar_id, 88, 16, 1, 65535, tlv_u8, "7.5.4.3-1"),
	TLV_C(add_mbs_unicast_parameters, 302, 16, 0, 65535, tlv_bytes, "7.5.4.3-1"),
	TLV_C(remove_mbs_unicast_parameters, 304, 16, 0, 65535, tlv_bytes, "7.5.4.3-1"),
};
static const struct tlv_group update_far_group = TLV_GROUP_OF("update far", "7.5.4.3-1", 0, MSG, update_far);
const struct tlv_codec pfcp_update_far_codec = TLV_GROUP_CODEC(MSG, update_far_group);
#undef MSG

#define MSG struct pfcp_update_urr
static const struct tlv_ie update_urr[] = {
	TLV_M(urr_id, 81, 16, 4, 65535, tlv_u32, "7.5.4.4-1"),
	TLV_C(measurement_method, 62, 16, 1, 65535, tlv_flags, "7.5.4.4-1"),
	TLV_C(reporting_triggers, 37, 16, 2, 65535, tlv_flags, "7.5.4.4-1"),
	TLV_C(measurement_period, 64, 16, 4, 65535, tlv_u32, "7.5.4.4-1"),
	TLV_C(volume_threshold, 31, 16, 1, 65535, pfcp_volume, "7.5.4.4-1"),
	TLV_C(volume_quota, 73, 16, 1, 65535, pfcp_volume, "7.5.4.4-1"),
	TLV_C(time_threshold, 32, 16, 4, 65535, tlv_u32, "7.5.4.4-1"),
	TLV_C(time_quota, 74, 16, 4, 65535, tlv_u32, "7.5.4.4-1"),
	TLV_C(event_threshold, 149, 16, 4, 65535, tlv_u32, "7.5.4.4-1"),
	TLV_C(event_quota, 148, 16, 4, 65535, tlv_u32, "7.5.4.4-1"),
	TLV_C(quota_holding_time, 71, 16, 4, 65535, tlv_u32, "7.5.4.4-1"),
	TLV_C(dropped_dl_traffic_threshold, 72, 16, 1, 65535, tlv_bytes, "7.5.4.4-1"),
	TLV_C(quota_validity_time, 181, 16, 4, 65535, tlv_u32, "7.5.4.4-1"),
	TLV_C(monitoring_time, 33, 16, 4, 65535, tlv_u32, "7.5.4.4-1"),
	TLV_C(subsequent_volume_threshold, 34, 16, 1, 65535, pfcp_volume, "7.5.4.4-1"),
	TLV_C(subsequent_time_threshold, 35, 16, 4, 65535, tlv_u32, "7.5.4.4-1"),
	TLV_C(subsequent_volume_quota, 121, 16, 1, 65535, pfcp_volume, "7.5.4.4-1"),
	TLV_C(subsequent_time_quota, 122, 16, 4, 65535, tlv_u32, "7.5.4.4-1"),
	TLV_O(subsequent_event_threshold, 151, 16, 4, 65535, tlv_u32, "7.5.4.4-1"),
	TLV_O(subsequent_event_quota, 150, 16, 4, 65535, tlv_u32, "7.5.4.4-1"),
	TLV_C(inactivity_detection_time, 36, 16, 4, 65535, tlv_u32, "7.5.4.4-1"),
	TLV_C_LIST(linked_urr_id, 82, 16, 4, 65535, tlv_u32, "7.5.4.4-1"),
	TLV_C(measurement_information, 100, 16, 1, 65535, tlv_flags, "7.5.4.4-1"),
	TLV_C(time_quota_mechanism, 115, 16, 1, 65535, tlv_bytes, "7.5.4.4-1"),
	TLV_C_LIST(aggregated_urrs, 118, 16, 0, 65535, tlv_bytes, "7.5.4.4-1"),
	TLV_C(far_id_for_quota_action, 108, 16, 4, 65535, tlv_u32, "7.5.4.4-1"),
	TLV_C(ethernet_inactivity_timer, 146, 16, 4, 65535, tlv_u32, "7.5.4.4-1"),
	TLV_O_LIST(additional_monitoring_time, 147, 16, 0, 65535, pfcp_additional_monitoring_time_codec,
		"7.5.4.4-1"),
	TLV_O(number_of_reports, 182, 16, 2, 2, tlv_u16, "7.5.4.4-1"),
	TLV_C_LIST(exempted_application_id_for_quota_action, 24, 16, 0, 65535, tlv_bytes, "7.5.4.4-1"),
	TLV_C_LIST(exempted_sdf_filter_for_quota_action, 23, 16, 2, 65535, pfcp_sdf_filter, "7.5.4.4-1"),
	TLV_C(user_plane_inactivity_timer, 117, 16, 4, 65535, tlv_u32, "7.5.4.4-1"),
};
static const struct tlv_group update_urr_group = TLV_GROUP_OF("update urr", "7.5.4.4-1", 0, MSG, update_urr);
const struct tlv_codec pfcp_update_urr_codec = TLV_GROUP_CODEC(MSG, update_urr_group);
#undef MSG

#define MSG struct pfcp_update_qer
static const struct tlv_ie update_qer[] = {
	TLV_M(qer_id, 109, 16, 4, 65535, tlv_u32, "7.5.4.5-1"),
	TLV_C(qer_correlation_id, 28, 16, 4, 65535, tlv_u32, "7.5.4.5-1"),
	TLV_C(gate_status, 25, 16, 1, 65535, tlv_u8, "7.5.4.5-1"),
	TLV_C(mbr, 26, 16, 10, 65535, pfcp_bit_rate, "7.5.4.5-1"),
	TLV_C(gbr, 27, 16, 10, 65535, pfcp_bit_rate, "7.5.4.5-1"),
	TLV_C(packet_rate, 94, 16, 1, 65535, tlv_bytes, "7.5.4.5-1"),
	TLV_C(dl_flow_level_marking, 97, 16, 1, 65535, tlv_bytes, "7.5.4.5-1"),
	TLV_C(qfi, 124, 16, 1, 65535, tlv_u8, "7.5.4.5-1"),
	TLV_C(rqi, 123, 16, 1, 65535, tlv_u8, "7.5.4.5-1"),
	TLV_C(paging_policy_indicator, 158, 16, 1, 65535, tlv_u8, "7.5.4.5-1"),
	TLV_O(averaging_window, 157, 16, 4, 65535, tlv_u32, "7.5.4.5-1"),
	TLV_C(qer_control_indications, 251, 16, 1, 65535, tlv_flags, "7.5.4.5-1"),
};
static const struct tlv_group update_qer_group = TLV_GROUP_OF("update qer", "7.5.4.5-1", 0, MSG, update_qer);
const struct tlv_codec pfcp_update_qer_codec = TLV_GROUP_CODEC(MSG, update_qer_group);
#undef MSG

#define MSG struct pfcp_remove_pdr
static const struct tlv_ie remove_pdr[] = {
	TLV_M(pdr_id, 56, 16, 2, 65535, tlv_u16, "7.5.4.6-1"),
};
static const struct tlv_group remove_pdr_group = TLV_GROUP_OF("remove pdr", "7.5.4.6-1", 0, MSG, remove_pdr);
const struct tlv_codec pfcp_remove_pdr_codec = TLV_GROUP_CODEC(MSG, remove_pdr_group);
#undef MSG

#define MSG struct pfcp_remove_far
static const struct tlv_ie remove_far[] = {
	TLV_M(far_id, 108, 16, 4, 65535, tlv_u32, "7.5.4.7-1"),
};
static const struct tlv_group remove_far_group = TLV_GROUP_OF("remove far", "7.5.4.7-1", 0, MSG, remove_far);
const struct tlv_codec pfcp_remove_far_codec = TLV_GROUP_CODEC(MSG, remove_far_group);
#undef MSG

#define MSG struct pfcp_remove_urr
static const struct tlv_ie remove_urr[] = {
	TLV_M(urr_id, 81, 16, 4, 65535, tlv_u32, "7.5.4.8-1"),
};
static const struct tlv_group remove_urr_group = TLV_GROUP_OF("remove urr", "7.5.4.8-1", 0, MSG, remove_urr);
const struct tlv_codec pfcp_remove_urr_codec = TLV_GROUP_CODEC(MSG, remove_urr_group);
#undef MSG

#define MSG struct pfcp_remove_qer
static const struct tlv_ie remove_qer[] = {
	TLV_M(qer_id, 109, 16, 4, 65535, tlv_u32, "7.5.4.8-1"),
};
static const struct tlv_group remove_qer_group = TLV_GROUP_OF("remove qer", "7.5.4.8-1", 0, MSG, remove_qer);
const struct tlv_codec pfcp_remove_qer_codec = TLV_GROUP_CODEC(MSG, remove_qer_group);
#undef MSG

#define MSG struct pfcp_query_urr
static const struct tlv_ie query_urr[] = {
	TLV_M(urr_id, 81, 16, 4, 65535, tlv_u32, "7.5.4.10-1"),
};
static const struct tlv_group query_urr_group = TLV_GROUP_OF("query urr", "7.5.4.10-1", 0, MSG, query_urr);
const struct tlv_codec pfcp_query_urr_codec = TLV_GROUP_CODEC(MSG, query_urr_group);
#undef MSG

#define MSG struct pfcp_update_bar
static const struct tlv_ie update_bar[] = {
	TLV_M(bar_id, 88, 16, 1, 65535, tlv_u8, "7.5.9.2-1"),
	TLV_C(downlink_data_notification_delay, 46, 16, 1, 65535, tlv_u8, "7.5.9.2-1"),
	TLV_C(dl_buffering_duration, 47, 16, 1, 65535, tlv_u8, "7.5.9.2-1"),
	TLV_O(dl_buffering_suggested_packet_count, 48, 16, 0, 65535, tlv_bytes, "7.5.9.2-1"),
	TLV_C(suggested_buffering_packets_count, 140, 16, 1, 65535, tlv_u8, "7.5.9.2-1"),
};
static const struct tlv_group update_bar_group = TLV_GROUP_OF("update bar", "7.5.9.2-1", 0, MSG, update_bar);
const struct tlv_codec pfcp_update_bar_codec = TLV_GROUP_CODEC(MSG, update_bar_group);
#undef MSG

#define MSG struct pfcp_remove_bar
static const struct tlv_ie remove_bar[] = {
	TLV_M(bar_id, 88, 16, 1, 65535, tlv_u8, "7.5.4.12-1"),
};
static const struct tlv_group remove_bar_group = TLV_GROUP_OF("remove bar", "7.5.4.12-1", 0, MSG, remove_bar);
const struct tlv_codec pfcp_remove_bar_codec = TLV_GROUP_CODEC(MSG, remove_bar_group);
#undef MSG

#define MSG struct pfcp_update_traffic_endpoint
static const struct tlv_ie update_traffic_endpoint[] = {
	TLV_M(traffic_endpoint_id, 131, 16, 1, 65535, tlv_u8, "7.5.4.13-1"),
	TLV_C(local_f_teid, 21, 16, 1, 65535, pfcp_f_teid, "7.5.4.13-1"),
	TLV_O(network_instance, 22, 16, 0, 65535, tlv_bytes, "7.5.4.13-1"),
	TLV_C(redundant_transmission_detection_parameters, 255, 16, 0, 65535, tlv_bytes, "7.5.4.13-1"),
	TLV_C(ue_ip_address, 93, 16, 1, 65535, pfcp_ue_ip_address, "7.5.4.13-1"),
	TLV_C_LIST(framed_route, 153, 16, 0, 65535, tlv_bytes, "7.5.4.13-1"),
	TLV_C(framed_routing, 154, 16, 4, 4, tlv_u32, "7.5.4.13-1"),
	TLV_C_LIST(framed_ipv6_route, 155, 16, 0, 65535, tlv_bytes, "7.5.4.13-1"),
	TLV_C_LIST(qfi, 124, 16, 1, 65535, tlv_u8, "7.5.4.13-1"),
	TLV_C(source_interface_type, 160, 16, 1, 65535, tlv_u8, "7.5.4.13-1"),
	TLV_O(rat_type, 275, 16, 1, 65535, tlv_u8, "7.5.4.13-1"),
};
static const struct tlv_group update_traffic_endpoint_group =
	TLV_GROUP_OF("update traffic endpoint", "7.5.4.13-1", 0, MSG, update_traffic_endpoint);
const struct tlv_codec pfcp_update_traffic_endpoint_codec =
	TLV_GROUP_CODEC(MSG, update_traffic_endpoint_group);
#undef MSG

#define MSG struct pfcp_remove_traffic_endpoint
static const struct tlv_ie remove_traffic_endpoint[] = {
	TLV_M(traffic_endpoint_id, 131, 16, 1, 65535, tlv_u8, "7.5.4.14-1"),
};
static const struct tlv_group remove_traffic_endpoint_group =
	TLV_GROUP_OF("remove traffic endpoint", "7.5.4.14-1", 0, MSG, remove_traffic_endpoint);
const struct tlv_codec pfcp_remove_traffic_endpoint_codec =
	TLV_GROUP_CODEC(MSG, remove_traffic_endpoint_group);
#undef MSG

#define MSG struct pfcp_updated_pdr
static const struct tlv_ie updated_pdr[] = {
	TLV_M(pdr_id, 56, 16, 2, 65535, tlv_u16, "7.5.5.5-1"),
	TLV_C(local_f_teid, 21, 16, 1, 65535, pfcp_f_teid, "7.5.5.5-1"),
	TLV_C(ue_ip_address, 93, 16, 1, 65535, pfcp_ue_ip_address, "7.5.5.5-1"),
};
static const struct tlv_group updated_pdr_group =
	TLV_GROUP_OF("updated pdr", "7.5.5.5-1", 0, MSG, updated_pdr);
const struct tlv_codec pfcp_updated_pdr_codec = TLV_GROUP_CODEC(MSG, updated_pdr_group);
#undef MSG

#define MSG struct pfcp_application_detection_information
static const struct tlv_ie application_detection_information[] = {
	TLV_M(application_id, 24, 16, 0, 65535, tlv_bytes, "7.5.8.3-2"),
	TLV_C(application_instance_id, 91, 16, 0, 65535, tlv_bytes, "7.5.8.3-2"),
	TLV_C(flow_information, 92, 16, 3, 65535, tlv_bytes, "7.5.8.3-2"),
	TLV_O(pdr_id, 56, 16, 2, 65535, tlv_u16, "7.5.8.3-2"),
};
static const struct tlv_group application_detection_information_group = TLV_GROUP_OF(
	"application detection information", "7.5.8.3-2", 0, MSG, application_detection_information);
const struct tlv_codec pfcp_application_detection_information_codec =
	TLV_GROUP_CODEC(MSG, application_detection_information_group);
#undef MSG

#define MSG struct pfcp_ethernet_traffic_information
static const struct tlv_ie ethernet_traffic_information[] = {
	TLV_C_LIST(detected, 144, 16, 7, 65535, pfcp_mac_addresses, "7.5.8.3-3"),
	TLV_C_LIST(removed, 145, 16, 7, 65535, pfcp_mac_addresses, "7.5.8.3-3"),
};
static const struct tlv_group ethernet_traffic_information_group =
	TLV_GROUP_OF("ethernet traffic information", "7.5.8.3-3", 0, MSG, ethernet_traffic_information);
const struct tlv_codec pfcp_ethernet_traffic_information_codec =
	TLV_GROUP_CODEC(MSG, ethernet_traffic_information_group);
#undef MSG

#define MSG struct pfcp_usage_report
static const struct tlv_ie usage_report[] = {
	TLV_M(urr_id, 81, 16, 4, 65535, tlv_u32, "7.5.8.3-1"),
	TLV_M(ur_seqn, 104, 16, 4, 4, tlv_u32, "7.5.8.3-1"),
	TLV_M(usage_report_trigger, 63, 16, 2, 65535, tlv_flags, "7.5.8.3-1"),
	TLV_C(start_time, 75, 16, 4, 65535, tlv_u32, "7.5.8.3-1"),
	TLV_C(end_time, 76, 16, 4, 65535, tlv_u32, "7.5.8.3-1"),
	TLV_C(volume_measurement, 66, 16, 1, 65535, pfcp_volume, "7.5.8.3-1"),
	TLV_C(duration_measurement, 67, 16, 4, 65535, tlv_u32, "7.5.8.3-1"),
	TLV_C(application_detection_information, 68, 16, 0, 65535,
		pfcp_application_detection_information_codec, "7.5.8.3-1"),
	TLV_C(ue_ip_address, 93, 16, 1, 65535, pfcp_ue_ip_address, "7.5.8.3-1"),
	TLV_C(network_instance, 22, 16, 0, 65535, tlv_bytes, "7.5.8.3-1"),
	TLV_C(time_of_first_packet, 69, 16, 4, 65535, tlv_u32, "7.5.8.3-1"),
	TLV_C(time_of_last_packet, 70, 16, 4, 65535, tlv_u32, "7.5.8.3-1"),
	TLV_C(usage_information, 90, 16, 1, 65535, tlv_flags, "7.5.8.3-1"),
	TLV_C(query_urr_reference, 125, 16, 4, 65535, tlv_u32, "7.5.8.3-1"),
	TLV_C(event_time_stamp, 156, 16, 4, 65535, tlv_u32, "7.5.8.3-1"),
	TLV_C(ethernet_traffic_information, 143, 16, 0, 65535, pfcp_ethernet_traffic_information_codec,
		"7.5.8.3-1"),
	TLV_C(join_ip_multicast_information, 189, 16, 0, 65535, tlv_bytes, "7.5.8.3-1"),
	TLV_C(leave_ip_multicast_information, 190, 16, 0, 65535, tlv_bytes, "7.5.8.3-1"),
	TLV_O_LIST(predefined_rules_name, 299, 16, 0, 65535, tlv_bytes, "7.5.8.3-1"),
};
static const struct tlv_group usage_report_group =
	TLV_GROUP_OF("usage report", "7.5.8.3-1", 0, MSG, usage_report);
const struct tlv_codec pfcp_usage_report_codec = TLV_GROUP_CODEC(MSG, usage_report_group);
#undef MSG

#define MSG struct pfcp_downlink_data_report
static const struct tlv_ie downlink_data_report[] = {
	TLV_M_LIST(pdr_id, 56, 16, 2, 65535, tlv_u16, "7.5.8.2-1"),
	TLV_C(downlink_data_service_information, 45, 16, 1, 65535, pfcp_dl_data_service_information,
		"7.5.8.2-1"),
	TLV_O(dl_data_packets_size, 250, 16, 2, 65535, tlv_bytes, "7.5.8.2-1"),
	TLV_O(dl_data_status, 260, 16, 1, 65535, tlv_flags, "7.5.8.2-1"),
};
static const struct tlv_group downlink_data_report_group =
	TLV_GROUP_OF("downlink data report", "7.5.8.2-1", 0, MSG, downlink_data_report);
const struct tlv_codec pfcp_downlink_data_report_codec = TLV_GROUP_CODEC(MSG, downlink_data_report_group);
#undef MSG

#define MSG struct pfcp_error_indication_report
static const struct tlv_ie error_indication_report[] = {
	TLV_M_LIST(remote_f_teid, 21, 16, 1, 65535, pfcp_f_teid, "7.5.8.4-1"),
};
static const struct tlv_group error_indication_report_group =
	TLV_GROUP_OF("error indication report", "7.5.8.4-1", 0, MSG, error_indication_report);
const struct tlv_codec pfcp_error_indication_report_codec =
	TLV_GROUP_CODEC(MSG, error_indication_report_group);
#undef MSG

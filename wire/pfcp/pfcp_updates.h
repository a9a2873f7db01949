/* Grouped elements of PFCP session modification and reporting (TS 29.244 clauses 7.5.4, 7.5.8, 7.5.9). */
#pragma once

#include "wire/pfcp/pfcp_rules.h"

/* 7.5.4.2-1 */
struct pfcp_update_pdr {
	uint16_t pdr_id;
	TLV_OPT(struct pfcp_outer_header_removal, outer_header_removal);
	TLV_OPT(uint32_t, precedence);
	TLV_OPT(struct pfcp_pdi, pdi);
	TLV_OPT(uint32_t, far_id);
	TLV_LIST(uint32_t, urr_id);
	TLV_LIST(uint32_t, qer_id);
	TLV_LIST(struct bytes, activate_predefined_rules);
	TLV_LIST(struct bytes, deactivate_predefined_rules);
	TLV_OPT(uint32_t, activation_time);
	TLV_OPT(uint32_t, deactivation_time);
	TLV_OPT(struct bytes, ip_multicast_addressing_info);
	TLV_OPT(struct bytes, transport_delay_reporting);
	TLV_OPT(uint8_t, rat_type);
	struct tlv_wrong wrong; /* an element that would narrow the rule, had it been decoded */
};

/* 7.5.4.3-2 */
struct pfcp_update_forwarding_parameters {
	TLV_OPT(uint8_t, destination_interface);
	TLV_OPT(struct bytes, network_instance);
	TLV_OPT(struct bytes, redirect_information);
	TLV_OPT(struct pfcp_outer_header_creation, outer_header_creation);
	TLV_OPT(uint16_t, transport_level_marking);
	TLV_OPT(struct bytes, forwarding_policy);
	TLV_OPT(struct bytes, header_enrichment);
	TLV_OPT(struct tlv_flags, smreq_flags);
	TLV_OPT(uint8_t, linked_traffic_endpoint_id);
	TLV_OPT(uint8_t, destination_interface_type);
	TLV_OPT(struct bytes, data_network_access_identifier);
	TLV_OPT(struct bytes, ip_address_and_port_number_replacement);
};

/* 7.5.4.3-3 */
struct pfcp_update_duplicating_parameters {
	TLV_OPT(uint8_t, destination_interface);
	TLV_OPT(struct pfcp_outer_header_creation, outer_header_creation);
	TLV_OPT(uint16_t, transport_level_marking);
	TLV_OPT(struct bytes, forwarding_policy);
};

/* 7.5.4.3-1 */
struct pfcp_update_far {
	uint32_t far_id;
	TLV_OPT(struct tlv_flags, apply_action);
	TLV_OPT(struct pfcp_update_forwarding_parameters, update_forwarding_parameters);
	TLV_OPT(struct pfcp_update_duplicating_parameters, update_duplicating_parameters);
	TLV_OPT(struct bytes, redundant_transmission_forwarding_parameters);
	TLV_OPT(uint8_t, bar_id);
	TLV_OPT(struct bytes, add_mbs_unicast_parameters);
	TLV_OPT(struct bytes, remove_mbs_unicast_parameters);
};

/* 7.5.4.4-1 */
struct pfcp_update_urr {
	uint32_t urr_id;
	TLV_OPT(struct tlv_flags, measurement_method);
	TLV_OPT(struct tlv_flags, reporting_triggers);
	TLV_OPT(uint32_t, measurement_period);
	TLV_OPT(struct pfcp_volume, volume_threshold);
	TLV_OPT(struct pfcp_volume, volume_quota);
	TLV_OPT(uint32_t, time_threshold);
	TLV_OPT(uint32_t, time_quota);
	TLV_OPT(uint32_t, event_threshold);
	TLV_OPT(uint32_t, event_quota);
	TLV_OPT(uint32_t, quota_holding_time);
	TLV_OPT(struct bytes, dropped_dl_traffic_threshold);
	TLV_OPT(uint32_t, quota_validity_time);
	TLV_OPT(uint32_t, monitoring_time);
	TLV_OPT(struct pfcp_volume, subsequent_volume_threshold);
	TLV_OPT(uint32_t, subsequent_time_threshold);
	TLV_OPT(struct pfcp_volume, subsequent_volume_quota);
	TLV_OPT(uint32_t, subsequent_time_quota);
	TLV_OPT(uint32_t, subsequent_event_threshold);
	TLV_OPT(uint32_t, subsequent_event_quota);
	TLV_OPT(uint32_t, inactivity_detection_time);
	TLV_LIST(uint32_t, linked_urr_id);
	TLV_OPT(struct tlv_flags, measurement_information);
	TLV_OPT(struct bytes, time_quota_mechanism);
	TLV_LIST(struct bytes, aggregated_urrs);
	TLV_OPT(uint32_t, far_id_for_quota_action);
	TLV_OPT(uint32_t, ethernet_inactivity_timer);
	TLV_LIST(struct pfcp_additional_monitoring_time, additional_monitoring_time);
	TLV_OPT(uint16_t, number_of_reports);
	TLV_LIST(struct bytes, exempted_application_id_for_quota_action);
	TLV_LIST(struct pfcp_sdf_filter, exempted_sdf_filter_for_quota_action);
	TLV_OPT(uint32_t, user_plane_inactivity_timer);
};

/* 7.5.4.5-1 */
struct pfcp_update_qer {
	uint32_t qer_id;
	TLV_OPT(uint32_t, qer_correlation_id);
	TLV_OPT(uint8_t, gate_status);
	TLV_OPT(struct pfcp_bit_rate, mbr);
	TLV_OPT(struct pfcp_bit_rate, gbr);
	TLV_OPT(struct bytes, packet_rate);
	TLV_OPT(struct bytes, dl_flow_level_marking);
	TLV_OPT(uint8_t, qfi);
	TLV_OPT(uint8_t, rqi);
	TLV_OPT(uint8_t, paging_policy_indicator);
	TLV_OPT(uint32_t, averaging_window);
	TLV_OPT(struct tlv_flags, qer_control_indications);
};

/* 7.5.4.6-1 */
struct pfcp_remove_pdr {
	uint16_t pdr_id;
};

/* 7.5.4.7-1 */
struct pfcp_remove_far {
	uint32_t far_id;
};

/* 7.5.4.8-1 */
struct pfcp_remove_urr {
	uint32_t urr_id;
};

/* 7.5.4.8-1 */
struct pfcp_remove_qer {
	uint32_t qer_id;
};

/* 7.5.4.10-1 */
struct pfcp_query_urr {
	uint32_t urr_id;
};

/* 7.5.9.2-1 */
struct pfcp_update_bar {
	uint8_t bar_id;
	TLV_OPT(uint8_t, downlink_data_notification_delay);
	TLV_OPT(uint8_t, dl_buffering_duration);
	TLV_OPT(struct bytes, dl_buffering_suggested_packet_count);
	TLV_OPT(uint8_t, suggested_buffering_packets_count);
};

/* 7.5.4.12-1 */
struct pfcp_remove_bar {
	uint8_t bar_id;
};

/* 7.5.4.13-1 */
struct pfcp_update_traffic_endpoint {
	uint8_t traffic_endpoint_id;
	TLV_OPT(struct pfcp_f_teid, local_f_teid);
	TLV_OPT(struct bytes, network_instance);
	TLV_OPT(struct bytes, redundant_transmission_detection_parameters);
	TLV_OPT(struct pfcp_ue_ip_address, ue_ip_address);
	TLV_LIST(struct bytes, framed_route);
	TLV_OPT(uint32_t, framed_routing);
	TLV_LIST(struct bytes, framed_ipv6_route);
	TLV_LIST(uint8_t, qfi);
	TLV_OPT(uint8_t, source_interface_type);
	TLV_OPT(uint8_t, rat_type);
};

/* 7.5.4.14-1 */
struct pfcp_remove_traffic_endpoint {
	uint8_t traffic_endpoint_id;
};

/* 7.5.5.5-1 */
struct pfcp_updated_pdr {
	uint16_t pdr_id;
	TLV_OPT(struct pfcp_f_teid, local_f_teid);
	TLV_OPT(struct pfcp_ue_ip_address, ue_ip_address);
};

/* 7.5.8.3-2 */
struct pfcp_application_detection_information {
	struct bytes application_id;
	TLV_OPT(struct bytes, application_instance_id);
	TLV_OPT(struct bytes, flow_information);
	TLV_OPT(uint16_t, pdr_id);
};

/* 7.5.8.3-3 */
struct pfcp_ethernet_traffic_information {
	TLV_LIST(struct pfcp_mac_addresses, detected);
	TLV_LIST(struct pfcp_mac_addresses, removed);
};

/* 7.5.8.3-1 */
struct pfcp_usage_report {
	uint32_t urr_id;
	uint32_t ur_seqn;
	struct tlv_flags usage_report_trigger;
	TLV_OPT(uint32_t, start_time);
	TLV_OPT(uint32_t, end_time);
	TLV_OPT(struct pfcp_volume, volume_measurement);
	TLV_OPT(uint32_t, duration_measurement);
	TLV_OPT(struct pfcp_application_detection_information, application_detection_information);
	TLV_OPT(struct pfcp_ue_ip_address, ue_ip_address);
	TLV_OPT(struct bytes, network_instance);
	TLV_OPT(uint32_t, time_of_first_packet);
	TLV_OPT(uint32_t, time_of_last_packet);
	TLV_OPT(struct tlv_flags, usage_information);
	TLV_OPT(uint32_t, query_urr_reference);
	TLV_OPT(uint32_t, event_time_stamp);
	TLV_OPT(struct pfcp_ethernet_traffic_information, ethernet_traffic_information);
	TLV_OPT(struct bytes, join_ip_multicast_information);
	TLV_OPT(struct bytes, leave_ip_multicast_information);
	TLV_LIST(struct bytes, predefined_rules_name);
};

/* 7.5.8.2-1 */
struct pfcp_downlink_data_report {
	TLV_LIST(uint16_t, pdr_id);
	TLV_OPT(struct pfcp_dl_data_service_information, downlink_data_service_information);
	TLV_OPT(struct bytes, dl_data_packets_size);
	TLV_OPT(struct tlv_flags, dl_data_status);
};

/* 7.5.8.4-1 */
struct pfcp_error_indication_report {
	TLV_LIST(struct pfcp_f_teid, remote_f_teid);
};

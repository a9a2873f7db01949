/* Grouped elements of PFCP node messages and session establishment (TS 29.244 clauses 7.4, 7.5.2, 7.5.3). */
#pragma once

#include "wire/pfcp/pfcp_ie.h"

/* 7.4.3.1-3 */
struct pfcp_pfd_context {
	TLV_LIST(struct bytes, pfd_contents);
};

/* 7.4.3.1-2 */
struct pfcp_application_pfds {
	struct bytes application_id;
	TLV_LIST(struct pfcp_pfd_context, pfd_context);
};

/* 7.4.4.1-2 */
struct pfcp_session_retention_information {
	TLV_LIST(struct pfcp_addresses, cp_pfcp_entity_ip_address);
};

/* 7.4.7.1-2 */
struct pfcp_session_change_info {
	TLV_LIST(struct bytes, fq_csid);
	TLV_LIST(struct bytes, group_id);
	TLV_OPT(struct pfcp_addresses, cp_ip_address);
	struct pfcp_addresses alternative_smf_ip_address;
};

/* 7.4.4.1-3 */
struct pfcp_ue_ip_address_pool_information {
	TLV_LIST(struct bytes, ue_ip_address_pool_identity);
	TLV_OPT(struct bytes, network_instance);
	TLV_OPT(struct snssai, s_nssai);
	TLV_OPT(struct tlv_flags, ip_version);
};

/* 7.4.4.3.1-1 */
struct pfcp_ue_ip_address_usage_information {
	uint32_t sequence_number;
	uint8_t metric;
	uint16_t validity_timer;
	struct bytes number_of_ue_ip_addresses;
	struct bytes network_instance;
	TLV_OPT(struct bytes, ue_ip_address_pool_id);
	TLV_OPT(struct snssai, s_nssai);
};

/* 7.4.5.1.2-1 */
struct pfcp_user_plane_path_report {
	TLV_LIST(struct pfcp_remote_gtpu_peer, remote_gtp_u_peer);
};

/* 7.5.2.2-3 */
struct pfcp_ethernet_packet_filter {
	TLV_OPT(uint32_t, filter_id);
	TLV_OPT(struct tlv_flags, filter_properties);
	TLV_LIST(struct pfcp_mac_address, mac_address);
	TLV_OPT(uint16_t, ethertype);
	TLV_OPT(struct pfcp_vlan_tag, c_tag);
	TLV_OPT(struct pfcp_vlan_tag, s_tag);
	TLV_LIST(struct pfcp_sdf_filter, sdf_filter);
	struct tlv_wrong wrong; /* as in the PDI */
};

/* 7.5.2.2-2 */
struct pfcp_pdi {
	uint8_t source_interface;
	TLV_OPT(struct pfcp_f_teid, local_f_teid);
	TLV_OPT(struct bytes, local_ingress_tunnel);
	TLV_OPT(struct bytes, network_instance);
	TLV_OPT(struct bytes, redundant_transmission_detection_parameters);
	TLV_OPT(struct pfcp_ue_ip_address, ue_ip_address);
	TLV_LIST(uint8_t, traffic_endpoint_id);
	TLV_LIST(struct pfcp_sdf_filter, sdf_filter);
	TLV_OPT(struct bytes, application_id);
	TLV_OPT(struct tlv_flags, ethernet_pdu_session_information);
	TLV_LIST(struct pfcp_ethernet_packet_filter, ethernet_packet_filter);
	TLV_LIST(uint8_t, qfi);
	TLV_LIST(struct bytes, framed_route);
	TLV_OPT(uint32_t, framed_routing);
	TLV_LIST(struct bytes, framed_ipv6_route);
	TLV_OPT(uint8_t, source_interface_type);
	TLV_OPT(struct bytes, ip_multicast_addressing_info);
	TLV_OPT(struct bytes, dns_query_filter);
	TLV_OPT(struct bytes, mbs_session_identifier);
	TLV_OPT(struct bytes, area_session_id);
	struct tlv_wrong wrong; /* an element that would narrow the rule, had it been decoded */
};

/* 7.5.2.2-1 */
struct pfcp_create_pdr {
	uint16_t pdr_id;
	uint32_t precedence;
	struct pfcp_pdi pdi;
	TLV_OPT(struct pfcp_outer_header_removal, outer_header_removal);
	TLV_OPT(uint32_t, far_id);
	TLV_LIST(uint32_t, urr_id);
	TLV_LIST(uint32_t, qer_id);
	TLV_LIST(struct bytes, activate_predefined_rules);
	TLV_OPT(uint32_t, activation_time);
	TLV_OPT(uint32_t, deactivation_time);
	TLV_OPT(uint16_t, mar_id);
	TLV_OPT(struct tlv_flags, packet_replication_and_detection_carry_on_information);
	TLV_OPT(struct bytes, ip_multicast_addressing_info);
	TLV_OPT(struct bytes, ue_ip_address_pool_identity);
	TLV_OPT(struct tlv_flags, mptcp_applicable_indication);
	TLV_OPT(struct bytes, transport_delay_reporting);
	TLV_OPT(uint8_t, rat_type);
	struct tlv_wrong wrong; /* an element that would narrow the rule, had it been decoded */
};

/* 7.5.2.3-2 */
struct pfcp_forwarding_parameters {
	uint8_t destination_interface;
	TLV_OPT(struct bytes, network_instance);
	TLV_OPT(struct bytes, redirect_information);
	TLV_OPT(struct pfcp_outer_header_creation, outer_header_creation);
	TLV_OPT(uint16_t, transport_level_marking);
	TLV_OPT(struct bytes, forwarding_policy);
	TLV_OPT(struct bytes, header_enrichment);
	TLV_OPT(uint8_t, linked_traffic_endpoint_id);
	TLV_OPT(struct tlv_flags, proxying);
	TLV_OPT(uint8_t, destination_interface_type);
	TLV_OPT(struct bytes, data_network_access_identifier);
	TLV_OPT(struct bytes, ip_address_and_port_number_replacement);
	struct tlv_wrong wrong; /* an element that would narrow the rule, had it been decoded */
};

/* 7.5.2.3-3 */
struct pfcp_duplicating_parameters {
	TLV_OPT(uint8_t, destination_interface);
	TLV_OPT(struct pfcp_outer_header_creation, outer_header_creation);
	TLV_OPT(uint16_t, transport_level_marking);
	TLV_OPT(struct bytes, forwarding_policy);
};

/* 7.5.2.3-1 */
struct pfcp_create_far {
	uint32_t far_id;
	struct tlv_flags apply_action;
	TLV_OPT(struct pfcp_forwarding_parameters, forwarding_parameters);
	TLV_OPT(struct pfcp_duplicating_parameters, duplicating_parameters);
	TLV_OPT(uint8_t, bar_id);
	TLV_OPT(struct bytes, redundant_transmission_forwarding_parameters);
	TLV_OPT(struct bytes, mbs_multicast_parameters);
	TLV_OPT(struct bytes, add_mbs_unicast_parameters);
};

/* 7.5.2.4-3 */
struct pfcp_additional_monitoring_time {
	uint32_t monitoring_time;
	TLV_OPT(struct pfcp_volume, subsequent_volume_threshold);
	TLV_OPT(uint32_t, subsequent_time_threshold);
	TLV_OPT(struct pfcp_volume, subsequent_volume_quota);
	TLV_OPT(uint32_t, subsequent_time_quota);
	TLV_OPT(uint32_t, subsequent_event_threshold);
	TLV_OPT(uint32_t, subsequent_event_quota);
};

/* 7.5.2.4-1 */
struct pfcp_create_urr {
	uint32_t urr_id;
	struct tlv_flags measurement_method;
	struct tlv_flags reporting_triggers;
	TLV_OPT(uint32_t, measurement_period);
	TLV_OPT(struct pfcp_volume, volume_threshold);
	TLV_OPT(struct pfcp_volume, volume_quota);
	TLV_OPT(uint32_t, event_threshold);
	TLV_OPT(uint32_t, event_quota);
	TLV_OPT(uint32_t, time_threshold);
	TLV_OPT(uint32_t, time_quota);
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

/* 7.5.2.5-1 */
struct pfcp_create_qer {
	uint32_t qer_id;
	TLV_OPT(uint32_t, qer_correlation_id);
	uint8_t gate_status;
	TLV_OPT(struct pfcp_bit_rate, mbr);
	TLV_OPT(struct pfcp_bit_rate, gbr);
	TLV_OPT(struct bytes, packet_rate);
	TLV_OPT(struct bytes, packet_rate_status);
	TLV_OPT(struct bytes, dl_flow_level_marking);
	TLV_OPT(uint8_t, qfi);
	TLV_OPT(uint8_t, rqi);
	TLV_OPT(uint8_t, paging_policy_indicator);
	TLV_OPT(uint32_t, averaging_window);
	TLV_OPT(struct tlv_flags, qer_control_indications);
	TLV_OPT(struct tlv_flags, qer_indications);
};

/* 7.5.2.6-1 */
struct pfcp_create_bar {
	uint8_t bar_id;
	TLV_OPT(uint8_t, downlink_data_notification_delay);
	TLV_OPT(uint8_t, suggested_buffering_packets_count);
	TLV_OPT(struct bytes, mt_edt_control_information);
};

/* 7.5.2.7-1 */
struct pfcp_create_traffic_endpoint {
	uint8_t traffic_endpoint_id;
	TLV_OPT(struct pfcp_f_teid, local_f_teid);
	TLV_OPT(struct bytes, network_instance);
	TLV_OPT(struct bytes, redundant_transmission_detection_parameters);
	TLV_OPT(struct pfcp_ue_ip_address, ue_ip_address);
	TLV_OPT(struct tlv_flags, ethernet_pdu_session_information);
	TLV_LIST(struct bytes, framed_route);
	TLV_OPT(uint32_t, framed_routing);
	TLV_LIST(struct bytes, framed_ipv6_route);
	TLV_LIST(uint8_t, qfi);
	TLV_OPT(uint8_t, source_interface_type);
	TLV_OPT(struct bytes, local_ingress_tunnel);
	TLV_OPT(struct bytes, ip_multicast_addressing_info);
	TLV_OPT(struct bytes, mbs_session_identifier);
	TLV_OPT(struct bytes, area_session_id);
	TLV_OPT(uint8_t, rat_type);
};

/* 7.5.3.3-1 */
struct pfcp_load_control_information {
	uint32_t sequence_number;
	uint8_t metric;
};

/* 7.5.3.4-1 */
struct pfcp_overload_control_information {
	uint32_t sequence_number;
	uint8_t metric;
	uint8_t period_of_validity;
	TLV_OPT(struct tlv_flags, oci_flags);
};

/* 7.5.3.1-2 */
struct pfcp_partial_failure_information {
	struct pfcp_failed_rule_id failed_rule_id;
	uint8_t failure_cause;
	struct bytes offending_ie_information;
};

/* 7.5.3.2-1 */
struct pfcp_created_pdr {
	uint16_t pdr_id;
	TLV_OPT(struct pfcp_f_teid, local_f_teid);
	TLV_OPT(struct pfcp_ue_ip_address, ue_ip_address);
	TLV_OPT(struct bytes, local_ingress_tunnel);
};

/* 7.5.3.5-1 */
struct pfcp_created_traffic_endpoint {
	uint8_t traffic_endpoint_id;
	TLV_OPT(struct pfcp_f_teid, local_f_teid);
	TLV_OPT(struct pfcp_ue_ip_address, ue_ip_address);
	TLV_OPT(struct bytes, local_ingress_tunnel);
};

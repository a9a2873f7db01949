/* Messages of 5GS mobility management (TS 24.501 clause 8.2). Names are abridged. */
#pragma once

#include "wire/nas/nas_ie.h"

/* 8.2.1 */
struct nas_authentication_request {
	uint8_t ngksi;
	struct bytes abba;
	TLV_OPT_OCTETS(rand, 16);
	TLV_OPT_OCTETS(autn, 16);
	TLV_OPT(struct bytes, eap_message);
};

/* 8.2.2 */
struct nas_authentication_response {
	TLV_OPT_OCTETS(res_star, 16);
	TLV_OPT(struct bytes, eap_message);
};

/* 8.2.3 */
struct nas_authentication_result {
	uint8_t ngksi;
	struct bytes eap_message;
	TLV_OPT(struct bytes, abba);
};

/* 8.2.4 */
struct nas_authentication_failure {
	uint8_t cause;
	TLV_OPT_OCTETS(auts, 14);
};

/* 8.2.5 */
struct nas_authentication_reject {
	TLV_OPT(struct bytes, eap_message);
};

/* 8.2.6 */
struct nas_registration_request {
	uint8_t registration_type;
	uint8_t ngksi;
	struct nas_mobile_identity mobile_identity;
	TLV_OPT(uint8_t, noncurrent_ngksi);
	TLV_OPT(struct tlv_flags, gmm_capability);
	TLV_OPT(struct nas_ue_security_capability, ue_security_capability);
	TLV_OPT(struct nas_nssai, requested_nssai);
	TLV_OPT(struct tai, last_visited_registered_tai);
	TLV_OPT(struct bytes, s1_ue_network_capability);
	TLV_OPT(uint16_t, uplink_data_status);
	TLV_OPT(uint16_t, pdu_session_status);
	TLV_OPT(uint8_t, mico_indication);
	TLV_OPT(uint8_t, ue_status);
	TLV_OPT(struct nas_mobile_identity, additional_guti);
	TLV_OPT(uint16_t, allowed_pdu_session_status);
	TLV_OPT(uint8_t, ue_usage_setting);
	TLV_OPT(uint8_t, requested_drx_parameters);
	TLV_OPT(struct bytes, eps_nas_message_container);
	TLV_OPT(struct nas_dnns, ladn_indication);
	TLV_OPT(uint8_t, payload_container_type);
	TLV_OPT(struct bytes, payload_container);
	TLV_OPT(uint8_t, network_slicing_indication);
	TLV_OPT(uint8_t, update_type);
	TLV_OPT(struct bytes, mobile_station_classmark_2);
	TLV_OPT(struct bytes, supported_codecs);
	TLV_OPT(struct bytes, nas_message_container);
	TLV_OPT(uint16_t, eps_bearer_status);
	TLV_OPT(struct bytes, requested_extended_drx_parameters);
	TLV_OPT(uint8_t, t3324);
	TLV_OPT(struct bytes, ue_radio_capability_id);
	TLV_OPT(struct nas_nssai, requested_mapped_nssai);
	TLV_OPT(uint8_t, additional_information_requested);
	TLV_OPT(struct bytes, requested_wus_assistance_information);
	TLV_OPT(uint8_t, n5gc_indication);
	TLV_OPT(uint8_t, requested_nb_n1_drx_parameters);
	TLV_OPT(uint8_t, ue_request_type);
	TLV_OPT(struct bytes, paging_restriction);
	TLV_OPT(struct bytes, service_level_aa_container);
	TLV_OPT_OCTETS(nid, 6);
	TLV_OPT(struct plmn, disaster_plmn);
	TLV_OPT(struct bytes, requested_peips_assistance_information);
	TLV_OPT(uint8_t, requested_t3512);
};

/* 8.2.7 */
struct nas_registration_accept {
	uint8_t registration_result;
	TLV_OPT(struct nas_mobile_identity, guti);
	TLV_OPT(struct nas_plmn_list, equivalent_plmns);
	TLV_OPT(struct nas_tai_list, tai_list);
	TLV_OPT(struct nas_nssai, allowed_nssai);
	TLV_OPT(struct nas_rejected_nssai, rejected_nssai);
	TLV_OPT(struct nas_nssai, configured_nssai);
	TLV_OPT(struct tlv_flags, network_feature_support);
	TLV_OPT(uint16_t, pdu_session_status);
	TLV_OPT(uint16_t, reactivation_result);
	TLV_OPT(struct nas_psi_causes, reactivation_result_error_cause);
	TLV_OPT(struct nas_ladns, ladn_information);
	TLV_OPT(uint8_t, mico_indication);
	TLV_OPT(uint8_t, network_slicing_indication);
	TLV_OPT(struct nas_tai_list, service_area_list);
	TLV_OPT(uint8_t, t3512);
	TLV_OPT(uint8_t, non_3gpp_deregistration_timer);
	TLV_OPT(uint8_t, t3502);
	TLV_OPT(struct bytes, emergency_number_list);
	TLV_OPT(struct bytes, extended_emergency_number_list);
	TLV_OPT(struct bytes, sor_transparent_container);
	TLV_OPT(struct bytes, eap_message);
	TLV_OPT(uint8_t, nssai_inclusion_mode);
	TLV_OPT(struct bytes, access_category_definitions);
	TLV_OPT(uint8_t, negotiated_drx_parameters);
	TLV_OPT(uint8_t, non_3gpp_nw_policies);
	TLV_OPT(uint16_t, eps_bearer_status);
	TLV_OPT(struct bytes, negotiated_extended_drx_parameters);
	TLV_OPT(uint8_t, t3447);
	TLV_OPT(uint8_t, t3448);
	TLV_OPT(uint8_t, t3324);
	TLV_OPT(struct bytes, ue_radio_capability_id);
	TLV_OPT(uint8_t, ue_radio_capability_id_deletion);
	TLV_OPT(struct nas_nssai, pending_nssai);
	TLV_OPT(struct bytes, ciphering_key_data);
	TLV_OPT(struct nas_cag_list, cag_information_list);
	TLV_OPT(uint8_t, truncated_s_tmsi_configuration);
	TLV_OPT(struct bytes, negotiated_wus_assistance_information);
	TLV_OPT(uint8_t, negotiated_nb_n1_drx_parameters);
	TLV_OPT(struct nas_extended_rejected_nssai, extended_rejected_nssai);
	TLV_OPT(struct bytes, service_level_aa_container);
	TLV_OPT(struct bytes, negotiated_peips_assistance_information);
	TLV_OPT(uint8_t, additional_request_result);
	TLV_OPT(struct bytes, nssrg_information);
	TLV_OPT(struct nas_wait_range, disaster_roaming_wait_range);
	TLV_OPT(struct nas_wait_range, disaster_return_wait_range);
	TLV_OPT(struct nas_plmn_list, disaster_plmns);
	TLV_OPT(struct nas_tai_list, forbidden_tais_roaming);
	TLV_OPT(struct nas_tai_list, forbidden_tais_regional);
	TLV_OPT(struct bytes, extended_cag_information_list);
	TLV_OPT(struct bytes, nsag_information);
};

/* 8.2.8 */
struct nas_registration_complete {
	TLV_OPT(struct bytes, sor_transparent_container);
};

/* 8.2.9 */
struct nas_registration_reject {
	uint8_t cause;
	TLV_OPT(uint8_t, t3346);
	TLV_OPT(uint8_t, t3502);
	TLV_OPT(struct bytes, eap_message);
	TLV_OPT(struct nas_rejected_nssai, rejected_nssai);
	TLV_OPT(struct nas_cag_list, cag_information_list);
	TLV_OPT(struct nas_extended_rejected_nssai, extended_rejected_nssai);
	TLV_OPT(struct nas_wait_range, disaster_return_wait_range);
	TLV_OPT(struct bytes, extended_cag_information_list);
	TLV_OPT(uint8_t, lower_bound_timer);
	TLV_OPT(struct nas_tai_list, forbidden_tais_roaming);
	TLV_OPT(struct nas_tai_list, forbidden_tais_regional);
};

/* 8.2.10 */
struct nas_ul_nas_transport {
	uint8_t payload_container_type;
	struct bytes payload_container;
	TLV_OPT(uint8_t, pdu_session_id);
	TLV_OPT(uint8_t, old_pdu_session_id);
	TLV_OPT(uint8_t, request_type);
	TLV_OPT(struct nas_s_nssai, s_nssai);
	TLV_OPT(const char *, dnn);
	TLV_OPT(struct bytes, additional_information);
	TLV_OPT(uint8_t, ma_pdu_session_information);
	TLV_OPT(uint8_t, release_assistance_indication);
};

/* 8.2.11 */
struct nas_dl_nas_transport {
	uint8_t payload_container_type;
	struct bytes payload_container;
	TLV_OPT(uint8_t, pdu_session_id);
	TLV_OPT(struct bytes, additional_information);
	TLV_OPT(uint8_t, cause);
	TLV_OPT(uint8_t, backoff_timer);
	TLV_OPT(uint8_t, lower_bound_timer);
};

/* 8.2.12 */
struct nas_deregistration_request_ue {
	uint8_t deregistration_type;
	uint8_t ngksi;
	struct nas_mobile_identity mobile_identity;
};

/* 8.2.14 */
struct nas_deregistration_request_network {
	uint8_t deregistration_type;
	TLV_OPT(uint8_t, cause);
	TLV_OPT(uint8_t, t3346);
	TLV_OPT(struct nas_rejected_nssai, rejected_nssai);
	TLV_OPT(struct nas_cag_list, cag_information_list);
	TLV_OPT(struct nas_extended_rejected_nssai, extended_rejected_nssai);
	TLV_OPT(struct nas_wait_range, disaster_return_wait_range);
	TLV_OPT(struct bytes, extended_cag_information_list);
	TLV_OPT(uint8_t, lower_bound_timer);
	TLV_OPT(struct nas_tai_list, forbidden_tais_roaming);
	TLV_OPT(struct nas_tai_list, forbidden_tais_regional);
};

/* 8.2.16 */
struct nas_service_request {
	uint8_t ngksi;
	uint8_t service_type;
	struct nas_mobile_identity s_tmsi;
	TLV_OPT(uint16_t, uplink_data_status);
	TLV_OPT(uint16_t, pdu_session_status);
	TLV_OPT(uint16_t, allowed_pdu_session_status);
	TLV_OPT(struct bytes, nas_message_container);
	TLV_OPT(uint8_t, ue_request_type);
	TLV_OPT(struct bytes, paging_restriction);
};

/* 8.2.17 */
struct nas_service_accept {
	TLV_OPT(uint16_t, pdu_session_status);
	TLV_OPT(uint16_t, reactivation_result);
	TLV_OPT(struct nas_psi_causes, reactivation_result_error_cause);
	TLV_OPT(struct bytes, eap_message);
	TLV_OPT(uint8_t, t3448);
	TLV_OPT(uint8_t, additional_request_result);
	TLV_OPT(struct nas_tai_list, forbidden_tais_roaming);
	TLV_OPT(struct nas_tai_list, forbidden_tais_regional);
};

/* 8.2.18 */
struct nas_service_reject {
	uint8_t cause;
	TLV_OPT(uint16_t, pdu_session_status);
	TLV_OPT(uint8_t, t3346);
	TLV_OPT(struct bytes, eap_message);
	TLV_OPT(uint8_t, t3448);
	TLV_OPT(struct nas_cag_list, cag_information_list);
	TLV_OPT(struct nas_wait_range, disaster_return_wait_range);
	TLV_OPT(struct bytes, extended_cag_information_list);
	TLV_OPT(uint8_t, lower_bound_timer);
	TLV_OPT(struct nas_tai_list, forbidden_tais_roaming);
	TLV_OPT(struct nas_tai_list, forbidden_tais_regional);
};

/* 8.2.19 */
struct nas_configuration_update_command {
	TLV_OPT(uint8_t, configuration_update_indication);
	TLV_OPT(struct nas_mobile_identity, guti);
	TLV_OPT(struct nas_tai_list, tai_list);
	TLV_OPT(struct nas_nssai, allowed_nssai);
	TLV_OPT(struct nas_tai_list, service_area_list);
	TLV_OPT(struct nas_network_name, full_name);
	TLV_OPT(struct nas_network_name, short_name);
	TLV_OPT(uint8_t, local_time_zone);
	TLV_OPT_OCTETS(universal_time, 7);
	TLV_OPT(uint8_t, daylight_saving_time);
	TLV_OPT(struct nas_ladns, ladn_information);
	TLV_OPT(uint8_t, mico_indication);
	TLV_OPT(uint8_t, network_slicing_indication);
	TLV_OPT(struct nas_nssai, configured_nssai);
	TLV_OPT(struct nas_rejected_nssai, rejected_nssai);
	TLV_OPT(struct bytes, access_category_definitions);
	TLV_OPT(uint8_t, sms_indication);
	TLV_OPT(uint8_t, t3447);
	TLV_OPT(struct nas_cag_list, cag_information_list);
	TLV_OPT(struct bytes, ue_radio_capability_id);
	TLV_OPT(uint8_t, ue_radio_capability_id_deletion);
	TLV_OPT(uint8_t, registration_result);
	TLV_OPT(uint8_t, truncated_s_tmsi_configuration);
	TLV_OPT(uint8_t, additional_configuration_indication);
	TLV_OPT(struct nas_extended_rejected_nssai, extended_rejected_nssai);
	TLV_OPT(struct bytes, service_level_aa_container);
	TLV_OPT(struct bytes, nssrg_information);
	TLV_OPT(struct nas_wait_range, disaster_roaming_wait_range);
	TLV_OPT(struct nas_wait_range, disaster_return_wait_range);
	TLV_OPT(struct nas_plmn_list, disaster_plmns);
	TLV_OPT(struct bytes, extended_cag_information_list);
	TLV_OPT(struct bytes, updated_peips_assistance_information);
	TLV_OPT(struct bytes, nsag_information);
	TLV_OPT(uint8_t, priority_indicator);
};

/* 8.2.21 */
struct nas_identity_request {
	uint8_t identity_type;
};

/* 8.2.22 */
struct nas_identity_response {
	struct nas_mobile_identity mobile_identity;
};

/* 8.2.23 */
struct nas_notification {
	uint8_t access_type;
};

/* 8.2.24 */
struct nas_notification_response {
	TLV_OPT(uint16_t, pdu_session_status);
};

/* 8.2.25 */
struct nas_security_mode_command {
	struct nas_security_algorithms selected_algorithms;
	uint8_t ngksi;
	struct nas_ue_security_capability replayed_ue_security_capability;
	TLV_OPT(uint8_t, imeisv_request);
	TLV_OPT(uint8_t, selected_eps_algorithms);
	TLV_OPT(uint8_t, additional_security_information);
	TLV_OPT(struct bytes, eap_message);
	TLV_OPT(struct bytes, abba);
	TLV_OPT(struct bytes, replayed_s1_ue_security_capability);
};

/* 8.2.26 */
struct nas_security_mode_complete {
	TLV_OPT(struct nas_mobile_identity, imeisv);
	TLV_OPT(struct bytes, nas_message_container);
	TLV_OPT(struct nas_mobile_identity, non_imeisv_pei);
};

/* 8.2.27 */
struct nas_security_mode_reject {
	uint8_t cause;
};

/* 8.2.29 */
struct nas_gmm_status {
	uint8_t cause;
};

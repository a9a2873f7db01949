/* Tables of the messages for registration (TS 24.501 clause 8.2). */
#include "wire/nas/ie.h"

#define MSG struct nas_registration_request
static const struct tlv_ie registration_request[] = {
	TLV_M(registration_type, 0, HALF, 0, 0, tlv_u8, "9.11.3.7"),
	TLV_M(ngksi, 0, HALF, 0, 0, tlv_u8, "9.11.3.32"),
	TLV_M(mobile_identity, 0, LVE, 4, 65535, nas_mobile_identity, "9.11.3.4"),
	TLV_O(noncurrent_ngksi, 0xc0, TV1, 0, 0, tlv_u8, "9.11.3.32"),
	TLV_O(gmm_capability, 0x10, TLV, 1, 13, tlv_flags, "9.11.3.1"),
	TLV_O(ue_security_capability, 0x2e, TLV, 2, 8, nas_ue_security_capability, "9.11.3.54"),
	TLV_O(requested_nssai, 0x2f, TLV, 2, 72, nas_nssai, "9.11.3.37"),
	TLV_O(last_visited_registered_tai, 0x52, TV, 6, 6, nas_tai, "9.11.3.8"),
	TLV_O(s1_ue_network_capability, 0x17, TLV, 2, 13, tlv_bytes, "9.11.3.48"),
	TLV_O(uplink_data_status, 0x40, TLV, 2, 32, nas_psi_set, "9.11.3.57"),
	TLV_O(pdu_session_status, 0x50, TLV, 2, 32, nas_psi_set, "9.11.3.44"),
	TLV_O(mico_indication, 0xb0, TV1, 0, 0, tlv_u8, "9.11.3.31"),
	TLV_O(ue_status, 0x2b, TLV, 1, 1, tlv_u8, "9.11.3.56"),
	TLV_O(additional_guti, 0x77, TLVE, 11, 11, nas_mobile_identity, "9.11.3.4"),
	TLV_O(allowed_pdu_session_status, 0x25, TLV, 2, 32, nas_psi_set, "9.11.3.13"),
	TLV_O(ue_usage_setting, 0x18, TLV, 1, 1, tlv_u8, "9.11.3.55"),
	TLV_O(requested_drx_parameters, 0x51, TLV, 1, 1, tlv_u8, "9.11.3.2A"),
	TLV_O(eps_nas_message_container, 0x70, TLVE, 1, 65535, tlv_bytes, "9.11.3.24"),
	TLV_O(ladn_indication, 0x74, TLVE, 0, 808, nas_dnns, "9.11.3.29"),
	TLV_O(payload_container_type, 0x80, TV1, 0, 0, tlv_u8, "9.11.3.40"),
	TLV_O(payload_container, 0x7b, TLVE, 1, 65535, tlv_bytes, "9.11.3.39"),
	TLV_O(network_slicing_indication, 0x90, TV1, 0, 0, tlv_u8, "9.11.3.36"),
	TLV_O(update_type, 0x53, TLV, 1, 1, tlv_u8, "9.11.3.9A"),
	TLV_O(mobile_station_classmark_2, 0x41, TLV, 3, 3, tlv_bytes, "9.11.3.31C"),
	TLV_O(supported_codecs, 0x42, TLV, 3, 255, tlv_bytes, "9.11.3.51A"),
	TLV_O(nas_message_container, 0x71, TLVE, 1, 65535, tlv_bytes, "9.11.3.33"),
	TLV_O(eps_bearer_status, 0x60, TLV, 2, 2, tlv_u16, "9.11.3.23A"),
	TLV_O(requested_extended_drx_parameters, 0x6e, TLV, 1, 2, tlv_bytes, "9.11.3.26A"),
	TLV_O(t3324, 0x6a, TLV, 1, 1, tlv_u8, "9.11.2.5"),
	TLV_O(ue_radio_capability_id, 0x67, TLV, 1, 255, tlv_bytes, "9.11.3.68"),
	TLV_O(requested_mapped_nssai, 0x35, TLV, 1, 40, nas_nssai, "9.11.3.31B"),
	TLV_O(additional_information_requested, 0x48, TLV, 1, 1, tlv_u8, "9.11.3.12A"),
	TLV_O(requested_wus_assistance_information, 0x1a, TLV, 1, 255, tlv_bytes, "9.11.3.71"),
	TLV_O(n5gc_indication, 0xa0, TV1, 0, 0, tlv_u8, "9.11.3.72"),
	TLV_O(requested_nb_n1_drx_parameters, 0x30, TLV, 1, 1, tlv_u8, "9.11.3.73"),
	TLV_O(ue_request_type, 0x29, TLV, 1, 1, tlv_u8, "9.11.3.76"),
	TLV_O(paging_restriction, 0x28, TLV, 1, 33, tlv_bytes, "9.11.3.77"),
	TLV_O(service_level_aa_container, 0x72, TLVE, 3, 65535, tlv_bytes, "9.11.2.10"),
	TLV_O(nid, 0x32, TLV, 6, 6, tlv_fixed6, "9.11.3.79"),
	TLV_O(disaster_plmn, 0x16, TLV, 3, 3, nas_plmn, "9.11.3.85"),
	TLV_O(requested_peips_assistance_information, 0x2a, TLV, 1, 255, tlv_bytes, "9.11.3.80"),
	TLV_O(requested_t3512, 0x3b, TLV, 1, 1, tlv_u8, "9.11.2.5"),
};
const struct tlv_group nas_registration_request_group =
	TLV_GROUP_OF("REGISTRATION REQUEST", "8.2.6", NAS_REGISTRATION_REQUEST, MSG, registration_request);
#undef MSG

#define MSG struct nas_registration_accept
static const struct tlv_ie registration_accept[] = {
	TLV_M(registration_result, 0, LV, 1, 1, tlv_u8, "9.11.3.6"),
	TLV_O(guti, 0x77, TLVE, 11, 11, nas_mobile_identity, "9.11.3.4"),
	TLV_O(equivalent_plmns, 0x4a, TLV, 3, 45, nas_plmn_list, "9.11.3.45"),
	TLV_O(tai_list, 0x54, TLV, 7, 112, nas_tai_list, "9.11.3.9"),
	TLV_O(allowed_nssai, 0x15, TLV, 2, 72, nas_nssai, "9.11.3.37"),
	TLV_O(rejected_nssai, 0x11, TLV, 2, 40, nas_rejected_nssai, "9.11.3.46"),
	TLV_O(configured_nssai, 0x31, TLV, 2, 144, nas_nssai, "9.11.3.37"),
	TLV_O(network_feature_support, 0x21, TLV, 1, 3, tlv_flags, "9.11.3.5"),
	TLV_O(pdu_session_status, 0x50, TLV, 2, 32, nas_psi_set, "9.11.3.44"),
	TLV_O(reactivation_result, 0x26, TLV, 2, 32, nas_psi_set, "9.11.3.42"),
	TLV_O(reactivation_result_error_cause, 0x72, TLVE, 2, 512, nas_psi_causes, "9.11.3.43"),
	TLV_O(ladn_information, 0x79, TLVE, 9, 1712, nas_ladns, "9.11.3.30"),
	TLV_O(mico_indication, 0xb0, TV1, 0, 0, tlv_u8, "9.11.3.31"),
	TLV_O(network_slicing_indication, 0x90, TV1, 0, 0, tlv_u8, "9.11.3.36"),
	TLV_O(service_area_list, 0x27, TLV, 4, 112, nas_service_area_list, "9.11.3.49"),
	TLV_O(t3512, 0x5e, TLV, 1, 1, tlv_u8, "9.11.2.5"),
	TLV_O(non_3gpp_deregistration_timer, 0x5d, TLV, 1, 1, tlv_u8, "9.11.2.4"),
	TLV_O(t3502, 0x16, TLV, 1, 1, tlv_u8, "9.11.2.4"),
	TLV_O(emergency_number_list, 0x34, TLV, 3, 48, tlv_bytes, "9.11.3.23"),
	TLV_O(extended_emergency_number_list, 0x7a, TLVE, 4, 65535, tlv_bytes, "9.11.3.26"),
	TLV_O(sor_transparent_container, 0x73, TLVE, 17, 65535, tlv_bytes, "9.11.3.51"),
	TLV_O(eap_message, 0x78, TLVE, 4, 1500, tlv_bytes, "9.11.2.2"),
	TLV_O(nssai_inclusion_mode, 0xa0, TV1, 0, 0, tlv_u8, "9.11.3.37A"),
	TLV_O(access_category_definitions, 0x76, TLVE, 0, 8320, tlv_bytes, "9.11.3.38"),
	TLV_O(negotiated_drx_parameters, 0x51, TLV, 1, 1, tlv_u8, "9.11.3.2A"),
	TLV_O(non_3gpp_nw_policies, 0xd0, TV1, 0, 0, tlv_u8, "9.11.3.36A"),
	TLV_O(eps_bearer_status, 0x60, TLV, 2, 2, tlv_u16, "9.11.3.23A"),
	TLV_O(negotiated_extended_drx_parameters, 0x6e, TLV, 1, 2, tlv_bytes, "9.11.3.26A"),
	TLV_O(t3447, 0x6c, TLV, 1, 1, tlv_u8, "9.11.2.5"),
	TLV_O(t3448, 0x6b, TLV, 1, 1, tlv_u8, "9.11.2.4"),
	TLV_O(t3324, 0x6a, TLV, 1, 1, tlv_u8, "9.11.2.5"),
	TLV_O(ue_radio_capability_id, 0x67, TLV, 1, 255, tlv_bytes, "9.11.3.68"),
	TLV_O(ue_radio_capability_id_deletion, 0xe0, TV1, 0, 0, tlv_u8, "9.11.3.69"),
	TLV_O(pending_nssai, 0x39, TLV, 2, 144, nas_nssai, "9.11.3.37"),
	TLV_O(ciphering_key_data, 0x74, TLVE, 31, 65535, tlv_bytes, "9.11.3.18C"),
	TLV_O(cag_information_list, 0x75, TLVE, 0, 65535, nas_cag_list, "9.11.3.18A"),
	TLV_O(truncated_s_tmsi_configuration, 0x1b, TLV, 1, 1, tlv_u8, "9.11.3.70"),
	TLV_O(negotiated_wus_assistance_information, 0x1c, TLV, 1, 255, tlv_bytes, "9.11.3.71"),
	TLV_O(negotiated_nb_n1_drx_parameters, 0x29, TLV, 1, 1, tlv_u8, "9.11.3.73"),
	TLV_O(extended_rejected_nssai, 0x68, TLV, 3, 88, nas_extended_rejected_nssai, "9.11.3.75"),
	TLV_O(service_level_aa_container, 0x7b, TLVE, 3, 65535, tlv_bytes, "9.11.2.10"),
	TLV_O(negotiated_peips_assistance_information, 0x33, TLV, 1, 255, tlv_bytes, "9.11.3.80"),
	TLV_O(additional_request_result, 0x34, TLV, 1, 1, tlv_u8, "9.11.3.81"),
	TLV_O(nssrg_information, 0x70, TLVE, 4, 4096, tlv_bytes, "9.11.3.82"),
	TLV_O(disaster_roaming_wait_range, 0x14, TLV, 2, 2, nas_wait_range, "9.11.3.84"),
	TLV_O(disaster_return_wait_range, 0x2c, TLV, 2, 2, nas_wait_range, "9.11.3.84"),
	TLV_O(disaster_plmns, 0x13, TLV, 0, 255, nas_plmn_list, "9.11.3.83"),
	TLV_O(forbidden_tais_roaming, 0x1d, TLV, 7, 112, nas_tai_list, "9.11.3.9"),
	TLV_O(forbidden_tais_regional, 0x1e, TLV, 7, 112, nas_tai_list, "9.11.3.9"),
	TLV_O(extended_cag_information_list, 0x71, TLVE, 0, 65535, tlv_bytes, "9.11.3.86"),
	TLV_O(nsag_information, 0x7c, TLVE, 6, 3140, tlv_bytes, "9.11.3.87"),
};
const struct tlv_group nas_registration_accept_group =
	TLV_GROUP_OF("REGISTRATION ACCEPT", "8.2.7", NAS_REGISTRATION_ACCEPT, MSG, registration_accept);
#undef MSG

#define MSG struct nas_registration_complete
static const struct tlv_ie registration_complete[] = {
	TLV_O(sor_transparent_container, 0x73, TLVE, 17, 17, tlv_bytes, "9.11.3.51"),
};
const struct tlv_group nas_registration_complete_group =
	TLV_GROUP_OF("REGISTRATION COMPLETE", "8.2.8", NAS_REGISTRATION_COMPLETE, MSG, registration_complete);
#undef MSG

#define MSG struct nas_registration_reject
static const struct tlv_ie registration_reject[] = {
	TLV_M(cause, 0, V, 1, 1, tlv_u8, "9.11.3.2"),
	TLV_O(t3346, 0x5f, TLV, 1, 1, tlv_u8, "9.11.2.4"),
	TLV_O(t3502, 0x16, TLV, 1, 1, tlv_u8, "9.11.2.4"),
	TLV_O(eap_message, 0x78, TLVE, 4, 1500, tlv_bytes, "9.11.2.2"),
	TLV_O(rejected_nssai, 0x69, TLV, 2, 40, nas_rejected_nssai, "9.11.3.46"),
	TLV_O(cag_information_list, 0x75, TLVE, 0, 65535, nas_cag_list, "9.11.3.18A"),
	TLV_O(extended_rejected_nssai, 0x68, TLV, 3, 88, nas_extended_rejected_nssai, "9.11.3.75"),
	TLV_O(disaster_return_wait_range, 0x2c, TLV, 2, 2, nas_wait_range, "9.11.3.84"),
	TLV_O(extended_cag_information_list, 0x71, TLVE, 0, 65535, tlv_bytes, "9.11.3.86"),
	TLV_O(lower_bound_timer, 0x3a, TLV, 1, 1, tlv_u8, "9.11.2.5"),
	TLV_O(forbidden_tais_roaming, 0x1d, TLV, 7, 112, nas_tai_list, "9.11.3.9"),
	TLV_O(forbidden_tais_regional, 0x1e, TLV, 7, 112, nas_tai_list, "9.11.3.9"),
};
const struct tlv_group nas_registration_reject_group =
	TLV_GROUP_OF("REGISTRATION REJECT", "8.2.9", NAS_REGISTRATION_REJECT, MSG, registration_reject);
#undef MSG

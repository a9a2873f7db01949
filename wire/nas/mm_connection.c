/* Tables of NAS transport, de-registration, service request, configuration update (TS 24.501 clause 8.2). */
#include "wire/nas/ie.h"

#define MSG struct nas_ul_nas_transport
static const struct tlv_ie ul_nas_transport[] = {
	TLV_M(payload_container_type, 0, HALF, 0, 0, tlv_u8, "9.11.3.40"),
	TLV_SPARE_HALF,
	TLV_M(payload_container, 0, LVE, 1, 65535, tlv_bytes, "9.11.3.39"),
	TLV_C(pdu_session_id, 0x12, TV, 1, 1, tlv_u8, "9.11.3.41"),
	TLV_O(old_pdu_session_id, 0x59, TV, 1, 1, tlv_u8, "9.11.3.41"),
	TLV_O(request_type, 0x80, TV1, 0, 0, tlv_u8, "9.11.3.47"),
	TLV_O(s_nssai, 0x22, TLV, 1, 8, nas_s_nssai, "9.11.2.8"),
	TLV_O(dnn, 0x25, TLV, 1, 100, nas_dnn, "9.11.2.1B"),
	TLV_O(additional_information, 0x24, TLV, 1, 255, tlv_bytes, "9.11.2.1"),
	TLV_O(ma_pdu_session_information, 0xa0, TV1, 0, 0, tlv_u8, "9.11.3.31A"),
	TLV_O(release_assistance_indication, 0xf0, TV1, 0, 0, tlv_u8, "9.11.3.46A"),
};
const struct tlv_group nas_ul_nas_transport_group =
	TLV_GROUP_OF("UL NAS TRANSPORT", "8.2.10", NAS_UL_NAS_TRANSPORT, MSG, ul_nas_transport);
#undef MSG

#define MSG struct nas_dl_nas_transport
static const struct tlv_ie dl_nas_transport[] = {
	TLV_M(payload_container_type, 0, HALF, 0, 0, tlv_u8, "9.11.3.40"),
	TLV_SPARE_HALF,
	TLV_M(payload_container, 0, LVE, 1, 65535, tlv_bytes, "9.11.3.39"),
	TLV_C(pdu_session_id, 0x12, TV, 1, 1, tlv_u8, "9.11.3.41"),
	TLV_O(additional_information, 0x24, TLV, 1, 255, tlv_bytes, "9.11.2.1"),
	TLV_O(cause, 0x58, TV, 1, 1, tlv_u8, "9.11.3.2"),
	TLV_O(backoff_timer, 0x37, TLV, 1, 1, tlv_u8, "9.11.2.5"),
	TLV_O(lower_bound_timer, 0x3a, TLV, 1, 1, tlv_u8, "9.11.2.5"),
};
const struct tlv_group nas_dl_nas_transport_group =
	TLV_GROUP_OF("DL NAS TRANSPORT", "8.2.11", NAS_DL_NAS_TRANSPORT, MSG, dl_nas_transport);
#undef MSG

#define MSG struct nas_deregistration_request_ue
static const struct tlv_ie deregistration_request_ue[] = {
	TLV_M(deregistration_type, 0, HALF, 0, 0, tlv_u8, "9.11.3.20"),
	TLV_M(ngksi, 0, HALF, 0, 0, tlv_u8, "9.11.3.32"),
	TLV_M(mobile_identity, 0, LVE, 4, 65535, nas_mobile_identity, "9.11.3.4"),
};
const struct tlv_group nas_deregistration_request_ue_group =
	TLV_GROUP_OF("DEREGISTRATION REQUEST (UE originating)", "8.2.12", NAS_DEREGISTRATION_REQUEST_UE, MSG,
		deregistration_request_ue);
#undef MSG

const struct tlv_group nas_deregistration_accept_ue_group =
	TLV_GROUP_EMPTY("DEREGISTRATION ACCEPT (UE originating)", "8.2.13", NAS_DEREGISTRATION_ACCEPT_UE);

#define MSG struct nas_deregistration_request_network
static const struct tlv_ie deregistration_request_network[] = {
	TLV_M(deregistration_type, 0, HALF, 0, 0, tlv_u8, "9.11.3.20"),
	TLV_SPARE_HALF,
	TLV_O(cause, 0x58, TV, 1, 1, tlv_u8, "9.11.3.2"),
	TLV_O(t3346, 0x5f, TLV, 1, 1, tlv_u8, "9.11.2.4"),
	TLV_O(rejected_nssai, 0x6d, TLV, 2, 40, nas_rejected_nssai, "9.11.3.46"),
	TLV_O(cag_information_list, 0x75, TLVE, 0, 65535, nas_cag_list, "9.11.3.18A"),
	TLV_O(extended_rejected_nssai, 0x68, TLV, 3, 88, nas_extended_rejected_nssai, "9.11.3.75"),
	TLV_O(disaster_return_wait_range, 0x2c, TLV, 2, 2, nas_wait_range, "9.11.3.84"),
	TLV_O(extended_cag_information_list, 0x71, TLVE, 0, 65535, tlv_bytes, "9.11.3.86"),
	TLV_O(lower_bound_timer, 0x3a, TLV, 1, 1, tlv_u8, "9.11.2.5"),
	TLV_O(forbidden_tais_roaming, 0x1d, TLV, 7, 112, nas_tai_list, "9.11.3.9"),
	TLV_O(forbidden_tais_regional, 0x1e, TLV, 7, 112, nas_tai_list, "9.11.3.9"),
};
const struct tlv_group nas_deregistration_request_network_group =
	TLV_GROUP_OF("DEREGISTRATION REQUEST (UE terminated)", "8.2.14", NAS_DEREGISTRATION_REQUEST_NETWORK,
		MSG, deregistration_request_network);
#undef MSG

const struct tlv_group nas_deregistration_accept_network_group =
	TLV_GROUP_EMPTY("DEREGISTRATION ACCEPT (UE terminated)", "8.2.15", NAS_DEREGISTRATION_ACCEPT_NETWORK);

#define MSG struct nas_service_request
static const struct tlv_ie service_request[] = {
	TLV_M(ngksi, 0, HALF, 0, 0, tlv_u8, "9.11.3.32"),
	TLV_M(service_type, 0, HALF, 0, 0, tlv_u8, "9.11.3.50"),
	TLV_M(s_tmsi, 0, LVE, 7, 7, nas_mobile_identity, "9.11.3.4"),
	TLV_O(uplink_data_status, 0x40, TLV, 2, 32, nas_psi_set, "9.11.3.57"),
	TLV_O(pdu_session_status, 0x50, TLV, 2, 32, nas_psi_set, "9.11.3.44"),
	TLV_O(allowed_pdu_session_status, 0x25, TLV, 2, 32, nas_psi_set, "9.11.3.13"),
	TLV_O(nas_message_container, 0x71, TLVE, 1, 65535, tlv_bytes, "9.11.3.33"),
	TLV_O(ue_request_type, 0x29, TLV, 1, 1, tlv_u8, "9.11.3.76"),
	TLV_O(paging_restriction, 0x28, TLV, 1, 33, tlv_bytes, "9.11.3.77"),
};
const struct tlv_group nas_service_request_group =
	TLV_GROUP_OF("SERVICE REQUEST", "8.2.16", NAS_SERVICE_REQUEST, MSG, service_request);
#undef MSG

#define MSG struct nas_service_accept
static const struct tlv_ie service_accept[] = {
	TLV_O(pdu_session_status, 0x50, TLV, 2, 32, nas_psi_set, "9.11.3.44"),
	TLV_O(reactivation_result, 0x26, TLV, 2, 32, nas_psi_set, "9.11.3.42"),
	TLV_O(reactivation_result_error_cause, 0x72, TLVE, 2, 512, nas_psi_causes, "9.11.3.43"),
	TLV_O(eap_message, 0x78, TLVE, 4, 1500, tlv_bytes, "9.11.2.2"),
	TLV_O(t3448, 0x6b, TLV, 1, 1, tlv_u8, "9.11.2.4"),
	TLV_O(additional_request_result, 0x34, TLV, 1, 1, tlv_u8, "9.11.3.81"),
	TLV_O(forbidden_tais_roaming, 0x1d, TLV, 7, 112, nas_tai_list, "9.11.3.9"),
	TLV_O(forbidden_tais_regional, 0x1e, TLV, 7, 112, nas_tai_list, "9.11.3.9"),
};
const struct tlv_group nas_service_accept_group =
	TLV_GROUP_OF("SERVICE ACCEPT", "8.2.17", NAS_SERVICE_ACCEPT, MSG, service_accept);
#undef MSG

#define MSG struct nas_service_reject
static const struct tlv_ie service_reject[] = {
	TLV_M(cause, 0, V, 1, 1, tlv_u8, "9.11.3.2"),
	TLV_O(pdu_session_status, 0x50, TLV, 2, 32, nas_psi_set, "9.11.3.44"),
	TLV_O(t3346, 0x5f, TLV, 1, 1, tlv_u8, "9.11.2.4"),
	TLV_O(eap_message, 0x78, TLVE, 4, 1500, tlv_bytes, "9.11.2.2"),
	TLV_O(t3448, 0x6b, TLV, 1, 1, tlv_u8, "9.11.2.4"),
	TLV_O(cag_information_list, 0x75, TLVE, 0, 65535, nas_cag_list, "9.11.3.18A"),
	TLV_O(disaster_return_wait_range, 0x2c, TLV, 2, 2, nas_wait_range, "9.11.3.84"),
	TLV_O(extended_cag_information_list, 0x71, TLVE, 0, 65535, tlv_bytes, "9.11.3.86"),
	TLV_O(lower_bound_timer, 0x3a, TLV, 1, 1, tlv_u8, "9.11.2.5"),
	TLV_O(forbidden_tais_roaming, 0x1d, TLV, 7, 112, nas_tai_list, "9.11.3.9"),
	TLV_O(forbidden_tais_regional, 0x1e, TLV, 7, 112, nas_tai_list, "9.11.3.9"),
};
const struct tlv_group nas_service_reject_group =
	TLV_GROUP_OF("SERVICE REJECT", "8.2.18", NAS_SERVICE_REJECT, MSG, service_reject);
#undef MSG

#define MSG struct nas_configuration_update_command
static const struct tlv_ie configuration_update_command[] = {
	TLV_O(configuration_update_indication, 0xd0, TV1, 0, 0, tlv_u8, "9.11.3.18"),
	TLV_O(guti, 0x77, TLVE, 11, 11, nas_mobile_identity, "9.11.3.4"),
	TLV_O(tai_list, 0x54, TLV, 7, 112, nas_tai_list, "9.11.3.9"),
	TLV_O(allowed_nssai, 0x15, TLV, 2, 72, nas_nssai, "9.11.3.37"),
	TLV_O(service_area_list, 0x27, TLV, 4, 112, nas_service_area_list, "9.11.3.49"),
	TLV_O(full_name, 0x43, TLV, 1, 255, nas_network_name, "9.11.3.35"),
	TLV_O(short_name, 0x45, TLV, 1, 255, nas_network_name, "9.11.3.35"),
	TLV_O(local_time_zone, 0x46, TV, 1, 1, tlv_u8, "9.11.3.52"),
	TLV_O(universal_time, 0x47, TV, 7, 7, tlv_fixed7, "9.11.3.53"),
	TLV_O(daylight_saving_time, 0x49, TLV, 1, 1, tlv_u8, "9.11.3.19"),
	TLV_O(ladn_information, 0x79, TLVE, 0, 1712, nas_ladns, "9.11.3.30"),
	TLV_O(mico_indication, 0xb0, TV1, 0, 0, tlv_u8, "9.11.3.31"),
	TLV_O(network_slicing_indication, 0x90, TV1, 0, 0, tlv_u8, "9.11.3.36"),
	TLV_O(configured_nssai, 0x31, TLV, 2, 144, nas_nssai, "9.11.3.37"),
	TLV_O(rejected_nssai, 0x11, TLV, 2, 40, nas_rejected_nssai, "9.11.3.46"),
	TLV_O(access_category_definitions, 0x76, TLVE, 0, 8320, tlv_bytes, "9.11.3.38"),
	TLV_O(sms_indication, 0xf0, TV1, 0, 0, tlv_u8, "9.11.3.50A"),
	TLV_O(t3447, 0x6c, TLV, 1, 1, tlv_u8, "9.11.2.5"),
	TLV_O(cag_information_list, 0x75, TLVE, 0, 65535, nas_cag_list, "9.11.3.18A"),
	TLV_O(ue_radio_capability_id, 0x67, TLV, 1, 255, tlv_bytes, "9.11.3.68"),
	TLV_O(ue_radio_capability_id_deletion, 0xa0, TV1, 0, 0, tlv_u8, "9.11.3.69"),
	TLV_O(registration_result, 0x44, TLV, 1, 1, tlv_u8, "9.11.3.6"),
	TLV_O(truncated_s_tmsi_configuration, 0x1b, TLV, 1, 1, tlv_u8, "9.11.3.70"),
	TLV_O(additional_configuration_indication, 0xc0, TV1, 0, 0, tlv_u8, "9.11.3.74"),
	TLV_O(extended_rejected_nssai, 0x68, TLV, 3, 88, nas_extended_rejected_nssai, "9.11.3.75"),
	TLV_O(service_level_aa_container, 0x72, TLVE, 3, 65535, tlv_bytes, "9.11.2.10"),
	TLV_O(nssrg_information, 0x70, TLVE, 4, 4096, tlv_bytes, "9.11.3.82"),
	TLV_O(disaster_roaming_wait_range, 0x14, TLV, 2, 2, nas_wait_range, "9.11.3.84"),
	TLV_O(disaster_return_wait_range, 0x2c, TLV, 2, 2, nas_wait_range, "9.11.3.84"),
	TLV_O(disaster_plmns, 0x13, TLV, 0, 255, nas_plmn_list, "9.11.3.83"),
	TLV_O(extended_cag_information_list, 0x71, TLVE, 0, 65535, tlv_bytes, "9.11.3.86"),
	TLV_O(updated_peips_assistance_information, 0x1f, TLV, 1, 255, tlv_bytes, "9.11.3.80"),
	TLV_O(nsag_information, 0x73, TLVE, 6, 3140, tlv_bytes, "9.11.3.87"),
	TLV_O(priority_indicator, 0xe0, TV1, 0, 0, tlv_u8, "9.11.3.91"),
};
const struct tlv_group nas_configuration_update_command_group = TLV_GROUP_OF("CONFIGURATION UPDATE COMMAND",
	"8.2.19", NAS_CONFIGURATION_UPDATE_COMMAND, MSG, configuration_update_command);
#undef MSG

const struct tlv_group nas_configuration_update_complete_group =
	TLV_GROUP_EMPTY("CONFIGURATION UPDATE COMPLETE", "8.2.20", NAS_CONFIGURATION_UPDATE_COMPLETE);

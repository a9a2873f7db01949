/* Tables of the messages for session management (TS 24.501 clause 8.3). */
#include "wire/nas/ie.h"

#define MSG struct nas_pdu_session_establishment_request
static const struct tlv_ie pdu_session_establishment_request[] = {
	TLV_M(integrity_max_data_rate, 0, V, 2, 2, tlv_u16, "9.11.4.7"),
	TLV_O(pdu_session_type, 0x90, TV1, 0, 0, tlv_u8, "9.11.4.11"),
	TLV_O(ssc_mode, 0xa0, TV1, 0, 0, tlv_u8, "9.11.4.16"),
	TLV_O(gsm_capability, 0x28, TLV, 1, 13, tlv_flags, "9.11.4.1"),
	TLV_O(max_packet_filters, 0x55, TV, 2, 2, tlv_u16, "9.11.4.9"),
	TLV_O(always_on_requested, 0xb0, TV1, 0, 0, tlv_u8, "9.11.4.4"),
	TLV_O(sm_pdu_dn_request_container, 0x39, TLV, 1, 253, tlv_bytes, "9.11.4.15"),
	TLV_O(epco, 0x7b, TLVE, 1, 65535, nas_pco, "9.11.4.6"),
	TLV_O(ip_header_compression, 0x66, TLV, 3, 255, tlv_bytes, "9.11.4.24"),
	TLV_O(ds_tt_ethernet_port_mac_address, 0x6e, TLV, 6, 6, tlv_fixed6, "9.11.4.25"),
	TLV_O(ue_ds_tt_residence_time, 0x6f, TLV, 8, 8, tlv_fixed8, "9.11.4.26"),
	TLV_O(port_management_information_container, 0x74, TLVE, 5, 65535, tlv_bytes, "9.11.4.27"),
	TLV_O(ethernet_header_compression, 0x1f, TLV, 1, 1, tlv_u8, "9.11.4.28"),
	TLV_O(suggested_interface_identifier, 0x29, TLV, 9, 9, nas_pdu_address, "9.11.4.10"),
	TLV_O(service_level_aa_container, 0x72, TLVE, 3, 65535, tlv_bytes, "9.11.2.10"),
	TLV_O(requested_mbs_container, 0x70, TLVE, 5, 65535, tlv_bytes, "9.11.4.30"),
	TLV_O(pdu_session_pair_id, 0x34, TLV, 1, 1, tlv_u8, "9.11.4.32"),
	TLV_O(rsn, 0x35, TLV, 1, 1, tlv_u8, "9.11.4.33"),
};
const struct tlv_group nas_pdu_session_establishment_request_group =
	TLV_GROUP_OF("PDU SESSION ESTABLISHMENT REQUEST", "8.3.1", NAS_PDU_SESSION_ESTABLISHMENT_REQUEST, MSG,
		pdu_session_establishment_request);
#undef MSG

#define MSG struct nas_pdu_session_establishment_accept
static const struct tlv_ie pdu_session_establishment_accept[] = {
	TLV_M(pdu_session_type, 0, HALF, 0, 0, tlv_u8, "9.11.4.11"),
	TLV_M(ssc_mode, 0, HALF, 0, 0, tlv_u8, "9.11.4.16"),
	TLV_M(qos_rules, 0, LVE, 4, 65535, nas_qos_rules, "9.11.4.13"),
	TLV_M(session_ambr, 0, LV, 6, 6, nas_session_ambr, "9.11.4.14"),
	TLV_O(cause, 0x59, TV, 1, 1, tlv_u8, "9.11.4.2"),
	TLV_O(pdu_address, 0x29, TLV, 5, 29, nas_pdu_address, "9.11.4.10"),
	TLV_O(rq_timer, 0x56, TV, 1, 1, tlv_u8, "9.11.2.3"),
	TLV_O(s_nssai, 0x22, TLV, 1, 8, nas_s_nssai, "9.11.2.8"),
	TLV_O(always_on_indication, 0x80, TV1, 0, 0, tlv_u8, "9.11.4.3"),
	TLV_O(mapped_eps_bearer_contexts, 0x75, TLVE, 4, 65535, tlv_bytes, "9.11.4.8"),
	TLV_O(eap_message, 0x78, TLVE, 4, 1500, tlv_bytes, "9.11.2.2"),
	TLV_O(qos_flows, 0x79, TLVE, 3, 65535, nas_qos_flows, "9.11.4.12"),
	TLV_O(epco, 0x7b, TLVE, 1, 65535, nas_pco, "9.11.4.6"),
	TLV_O(dnn, 0x25, TLV, 1, 100, nas_dnn, "9.11.2.1B"),
	TLV_O(gsm_network_feature_support, 0x17, TLV, 1, 13, tlv_flags, "9.11.4.18"),
	TLV_O(serving_plmn_rate_control, 0x18, TLV, 2, 2, tlv_u16, "9.11.4.20"),
	TLV_O(atsss_container, 0x77, TLVE, 0, 65535, tlv_bytes, "9.11.4.22"),
	TLV_O(control_plane_only_indication, 0xc0, TV1, 0, 0, tlv_u8, "9.11.4.23"),
	TLV_O(ip_header_compression, 0x66, TLV, 3, 255, tlv_bytes, "9.11.4.24"),
	TLV_O(ethernet_header_compression, 0x1f, TLV, 1, 1, tlv_u8, "9.11.4.28"),
	TLV_O(service_level_aa_container, 0x72, TLVE, 3, 65535, tlv_bytes, "9.11.2.10"),
	TLV_O(received_mbs_container, 0x71, TLVE, 6, 65535, tlv_bytes, "9.11.4.31"),
};
const struct tlv_group nas_pdu_session_establishment_accept_group =
	TLV_GROUP_OF("PDU SESSION ESTABLISHMENT ACCEPT", "8.3.2", NAS_PDU_SESSION_ESTABLISHMENT_ACCEPT, MSG,
		pdu_session_establishment_accept);
#undef MSG

#define MSG struct nas_pdu_session_establishment_reject
static const struct tlv_ie pdu_session_establishment_reject[] = {
	TLV_M(cause, 0, V, 1, 1, tlv_u8, "9.11.4.2"),
	TLV_O(backoff_timer, 0x37, TLV, 1, 1, tlv_u8, "9.11.2.5"),
	TLV_O(allowed_ssc_mode, 0xf0, TV1, 0, 0, tlv_u8, "9.11.4.5"),
	TLV_O(eap_message, 0x78, TLVE, 4, 1500, tlv_bytes, "9.11.2.2"),
	TLV_O(congestion_reattempt_indicator, 0x61, TLV, 1, 1, tlv_u8, "9.11.4.21"),
	TLV_O(epco, 0x7b, TLVE, 1, 65535, nas_pco, "9.11.4.6"),
	TLV_O(reattempt_indicator, 0x1d, TLV, 1, 1, tlv_u8, "9.11.4.17"),
	TLV_O(service_level_aa_container, 0x72, TLVE, 3, 65535, tlv_bytes, "9.11.2.10"),
};
const struct tlv_group nas_pdu_session_establishment_reject_group =
	TLV_GROUP_OF("PDU SESSION ESTABLISHMENT REJECT", "8.3.3", NAS_PDU_SESSION_ESTABLISHMENT_REJECT, MSG,
		pdu_session_establishment_reject);
#undef MSG

#define MSG struct nas_pdu_session_authentication_command
static const struct tlv_ie pdu_session_authentication_command[] = {
	TLV_M(eap_message, 0, LVE, 4, 1500, tlv_bytes, "9.11.2.2"),
	TLV_O(epco, 0x7b, TLVE, 1, 65535, nas_pco, "9.11.4.6"),
};
const struct tlv_group nas_pdu_session_authentication_command_group =
	TLV_GROUP_OF("PDU SESSION AUTHENTICATION COMMAND", "8.3.4", NAS_PDU_SESSION_AUTHENTICATION_COMMAND,
		MSG, pdu_session_authentication_command);
#undef MSG

#define MSG struct nas_pdu_session_authentication_complete
static const struct tlv_ie pdu_session_authentication_complete[] = {
	TLV_M(eap_message, 0, LVE, 4, 1500, tlv_bytes, "9.11.2.2"),
	TLV_O(epco, 0x7b, TLVE, 1, 65535, nas_pco, "9.11.4.6"),
};
const struct tlv_group nas_pdu_session_authentication_complete_group =
	TLV_GROUP_OF("PDU SESSION AUTHENTICATION COMPLETE", "8.3.5", NAS_PDU_SESSION_AUTHENTICATION_COMPLETE,
		MSG, pdu_session_authentication_complete);
#undef MSG

#define MSG struct nas_pdu_session_authentication_result
static const struct tlv_ie pdu_session_authentication_result[] = {
	TLV_O(eap_message, 0x78, TLVE, 4, 1500, tlv_bytes, "9.11.2.2"),
	TLV_O(epco, 0x7b, TLVE, 1, 65535, nas_pco, "9.11.4.6"),
};
const struct tlv_group nas_pdu_session_authentication_result_group =
	TLV_GROUP_OF("PDU SESSION AUTHENTICATION RESULT", "8.3.6", NAS_PDU_SESSION_AUTHENTICATION_RESULT, MSG,
		pdu_session_authentication_result);
#undef MSG

#define MSG struct nas_pdu_session_modification_request
static const struct tlv_ie pdu_session_modification_request[] = {
	TLV_O(gsm_capability, 0x28, TLV, 1, 13, tlv_flags, "9.11.4.1"),
	TLV_O(cause, 0x59, TV, 1, 1, tlv_u8, "9.11.4.2"),
	TLV_O(max_packet_filters, 0x55, TV, 2, 2, tlv_u16, "9.11.4.9"),
	TLV_O(always_on_requested, 0xb0, TV1, 0, 0, tlv_u8, "9.11.4.4"),
	TLV_O(integrity_max_data_rate, 0x13, TV, 2, 2, tlv_u16, "9.11.4.7"),
	TLV_O(qos_rules, 0x7a, TLVE, 4, 65535, nas_qos_rules, "9.11.4.13"),
	TLV_O(qos_flows, 0x79, TLVE, 3, 65535, nas_qos_flows, "9.11.4.12"),
	TLV_O(mapped_eps_bearer_contexts, 0x75, TLVE, 4, 65535, tlv_bytes, "9.11.4.8"),
	TLV_O(epco, 0x7b, TLVE, 1, 65535, nas_pco, "9.11.4.6"),
	TLV_O(port_management_information_container, 0x74, TLVE, 1, 65535, tlv_bytes, "9.11.4.27"),
	TLV_O(ip_header_compression, 0x66, TLV, 3, 255, tlv_bytes, "9.11.4.24"),
	TLV_O(ethernet_header_compression, 0x1f, TLV, 1, 1, tlv_u8, "9.11.4.28"),
	TLV_O(requested_mbs_container, 0x70, TLVE, 5, 65535, tlv_bytes, "9.11.4.30"),
	TLV_O(service_level_aa_container, 0x72, TLVE, 3, 65535, tlv_bytes, "9.11.2.10"),
};
const struct tlv_group nas_pdu_session_modification_request_group =
	TLV_GROUP_OF("PDU SESSION MODIFICATION REQUEST", "8.3.7", NAS_PDU_SESSION_MODIFICATION_REQUEST, MSG,
		pdu_session_modification_request);
#undef MSG

#define MSG struct nas_pdu_session_modification_reject
static const struct tlv_ie pdu_session_modification_reject[] = {
	TLV_M(cause, 0, V, 1, 1, tlv_u8, "9.11.4.2"),
	TLV_O(backoff_timer, 0x37, TLV, 1, 1, tlv_u8, "9.11.2.5"),
	TLV_O(congestion_reattempt_indicator, 0x61, TLV, 1, 1, tlv_u8, "9.11.4.21"),
	TLV_O(epco, 0x7b, TLVE, 1, 65535, nas_pco, "9.11.4.6"),
	TLV_O(reattempt_indicator, 0x1d, TLV, 1, 1, tlv_u8, "9.11.4.17"),
};
const struct tlv_group nas_pdu_session_modification_reject_group =
	TLV_GROUP_OF("PDU SESSION MODIFICATION REJECT", "8.3.8", NAS_PDU_SESSION_MODIFICATION_REJECT, MSG,
		pdu_session_modification_reject);
#undef MSG

#define MSG struct nas_pdu_session_modification_command
static const struct tlv_ie pdu_session_modification_command[] = {
	TLV_O(cause, 0x59, TV, 1, 1, tlv_u8, "9.11.4.2"),
	TLV_O(session_ambr, 0x2a, TLV, 6, 6, nas_session_ambr, "9.11.4.14"),
	TLV_O(rq_timer, 0x56, TV, 1, 1, tlv_u8, "9.11.2.3"),
	TLV_O(always_on_indication, 0x80, TV1, 0, 0, tlv_u8, "9.11.4.3"),
	TLV_O(qos_rules, 0x7a, TLVE, 4, 65535, nas_qos_rules, "9.11.4.13"),
	TLV_O(mapped_eps_bearer_contexts, 0x75, TLVE, 4, 65535, tlv_bytes, "9.11.4.8"),
	TLV_O(qos_flows, 0x79, TLVE, 3, 65535, nas_qos_flows, "9.11.4.12"),
	TLV_O(epco, 0x7b, TLVE, 1, 65535, nas_pco, "9.11.4.6"),
	TLV_O(atsss_container, 0x77, TLVE, 0, 65535, tlv_bytes, "9.11.4.22"),
	TLV_O(ip_header_compression, 0x66, TLV, 3, 255, tlv_bytes, "9.11.4.24"),
	TLV_O(port_management_information_container, 0x74, TLVE, 1, 65535, tlv_bytes, "9.11.4.27"),
	TLV_O(serving_plmn_rate_control, 0x1e, TLV, 2, 2, tlv_u16, "9.11.4.20"),
	TLV_O(ethernet_header_compression, 0x1f, TLV, 1, 1, tlv_u8, "9.11.4.28"),
	TLV_O(received_mbs_container, 0x71, TLVE, 6, 65535, tlv_bytes, "9.11.4.31"),
	TLV_O(service_level_aa_container, 0x72, TLVE, 3, 65535, tlv_bytes, "9.11.2.10"),
};
const struct tlv_group nas_pdu_session_modification_command_group =
	TLV_GROUP_OF("PDU SESSION MODIFICATION COMMAND", "8.3.9", NAS_PDU_SESSION_MODIFICATION_COMMAND, MSG,
		pdu_session_modification_command);
#undef MSG

#define MSG struct nas_pdu_session_modification_complete
static const struct tlv_ie pdu_session_modification_complete[] = {
	TLV_O(epco, 0x7b, TLVE, 1, 65535, nas_pco, "9.11.4.6"),
	TLV_O(port_management_information_container, 0x74, TLVE, 1, 65535, tlv_bytes, "9.11.4.27"),
};
const struct tlv_group nas_pdu_session_modification_complete_group =
	TLV_GROUP_OF("PDU SESSION MODIFICATION COMPLETE", "8.3.10", NAS_PDU_SESSION_MODIFICATION_COMPLETE,
		MSG, pdu_session_modification_complete);
#undef MSG

#define MSG struct nas_pdu_session_modification_command_reject
static const struct tlv_ie pdu_session_modification_command_reject[] = {
	TLV_M(cause, 0, V, 1, 1, tlv_u8, "9.11.4.2"),
	TLV_O(epco, 0x7b, TLVE, 1, 65535, nas_pco, "9.11.4.6"),
};
const struct tlv_group nas_pdu_session_modification_command_reject_group =
	TLV_GROUP_OF("PDU SESSION MODIFICATION COMMAND REJECT", "8.3.11",
		NAS_PDU_SESSION_MODIFICATION_COMMAND_REJECT, MSG, pdu_session_modification_command_reject);
#undef MSG

#define MSG struct nas_pdu_session_release_request
static const struct tlv_ie pdu_session_release_request[] = {
	TLV_O(cause, 0x59, TV, 1, 1, tlv_u8, "9.11.4.2"),
	TLV_O(epco, 0x7b, TLVE, 1, 65535, nas_pco, "9.11.4.6"),
};
const struct tlv_group nas_pdu_session_release_request_group = TLV_GROUP_OF("PDU SESSION RELEASE REQUEST",
	"8.3.12", NAS_PDU_SESSION_RELEASE_REQUEST, MSG, pdu_session_release_request);
#undef MSG

#define MSG struct nas_pdu_session_release_reject
static const struct tlv_ie pdu_session_release_reject[] = {
	TLV_M(cause, 0, V, 1, 1, tlv_u8, "9.11.4.2"),
	TLV_O(epco, 0x7b, TLVE, 1, 65535, nas_pco, "9.11.4.6"),
};
const struct tlv_group nas_pdu_session_release_reject_group = TLV_GROUP_OF("PDU SESSION RELEASE REJECT",
	"8.3.13", NAS_PDU_SESSION_RELEASE_REJECT, MSG, pdu_session_release_reject);
#undef MSG

#define MSG struct nas_pdu_session_release_command
static const struct tlv_ie pdu_session_release_command[] = {
	TLV_M(cause, 0, V, 1, 1, tlv_u8, "9.11.4.2"),
	TLV_O(backoff_timer, 0x37, TLV, 1, 1, tlv_u8, "9.11.2.5"),
	TLV_O(eap_message, 0x78, TLVE, 4, 1500, tlv_bytes, "9.11.2.2"),
	TLV_O(congestion_reattempt_indicator, 0x61, TLV, 1, 1, tlv_u8, "9.11.4.21"),
	TLV_O(epco, 0x7b, TLVE, 1, 65535, nas_pco, "9.11.4.6"),
	TLV_O(access_type, 0xd0, TV1, 0, 0, tlv_u8, "9.11.2.1A"),
	TLV_O(service_level_aa_container, 0x72, TLVE, 3, 65535, tlv_bytes, "9.11.2.10"),
};
const struct tlv_group nas_pdu_session_release_command_group = TLV_GROUP_OF("PDU SESSION RELEASE COMMAND",
	"8.3.14", NAS_PDU_SESSION_RELEASE_COMMAND, MSG, pdu_session_release_command);
#undef MSG

#define MSG struct nas_pdu_session_release_complete
static const struct tlv_ie pdu_session_release_complete[] = {
	TLV_O(cause, 0x59, TV, 1, 1, tlv_u8, "9.11.4.2"),
	TLV_O(epco, 0x7b, TLVE, 1, 65535, nas_pco, "9.11.4.6"),
};
const struct tlv_group nas_pdu_session_release_complete_group = TLV_GROUP_OF("PDU SESSION RELEASE COMPLETE",
	"8.3.15", NAS_PDU_SESSION_RELEASE_COMPLETE, MSG, pdu_session_release_complete);
#undef MSG

#define MSG struct nas_gsm_status
static const struct tlv_ie gsm_status[] = {
	TLV_M(cause, 0, V, 1, 1, tlv_u8, "9.11.4.2"),
};
const struct tlv_group nas_gsm_status_group =
	TLV_GROUP_OF("5GSM STATUS", "8.3.16", NAS_GSM_STATUS, MSG, gsm_status);
#undef MSG

#define MSG struct nas_service_level_auth_command
static const struct tlv_ie service_level_auth_command[] = {
	TLV_M(service_level_aa_container, 0, LVE, 3, 65535, tlv_bytes, "9.11.2.10"),
};
const struct tlv_group nas_service_level_auth_command_group =
	TLV_GROUP_OF("SERVICE-LEVEL AUTHENTICATION COMMAND", "8.3.17", NAS_SERVICE_LEVEL_AUTH_COMMAND, MSG,
		service_level_auth_command);
#undef MSG

#define MSG struct nas_service_level_auth_complete
static const struct tlv_ie service_level_auth_complete[] = {
	TLV_M(service_level_aa_container, 0, LVE, 3, 65535, tlv_bytes, "9.11.2.10"),
};
const struct tlv_group nas_service_level_auth_complete_group =
	TLV_GROUP_OF("SERVICE-LEVEL AUTHENTICATION COMPLETE", "8.3.18", NAS_SERVICE_LEVEL_AUTH_COMPLETE, MSG,
		service_level_auth_complete);
#undef MSG

#define MSG struct nas_remote_ue_report
static const struct tlv_ie remote_ue_report[] = {
	TLV_O(remote_ue_context_connected, 0x76, TLVE, 13, 65535, tlv_bytes, "9.11.4.29"),
	TLV_O(remote_ue_context_disconnected, 0x70, TLVE, 13, 65535, tlv_bytes, "9.11.4.29"),
};
const struct tlv_group nas_remote_ue_report_group =
	TLV_GROUP_OF("REMOTE UE REPORT", "8.3.19", NAS_REMOTE_UE_REPORT, MSG, remote_ue_report);
#undef MSG

const struct tlv_group nas_remote_ue_report_response_group =
	TLV_GROUP_EMPTY("REMOTE UE REPORT RESPONSE", "8.3.20", NAS_REMOTE_UE_REPORT_RESPONSE);

/* Tables of notification, status, slice authentication, relay keys and CIoT (TS 24.501 clause 8.2). */
#include "wire/nas/ie.h"

#define MSG struct nas_notification
static const struct tlv_ie notification[] = {
	TLV_M(access_type, 0, HALF, 0, 0, tlv_u8, "9.11.2.1A"),
	TLV_SPARE_HALF,
};
const struct tlv_group nas_notification_group =
	TLV_GROUP_OF("NOTIFICATION", "8.2.23", NAS_NOTIFICATION, MSG, notification);
#undef MSG

#define MSG struct nas_notification_response
static const struct tlv_ie notification_response[] = {
	TLV_O(pdu_session_status, 0x50, TLV, 2, 32, nas_psi_set, "9.11.3.44"),
};
const struct tlv_group nas_notification_response_group = TLV_GROUP_OF(
	"NOTIFICATION RESPONSE", "8.2.24", NAS_NOTIFICATION_RESPONSE, MSG, notification_response);
#undef MSG

#define MSG struct nas_gmm_status
static const struct tlv_ie gmm_status[] = {
	TLV_M(cause, 0, V, 1, 1, tlv_u8, "9.11.3.2"),
};
const struct tlv_group nas_gmm_status_group =
	TLV_GROUP_OF("5GMM STATUS", "8.2.29", NAS_GMM_STATUS, MSG, gmm_status);
#undef MSG

#define MSG struct nas_control_plane_service_request
static const struct tlv_ie control_plane_service_request[] = {
	TLV_M(control_plane_service_type, 0, HALF, 0, 0, tlv_u8, "9.11.3.18D"),
	TLV_M(ngksi, 0, HALF, 0, 0, tlv_u8, "9.11.3.32"),
	TLV_O(ciot_small_data_container, 0x6f, TLV, 2, 255, tlv_bytes, "9.11.3.18B"),
	TLV_O(payload_container_type, 0x80, TV1, 0, 0, tlv_u8, "9.11.3.40"),
	TLV_O(payload_container, 0x7b, TLVE, 1, 65535, tlv_bytes, "9.11.3.39"),
	TLV_C(pdu_session_id, 0x12, TV, 1, 1, tlv_u8, "9.11.3.41"),
	TLV_O(pdu_session_status, 0x50, TLV, 2, 32, nas_psi_set, "9.11.3.44"),
	TLV_O(release_assistance_indication, 0xf0, TV1, 0, 0, tlv_u8, "9.11.3.46A"),
	TLV_O(uplink_data_status, 0x40, TLV, 2, 32, nas_psi_set, "9.11.3.57"),
	TLV_O(nas_message_container, 0x71, TLVE, 1, 65535, tlv_bytes, "9.11.3.33"),
	TLV_O(additional_information, 0x24, TLV, 1, 255, tlv_bytes, "9.11.2.1"),
	TLV_O(allowed_pdu_session_status, 0x25, TLV, 2, 32, nas_psi_set, "9.11.3.13"),
	TLV_O(ue_request_type, 0x29, TLV, 1, 1, tlv_u8, "9.11.3.76"),
	TLV_O(paging_restriction, 0x28, TLV, 1, 33, tlv_bytes, "9.11.3.77"),
};
const struct tlv_group nas_control_plane_service_request_group = TLV_GROUP_OF("CONTROL PLANE SERVICE REQUEST",
	"8.2.30", NAS_CONTROL_PLANE_SERVICE_REQUEST, MSG, control_plane_service_request);
#undef MSG

#define MSG struct nas_slice_authentication_command
static const struct tlv_ie slice_authentication_command[] = {
	TLV_M(s_nssai, 0, LV, 1, 4, nas_s_nssai, "9.11.2.8"),
	TLV_M(eap_message, 0, LVE, 4, 1500, tlv_bytes, "9.11.2.2"),
};
const struct tlv_group nas_slice_authentication_command_group =
	TLV_GROUP_OF("NETWORK SLICE-SPECIFIC AUTHENTICATION COMMAND", "8.2.31",
		NAS_SLICE_AUTHENTICATION_COMMAND, MSG, slice_authentication_command);
#undef MSG

#define MSG struct nas_slice_authentication_complete
static const struct tlv_ie slice_authentication_complete[] = {
	TLV_M(s_nssai, 0, LV, 1, 4, nas_s_nssai, "9.11.2.8"),
	TLV_M(eap_message, 0, LVE, 4, 1500, tlv_bytes, "9.11.2.2"),
};
const struct tlv_group nas_slice_authentication_complete_group =
	TLV_GROUP_OF("NETWORK SLICE-SPECIFIC AUTHENTICATION COMPLETE", "8.2.32",
		NAS_SLICE_AUTHENTICATION_COMPLETE, MSG, slice_authentication_complete);
#undef MSG

#define MSG struct nas_slice_authentication_result
static const struct tlv_ie slice_authentication_result[] = {
	TLV_M(s_nssai, 0, LV, 1, 4, nas_s_nssai, "9.11.2.8"),
	TLV_M(eap_message, 0, LVE, 4, 1500, tlv_bytes, "9.11.2.2"),
};
const struct tlv_group nas_slice_authentication_result_group =
	TLV_GROUP_OF("NETWORK SLICE-SPECIFIC AUTHENTICATION RESULT", "8.2.33",
		NAS_SLICE_AUTHENTICATION_RESULT, MSG, slice_authentication_result);
#undef MSG

#define MSG struct nas_relay_key_request
static const struct tlv_ie relay_key_request[] = {
	TLV_M(prti, 0, V, 1, 1, tlv_u8, "9.11.3.88"),
	TLV_M(relay_key_request_parameters, 0, LVE, 20, 65535, tlv_bytes, "9.11.3.89"),
};
const struct tlv_group nas_relay_key_request_group =
	TLV_GROUP_OF("RELAY KEY REQUEST", "8.2.34", NAS_RELAY_KEY_REQUEST, MSG, relay_key_request);
#undef MSG

#define MSG struct nas_relay_key_accept
static const struct tlv_ie relay_key_accept[] = {
	TLV_M(prti, 0, V, 1, 1, tlv_u8, "9.11.3.88"),
	TLV_M(relay_key_response_parameters, 0, LVE, 49, 65535, tlv_bytes, "9.11.3.90"),
	TLV_O(eap_message, 0x78, TLVE, 4, 1500, tlv_bytes, "9.11.2.2"),
};
const struct tlv_group nas_relay_key_accept_group =
	TLV_GROUP_OF("RELAY KEY ACCEPT", "8.2.35", NAS_RELAY_KEY_ACCEPT, MSG, relay_key_accept);
#undef MSG

#define MSG struct nas_relay_key_reject
static const struct tlv_ie relay_key_reject[] = {
	TLV_M(prti, 0, V, 1, 1, tlv_u8, "9.11.3.88"),
	TLV_O(eap_message, 0x78, TLVE, 4, 1500, tlv_bytes, "9.11.2.2"),
};
const struct tlv_group nas_relay_key_reject_group =
	TLV_GROUP_OF("RELAY KEY REJECT", "8.2.36", NAS_RELAY_KEY_REJECT, MSG, relay_key_reject);
#undef MSG

#define MSG struct nas_relay_authentication_request
static const struct tlv_ie relay_authentication_request[] = {
	TLV_M(prti, 0, V, 1, 1, tlv_u8, "9.11.3.88"),
	TLV_M(eap_message, 0, LVE, 4, 1500, tlv_bytes, "9.11.2.2"),
};
const struct tlv_group nas_relay_authentication_request_group = TLV_GROUP_OF("RELAY AUTHENTICATION REQUEST",
	"8.2.37", NAS_RELAY_AUTHENTICATION_REQUEST, MSG, relay_authentication_request);
#undef MSG

#define MSG struct nas_relay_authentication_response
static const struct tlv_ie relay_authentication_response[] = {
	TLV_M(prti, 0, V, 1, 1, tlv_u8, "9.11.3.88"),
	TLV_M(eap_message, 0, LVE, 4, 1500, tlv_bytes, "9.11.2.2"),
};
const struct tlv_group nas_relay_authentication_response_group = TLV_GROUP_OF("RELAY AUTHENTICATION RESPONSE",
	"8.2.38", NAS_RELAY_AUTHENTICATION_RESPONSE, MSG, relay_authentication_response);
#undef MSG

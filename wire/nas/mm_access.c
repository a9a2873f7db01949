/* Tables of the messages for authentication, identification and security mode (TS 24.501 clause 8.2). */
#include "wire/nas/ie.h"

#define MSG struct nas_authentication_request
static const struct tlv_ie authentication_request[] = {
	TLV_M(ngksi, 0, HALF, 0, 0, tlv_u8, "9.11.3.32"),
	TLV_SPARE_HALF,
	TLV_M(abba, 0, LV, 2, 255, tlv_bytes, "9.11.3.10"),
	TLV_O(rand, 0x21, TV, 16, 16, tlv_fixed16, "9.11.3.16"),
	TLV_O(autn, 0x20, TLV, 16, 16, tlv_fixed16, "9.11.3.15"),
	TLV_O(eap_message, 0x78, TLVE, 4, 1500, tlv_bytes, "9.11.2.2"),
};
const struct tlv_group nas_authentication_request_group = TLV_GROUP_OF(
	"AUTHENTICATION REQUEST", "8.2.1", NAS_AUTHENTICATION_REQUEST, MSG, authentication_request);
#undef MSG

#define MSG struct nas_authentication_response
static const struct tlv_ie authentication_response[] = {
	TLV_O(res_star, 0x2d, TLV, 16, 16, tlv_fixed16, "9.11.3.17"),
	TLV_O(eap_message, 0x78, TLVE, 4, 1500, tlv_bytes, "9.11.2.2"),
};
const struct tlv_group nas_authentication_response_group = TLV_GROUP_OF(
	"AUTHENTICATION RESPONSE", "8.2.2", NAS_AUTHENTICATION_RESPONSE, MSG, authentication_response);
#undef MSG

#define MSG struct nas_authentication_result
static const struct tlv_ie authentication_result[] = {
	TLV_M(ngksi, 0, HALF, 0, 0, tlv_u8, "9.11.3.32"),
	TLV_SPARE_HALF,
	TLV_M(eap_message, 0, LVE, 4, 1500, tlv_bytes, "9.11.2.2"),
	TLV_O(abba, 0x38, TLV, 2, 255, tlv_bytes, "9.11.3.10"),
};
const struct tlv_group nas_authentication_result_group =
	TLV_GROUP_OF("AUTHENTICATION RESULT", "8.2.3", NAS_AUTHENTICATION_RESULT, MSG, authentication_result);
#undef MSG

#define MSG struct nas_authentication_failure
static const struct tlv_ie authentication_failure[] = {
	TLV_M(cause, 0, V, 1, 1, tlv_u8, "9.11.3.2"),
	TLV_O(auts, 0x30, TLV, 14, 14, tlv_fixed14, "9.11.3.14"),
};
const struct tlv_group nas_authentication_failure_group = TLV_GROUP_OF(
	"AUTHENTICATION FAILURE", "8.2.4", NAS_AUTHENTICATION_FAILURE, MSG, authentication_failure);
#undef MSG

#define MSG struct nas_authentication_reject
static const struct tlv_ie authentication_reject[] = {
	TLV_O(eap_message, 0x78, TLVE, 4, 1500, tlv_bytes, "9.11.2.2"),
};
const struct tlv_group nas_authentication_reject_group =
	TLV_GROUP_OF("AUTHENTICATION REJECT", "8.2.5", NAS_AUTHENTICATION_REJECT, MSG, authentication_reject);
#undef MSG

#define MSG struct nas_identity_request
static const struct tlv_ie identity_request[] = {
	TLV_M(identity_type, 0, HALF, 0, 0, tlv_u8, "9.11.3.3"),
	TLV_SPARE_HALF,
};
const struct tlv_group nas_identity_request_group =
	TLV_GROUP_OF("IDENTITY REQUEST", "8.2.21", NAS_IDENTITY_REQUEST, MSG, identity_request);
#undef MSG

#define MSG struct nas_identity_response
static const struct tlv_ie identity_response[] = {
	TLV_M(mobile_identity, 0, LVE, 1, 65535, nas_mobile_identity, "9.11.3.4"),
};
const struct tlv_group nas_identity_response_group =
	TLV_GROUP_OF("IDENTITY RESPONSE", "8.2.22", NAS_IDENTITY_RESPONSE, MSG, identity_response);
#undef MSG

#define MSG struct nas_security_mode_command
static const struct tlv_ie security_mode_command[] = {
	TLV_M(selected_algorithms, 0, V, 1, 1, nas_security_algorithms, "9.11.3.34"),
	TLV_M(ngksi, 0, HALF, 0, 0, tlv_u8, "9.11.3.32"),
	TLV_SPARE_HALF,
	TLV_M(replayed_ue_security_capability, 0, LV, 2, 8, nas_ue_security_capability, "9.11.3.54"),
	TLV_O(imeisv_request, 0xe0, TV1, 0, 0, tlv_u8, "9.11.3.28"),
	TLV_O(selected_eps_algorithms, 0x57, TV, 1, 1, tlv_u8, "9.11.3.25"),
	TLV_O(additional_security_information, 0x36, TLV, 1, 1, tlv_u8, "9.11.3.12"),
	TLV_O(eap_message, 0x78, TLVE, 4, 1500, tlv_bytes, "9.11.2.2"),
	TLV_O(abba, 0x38, TLV, 2, 255, tlv_bytes, "9.11.3.10"),
	TLV_O(replayed_s1_ue_security_capability, 0x19, TLV, 2, 5, tlv_bytes, "9.11.3.48A"),
};
const struct tlv_group nas_security_mode_command_group = TLV_GROUP_OF(
	"SECURITY MODE COMMAND", "8.2.25", NAS_SECURITY_MODE_COMMAND, MSG, security_mode_command);
#undef MSG

#define MSG struct nas_security_mode_complete
static const struct tlv_ie security_mode_complete[] = {
	TLV_O(imeisv, 0x77, TLVE, 9, 9, nas_mobile_identity, "9.11.3.4"),
	TLV_O(nas_message_container, 0x71, TLVE, 1, 65535, tlv_bytes, "9.11.3.33"),
	TLV_O(non_imeisv_pei, 0x78, TLVE, 4, 65535, nas_mobile_identity, "9.11.3.4"),
};
const struct tlv_group nas_security_mode_complete_group = TLV_GROUP_OF(
	"SECURITY MODE COMPLETE", "8.2.26", NAS_SECURITY_MODE_COMPLETE, MSG, security_mode_complete);
#undef MSG

#define MSG struct nas_security_mode_reject
static const struct tlv_ie security_mode_reject[] = {
	TLV_M(cause, 0, V, 1, 1, tlv_u8, "9.11.3.2"),
};
const struct tlv_group nas_security_mode_reject_group =
	TLV_GROUP_OF("SECURITY MODE REJECT", "8.2.27", NAS_SECURITY_MODE_REJECT, MSG, security_mode_reject);
#undef MSG

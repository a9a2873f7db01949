/* Messages of CIoT, slice authentication and relay keys (TS 24.501 clauses 8.2.30 to 8.2.38). */
#pragma once

#include "wire/nas/nas_ie.h"

/* 8.2.30 */
struct nas_control_plane_service_request {
	uint8_t control_plane_service_type;
	uint8_t ngksi;
	TLV_OPT(struct bytes, ciot_small_data_container);
	TLV_OPT(uint8_t, payload_container_type);
	TLV_OPT(struct bytes, payload_container);
	TLV_OPT(uint8_t, pdu_session_id);
	TLV_OPT(uint16_t, pdu_session_status);
	TLV_OPT(uint8_t, release_assistance_indication);
	TLV_OPT(uint16_t, uplink_data_status);
	TLV_OPT(struct bytes, nas_message_container);
	TLV_OPT(struct bytes, additional_information);
	TLV_OPT(uint16_t, allowed_pdu_session_status);
	TLV_OPT(uint8_t, ue_request_type);
	TLV_OPT(struct bytes, paging_restriction);
};

/* 8.2.31 */
struct nas_slice_authentication_command {
	struct nas_s_nssai s_nssai;
	struct bytes eap_message;
};

/* 8.2.32 */
struct nas_slice_authentication_complete {
	struct nas_s_nssai s_nssai;
	struct bytes eap_message;
};

/* 8.2.33 */
struct nas_slice_authentication_result {
	struct nas_s_nssai s_nssai;
	struct bytes eap_message;
};

/* 8.2.34 */
struct nas_relay_key_request {
	uint8_t prti;
	struct bytes relay_key_request_parameters;
};

/* 8.2.35 */
struct nas_relay_key_accept {
	uint8_t prti;
	struct bytes relay_key_response_parameters;
	TLV_OPT(struct bytes, eap_message);
};

/* 8.2.36 */
struct nas_relay_key_reject {
	uint8_t prti;
	TLV_OPT(struct bytes, eap_message);
};

/* 8.2.37 */
struct nas_relay_authentication_request {
	uint8_t prti;
	struct bytes eap_message;
};

/* 8.2.38 */
struct nas_relay_authentication_response {
	uint8_t prti;
	struct bytes eap_message;
};

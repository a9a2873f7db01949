/* Every message of 5GS NAS: its type and its decoded contents. */
#pragma once

#include "wire/nas/nas_mm.h"
#include "wire/nas/nas_mm_more.h"
#include "wire/nas/nas_sm.h"

/* TS 24.501 tables 9.7.1 (5GMM) and 9.7.2 (5GSM). */
enum nas_msg_type {
	NAS_AUTHENTICATION_REQUEST = 0x56,
	NAS_AUTHENTICATION_RESPONSE = 0x57,
	NAS_AUTHENTICATION_RESULT = 0x5a,
	NAS_AUTHENTICATION_FAILURE = 0x59,
	NAS_AUTHENTICATION_REJECT = 0x58,
	NAS_REGISTRATION_REQUEST = 0x41,
	NAS_REGISTRATION_ACCEPT = 0x42,
	NAS_REGISTRATION_COMPLETE = 0x43,
	NAS_REGISTRATION_REJECT = 0x44,
	NAS_UL_NAS_TRANSPORT = 0x67,
	NAS_DL_NAS_TRANSPORT = 0x68,
	NAS_DEREGISTRATION_REQUEST_UE = 0x45,
	NAS_DEREGISTRATION_ACCEPT_UE = 0x46,
	NAS_DEREGISTRATION_REQUEST_NETWORK = 0x47,
	NAS_DEREGISTRATION_ACCEPT_NETWORK = 0x48,
	NAS_SERVICE_REQUEST = 0x4c,
	NAS_SERVICE_ACCEPT = 0x4e,
	NAS_SERVICE_REJECT = 0x4d,
	NAS_CONFIGURATION_UPDATE_COMMAND = 0x54,
	NAS_CONFIGURATION_UPDATE_COMPLETE = 0x55,
	NAS_IDENTITY_REQUEST = 0x5b,
	NAS_IDENTITY_RESPONSE = 0x5c,
	NAS_NOTIFICATION = 0x65,
	NAS_NOTIFICATION_RESPONSE = 0x66,
	NAS_SECURITY_MODE_COMMAND = 0x5d,
	NAS_SECURITY_MODE_COMPLETE = 0x5e,
	NAS_SECURITY_MODE_REJECT = 0x5f,
	NAS_GMM_STATUS = 0x64,
	NAS_CONTROL_PLANE_SERVICE_REQUEST = 0x4f,
	NAS_SLICE_AUTHENTICATION_COMMAND = 0x50,
	NAS_SLICE_AUTHENTICATION_COMPLETE = 0x51,
	NAS_SLICE_AUTHENTICATION_RESULT = 0x52,
	NAS_RELAY_KEY_REQUEST = 0x69,
	NAS_RELAY_KEY_ACCEPT = 0x6a,
	NAS_RELAY_KEY_REJECT = 0x6b,
	NAS_RELAY_AUTHENTICATION_REQUEST = 0x6c,
	NAS_RELAY_AUTHENTICATION_RESPONSE = 0x6d,
	NAS_PDU_SESSION_ESTABLISHMENT_REQUEST = 0xc1,
	NAS_PDU_SESSION_ESTABLISHMENT_ACCEPT = 0xc2,
	NAS_PDU_SESSION_ESTABLISHMENT_REJECT = 0xc3,
	NAS_PDU_SESSION_AUTHENTICATION_COMMAND = 0xc5,
	NAS_PDU_SESSION_AUTHENTICATION_COMPLETE = 0xc6,
	NAS_PDU_SESSION_AUTHENTICATION_RESULT = 0xc7,
	NAS_PDU_SESSION_MODIFICATION_REQUEST = 0xc9,
	NAS_PDU_SESSION_MODIFICATION_REJECT = 0xca,
	NAS_PDU_SESSION_MODIFICATION_COMMAND = 0xcb,
	NAS_PDU_SESSION_MODIFICATION_COMPLETE = 0xcc,
	NAS_PDU_SESSION_MODIFICATION_COMMAND_REJECT = 0xcd,
	NAS_PDU_SESSION_RELEASE_REQUEST = 0xd1,
	NAS_PDU_SESSION_RELEASE_REJECT = 0xd2,
	NAS_PDU_SESSION_RELEASE_COMMAND = 0xd3,
	NAS_PDU_SESSION_RELEASE_COMPLETE = 0xd4,
	NAS_GSM_STATUS = 0xd6,
	NAS_SERVICE_LEVEL_AUTH_COMMAND = 0xd8,
	NAS_SERVICE_LEVEL_AUTH_COMPLETE = 0xd9,
	NAS_REMOTE_UE_REPORT = 0xda,
	NAS_REMOTE_UE_REPORT_RESPONSE = 0xdb,
};

/*
 * One plain message. Messages without elements of their own (the de-registration accepts, configuration
 * update complete, remote UE report response) have no member in the union.
 */
struct nas_msg {
	enum nas_msg_type type;
	uint8_t pdu_session_id; /* 5GSM only */
	uint8_t pti;            /* 5GSM only */
	union {
		struct nas_authentication_request authentication_request;
		struct nas_authentication_response authentication_response;
		struct nas_authentication_result authentication_result;
		struct nas_authentication_failure authentication_failure;
		struct nas_authentication_reject authentication_reject;
		struct nas_registration_request registration_request;
		struct nas_registration_accept registration_accept;
		struct nas_registration_complete registration_complete;
		struct nas_registration_reject registration_reject;
		struct nas_ul_nas_transport ul_nas_transport;
		struct nas_dl_nas_transport dl_nas_transport;
		struct nas_deregistration_request_ue deregistration_request_ue;
		struct nas_deregistration_request_network deregistration_request_network;
		struct nas_service_request service_request;
		struct nas_service_accept service_accept;
		struct nas_service_reject service_reject;
		struct nas_configuration_update_command configuration_update_command;
		struct nas_identity_request identity_request;
		struct nas_identity_response identity_response;
		struct nas_notification notification;
		struct nas_notification_response notification_response;
		struct nas_security_mode_command security_mode_command;
		struct nas_security_mode_complete security_mode_complete;
		struct nas_security_mode_reject security_mode_reject;
		struct nas_gmm_status gmm_status;
		struct nas_control_plane_service_request control_plane_service_request;
		struct nas_slice_authentication_command slice_authentication_command;
		struct nas_slice_authentication_complete slice_authentication_complete;
		struct nas_slice_authentication_result slice_authentication_result;
		struct nas_relay_key_request relay_key_request;
		struct nas_relay_key_accept relay_key_accept;
		struct nas_relay_key_reject relay_key_reject;
		struct nas_relay_authentication_request relay_authentication_request;
		struct nas_relay_authentication_response relay_authentication_response;
		struct nas_pdu_session_establishment_request pdu_session_establishment_request;
		struct nas_pdu_session_establishment_accept pdu_session_establishment_accept;
		struct nas_pdu_session_establishment_reject pdu_session_establishment_reject;
		struct nas_pdu_session_authentication_command pdu_session_authentication_command;
		struct nas_pdu_session_authentication_complete pdu_session_authentication_complete;
		struct nas_pdu_session_authentication_result pdu_session_authentication_result;
		struct nas_pdu_session_modification_request pdu_session_modification_request;
		struct nas_pdu_session_modification_reject pdu_session_modification_reject;
		struct nas_pdu_session_modification_command pdu_session_modification_command;
		struct nas_pdu_session_modification_complete pdu_session_modification_complete;
		struct nas_pdu_session_modification_command_reject pdu_session_modification_command_reject;
		struct nas_pdu_session_release_request pdu_session_release_request;
		struct nas_pdu_session_release_reject pdu_session_release_reject;
		struct nas_pdu_session_release_command pdu_session_release_command;
		struct nas_pdu_session_release_complete pdu_session_release_complete;
		struct nas_gsm_status gsm_status;
		struct nas_service_level_auth_command service_level_auth_command;
		struct nas_service_level_auth_complete service_level_auth_complete;
		struct nas_remote_ue_report remote_ue_report;
	};
};

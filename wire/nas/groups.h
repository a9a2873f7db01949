/* The message tables, by name. Private to the room. */
#pragma once

#include "wire/tlv/tlv.h"

extern const struct tlv_group nas_authentication_request_group;
extern const struct tlv_group nas_authentication_response_group;
extern const struct tlv_group nas_authentication_result_group;
extern const struct tlv_group nas_authentication_failure_group;
extern const struct tlv_group nas_authentication_reject_group;
extern const struct tlv_group nas_registration_request_group;
extern const struct tlv_group nas_registration_accept_group;
extern const struct tlv_group nas_registration_complete_group;
extern const struct tlv_group nas_registration_reject_group;
extern const struct tlv_group nas_ul_nas_transport_group;
extern const struct tlv_group nas_dl_nas_transport_group;
extern const struct tlv_group nas_deregistration_request_ue_group;
extern const struct tlv_group nas_deregistration_accept_ue_group;
extern const struct tlv_group nas_deregistration_request_network_group;
extern const struct tlv_group nas_deregistration_accept_network_group;
extern const struct tlv_group nas_service_request_group;
extern const struct tlv_group nas_service_accept_group;
extern const struct tlv_group nas_service_reject_group;
extern const struct tlv_group nas_configuration_update_command_group;
extern const struct tlv_group nas_configuration_update_complete_group;
extern const struct tlv_group nas_identity_request_group;
extern const struct tlv_group nas_identity_response_group;
extern const struct tlv_group nas_notification_group;
extern const struct tlv_group nas_notification_response_group;
extern const struct tlv_group nas_security_mode_command_group;
extern const struct tlv_group nas_security_mode_complete_group;
extern const struct tlv_group nas_security_mode_reject_group;
extern const struct tlv_group nas_gmm_status_group;
extern const struct tlv_group nas_control_plane_service_request_group;
extern const struct tlv_group nas_slice_authentication_command_group;
extern const struct tlv_group nas_slice_authentication_complete_group;
extern const struct tlv_group nas_slice_authentication_result_group;
extern const struct tlv_group nas_relay_key_request_group;
extern const struct tlv_group nas_relay_key_accept_group;
extern const struct tlv_group nas_relay_key_reject_group;
extern const struct tlv_group nas_relay_authentication_request_group;
extern const struct tlv_group nas_relay_authentication_response_group;
extern const struct tlv_group nas_pdu_session_establishment_request_group;
extern const struct tlv_group nas_pdu_session_establishment_accept_group;
extern const struct tlv_group nas_pdu_session_establishment_reject_group;
extern const struct tlv_group nas_pdu_session_authentication_command_group;
extern const struct tlv_group nas_pdu_session_authentication_complete_group;
extern const struct tlv_group nas_pdu_session_authentication_result_group;
extern const struct tlv_group nas_pdu_session_modification_request_group;
extern const struct tlv_group nas_pdu_session_modification_reject_group;
extern const struct tlv_group nas_pdu_session_modification_command_group;
extern const struct tlv_group nas_pdu_session_modification_complete_group;
extern const struct tlv_group nas_pdu_session_modification_command_reject_group;
extern const struct tlv_group nas_pdu_session_release_request_group;
extern const struct tlv_group nas_pdu_session_release_reject_group;
extern const struct tlv_group nas_pdu_session_release_command_group;
extern const struct tlv_group nas_pdu_session_release_complete_group;
extern const struct tlv_group nas_gsm_status_group;
extern const struct tlv_group nas_service_level_auth_command_group;
extern const struct tlv_group nas_service_level_auth_complete_group;
extern const struct tlv_group nas_remote_ue_report_group;
extern const struct tlv_group nas_remote_ue_report_response_group;

/* The table of a message type, or NULL. */
const struct tlv_group *nas_group_of(unsigned type);

/* Messages of 5GS session management (TS 24.501 clause 8.3). Names are abridged. */
#pragma once

#include "wire/nas/nas_ie.h"

/* 8.3.1 */
struct nas_pdu_session_establishment_request {
	uint16_t integrity_max_data_rate;
	TLV_OPT(uint8_t, pdu_session_type);
	TLV_OPT(uint8_t, ssc_mode);
	TLV_OPT(struct tlv_flags, gsm_capability);
	TLV_OPT(uint16_t, max_packet_filters);
	TLV_OPT(uint8_t, always_on_requested);
	TLV_OPT(struct bytes, sm_pdu_dn_request_container);
	TLV_OPT(struct nas_pco, epco);
	TLV_OPT(struct bytes, ip_header_compression);
	TLV_OPT_OCTETS(ds_tt_ethernet_port_mac_address, 6);
	TLV_OPT_OCTETS(ue_ds_tt_residence_time, 8);
	TLV_OPT(struct bytes, port_management_information_container);
	TLV_OPT(uint8_t, ethernet_header_compression);
	TLV_OPT(struct nas_pdu_address, suggested_interface_identifier);
	TLV_OPT(struct bytes, service_level_aa_container);
	TLV_OPT(struct bytes, requested_mbs_container);
	TLV_OPT(uint8_t, pdu_session_pair_id);
	TLV_OPT(uint8_t, rsn);
};

/* 8.3.2 */
struct nas_pdu_session_establishment_accept {
	uint8_t pdu_session_type;
	uint8_t ssc_mode;
	struct nas_qos_rules qos_rules;
	struct nas_session_ambr session_ambr;
	TLV_OPT(uint8_t, cause);
	TLV_OPT(struct nas_pdu_address, pdu_address);
	TLV_OPT(uint8_t, rq_timer);
	TLV_OPT(struct nas_s_nssai, s_nssai);
	TLV_OPT(uint8_t, always_on_indication);
	TLV_OPT(struct bytes, mapped_eps_bearer_contexts);
	TLV_OPT(struct bytes, eap_message);
	TLV_OPT(struct nas_qos_flows, qos_flows);
	TLV_OPT(struct nas_pco, epco);
	TLV_OPT(const char *, dnn);
	TLV_OPT(struct tlv_flags, gsm_network_feature_support);
	TLV_OPT(uint16_t, serving_plmn_rate_control);
	TLV_OPT(struct bytes, atsss_container);
	TLV_OPT(uint8_t, control_plane_only_indication);
	TLV_OPT(struct bytes, ip_header_compression);
	TLV_OPT(uint8_t, ethernet_header_compression);
	TLV_OPT(struct bytes, service_level_aa_container);
	TLV_OPT(struct bytes, received_mbs_container);
};

/* 8.3.3 */
struct nas_pdu_session_establishment_reject {
	uint8_t cause;
	TLV_OPT(uint8_t, backoff_timer);
	TLV_OPT(uint8_t, allowed_ssc_mode);
	TLV_OPT(struct bytes, eap_message);
	TLV_OPT(uint8_t, congestion_reattempt_indicator);
	TLV_OPT(struct nas_pco, epco);
	TLV_OPT(uint8_t, reattempt_indicator);
	TLV_OPT(struct bytes, service_level_aa_container);
};

/* 8.3.4 */
struct nas_pdu_session_authentication_command {
	struct bytes eap_message;
	TLV_OPT(struct nas_pco, epco);
};

/* 8.3.5 */
struct nas_pdu_session_authentication_complete {
	struct bytes eap_message;
	TLV_OPT(struct nas_pco, epco);
};

/* 8.3.6 */
struct nas_pdu_session_authentication_result {
	TLV_OPT(struct bytes, eap_message);
	TLV_OPT(struct nas_pco, epco);
};

/* 8.3.7 */
struct nas_pdu_session_modification_request {
	TLV_OPT(struct tlv_flags, gsm_capability);
	TLV_OPT(uint8_t, cause);
	TLV_OPT(uint16_t, max_packet_filters);
	TLV_OPT(uint8_t, always_on_requested);
	TLV_OPT(uint16_t, integrity_max_data_rate);
	TLV_OPT(struct nas_qos_rules, qos_rules);
	TLV_OPT(struct nas_qos_flows, qos_flows);
	TLV_OPT(struct bytes, mapped_eps_bearer_contexts);
	TLV_OPT(struct nas_pco, epco);
	TLV_OPT(struct bytes, port_management_information_container);
	TLV_OPT(struct bytes, ip_header_compression);
	TLV_OPT(uint8_t, ethernet_header_compression);
	TLV_OPT(struct bytes, requested_mbs_container);
	TLV_OPT(struct bytes, service_level_aa_container);
};

/* 8.3.8 */
struct nas_pdu_session_modification_reject {
	uint8_t cause;
	TLV_OPT(uint8_t, backoff_timer);
	TLV_OPT(uint8_t, congestion_reattempt_indicator);
	TLV_OPT(struct nas_pco, epco);
	TLV_OPT(uint8_t, reattempt_indicator);
};

/* 8.3.9 */
struct nas_pdu_session_modification_command {
	TLV_OPT(uint8_t, cause);
	TLV_OPT(struct nas_session_ambr, session_ambr);
	TLV_OPT(uint8_t, rq_timer);
	TLV_OPT(uint8_t, always_on_indication);
	TLV_OPT(struct nas_qos_rules, qos_rules);
	TLV_OPT(struct bytes, mapped_eps_bearer_contexts);
	TLV_OPT(struct nas_qos_flows, qos_flows);
	TLV_OPT(struct nas_pco, epco);
	TLV_OPT(struct bytes, atsss_container);
	TLV_OPT(struct bytes, ip_header_compression);
	TLV_OPT(struct bytes, port_management_information_container);
	TLV_OPT(uint16_t, serving_plmn_rate_control);
	TLV_OPT(uint8_t, ethernet_header_compression);
	TLV_OPT(struct bytes, received_mbs_container);
	TLV_OPT(struct bytes, service_level_aa_container);
};

/* 8.3.10 */
struct nas_pdu_session_modification_complete {
	TLV_OPT(struct nas_pco, epco);
	TLV_OPT(struct bytes, port_management_information_container);
};

/* 8.3.11 */
struct nas_pdu_session_modification_command_reject {
	uint8_t cause;
	TLV_OPT(struct nas_pco, epco);
};

/* 8.3.12 */
struct nas_pdu_session_release_request {
	TLV_OPT(uint8_t, cause);
	TLV_OPT(struct nas_pco, epco);
};

/* 8.3.13 */
struct nas_pdu_session_release_reject {
	uint8_t cause;
	TLV_OPT(struct nas_pco, epco);
};

/* 8.3.14 */
struct nas_pdu_session_release_command {
	uint8_t cause;
	TLV_OPT(uint8_t, backoff_timer);
	TLV_OPT(struct bytes, eap_message);
	TLV_OPT(uint8_t, congestion_reattempt_indicator);
	TLV_OPT(struct nas_pco, epco);
	TLV_OPT(uint8_t, access_type);
	TLV_OPT(struct bytes, service_level_aa_container);
};

/* 8.3.15 */
struct nas_pdu_session_release_complete {
	TLV_OPT(uint8_t, cause);
	TLV_OPT(struct nas_pco, epco);
};

/* 8.3.16 */
struct nas_gsm_status {
	uint8_t cause;
};

/* 8.3.17 */
struct nas_service_level_auth_command {
	struct bytes service_level_aa_container;
};

/* 8.3.18 */
struct nas_service_level_auth_complete {
	struct bytes service_level_aa_container;
};

/* 8.3.19 */
struct nas_remote_ue_report {
	TLV_OPT(struct bytes, remote_ue_context_connected);
	TLV_OPT(struct bytes, remote_ue_context_disconnected);
};

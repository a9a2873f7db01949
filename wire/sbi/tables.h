/* What the services' JSON tables share, and the tables themselves. For the files of this room only. */
#pragma once

#include "wire/json/table.h"
#include "wire/sbi/sbi_json.h"

#define TYPE_JSON        "application/json"
#define TYPE_PROBLEM     "application/problem+json"
#define TYPE_PATCH       "application/json-patch+json"
#define TYPE_MERGE_PATCH "application/merge-patch+json"
#define TYPE_HAL         "application/3gppHal+json"
#define TYPE_NAS         "application/vnd.3gpp.5gnas" /* 29.502, 29.518 6.1.2.4 */
#define TYPE_NGAP        "application/vnd.3gpp.ngap"

#define MUST .mandatory = true

struct sbi_json {
	const struct json_object *path, *query;
	const struct json_field *req;
	const char *req_type; /* NULL: TYPE_JSON */
	const struct json_field *rsp;
	const char *rsp_type;
	const char *location; /* of the created resource: a template with the fields of location_fields */
	const struct json_object *location_fields;
	const struct json_field *error; /* carries more than its ProblemDetails, with which it begins */
	uint16_t error_status;          /* for which it is used; 0: for all */
	bool may_be_empty;              /* 204 in place of the response */
};

extern const struct json_object sbi_plmn, sbi_snssai, sbi_guami, sbi_tai, sbi_ncgi, sbi_ambr, sbi_arp,
	sbi_default_qos;
extern const struct json_field sbi_snssai_item, sbi_patch_item;

extern const char *const sbi_nf_types[NF_TYPE_COUNT];
extern const char *const sbi_pdu_session_types[PDU_SESSION_ETHERNET + 1];

/* The body of an operation: a member of its struct. */
#define SHARED_BODY(name, object, s, m)                                                                      \
	const struct json_field name = { JSON_OBJ(NULL, object, s, m), .mandatory = true }
#define BODY(name, object, s, m) static SHARED_BODY(name, object, s, m)
#define ITEM(name, object, s)                                                                                \
	static const struct json_field name = {                                                              \
		.kind = JSON_OBJECT, .mandatory = true, .sub = &object, .size = sizeof(struct s)             \
	}

extern const struct sbi_json nrf_nf_register_json, nrf_nf_heartbeat_json, nrf_nf_deregister_json,
	nrf_nf_discover_json, ausf_authenticate_json, ausf_5g_aka_confirm_json, ausf_eap_session_json,
	udm_generate_auth_data_json, udm_confirm_auth_json, udm_get_am_data_json,
	udm_get_smf_select_data_json, udm_get_sm_data_json, udm_amf_registration_json, udm_amf_purge_json,
	udm_smf_registration_json, udm_smf_deregistration_json, amf_deregistration_notify_json,
	udr_get_auth_subscription_json, udr_patch_sqn_json, udr_get_am_data_json,
	udr_get_smf_select_data_json, udr_get_sm_data_json, udr_get_amf_context_json,
	udr_put_amf_context_json, udr_delete_amf_context_json, udr_put_smf_context_json,
	udr_delete_smf_context_json, nssf_ns_selection_json, pcf_am_policy_create_json,
	pcf_am_policy_delete_json, pcf_sm_policy_create_json, pcf_sm_policy_update_json,
	pcf_sm_policy_delete_json, smf_sm_policy_notify_json, smf_create_sm_context_json,
	smf_update_sm_context_json, smf_release_sm_context_json, amf_n1n2_message_transfer_json,
	amf_sm_context_status_notify_json, smf_n1n2_transfer_failure_notify_json, pcf_app_session_create_json,
	pcf_app_session_update_json, pcf_app_session_delete_json, pcf_app_session_subscribe_json,
	pcf_app_session_unsubscribe_json, af_event_notify_json, af_terminate_json, ausf_sor_protection_json,
	ausf_upu_protection_json, udm_sdm_ack_json, amf_sdm_notify_json;

/* Bodies that two services share. */
extern const struct json_field nudm_am_data_root, nudm_smf_select_data_root, nudm_sm_data_root;

const struct sbi_json *sbi_json_of(enum sbi_op_id op);

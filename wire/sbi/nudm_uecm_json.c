/* TS 29.503: Nudm_UECM and its callback; the same resources of Nudr. */
#include "wire/sbi/tables.h"

#define UECM        "/nudm-uecm/v1/{ueId}/registrations/"
#define UDR_CONTEXT "/nudr-dr/v2/subscription-data/{ueId}/context-data/"

JSON_TABLE(amf_path, { JSON_V("ueId", json_supi, nudm_amf_registration_req, supi), MUST }, );
JSON_TABLE(amf_location, { JSON_V("ueId", json_supi, nudm_amf_registration_rsp, supi), MUST }, );
BODY(amf_req, amf3_gpp_access_registration_json, nudm_amf_registration_req, data);
BODY(amf_rsp, amf3_gpp_access_registration_json, nudm_amf_registration_rsp, data);

#define AMF_REGISTRATION(uri)                                                                                \
	{ .path = &amf_path,                                                                                 \
		.req = &amf_req,                                                                             \
		.rsp = &amf_rsp,                                                                             \
		.location = uri "amf-3gpp-access",                                                           \
		.location_fields = &amf_location,                                                            \
		.may_be_empty = true }
const struct sbi_json udm_amf_registration_json = AMF_REGISTRATION(UECM);
const struct sbi_json udr_put_amf_context_json = AMF_REGISTRATION(UDR_CONTEXT);

JSON_TABLE(modification_path, { JSON_V("ueId", json_supi, nudm_amf_modification_req, supi), MUST }, );
BODY(modification_req, amf3_gpp_access_registration_modification_json, nudm_amf_modification_req, data);

const struct sbi_json udm_amf_purge_json = {
	.path = &modification_path, .req = &modification_req, .req_type = TYPE_MERGE_PATCH
};

JSON_TABLE(smf_path, { JSON_V("ueId", json_supi, nudm_smf_registration_req, supi), MUST },
	{ JSON_V("pduSessionId", json_uint, nudm_smf_registration_req, pdu_session_id), MUST }, );
JSON_TABLE(smf_location, { JSON_V("ueId", json_supi, nudm_smf_registration_rsp, supi), MUST },
	{ JSON_V("pduSessionId", json_uint, nudm_smf_registration_rsp, pdu_session_id), MUST }, );
BODY(smf_req, smf_registration_json, nudm_smf_registration_req, data);
BODY(smf_rsp, smf_registration_json, nudm_smf_registration_rsp, data);

#define SMF_REGISTRATION(uri)                                                                                \
	{ .path = &smf_path,                                                                                 \
		.req = &smf_req,                                                                             \
		.rsp = &smf_rsp,                                                                             \
		.location = uri "smf-registrations/{pduSessionId}",                                          \
		.location_fields = &smf_location,                                                            \
		.may_be_empty = true }
const struct sbi_json udm_smf_registration_json = SMF_REGISTRATION(UECM);
const struct sbi_json udr_put_smf_context_json = SMF_REGISTRATION(UDR_CONTEXT);

JSON_TABLE(smf_gone_path, { JSON_V("ueId", json_supi, nudm_smf_deregistration_req, supi), MUST },
	{ JSON_V("pduSessionId", json_uint, nudm_smf_deregistration_req, pdu_session_id), MUST }, );

const struct sbi_json udm_smf_deregistration_json = { .path = &smf_gone_path };
const struct sbi_json udr_delete_smf_context_json = { .path = &smf_gone_path };

JSON_TABLE(notify_path, { JSON_V("callback", json_text, nudm_deregistration_notify_req, callback), MUST }, );
BODY(notify_req, deregistration_data_json, nudm_deregistration_notify_req, data);

const struct sbi_json amf_deregistration_notify_json = { .path = &notify_path, .req = &notify_req };

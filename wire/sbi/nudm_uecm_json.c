/* TS 29.503: Nudm_UECM and its callback. ratType: the product serves NR. */
#include "wire/sbi/tables.h"

JSON_TABLE(amf_path, { JSON_V("ueId", json_supi, nudm_amf_registration_req, supi), MUST }, );
JSON_TABLE(amf_registration,
	{ JSON_V("amfInstanceId", json_str, nudm_amf_registration_req, amf_instance_id), MUST },
	{ JSON_V("deregCallbackUri", json_str, nudm_amf_registration_req, dereg_callback_uri), MUST },
	{ JSON_OBJ("guami", sbi_guami, nudm_amf_registration_req, guami), MUST },
	{ JSON_EMIT("ratType", "NR"), MUST },
	{ JSON_V("initialRegistrationInd", json_bool, nudm_amf_registration_req, initial_registration) }, );
JSON_ROOT(amf_registration_req, amf_registration);

const struct sbi_json udm_amf_registration_json = { .path = &amf_path, .req = &amf_registration_req };

JSON_TABLE(purge_path, { JSON_V("ueId", json_supi, nudm_amf_purge_req, supi), MUST }, );
JSON_TABLE(amf_modification, { JSON_OBJ("guami", sbi_guami, nudm_amf_purge_req, guami), MUST },
	{ .key = "purgeFlag", .codec = &json_true, MUST }, /* the one modification we speak */
);
JSON_ROOT(purge_req, amf_modification);

const struct sbi_json udm_amf_purge_json = {
	.path = &purge_path, .req = &purge_req, .req_type = TYPE_MERGE_PATCH
};

JSON_TABLE(smf_path, { JSON_V("ueId", json_supi, nudm_smf_registration_req, supi), MUST },
	{ JSON_V("pduSessionId", json_uint, nudm_smf_registration_req, pdu_session_id), MUST }, );
JSON_TABLE(smf_registration,
	{ JSON_V("smfInstanceId", json_str, nudm_smf_registration_req, smf_instance_id), MUST },
	{ JSON_V("pduSessionId", json_uint, nudm_smf_registration_req, pdu_session_id), MUST },
	{ JSON_OBJ("singleNssai", sbi_snssai, nudm_smf_registration_req, single_nssai), MUST },
	{ JSON_V("dnn", json_str, nudm_smf_registration_req, dnn) },
	{ JSON_OBJ("plmnId", sbi_plmn, nudm_smf_registration_req, plmn), MUST }, );
const struct json_field nudm_smf_registration_root = { .kind = JSON_OBJECT, MUST, .sub = &smf_registration };

const struct sbi_json udm_smf_registration_json = { .path = &smf_path, .req = &nudm_smf_registration_root };
const struct sbi_json udr_put_smf_context_json = { .path = &smf_path, .req = &nudm_smf_registration_root };

JSON_TABLE(smf_gone_path, { JSON_V("ueId", json_supi, nudm_smf_deregistration_req, supi), MUST },
	{ JSON_V("pduSessionId", json_uint, nudm_smf_deregistration_req, pdu_session_id), MUST }, );

const struct sbi_json udm_smf_deregistration_json = { .path = &smf_gone_path };
const struct sbi_json udr_delete_smf_context_json = { .path = &smf_gone_path };

static const char *const deregistration_reasons[] = {
	[DEREG_UE_INITIAL_REGISTRATION] = "UE_INITIAL_REGISTRATION",
	[DEREG_SUBSCRIPTION_WITHDRAWN] = "SUBSCRIPTION_WITHDRAWN",
};

JSON_TABLE(notify_path, { JSON_V("callback", json_str, nudm_deregistration_notify_req, callback), MUST }, );
JSON_TABLE(deregistration_data,
	{ JSON_E("deregReason", deregistration_reasons, nudm_deregistration_notify_req, reason), MUST },
	{ JSON_EMIT("accessType", "3GPP_ACCESS") }, );
JSON_ROOT(notify_req, deregistration_data);

const struct sbi_json amf_deregistration_notify_json = { .path = &notify_path, .req = &notify_req };

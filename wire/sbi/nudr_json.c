/* TS 29.504 and 29.505: Nudr_DataRepository; its context data stand in nudm_uecm_json.c. */
#include "wire/sbi/tables.h"

JSON_TABLE(supi_path, { JSON_V("ueId", json_supi, nudr_supi_req, supi), MUST }, );
BODY(auth_subscription_rsp, authentication_subscription_json, nudr_auth_subscription_rsp, data);

BODY(amf_context_rsp, amf3_gpp_access_registration_json, nudr_amf_context_rsp, data);

const struct sbi_json udr_get_amf_context_json = { .path = &supi_path, .rsp = &amf_context_rsp };
const struct sbi_json udr_get_auth_subscription_json = { .path = &supi_path, .rsp = &auth_subscription_rsp };

JSON_TABLE(patch_path, { JSON_V("ueId", json_supi, nudr_patch_req, supi), MUST }, );
static const struct json_field patch_req = { JSON_ITEMS(NULL, sbi_patch_item, nudr_patch_req, patch), MUST };

const struct sbi_json udr_patch_sqn_json = { .path = &patch_path, .req = &patch_req, .req_type = TYPE_PATCH };
const struct sbi_json udr_delete_amf_context_json = {
	.path = &patch_path, .req = &patch_req, .req_type = TYPE_PATCH
};

JSON_TABLE(provisioned_path, { JSON_V("ueId", json_supi, nudm_sdm_get_req, supi), MUST },
	{ JSON_V("servingPlmnId", json_plmn_text, nudm_sdm_get_req, plmn), MUST }, );

const struct sbi_json udr_get_am_data_json = { .path = &provisioned_path, .rsp = &nudm_am_data_root };
const struct sbi_json udr_get_smf_select_data_json = { .path = &provisioned_path,
	.rsp = &nudm_smf_select_data_root };

JSON_TABLE(sm_data_path, { JSON_V("ueId", json_supi, nudm_sm_data_req, supi), MUST },
	{ JSON_V("servingPlmnId", json_plmn_text, nudm_sm_data_req, plmn), MUST }, );
JSON_TABLE(sm_data_query, { JSON_OBJ("single-nssai", sbi_snssai, nudm_sm_data_req, single_nssai), MUST },
	{ JSON_V("dnn", json_text, nudm_sm_data_req, dnn), MUST }, );

const struct sbi_json udr_get_sm_data_json = {
	.path = &sm_data_path, .query = &sm_data_query, .rsp = &nudm_sm_data_root
};

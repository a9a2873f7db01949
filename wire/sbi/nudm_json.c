/* TS 29.503: Nudm_UEAuthentication, Nudm_SDM. */
#include "wire/sbi/tables.h"

JSON_TABLE(generate_path,
	{ JSON_V("supiOrSuci", json_text, nudm_generate_auth_data_req, supi_or_suci), MUST }, );
BODY(generate_req, authentication_info_request_json, nudm_generate_auth_data_req, data);
BODY(generate_rsp, authentication_info_result_json, nudm_generate_auth_data_rsp, data);

const struct sbi_json udm_generate_auth_data_json = {
	.path = &generate_path, .req = &generate_req, .rsp = &generate_rsp
};

JSON_TABLE(auth_event_path, { JSON_V("supi", json_supi, nudm_confirm_auth_req, supi), MUST }, );
BODY(auth_event_req, auth_event_json, nudm_confirm_auth_req, data);
BODY(auth_event_rsp, auth_event_json, nudm_confirm_auth_rsp, data);
JSON_TABLE(auth_event_location, { JSON_V("supi", json_supi, nudm_confirm_auth_rsp, supi), MUST },
	{ JSON_V("authEventId", json_text, nudm_confirm_auth_rsp, auth_event_id), MUST }, );

const struct sbi_json udm_confirm_auth_json = {
	.path = &auth_event_path,
	.req = &auth_event_req,
	.rsp = &auth_event_rsp,
	.location = "/nudm-ueau/v1/{supi}/auth-events/{authEventId}",
	.location_fields = &auth_event_location,
};

SHARED_BODY(nudm_am_data_root, access_and_mobility_subscription_data_json, nudm_am_data_rsp, data);
SHARED_BODY(nudm_smf_select_data_root, smf_selection_subscription_data_json, nudm_smf_select_data_rsp, data);
ITEM(sm_data_item, session_management_subscription_data_json, session_management_subscription_data);
const struct json_field nudm_sm_data_root = { JSON_ITEMS(NULL, sm_data_item, nudm_sm_data_rsp, data), MUST };

JSON_TABLE(sdm_path, { JSON_V("supi", json_supi, nudm_sdm_get_req, supi), MUST }, );
JSON_TABLE(sdm_query, { JSON_OBJ("plmn-id", sbi_plmn, nudm_sdm_get_req, plmn) }, );

const struct sbi_json udm_get_am_data_json = {
	.path = &sdm_path, .query = &sdm_query, .rsp = &nudm_am_data_root
};
const struct sbi_json udm_get_smf_select_data_json = {
	.path = &sdm_path, .query = &sdm_query, .rsp = &nudm_smf_select_data_root
};

JSON_TABLE(sm_data_path, { JSON_V("supi", json_supi, nudm_sm_data_req, supi), MUST }, );
/* Optional there; the product asks for one and answers one. */
JSON_TABLE(sm_data_query, { JSON_OBJ("single-nssai", sbi_snssai, nudm_sm_data_req, single_nssai), MUST },
	{ JSON_V("dnn", json_text, nudm_sm_data_req, dnn), MUST },
	{ JSON_OBJ("plmn-id", sbi_plmn, nudm_sm_data_req, plmn) }, );

const struct sbi_json udm_get_sm_data_json = {
	.path = &sm_data_path, .query = &sm_data_query, .rsp = &nudm_sm_data_root
};

/* TS 29.509: Nausf_UEAuthentication. */
#include "wire/sbi/tables.h"

BODY(authenticate_req, authentication_info_json, nausf_authenticate_req, data);
BODY(authenticate_rsp, ue_authentication_ctx_json, nausf_authenticate_rsp, data);
JSON_TABLE(authenticate_location,
	{ JSON_V("authCtxId", json_text, nausf_authenticate_rsp, auth_ctx_id), MUST }, );

const struct sbi_json ausf_authenticate_json = {
	.req = &authenticate_req,
	.rsp = &authenticate_rsp,
	.rsp_type = TYPE_HAL,
	.location = "/nausf-auth/v1/ue-authentications/{authCtxId}",
	.location_fields = &authenticate_location,
};

JSON_TABLE(confirm_path, { JSON_V("authCtxId", json_text, nausf_5g_aka_confirm_req, auth_ctx_id), MUST }, );
BODY(confirm_req, confirmation_data_json, nausf_5g_aka_confirm_req, data);
BODY(confirm_rsp, confirmation_data_response_json, nausf_5g_aka_confirm_rsp, data);

const struct sbi_json ausf_5g_aka_confirm_json = {
	.path = &confirm_path, .req = &confirm_req, .rsp = &confirm_rsp
};

JSON_TABLE(session_path, { JSON_V("authCtxId", json_text, nausf_eap_session_req, auth_ctx_id), MUST }, );
BODY(session_req, eap_session_json, nausf_eap_session_req, data);
BODY(session_rsp, eap_session_json, nausf_eap_session_rsp, data);

const struct sbi_json ausf_eap_session_json = {
	.path = &session_path, .req = &session_req, .rsp = &session_rsp
};

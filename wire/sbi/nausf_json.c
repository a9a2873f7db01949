/* TS 29.509: Nausf_UEAuthentication. authType: 5G-AKA is what we speak. */
#include "wire/sbi/tables.h"

#define AUTHENTICATIONS "/nausf-auth/v1/ue-authentications/"

JSON_TABLE(authentication_info,
	{ JSON_V("supiOrSuci", json_str, nausf_authenticate_req, supi_or_suci), MUST },
	{ JSON_V("servingNetworkName", json_str, nausf_authenticate_req, serving_network_name), MUST },
	{ JSON_OBJ("resynchronizationInfo", sbi_resynchronization_info, nausf_authenticate_req,
		  resynchronization_info),
		JSON_HAS(nausf_authenticate_req, has_resynchronization_info) }, );
JSON_ROOT(authenticate_req, authentication_info);

JSON_TABLE(av_5g_aka, { JSON_V("rand", json_hex, nausf_authenticate_rsp, rand), MUST },
	{ JSON_V("hxresStar", json_hex, nausf_authenticate_rsp, hxres_star), MUST },
	{ JSON_V("autn", json_hex, nausf_authenticate_rsp, autn), MUST }, );
JSON_TABLE(link_5g_aka,
	{ JSON_V("href", json_uri_segment, nausf_authenticate_rsp, auth_ctx_id), .text = AUTHENTICATIONS,
		.text2 = "/5g-aka-confirmation", MUST }, );
JSON_TABLE(links, { JSON_GROUP("5g-aka", link_5g_aka), MUST }, );
JSON_TABLE(ue_authentication_ctx, { JSON_C("authType", "5G_AKA"), MUST },
	{ JSON_GROUP("5gAuthData", av_5g_aka), MUST }, { JSON_GROUP("_links", links), MUST }, );
JSON_ROOT(authenticate_rsp, ue_authentication_ctx);
JSON_TABLE(authenticate_location,
	{ JSON_V("authCtxId", json_str, nausf_authenticate_rsp, auth_ctx_id), MUST }, );

const struct sbi_json ausf_authenticate_json = {
	.req = &authenticate_req,
	.rsp = &authenticate_rsp,
	.rsp_type = TYPE_HAL,
	.location = AUTHENTICATIONS "{authCtxId}",
	.location_fields = &authenticate_location,
};

JSON_TABLE(confirm_path, { JSON_V("authCtxId", json_str, nausf_5g_aka_confirm_req, auth_ctx_id), MUST }, );
JSON_TABLE(confirmation_data, { JSON_V("resStar", json_hex, nausf_5g_aka_confirm_req, res_star), MUST }, );
JSON_ROOT(confirm_req, confirmation_data);

/* AUTHENTICATION_ONGOING is of EAP */
static const char *const auth_results[] = { "AUTHENTICATION_FAILURE", "AUTHENTICATION_SUCCESS" };

JSON_TABLE(confirmation_data_response,
	{ JSON_E("authResult", auth_results, nausf_5g_aka_confirm_rsp, success), MUST },
	{ JSON_V("supi", json_supi, nausf_5g_aka_confirm_rsp, supi) },
	{ JSON_V("kseaf", json_hex, nausf_5g_aka_confirm_rsp, kseaf) }, );
JSON_ROOT(confirm_rsp, confirmation_data_response);

const struct sbi_json ausf_5g_aka_confirm_json = {
	.path = &confirm_path, .req = &confirm_req, .rsp = &confirm_rsp
};

/* TS 29.510: Nnrf_NFManagement and Nnrf_NFDiscovery. */
#include "wire/sbi/tables.h"

JSON_TABLE(
	register_path, { JSON_V("nfInstanceID", json_text, nnrf_nf_register_req, nf_instance_id), MUST }, );
BODY(register_req, nf_profile_json, nnrf_nf_register_req, data);
BODY(register_rsp, nf_profile_json, nnrf_nf_register_rsp, data);
JSON_TABLE(register_location,
	{ JSON_V("nfInstanceID", json_text, nnrf_nf_register_rsp, nf_instance_id), MUST }, );

const struct sbi_json nrf_nf_register_json = {
	.path = &register_path,
	.req = &register_req,
	.rsp = &register_rsp,
	.location = "/nnrf-nfm/v1/nf-instances/{nfInstanceID}",
	.location_fields = &register_location,
};

JSON_TABLE(update_path, { JSON_V("nfInstanceID", json_text, nnrf_nf_update_req, nf_instance_id), MUST }, );
static const struct json_field update_req = { JSON_ITEMS(NULL, sbi_patch_item, nnrf_nf_update_req, patch),
	MUST };
const struct sbi_json nrf_nf_heartbeat_json = {
	.path = &update_path, .req = &update_req, .req_type = TYPE_PATCH
};

JSON_TABLE(deregister_path,
	{ JSON_V("nfInstanceID", json_text, nnrf_nf_deregister_req, nf_instance_id), MUST }, );
const struct sbi_json nrf_nf_deregister_json = { .path = &deregister_path };

JSON_TABLE(discover_query,
	{ JSON_E("target-nf-type", sbi_nf_types, nnrf_nf_discover_req, target_nf_type), MUST },
	{ JSON_E("requester-nf-type", sbi_nf_types, nnrf_nf_discover_req, requester_nf_type), MUST },
	{ JSON_ITEMS("snssais", sbi_snssai_item, nnrf_nf_discover_req, snssais) },
	{ JSON_V("dnn", json_text, nnrf_nf_discover_req, dnn) }, );
BODY(discover_rsp, search_result_json, nnrf_nf_discover_rsp, data);

const struct sbi_json nrf_nf_discover_json = { .query = &discover_query, .rsp = &discover_rsp };

/* TS 29.502: Nsmf_PDUSession and its callback. */
#include "wire/sbi/tables.h"

BODY(create_req, sm_context_create_data_json, nsmf_create_sm_context_req, data);
BODY(create_rsp, sm_context_created_data_json, nsmf_create_sm_context_rsp, data);
BODY(create_error, sm_context_create_error_json, nsmf_create_sm_context_rsp, error);
JSON_TABLE(create_location,
	{ JSON_V("smContextRef", json_text, nsmf_create_sm_context_rsp, sm_context_ref), MUST }, );

const struct sbi_json smf_create_sm_context_json = {
	.req = &create_req,
	.rsp = &create_rsp,
	.error = &create_error,
	.location = "/nsmf-pdusession/v1/sm-contexts/{smContextRef}",
	.location_fields = &create_location,
};

JSON_TABLE(update_path,
	{ JSON_V("smContextRef", json_text, nsmf_update_sm_context_req, sm_context_ref), MUST }, );
BODY(update_req, sm_context_update_data_json, nsmf_update_sm_context_req, data);
BODY(update_rsp, sm_context_updated_data_json, nsmf_update_sm_context_rsp, data);
BODY(update_error, sm_context_update_error_json, nsmf_update_sm_context_rsp, error);

const struct sbi_json smf_update_sm_context_json = { .path = &update_path,
	.req = &update_req,
	.rsp = &update_rsp,
	.error = &update_error,
	.may_be_empty = true };

JSON_TABLE(release_path,
	{ JSON_V("smContextRef", json_text, nsmf_release_sm_context_req, sm_context_ref), MUST }, );
BODY(release_req, sm_context_release_data_json, nsmf_release_sm_context_req, data);

const struct sbi_json smf_release_sm_context_json = { .path = &release_path, .req = &release_req };

/* The callback's URI is one that we gave out: what it stands for, its owner knows. */
JSON_TABLE(
	status_path, { JSON_V("callback", json_text, nsmf_sm_context_status_notify_req, callback), MUST }, );
BODY(status_req, sm_context_status_notification_json, nsmf_sm_context_status_notify_req, data);

const struct sbi_json amf_sm_context_status_notify_json = { .path = &status_path, .req = &status_req };

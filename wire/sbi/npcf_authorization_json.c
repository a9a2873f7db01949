/* TS 29.514: Npcf_PolicyAuthorization. */
#include "wire/sbi/tables.h"

BODY(create_req, app_session_context_json, npcf_app_session_create_req, data);
BODY(create_rsp, app_session_context_json, npcf_app_session_create_rsp, data);
JSON_TABLE(
	location, { JSON_V("appSessionId", json_text, npcf_app_session_create_rsp, app_session_id), MUST }, );

const struct sbi_json pcf_app_session_create_json = {
	.req = &create_req,
	.rsp = &create_rsp,
	.location = "/npcf-policyauthorization/v1/app-sessions/{appSessionId}",
	.location_fields = &location,
};

JSON_TABLE(update_path,
	{ JSON_V("appSessionId", json_text, npcf_app_session_update_req, app_session_id), MUST }, );
BODY(update_req, app_session_context_update_data_patch_json, npcf_app_session_update_req, data);
BODY(update_rsp, app_session_context_json, npcf_app_session_update_rsp, data);

const struct sbi_json pcf_app_session_update_json = { .path = &update_path,
	.req = &update_req,
	.req_type = TYPE_MERGE_PATCH,
	.rsp = &update_rsp,
	.may_be_empty = true };

JSON_TABLE(delete_path,
	{ JSON_V("appSessionId", json_text, npcf_app_session_delete_req, app_session_id), MUST }, );

const struct sbi_json pcf_app_session_delete_json = { .path = &delete_path };

JSON_TABLE(subscribe_path,
	{ JSON_V("appSessionId", json_text, npcf_app_session_subscribe_req, app_session_id), MUST }, );
BODY(subscribe_req, events_subsc_req_data_json, npcf_app_session_subscribe_req, data);

const struct sbi_json pcf_app_session_subscribe_json = { .path = &subscribe_path, .req = &subscribe_req };

JSON_TABLE(unsubscribe_path,
	{ JSON_V("appSessionId", json_text, npcf_app_session_unsubscribe_req, app_session_id), MUST }, );

const struct sbi_json pcf_app_session_unsubscribe_json = { .path = &unsubscribe_path };

JSON_TABLE(notify_path, { JSON_V("callback", json_text, npcf_app_session_notify_req, callback), MUST }, );
BODY(notify_req, events_notification_json, npcf_app_session_notify_req, data);

const struct sbi_json af_event_notify_json = { .path = &notify_path, .req = &notify_req };

JSON_TABLE(
	terminate_path, { JSON_V("callback", json_text, npcf_app_session_terminate_req, callback), MUST }, );
BODY(terminate_req, termination_info_json, npcf_app_session_terminate_req, data);

const struct sbi_json af_terminate_json = { .path = &terminate_path, .req = &terminate_req };

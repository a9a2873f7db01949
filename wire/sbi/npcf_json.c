/* TS 29.507: Npcf_AMPolicyControl; TS 29.512: Npcf_SMPolicyControl. */
#include "wire/sbi/tables.h"

BODY(am_create_req, policy_association_request_json, npcf_am_policy_create_req, data);
BODY(am_create_rsp, policy_association_json, npcf_am_policy_create_rsp, data);
JSON_TABLE(am_location, { JSON_V("polAssoId", json_text, npcf_am_policy_create_rsp, policy_id), MUST }, );

const struct sbi_json pcf_am_policy_create_json = {
	.req = &am_create_req,
	.rsp = &am_create_rsp,
	.location = "/npcf-am-policy-control/v1/policies/{polAssoId}",
	.location_fields = &am_location,
};

JSON_TABLE(am_path, { JSON_V("polAssoId", json_text, npcf_am_policy_delete_req, policy_id), MUST }, );

const struct sbi_json pcf_am_policy_delete_json = { .path = &am_path };

BODY(sm_create_req, sm_policy_context_data_json, npcf_sm_policy_create_req, data);
BODY(sm_create_rsp, sm_policy_decision_json, npcf_sm_policy_create_rsp, data);
JSON_TABLE(sm_location, { JSON_V("smPolicyId", json_text, npcf_sm_policy_create_rsp, policy_id), MUST }, );

const struct sbi_json pcf_sm_policy_create_json = {
	.req = &sm_create_req,
	.rsp = &sm_create_rsp,
	.location = "/npcf-smpolicycontrol/v1/sm-policies/{smPolicyId}",
	.location_fields = &sm_location,
};

JSON_TABLE(sm_path, { JSON_V("smPolicyId", json_text, npcf_sm_policy_delete_req, policy_id), MUST }, );
BODY(sm_delete_req, sm_policy_delete_data_json, npcf_sm_policy_delete_req, data);

const struct sbi_json pcf_sm_policy_delete_json = { .path = &sm_path, .req = &sm_delete_req };

JSON_TABLE(sm_update_path, { JSON_V("smPolicyId", json_text, npcf_sm_policy_update_req, policy_id), MUST }, );
BODY(sm_update_req, sm_policy_update_context_data_json, npcf_sm_policy_update_req, data);
BODY(sm_update_rsp, sm_policy_decision_json, npcf_sm_policy_update_rsp, data);

const struct sbi_json pcf_sm_policy_update_json = {
	.path = &sm_update_path, .req = &sm_update_req, .rsp = &sm_update_rsp
};

JSON_TABLE(sm_notify_path, { JSON_V("callback", json_text, npcf_sm_policy_notify_req, callback), MUST }, );
BODY(sm_notify_req, sm_policy_notification_json, npcf_sm_policy_notify_req, data);
BODY(sm_notify_rsp, partial_success_report_json, npcf_sm_policy_notify_rsp, data);

const struct sbi_json smf_sm_policy_notify_json = {
	.path = &sm_notify_path, .req = &sm_notify_req, .rsp = &sm_notify_rsp, .may_be_empty = true
};

/*
 * TS 29.507 and 29.512. No feature is supported (suppFeat "0"), no usage monitoring has another name than
 * "1".
 */
#include "wire/sbi/tables.h"

JSON_TABLE(association_request,
	{ JSON_V("notificationUri", json_str, npcf_am_policy_create_req, notification_uri), MUST },
	{ JSON_V("supi", json_supi, npcf_am_policy_create_req, supi), MUST },
	{ JSON_EMIT("accessType", "3GPP_ACCESS") },
	{ JSON_OBJ("servingPlmn", sbi_plmn, npcf_am_policy_create_req, serving_plmn) },
	{ JSON_ITEMS("allowedSnssais", sbi_snssai_item, npcf_am_policy_create_req, allowed_snssais.items,
		allowed_snssais.count) },
	{ JSON_OBJ("guami", sbi_guami, npcf_am_policy_create_req, guami) },
	{ JSON_EMIT("suppFeat", "0"), MUST }, );
JSON_ROOT(am_create_req, association_request);

JSON_TABLE(association, { JSON_V("rfsp", json_uint, npcf_am_policy_create_rsp, rfsp), JSON_RANGE(1, 256) },
	{ JSON_OBJ("ueAmbr", sbi_ambr, npcf_am_policy_create_rsp, ue_ambr),
		JSON_HAS(npcf_am_policy_create_rsp, has_ue_ambr) },
	{ JSON_EMIT("suppFeat", "0"), MUST }, );
JSON_ROOT(am_create_rsp, association);
JSON_TABLE(am_location, { JSON_V("polAssoId", json_str, npcf_am_policy_create_rsp, policy_id), MUST }, );

const struct sbi_json pcf_am_policy_create_json = {
	.req = &am_create_req,
	.rsp = &am_create_rsp,
	.location = "/npcf-am-policy-control/v1/policies/{polAssoId}",
	.location_fields = &am_location,
};

JSON_TABLE(am_path, { JSON_V("polAssoId", json_str, npcf_am_policy_delete_req, policy_id), MUST }, );

const struct sbi_json pcf_am_policy_delete_json = { .path = &am_path };

JSON_TABLE(sm_context_data, { JSON_V("supi", json_supi, npcf_sm_policy_create_req, supi), MUST },
	{ JSON_V("pduSessionId", json_uint, npcf_sm_policy_create_req, pdu_session_id), MUST },
	{ JSON_E("pduSessionType", sbi_pdu_session_types, npcf_sm_policy_create_req, pdu_session_type),
		MUST },
	{ JSON_V("dnn", json_str, npcf_sm_policy_create_req, dnn), MUST },
	{ JSON_V("notificationUri", json_str, npcf_sm_policy_create_req, notification_uri), MUST },
	{ JSON_OBJ("subsSessAmbr", sbi_ambr, npcf_sm_policy_create_req, subs_sess_ambr) },
	{ JSON_OBJ("subsDefQos", sbi_default_qos, npcf_sm_policy_create_req, subs_def_qos) },
	{ JSON_OBJ("sliceInfo", sbi_snssai, npcf_sm_policy_create_req, slice_info), MUST }, );
JSON_ROOT(sm_create_req, sm_context_data);

/* SmPolicyDecision: of several session rules the first counts. */
JSON_TABLE(session_rule, { JSON_OBJ("authSessAmbr", sbi_ambr, npcf_sm_policy_create_rsp, auth_sess_ambr) },
	{ JSON_OBJ("authDefQos", sbi_default_qos, npcf_sm_policy_create_rsp, auth_def_qos) },
	{ JSON_EMIT("sessRuleId", "1"), MUST }, );
JSON_ROOT(session_rule_item, session_rule);
static const struct json_field session_rule_key = { JSON_EMIT("", "1") };

JSON_TABLE(sm_decision,
	{ .key = "sessRules", .kind = JSON_MAP, .item = &session_rule_item, .map_key = &session_rule_key }, );
JSON_ROOT(sm_create_rsp, sm_decision);
JSON_TABLE(sm_location, { JSON_V("smPolicyId", json_str, npcf_sm_policy_create_rsp, policy_id), MUST }, );

const struct sbi_json pcf_sm_policy_create_json = {
	.req = &sm_create_req,
	.rsp = &sm_create_rsp,
	.location = "/npcf-smpolicycontrol/v1/sm-policies/{smPolicyId}",
	.location_fields = &sm_location,
};

JSON_TABLE(sm_path, { JSON_V("smPolicyId", json_str, npcf_sm_policy_delete_req, policy_id), MUST }, );
JSON_TABLE(usage_report, { JSON_EMIT("refUmIds", "1"), MUST },
	{ JSON_V("volUsageUplink", json_uint, npcf_sm_policy_delete_req, uplink_octets) },
	{ JSON_V("volUsageDownlink", json_uint, npcf_sm_policy_delete_req, downlink_octets) }, );
JSON_ROOT(usage_report_item, usage_report);
JSON_TABLE(sm_delete_data, { JSON_ONE("accuUsageReports", usage_report_item) }, );
JSON_ROOT(sm_delete_req, sm_delete_data);

const struct sbi_json pcf_sm_policy_delete_json = { .path = &sm_path, .req = &sm_delete_req };

/* TS 29.502: Nsmf_PDUSession and its callback. anType and ratType: the product serves NR. */
#include "wire/sbi/tables.h"

static const char *const request_types[] = { "INITIAL_REQUEST", "EXISTING_PDU_SESSION" };

JSON_TABLE(user_location,
	{ JSON_OBJ("nrLocation", sbi_nr_location, nsmf_create_sm_context_req, ue_location) }, );
JSON_TABLE(create_data, { JSON_V("supi", json_supi, nsmf_create_sm_context_req, supi) },
	{ JSON_V("pduSessionId", json_uint, nsmf_create_sm_context_req, pdu_session_id) },
	{ JSON_V("dnn", json_str, nsmf_create_sm_context_req, dnn) },
	{ JSON_OBJ("sNssai", sbi_snssai, nsmf_create_sm_context_req, snssai) },
	{ JSON_V("servingNfId", json_str, nsmf_create_sm_context_req, serving_nf_id), MUST },
	{ JSON_OBJ("guami", sbi_guami, nsmf_create_sm_context_req, guami) },
	{ JSON_OBJ("servingNetwork", sbi_plmn, nsmf_create_sm_context_req, serving_network), MUST },
	{ JSON_E("requestType", request_types, nsmf_create_sm_context_req, existing_pdu_session) },
	/* 24.501 6.4.1.2: there is always one. */
	{ JSON_BIN("n1SmMsg", "n1msg", TYPE_NAS, nsmf_create_sm_context_req, n1_sm_msg), MUST },
	{ JSON_EMIT("anType", "3GPP_ACCESS"), MUST }, { JSON_EMIT("ratType", "NR") },
	{ JSON_GROUP("ueLocation", user_location) },
	{ JSON_V("smContextStatusUri", json_str, nsmf_create_sm_context_req, sm_context_status_uri),
		MUST }, );
JSON_ROOT(create_req, create_data);

/* SmContextCreatedData: all we have to say is in the Location. */
static const struct json_object created_data = { NULL, 0 };
JSON_ROOT(create_rsp, created_data);
JSON_TABLE(create_location,
	{ JSON_V("smContextRef", json_str, nsmf_create_sm_context_rsp, sm_context_ref), MUST }, );

struct create_error {
	struct sbi_problem_details problem;
	struct nsmf_create_sm_context_rsp rsp;
};

JSON_TABLE(create_error_object, { JSON_OBJ("error", sbi_problem_object, create_error, problem), MUST },
	{ JSON_BIN("n1SmMsg", "n1msg", TYPE_NAS, create_error, rsp.n1_sm_msg) }, );
JSON_ROOT(create_error_root, create_error_object);
static const struct sbi_error_json create_error = { &create_error_root, sizeof(struct create_error),
	offsetof(struct create_error, rsp), 0 };

const struct sbi_json smf_create_sm_context_json = {
	.req = &create_req,
	.rsp = &create_rsp,
	.error = &create_error,
	.location = "/nsmf-pdusession/v1/sm-contexts/{smContextRef}",
	.location_fields = &create_location,
};

/* SUSPENDED is of EPS interworking */
static const char *const up_cnx_states[] = {
	[UP_CNX_ACTIVATED] = "ACTIVATED",
	[UP_CNX_DEACTIVATED] = "DEACTIVATED",
	[UP_CNX_ACTIVATING] = "ACTIVATING",
};

JSON_TABLE(update_path,
	{ JSON_V("smContextRef", json_str, nsmf_update_sm_context_req, sm_context_ref), MUST }, );
JSON_TABLE(update_data, { JSON_E("upCnxState", up_cnx_states, nsmf_update_sm_context_req, up_cnx_state) },
	{ JSON_BIN("n1SmMsg", "n1msg", TYPE_NAS, nsmf_update_sm_context_req, n1_sm_msg) },
	{ JSON_BIN("n2SmInfo", "n2msg", TYPE_NGAP, nsmf_update_sm_context_req, n2_sm_info) },
	{ JSON_E("n2SmInfoType", sbi_n2_sm_info_types, nsmf_update_sm_context_req, n2_sm_info_type) },
	{ JSON_V("release", json_bool, nsmf_update_sm_context_req, release) }, );
JSON_ROOT(update_req, update_data);

JSON_TABLE(updated_data, { JSON_E("upCnxState", up_cnx_states, nsmf_update_sm_context_rsp, up_cnx_state) },
	{ JSON_BIN("n1SmMsg", "n1msg", TYPE_NAS, nsmf_update_sm_context_rsp, n1_sm_msg) },
	{ JSON_BIN("n2SmInfo", "n2msg", TYPE_NGAP, nsmf_update_sm_context_rsp, n2_sm_info) },
	{ JSON_E("n2SmInfoType", sbi_n2_sm_info_types, nsmf_update_sm_context_rsp, n2_sm_info_type) }, );
JSON_ROOT(update_rsp, updated_data);

struct update_error {
	struct sbi_problem_details problem;
	struct nsmf_update_sm_context_rsp rsp;
};

JSON_TABLE(update_error_object, { JSON_OBJ("error", sbi_problem_object, update_error, problem), MUST },
	{ JSON_E("upCnxState", up_cnx_states, update_error, rsp.up_cnx_state) },
	{ JSON_BIN("n1SmMsg", "n1msg", TYPE_NAS, update_error, rsp.n1_sm_msg) },
	{ JSON_BIN("n2SmInfo", "n2msg", TYPE_NGAP, update_error, rsp.n2_sm_info) },
	{ JSON_E("n2SmInfoType", sbi_n2_sm_info_types, update_error, rsp.n2_sm_info_type) }, );
JSON_ROOT(update_error_root, update_error_object);
static const struct sbi_error_json update_error = { &update_error_root, sizeof(struct update_error),
	offsetof(struct update_error, rsp), 0 };

const struct sbi_json smf_update_sm_context_json = { .path = &update_path,
	.req = &update_req,
	.rsp = &update_rsp,
	.error = &update_error,
	.may_be_empty = true };

JSON_TABLE(release_path,
	{ JSON_V("smContextRef", json_str, nsmf_release_sm_context_req, sm_context_ref), MUST }, );

/* SmContextReleaseData is optional, and we have nothing to say in it. */
const struct sbi_json smf_release_sm_context_json = { .path = &release_path };

/* The callback's URI is one that we gave out: what it stands for, its owner knows. */
JSON_TABLE(
	status_path, { JSON_V("callback", json_str, nsmf_sm_context_status_notify_req, callback), MUST }, );
JSON_TABLE(status_info, { JSON_C("resourceStatus", "RELEASED"), MUST }, );
JSON_TABLE(status_notification, { JSON_GROUP("statusInfo", status_info), MUST }, );
JSON_ROOT(status_req, status_notification);

const struct sbi_json amf_sm_context_status_notify_json = { .path = &status_path, .req = &status_req };

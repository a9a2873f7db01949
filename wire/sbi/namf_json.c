/* TS 29.518: Namf_Communication_N1N2MessageTransfer for session management. */
#include "wire/sbi/tables.h"

JSON_TABLE(transfer_path, { JSON_V("ueContextId", json_supi, namf_n1n2_message_transfer_req, supi), MUST }, );
JSON_TABLE(n1_container, { JSON_C("n1MessageClass", "SM"), MUST },
	{ JSON_BIN("n1MessageContent", "n1msg", TYPE_NAS, namf_n1n2_message_transfer_req, n1_sm_msg),
		MUST }, );
JSON_TABLE(n2_content,
	{ JSON_E("ngapIeType", sbi_n2_sm_info_types, namf_n1n2_message_transfer_req, n2_sm_info_type) },
	{ JSON_BIN("ngapData", "n2msg", TYPE_NGAP, namf_n1n2_message_transfer_req, n2_sm_info), MUST }, );
JSON_TABLE(n2_sm_information,
	{ JSON_V("pduSessionId", json_uint, namf_n1n2_message_transfer_req, pdu_session_id), MUST },
	{ JSON_GROUP("n2InfoContent", n2_content), MUST },
	{ JSON_OBJ("sNssai", sbi_snssai, namf_n1n2_message_transfer_req, snssai) }, );
JSON_TABLE(n2_container, { JSON_C("n2InformationClass", "SM"), MUST },
	{ JSON_GROUP("smInfo", n2_sm_information), MUST }, );
/* The slice is said with N2 information only: the message has no other place for it. */
JSON_TABLE(n1n2_message,
	{ JSON_GROUP("n1MessageContainer", n1_container),
		JSON_WHEN(namf_n1n2_message_transfer_req, n1_sm_msg.len) },
	{ JSON_GROUP("n2InfoContainer", n2_container),
		JSON_WHEN(namf_n1n2_message_transfer_req, n2_sm_info_type) },
	{ JSON_V("pduSessionId", json_uint, namf_n1n2_message_transfer_req, pdu_session_id) },
	{ JSON_V("skipInd", json_bool, namf_n1n2_message_transfer_req, skip_ind) }, );
JSON_ROOT(transfer_req, n1n2_message);

static const char *const transfer_causes[N1_N2_TRANSFER_CAUSE_COUNT] = {
	[N1_N2_TRANSFER_INITIATED] = "N1_N2_TRANSFER_INITIATED",
	[ATTEMPTING_TO_REACH_UE] = "ATTEMPTING_TO_REACH_UE",
	[N1_MSG_NOT_TRANSFERRED] = "N1_MSG_NOT_TRANSFERRED",
	[N2_MSG_NOT_TRANSFERRED] = "N2_MSG_NOT_TRANSFERRED",
};

JSON_TABLE(
	transfer_data, { JSON_E("cause", transfer_causes, namf_n1n2_message_transfer_rsp, cause), MUST }, );
JSON_ROOT(transfer_rsp, transfer_data);

/* N1N2MessageTransferError: of 409 the only form, of 504 one of two */
struct transfer_error {
	struct sbi_problem_details problem;
};

JSON_TABLE(transfer_error_object, { JSON_OBJ("error", sbi_problem_object, transfer_error, problem), MUST }, );
JSON_ROOT(transfer_error_root, transfer_error_object);
static const struct sbi_error_json transfer_error = { &transfer_error_root, sizeof(struct transfer_error), 0,
	409 };

const struct sbi_json amf_n1n2_message_transfer_json = {
	.path = &transfer_path, .req = &transfer_req, .rsp = &transfer_rsp, .error = &transfer_error
};

/* TS 29.518: Namf_Communication. */
#include "wire/sbi/tables.h"

JSON_TABLE(transfer_path, { JSON_V("ueContextId", json_supi, namf_n1n2_message_transfer_req, supi), MUST }, );
BODY(transfer_req, n1_n2_message_transfer_req_data_json, namf_n1n2_message_transfer_req, data);
BODY(transfer_rsp, n1_n2_message_transfer_rsp_data_json, namf_n1n2_message_transfer_rsp, data);
BODY(transfer_error, n1_n2_message_transfer_error_json, namf_n1n2_message_transfer_rsp, error);

/* N1N2MessageTransferError is of 409 the only form, of 504 one of two. */
const struct sbi_json amf_n1n2_message_transfer_json = {
	.path = &transfer_path,
	.req = &transfer_req,
	.rsp = &transfer_rsp,
	.error = &transfer_error,
	.error_status = 409,
};

/* The callback's URI is one that we gave out: what it stands for, its owner knows. */
JSON_TABLE(failure_path,
	{ JSON_V("callback", json_text, namf_n1n2_transfer_failure_notify_req, callback), MUST }, );
BODY(failure_req, n1_n2_msg_txfr_failure_notification_json, namf_n1n2_transfer_failure_notify_req, data);

const struct sbi_json smf_n1n2_transfer_failure_notify_json = { .path = &failure_path, .req = &failure_req };

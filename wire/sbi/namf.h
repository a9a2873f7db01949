/* Namf_Communication, TS 29.518. */
#pragma once

#include "wire/sbi/types.h"

/* POST /ue-contexts/{ueContextId}/n1-n2-messages */
struct namf_n1n2_message_transfer_req {
	struct supi supi;
	struct n1_n2_message_transfer_req_data data;
};

struct namf_n1n2_message_transfer_rsp {
	struct n1_n2_message_transfer_rsp_data data;
	struct n1_n2_message_transfer_error error; /* with a cause of 409 */
};

/* POST {n1n2FailureTxfNotifURI}, AMF to SMF */
struct namf_n1n2_transfer_failure_notify_req {
	const char *callback;
	struct n1_n2_msg_txfr_failure_notification data;
};

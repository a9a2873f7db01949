/* Nsmf_PDUSession, TS 29.502. */
#pragma once

#include "wire/sbi/types.h"

/* POST /sm-contexts */
struct nsmf_create_sm_context_req {
	struct sm_context_create_data data;
};

struct nsmf_create_sm_context_rsp {
	const char *sm_context_ref; /* of the Location */
	struct sm_context_created_data data;
	struct sm_context_create_error error; /* in place of both, with a cause */
};

/* POST /sm-contexts/{smContextRef}/modify */
struct nsmf_update_sm_context_req {
	const char *sm_context_ref;
	struct sm_context_update_data data;
};

struct nsmf_update_sm_context_rsp {
	struct sm_context_updated_data data;
	struct sm_context_update_error error; /* in its place, with a cause */
};

/* POST /sm-contexts/{smContextRef}/release: nothing is sent to UE or RAN */
struct nsmf_release_sm_context_req {
	const char *sm_context_ref;
	struct sm_context_release_data data;
};

/* POST {smContextStatusUri}, SMF to AMF */
struct nsmf_sm_context_status_notify_req {
	const char *callback;
	struct sm_context_status_notification data;
};

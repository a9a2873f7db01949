/* Npcf_AMPolicyControl (TS 29.507), Npcf_SMPolicyControl (TS 29.512), Npcf_PolicyAuthorization (TS 29.514).
 */
#pragma once

#include "wire/sbi/types.h"

enum { POLICY_ID_SIZE = 40, APP_SESSION_ID_SIZE = 48 }; /* of ours */

/* POST /policies */
struct npcf_am_policy_create_req {
	struct policy_association_request data;
};

struct npcf_am_policy_create_rsp {
	const char *policy_id; /* of the Location */
	struct policy_association data;
};

/* DELETE /policies/{polAssoId} */
struct npcf_am_policy_delete_req {
	const char *policy_id;
};

/* POST /sm-policies */
struct npcf_sm_policy_create_req {
	struct sm_policy_context_data data;
};

struct npcf_sm_policy_create_rsp {
	const char *policy_id; /* of the Location */
	struct sm_policy_decision data;
};

/* POST /sm-policies/{smPolicyId}/delete */
struct npcf_sm_policy_delete_req {
	const char *policy_id;
	struct sm_policy_delete_data data;
};

/* POST /sm-policies/{smPolicyId}/update */
struct npcf_sm_policy_update_req {
	const char *policy_id;
	struct sm_policy_update_context_data data;
};

struct npcf_sm_policy_update_rsp {
	struct sm_policy_decision data;
};

/* POST {notificationUri}/update, PCF to SMF; what could not be met is answered by 200, else it is 204 */
struct npcf_sm_policy_notify_req {
	const char *callback;
	struct sm_policy_notification data;
};

struct npcf_sm_policy_notify_rsp {
	struct partial_success_report data;
};

/* POST /app-sessions */
struct npcf_app_session_create_req {
	struct app_session_context data;
};

struct npcf_app_session_create_rsp {
	const char *app_session_id; /* of the Location */
	struct app_session_context data;
};

/* PATCH /app-sessions/{appSessionId} */
struct npcf_app_session_update_req {
	const char *app_session_id;
	struct app_session_context_update_data_patch data;
};

struct npcf_app_session_update_rsp {
	struct app_session_context data;
};

/* POST /app-sessions/{appSessionId}/delete */
struct npcf_app_session_delete_req {
	const char *app_session_id;
};

/* PUT /app-sessions/{appSessionId}/events-subscription */
struct npcf_app_session_subscribe_req {
	const char *app_session_id;
	struct events_subsc_req_data data;
};

/* DELETE /app-sessions/{appSessionId}/events-subscription */
struct npcf_app_session_unsubscribe_req {
	const char *app_session_id;
};

/* POST {notifUri}/notify, PCF to AF */
struct npcf_app_session_notify_req {
	const char *callback;
	struct events_notification data;
};

/* POST {notifUri}/terminate, PCF to AF */
struct npcf_app_session_terminate_req {
	const char *callback;
	struct termination_info data;
};

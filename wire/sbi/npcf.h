/* Npcf_AMPolicyControl (TS 29.507) and Npcf_SMPolicyControl (TS 29.512). */
#pragma once

#include "wire/sbi/types.h"

enum { POLICY_ID_SIZE = 40 }; /* of ours */

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

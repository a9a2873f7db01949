/* Requests as HTTP messages, and the operation that a request is for. */
#include "wire/sbi/body.h"

static const struct sbi_json *const tables[SBI_OP_COUNT] = {
	[SBI_NRF_NF_REGISTER] = &nrf_nf_register_json,
	[SBI_NRF_NF_HEARTBEAT] = &nrf_nf_heartbeat_json,
	[SBI_NRF_NF_DEREGISTER] = &nrf_nf_deregister_json,
	[SBI_NRF_NF_DISCOVER] = &nrf_nf_discover_json,
	[SBI_AUSF_AUTHENTICATE] = &ausf_authenticate_json,
	[SBI_AUSF_5G_AKA_CONFIRM] = &ausf_5g_aka_confirm_json,
	[SBI_UDM_GENERATE_AUTH_DATA] = &udm_generate_auth_data_json,
	[SBI_UDM_CONFIRM_AUTH] = &udm_confirm_auth_json,
	[SBI_UDM_GET_AM_DATA] = &udm_get_am_data_json,
	[SBI_UDM_GET_SMF_SELECT_DATA] = &udm_get_smf_select_data_json,
	[SBI_UDM_GET_SM_DATA] = &udm_get_sm_data_json,
	[SBI_UDM_AMF_REGISTRATION] = &udm_amf_registration_json,
	[SBI_UDM_AMF_PURGE] = &udm_amf_purge_json,
	[SBI_UDM_SMF_REGISTRATION] = &udm_smf_registration_json,
	[SBI_UDM_SMF_DEREGISTRATION] = &udm_smf_deregistration_json,
	[SBI_AMF_DEREGISTRATION_NOTIFY] = &amf_deregistration_notify_json,
	[SBI_UDR_GET_AUTH_SUBSCRIPTION] = &udr_get_auth_subscription_json,
	[SBI_UDR_PATCH_SQN] = &udr_patch_sqn_json,
	[SBI_UDR_GET_AM_DATA] = &udr_get_am_data_json,
	[SBI_UDR_GET_SMF_SELECT_DATA] = &udr_get_smf_select_data_json,
	[SBI_UDR_GET_SM_DATA] = &udr_get_sm_data_json,
	[SBI_UDR_PUT_AMF_CONTEXT] = &udr_put_amf_context_json,
	[SBI_UDR_DELETE_AMF_CONTEXT] = &udr_delete_amf_context_json,
	[SBI_UDR_PUT_SMF_CONTEXT] = &udr_put_smf_context_json,
	[SBI_UDR_DELETE_SMF_CONTEXT] = &udr_delete_smf_context_json,
	[SBI_NSSF_NS_SELECTION] = &nssf_ns_selection_json,
	[SBI_PCF_AM_POLICY_CREATE] = &pcf_am_policy_create_json,
	[SBI_PCF_AM_POLICY_DELETE] = &pcf_am_policy_delete_json,
	[SBI_PCF_SM_POLICY_CREATE] = &pcf_sm_policy_create_json,
	[SBI_PCF_SM_POLICY_DELETE] = &pcf_sm_policy_delete_json,
	[SBI_SMF_CREATE_SM_CONTEXT] = &smf_create_sm_context_json,
	[SBI_SMF_UPDATE_SM_CONTEXT] = &smf_update_sm_context_json,
	[SBI_SMF_RELEASE_SM_CONTEXT] = &smf_release_sm_context_json,
	[SBI_AMF_N1N2_MESSAGE_TRANSFER] = &amf_n1n2_message_transfer_json,
	[SBI_AMF_SM_CONTEXT_STATUS_NOTIFY] = &amf_sm_context_status_notify_json,
};

const struct sbi_json *sbi_json_of(enum sbi_op_id op)
{
	return tables[op];
}

bool sbi_request_encode(enum sbi_op_id op, const void *req, struct arena *arena, struct sbi_http *out)
{
	const struct sbi_json *j = tables[op];

	*out = (struct sbi_http){ .method = sbi_ops[op].method };
	out->path = sbi_path_text(sbi_ops[op].path, j->path, j->query, req, arena);
	return out->path && (!j->req || sbi_body_write(j->req, j->req_type, req, arena, out));
}

static void path_split(const char *text, struct bytes *path, struct bytes *query)
{
	size_t len = strcspn(text, "?#");

	*path = bytes_of(text, len);
	*query = text[len] == '?' ? bytes_of(text + len + 1, strcspn(text + len + 1, "#")) : BYTES_NONE;
}

static bool find_operation(
	const char *method, struct bytes path, enum sbi_op_id *op, struct sbi_problem *problem)
{
	enum sbi_cause cause = SBI_RESOURCE_URI_STRUCTURE_NOT_FOUND;

	for (unsigned i = 0; i < SBI_OP_COUNT; i++) {
		if (!sbi_path_matches(sbi_ops[i].path, path))
			continue;
		if (!strcmp(sbi_ops[i].method, method)) {
			*op = (enum sbi_op_id)i;
			return true;
		}
		cause = SBI_METHOD_NOT_ALLOWED;
	}
	return sbi_problem_set(problem, cause, BYTES_NONE);
}

bool sbi_request_decode(const struct sbi_http *in, struct arena *arena, enum sbi_op_id *op, void **req,
	struct sbi_problem *problem)
{
	const struct sbi_json *j;
	struct bytes path, query;

	path_split(in->path, &path, &query);
	if (!find_operation(in->method, path, op, problem))
		return false;
	j = tables[*op];
	*req = arena_alloc(arena, sbi_ops[*op].req.size);
	if (!*req)
		return sbi_problem_set(problem, SBI_INSUFFICIENT_RESOURCES, BYTES_NONE);
	/* The body first: where both have a value, the path's stands. */
	if (j->req && !sbi_body_read(j->req, in, arena, *req, problem))
		return false;
	return sbi_path_read(sbi_ops[*op].path, j->path, path, arena, *req, problem) &&
	       sbi_query_read(j->query, query, arena, *req, problem);
}

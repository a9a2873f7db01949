/* Each operation's JSON tables, and what is done with whole bodies by walking them. */
#include "wire/sbi/tables.h"

static const struct sbi_json *const tables[SBI_OP_COUNT] = {
	[SBI_NRF_NF_REGISTER] = &nrf_nf_register_json,
	[SBI_NRF_NF_HEARTBEAT] = &nrf_nf_heartbeat_json,
	[SBI_NRF_NF_DEREGISTER] = &nrf_nf_deregister_json,
	[SBI_NRF_NF_DISCOVER] = &nrf_nf_discover_json,
	[SBI_AUSF_AUTHENTICATE] = &ausf_authenticate_json,
	[SBI_AUSF_5G_AKA_CONFIRM] = &ausf_5g_aka_confirm_json,
	[SBI_AUSF_EAP_SESSION] = &ausf_eap_session_json,
	[SBI_AUSF_SOR_PROTECTION] = &ausf_sor_protection_json,
	[SBI_AUSF_UPU_PROTECTION] = &ausf_upu_protection_json,
	[SBI_UDM_GENERATE_AUTH_DATA] = &udm_generate_auth_data_json,
	[SBI_UDM_CONFIRM_AUTH] = &udm_confirm_auth_json,
	[SBI_UDM_GET_AM_DATA] = &udm_get_am_data_json,
	[SBI_UDM_GET_SMF_SELECT_DATA] = &udm_get_smf_select_data_json,
	[SBI_UDM_GET_SM_DATA] = &udm_get_sm_data_json,
	[SBI_UDM_SOR_ACK] = &udm_sdm_ack_json,
	[SBI_UDM_UPU_ACK] = &udm_sdm_ack_json,
	[SBI_UDM_AMF_REGISTRATION] = &udm_amf_registration_json,
	[SBI_UDM_AMF_PURGE] = &udm_amf_purge_json,
	[SBI_UDM_SMF_REGISTRATION] = &udm_smf_registration_json,
	[SBI_UDM_SMF_DEREGISTRATION] = &udm_smf_deregistration_json,
	[SBI_AMF_DEREGISTRATION_NOTIFY] = &amf_deregistration_notify_json,
	[SBI_AMF_SDM_NOTIFY] = &amf_sdm_notify_json,
	[SBI_UDR_GET_AUTH_SUBSCRIPTION] = &udr_get_auth_subscription_json,
	[SBI_UDR_PATCH_SQN] = &udr_patch_sqn_json,
	[SBI_UDR_GET_AM_DATA] = &udr_get_am_data_json,
	[SBI_UDR_GET_SMF_SELECT_DATA] = &udr_get_smf_select_data_json,
	[SBI_UDR_GET_SM_DATA] = &udr_get_sm_data_json,
	[SBI_UDR_GET_AMF_CONTEXT] = &udr_get_amf_context_json,
	[SBI_UDR_PUT_AMF_CONTEXT] = &udr_put_amf_context_json,
	[SBI_UDR_DELETE_AMF_CONTEXT] = &udr_delete_amf_context_json,
	[SBI_UDR_PUT_SMF_CONTEXT] = &udr_put_smf_context_json,
	[SBI_UDR_DELETE_SMF_CONTEXT] = &udr_delete_smf_context_json,
	[SBI_NSSF_NS_SELECTION] = &nssf_ns_selection_json,
	[SBI_PCF_AM_POLICY_CREATE] = &pcf_am_policy_create_json,
	[SBI_PCF_AM_POLICY_DELETE] = &pcf_am_policy_delete_json,
	[SBI_PCF_SM_POLICY_CREATE] = &pcf_sm_policy_create_json,
	[SBI_PCF_SM_POLICY_UPDATE] = &pcf_sm_policy_update_json,
	[SBI_PCF_SM_POLICY_DELETE] = &pcf_sm_policy_delete_json,
	[SBI_SMF_SM_POLICY_NOTIFY] = &smf_sm_policy_notify_json,
	[SBI_PCF_APP_SESSION_CREATE] = &pcf_app_session_create_json,
	[SBI_PCF_APP_SESSION_UPDATE] = &pcf_app_session_update_json,
	[SBI_PCF_APP_SESSION_DELETE] = &pcf_app_session_delete_json,
	[SBI_PCF_APP_SESSION_SUBSCRIBE] = &pcf_app_session_subscribe_json,
	[SBI_PCF_APP_SESSION_UNSUBSCRIBE] = &pcf_app_session_unsubscribe_json,
	[SBI_AF_EVENT_NOTIFY] = &af_event_notify_json,
	[SBI_AF_TERMINATE] = &af_terminate_json,
	[SBI_SMF_CREATE_SM_CONTEXT] = &smf_create_sm_context_json,
	[SBI_SMF_UPDATE_SM_CONTEXT] = &smf_update_sm_context_json,
	[SBI_SMF_RELEASE_SM_CONTEXT] = &smf_release_sm_context_json,
	[SBI_AMF_N1N2_MESSAGE_TRANSFER] = &amf_n1n2_message_transfer_json,
	[SBI_AMF_SM_CONTEXT_STATUS_NOTIFY] = &amf_sm_context_status_notify_json,
	[SBI_SMF_N1N2_TRANSFER_FAILURE_NOTIFY] = &smf_n1n2_transfer_failure_notify_json,
};

const struct sbi_json *sbi_json_of(enum sbi_op_id op)
{
	return tables[op];
}

/* A struct as large as from, its members as they stand. */
static void *shallow(const void *from, size_t size, struct arena *arena)
{
	void *copy = arena_alloc(arena, size);

	if (copy)
		bytes_copy(copy, size, bytes_of(from, size));
	return copy;
}

void *sbi_request_copy(enum sbi_op_id op, const void *req, struct arena *arena)
{
	const struct sbi_json *j = tables[op];
	void *copy = shallow(req, sbi_ops[op].req_size, arena);

	return copy && json_copy_object(j->path, arena, copy) && json_copy_object(j->query, arena, copy) &&
			       (!j->req || json_copy(j->req, arena, copy))
		       ? copy
		       : NULL;
}

void *sbi_response_copy(enum sbi_op_id op, const void *rsp, struct arena *arena)
{
	const struct sbi_json *j = tables[op];
	void *copy = shallow(rsp, sbi_ops[op].rsp_size, arena);

	return copy && json_copy_object(j->location_fields, arena, copy) &&
			       (!j->rsp || json_copy(j->rsp, arena, copy)) &&
			       (!j->error || json_copy(j->error, arena, copy))
		       ? copy
		       : NULL;
}

bool sbi_request_move(enum sbi_op_id op, void *at, const void *from, size_t octets)
{
	const struct json_moved moved = { from, at, octets };
	const struct sbi_json *j = tables[op];

	return octets >= sbi_ops[op].req_size && json_move_object(j->path, &moved, at) &&
	       json_move_object(j->query, &moved, at) && (!j->req || json_move(j->req, &moved, at));
}

bool sbi_response_move(enum sbi_op_id op, void *at, const void *from, size_t octets)
{
	const struct json_moved moved = { from, at, octets };
	const struct sbi_json *j = tables[op];

	return octets >= sbi_ops[op].rsp_size && json_move_object(j->location_fields, &moved, at) &&
	       (!j->rsp || json_move(j->rsp, &moved, at)) && (!j->error || json_move(j->error, &moved, at));
}

void sbi_request_blank(enum sbi_op_id op, void *copy)
{
	if (tables[op]->req)
		json_blank(tables[op]->req, copy);
}

void sbi_response_blank(enum sbi_op_id op, void *copy)
{
	if (tables[op]->rsp)
		json_blank(tables[op]->rsp, copy);
	if (tables[op]->error)
		json_blank(tables[op]->error, copy);
}

bool sbi_request_has_secret(enum sbi_op_id op)
{
	return tables[op]->req && json_has_secret(tables[op]->req);
}

bool sbi_response_has_secret(enum sbi_op_id op)
{
	const struct sbi_json *j = tables[op];

	return (j->rsp && json_has_secret(j->rsp)) || (j->error && json_has_secret(j->error));
}

bool sbi_request_supi(enum sbi_op_id op, const void *req, struct supi *out)
{
	const struct json_object *path = tables[op]->path;

	for (unsigned i = 0; path && i < path->count; i++) {
		if (path->fields[i].codec != &json_supi)
			continue;
		*out = *(const struct supi *)(const void *)((const uint8_t *)req + path->fields[i].offset);
		return out->imsi[0] != '\0';
	}
	return false;
}

bool sbi_request_equal(enum sbi_op_id op, const void *a, const void *b)
{
	const struct sbi_json *j = tables[op];

	return json_equal_object(j->path, a, b) && json_equal_object(j->query, a, b) &&
	       (!j->req || json_equal(j->req, a, b));
}

bool sbi_response_equal(enum sbi_op_id op, const void *a, const void *b)
{
	const struct sbi_json *j = tables[op];

	return json_equal_object(j->location_fields, a, b) && (!j->rsp || json_equal(j->rsp, a, b)) &&
	       (!j->error || json_equal(j->error, a, b));
}

void sbi_request_print(enum sbi_op_id op, const void *req, struct printer *p)
{
	const struct sbi_json *j = tables[op];

	print_begin(p, "%s", sbi_ops[op].name);
	if (j->path)
		json_print_object(j->path, req, p);
	if (j->query)
		json_print_object(j->query, req, p);
	if (j->req)
		json_print(j->req, req, p);
	print_end(p);
}

void sbi_response_print(enum sbi_op_id op, enum sbi_cause cause, const void *rsp, struct printer *p)
{
	const struct sbi_json *j = tables[op];
	const struct json_field *root = cause == SBI_OK ? j->rsp : j->error;

	print_begin(p, "%s %s", sbi_ops[op].name, sbi_cause_name(cause));
	if (cause == SBI_OK && rsp && j->location_fields)
		json_print_object(j->location_fields, rsp, p);
	if (root && rsp)
		json_print(root, rsp, p);
	print_end(p);
}

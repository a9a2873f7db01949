/* What a CU-UP tells of a bearer context unasked (37.483 8.3.3, 8.3.6, 8.3.7, 8.3.8). */
#include "gnb/cucp/e1ap_parts.h"

static const enum e1ap_system_bearer_context_modification_required_tag of_ng_ran =
	E1AP_SYSTEM_BEARER_CONTEXT_MODIFICATION_REQUIRED_TAG_NG_RAN_BEARER_CONTEXT_MODIFICATION_REQUIRED;

void cucp_e1_inactivity(
	struct cucp_e1ap *e, uint32_t up, const struct e1ap_bearer_context_inactivity_notification *m)
{
	struct cucp_e1_context *c = cucp_e1_find(e, up, m->gnb_cu_cp_ue_e1ap_id, m->gnb_cu_up_ue_e1ap_id);
	const struct e1ap_activity_information *what = &m->activity_information;
	const struct cucp_e1_upper *upper = &e->config.upper;

	if (!c || c->procedure == CUCP_E1_RELEASE)
		return;
	if (what->tag == E1AP_ACTIVITY_INFORMATION_TAG_UE_ACTIVITY)
		upper->activity(upper->arg, c->user, 0, 0, what->u.ue_activity == E1AP_UE_ACTIVITY_ACTIVE);
	else if (what->tag == E1AP_ACTIVITY_INFORMATION_TAG_PDU_SESSION_RESOURCE_ACTIVITY_LIST)
		for (size_t i = 0; i < what->u.pdu_session_resource_activity_list.count; i++) {
			const struct e1ap_pdu_session_resource_activity_item *item =
				&what->u.pdu_session_resource_activity_list.items[i];

			upper->activity(upper->arg, c->user, item->pdu_session_id, 0,
				item->pdu_session_resource_activity ==
					E1AP_PDU_SESSION_RESOURCE_ACTIVITY_ACTIVE);
		}
	else if (what->tag == E1AP_ACTIVITY_INFORMATION_TAG_DRB_ACTIVITY_LIST)
		for (size_t i = 0; i < what->u.drb_activity_list.count; i++)
			upper->activity(upper->arg, c->user, 0,
				(uint8_t)what->u.drb_activity_list.items[i].drb_id,
				what->u.drb_activity_list.items[i].drb_activity == E1AP_DRB_ACTIVITY_ACTIVE);
}

void cucp_e1_downlink(struct cucp_e1ap *e, uint32_t up, const struct e1ap_dl_data_notification *m)
{
	struct cucp_e1_context *c = cucp_e1_find(e, up, m->gnb_cu_cp_ue_e1ap_id, m->gnb_cu_up_ue_e1ap_id);
	const struct e1ap_pdu_session_to_notify_list *list = m->pdu_session_to_notify_list;
	const struct cucp_e1_upper *upper = &e->config.upper;

	if (c && c->procedure != CUCP_E1_RELEASE)
		upper->downlink(
			upper->arg, c->user, list && list->count > 0 ? list->items[0].pdu_session_id : 0);
}

void cucp_e1_usage(struct cucp_e1ap *e, uint32_t up, const struct e1ap_data_usage_report *m)
{
	struct cucp_e1_context *c = cucp_e1_find(e, up, m->gnb_cu_cp_ue_e1ap_id, m->gnb_cu_up_ue_e1ap_id);
	const struct cucp_e1_upper *upper = &e->config.upper;

	if (!c || c->procedure == CUCP_E1_RELEASE)
		return;
	for (size_t i = 0; i < m->data_usage_report_list.count; i++) {
		const struct e1ap_data_usage_report_item *item = &m->data_usage_report_list.items[i];

		for (size_t k = 0; k < item->drb_usage_report_list.count; k++)
			upper->usage(upper->arg, c->user, (uint8_t)item->drb_id,
				item->drb_usage_report_list.items[k].usage_count_ul,
				item->drb_usage_report_list.items[k].usage_count_dl);
	}
}

/* What is to go: of sessions that stay, and whole ones. */
static void removals(
	struct cucp_e1ap *e, void *user, const struct e1ap_ng_ran_bearer_context_modification_required *what)
{
	const struct e1ap_pdu_session_resource_required_to_modify_list *change =
		what->pdu_session_resource_required_to_modify_list;
	const struct e1ap_pdu_session_resource_to_remove_list *gone =
		what->pdu_session_resource_to_remove_list;
	const struct cucp_e1_upper *upper = &e->config.upper;

	for (size_t i = 0; change && i < change->count; i++) {
		const struct e1ap_drb_required_to_remove_list_ng_ran *drbs =
			change->items[i].drb_required_to_remove_list_ng_ran;

		for (size_t k = 0; drbs && k < drbs->count; k++)
			upper->removed(upper->arg, user, change->items[i].pdu_session_id,
				(uint8_t)drbs->items[k].drb_id);
	}
	for (size_t i = 0; gone && i < gone->count; i++)
		upper->removed(upper->arg, user, gone->items[i].pdu_session_id, 0);
}

/* 8.3.3: agreed to, before the upper does anything of its own about it. */
void cucp_e1_modification_required(
	struct cucp_e1ap *e, uint32_t up, const struct e1ap_bearer_context_modification_required *m)
{
	struct cucp_e1_context *c = cucp_e1_find(e, up, m->gnb_cu_cp_ue_e1ap_id, m->gnb_cu_up_ue_e1ap_id);
	struct e1ap_bearer_context_modification_confirm confirm = { .gnb_cu_cp_ue_e1ap_id =
									    m->gnb_cu_cp_ue_e1ap_id,
		.gnb_cu_up_ue_e1ap_id = m->gnb_cu_up_ue_e1ap_id };

	if (!c || c->procedure == CUCP_E1_RELEASE)
		return;
	may_fail(cucp_e1_send(e, up, E1AP_MSG_BEARER_CONTEXT_MODIFICATION_CONFIRM, &confirm));
	if (m->system_bearer_context_modification_required.tag == of_ng_ran)
		removals(e, c->user,
			&m->system_bearer_context_modification_required.u
				.ng_ran_bearer_context_modification_required);
}

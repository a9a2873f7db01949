/*
 * Bearer Context Modification Required (37.483 8.3.3): the other end of a tunnel has told that it has none
 * (29.281 7.3.1), so the session, or the DRB, is to go. It goes when the CU-CP has confirmed that.
 */
#include "gnb/cuup/parts.h"

static const enum e1ap_system_bearer_context_modification_required_tag of_ng_ran =
	E1AP_SYSTEM_BEARER_CONTEXT_MODIFICATION_REQUIRED_TAG_NG_RAN_BEARER_CONTEXT_MODIFICATION_REQUIRED;

static const struct e1ap_cause no_tunnel = { .tag = E1AP_CAUSE_TAG_TRANSPORT,
	.u.transport = E1AP_CAUSE_TRANSPORT_TRANSPORT_RESOURCE_UNAVAILABLE };

static void required_send(
	struct cuup_context *c, const struct e1ap_ng_ran_bearer_context_modification_required *what)
{
	struct e1ap_bearer_context_modification_required m = { .gnb_cu_cp_ue_e1ap_id = c->cp_id,
		.gnb_cu_up_ue_e1ap_id = c->id };

	m.system_bearer_context_modification_required.tag = of_ng_ran;
	m.system_bearer_context_modification_required.u.ng_ran_bearer_context_modification_required = *what;
	may_fail(cuup_e1ap_send(c->node, E1AP_MSG_BEARER_CONTEXT_MODIFICATION_REQUIRED, &m));
}

/* Each is asked for once. False: it was, or too many are. */
static bool is_first(struct cuup_context *c, uint8_t psi, uint8_t drb)
{
	struct cuup_removal *place = NULL;

	for (size_t i = 0; i < CUUP_SESSIONS_A_UE; i++) {
		struct cuup_removal *r = &c->removing[i];

		if (r->psi == psi && r->drb == drb && r->there)
			return false;
		if (!r->there && !place)
			place = r;
	}
	if (place)
		*place = (struct cuup_removal){ true, psi, drb };
	return place != NULL;
}

void cuup_session_lost(struct cuup_pdu_session *s)
{
	struct e1ap_cause cause = no_tunnel;
	struct e1ap_pdu_session_resource_to_remove_item_ext_ies ext = { .cause = &cause };
	struct e1ap_pdu_session_resource_to_remove_item item = { .pdu_session_id = s->psi,
		.ie_extensions = &ext };
	struct e1ap_pdu_session_resource_to_remove_list list = { 1, &item };

	if (is_first(s->context, s->psi, 0))
		required_send(s->context, &(struct e1ap_ng_ran_bearer_context_modification_required){
						  .pdu_session_resource_to_remove_list = &list });
}

void cuup_bearer_lost(struct cuup_bearer *b)
{
	struct e1ap_drb_required_to_remove_item_ng_ran drb = { .drb_id = b->drb, .cause = no_tunnel };
	struct e1ap_drb_required_to_remove_list_ng_ran drbs = { 1, &drb };
	struct e1ap_pdu_session_resource_required_to_modify_item item = { .pdu_session_id = b->session->psi,
		.drb_required_to_remove_list_ng_ran = &drbs };
	struct e1ap_pdu_session_resource_required_to_modify_list list = { 1, &item };

	if (is_first(b->session->context, b->session->psi, b->drb))
		required_send(
			b->session->context, &(struct e1ap_ng_ran_bearer_context_modification_required){
						     .pdu_session_resource_required_to_modify_list = &list });
}

/* All that was asked for. */
void cuup_modification_confirmed(
	struct cuup_node *n, const struct e1ap_bearer_context_modification_confirm *m)
{
	struct cuup_context *c = cuup_context_find(n, m->gnb_cu_cp_ue_e1ap_id, m->gnb_cu_up_ue_e1ap_id);

	for (size_t i = 0; c && i < CUUP_SESSIONS_A_UE; i++) {
		struct cuup_removal *r = &c->removing[i];
		struct cuup_pdu_session *s = r->there ? cuup_session_of(c, r->psi) : NULL;
		struct cuup_bearer *b = s ? cuup_bearer_of(s, r->drb) : NULL;

		if (s && r->drb == 0)
			cuup_pdu_session_free(s);
		else if (b)
			cuup_bearer_free(b);
		*r = (struct cuup_removal){ .there = false };
	}
}

/*
 * Bearer Context Modification at the CU-UP (37.483 8.3.2): PDU sessions and DRBs that come, change and go;
 * where the DU has its ends of F1-U tunnels; new keys; suspension.
 */
#include "gnb/cuup/parts.h"

static const enum e1ap_system_bearer_context_modification_request_tag of_ng_ran =
	E1AP_SYSTEM_BEARER_CONTEXT_MODIFICATION_REQUEST_TAG_NG_RAN_BEARER_CONTEXT_MODIFICATION_REQUEST;

static const enum e1ap_system_bearer_context_modification_response_tag answer_of_ng_ran =
	E1AP_SYSTEM_BEARER_CONTEXT_MODIFICATION_RESPONSE_TAG_NG_RAN_BEARER_CONTEXT_MODIFICATION_RESPONSE;

/* What the answer points to. */
struct answer {
	struct e1ap_system_bearer_context_modification_response system;
	struct e1ap_pdu_session_resource_setup_mod_list setup;
	struct e1ap_pdu_session_resource_failed_mod_list failed;
	struct e1ap_pdu_session_resource_modified_list modified;
	struct e1ap_pdu_session_resource_failed_to_modify_list not_modified;
};

/* The items of this list are those of Bearer Context Setup under other names. */
static bool as_setup(const struct e1ap_pdu_session_resource_to_setup_mod_item *in,
	struct e1ap_pdu_session_resource_to_setup_item *out, struct arena *arena)
{
	size_t count = in->drb_to_setup_mod_list_ng_ran.count;
	struct e1ap_drb_to_setup_item_ng_ran *drbs = arena_array(arena, count, sizeof(*drbs));

	if (!drbs)
		return false;
	*out = (struct e1ap_pdu_session_resource_to_setup_item){ .pdu_session_id = in->pdu_session_id,
		.snssai = in->snssai,
		.security_indication = in->security_indication,
		.ng_ul_up_tnl_information = in->ng_ul_up_tnl_information,
		.has_pdu_session_inactivity_timer = in->has_pdu_session_inactivity_timer,
		.pdu_session_inactivity_timer = in->pdu_session_inactivity_timer,
		.drb_to_setup_list_ng_ran = { count, drbs } };
	for (size_t i = 0; i < count; i++) {
		const struct e1ap_drb_to_setup_mod_item_ng_ran *d =
			&in->drb_to_setup_mod_list_ng_ran.items[i];

		drbs[i] = (struct e1ap_drb_to_setup_item_ng_ran){ .drb_id = d->drb_id,
			.sdap_configuration = d->sdap_configuration,
			.pdcp_configuration = d->pdcp_configuration,
			.qos_flow_information_to_be_setup = d->flow_mapping_information,
			.has_drb_inactivity_timer = d->has_drb_inactivity_timer,
			.drb_inactivity_timer = d->drb_inactivity_timer,
			.pdcp_sn_status_information = d->pdcp_sn_status_information };
	}
	return true;
}

static bool drbs_as_mod(const struct e1ap_pdu_session_resource_setup_item *in,
	struct e1ap_pdu_session_resource_setup_mod_item *out, struct arena *arena)
{
	const struct e1ap_drb_setup_list_ng_ran *done = &in->drb_setup_list_ng_ran;
	const struct e1ap_drb_failed_list_ng_ran *failed = in->drb_failed_list_ng_ran;
	struct e1ap_drb_setup_mod_item_ng_ran *d = arena_array(arena, done->count, sizeof(*d));
	struct e1ap_drb_failed_mod_list_ng_ran *f = failed ? arena_alloc(arena, sizeof(*f)) : NULL;

	if (f)
		f->items = arena_array(arena, failed->count, sizeof(*f->items));
	if (!d || (failed && (!f || !f->items)))
		return false;
	for (size_t i = 0; i < done->count; i++)
		d[i] = (struct e1ap_drb_setup_mod_item_ng_ran){ .drb_id = done->items[i].drb_id,
			.ul_up_transport_parameters = done->items[i].ul_up_transport_parameters,
			.flow_setup_list = done->items[i].flow_setup_list };
	for (size_t i = 0; failed && i < failed->count; i++)
		f->items[f->count++] = (struct e1ap_drb_failed_mod_item_ng_ran){ failed->items[i].drb_id,
			failed->items[i].cause };
	out->drb_setup_mod_list_ng_ran = (struct e1ap_drb_setup_mod_list_ng_ran){ done->count, d };
	out->drb_failed_mod_list_ng_ran = f;
	return true;
}

static void session_add(struct cuup_context *c, const struct e1ap_pdu_session_resource_to_setup_mod_item *in,
	struct answer *a, struct arena *arena)
{
	struct e1ap_pdu_session_resource_setup_mod_item *out = &a->setup.items[a->setup.count];
	struct e1ap_pdu_session_resource_to_setup_item wanted;
	struct e1ap_pdu_session_resource_setup_item done;
	struct e1ap_cause why = { .tag = E1AP_CAUSE_TAG_MISC, .u.misc = E1AP_CAUSE_MISC_UNSPECIFIED };

	if (as_setup(in, &wanted, arena) && cuup_session_setup(c, &wanted, &done, &why, arena)) {
		*out = (struct e1ap_pdu_session_resource_setup_mod_item){ .pdu_session_id =
										  in->pdu_session_id,
			.security_result = done.security_result,
			.ng_dl_up_tnl_information = done.ng_dl_up_tnl_information };
		if (drbs_as_mod(&done, out, arena)) {
			a->setup.count++;
			return;
		}
		cuup_pdu_session_free(cuup_session_of(c, in->pdu_session_id));
	}
	a->failed.items[a->failed.count++] =
		(struct e1ap_pdu_session_resource_failed_mod_item){ in->pdu_session_id, why };
}

/* 38.323 5.1.2, 5.5. False: what it is to be changes, which RRC has a release and a setup for; or no such
 * keys. */
static bool pdcp_change(struct cuup_bearer *b, const struct e1ap_pdcp_configuration *in)
{
	struct cuup_node *n = b->session->context->node;
	struct pdcp *p = cuup_drb_pdcp(b->session->entity, b->drb);
	struct pdcp_config next;
	struct pdcp_security keys;
	bool ok = cuup_pdcp_read(in, &next) && next.tx_sn_bits == b->sn_bits &&
		  next.rx_sn_bits == b->ul_sn_bits && (next.bearer == PDCP_AM_DRB) == b->am;

	if (!ok)
		return false;
	if (in->has_pdcp_reestablishment) {
		keys = cuup_keys(b->session);
		ok = cuup_drb_reestablish(b->session->entity, b->drb, &keys, env_now_ns(n->config.env));
		explicit_bzero(&keys, sizeof(keys));
		if (!b->am)
			cuup_window_begin(b, pdcp_tx_next(p));
	}
	if (in->has_pdcp_data_recovery)
		pdcp_recover(p);
	return ok;
}

static struct e1ap_pdcp_sn_status_information *numbers(const struct cuup_bearer *b, struct arena *arena)
{
	const struct pdcp *p = cuup_drb_pdcp(b->session->entity, b->drb);
	struct e1ap_pdcp_sn_status_information *s = arena_alloc(arena, sizeof(*s));

	if (!s)
		return NULL;
	s->pdcp_status_transfer_dl = e1ap_count(pdcp_tx_next(p), b->sn_bits);
	s->pdcp_status_transfer_ul.count_value = e1ap_count(pdcp_rx_deliv(p), b->ul_sn_bits);
	return s;
}

/* False: *why, and nothing is changed but what came before. */
static bool drb_modify(struct cuup_pdu_session *s, const struct e1ap_drb_to_modify_item_ng_ran *in,
	struct e1ap_drb_modified_item_ng_ran *out, struct e1ap_cause *why, struct arena *arena)
{
	struct cuup_bearer *b = cuup_bearer_of(s, in->drb_id);
	const struct addr *own = &s->context->node->config.f1u;
	struct addr du = { .len = 0 };
	uint32_t teid = 0;

	*why = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNKNOWN_DRB_ID);
	if (!b)
		return false;
	*why = (struct e1ap_cause){ .tag = E1AP_CAUSE_TAG_TRANSPORT,
		.u.transport = E1AP_CAUSE_TRANSPORT_UNSPECIFIED };
	if (in->dl_up_parameters && in->dl_up_parameters->count > 0 &&
		!cuup_peer_read(&in->dl_up_parameters->items[0].up_tnl_information, own, &du, &teid))
		return false;
	*why = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_PDCP_CONFIGURATION_NOT_SUPPORTED);
	if (in->pdcp_configuration && !pdcp_change(b, in->pdcp_configuration))
		return false;
	*out = (struct e1ap_drb_modified_item_ng_ran){ .drb_id = b->drb };
	if (in->has_pdcp_sn_status_request)
		out->pdcp_sn_status_information = numbers(b, arena);
	if (in->flow_mapping_information)
		cuup_bearer_map(b, cuup_flows_read(in->flow_mapping_information));
	if (du.len > 0)
		cuup_bearer_attach(b, &du, teid);
	return true;
}

/* DRBs of a session that stays. False: no memory. */
static bool drbs_change(struct cuup_pdu_session *s, const struct e1ap_pdu_session_resource_to_modify_item *in,
	struct e1ap_pdu_session_resource_modified_item *out, struct arena *arena)
{
	const struct e1ap_drb_to_modify_list_ng_ran *list = in->drb_to_modify_list_ng_ran;
	struct e1ap_drb_modified_list_ng_ran *done = arena_alloc(arena, sizeof(*done));
	struct e1ap_drb_failed_to_modify_list_ng_ran *failed = arena_alloc(arena, sizeof(*failed));
	size_t count = list ? list->count : 1;

	if (!done || !failed)
		return false;
	done->items = arena_array(arena, count, sizeof(*done->items));
	failed->items = arena_array(arena, count, sizeof(*failed->items));
	if (!done->items || !failed->items)
		return false;
	for (size_t i = 0; list && i < list->count; i++) {
		struct e1ap_drb_failed_to_modify_item_ng_ran *f = &failed->items[failed->count];

		f->drb_id = list->items[i].drb_id;
		if (drb_modify(s, &list->items[i], &done->items[done->count], &f->cause, arena))
			done->count++;
		else
			failed->count++;
	}
	out->drb_modified_list_ng_ran = done->count ? done : NULL;
	out->drb_failed_to_modify_list_ng_ran = failed->count ? failed : NULL;
	return true;
}

static bool drbs_add(struct cuup_pdu_session *s, const struct e1ap_drb_to_setup_list_ng_ran *in,
	struct e1ap_pdu_session_resource_modified_item *out, struct arena *arena)
{
	struct e1ap_drb_setup_list_ng_ran *done = arena_alloc(arena, sizeof(*done));
	struct e1ap_drb_failed_list_ng_ran *failed = arena_alloc(arena, sizeof(*failed));

	if (!in)
		return true;
	if (!done || !failed)
		return false;
	(void)cuup_drbs_setup(s, in, done, failed, arena);
	out->drb_setup_list_ng_ran = done->count ? done : NULL;
	out->drb_failed_list_ng_ran = failed->count ? failed : NULL;
	return true;
}

/* False: *why. */
static bool session_modify(struct cuup_context *c, const struct e1ap_pdu_session_resource_to_modify_item *in,
	struct e1ap_pdu_session_resource_modified_item *out, struct e1ap_cause *why, struct arena *arena)
{
	const struct e1ap_drb_to_remove_list_ng_ran *gone = in->drb_to_remove_list_ng_ran;
	struct cuup_pdu_session *s = cuup_session_of(c, in->pdu_session_id);
	struct addr upf = { .len = 0 };
	uint32_t teid = 0;

	*why = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNKNOWN_PDU_SESSION_ID);
	if (!s)
		return false;
	*why = (struct e1ap_cause){ .tag = E1AP_CAUSE_TAG_TRANSPORT,
		.u.transport = E1AP_CAUSE_TRANSPORT_UNSPECIFIED };
	if (in->ng_ul_up_tnl_information &&
		!cuup_peer_read(in->ng_ul_up_tnl_information, &c->node->config.n3, &upf, &teid))
		return false;
	if (upf.len > 0)
		cuup_remote_set(&c->node->upfs, &s->upf, &upf, teid);
	*out = (struct e1ap_pdu_session_resource_modified_item){ .pdu_session_id = in->pdu_session_id };
	for (size_t i = 0; gone && i < gone->count; i++)
		if (cuup_bearer_of(s, gone->items[i].drb_id))
			cuup_bearer_free(cuup_bearer_of(s, gone->items[i].drb_id));
	*why = (struct e1ap_cause){ .tag = E1AP_CAUSE_TAG_MISC,
		.u.misc = E1AP_CAUSE_MISC_NOT_ENOUGH_USER_PLANE_PROCESSING_RESOURCES };
	return drbs_add(s, in->drb_to_setup_list_ng_ran, out, arena) && drbs_change(s, in, out, arena);
}

static bool lists_make(struct answer *a, const struct e1ap_ng_ran_bearer_context_modification_request *in,
	struct arena *arena)
{
	size_t add = in->pdu_session_resource_to_setup_mod_list
			     ? in->pdu_session_resource_to_setup_mod_list->count
			     : 1,
	       change = in->pdu_session_resource_to_modify_list
				? in->pdu_session_resource_to_modify_list->count
				: 1;

	a->setup.items = arena_array(arena, add, sizeof(*a->setup.items));
	a->failed.items = arena_array(arena, add, sizeof(*a->failed.items));
	a->modified.items = arena_array(arena, change, sizeof(*a->modified.items));
	a->not_modified.items = arena_array(arena, change, sizeof(*a->not_modified.items));
	return a->setup.items && a->failed.items && a->modified.items && a->not_modified.items;
}

/* What goes first, so that there is room for what comes. False: no memory. */
static bool sessions_change(struct cuup_context *c,
	const struct e1ap_ng_ran_bearer_context_modification_request *in, struct answer *a,
	struct arena *arena)
{
	const struct e1ap_pdu_session_resource_to_remove_list *gone = in->pdu_session_resource_to_remove_list;
	const struct e1ap_pdu_session_resource_to_modify_list *change =
		in->pdu_session_resource_to_modify_list;
	const struct e1ap_pdu_session_resource_to_setup_mod_list *add =
		in->pdu_session_resource_to_setup_mod_list;
	struct cuup_pdu_session *s;

	if (!lists_make(a, in, arena))
		return false;
	for (size_t i = 0; gone && i < gone->count; i++)
		if ((s = cuup_session_of(c, gone->items[i].pdu_session_id)))
			cuup_pdu_session_free(s);
	for (size_t i = 0; change && i < change->count; i++) {
		struct e1ap_pdu_session_resource_failed_to_modify_item *f =
			&a->not_modified.items[a->not_modified.count];

		f->pdu_session_id = change->items[i].pdu_session_id;
		if (session_modify(
			    c, &change->items[i], &a->modified.items[a->modified.count], &f->cause, arena))
			a->modified.count++;
		else
			a->not_modified.count++;
	}
	for (size_t i = 0; add && i < add->count; i++)
		session_add(c, &add->items[i], a, arena);
	return true;
}

static void answer_fill(struct answer *a, struct e1ap_bearer_context_modification_response *m)
{
	struct e1ap_ng_ran_bearer_context_modification_response *r =
		&a->system.u.ng_ran_bearer_context_modification_response;

	a->system.tag = answer_of_ng_ran;
	r->pdu_session_resource_setup_mod_list = a->setup.count ? &a->setup : NULL;
	r->pdu_session_resource_failed_mod_list = a->failed.count ? &a->failed : NULL;
	r->pdu_session_resource_modified_list = a->modified.count ? &a->modified : NULL;
	r->pdu_session_resource_failed_to_modify_list = a->not_modified.count ? &a->not_modified : NULL;
	if (a->setup.count + a->failed.count + a->modified.count + a->not_modified.count > 0)
		m->system_bearer_context_modification_response = &a->system;
}

static void failure_send(
	struct cuup_node *n, uint32_t cp_id, uint32_t id, enum e1ap_cause_radio_network cause)
{
	struct e1ap_bearer_context_modification_failure m = {
		.gnb_cu_cp_ue_e1ap_id = cp_id, .gnb_cu_up_ue_e1ap_id = id, .cause = e1ap_radio_cause(cause)
	};

	n->stats.refused++;
	may_fail(cuup_e1ap_send(n, E1AP_MSG_BEARER_CONTEXT_MODIFICATION_FAILURE, &m));
}

/* 8.3.2.2: of the context as such. False: the keys are of no use. */
static bool context_change(struct cuup_context *c, const struct e1ap_bearer_context_modification_request *in)
{
	uint64_t now_ns = env_now_ns(c->node->config.env);

	if (in->security_information && !cuup_security_read(c, in->security_information))
		return false;
	if (in->has_activity_notification_level)
		c->level = (uint8_t)in->activity_notification_level;
	if (in->has_ue_inactivity_timer)
		cuup_activity_begin(&c->activity, c->level == E1AP_ACTIVITY_NOTIFICATION_LEVEL_UE,
			in->ue_inactivity_timer, now_ns);
	if (in->has_bearer_context_status_change) {
		c->suspended = in->bearer_context_status_change == E1AP_BEARER_CONTEXT_STATUS_CHANGE_SUSPEND;
		c->notified = false;
	}
	return true;
}

void cuup_bearer_context_modification(
	struct cuup_node *n, const struct e1ap_bearer_context_modification_request *in, struct arena *arena)
{
	const struct e1ap_system_bearer_context_modification_request *system =
		in->system_bearer_context_modification_request;
	struct cuup_context *c = cuup_context_find(n, in->gnb_cu_cp_ue_e1ap_id, in->gnb_cu_up_ue_e1ap_id);
	struct answer *a = arena_alloc(arena, sizeof(*a));
	struct e1ap_bearer_context_modification_response m = { .gnb_cu_cp_ue_e1ap_id =
								       in->gnb_cu_cp_ue_e1ap_id,
		.gnb_cu_up_ue_e1ap_id = in->gnb_cu_up_ue_e1ap_id };

	if (!c) {
		failure_send(n, m.gnb_cu_cp_ue_e1ap_id, m.gnb_cu_up_ue_e1ap_id,
			E1AP_CAUSE_RADIO_NETWORK_UNKNOWN_OR_INCONSISTENT_PAIR_OF_UE_E1AP_ID);
		return;
	}
	if (!a || !context_change(c, in)) {
		failure_send(
			n, c->cp_id, c->id, E1AP_CAUSE_RADIO_NETWORK_ENCRYPTION_ALGORITHMS_NOT_SUPPORTED);
		return;
	}
	if (system && system->tag == of_ng_ran &&
		!sessions_change(c, &system->u.ng_ran_bearer_context_modification_request, a, arena)) {
		failure_send(n, c->cp_id, c->id, E1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED);
		return;
	}
	cuup_watch(c);
	answer_fill(a, &m);
	may_fail(cuup_e1ap_send(n, E1AP_MSG_BEARER_CONTEXT_MODIFICATION_RESPONSE, &m));
	cuup_context_resume(c);
}

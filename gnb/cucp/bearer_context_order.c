/* What the CU-CP orders of a bearer context, in the words of E1AP (37.483 8.3.1, 8.3.2). */
#include "gnb/cucp/e1ap_parts.h"

static const enum e1ap_system_bearer_context_modification_request_tag of_ng_ran =
	E1AP_SYSTEM_BEARER_CONTEXT_MODIFICATION_REQUEST_TAG_NG_RAN_BEARER_CONTEXT_MODIFICATION_REQUEST;

static struct e1ap_up_tnl_information tunnel_of(const struct cucp_tunnel *t, struct arena *arena, bool *ok)
{
	uint8_t *teid = arena_alloc(arena, E1AP_TEID_OCTETS);

	*ok = *ok && teid;
	return teid ? e1ap_tunnel(bytes_of(t->address, t->address_len), t->teid, teid)
		    : (struct e1ap_up_tnl_information){ .tag = E1AP_UP_TNL_INFORMATION_TAG_NONE };
}

static struct e1ap_qos_flow_qos_parameter_list flows_of(
	const struct cucp_bearer *b, struct arena *arena, bool *ok)
{
	struct e1ap_qos_flow_qos_parameter_item *items = arena_array(arena, b->flow_count, sizeof(*items));

	*ok = *ok && items && b->flow_count > 0;
	for (size_t i = 0; items && i < b->flow_count; i++) {
		struct e1ap_qos_flow_level_qos_parameters *q = &items[i].qos_flow_level_qos_parameters;

		items[i].qos_flow_identifier = b->flows[i].qfi;
		q->qos_characteristics.tag = E1AP_QOS_CHARACTERISTICS_TAG_NON_DYNAMIC_5_QI;
		q->qos_characteristics.u.non_dynamic_5_qi.five_qi = b->flows[i].five_qi;
		q->ngranallocation_retention_priority.priority_level = b->flows[i].priority;
	}
	return (struct e1ap_qos_flow_qos_parameter_list){ b->flow_count, items };
}

static enum e1ap_pdcp_sn_size sn_size(uint8_t bits)
{
	return bits == 12 ? E1AP_PDCP_SN_SIZE_S_12 : E1AP_PDCP_SN_SIZE_S_18;
}

/* ue: the UE's end, whose uplink is the CU-UP's to receive. */
static void pdcp_fill(
	const struct pdcp_config *ue, struct e1ap_pdcp_configuration *out, struct arena *arena, bool *ok)
{
	*out = (struct e1ap_pdcp_configuration){ .pdcp_sn_size_ul = sn_size(ue->tx_sn_bits),
		.pdcp_sn_size_dl = sn_size(ue->rx_sn_bits),
		.rlc_mode =
			ue->bearer == PDCP_AM_DRB ? E1AP_RLC_MODE_RLC_AM : E1AP_RLC_MODE_RLC_UM_BIDIRECTIONAL,
		.has_discard_timer = true,
		.has_out_of_order_delivery = ue->out_of_order_delivery,
		.out_of_order_delivery = E1AP_OUT_OF_ORDER_DELIVERY_TRUE };
	*ok = *ok && e1ap_discard_timer_of(ue->discard_ms, &out->discard_timer);
	if (ue->reordering_ms == PDCP_INFINITY)
		return;
	out->t_reordering_timer = arena_alloc(arena, sizeof(*out->t_reordering_timer));
	*ok = *ok && out->t_reordering_timer &&
	      e1ap_t_reordering_of(ue->reordering_ms, &out->t_reordering_timer->t_reordering);
}

/* NULL: it begins at 0. */
static struct e1ap_pdcp_sn_status_information *numbers_of(
	const struct cucp_e1_session *s, const struct cucp_bearer *b, struct arena *arena, bool *ok)
{
	struct e1ap_pdcp_sn_status_information *n;
	uint8_t i = 0;

	while (i < s->numbers_count && s->numbers[i].drb != b->drb)
		i++;
	if (i == s->numbers_count)
		return NULL;
	n = arena_alloc(arena, sizeof(*n));
	*ok = *ok && n;
	if (!n)
		return NULL;
	n->pdcp_status_transfer_dl = e1ap_count(s->numbers[i].dl, b->pdcp.rx_sn_bits);
	n->pdcp_status_transfer_ul.count_value = e1ap_count(s->numbers[i].ul, b->pdcp.tx_sn_bits);
	return n;
}

static void drb_fill(
	const struct cucp_bearer *b, struct e1ap_drb_to_setup_item_ng_ran *out, struct arena *arena, bool *ok)
{
	struct e1ap_cell_group_information_item *cells = arena_alloc(arena, sizeof(*cells));

	*ok = *ok && cells;
	*out = (struct e1ap_drb_to_setup_item_ng_ran){ .drb_id = b->drb,
		.sdap_configuration = { b->is_default ? E1AP_DEFAULT_DRB_TRUE : E1AP_DEFAULT_DRB_FALSE,
			b->pdcp.tx_sdap ? E1AP_SDAP_HEADER_UL_PRESENT : E1AP_SDAP_HEADER_UL_ABSENT,
			b->pdcp.rx_sdap ? E1AP_SDAP_HEADER_DL_PRESENT : E1AP_SDAP_HEADER_DL_ABSENT },
		.cell_group_information = { 1, cells }, /* cell group 0: there is one */
		.qos_flow_information_to_be_setup = flows_of(b, arena, ok) };
	pdcp_fill(&b->pdcp, &out->pdcp_configuration, arena, ok);
}

static struct e1ap_drb_to_setup_list_ng_ran drbs_of(
	const struct cucp_e1_session *s, struct arena *arena, bool *ok)
{
	struct e1ap_drb_to_setup_item_ng_ran *items = arena_array(arena, s->add_count, sizeof(*items));

	*ok = *ok && items;
	for (size_t i = 0; items && i < s->add_count; i++) {
		drb_fill(&s->add[i], &items[i], arena, ok);
		items[i].pdcp_sn_status_information = numbers_of(s, &s->add[i], arena, ok);
	}
	return (struct e1ap_drb_to_setup_list_ng_ran){ s->add_count, items };
}

static struct e1ap_snssai snssai_of(const struct snssai *s, struct arena *arena, bool *ok)
{
	uint8_t *sd = arena_alloc(arena, E1AP_SD_OCTETS);

	*ok = *ok && sd;
	return sd ? e1ap_snssai_of(s, sd) : (struct e1ap_snssai){ .has_sd = false };
}

static void session_fill(const struct cucp_e1_session *s, struct e1ap_pdu_session_resource_to_setup_item *out,
	struct arena *arena, bool *ok)
{
	*out = (struct e1ap_pdu_session_resource_to_setup_item){ .pdu_session_id = s->psi,
		.pdu_session_type = s->type,
		.snssai = snssai_of(&s->snssai, arena, ok),
		.security_indication = { s->integrity, s->ciphering },
		.ng_ul_up_tnl_information = tunnel_of(&s->n3_ul, arena, ok),
		.has_pdu_session_inactivity_timer = s->inactivity_s > 0,
		.pdu_session_inactivity_timer = s->inactivity_s,
		.drb_to_setup_list_ng_ran = drbs_of(s, arena, ok) };
}

static struct e1ap_security_information security_of(const struct pdcp_security *k)
{
	return (struct e1ap_security_information){
		.security_algorithm = { (enum e1ap_ciphering_algorithm)k->ea, true,
			(enum e1ap_integrity_protection_algorithm)k->ia },
		.up_securitykey = { BYTES(k->k_enc), true, BYTES(k->k_int) },
	};
}

/* Silence is of the UE, or else of sessions. */
static enum e1ap_activity_notification_level level_of(const struct cucp_e1_order *o)
{
	return o->inactivity_s > 0 ? E1AP_ACTIVITY_NOTIFICATION_LEVEL_UE
				   : E1AP_ACTIVITY_NOTIFICATION_LEVEL_PDU_SESSION;
}

bool cucp_e1_setup_fill(
	const struct cucp_e1_order *o, struct e1ap_bearer_context_setup_request *m, struct arena *arena)
{
	struct e1ap_pdu_session_resource_to_setup_item *items =
		arena_array(arena, o->add_count, sizeof(*items));
	uint8_t *plmn = arena_alloc(arena, PLMN_OCTETS);
	bool ok = items && plmn && o->keys;

	*m = (struct e1ap_bearer_context_setup_request){ .uedl_aggregate_maximum_bit_rate =
								 (int64_t)o->dl_ambr_bps,
		.activity_notification_level = level_of(o),
		.has_ue_inactivity_timer = o->inactivity_s > 0,
		.ue_inactivity_timer = o->inactivity_s };
	if (!ok)
		return false;
	plmn_to_ap(&o->plmn, plmn);
	m->serving_plmn = bytes_of(plmn, PLMN_OCTETS);
	m->security_information = security_of(o->keys);
	for (size_t i = 0; i < o->add_count; i++)
		session_fill(&o->add[i], &items[i], arena, &ok);
	m->system_bearer_context_setup_request.tag =
		E1AP_SYSTEM_BEARER_CONTEXT_SETUP_REQUEST_TAG_NG_RAN_BEARER_CONTEXT_SETUP_REQUEST;
	m->system_bearer_context_setup_request.u.ng_ran_bearer_context_setup_request
		.pdu_session_resource_to_setup_list =
		(struct e1ap_pdu_session_resource_to_setup_list){ o->add_count, items };
	return ok;
}

/* PDU Session Resource To Setup Modification List has the items of a session's setup under other names. */
static void session_mod_fill(const struct cucp_e1_session *s,
	struct e1ap_pdu_session_resource_to_setup_mod_item *out, struct arena *arena, bool *ok)
{
	struct e1ap_pdu_session_resource_to_setup_item one;
	struct e1ap_drb_to_setup_mod_item_ng_ran *drbs = arena_array(arena, s->add_count, sizeof(*drbs));

	session_fill(s, &one, arena, ok);
	*ok = *ok && drbs;
	*out = (struct e1ap_pdu_session_resource_to_setup_mod_item){ .pdu_session_id = one.pdu_session_id,
		.pdu_session_type = one.pdu_session_type,
		.snssai = one.snssai,
		.security_indication = one.security_indication,
		.ng_ul_up_tnl_information = one.ng_ul_up_tnl_information,
		.has_pdu_session_inactivity_timer = one.has_pdu_session_inactivity_timer,
		.pdu_session_inactivity_timer = one.pdu_session_inactivity_timer,
		.drb_to_setup_mod_list_ng_ran = { s->add_count, drbs } };
	for (size_t i = 0; *ok && i < s->add_count; i++) {
		const struct e1ap_drb_to_setup_item_ng_ran *d = &one.drb_to_setup_list_ng_ran.items[i];

		drbs[i] = (struct e1ap_drb_to_setup_mod_item_ng_ran){ .drb_id = d->drb_id,
			.sdap_configuration = d->sdap_configuration,
			.pdcp_configuration = d->pdcp_configuration,
			.cell_group_information = d->cell_group_information,
			.flow_mapping_information = d->qos_flow_information_to_be_setup,
			.pdcp_sn_status_information = d->pdcp_sn_status_information };
	}
}

static struct e1ap_up_parameters *attachment_of(
	const struct cucp_e1_attachment *a, struct arena *arena, bool *ok)
{
	struct e1ap_up_parameters *list = arena_alloc(arena, sizeof(*list));
	struct e1ap_up_parameters_item *item = arena_alloc(arena, sizeof(*item));

	*ok = *ok && list && item;
	if (!*ok)
		return NULL;
	item->up_tnl_information = tunnel_of(&a->dl, arena, ok);
	*list = (struct e1ap_up_parameters){ 1, item };
	return list;
}

static void change_fill(const struct cucp_e1_change *in, struct e1ap_drb_to_modify_item_ng_ran *out,
	struct arena *arena, bool *ok)
{
	*out = (struct e1ap_drb_to_modify_item_ng_ran){ .drb_id = in->bearer->drb,
		.has_pdcp_sn_status_request = in->numbers,
		.pdcp_sn_status_request = E1AP_PDCP_SN_STATUS_REQUEST_REQUESTED };
	out->pdcp_configuration = arena_alloc(arena, sizeof(*out->pdcp_configuration));
	out->flow_mapping_information = arena_alloc(arena, sizeof(*out->flow_mapping_information));
	*ok = *ok && out->pdcp_configuration && out->flow_mapping_information;
	if (!*ok)
		return;
	*out->flow_mapping_information = flows_of(in->bearer, arena, ok);
	pdcp_fill(&in->bearer->pdcp, out->pdcp_configuration, arena, ok);
	out->pdcp_configuration->has_pdcp_reestablishment = in->reestablish;
	out->pdcp_configuration->pdcp_reestablishment = E1AP_PDCP_REESTABLISHMENT_TRUE;
	out->pdcp_configuration->has_pdcp_data_recovery = in->recover;
	out->pdcp_configuration->pdcp_data_recovery = E1AP_PDCP_DATA_RECOVERY_TRUE;
}

static struct e1ap_drb_to_modify_list_ng_ran *drbs_to_modify(
	const struct cucp_e1_session *s, struct arena *arena, bool *ok)
{
	size_t count = (size_t)s->attach_count + s->change_count;
	struct e1ap_drb_to_modify_list_ng_ran *list = arena_alloc(arena, sizeof(*list));

	*ok = *ok && list;
	if (!list || count == 0)
		return NULL;
	list->items = arena_array(arena, count, sizeof(*list->items));
	*ok = *ok && list->items;
	for (size_t i = 0; *ok && i < s->attach_count; i++)
		list->items[list->count++] =
			(struct e1ap_drb_to_modify_item_ng_ran){ .drb_id = s->attach[i].drb,
				.dl_up_parameters = attachment_of(&s->attach[i], arena, ok) };
	for (size_t i = 0; *ok && i < s->change_count; i++)
		change_fill(&s->change[i], &list->items[list->count++], arena, ok);
	return list;
}

static struct e1ap_drb_to_remove_list_ng_ran *drbs_to_remove(
	const struct cucp_e1_session *s, struct arena *arena, bool *ok)
{
	struct e1ap_drb_to_remove_list_ng_ran *list = arena_alloc(arena, sizeof(*list));

	*ok = *ok && list;
	if (!list || s->remove_count == 0)
		return NULL;
	list->items = arena_array(arena, s->remove_count, sizeof(*list->items));
	*ok = *ok && list->items;
	for (size_t i = 0; *ok && i < s->remove_count; i++)
		list->items[list->count++].drb_id = s->remove[i];
	return list;
}

static void session_change_fill(const struct cucp_e1_session *s,
	struct e1ap_pdu_session_resource_to_modify_item *out, struct arena *arena, bool *ok)
{
	*out = (struct e1ap_pdu_session_resource_to_modify_item){ .pdu_session_id = s->psi,
		.drb_to_modify_list_ng_ran = drbs_to_modify(s, arena, ok),
		.drb_to_remove_list_ng_ran = drbs_to_remove(s, arena, ok) };
	if (s->n3_ul.address_len > 0) {
		out->ng_ul_up_tnl_information = arena_alloc(arena, sizeof(*out->ng_ul_up_tnl_information));
		*ok = *ok && out->ng_ul_up_tnl_information;
		if (*ok)
			*out->ng_ul_up_tnl_information = tunnel_of(&s->n3_ul, arena, ok);
	}
	if (s->add_count > 0) {
		out->drb_to_setup_list_ng_ran = arena_alloc(arena, sizeof(*out->drb_to_setup_list_ng_ran));
		*ok = *ok && out->drb_to_setup_list_ng_ran;
		if (*ok)
			*out->drb_to_setup_list_ng_ran = drbs_of(s, arena, ok);
	}
}

/* What the request points to. */
struct change {
	struct e1ap_system_bearer_context_modification_request system;
	struct e1ap_security_information security;
	struct e1ap_pdu_session_resource_to_setup_mod_list add;
	struct e1ap_pdu_session_resource_to_modify_list modify;
	struct e1ap_pdu_session_resource_to_remove_list remove;
};

static bool lists_fill(const struct cucp_e1_order *o, struct change *c, struct arena *arena)
{
	bool ok;

	c->add.items = arena_array(arena, o->add_count + 1u, sizeof(*c->add.items));
	c->modify.items = arena_array(arena, o->modify_count + 1u, sizeof(*c->modify.items));
	c->remove.items = arena_array(arena, o->remove_count + 1u, sizeof(*c->remove.items));
	ok = c->add.items && c->modify.items && c->remove.items;
	for (size_t i = 0; ok && i < o->add_count; i++)
		session_mod_fill(&o->add[i], &c->add.items[c->add.count++], arena, &ok);
	for (size_t i = 0; ok && i < o->modify_count; i++)
		session_change_fill(&o->modify[i], &c->modify.items[c->modify.count++], arena, &ok);
	for (size_t i = 0; ok && i < o->remove_count; i++)
		c->remove.items[c->remove.count++].pdu_session_id = o->remove[i];
	return ok;
}

bool cucp_e1_modification_fill(const struct cucp_e1_order *o,
	struct e1ap_bearer_context_modification_request *m, struct arena *arena)
{
	struct change *c = arena_alloc(arena, sizeof(*c));
	struct e1ap_ng_ran_bearer_context_modification_request *r;

	*m = (struct e1ap_bearer_context_modification_request){ .has_bearer_context_status_change =
									o->status != CUCP_E1_GOES_ON,
		.bearer_context_status_change = o->status == CUCP_E1_SUSPEND
							? E1AP_BEARER_CONTEXT_STATUS_CHANGE_SUSPEND
							: E1AP_BEARER_CONTEXT_STATUS_CHANGE_RESUME };
	if (!c || !lists_fill(o, c, arena))
		return false;
	r = &c->system.u.ng_ran_bearer_context_modification_request;
	c->system.tag = of_ng_ran;
	r->pdu_session_resource_to_setup_mod_list = c->add.count ? &c->add : NULL;
	r->pdu_session_resource_to_modify_list = c->modify.count ? &c->modify : NULL;
	r->pdu_session_resource_to_remove_list = c->remove.count ? &c->remove : NULL;
	if (c->add.count + c->modify.count + c->remove.count > 0)
		m->system_bearer_context_modification_request = &c->system;
	if (o->keys) {
		c->security = security_of(o->keys);
		m->security_information = &c->security;
	}
	return true;
}

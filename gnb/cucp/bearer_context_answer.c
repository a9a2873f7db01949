/* What a CU-UP answers of a bearer context (37.483 8.3.1, 8.3.2). */
#include "gnb/cucp/e1ap_parts.h"

static const enum e1ap_system_bearer_context_modification_response_tag modification_of_ng_ran =
	E1AP_SYSTEM_BEARER_CONTEXT_MODIFICATION_RESPONSE_TAG_NG_RAN_BEARER_CONTEXT_MODIFICATION_RESPONSE;

static const enum e1ap_system_bearer_context_setup_response_tag setup_of_ng_ran =
	E1AP_SYSTEM_BEARER_CONTEXT_SETUP_RESPONSE_TAG_NG_RAN_BEARER_CONTEXT_SETUP_RESPONSE;

struct answers {
	uint8_t count;
	struct cucp_e1_session_answer sessions[CUCP_E1_SESSIONS_MAX];
};

static struct cucp_e1_session_answer *session_add(struct answers *a, uint8_t psi, bool ok)
{
	struct cucp_e1_session_answer *s = a->count < CUCP_E1_SESSIONS_MAX ? &a->sessions[a->count++] : NULL;

	if (s)
		*s = (struct cucp_e1_session_answer){ .psi = psi, .ok = ok };
	return s;
}

static bool tunnel_read(const struct e1ap_up_tnl_information *in, struct cucp_tunnel *out)
{
	struct bytes address;

	if (!e1ap_tunnel_read(in, &address, &out->teid))
		return false;
	out->address_len = (uint8_t)address.len;
	return bytes_copy(out->address, sizeof(out->address), address);
}

/* up: where uplink goes; NULL: it is not new. A DRB without what it needs is as one that failed. */
static void drb_add(
	struct cucp_e1_session_answer *s, int64_t drb, bool ok, const struct e1ap_up_parameters *up)
{
	struct cucp_e1_drb_answer *d = s->drb_count < ARRAY_LEN(s->drbs) ? &s->drbs[s->drb_count++] : NULL;

	if (!d)
		return;
	*d = (struct cucp_e1_drb_answer){ .drb = (uint8_t)drb, .ok = ok, .has_ul = up != NULL };
	if (up)
		d->ok = up->count > 0 && tunnel_read(&up->items[0].up_tnl_information, &d->ul);
}

/* Of the DRB that was added last; its views are not kept. */
static void numbers_read(const struct e1ap_pdcp_sn_status_information *in, struct cucp_e1_session_answer *s)
{
	struct cucp_e1_drb_answer *d = s->drb_count > 0 ? &s->drbs[s->drb_count - 1] : NULL;

	if (!in || !d)
		return;
	d->has_numbers = true;
	d->numbers.pdcp_status_transfer_dl = in->pdcp_status_transfer_dl;
	d->numbers.pdcp_status_transfer_ul.count_value = in->pdcp_status_transfer_ul.count_value;
}

static void result_read(const struct e1ap_security_result *in, struct cucp_e1_session_answer *s)
{
	if (!in)
		return;
	s->has_result = true;
	s->integrity = in->integrity_protection_result == E1AP_INTEGRITY_PROTECTION_RESULT_PERFORMED;
	s->ciphering =
		in->confidentiality_protection_result == E1AP_CONFIDENTIALITY_PROTECTION_RESULT_PERFORMED;
}

static void n3_read(const struct e1ap_up_tnl_information *in, struct cucp_e1_session_answer *s)
{
	s->has_n3_dl = tunnel_read(in, &s->n3_dl);
	s->ok = s->ok && s->has_n3_dl;
}

static void setup_read(const struct e1ap_ng_ran_bearer_context_setup_response *in, struct answers *a)
{
	const struct e1ap_pdu_session_resource_setup_list *done = &in->pdu_session_resource_setup_list;
	const struct e1ap_pdu_session_resource_failed_list *failed = in->pdu_session_resource_failed_list;

	for (size_t i = 0; i < done->count; i++) {
		const struct e1ap_pdu_session_resource_setup_item *item = &done->items[i];
		const struct e1ap_drb_failed_list_ng_ran *refused = item->drb_failed_list_ng_ran;
		struct cucp_e1_session_answer *s = session_add(a, item->pdu_session_id, true);

		if (!s)
			return;
		n3_read(&item->ng_dl_up_tnl_information, s);
		result_read(item->security_result, s);
		for (size_t d = 0; d < item->drb_setup_list_ng_ran.count; d++)
			drb_add(s, item->drb_setup_list_ng_ran.items[d].drb_id, true,
				&item->drb_setup_list_ng_ran.items[d].ul_up_transport_parameters);
		for (size_t d = 0; refused && d < refused->count; d++)
			drb_add(s, refused->items[d].drb_id, false, NULL);
	}
	for (size_t i = 0; failed && i < failed->count; i++)
		(void)session_add(a, failed->items[i].pdu_session_id, false);
}

static void added_read(const struct e1ap_ng_ran_bearer_context_modification_response *in, struct answers *a)
{
	const struct e1ap_pdu_session_resource_setup_mod_list *done = in->pdu_session_resource_setup_mod_list;
	const struct e1ap_pdu_session_resource_failed_mod_list *failed =
		in->pdu_session_resource_failed_mod_list;

	for (size_t i = 0; done && i < done->count; i++) {
		const struct e1ap_pdu_session_resource_setup_mod_item *item = &done->items[i];
		const struct e1ap_drb_failed_mod_list_ng_ran *refused = item->drb_failed_mod_list_ng_ran;
		struct cucp_e1_session_answer *s = session_add(a, item->pdu_session_id, true);

		if (!s)
			return;
		n3_read(&item->ng_dl_up_tnl_information, s);
		result_read(item->security_result, s);
		for (size_t d = 0; d < item->drb_setup_mod_list_ng_ran.count; d++)
			drb_add(s, item->drb_setup_mod_list_ng_ran.items[d].drb_id, true,
				&item->drb_setup_mod_list_ng_ran.items[d].ul_up_transport_parameters);
		for (size_t d = 0; refused && d < refused->count; d++)
			drb_add(s, refused->items[d].drb_id, false, NULL);
	}
	for (size_t i = 0; failed && i < failed->count; i++)
		(void)session_add(a, failed->items[i].pdu_session_id, false);
}

static void modified_drbs_read(
	const struct e1ap_pdu_session_resource_modified_item *item, struct cucp_e1_session_answer *s)
{
	const struct e1ap_drb_setup_list_ng_ran *setup = item->drb_setup_list_ng_ran;
	const struct e1ap_drb_failed_list_ng_ran *failed = item->drb_failed_list_ng_ran;
	const struct e1ap_drb_modified_list_ng_ran *modified = item->drb_modified_list_ng_ran;
	const struct e1ap_drb_failed_to_modify_list_ng_ran *not_modified =
		item->drb_failed_to_modify_list_ng_ran;

	for (size_t d = 0; setup && d < setup->count; d++)
		drb_add(s, setup->items[d].drb_id, true, &setup->items[d].ul_up_transport_parameters);
	for (size_t d = 0; failed && d < failed->count; d++)
		drb_add(s, failed->items[d].drb_id, false, NULL);
	for (size_t d = 0; modified && d < modified->count; d++) {
		drb_add(s, modified->items[d].drb_id, true, modified->items[d].ul_up_transport_parameters);
		numbers_read(modified->items[d].pdcp_sn_status_information, s);
	}
	for (size_t d = 0; not_modified && d < not_modified->count; d++)
		drb_add(s, not_modified->items[d].drb_id, false, NULL);
}

static void modified_read(
	const struct e1ap_ng_ran_bearer_context_modification_response *in, struct answers *a)
{
	const struct e1ap_pdu_session_resource_modified_list *done = in->pdu_session_resource_modified_list;
	const struct e1ap_pdu_session_resource_failed_to_modify_list *failed =
		in->pdu_session_resource_failed_to_modify_list;

	for (size_t i = 0; done && i < done->count; i++) {
		struct cucp_e1_session_answer *s = session_add(a, done->items[i].pdu_session_id, true);

		if (!s)
			return;
		if (done->items[i].ng_dl_up_tnl_information)
			n3_read(done->items[i].ng_dl_up_tnl_information, s);
		result_read(done->items[i].security_result, s);
		modified_drbs_read(&done->items[i], s);
	}
	for (size_t i = 0; failed && i < failed->count; i++)
		(void)session_add(a, failed->items[i].pdu_session_id, false);
}

void cucp_e1_setup_answered(
	struct cucp_e1ap *e, uint32_t up, const struct e1ap_bearer_context_setup_response *m)
{
	struct cucp_e1_context *c = cucp_e1_find_new(e, up, m->gnb_cu_cp_ue_e1ap_id);
	const struct e1ap_system_bearer_context_setup_response *system =
		&m->system_bearer_context_setup_response;
	struct e1ap_cause cause = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_PROCEDURE_CANCELLED);
	struct answers a = { .count = 0 };

	if (!c) { /* nobody waits for it: the CU-UP is to forget it (10.6) */
		(void)cucp_e1_find(e, up, m->gnb_cu_cp_ue_e1ap_id, m->gnb_cu_up_ue_e1ap_id);
		return;
	}
	c->has_up_id = true;
	c->up_id = m->gnb_cu_up_ue_e1ap_id;
	if (c->procedure == CUCP_E1_RELEASE) { /* which had to wait for the name */
		cucp_e1_release_send(c, &cause);
		return;
	}
	cucp_e1_done(c);
	if (system->tag == setup_of_ng_ran)
		setup_read(&system->u.ng_ran_bearer_context_setup_response, &a);
	e->config.upper.answered(e->config.upper.arg, c->user, a.sessions, a.count);
}

void cucp_e1_modified(
	struct cucp_e1ap *e, uint32_t up, const struct e1ap_bearer_context_modification_response *m)
{
	struct cucp_e1_context *c = cucp_e1_find(e, up, m->gnb_cu_cp_ue_e1ap_id, m->gnb_cu_up_ue_e1ap_id);
	const struct e1ap_system_bearer_context_modification_response *system =
		m->system_bearer_context_modification_response;
	struct answers a = { .count = 0 };

	if (!c || c->procedure != CUCP_E1_MODIFICATION) {
		e->stats.not_comprehended += c != NULL;
		return;
	}
	cucp_e1_done(c);
	if (system && system->tag == modification_of_ng_ran) {
		added_read(&system->u.ng_ran_bearer_context_modification_response, &a);
		modified_read(&system->u.ng_ran_bearer_context_modification_response, &a);
	}
	e->config.upper.answered(e->config.upper.arg, c->user, a.sessions, a.count);
}

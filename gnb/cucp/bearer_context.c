/* Bearer Context Setup, Modification and Release at the CU-CP (37.483 8.3.1, 8.3.2, 8.3.4, 8.3.5). */
#include "gnb/cucp/e1ap_parts.h"

struct cucp_e1_context *cucp_e1_context_setup(struct cucp_e1ap *e, void *user, const struct cucp_e1_order *o)
{
	struct cucp_e1_up *u = o->add_count ? cucp_e1_choose(e, &o->plmn, &o->add[0].snssai) : NULL;
	struct cucp_e1_context *c = u ? cucp_e1_context_new(e, (uint32_t)(u - e->ups), user) : NULL;
	struct e1ap_bearer_context_setup_request m;
	struct arena arena;
	bool ok;

	e->stats.no_cuup += u == NULL;
	if (!c)
		return NULL;
	arena_init(&arena, NULL, 0, CUCP_E1_ARENA_LIMIT);
	ok = cucp_e1_setup_fill(o, &m, &arena);
	m.gnb_cu_cp_ue_e1ap_id = c->id;
	cucp_e1_guard(c, CUCP_E1_SETUP);
	ok = ok && cucp_e1_send(e, c->up, E1AP_MSG_BEARER_CONTEXT_SETUP_REQUEST, &m);
	arena_fini(&arena);
	if (ok)
		return c;
	cucp_e1_context_free(c);
	return NULL;
}

bool cucp_e1_context_modify(struct cucp_e1_context *c, const struct cucp_e1_order *o)
{
	struct e1ap_bearer_context_modification_request m;
	struct arena arena;
	bool ok;

	if (c->procedure != CUCP_E1_NONE)
		return false;
	arena_init(&arena, NULL, 0, CUCP_E1_ARENA_LIMIT);
	ok = cucp_e1_modification_fill(o, &m, &arena);
	m.gnb_cu_cp_ue_e1ap_id = c->id;
	m.gnb_cu_up_ue_e1ap_id = c->up_id;
	cucp_e1_guard(c, CUCP_E1_MODIFICATION);
	ok = ok && cucp_e1_send(c->e, c->up, E1AP_MSG_BEARER_CONTEXT_MODIFICATION_REQUEST, &m);
	arena_fini(&arena);
	if (!ok)
		cucp_e1_done(c);
	return ok;
}

void cucp_e1_release_send(struct cucp_e1_context *c, const struct e1ap_cause *cause)
{
	struct e1ap_bearer_context_release_command m = {
		.gnb_cu_cp_ue_e1ap_id = c->id, .gnb_cu_up_ue_e1ap_id = c->up_id, .cause = *cause
	};

	if (c->has_up_id) /* else with the answer, which says what to release */
		may_fail(cucp_e1_send(c->e, c->up, E1AP_MSG_BEARER_CONTEXT_RELEASE_COMMAND, &m));
	cucp_e1_guard(c, CUCP_E1_RELEASE);
}

void cucp_e1_context_release(struct cucp_e1_context *c)
{
	struct e1ap_cause cause = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_NORMAL_RELEASE);

	if (c->procedure != CUCP_E1_RELEASE)
		cucp_e1_release_send(c, &cause);
}

void cucp_e1_setup_failed(struct cucp_e1ap *e, uint32_t up, const struct e1ap_bearer_context_setup_failure *m)
{
	struct cucp_e1_context *c = cucp_e1_find_new(e, up, m->gnb_cu_cp_ue_e1ap_id);

	if (c)
		cucp_e1_context_drop(c, &m->cause);
}

void cucp_e1_modification_failed(
	struct cucp_e1ap *e, uint32_t up, const struct e1ap_bearer_context_modification_failure *m)
{
	struct cucp_e1_context *c = cucp_e1_find(e, up, m->gnb_cu_cp_ue_e1ap_id, m->gnb_cu_up_ue_e1ap_id);
	const struct cucp_e1_upper *upper = &e->config.upper;

	if (!c || c->procedure != CUCP_E1_MODIFICATION) {
		e->stats.not_comprehended += c != NULL;
		return;
	}
	cucp_e1_done(c);
	if (m->cause.tag == E1AP_CAUSE_TAG_RADIO_NETWORK &&
		m->cause.u.radio_network ==
			E1AP_CAUSE_RADIO_NETWORK_UNKNOWN_OR_INCONSISTENT_PAIR_OF_UE_E1AP_ID)
		cucp_e1_context_drop(c, &m->cause);
	else
		upper->failed(upper->arg, c->user, &m->cause);
}

void cucp_e1_released(struct cucp_e1ap *e, uint32_t up, const struct e1ap_bearer_context_release_complete *m)
{
	struct cucp_e1_context *c =
		cucp_e1_find_quiet(e, up, m->gnb_cu_cp_ue_e1ap_id, m->gnb_cu_up_ue_e1ap_id);

	if (c && c->procedure == CUCP_E1_RELEASE)
		cucp_e1_context_free(c);
	else
		e->stats.not_comprehended++;
}

/* 8.3.5: granted; the upper hears of it. */
void cucp_e1_release_requested(
	struct cucp_e1ap *e, uint32_t up, const struct e1ap_bearer_context_release_request *m)
{
	struct cucp_e1_context *c = cucp_e1_find(e, up, m->gnb_cu_cp_ue_e1ap_id, m->gnb_cu_up_ue_e1ap_id);
	const struct cucp_e1_upper *upper = &e->config.upper;

	if (!c || c->procedure == CUCP_E1_RELEASE)
		return;
	cucp_e1_release_send(c, &m->cause);
	upper->lost(upper->arg, c->user, &m->cause);
}

/* Bearer contexts at CU-UPs: found by what names them on E1, and their loss. */
#include "gnb/cucp/e1ap.h"

#include <stdlib.h>

#include "gnb/cucp/e1ap_parts.h"

struct cucp_e1ap *cucp_e1ap_new(const struct cucp_e1ap_config *config)
{
	struct cucp_e1ap *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	e->config = *config;
	e->ups = calloc(config->ups_max, sizeof(*e->ups));
	e->generations = calloc(config->contexts_max, sizeof(*e->generations));
	if (!e->ups || !e->generations || config->contexts_max >> CUCP_E1_GENERATION_SHIFT) {
		free(e->ups);
		free(e->generations);
		free(e);
		return NULL;
	}
	for (uint32_t i = 0; i < config->ups_max; i++)
		e->ups[i].e = e;
	pool_init(&e->contexts, sizeof(struct cucp_e1_context), config->contexts_max);
	timers_init(&e->timers, e);
	return e;
}

void cucp_e1ap_free(struct cucp_e1ap *e)
{
	if (!e)
		return;
	pool_fini(&e->contexts);
	free(e->generations);
	free(e->ups);
	free(e);
}

bool cucp_e1_send(struct cucp_e1ap *e, uint32_t up, enum e1ap_message message, const void *body)
{
	uint8_t octets[CUCP_E1_PDU_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	bool ok = e1ap_encode(message, body, &w);

	if (ok)
		e->config.send(e->config.arg, up, writer_bytes(&w));
	else
		e->stats.refused++;
	explicit_bzero(octets, w.len); /* keys of users */
	return ok;
}

/* 10.6: the pair of identities names nobody. */
static void unknown_ue(struct cucp_e1ap *e, uint32_t up, uint32_t id, const uint32_t *up_id)
{
	struct e1ap_cause cause =
		e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_UNKNOWN_OR_INCONSISTENT_PAIR_OF_UE_E1AP_ID);
	struct e1ap_error_indication m = { .transaction_id = ++e->transaction,
		.has_gnb_cu_cp_ue_e1ap_id = true,
		.gnb_cu_cp_ue_e1ap_id = id,
		.has_gnb_cu_up_ue_e1ap_id = up_id != NULL,
		.gnb_cu_up_ue_e1ap_id = up_id ? *up_id : 0,
		.cause = &cause };

	e->stats.unknown_ue++;
	may_fail(cucp_e1_send(e, up, E1AP_MSG_ERROR_INDICATION, &m));
}

static struct cucp_e1_context *look_up(const struct cucp_e1ap *e, uint32_t up, uint32_t id)
{
	struct cucp_e1_context *c = pool_at(&e->contexts, id & ((1u << CUCP_E1_GENERATION_SHIFT) - 1));

	return c && c->id == id && c->up == up ? c : NULL;
}

struct cucp_e1_context *cucp_e1_find_quiet(
	const struct cucp_e1ap *e, uint32_t up, uint32_t id, uint32_t up_id)
{
	struct cucp_e1_context *c = look_up(e, up, id);

	return c && c->has_up_id && c->up_id == up_id ? c : NULL;
}

struct cucp_e1_context *cucp_e1_find(struct cucp_e1ap *e, uint32_t up, uint32_t id, uint32_t up_id)
{
	struct cucp_e1_context *c = cucp_e1_find_quiet(e, up, id, up_id);

	if (c)
		return c;
	unknown_ue(e, up, id, &up_id);
	return NULL;
}

struct cucp_e1_context *cucp_e1_find_new(struct cucp_e1ap *e, uint32_t up, uint32_t id)
{
	struct cucp_e1_context *c = look_up(e, up, id);

	if (c && !c->has_up_id)
		return c;
	e->stats.unknown_ue++;
	return NULL;
}

struct cucp_e1_context *cucp_e1_context_new(struct cucp_e1ap *e, uint32_t up, void *user)
{
	struct cucp_e1_context *c = pool_alloc(&e->contexts);
	uint32_t place;

	if (!c) {
		e->stats.refused++;
		return NULL;
	}
	place = pool_index(&e->contexts, c);
	e->generations[place]++;
	c->id = e->generations[place] << CUCP_E1_GENERATION_SHIFT | place;
	c->e = e;
	c->up = up;
	c->user = user;
	e->ups[up].contexts++;
	return c;
}

void cucp_e1_context_free(struct cucp_e1_context *c)
{
	timer_stop(&c->e->timers, &c->guard);
	c->e->ups[c->up].contexts--;
	pool_free(&c->e->contexts, c);
}

void cucp_e1_context_drop(struct cucp_e1_context *c, const struct e1ap_cause *cause)
{
	const struct cucp_e1_upper *upper = &c->e->config.upper;
	enum cucp_e1_procedure p = c->procedure;
	void *user = c->user;

	cucp_e1_context_free(c);
	if (p == CUCP_E1_SETUP)
		upper->failed(upper->arg, user, cause);
	else if (p != CUCP_E1_RELEASE)
		upper->lost(upper->arg, user, cause);
}

/* One event may end others. */
void cucp_e1_drop_all(struct cucp_e1ap *e, uint32_t up, const struct e1ap_cause *cause)
{
	for (uint32_t i = 0;; i++) {
		struct cucp_e1_context *c = pool_next(&e->contexts, &i);

		if (!c)
			return;
		if (c->up == up)
			cucp_e1_context_drop(c, cause);
	}
}

static const enum e1ap_ue_associated_logical_e1_connection_item_res_tag is_item =
	E1AP_UE_ASSOCIATED_LOGICAL_E1_CONNECTION_ITEM_RES_TAG_UE_ASSOCIATED_LOGICAL_E1_CONNECTION_ITEM;

/* 8.2.1: the CU-UP may have it still. */
static void reset_part(const struct cucp_e1_context *c)
{
	struct e1ap_ue_associated_logical_e1_connection_item_res item = { .tag = is_item,
		.u.ue_associated_logical_e1_connection_item = { .has_gnb_cu_cp_ue_e1ap_id = true,
			.gnb_cu_cp_ue_e1ap_id = c->id,
			.has_gnb_cu_up_ue_e1ap_id = c->has_up_id,
			.gnb_cu_up_ue_e1ap_id = c->up_id } };
	struct e1ap_reset m = { .transaction_id = ++c->e->transaction,
		.cause = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_PROCEDURE_CANCELLED),
		.reset_type = { .tag = E1AP_RESET_TYPE_TAG_PART_OF_E1_INTERFACE,
			.u.part_of_e1_interface = { 1, &item } } };

	may_fail(cucp_e1_send(c->e, c->up, E1AP_MSG_RESET, &m));
}

static void unanswered(void *owner, struct timer *t)
{
	struct cucp_e1_context *c = container_of(t, struct cucp_e1_context, guard);
	struct e1ap_cause cause = e1ap_radio_cause(E1AP_CAUSE_RADIO_NETWORK_PROCEDURE_CANCELLED);
	struct cucp_e1ap *e = owner;

	e->stats.timeouts++;
	e->ups[c->up].silent = true;
	reset_part(c);
	cucp_e1_context_drop(c, &cause);
}

void cucp_e1_guard(struct cucp_e1_context *c, enum cucp_e1_procedure p)
{
	c->procedure = p;
	timer_set(&c->e->timers, &c->guard, env_now_ns(c->e->config.env) + CUCP_E1_MS * (uint64_t)NS_PER_MS,
		unanswered);
}

void cucp_e1_done(struct cucp_e1_context *c)
{
	c->procedure = CUCP_E1_NONE;
	timer_stop(&c->e->timers, &c->guard);
}

uint32_t cucp_e1_up_of(const struct cucp_e1ap *e, uint64_t id)
{
	uint32_t i = 0;

	while (i < e->config.ups_max && (!e->ups[i].up || e->ups[i].id != id))
		i++;
	return i;
}

bool cucp_e1_is_up(const struct cucp_e1ap *e, uint32_t up)
{
	return e->ups[up].up;
}

uint32_t cucp_e1_contexts(const struct cucp_e1ap *e)
{
	return e->contexts.used;
}

uint32_t cucp_e1_context_up(const struct cucp_e1_context *c)
{
	return c->up;
}

struct cucp_e1ap_stats cucp_e1ap_stats(const struct cucp_e1ap *e)
{
	return e->stats;
}

uint64_t cucp_e1ap_deadline_ns(const struct cucp_e1ap *e)
{
	return timers_next_ns(&e->timers);
}

void cucp_e1ap_run(struct cucp_e1ap *e)
{
	timers_run(&e->timers, env_now_ns(e->config.env));
}

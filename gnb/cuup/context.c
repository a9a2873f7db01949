/* Bearer contexts, their PDU sessions and DRBs. A TEID is random, so that nobody guesses one. */
#include "gnb/cuup/parts.h"

struct cuup_context *cuup_context_find(struct cuup_node *n, uint32_t cp_id, uint32_t id)
{
	struct cuup_context *c = pool_at(&n->contexts, id & ((1u << CUUP_GENERATION_SHIFT) - 1));

	if (c && c->id == id && c->cp_id == cp_id)
		return c;
	n->stats.unknown_ue++;
	return NULL;
}

struct cuup_context *cuup_context_new(struct cuup_node *n, uint32_t cp_id)
{
	struct cuup_context *c = pool_alloc(&n->contexts);
	uint32_t place;

	if (!c)
		return NULL;
	place = pool_index(&n->contexts, c);
	n->generations[place]++;
	c->node = n;
	c->id = n->generations[place] << CUUP_GENERATION_SHIFT | place;
	c->cp_id = cp_id;
	hash_insert(&n->by_cp_id, &c->by_cp_id, cp_id, 0);
	return c;
}

/* The pool wipes it, and the keys with it. */
void cuup_context_free(struct cuup_context *c)
{
	struct cuup_node *n = c->node;

	for (size_t i = 0; i < CUUP_SESSIONS_A_UE; i++)
		if (c->sessions[i])
			cuup_pdu_session_free(c->sessions[i]);
	timer_stop(&n->timers, &c->watch);
	hash_remove(&n->by_cp_id, &c->by_cp_id);
	pool_free(&n->contexts, c);
}

void cuup_contexts_free(struct cuup_node *n)
{
	for (uint32_t i = 0;; i++) {
		struct cuup_context *c = pool_next(&n->contexts, &i);

		if (!c)
			return;
		cuup_context_free(c);
	}
}

static uint32_t teid_new(struct cuup_node *n, const struct hash *h)
{
	uint32_t teid;

	do
		teid = env_random_u32(n->config.env);
	while (teid == 0 || hash_find(h, teid, 0));
	return teid;
}

struct cuup_pdu_session *cuup_session_of(const struct cuup_context *c, uint8_t psi)
{
	for (size_t i = 0; i < CUUP_SESSIONS_A_UE; i++)
		if (c->sessions[i] && c->sessions[i]->psi == psi)
			return c->sessions[i];
	return NULL;
}

static struct cuup_pdu_session **place_of(struct cuup_context *c, const struct cuup_pdu_session *s)
{
	for (size_t i = 0; i < CUUP_SESSIONS_A_UE; i++)
		if (c->sessions[i] == s)
			return &c->sessions[i];
	return NULL;
}

struct cuup_pdu_session *cuup_pdu_session_new(struct cuup_context *c, uint8_t psi)
{
	struct cuup_node *n = c->node;
	struct cuup_pdu_session **place = place_of(c, NULL);
	struct cuup_pdu_session *s = place ? pool_alloc(&n->sessions) : NULL;

	if (!s)
		return NULL;
	s->entity = cuup_session_begin(n->cuup, (uint64_t)(uintptr_t)s);
	if (!s->entity) {
		pool_free(&n->sessions, s);
		return NULL;
	}
	s->context = c;
	s->psi = psi;
	s->teid = teid_new(n, &n->n3);
	hash_insert(&n->n3, &s->by_teid, s->teid, 0);
	*place = s;
	return s;
}

void cuup_pdu_session_free(struct cuup_pdu_session *s)
{
	struct cuup_node *n = s->context->node;

	for (uint8_t i = 0; i < CUUP_DRBS_MAX; i++)
		if (s->bearers[i])
			cuup_bearer_free(s->bearers[i]);
	cuup_session_end(s->entity);
	cuup_remote_set(&n->upfs, &s->upf, NULL, 0);
	hash_remove(&n->n3, &s->by_teid);
	*place_of(s->context, s) = NULL;
	pool_free(&n->sessions, s);
}

struct cuup_bearer *cuup_bearer_of(const struct cuup_pdu_session *s, int64_t drb)
{
	for (uint8_t i = 0; i < CUUP_DRBS_MAX; i++)
		if (s->bearers[i] && s->bearers[i]->drb == drb)
			return s->bearers[i];
	return NULL;
}

bool cuup_has_drb(const struct cuup_context *c, int64_t drb)
{
	for (size_t i = 0; i < CUUP_SESSIONS_A_UE; i++)
		if (c->sessions[i] && cuup_bearer_of(c->sessions[i], drb))
			return true;
	return false;
}

/* NULL: it is not there. */
static struct cuup_bearer **slot_of(struct cuup_pdu_session *s, const struct cuup_bearer *b)
{
	for (uint8_t i = 0; i < CUUP_DRBS_MAX; i++)
		if (s->bearers[i] == b)
			return &s->bearers[i];
	return NULL;
}

struct pdcp_security cuup_keys(const struct cuup_pdu_session *s)
{
	struct pdcp_security keys = s->context->keys;

	if (!s->ciphering)
		keys.ea = NEA0;
	return keys;
}

void cuup_window_begin(struct cuup_bearer *b, uint32_t next)
{
	b->window.first = b->window.next = next;
	b->window.octets = 0;
	b->window.discard_size = 0;
	if (!b->window.reported)
		b->window.wanted = CUUP_GUESS_OCTETS;
}

struct cuup_bearer *cuup_bearer_new(struct cuup_pdu_session *s, const struct cuup_drb *config)
{
	struct cuup_node *n = s->context->node;
	struct cuup_bearer **slot = slot_of(s, NULL), *b = slot ? pool_alloc(&n->bearers) : NULL;
	struct cuup_drb drb = *config;

	if (!b)
		return NULL;
	drb.keys = cuup_keys(s);
	b->inner = cuup_drb_begin(s->entity, &drb);
	explicit_bzero(&drb, sizeof(drb));
	if (b->inner == CUUP_TEID_NONE) {
		pool_free(&n->bearers, b);
		return NULL;
	}
	b->session = s;
	b->drb = config->drb;
	b->sn_bits = config->pdcp.tx_sn_bits;
	b->ul_sn_bits = config->pdcp.rx_sn_bits;
	b->am = config->pdcp.bearer == PDCP_AM_DRB;
	b->discard_ms = config->pdcp.discard_ms;
	b->flows = config->flows;
	b->teid = teid_new(n, &n->f1u);
	hash_insert(&n->f1u, &b->by_teid, b->teid, 0);
	if (config->is_default)
		s->default_drb = b->drb;
	*slot = b;
	cuup_window_begin(b, 0);
	return b;
}

void cuup_bearer_free(struct cuup_bearer *b)
{
	struct cuup_pdu_session *s = b->session;
	struct cuup_node *n = s->context->node;

	cuup_drb_end(s->entity, b->drb);
	sdu_queue_clear(&b->waiting, &n->waiting_sdus);
	sdu_queue_clear(&b->early, &n->waiting_sdus);
	list_remove(&b->waits);
	cuup_remote_set(&n->dus, &b->du, NULL, 0);
	hash_remove(&n->f1u, &b->by_teid);
	if (s->default_drb == b->drb)
		s->default_drb = 0;
	*slot_of(s, b) = NULL;
	pool_free(&n->bearers, b);
}

struct hash_node *cuup_remote_find(const struct hash *h, const struct addr *addr, uint32_t teid)
{
	return hash_find(h, teid, bytes_digest(bytes_of(addr->ip, addr->len)));
}

/* Two that have one name, which no sound peer gives, are found by the first alone. addr NULL: none. */
void cuup_remote_set(struct hash *h, struct cuup_remote *r, const struct addr *addr, uint32_t teid)
{
	if (r->hashed)
		hash_remove(h, &r->node);
	r->addr = addr ? *addr : (struct addr){ .len = 0 };
	r->teid = teid;
	r->hashed = addr && !cuup_remote_find(h, addr, teid);
	if (r->hashed)
		hash_insert(h, &r->node, teid, bytes_digest(bytes_of(addr->ip, addr->len)));
}

void cuup_bearer_attach(struct cuup_bearer *b, const struct addr *du, uint32_t teid)
{
	cuup_remote_set(&b->session->context->node->dus, &b->du, du, teid);
	cuup_drb_down(b->session->entity, b->drb, teid);
	b->window.reported = false; /* another DU, perhaps */
}

/* What another DRB of the session had is this one's now. */
void cuup_bearer_map(struct cuup_bearer *b, uint64_t flows)
{
	for (uint8_t i = 0; i < CUUP_DRBS_MAX; i++)
		if (b->session->bearers[i])
			b->session->bearers[i]->flows &= ~flows;
	b->flows = flows;
	cuup_flows_set(b->session->entity, b->drb, flows);
}

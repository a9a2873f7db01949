#include "proto/pfcp_internal.h"

#include <stdlib.h>

static void pfcp_t1(void *owner, struct timer *t);
static void pfcp_heartbeat_due(void *owner, struct timer *t);

void pfcp_send(
	struct pfcp_node *n, const struct pfcp_peer *p, uint16_t port, uint64_t whose, struct bytes octets)
{
	struct addr to = p->addr;

	to.port = port;
	if (n->tap)
		n->tap(n->tap_arg, false, whose, &to, octets);
	may_fail(outbox_send_to(n->env->outbox, n->config.port, &to, octets)); /* as if lost: T1 repeats it */
}

void pfcp_transaction_free(struct pfcp_node *n, struct pfcp_transaction *t)
{
	timer_stop(n->timers, &t->timer);
	hash_remove(&n->by_sequence, &t->by_sequence);
	n->request_octets -= t->octets.len;
	free((void *)(uintptr_t)t->octets.data);
	pool_free(&n->transactions, t);
}

static uint32_t pfcp_next_sequence(struct pfcp_node *n, const struct pfcp_peer *p)
{
	do
		n->sequence = (n->sequence + 1) & PFCP_SEQUENCE_MAX;
	while (hash_find(&n->by_sequence, p->index, n->sequence));
	return n->sequence;
}

/* RFC 6298 clause 2; a request that was repeated does not tell which sending was answered (clause 3). */
static void pfcp_measure(struct pfcp_peer *p, const struct pfcp_transaction *t)
{
	uint64_t passed_us = (env_now_ns(p->node->env) - t->begun_ns) / 1000;
	uint32_t rtt_us = passed_us < 1 ? 1 : (uint32_t)passed_us, off;

	if (t->sendings > 1)
		return;
	if (!p->rtt_us) {
		p->rtt_us = rtt_us;
		p->rtt_var_us = rtt_us / 2;
		return;
	}
	off = rtt_us > p->rtt_us ? rtt_us - p->rtt_us : p->rtt_us - rtt_us;
	p->rtt_var_us = (3 * p->rtt_var_us + off) / 4;
	p->rtt_us = (7 * p->rtt_us + rtt_us) / 8;
}

/* 6.4, and PFCP_T1_MS: until the next sending. */
static uint32_t pfcp_t1_ms(const struct pfcp_transaction *t)
{
	const struct pfcp_peer *p = t->peer;
	uint32_t ms = p->node->config.t1_ms;

	if (p->rtt_us)
		ms = (p->rtt_us + 4 * p->rtt_var_us) / 1000;
	if (ms < PFCP_T1_MIN_MS)
		ms = PFCP_T1_MIN_MS;
	for (uint8_t i = 1; i < t->sendings && ms < PFCP_T1_MAX_MS; i++)
		ms *= 2;
	return ms < PFCP_T1_MAX_MS ? ms : PFCP_T1_MAX_MS;
}

static void pfcp_t1_start(struct pfcp_node *n, struct pfcp_transaction *t)
{
	timer_set(n->timers, &t->timer, env_now_ns(n->env) + (uint64_t)pfcp_t1_ms(t) * NS_PER_MS, pfcp_t1);
}

bool pfcp_request(struct pfcp_peer *p, struct pfcp_msg *m, struct pfcp_token token)
{
	struct pfcp_node *n = p->node;
	struct writer w = writer_of(n->buffer, sizeof(n->buffer));
	struct pfcp_transaction *t = pool_alloc(&n->transactions);
	uint8_t *copy;

	m->sequence = pfcp_next_sequence(n, p);
	if (!t || !pfcp_encode(m, &w) || n->request_octets + w.len > PFCP_REQUEST_OCTETS_MAX ||
		!(copy = malloc(w.len))) {
		if (t)
			pool_free(&n->transactions, t);
		n->stat[PFCP_STAT_EXHAUSTED]++;
		return false;
	}
	bytes_copy(copy, w.len, writer_bytes(&w));
	t->octets = bytes_of(copy, w.len);
	t->peer = p;
	t->token = token;
	t->type = (uint8_t)m->type;
	t->sendings = 1;
	t->begun_ns = env_now_ns(n->env);
	n->request_octets += w.len;
	hash_insert(&n->by_sequence, &t->by_sequence, p->index, m->sequence);
	pfcp_t1_start(n, t);
	n->stat[PFCP_STAT_SENT]++;
	pfcp_send(n, p, p->addr.port, token.whose, t->octets);
	return true;
}

void pfcp_withdraw(struct pfcp_peer *p, enum pfcp_msg_type request)
{
	struct pfcp_transaction *t;

	for (uint32_t i = 0; (t = pool_next(&p->node->transactions, &i)) != NULL; i++)
		if (t->peer == p && t->type == request)
			pfcp_transaction_free(p->node, t);
}

static void pfcp_heartbeat_wait(struct pfcp_peer *p)
{
	struct pfcp_node *n = p->node;

	timer_set(n->timers, &p->heartbeat, env_now_ns(n->env) + (uint64_t)n->config.heartbeat_ms * NS_PER_MS,
		pfcp_heartbeat_due);
}

/* One that is not answered, nor anything since it began, is followed by the next at once. */
static void pfcp_heartbeat_done(struct pfcp_peer *p, uint64_t begun_ns)
{
	if (p->answered_ns >= begun_ns) {
		p->heartbeats_lost = 0;
		pfcp_heartbeat_wait(p);
	} else if (++p->heartbeats_lost < PFCP_HEARTBEATS_LOST) {
		pfcp_heartbeat_due(p->node->owner, &p->heartbeat);
	} else {
		p->alive = p->beating = false;
		p->node->ops->on_peer(p->node->owner, p, PFCP_PEER_LOST);
	}
}

void pfcp_complete(struct pfcp_node *n, struct pfcp_transaction *t, const struct pfcp_msg *m)
{
	struct pfcp_peer *p = t->peer;
	struct pfcp_token token = t->token;
	enum pfcp_msg_type type = t->type;
	uint64_t begun_ns = t->begun_ns;

	if (m) {
		p->alive = true;
		p->answered_ns = env_now_ns(n->env);
		pfcp_measure(p, t);
	}
	pfcp_transaction_free(n, t);
	if (type != PFCP_HEARTBEAT_REQUEST)
		n->ops->on_response(n->owner, p, type, token, m);
	else if (p->beating)
		pfcp_heartbeat_done(p, begun_ns);
}

static uint8_t pfcp_n1(const struct pfcp_transaction *t)
{
	uint8_t n1 = t->peer->node->config.n1;

	return t->type == PFCP_HEARTBEAT_REQUEST && n1 > PFCP_HEARTBEAT_N1 ? PFCP_HEARTBEAT_N1 : n1;
}

static void pfcp_t1(void *owner, struct timer *timer)
{
	struct pfcp_transaction *t = container_of(timer, struct pfcp_transaction, timer);
	struct pfcp_node *n = t->peer->node;

	if (t->sendings < pfcp_n1(t)) {
		t->sendings++;
		pfcp_t1_start(n, t);
		n->stat[PFCP_STAT_REPEATED]++;
		if (n->ops->on_repeat)
			n->ops->on_repeat(n->owner, t->peer, t->token);
		pfcp_send(n, t->peer, t->peer->addr.port, t->token.whose, t->octets);
		return;
	}
	n->stat[PFCP_STAT_UNANSWERED]++;
	pfcp_complete(n, t, NULL);
}

/* Heart-beats and restarts. */

static void pfcp_heartbeat_due(void *owner, struct timer *t)
{
	struct pfcp_peer *p = container_of(t, struct pfcp_peer, heartbeat);
	struct pfcp_msg m = { .type = PFCP_HEARTBEAT_REQUEST };

	m.heartbeat_request.recovery_time_stamp = p->node->config.recovery;
	if (!pfcp_request(p, &m, (struct pfcp_token){ 0 }))
		pfcp_heartbeat_wait(p);
}

void pfcp_heartbeat_start(struct pfcp_peer *p)
{
	if (p->beating)
		return;
	p->beating = p->alive = true;
	p->heartbeats_lost = 0;
	pfcp_heartbeat_wait(p);
}

void pfcp_heartbeat_stop(struct pfcp_peer *p)
{
	p->beating = false;
	timer_stop(p->node->timers, &p->heartbeat);
}

void pfcp_peer_set_recovery(struct pfcp_peer *p, uint32_t recovery)
{
	p->has_recovery = true;
	p->recovery = recovery;
}

/* In a heart-beat an older stamp than the known one is a straggler's, 23.007 19A; a setup has the true one.
 */
static void pfcp_on_recovery(struct pfcp_peer *p, uint32_t recovery, bool setup)
{
	struct pfcp_node *n = p->node;
	bool restarted = p->has_recovery && recovery != p->recovery;

	if (restarted && !setup && (int32_t)(recovery - p->recovery) < 0)
		return;
	pfcp_peer_set_recovery(p, recovery);
	if (!restarted)
		return;
	n->stat[PFCP_STAT_PEER_RESTARTS]++;
	n->ops->on_peer(n->owner, p, PFCP_PEER_RESTARTED);
}

void pfcp_take_recovery(struct pfcp_peer *p, const struct pfcp_msg *m)
{
	switch (m->type) {
	case PFCP_HEARTBEAT_REQUEST:
		pfcp_on_recovery(p, m->heartbeat_request.recovery_time_stamp, false);
		break;
	case PFCP_HEARTBEAT_RESPONSE:
		pfcp_on_recovery(p, m->heartbeat_response.recovery_time_stamp, false);
		break;
	case PFCP_ASSOCIATION_SETUP_REQUEST:
		pfcp_on_recovery(p, m->association_setup_request.recovery_time_stamp, true);
		break;
	case PFCP_ASSOCIATION_SETUP_RESPONSE:
		if (m->association_setup_response.cause == PFCP_CAUSE_ACCEPTED)
			pfcp_on_recovery(p, m->association_setup_response.recovery_time_stamp, true);
		break;
	default:
		break;
	}
}

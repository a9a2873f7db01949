#include "proto/pfcp_internal.h"

#include <stdlib.h>

enum {
	PFCP_FLAG_FO = 0x04,           /* 7.2.2.2: another message follows */
	PFCP_RESPONSE_KEPT_MS = 10000, /* longer than N1 times T1 of any usual peer */
};

_Static_assert((int)PFCP_N1 *(int)PFCP_T1_MAX_MS <= (int)PFCP_GIVE_UP_MS &&
		       (int)PFCP_GIVE_UP_MS < (int)PFCP_RESPONSE_KEPT_MS,
	"a response is kept as long as its request is repeated");
_Static_assert((int)PFCP_REQUESTS_MAX < (int)PFCP_SEQUENCE_MAX, "there is always a free sequence number");
_Static_assert((int)PFCP_MSG_MAX <= (int)PFCP_REQUEST_OCTETS_MAX &&
		       (int)PFCP_MSG_MAX <= (int)PFCP_RESPONSE_OCTETS_MAX,
	"a message can be kept");
_Static_assert(PFCP_MSG_MAX <= 65507, "a message fits a datagram");

struct pfcp_node *pfcp_node_new(const struct pfcp_node_config *config, const struct pfcp_node_ops *ops,
	void *owner, struct env *env, struct timers *timers)
{
	struct pfcp_node *n = calloc(1, sizeof(*n));

	if (!n)
		return NULL;
	n->config = *config;
	n->config.t1_ms = config->t1_ms ? config->t1_ms : PFCP_T1_MS;
	n->config.n1 = config->n1 ? config->n1 : PFCP_N1;
	n->config.heartbeat_ms = config->heartbeat_ms ? config->heartbeat_ms : PFCP_HEARTBEAT_MS;
	n->ops = ops;
	n->owner = owner;
	n->env = env;
	n->timers = timers;
	n->sequence = env_random_u32(env) & PFCP_SEQUENCE_MAX;
	arena_init(&n->arena, NULL, 0, 1 << 20);
	pool_init(&n->transactions, sizeof(struct pfcp_transaction), PFCP_REQUESTS_MAX);
	if (!hash_init(&n->by_sequence, env_random_u32(env)) ||
		!pfcp_cache_init(
			&n->cache, env_random_u32(env), PFCP_RESPONSES_MAX, PFCP_RESPONSE_OCTETS_MAX)) {
		pfcp_node_free(n);
		return NULL;
	}
	return n;
}

void pfcp_node_free(struct pfcp_node *n)
{
	struct pfcp_transaction *t;

	if (!n)
		return;
	for (uint32_t i = 0; (t = pool_next(&n->transactions, &i)); i++) {
		timer_stop(n->timers, &t->timer);
		free((void *)(uintptr_t)t->octets.data);
	}
	for (uint32_t i = 0; i < n->peer_count; i++)
		timer_stop(n->timers, &n->peers[i].heartbeat);
	if (n->cache.ages.next)
		pfcp_cache_fini(&n->cache);
	hash_fini(&n->by_sequence);
	pool_fini(&n->transactions);
	arena_fini(&n->arena);
	free(n);
}

void pfcp_node_set_tap(struct pfcp_node *n, pfcp_tap_fn *fn, void *arg)
{
	n->tap = fn;
	n->tap_arg = arg;
}

struct pfcp_peer *pfcp_peer_add(struct pfcp_node *n, const struct addr *addr)
{
	struct pfcp_peer *p;

	if (n->peer_count == PFCP_PEERS_MAX)
		return NULL;
	p = &n->peers[n->peer_count];
	*p = (struct pfcp_peer){ .node = n, .addr = *addr, .index = n->peer_count++ };
	if (!p->addr.port)
		p->addr.port = PFCP_UDP_PORT;
	return p;
}

struct pfcp_peer *pfcp_peer_at(struct pfcp_node *n, uint32_t index)
{
	return index < n->peer_count ? &n->peers[index] : NULL;
}

/* Requests may come from any port (29.244 4.2.2); several peers of one host are distinguished by their port.
 */
static struct pfcp_peer *pfcp_peer_find(struct pfcp_node *n, const struct addr *addr)
{
	struct pfcp_peer *host = NULL;

	for (uint32_t i = 0; i < n->peer_count; i++) {
		if (addr_equal(&n->peers[i].addr, addr))
			return &n->peers[i];
		if (!host && addr_same_host(&n->peers[i].addr, addr))
			host = &n->peers[i];
	}
	return host;
}

/* The response to an own request, matched by peer, sequence and type. */
static void pfcp_on_response(struct pfcp_node *n, struct pfcp_peer *p, const struct pfcp_msg *m, bool usable)
{
	struct pfcp_transaction *t =
		hash_get(&n->by_sequence, p->index, m->sequence, struct pfcp_transaction, by_sequence);

	if (!t || (m->type != t->type + 1u && m->type != PFCP_VERSION_NOT_SUPPORTED_RESPONSE)) {
		n->stat[PFCP_STAT_UNMATCHED]++;
		return;
	}
	usable = usable && m->type == t->type + 1u;
	if (usable)
		pfcp_take_recovery(p, m);
	pfcp_complete(n, t, usable ? m : NULL);
}

/* True when the request came before: it gets the same response, if there is one yet (6.4). */
static bool pfcp_repeated(struct pfcp_node *n, const struct pfcp_origin *o, uint64_t digest)
{
	struct pfcp_cached *e = pfcp_cache_find(&n->cache, pfcp_origin_key(o), o->sequence);

	if (!e || e->type != o->type || e->digest != digest)
		return false;
	n->stat[PFCP_STAT_DUPLICATES]++;
	if (e->response.len > 0)
		pfcp_send(n, o->peer, o->port, o->whose, e->response);
	return true;
}

static void pfcp_on_request(
	struct pfcp_node *n, const struct pfcp_origin *o, const struct pfcp_msg *m, struct bytes octets)
{
	struct pfcp_msg response = { .type = PFCP_HEARTBEAT_RESPONSE };
	uint64_t now_ns = env_now_ns(n->env), digest;
	struct pfcp_cached *e;

	if (m->type == PFCP_HEARTBEAT_REQUEST) {
		pfcp_take_recovery(o->peer, m);
		response.heartbeat_response.recovery_time_stamp = n->config.recovery;
		pfcp_respond(o, &response);
		return;
	}
	digest = bytes_digest(octets);
	pfcp_cache_expire(&n->cache, now_ns);
	if (pfcp_repeated(n, o, digest))
		return;
	e = pfcp_cache_add(&n->cache, pfcp_origin_key(o), o->sequence,
		now_ns + (uint64_t)PFCP_RESPONSE_KEPT_MS * NS_PER_MS);
	if (!e) {
		n->stat[PFCP_STAT_EXHAUSTED]++;
		return; /* unanswered, it comes again */
	}
	e->type = o->type;
	e->digest = digest;
	pfcp_take_recovery(o->peer, m);
	n->ops->on_request(n->owner, o, m);
}

static void pfcp_refuse(struct pfcp_node *n, const struct pfcp_origin *o, const struct pfcp_msg *m,
	const struct tlv_fault *fault)
{
	struct pfcp_origin version = { o->peer, m->sequence, o->port, PFCP_VERSION_NOT_SUPPORTED_RESPONSE - 1,
		o->whose };
	struct pfcp_msg response = { 0 };
	char peer[ADDR_STR_SIZE];
	uint64_t seid = 0;

	if (fault->kind == TLV_BAD_VERSION) {
		n->stat[PFCP_STAT_VERSION]++;
		if (m->type != PFCP_VERSION_NOT_SUPPORTED_RESPONSE)
			pfcp_respond(&version, &response);
		return;
	}
	if (fault->kind == TLV_NO_MEMORY && !pfcp_is_request(m->type)) {
		/* Our own want: as if lost. T1 asks again, and the other end has its answer still
		 * (29.244 6.4). */
		n->stat[PFCP_STAT_EXHAUSTED]++;
		return;
	}
	n->stat[PFCP_STAT_MALFORMED]++;
	log_warn(n->env->log, "%s: message of type %d refused: %s %s", addr_str(&o->peer->addr, peer),
		(int)m->type, pfcp_cause_name(fault->cause) ? pfcp_cause_name(fault->cause) : "not PFCP",
		fault->ie_name ? fault->ie_name : "");
	if (!pfcp_msg_name(m->type))
		return;
	if (!pfcp_is_request(m->type)) {
		pfcp_on_response(n, o->peer, m, false);
	} else if (fault->answer) {
		if (n->ops->remote_seid && m->has_seid)
			seid = n->ops->remote_seid(n->owner, o->peer, m->seid);
		pfcp_respond_cause(o, seid, fault->cause, fault->ie);
	}
}

/* The first message of the datagram, and whether another one follows. */
static struct bytes pfcp_frame(struct bytes datagram, bool *follows)
{
	struct cursor c = cursor_of(datagram);
	uint8_t flags = cursor_u8(&c);
	size_t len;

	cursor_skip(&c, 1);
	len = cursor_u16(&c) + 4u;
	*follows = !c.failed && flags & PFCP_FLAG_FO && len < datagram.len;
	return *follows ? bytes_of(datagram.data, len) : datagram;
}

/*
 * 29.244 6.2.2.2: a heart-beat is answered whoever asks, so many in a second; nothing else is, and nothing is
 * remembered of who asked.
 */
static void pfcp_on_stranger(struct pfcp_node *n, const struct msg *dgram)
{
	struct pfcp_msg m = { 0 }, response = { .type = PFCP_HEARTBEAT_RESPONSE };
	struct writer w = writer_of(n->buffer, sizeof(n->buffer));
	uint64_t now_s = env_now_ns(n->env) / NS_PER_S;
	struct tlv_fault fault = { 0 };
	char text[ADDR_STR_SIZE];

	arena_reset(&n->arena);
	if (!pfcp_decode(dgram->data, &n->arena, &m, &fault) || m.type != PFCP_HEARTBEAT_REQUEST) {
		n->stat[PFCP_STAT_FOREIGN]++;
		log_warn(n->env->log, "%s is not a configured PFCP peer", addr_str(&dgram->peer, text));
		return;
	}
	if (n->strangers_s != now_s)
		n->strangers = 0;
	n->strangers_s = now_s;
	response.sequence = m.sequence;
	response.heartbeat_response.recovery_time_stamp = n->config.recovery;
	if (n->strangers++ >= PFCP_STRANGERS_PER_S || !pfcp_encode(&response, &w)) {
		n->stat[PFCP_STAT_FOREIGN]++;
		return;
	}
	n->stat[PFCP_STAT_SENT]++;
	may_fail(outbox_send_to(n->env->outbox, n->config.port, &dgram->peer, writer_bytes(&w)));
}

/* A response concerns whom its request did. */
static uint64_t pfcp_whose(struct pfcp_node *n, struct pfcp_peer *p, const struct pfcp_msg *m)
{
	const struct pfcp_transaction *t;

	if (!n->tap)
		return 0;
	if (pfcp_is_request(m->type))
		return m->has_seid && n->ops->whose ? n->ops->whose(n->owner, p, m->seid) : 0;
	t = hash_get(&n->by_sequence, p->index, m->sequence, struct pfcp_transaction, by_sequence);
	return t ? t->token.whose : 0;
}

void pfcp_receive(struct pfcp_node *n, const struct msg *dgram)
{
	struct pfcp_peer *p = pfcp_peer_find(n, &dgram->peer);
	struct bytes rest = dgram->data;
	bool follows = p != NULL;

	if (!p) {
		pfcp_on_stranger(n, dgram);
		return;
	}
	for (int i = 0; follows && i < PFCP_MSGS_PER_DATAGRAM_MAX; i++) {
		struct bytes frame = pfcp_frame(rest, &follows);
		struct pfcp_msg m = { 0 };
		struct tlv_fault fault = { 0 };
		struct pfcp_origin o;
		bool good;

		arena_reset(&n->arena);
		n->stat[PFCP_STAT_RECEIVED]++;
		good = pfcp_decode(frame, &n->arena, &m, &fault);
		o = (struct pfcp_origin){ p, m.sequence, dgram->peer.port, (uint8_t)m.type,
			pfcp_whose(n, p, &m) };
		if (n->tap)
			n->tap(n->tap_arg, true, o.whose, &dgram->peer, frame);
		if (!good)
			pfcp_refuse(n, &o, &m, &fault);
		else if (pfcp_is_request(m.type))
			pfcp_on_request(n, &o, &m, frame);
		else
			pfcp_on_response(n, p, &m, true);
		rest = bytes_of(rest.data + frame.len, rest.len - frame.len);
	}
}

uint32_t pfcp_time(struct env *env)
{
	return (uint32_t)(env_utc_ms(env) / MS_PER_S + UINT64_C(2208988800));
}

uint32_t pfcp_pending(const struct pfcp_node *n)
{
	return n->transactions.used;
}

static const struct stat_def stat_defs[PFCP_STAT_COUNT] = {
	[PFCP_STAT_RECEIVED] = { "received", "PFCP messages received" },
	[PFCP_STAT_SENT] = { "sent", "PFCP messages sent, without repetitions" },
	[PFCP_STAT_REPEATED] = { "repeated", "own requests sent again" },
	[PFCP_STAT_UNANSWERED] = { "unanswered", "own requests given up" },
	[PFCP_STAT_DUPLICATES] = { "duplicates", "requests received again" },
	[PFCP_STAT_FOREIGN] = { "foreign", "datagrams of peers that are not configured" },
	[PFCP_STAT_UNMATCHED] = { "unmatched", "responses to nothing asked" },
	[PFCP_STAT_MALFORMED] = { "malformed", "messages not decodable" },
	[PFCP_STAT_VERSION] = { "version", "messages of another version" },
	[PFCP_STAT_PEER_RESTARTS] = { "peer_restarts", "peers seen with another Recovery Time Stamp" },
	[PFCP_STAT_EXHAUSTED] = { "exhausted", "requests and responses for which there was no room" },
};
const struct stat_group pfcp_stat_group = { "pfcp", stat_defs, PFCP_STAT_COUNT };

void pfcp_stats(const struct pfcp_node *n, struct stats *out)
{
	*out = (struct stats){ &pfcp_stat_group, n->stat };
}

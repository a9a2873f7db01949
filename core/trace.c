/*
 * What is kept of signalling: the taps of N1, N2, N4 and the bus, each where all of it passes. A message of
 * nobody, or of several UEs (NG SETUP, NG RESET, associations, heart-beats), is in no trace.
 */
#include "core/internal.h"
#include "wire/sbi/sbi_json.h"

#include <stdlib.h>

/* The time of day, as fine as the monotonic clock, and read once a turn as that is. */
static uint64_t utc_ns(struct core *core)
{
	enum { APART_NS = 2 * NS_PER_MS }; /* more: the time of day was set */
	struct core_trace *t = &core->trace;
	uint64_t now_ns = env_now_ns(core->env), read_ns;

	if (now_ns == t->now_ns && t->utc_ns)
		return t->utc_ns;
	read_ns = env_utc_ms(core->env) * NS_PER_MS;
	t->utc_ns += now_ns - t->now_ns;
	if (t->utc_ns + APART_NS < read_ns || t->utc_ns > read_ns + APART_NS)
		t->utc_ns = read_ns;
	t->now_ns = now_ns;
	return t->utc_ns;
}

void core_trace_settle(struct core *core)
{
	struct core_trace *t = &core->trace;
	const struct turn *turn = core->env->turn;

	if (turn->epoch == t->epoch)
		return;
	for (uint64_t n = t->from; t->epoch && turn->lost >= t->epoch && n < t->ring.next; n++) {
		struct trace_entry *e = trace_ring_at(&t->ring, n);

		if (e && e->kind != TRACE_SBI && !(e->flags & TRACE_IN))
			e->flags |= TRACE_LOST;
	}
	t->epoch = turn->epoch;
	t->from = t->ring.next;
}

static struct trace_entry *begin(struct core *core, enum core_trace_kind kind, bool in, size_t octets)
{
	struct trace_entry *e;

	core_trace_settle(core);
	e = octets <= CORE_TRACE_OCTETS_MAX ? trace_ring_begin(&core->trace.ring, octets) : NULL;
	if (!e) {
		core->trace.stat[CORE_TRACE_TOO_LONG]++;
		return NULL;
	}
	e->utc_ns = utc_ns(core);
	e->kind = (uint8_t)kind;
	e->flags = in ? TRACE_IN : 0;
	e->chain = core->trace.ring.next;
	return e;
}

static uint64_t end(struct core *core, size_t octets, uint64_t whose)
{
	uint64_t number = trace_ring_end(&core->trace.ring, octets);

	core->trace.stat[CORE_TRACE_KEPT]++;
	trace_ring_assign(&core->trace.ring, number, whose);
	return number;
}

/* A message of one or two parts. */
static uint64_t keep(struct core *core, enum core_trace_kind kind, bool in, uint64_t whose,
	const struct addr *peer, struct bytes octets, struct bytes plain)
{
	struct trace_entry *e = begin(core, kind, in, octets.len + plain.len);
	struct writer w;

	if (!e)
		return 0;
	w = writer_of(e + 1, octets.len + plain.len);
	writer_put(&w, octets);
	writer_put(&w, plain);
	e->octets = (uint32_t)octets.len;
	e->plain = (uint32_t)plain.len;
	if (peer)
		e->peer = *peer;
	return end(core, w.len, whose);
}

static uint64_t on_n2(void *arg, bool in, uint64_t whose, const struct addr *gnb, struct bytes pdu)
{
	struct core *core = arg;

	if (in)
		core->trace.pending = core->trace.ring.next;
	return in || whose ? keep(core, TRACE_N2, in, whose, gnb, pdu, BYTES_NONE) : 0;
}

static void on_n1(void *arg, bool uplink, uint64_t whose, struct bytes pdu, struct bytes plain)
{
	struct core *core = arg;

	if (core->nas_tap)
		core->nas_tap(core->nas_tap_arg, uplink, plain);
	if (core->trace.ring.memory && (uplink || whose))
		keep(core, TRACE_N1, uplink, uplink ? 0 : whose, NULL, pdu, plain);
}

/* What came since, and is nobody's yet. */
static void on_concerns(void *arg, uint64_t whose)
{
	struct core *core = arg;
	struct core_trace *t = &core->trace;

	for (uint64_t n = t->pending; whose && n < t->ring.next; n++) {
		const struct trace_entry *e = trace_ring_at(&t->ring, n);

		if (e && e->flags & TRACE_IN && e->whose == 0)
			trace_ring_assign(&t->ring, n, whose);
	}
}

static void on_known(void *arg, uint64_t whose, const struct supi *supi)
{
	struct core *core = arg;

	trace_ring_known(&core->trace.ring, whose, supi_key(supi));
}

static void on_n4(void *arg, bool in, uint64_t whose, const struct addr *peer, struct bytes message)
{
	if (whose)
		keep(arg, TRACE_N4, in, whose, peer, message, BYTES_NONE);
}

static void blank(struct core_trace *t, const struct sbi_seen *s, void *copy)
{
	if (s->request && t->secret[s->op][0])
		sbi_request_blank(s->op, copy);
	if (!s->request && t->secret[s->op][1])
		sbi_response_blank(s->op, copy);
}

/*
 * The struct of a body behind the entry, to be made JSON when somebody asks: as it lies in the bus, or, where
 * it has secrets or lies in pieces, a copy that is right where it is. Octets that it took.
 */
static size_t keep_body(struct core_trace *t, struct trace_entry *e, const struct sbi_seen *s)
{
	struct arena arena;
	void *copy;

	if (s->octets > 0 && s->octets <= CORE_TRACE_OCTETS_MAX && !t->secret[s->op][!s->request]) {
		bytes_copy(e + 1, CORE_TRACE_OCTETS_MAX, bytes_of(s->body, s->octets));
		e->body = s->body;
		return s->octets;
	}
	arena_init(&arena, e + 1, CORE_TRACE_OCTETS_MAX, 0);
	copy = s->request ? sbi_request_copy(s->op, s->body, &arena)
			  : sbi_response_copy(s->op, s->body, &arena);
	if (!copy)
		return 0;
	blank(t, s, copy);
	e->body = copy;
	return (size_t)(arena.at - (uint8_t *)(e + 1));
}

/* A request says itself whom it concerns, where it was not known. */
static uint64_t whose_request(struct core *core, const struct sbi_seen *s)
{
	uint64_t whose = trace_ring_whose(&core->trace.ring, s->whose);
	struct supi supi;

	if (!s->request || (whose && !(whose & WHOSE_UNKNOWN)) || !sbi_request_supi(s->op, s->body, &supi))
		return whose;
	if (whose)
		on_known(core, s->whose, &supi);
	return supi_key(&supi);
}

static void on_sbi(void *arg, const struct sbi_seen *s)
{
	struct core *core = arg;
	uint64_t whose = whose_request(core, s);
	struct trace_entry *e = whose ? begin(core, TRACE_SBI, s->request, CORE_TRACE_OCTETS_MAX) : NULL;

	if (!e)
		return;
	e->flags |= s->request ? 0 : TRACE_ANSWER;
	e->op = (uint8_t)s->op;
	e->cause = (uint8_t)s->cause;
	e->consumer = (uint8_t)s->consumer;
	e->producer = (uint8_t)s->producer;
	e->octets = s->body ? (uint32_t)keep_body(&core->trace, e, s) : 0;
	end(core, e->octets, whose);
}

void core_trace_watch(struct core *core)
{
	bool on = core->trace.ring.memory != NULL;
	const struct amf_tap tap = { .n2 = on ? on_n2 : NULL,
		.n1 = on || core->nas_tap ? on_n1 : NULL,
		.concerns = on_concerns,
		.known = on ? on_known : NULL,
		.arg = core };

	for (uint8_t i = 0; i < core->config.amf_count; i++)
		amf_set_tap(core->amfs[i], &tap);
	smf_set_n4_tap(core->smf, on ? on_n4 : NULL, core);
	sbi_bus_set_tap(core->bus, on ? on_sbi : NULL, core);
}

bool core_trace_init(struct core *core)
{
	struct core_trace *t = &core->trace;

	_Static_assert(
		SBI_OP_COUNT <= UINT8_MAX && SBI_CAUSE_COUNT <= UINT8_MAX && NF_TYPE_COUNT <= UINT8_MAX,
		"an octet each in an entry");
	if (core->config.trace_ring_mib == 0)
		return true;
	for (unsigned op = 0; op < SBI_OP_COUNT; op++) {
		t->secret[op][0] = sbi_request_has_secret((enum sbi_op_id)op);
		t->secret[op][1] = sbi_response_has_secret((enum sbi_op_id)op);
	}
	arena_init(&t->reader.arena, NULL, 0, 1 << 20);
	if (!trace_ring_init(&t->ring, (size_t)core->config.trace_ring_mib << 20))
		return false;
	core_trace_watch(core);
	return true;
}

struct core_tracing *core_tracing_of(struct core *core, uint64_t assoc)
{
	for (size_t i = 0; i < ARRAY_LEN(core->trace.clients); i++)
		if (core->trace.clients[i].assoc == assoc)
			return &core->trace.clients[i];
	return NULL;
}

void core_trace_ends(struct core *core, uint64_t assoc)
{
	struct core_tracing *c = assoc ? core_tracing_of(core, assoc) : NULL;

	if (!c)
		return;
	log_access(core->env->log, LOG_ROOM, "personal data: uid %u (pid %u) traces imsi-%s no longer",
		c->uid, c->pid, c->supi.imsi);
	*c = (struct core_tracing){ 0 };
}

void core_trace_fini(struct core *core)
{
	for (size_t i = 0; i < ARRAY_LEN(core->trace.clients); i++)
		core_trace_ends(core, core->trace.clients[i].assoc);
	trace_ring_fini(&core->trace.ring);
	arena_fini(&core->trace.reader.arena);
}

static const struct stat_def stat_defs[CORE_TRACE_STAT_COUNT] = {
	[CORE_TRACE_KEPT] = { "kept", "messages of subscribers put to the ring of traces" },
	[CORE_TRACE_TOO_LONG] = { "too_long", "messages too long for it" },
	[CORE_TRACE_REFUSED] = { "refused", "traces asked for without the right" },
};
const struct stat_group core_trace_stat_group = { "trace", stat_defs, CORE_TRACE_STAT_COUNT };

void core_trace_stats(const struct core *core, struct stats *out)
{
	*out = (struct stats){ &core_trace_stat_group, core->trace.stat };
}

void core_set_nas_tap(struct core *core, core_nas_tap_fn *fn, void *arg)
{
	core->nas_tap = fn;
	core->nas_tap_arg = arg;
	core_trace_watch(core);
}

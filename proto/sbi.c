#include <stdlib.h>

#include "proto/sbi_internal.h"

struct sbi_bus *sbi_bus_new(struct env *env)
{
	struct sbi_bus *bus = calloc(1, sizeof(*bus));

	if (!bus)
		return NULL;
	bus->env = env;
	sbi_local_init(&bus->local, SBI_TURN_OCTETS_MAX);
	pool_init(&bus->exchanges, sizeof(struct sbi_exchange), SBI_PENDING_MAX + SBI_REFUSALS_MAX);
	list_init(&bus->waiting);
	list_init(&bus->expired);
	env_random(env, bus->callback_key, sizeof(bus->callback_key));
	return bus;
}

void sbi_bus_free(struct sbi_bus *bus)
{
	if (!bus)
		return;
	sbi_local_fini(&bus->local);
	pool_fini(&bus->exchanges);
	for (size_t i = 0; i < bus->peer_count; i++)
		free(bus->peers[i]);
	explicit_bzero(bus->callback_key, sizeof(bus->callback_key));
	free(bus);
}

void sbi_bus_set_wire(struct sbi_bus *bus, bool on)
{
	bus->local.wire = on;
}

void sbi_bus_set_tap(struct sbi_bus *bus, sbi_tap_fn *fn, void *arg)
{
	bus->tap = fn;
	bus->tap_arg = arg;
}

void sbi_bus_set_limit(struct sbi_bus *bus, size_t octets)
{
	bus->local.arena.limit = octets;
}

struct sbi_nf *sbi_attach(struct sbi_bus *bus, enum nf_type type, const char *instance_id,
	const struct sbi_nf_ops *ops, void *self)
{
	const struct sbi_peer *peer = sbi_instance(bus, type, instance_id);
	struct sbi_nf *nf = &bus->nfs[bus->nf_count];

	if (!peer || bus->nf_count == SBI_NFS_MAX)
		return NULL;
	*nf = (struct sbi_nf){ bus, peer, ops, self };
	bus->nf_count++;
	return nf;
}

bool sbi_transport_add(struct sbi_bus *bus, struct sbi_transport *t)
{
	if (bus->transport_count == SBI_TRANSPORTS_MAX)
		return false;
	bus->transports[bus->transport_count++] = t;
	return true;
}

/* The instance of this bus that a peer is; the first of its type when it may be any. */
static struct sbi_nf *nf_of(struct sbi_bus *bus, const struct sbi_peer *to)
{
	for (size_t i = 0; i < bus->nf_count; i++) {
		struct sbi_nf *nf = &bus->nfs[i];

		if (nf->peer->type == to->type &&
			(!to->instance_id[0] || !strcmp(nf->peer->instance_id, to->instance_id)))
			return nf;
	}
	return NULL;
}

static struct sbi_transport *transport_to(struct sbi_bus *bus, const struct sbi_peer *to)
{
	for (size_t i = 0; i < bus->transport_count; i++)
		if (bus->transports[i]->ops->reaches(bus->transports[i], to))
			return bus->transports[i];
	return NULL;
}

static uint64_t exchange_id(const struct sbi_bus *bus, const struct sbi_exchange *x)
{
	return (uint64_t)x->generation << 32 | pool_index(&bus->exchanges, x);
}

static struct sbi_exchange *exchange_at(struct sbi_bus *bus, uint64_t id)
{
	struct sbi_exchange *x = pool_at(&bus->exchanges, (uint32_t)id);

	return x && x->generation == (uint32_t)(id >> 32) ? x : NULL;
}

static struct sbi_exchange *exchange_new(struct sbi_bus *bus, enum sbi_op_id op)
{
	struct sbi_exchange *x = pool_alloc(&bus->exchanges);

	if (!x)
		return NULL;
	x->op = op;
	x->generation = ++bus->generation;
	x->deadline_ns = env_now_ns(bus->env) + (uint64_t)SBI_TIMEOUT_MS * NS_PER_MS;
	list_append(&bus->waiting, &x->link);
	return x;
}

static void exchange_free(struct sbi_bus *bus, struct sbi_exchange *x)
{
	list_remove(&x->link);
	pool_free(&bus->exchanges, x);
}

/* Queues the answer's event, which has its room in the exchange. */
static void exchange_answer(struct sbi_bus *bus, struct sbi_exchange *x, const struct sbi_peer *from,
	enum sbi_cause cause, struct sbi_body body)
{
	if (cause != SBI_OK) {
		bus->stat[SBI_STAT_ERRORS]++;
		bus->by_op[x->op][SBI_OP_FAILED]++;
	}
	x->answer = (struct sbi_event){ .kind = SBI_EVENT_ANSWER, .to = x->consumer, .octets = body.octets };
	x->answer.answer =
		(struct sbi_answer){ x->op, x->token, cause, from, x->state == SBI_EXPIRED, body.at };
	x->state = SBI_ANSWERED;
	list_remove(&x->link);
	sbi_local_queue(&bus->local, &x->answer);
}

/* An answer to the consumer of this bus; its body is copied, or an error takes its place. */
static void exchange_deliver(struct sbi_bus *bus, struct sbi_exchange *x, const struct sbi_peer *from,
	enum sbi_cause cause, const void *rsp)
{
	bool fits;
	struct sbi_body body = sbi_local_response_body(bus, x->op, cause, rsp, &fits);

	if (!fits) {
		bus->stat[SBI_STAT_BODYLESS]++;
		cause = cause == SBI_OK ? SBI_INSUFFICIENT_RESOURCES : cause;
	}
	exchange_answer(bus, x, from, cause, body);
}

/* Queues the request for an instance of this bus. False when there is no room. */
static bool queue_request(struct sbi_bus *bus, struct sbi_nf *to, const struct sbi_peer *from,
	const struct sbi_exchange *x, const void *req)
{
	struct sbi_body body = sbi_local_request_body(bus, x->op, req);
	struct sbi_event *e = body.at ? sbi_local_event(&bus->local) : NULL;

	if (!e)
		return false;
	e->kind = SBI_EVENT_REQUEST;
	e->to = to;
	e->octets = body.octets;
	e->request = (struct sbi_request){ x->op, from, exchange_id(bus, x), body.at };
	sbi_local_queue(&bus->local, e);
	return true;
}

static bool send_request(
	struct sbi_bus *bus, struct sbi_exchange *x, const struct sbi_peer *from, const void *req)
{
	struct sbi_nf *nf = nf_of(bus, x->to);
	struct sbi_transport *t;

	if (nf)
		return queue_request(bus, nf, from, x, req);
	t = transport_to(bus, x->to);
	return t && t->ops->request(t, exchange_id(bus, x), from, x->to, x->op, req);
}

void sbi_call(struct sbi_nf *from, const struct sbi_peer *to, enum sbi_op_id op, const void *req,
	struct sbi_token token)
{
	struct sbi_bus *bus = from->bus;
	bool room = bus->exchanges.used < SBI_PENDING_MAX;
	struct sbi_exchange *x = exchange_new(bus, op);

	bus->stat[SBI_STAT_REQUESTS]++;
	bus->by_op[op][SBI_OP_CALLED]++;
	if (!x) { /* as many refusals wait to be delivered: what asks so much in one turn is our bug */
		bus->stat[SBI_STAT_REFUSED]++;
		log_error(bus->env->log, "%s: no room even for a refusal", sbi_ops[op].name);
		return;
	}
	x->consumer = from;
	x->to = to;
	x->token = token;
	x->whose = token.whose ? token.whose : bus->whose;
	if (room && to && send_request(bus, x, from->peer, req))
		return;
	bus->stat[SBI_STAT_REFUSED]++;
	exchange_answer(bus, x, to, SBI_NF_CONGESTION, (struct sbi_body){ 0 });
}

bool sbi_deliver_request(struct sbi_bus *bus, struct sbi_transport *t, uint64_t route,
	const struct sbi_peer *from, const struct sbi_peer *to, enum sbi_op_id op, const void *body)
{
	struct sbi_nf *nf = nf_of(bus, to);
	struct sbi_exchange *x = nf && bus->exchanges.used < SBI_PENDING_MAX ? exchange_new(bus, op) : NULL;

	if (x) {
		x->via = t;
		x->route = route;
		x->to = nf->peer;
		if (queue_request(bus, nf, from, x, body))
			return true;
		exchange_free(bus, x);
	}
	bus->stat[SBI_STAT_REFUSED]++;
	return false;
}

/* Only what brings a resource is worth hearing of after the time-out. */
static bool creates_resource(enum sbi_op_id op, enum sbi_cause cause)
{
	return cause == SBI_OK && sbi_ops[op].success == 201;
}

void sbi_deliver_answer(
	struct sbi_bus *bus, uint64_t id, const struct sbi_peer *from, enum sbi_cause cause, const void *body)
{
	struct sbi_exchange *x = exchange_at(bus, id);

	if (!x || x->state == SBI_ANSWERED) {
		bus->stat[SBI_STAT_LATE]++;
		return;
	}
	if (x->state == SBI_EXPIRED) {
		bus->stat[SBI_STAT_LATE]++;
		if (!creates_resource(x->op, cause)) {
			exchange_free(bus, x);
			return;
		}
	}
	exchange_deliver(bus, x, from ? from : x->to, cause, body);
}

void sbi_answer(struct sbi_bus *bus, uint64_t id, enum sbi_cause cause, const void *rsp)
{
	struct sbi_exchange *x = exchange_at(bus, id);
	struct sbi_nf *server;

	if (!x || !x->via) {
		server = x ? nf_of(bus, x->to) : NULL;
		sbi_deliver_answer(bus, id, server ? server->peer : NULL, cause, rsp);
		return;
	}
	x->via->ops->answer(x->via, x->route, x->op, cause, rsp);
	exchange_free(bus, x);
}

static void show(struct sbi_bus *bus, const struct sbi_exchange *x, const struct sbi_event *e)
{
	bool request = e->kind == SBI_EVENT_REQUEST;
	enum nf_type consumer = request ? e->request.from->type : e->to->peer->type;

	if (log_wants(bus->env->log, LOG_DEBUG, LOG_ROOM))
		sbi_log_event(bus, e);
	if (bus->tap)
		bus->tap(bus->tap_arg, &(struct sbi_seen){ request, x->op, request ? SBI_OK : e->answer.cause,
					       consumer, sbi_ops[x->op].server, x->whose, exchange_id(bus, x),
					       request ? e->request.body : e->answer.body, e->octets });
}

/* A request whose exchange is over, by time-out, is delivered all the same. */
static void deliver_request(struct sbi_bus *bus, const struct sbi_event *e)
{
	const struct sbi_exchange *x = exchange_at(bus, e->request.id);

	bus->whose = x ? x->whose : 0;
	if (x)
		show(bus, x, e);
	e->to->ops->on_request(e->to->self, &e->request);
}

static void deliver(struct sbi_bus *bus, struct sbi_event *e)
{
	struct sbi_exchange *x;
	struct sbi_event copy = *e;

	if (e->kind == SBI_EVENT_REQUEST) {
		deliver_request(bus, &copy);
		return;
	}
	x = container_of(e, struct sbi_exchange, answer);
	bus->whose = x->whose;
	show(bus, x, &copy);
	if (copy.answer.cause == SBI_TIMED_OUT_REQUEST && sbi_ops[x->op].success == 201 &&
		!copy.answer.late) {
		x->state = SBI_EXPIRED;
		x->deadline_ns = env_now_ns(bus->env) + (uint64_t)SBI_LATE_MS * NS_PER_MS;
		list_append(&bus->expired, &x->link);
	} else {
		exchange_free(bus, x);
	}
	if (copy.to->ops->on_answer)
		copy.to->ops->on_answer(copy.to->self, &copy.answer);
}

void sbi_run(struct sbi_bus *bus)
{
	struct sbi_event *e;

	if (bus->running || !bus->local.head)
		return;
	bus->running = true;
	while ((e = sbi_local_next(&bus->local)) != NULL)
		deliver(bus, e);
	bus->running = false;
	bus->whose = 0;
	sbi_local_wipe(&bus->local);
}

static uint64_t first_deadline_ns(const struct link *list)
{
	struct link *first = list_first(list);

	return first ? container_of(first, struct sbi_exchange, link)->deadline_ns : NEVER;
}

uint64_t sbi_next_deadline_ns(const struct sbi_bus *bus)
{
	uint64_t waiting = first_deadline_ns(&bus->waiting), expired = first_deadline_ns(&bus->expired);

	return waiting < expired ? waiting : expired;
}

static void time_out(struct sbi_bus *bus, struct sbi_exchange *x)
{
	bus->stat[SBI_STAT_TIMEOUTS]++;
	log_warn(bus->env->log, "%s: no answer from %s %s within %d ms", sbi_ops[x->op].name,
		nf_type_name(x->to->type), x->to->instance_id, SBI_TIMEOUT_MS);
	if (x->consumer) {
		exchange_answer(bus, x, x->to, SBI_TIMED_OUT_REQUEST, (struct sbi_body){ 0 });
		return;
	}
	x->via->ops->answer(x->via, x->route, x->op, SBI_TIMED_OUT_REQUEST, NULL);
	exchange_free(bus, x);
}

void sbi_on_deadline(struct sbi_bus *bus, uint64_t now_ns)
{
	while (first_deadline_ns(&bus->waiting) <= now_ns)
		time_out(bus, container_of(list_first(&bus->waiting), struct sbi_exchange, link));
	while (first_deadline_ns(&bus->expired) <= now_ns)
		exchange_free(bus, container_of(list_first(&bus->expired), struct sbi_exchange, link));
	sbi_run(bus);
}

static const struct stat_def stat_defs[SBI_STAT_COUNT] = {
	[SBI_STAT_REQUESTS] = { "requests", "service operations called" },
	[SBI_STAT_ERRORS] = { "errors", "answers with an error cause" },
	[SBI_STAT_TIMEOUTS] = { "timeouts", "requests without an answer in time" },
	[SBI_STAT_REFUSED] = { "refused", "requests for which there was no room or no server" },
	[SBI_STAT_BODYLESS] = { "bodyless", "answers whose body had no room" },
	[SBI_STAT_LATE] = { "late", "answers to requests no longer pending" },
	[SBI_STAT_WIRE_ERRORS] = { "wire_errors", "bodies that did not survive their HTTP form" },
	[SBI_STAT_CALLBACKS_REFUSED] = { "callbacks_refused", "callback URIs of nobody here" },
};
const struct stat_group sbi_stat_group = { "sbi", stat_defs, SBI_STAT_COUNT };

void sbi_stats(const struct sbi_bus *bus, struct stats *out)
{
	*out = (struct stats){ &sbi_stat_group, bus->stat };
}

static const struct stat_def op_defs[SBI_OP_STAT_COUNT] = {
	[SBI_OP_CALLED] = { "operations", "service operations called, each by its name" },
	[SBI_OP_FAILED] = { "operations_failed", "those answered with an error, or not in time" },
};
const struct stat_group sbi_op_group = { "sbi", op_defs, SBI_OP_STAT_COUNT, "operation" };

static void op_label(const void *arg, size_t row, struct writer *w)
{
	stat_label(w, "operation", sbi_ops[row].name);
}

void sbi_figures(const struct sbi_bus *bus, struct stats_list *l)
{
	struct stats s;

	sbi_stats(bus, &s);
	stats_add(l, s);
	stats_add(l, (struct stats){ .group = &sbi_op_group,
			     .values = bus->by_op[0],
			     .rows = SBI_OP_COUNT,
			     .shown = SBI_OP_COUNT,
			     .labels = op_label });
}

#include "proto/sbi.h"

#include <stdlib.h>

#include "base/list.h"
#include "base/pool.h"
#include "wire/sbi/sbi_json.h"

#define LOG_ROOM "sbi"

/* An unanswered request. Deadlines are equal for all, so the list is ordered by them. */
struct sbi_pending {
	struct link link;
	enum sbi_op_id op;
	enum nf_type consumer;
	uint32_t generation;
	struct sbi_token token;
	uint64_t deadline_ns;
};

struct sbi_event {
	struct sbi_event *next;
	bool is_answer;
	enum nf_type to;
	struct sbi_request request;
	struct sbi_answer answer;
};

struct sbi_bus {
	struct env *env;
	struct arena arena; /* events and bodies of this turn */
	struct sbi_event *head;
	struct sbi_event **tail;
	struct pool pending;
	struct link waiting;
	uint32_t generation;
	bool running;
	bool wire; /* bodies go through their HTTP form */
	uint64_t stat[SBI_STAT_COUNT];
	struct {
		const struct sbi_nf_ops *ops;
		void *self;
	} nf[NF_TYPE_COUNT];
};

struct sbi_bus *sbi_bus_new(struct env *env)
{
	struct sbi_bus *bus = calloc(1, sizeof(*bus));

	if (!bus)
		return NULL;
	bus->env = env;
	bus->tail = &bus->head;
	arena_init(&bus->arena, NULL, 0, SBI_TURN_OCTETS_MAX);
	pool_init(&bus->pending, sizeof(struct sbi_pending), SBI_PENDING_MAX);
	list_init(&bus->waiting);
	return bus;
}

void sbi_bus_free(struct sbi_bus *bus)
{
	if (!bus)
		return;
	arena_fini(&bus->arena);
	pool_fini(&bus->pending);
	free(bus);
}

void sbi_bus_set_wire(struct sbi_bus *bus, bool on)
{
	bus->wire = on;
}

void sbi_attach(struct sbi_bus *bus, enum nf_type type, const struct sbi_nf_ops *ops, void *self)
{
	bus->nf[type].ops = ops;
	bus->nf[type].self = self;
}

static struct sbi_event *sbi_event_new(struct sbi_bus *bus)
{
	struct sbi_event *e = arena_alloc(&bus->arena, sizeof(*e));

	if (e) {
		*bus->tail = e;
		bus->tail = &e->next;
	}
	return e;
}

static void sbi_wire_failed(
	struct sbi_bus *bus, enum sbi_op_id op, const char *what, const struct sbi_problem *p)
{
	bus->stat[SBI_STAT_WIRE_ERRORS]++;
	log_error(bus->env->log, "%s: the %s has no HTTP form: %s at \"%s\"", sbi_ops[op].name, what,
		sbi_cause_name(p->cause), p->param);
}

/* A request as its receiver would see it; NULL, counted, when it does not come through. */
static void *sbi_request_through_wire(struct sbi_bus *bus, enum sbi_op_id op, const void *req)
{
	struct sbi_problem problem = { .cause = SBI_UNSPECIFIED_NF_FAILURE };
	enum sbi_op_id found = op;
	struct sbi_http http;
	void *out;

	if (sbi_request_encode(op, req, &bus->arena, &http) &&
		sbi_request_decode(&http, &bus->arena, &found, &out, &problem) && found == op)
		return out;
	sbi_wire_failed(bus, op, "request", &problem);
	return NULL;
}

static void *sbi_request_body(struct sbi_bus *bus, enum sbi_op_id op, const void *req)
{
	void *body = bus->wire ? sbi_request_through_wire(bus, op, req) : NULL;

	return body ? body : sbi_request_copy(op, req, &bus->arena);
}

/*
 * An answer's body as the consumer would see it; *through is false, counted, when it does not come through.
 */
static void *sbi_response_through_wire(
	struct sbi_bus *bus, const struct sbi_answer *a, const void *rsp, bool *through)
{
	struct sbi_problem problem = { .cause = SBI_UNSPECIFIED_NF_FAILURE };
	enum sbi_cause cause;
	struct sbi_http http;
	void *out = NULL;

	*through = sbi_response_encode(a->op, a->cause, rsp, &bus->arena, &http) &&
		   sbi_response_decode(a->op, &http, &bus->arena, &cause, &out, &problem) &&
		   cause == a->cause;
	if (!*through)
		sbi_wire_failed(bus, a->op, "answer", &problem);
	return out;
}

static void sbi_response_body(struct sbi_bus *bus, struct sbi_answer *a, const void *rsp)
{
	bool through = false;

	if (bus->wire)
		a->body = sbi_response_through_wire(bus, a, rsp, &through);
	if (through || !rsp || sbi_ops[a->op].rsp_size == 0)
		return;
	a->body = sbi_response_copy(a->op, rsp, &bus->arena);
	if (!a->body)
		a->cause = SBI_INSUFFICIENT_RESOURCES;
}

static void sbi_queue_answer(struct sbi_bus *bus, enum nf_type to, const struct sbi_answer *answer)
{
	struct sbi_event *e = sbi_event_new(bus);

	if (answer->cause != SBI_OK)
		bus->stat[SBI_STAT_ERRORS]++;
	if (!e) {
		bus->stat[SBI_STAT_REFUSED]++;
		return;
	}
	e->is_answer = true;
	e->to = to;
	e->answer = *answer;
}

static uint64_t sbi_pending_id(const struct sbi_bus *bus, const struct sbi_pending *p)
{
	return (uint64_t)p->generation << 32 | pool_index(&bus->pending, p);
}

static void sbi_pending_free(struct sbi_bus *bus, struct sbi_pending *p)
{
	list_remove(&p->link);
	pool_free(&bus->pending, p);
}

/* Queues the request; false, with nothing pending, when there is no room or no server. */
static bool sbi_queue_request(struct sbi_bus *bus, enum nf_type consumer, enum sbi_op_id op, const void *req,
	struct sbi_token token)
{
	const struct sbi_op *def = &sbi_ops[op];
	struct sbi_pending *p;
	struct sbi_event *e;
	void *body;

	if (!bus->nf[def->server].ops)
		return false;
	body = sbi_request_body(bus, op, req);
	p = body ? pool_alloc(&bus->pending) : NULL;
	e = p ? sbi_event_new(bus) : NULL;
	if (!e) {
		if (p)
			pool_free(&bus->pending, p);
		bus->stat[SBI_STAT_REFUSED]++;
		return false;
	}
	p->op = op;
	p->consumer = consumer;
	p->generation = ++bus->generation;
	p->token = token;
	p->deadline_ns = env_now_ns(bus->env) + (uint64_t)SBI_TIMEOUT_MS * NS_PER_MS;
	list_append(&bus->waiting, &p->link);
	e->to = def->server;
	e->request = (struct sbi_request){ op, consumer, sbi_pending_id(bus, p), body };
	return true;
}

void sbi_call(struct sbi_bus *bus, enum nf_type consumer, enum sbi_op_id op, const void *req,
	struct sbi_token token)
{
	struct sbi_answer refusal = { op, token, SBI_NF_CONGESTION, NULL };

	bus->stat[SBI_STAT_REQUESTS]++;
	if (!sbi_queue_request(bus, consumer, op, req, token))
		sbi_queue_answer(bus, consumer, &refusal);
}

void sbi_answer(struct sbi_bus *bus, uint64_t id, enum sbi_cause cause, const void *rsp)
{
	struct sbi_pending *p = pool_at(&bus->pending, (uint32_t)id);
	struct sbi_answer a;

	if (!p || p->generation != (uint32_t)(id >> 32)) {
		bus->stat[SBI_STAT_LATE]++;
		return;
	}
	a = (struct sbi_answer){ p->op, p->token, cause, NULL };
	sbi_response_body(bus, &a, rsp);
	sbi_queue_answer(bus, p->consumer, &a);
	sbi_pending_free(bus, p);
}

void sbi_run(struct sbi_bus *bus)
{
	if (bus->running || !bus->head)
		return;
	bus->running = true;
	while (bus->head) {
		struct sbi_event *e = bus->head;
		const struct sbi_nf_ops *ops = bus->nf[e->to].ops;

		bus->head = e->next;
		if (!bus->head)
			bus->tail = &bus->head;
		if (!e->is_answer)
			ops->on_request(bus->nf[e->to].self, &e->request);
		else if (ops && ops->on_answer)
			ops->on_answer(bus->nf[e->to].self, &e->answer);
	}
	bus->running = false;
	arena_wipe(&bus->arena); /* bodies carry keys */
}

uint64_t sbi_next_deadline_ns(const struct sbi_bus *bus)
{
	struct link *first = list_first(&bus->waiting);

	return first ? container_of(first, struct sbi_pending, link)->deadline_ns : NEVER;
}

void sbi_on_deadline(struct sbi_bus *bus, uint64_t now_ns)
{
	list_each(l, next, &bus->waiting)
	{
		struct sbi_pending *p = container_of(l, struct sbi_pending, link);
		struct sbi_answer a = { p->op, p->token, SBI_TIMED_OUT_REQUEST, NULL };

		if (p->deadline_ns > now_ns)
			break;
		log_warn(bus->env->log, "%s: no answer from %s within %d ms", sbi_ops[p->op].name,
			nf_type_name(sbi_ops[p->op].server), SBI_TIMEOUT_MS);
		bus->stat[SBI_STAT_TIMEOUTS]++;
		sbi_queue_answer(bus, p->consumer, &a);
		sbi_pending_free(bus, p);
	}
	sbi_run(bus);
}

void sbi_stats(const struct sbi_bus *bus, struct stats *out)
{
	static const struct stat_def defs[SBI_STAT_COUNT] = {
		[SBI_STAT_REQUESTS] = { "requests", "service operations called" },
		[SBI_STAT_ERRORS] = { "errors", "answers with an error cause" },
		[SBI_STAT_TIMEOUTS] = { "timeouts", "requests without an answer in time" },
		[SBI_STAT_REFUSED] = { "refused", "events for which there was no room" },
		[SBI_STAT_LATE] = { "late", "answers to requests no longer pending" },
		[SBI_STAT_WIRE_ERRORS] = { "wire_errors", "bodies that did not survive their HTTP form" },
	};

	*out = (struct stats){ "sbi", defs, bus->stat, SBI_STAT_COUNT };
}

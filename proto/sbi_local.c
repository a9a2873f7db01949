/* The local transport: bodies are copied, or go through their HTTP form, and events wait in a queue. */
#include "proto/sbi_internal.h"
#include "wire/sbi/sbi_json.h"

void sbi_local_init(struct sbi_local *l, size_t limit)
{
	arena_init(&l->arena, NULL, 0, limit);
	l->head = NULL;
	l->tail = &l->head;
}

void sbi_local_fini(struct sbi_local *l)
{
	sbi_local_wipe(l);
	arena_fini(&l->arena);
}

/* Bodies carry keys. */
void sbi_local_wipe(struct sbi_local *l)
{
	arena_wipe(&l->arena);
}

struct sbi_event *sbi_local_event(struct sbi_local *l)
{
	return arena_alloc(&l->arena, sizeof(struct sbi_event));
}

void sbi_local_queue(struct sbi_local *l, struct sbi_event *e)
{
	e->next = NULL;
	*l->tail = e;
	l->tail = &e->next;
}

struct sbi_event *sbi_local_next(struct sbi_local *l)
{
	struct sbi_event *e = l->head;

	if (e)
		l->head = e->next;
	if (!l->head)
		l->tail = &l->head;
	return e;
}

static void wire_failed(struct sbi_bus *bus, enum sbi_op_id op, const char *what, const struct sbi_problem *p)
{
	bus->stat[SBI_STAT_WIRE_ERRORS]++;
	log_error(bus->env->log, "%s: the %s has no HTTP form: %s at \"%s\"", sbi_ops[op].name, what,
		sbi_cause_name(p->cause), p->param);
}

/* A request as its receiver would see it; NULL, counted, when it does not come through. */
static void *request_through_wire(struct sbi_bus *bus, enum sbi_op_id op, const void *req)
{
	struct sbi_problem problem = { .cause = SBI_UNSPECIFIED_NF_FAILURE };
	struct arena *arena = &bus->local.arena;
	enum sbi_op_id found = op;
	struct sbi_http http;
	void *out;

	if (sbi_request_encode(op, req, arena, &http) &&
		sbi_request_decode(&http, arena, &found, &out, &problem) && found == op)
		return out;
	wire_failed(bus, op, "request", &problem);
	return NULL;
}

/* What was copied while the arena's block ended at `end`: in one piece if it still does. */
static struct sbi_body body_of(const struct arena *arena, const uint8_t *end, void *copy)
{
	size_t octets = copy && arena->end == end ? (size_t)(arena->at - (uint8_t *)copy) : 0;

	memory_unpoison(copy, octets); /* also what is between two parts of it */
	return (struct sbi_body){ copy, octets };
}

struct sbi_body sbi_local_request_body(struct sbi_bus *bus, enum sbi_op_id op, const void *req)
{
	void *body = bus->local.wire ? request_through_wire(bus, op, req) : NULL;
	struct arena *arena = &bus->local.arena;
	const uint8_t *end = arena->end;

	return body ? (struct sbi_body){ body, 0 } : body_of(arena, end, sbi_request_copy(op, req, arena));
}

/* *through is false, counted, when it does not come through. */
static void *response_through_wire(
	struct sbi_bus *bus, enum sbi_op_id op, enum sbi_cause cause, const void *rsp, bool *through)
{
	struct sbi_problem problem = { .cause = SBI_UNSPECIFIED_NF_FAILURE };
	struct arena *arena = &bus->local.arena;
	enum sbi_cause found;
	struct sbi_http http;
	void *out = NULL;

	*through = sbi_response_encode(op, cause, rsp, arena, &http) &&
		   sbi_response_decode(op, &http, arena, &found, &out, &problem) && found == cause;
	if (!*through)
		wire_failed(bus, op, "answer", &problem);
	return out;
}

struct sbi_body sbi_local_response_body(
	struct sbi_bus *bus, enum sbi_op_id op, enum sbi_cause cause, const void *rsp, bool *fits)
{
	struct arena *arena = &bus->local.arena;
	struct sbi_body body = { NULL, 0 };
	bool through = false;
	const uint8_t *end;

	*fits = true;
	if (bus->local.wire)
		body.at = response_through_wire(bus, op, cause, rsp, &through);
	if (through || !rsp || sbi_ops[op].rsp_size == 0)
		return body;
	end = arena->end;
	body = body_of(arena, end, sbi_response_copy(op, rsp, arena));
	*fits = body.at != NULL;
	return body;
}

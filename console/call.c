/* From a request to its answer: who asks, whether they may, and what is said. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "console/operations.h"

enum { OUT_FIRST = 4096 };

static void call_free(struct call *call)
{
	struct console *c = call->console;

	if (c->core.call == call)
		c->core.call = NULL; /* its answer is nobody's */
	if (c->keeper.call == call)
		c->keeper.call = NULL;
	list_remove(&call->link);
	if (call->out)
		explicit_bzero(call->out, call->w.cap);
	free(call->out);
	arena_wipe(&call->arena);
	arena_fini(&call->arena);
	pool_free(&c->calls, call);
}

/* Where the answer goes; NULL: whoever asked has gone. */
static struct connection *connection_to(const struct call *call)
{
	struct connection *k = connection_of(call->console, call->assoc);

	if (k && (k->h2 ? http2_has(k->h2, call->stream) : k->call == call))
		return k;
	return NULL;
}

static void call_end(struct call *call, struct reply *r)
{
	struct console *c = call->console;
	uint32_t stream = call->stream;
	struct connection *k = connection_to(call);

	r->keep_alive = call->keep_alive;
	r->head = call->method == HTTP_HEAD;
	r->set_cookie = call->set_cookie;
	audit_end(call, http1_code_text(r->code), BYTES_NONE);
	if (k)
		reply_send(c, k, stream, r);
	call_free(call);
	if (k)
		connection_answered(c, k);
}

struct call *call_own(struct console *c)
{
	struct call *call = pool_alloc(&c->calls);

	if (!call)
		return NULL;
	call->console = c;
	arena_init(&call->arena, NULL, 0, CALL_ARENA_MAX);
	return call;
}

struct writer *call_json(struct call *call, size_t octets)
{
	size_t cap = call->w.cap ? call->w.cap : OUT_FIRST;
	uint8_t *grown;

	while (cap < call->w.len + octets && cap <= CONSOLE_ANSWER_MAX)
		cap *= 2;
	if (cap == call->w.cap)
		return &call->w;
	grown = cap <= CONSOLE_ANSWER_MAX ? realloc(call->out, cap) : NULL;
	if (grown) {
		call->out = grown;
		call->w.data = grown;
		call->w.cap = cap;
	} else {
		call->w.failed = true;
	}
	return &call->w;
}

void call_answer(struct call *call, enum http_code code)
{
	struct reply r = { .code = code, .type = "application/json", .body = writer_bytes(&call->w) };

	if (call->w.failed) {
		call_refuse(call, HTTP1_INTERNAL_ERROR, "the answer is too long");
		return;
	}
	if (code == HTTP1_NO_CONTENT)
		r.type = NULL;
	call_end(call, &r);
}

void call_stream(struct call *call, uint32_t seconds)
{
	struct console *c = call->console;
	struct reply r = { .code = HTTP1_OK, .type = "text/event-stream", .stream = true };
	struct connection *k = connection_to(call);

	if (k && k->h2) {
		reply_send(c, k, call->stream, &r);
	} else if (k) {
		reply_send(c, k, 0, &r);
		k->call = NULL;
		k->closing = true; /* what comes after it is no request */
		connection_forget(k);
		connection_expect(c, k, seconds);
	}
	call_free(call);
}

static void refuse(struct call *call, enum http_code code, unsigned retry_after_s, const char *text)
{
	struct writer *w;
	struct reply r = { .code = code, .type = "application/json", .retry_after_s = retry_after_s };

	call->w.failed = false;
	call->w.len = 0;
	w = call_json(call, 6 * strlen(text) + 32);
	text_put(w, "{\"error\":");
	json_write_string(w, bytes_of_str(text));
	text_put(w, "}");
	r.body = writer_bytes(w);
	call_end(call, &r);
}

void call_refuse(struct call *call, enum http_code code, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	refuse(call, code, 0, text);
}

void call_refuse_later(struct call *call, enum http_code code, unsigned retry_after_s, const char *text)
{
	refuse(call, code, retry_after_s, text);
}

void call_answer_object(
	struct call *call, enum http_code code, const struct json_object *table, const void *from)
{
	struct json_field root = { .kind = JSON_OBJECT, .sub = table };

	json_encode(&root, from, NULL, call_json(call, ROW_SIZE_MAX));
	call_answer(call, code);
}

void *call_body(struct call *call, const struct json_object *table, size_t size)
{
	struct json_field root = { .kind = JSON_OBJECT, .sub = table };
	struct json_fault fault;
	void *out = arena_alloc(&call->arena, size);

	if (!out) {
		call_refuse(call, HTTP1_UNAVAILABLE, "memory is out");
		return NULL;
	}
	if (json_decode(&root, call->body, &call->arena, NULL, out, &fault))
		return out;
	call_refuse(call, HTTP1_BAD_REQUEST, "%s%s", fault.path[0] ? fault.path : "the body",
		fault.cause == JSON_MANDATORY_MISSING ? " is missing"
		: fault.cause == JSON_INVALID_FORMAT  ? " is no JSON object, or has a key twice"
						      : " is not what the API takes there");
	return NULL;
}

const char *call_query(struct call *call, const char *name)
{
	struct bytes value, plain;

	if (!http_query_value(call->query, name, &value) || !json_percent_read(value, &call->arena, &plain) ||
		memchr(plain.data, 0, plain.len))
		return NULL;
	return arena_str(&call->arena, (const char *)plain.data); /* it is terminated */
}

bool call_sees_personal(const struct call *call)
{
	return MAY(call->who.role) & SEE_PERSONAL;
}

void calls_end(struct console *c)
{
	struct call *call;
	uint32_t i = 0;

	while ((call = pool_next(&c->calls, &i)))
		call_free(call);
}

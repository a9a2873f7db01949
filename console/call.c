/* From a request to its answer: who asks, whether they may, and what is said. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "console/operations.h"
#include "console/page.h"
#include "crypto/equal.h"

enum { OUT_FIRST = 4096 };

static void call_free(struct call *call)
{
	struct console *c = call->console;

	ask_forget(call);
	list_remove(&call->link);
	if (call->out)
		explicit_bzero(call->out, call->w.cap);
	free(call->out);
	arena_wipe(&call->arena);
	arena_fini(&call->arena);
	pool_free(&c->calls, call);
}

static void call_end(struct call *call, struct reply *r)
{
	struct console *c = call->console;
	uint64_t assoc = call->assoc;
	struct connection *k = connection_of(c, assoc);

	r->keep_alive = call->keep_alive;
	r->head = call->method == HTTP_HEAD;
	r->set_cookie = call->set_cookie;
	if (k && k->call == call)
		reply_send(c, assoc, r);
	call_free(call);
	if (k)
		connection_answered(c, k);
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

	if (!http_query_value(call->query, name, &value) ||
		!json_percent_read(value, &call->arena, &plain) || memchr(plain.data, 0, plain.len))
		return NULL;
	return arena_str(&call->arena, (const char *)plain.data); /* it is terminated */
}

bool call_sees_personal(const struct call *call)
{
	return MAY(call->who.role) & SEE_PERSONAL;
}

static bool text_is(struct bytes text, const char *prefix, struct bytes rest)
{
	size_t len = strlen(prefix);

	return text.len == len + rest.len && !memcmp(text.data, prefix, len) &&
	       bytes_equal(bytes_of(text.data + len, rest.len), rest);
}

/* Other sites can make a browser send requests here: none that changes something is taken (OWASP CSRF). */
static bool is_ours(const struct http1_request *r)
{
	struct bytes origin = http1_field(r, "origin"), site = http1_field(r, "sec-fetch-site");

	if (r->method == HTTP_GET || r->method == HTTP_HEAD)
		return true;
	if (origin.len > 0 && !text_is(origin, "https://", r->host))
		return false;
	return site.len == 0 || bytes_equal(site, bytes_of_str("same-origin")) ||
	       bytes_equal(site, bytes_of_str("none"));
}

static bool has_csrf(const struct call *call, const struct http1_request *r)
{
	struct bytes given = http1_field(r, "x-csrf-token");

	if (!call->who.session || r->method == HTTP_GET || r->method == HTTP_HEAD)
		return true;
	return crypto_equal(given, bytes_of_str(call->who.session->csrf));
}

static bool is_json(const struct http1_request *r)
{
	static const char json[] = "application/json";
	struct bytes type = http1_field(r, "content-type");

	return r->content.len == 0 ||
	       (type.len >= sizeof(json) - 1 && !memcmp(type.data, json, sizeof(json) - 1) &&
		       (type.len == sizeof(json) - 1 || type.data[sizeof(json) - 1] == ';'));
}

/* What the call needs of the request, whose octets go. */
static bool copy_request(struct call *call, const struct http1_request *r, struct bytes param)
{
	struct bytes body, plain;

	call->method = r->method;
	call->keep_alive = r->keep_alive;
	call->background = http1_field(r, "x-background").len > 0;
	if (!json_percent_read(param, &call->arena, &plain) || plain.len >= PARAM_SIZE ||
		(param.len > 0 && (plain.len == 0 || memchr(plain.data, 0, plain.len))))
		return false;
	str_copy(call->param, PARAM_SIZE, plain.len ? (const char *)plain.data : "");
	call->query = arena_bytes(&call->arena, r->query);
	if (!http1_body(r, &call->arena, &body) || (r->query.len > 0 && !call->query.data))
		return false;
	call->body = arena_bytes(&call->arena, body);
	return body.len == 0 || call->body.data;
}

/* NULL: go on. Else why not. */
static const char *may_not(struct call *call, const struct http1_request *r, bool known, enum http_code *code)
{
	const struct operation *op = call->op;

	*code = HTTP1_FORBIDDEN;
	if (!is_ours(r))
		return "the request comes from another site";
	if (op->who == OPEN) {
		*code = HTTP1_UNSUPPORTED_TYPE;
		return is_json(r) ? NULL : "expected Content-Type: application/json";
	}
	if (!known || !call->who.name[0]) {
		*code = HTTP1_UNAUTHORIZED;
		return "log in first";
	}
	if (!has_csrf(call, r))
		return "expected X-CSRF-Token, as GET /api/v1/session tells it";
	if (!(op->who & MAY(call->who.role)))
		return "your role may not";
	*code = HTTP1_UNSUPPORTED_TYPE;
	return is_json(r) ? NULL : "expected Content-Type: application/json";
}

static void call_run(struct call *call, const struct http1_request *r, struct connection *k, struct bytes param)
{
	bool known = session_who(call->console, r, http1_field(r, "x-background").len > 0, &call->who);
	enum http_code code;
	const char *not = may_not(call, r, known, &code);
	bool copied = copy_request(call, r, param);

	connection_take(k, r->octets);
	if (not) {
		call->console->stat[CONSOLE_STAT_FORBIDDEN] += code == HTTP1_FORBIDDEN;
		call_refuse(call, code, "%s", not);
	} else if (!copied) {
		call_refuse(call, HTTP1_BAD_REQUEST, "the path or the query is not well formed, or too long");
	} else if (!call->op->personal || audit_personal(call)) {
		call->op->run(call);
	}
}

/* What is no operation, and needs no call. */
static void reply_plain(
	struct console *c, struct connection *k, const struct http1_request *r, enum http_code code, const char *allow)
{
	struct reply reply = { .code = code,
		.type = "text/plain; charset=utf-8",
		.body = bytes_of_str(http1_code_text(code)),
		.keep_alive = r->keep_alive,
		.head = r->method == HTTP_HEAD,
		.allow = allow && allow[0] ? allow : NULL };

	reply_send(c, k->assoc, &reply);
	connection_take(k, r->octets);
	connection_answered(c, k);
}

static void reply_page(
	struct console *c, struct connection *k, const struct http1_request *r, const struct page_file *file)
{
	struct bytes known = http1_field(r, "if-none-match");
	struct reply reply = { .code = HTTP1_OK,
		.type = file->type,
		.body = file->content,
		.keep_alive = r->keep_alive,
		.head = r->method == HTTP_HEAD,
		.etag = file->etag };

	if (known.len == strlen(file->etag) + 2 &&
		bytes_equal(bytes_of(known.data + 1, known.len - 2), bytes_of_str(file->etag))) {
		reply.code = HTTP1_NOT_MODIFIED;
		reply.type = NULL;
		reply.body = BYTES_NONE;
	}
	reply_send(c, k->assoc, &reply);
	connection_take(k, r->octets);
	connection_answered(c, k);
}

void call_begin(struct console *c, struct connection *k, const struct http1_request *r)
{
	enum http_method method = r->method == HTTP_HEAD ? HTTP_GET : r->method;
	const struct page_file *file = page_find(r->path);
	struct bytes param = BYTES_NONE;
	char allow[64] = "";
	const struct operation *op = operation_find(method, r->path, &param, allow);
	struct call *call;

	if (file && method == HTTP_GET) {
		reply_page(c, k, r, file);
		return;
	}
	if (!op) {
		reply_plain(c, k, r, allow[0] || file ? HTTP1_METHOD_NOT_ALLOWED : HTTP1_NOT_FOUND,
			file ? "GET, HEAD" : allow);
		return;
	}
	call = pool_alloc(&c->calls);
	if (!call) {
		c->stat[CONSOLE_STAT_BUSY]++;
		reply_plain(c, k, r, HTTP1_UNAVAILABLE, NULL);
		return;
	}
	call->console = c;
	call->assoc = k->assoc;
	call->peer = k->peer;
	call->op = op;
	call->method = r->method;
	call->keep_alive = r->keep_alive;
	arena_init(&call->arena, NULL, 0, CALL_ARENA_MAX);
	k->call = call;
	call_run(call, r, k, param);
}

void calls_end(struct console *c)
{
	struct call *call;
	uint32_t i = 0;

	while ((call = pool_next(&c->calls, &i)))
		call_free(call);
}

/*
 * From a connection's octets to an operation or a file of the page: who asks, and whether they may. Above all
 * other files: what is answered comes back here as a connection that is ready for its next request.
 */
#include "console/operations.h"
#include "console/page.h"
#include "crypto/equal.h"

enum { REQUESTS_A_TURN = 16 };

/* What is no request is answered, and nothing after it is read. */
static void refuse(struct console *c, struct connection *k, enum http_code code)
{
	struct reply r = {
		.code = code, .type = "text/plain; charset=utf-8", .body = bytes_of_str(http1_code_text(code))
	};

	c->stat[code == HTTP1_TIMEOUT ? CONSOLE_STAT_TIMED_OUT : CONSOLE_STAT_BAD_REQUESTS]++;
	k->closing = true;
	connection_forget(k);
	connection_expect(c, k, CONSOLE_REQUEST_S);
	reply_send(c, k, 0, &r);
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

/* It becomes a line of a question: nothing in it ends one. */
static bool is_line(struct bytes text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] < ' ' || text.data[i] == 0x7f)
			return false;
	return text.len < PARAM_SIZE;
}

/* What the call needs of the request, whose octets go. */
static bool copy_request(struct call *call, const struct http1_request *r, struct bytes param)
{
	struct bytes body, plain;

	call->method = r->method;
	call->keep_alive = r->keep_alive;
	if (!json_percent_read(param, &call->arena, &plain) || !is_line(plain))
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

static void call_run(
	struct call *call, const struct http1_request *r, struct connection *k, struct bytes param)
{
	bool background = call->op->run == run_live || http1_field(r, "x-background").len > 0;
	bool known = session_who(call->console, r, background, &call->who);
	enum http_code code;
	const char *not = may_not(call, r, known, &code);
	bool copied = copy_request(call, r, param);

	if (!k->h2)
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
static void reply_plain(struct console *c, struct connection *k, uint32_t stream,
	const struct http1_request *r, enum http_code code, const char *allow)
{
	struct reply reply = { .code = code,
		.type = "text/plain; charset=utf-8",
		.body = bytes_of_str(http1_code_text(code)),
		.keep_alive = r->keep_alive,
		.head = r->method == HTTP_HEAD,
		.allow = allow && allow[0] ? allow : NULL };

	reply_send(c, k, stream, &reply);
	if (!k->h2)
		connection_take(k, r->octets);
	connection_answered(c, k);
}

static void reply_page(struct console *c, struct connection *k, uint32_t stream,
	const struct http1_request *r, const struct page_file *file)
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
	reply_send(c, k, stream, &reply);
	if (!k->h2)
		connection_take(k, r->octets);
	connection_answered(c, k);
}

static void begin(struct console *c, struct connection *k, uint32_t stream, const struct http1_request *r)
{
	enum http_method method = r->method == HTTP_HEAD ? HTTP_GET : r->method;
	const struct page_file *file = page_find(r->path);
	struct bytes param = BYTES_NONE;
	char allow[64] = "";
	const struct operation *op = operation_find(method, r->path, &param, allow);
	struct call *call;

	if (file && method == HTTP_GET) {
		reply_page(c, k, stream, r, file);
		return;
	}
	if (!op) {
		reply_plain(c, k, stream, r, allow[0] || file ? HTTP1_METHOD_NOT_ALLOWED : HTTP1_NOT_FOUND,
			file ? "GET, HEAD" : allow);
		return;
	}
	call = pool_alloc(&c->calls);
	if (!call) {
		c->stat[CONSOLE_STAT_BUSY]++;
		reply_plain(c, k, stream, r, HTTP1_UNAVAILABLE, NULL);
		return;
	}
	call->console = c;
	call->assoc = k->assoc;
	call->peer = k->peer;
	call->op = op;
	call->method = r->method;
	call->keep_alive = r->keep_alive;
	arena_init(&call->arena, NULL, 0, CALL_ARENA_MAX);
	call->stream = stream;
	if (!k->h2)
		k->call = call;
	call_run(call, r, k, param);
}

static void h2_request(void *arg, uint32_t stream, const struct http1_request *r)
{
	struct connection *k = arg;

	k->console->stat[CONSOLE_STAT_REQUESTS]++;
	begin(k->console, k, stream, r);
}

static void h2_closed(void *arg, uint32_t stream)
{
	struct connection *k = arg;

	live_leave(k->console, k->assoc, stream);
}

static void h2_data(struct console *c, struct connection *k, struct bytes octets)
{
	struct msg close = { .kind = MSG_DOWN, .port = CONSOLE_PORT_HTTP, .assoc = k->assoc };
	bool ok;

	k->receiving = true;
	ok = http2_receive(k->h2, octets);
	k->receiving = false;
	connection_expect(c, k, CONSOLE_IDLE_S);
	reply_flush(c, k);
	if (ok)
		return;
	c->stat[CONSOLE_STAT_BAD_REQUESTS]++;
	k->closing = true;
	may_fail(outbox_put(c->env->outbox, &close));
}

/* Whether it begins, or may yet begin, as HTTP/2 does. */
static bool is_h2(struct connection *k)
{
	size_t len = k->in_len < HTTP2_PREFACE_LEN ? k->in_len : HTTP2_PREFACE_LEN;

	return !memcmp(k->in, http2_preface, len);
}

static void begin_h2(struct console *c, struct connection *k)
{
	struct http2_user user = { h2_request, h2_closed, k };
	struct bytes first = bytes_of(k->in, k->in_len);

	k->h2 = http2_new(&user, CONSOLE_BODY_MAX);
	if (!k->h2) {
		refuse(c, k, HTTP1_UNAVAILABLE);
		return;
	}
	h2_data(c, k, first);
	connection_forget(k);
}

/* False: it is not complete yet, or none. */
static bool next_request(struct console *c, struct connection *k)
{
	struct http1_request r;
	enum http_code code;

	if (is_h2(k)) {
		if (k->in_len >= HTTP2_PREFACE_LEN)
			begin_h2(c, k);
		return false;
	}
	code = http1_request_read(bytes_of(k->in, k->in_len), CONSOLE_BODY_MAX, &r);
	if (code == HTTP1_OK) {
		c->stat[CONSOLE_STAT_REQUESTS]++;
		k->until_ns = NEVER;
		k->closing = !r.keep_alive;
		begin(c, k, 0, &r);
		return true;
	}
	if (code != HTTP1_MORE)
		refuse(c, k, code);
	else if (r.expects && r.head_len > 0 && !k->continued)
		k->continued = outbox_send(c->env->outbox, CONSOLE_PORT_HTTP, k->assoc, 0,
			bytes_of_str("HTTP/1.1 100 Continue\r\n\r\n"));
	return false;
}

/* Requests that came one behind the other, a few a turn. */
static void go_on(struct console *c, struct connection *k)
{
	unsigned some = REQUESTS_A_TURN;

	k->waits = false;
	while (!k->call && !k->closing && k->in_len > 0 && some > 0 && next_request(c, k))
		some--;
	list_remove(&k->ready);
	if (some > 0)
		return;
	k->waits = true;
	k->until_ns = env_now_ns(c->env);
}

void dispatch(struct console *c)
{
	struct link *l;

	while ((l = list_first(&c->ready_connections)))
		go_on(c, container_of(l, struct connection, ready));
}

void dispatch_data(struct console *c, const struct msg *m)
{
	struct connection *k = connection_of(c, m->assoc);

	if (!k || k->closing)
		return;
	if (k->h2) {
		h2_data(c, k, m->data);
		return;
	}
	if (!connection_keep(k, m->data)) {
		refuse(c, k, HTTP1_CONTENT_TOO_LARGE);
		return;
	}
	if (k->in_len == m->data.len && !k->call) /* its first octets */
		connection_expect(c, k, CONSOLE_REQUEST_S);
	connection_is_ready(c, k);
}

void dispatch_due(struct console *c, uint64_t now_ns)
{
	list_each(l, tmp, &c->all_connections)
	{
		struct connection *k = container_of(l, struct connection, link);
		struct msg close = { .kind = MSG_DOWN, .port = CONSOLE_PORT_HTTP, .assoc = k->assoc };

		if (k->until_ns > now_ns)
			continue;
		if (k->waits) {
			connection_is_ready(c, k);
		} else if (!k->closing && k->in_len > 0) {
			refuse(c, k, HTTP1_TIMEOUT);
		} else { /* its end is heard of */
			k->closing = true;
			k->until_ns = NEVER;
			may_fail(outbox_put(c->env->outbox, &close));
		}
	}
}

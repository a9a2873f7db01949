/* Connections: octets in, one request after the other out. What comes too slowly, or is no request, ends it. */
#include <stdlib.h>

#include "console/internal.h"

enum { REQUESTS_A_TURN = 16, IN_FIRST = 4096, IN_MAX = HTTP1_HEAD_MAX + CONSOLE_BODY_MAX + (64 << 10) };

static void expect(struct connection *k, uint32_t seconds, struct console *c)
{
	k->until_ns = env_now_ns(c->env) + seconds * NS_PER_S;
}

struct connection *connection_of(struct console *c, uint64_t assoc)
{
	return hash_get(&c->by_assoc, assoc, 0, struct connection, node);
}

/* Requests carry passwords. */
static void forget_input(struct connection *k)
{
	if (k->in)
		explicit_bzero(k->in, k->in_cap);
	free(k->in);
	k->in = NULL;
	k->in_len = k->in_cap = 0;
}

static void connection_end(struct console *c, struct connection *k)
{
	forget_input(k);
	hash_remove(&c->by_assoc, &k->node);
	list_remove(&k->link);
	pool_free(&c->connections, k);
}

void connection_up(struct console *c, const struct msg *m)
{
	struct connection *k = pool_alloc(&c->connections);
	struct msg close = { .kind = MSG_DOWN, .port = CONSOLE_PORT_HTTP, .assoc = m->assoc };

	if (!k) { /* it has places for as many: they are one's only while another is being closed */
		may_fail(outbox_put(c->env->outbox, &close));
		return;
	}
	k->assoc = m->assoc;
	k->peer = m->peer;
	hash_insert(&c->by_assoc, &k->node, m->assoc, 0);
	list_append(&c->all_connections, &k->link);
	expect(k, CONSOLE_REQUEST_S, c);
}

void connection_down(struct console *c, uint64_t assoc)
{
	struct connection *k = connection_of(c, assoc);

	if (k)
		connection_end(c, k);
}

/* What is no request is answered, and nothing after it is read. */
static void refuse(struct console *c, struct connection *k, enum http_code code)
{
	struct reply r = { .code = code,
		.type = "text/plain; charset=utf-8",
		.body = bytes_of_str(http1_code_text(code)) };

	c->stat[code == HTTP1_TIMEOUT ? CONSOLE_STAT_TIMED_OUT : CONSOLE_STAT_BAD_REQUESTS]++;
	k->closing = true;
	forget_input(k);
	expect(k, CONSOLE_REQUEST_S, c);
	reply_send(c, k->assoc, &r);
}

static bool keep(struct connection *k, struct bytes data)
{
	size_t need = k->in_len + data.len, cap = k->in_cap ? k->in_cap : IN_FIRST;
	uint8_t *grown;

	if (need > IN_MAX)
		return false;
	while (cap < need)
		cap *= 2;
	if (cap != k->in_cap) {
		grown = malloc(cap);
		if (!grown)
			return false;
		bytes_copy(grown, cap, bytes_of(k->in, k->in_len));
		if (k->in)
			explicit_bzero(k->in, k->in_len);
		free(k->in);
		k->in = grown;
		k->in_cap = cap;
	}
	bytes_copy(k->in + k->in_len, cap - k->in_len, data);
	k->in_len = need;
	return true;
}

void connection_take(struct connection *k, size_t octets)
{
	size_t left = k->in_len - octets;

	for (size_t i = 0; i < left; i++)
		k->in[i] = k->in[octets + i];
	explicit_bzero(k->in + left, octets);
	k->in_len = left;
	k->continued = false;
}

/* False: it is not complete yet, or none. */
static bool next_request(struct console *c, struct connection *k)
{
	struct http1_request r;
	enum http_code code = http1_request_read(bytes_of(k->in, k->in_len), CONSOLE_BODY_MAX, &r);

	if (code == HTTP1_OK) {
		c->stat[CONSOLE_STAT_REQUESTS]++;
		k->until_ns = NEVER;
		k->closing = !r.keep_alive;
		call_begin(c, k, &r);
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

	if (k->going)
		return;
	k->going = true;
	k->waits = false;
	while (!k->call && !k->closing && k->in_len > 0 && some > 0 && next_request(c, k))
		some--;
	k->going = false;
	if (some == 0 && !k->call && !k->closing && k->in_len > 0) {
		k->waits = true;
		k->until_ns = env_now_ns(c->env);
	} else if (!k->call && !k->closing && k->in_len == 0) {
		expect(k, CONSOLE_IDLE_S, c);
	}
}

void connection_data(struct console *c, const struct msg *m)
{
	struct connection *k = connection_of(c, m->assoc);

	if (!k || k->closing)
		return;
	if (!keep(k, m->data)) {
		refuse(c, k, HTTP1_CONTENT_TOO_LARGE);
		return;
	}
	if (k->in_len == m->data.len && !k->call) /* its first octets */
		expect(k, CONSOLE_REQUEST_S, c);
	go_on(c, k);
}

void connection_answered(struct console *c, struct connection *k)
{
	k->call = NULL;
	if (k->closing) {
		forget_input(k);
		expect(k, CONSOLE_REQUEST_S, c);
		return;
	}
	if (k->in_len > 0)
		expect(k, CONSOLE_REQUEST_S, c);
	else
		forget_input(k);
	go_on(c, k);
}

void connections_end(struct console *c)
{
	list_each(l, tmp, &c->all_connections)
		connection_end(c, container_of(l, struct connection, link));
}

uint64_t connections_next_ns(const struct console *c)
{
	uint64_t next = NEVER;

	list_each(l, tmp, &c->all_connections)
	{
		const struct connection *k = container_of(l, struct connection, link);

		next = k->until_ns < next ? k->until_ns : next;
	}
	return next;
}

void connections_due(struct console *c, uint64_t now_ns)
{
	list_each(l, tmp, &c->all_connections)
	{
		struct connection *k = container_of(l, struct connection, link);
		struct msg close = { .kind = MSG_DOWN, .port = CONSOLE_PORT_HTTP, .assoc = k->assoc };

		if (k->until_ns > now_ns)
			continue;
		if (k->waits) {
			go_on(c, k);
		} else if (!k->closing && k->in_len > 0) {
			refuse(c, k, HTTP1_TIMEOUT);
		} else { /* its end is heard of */
			k->closing = true;
			k->until_ns = NEVER;
			may_fail(outbox_put(c->env->outbox, &close));
		}
	}
}

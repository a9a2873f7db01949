/* Connections: octets in, one request after the other out. What comes too slowly, or is no request, ends it.
 */
#include <stdlib.h>

#include "console/internal.h"

enum { IN_FIRST = 4096, IN_MAX = HTTP1_HEAD_MAX + CONSOLE_BODY_MAX + (64 << 10) };

void connection_expect(struct console *c, struct connection *k, uint32_t seconds)
{
	k->until_ns = env_now_ns(c->env) + seconds * NS_PER_S;
}

struct connection *connection_of(struct console *c, uint64_t assoc)
{
	return hash_get(&c->by_assoc, assoc, 0, struct connection, node);
}

/* Requests carry passwords. */
void connection_forget(struct connection *k)
{
	if (k->in)
		explicit_bzero(k->in, k->in_cap);
	free(k->in);
	k->in = NULL;
	k->in_len = k->in_cap = 0;
}

static void connection_end(struct console *c, struct connection *k)
{
	connection_forget(k);
	http2_free(k->h2);
	hash_remove(&c->by_assoc, &k->node);
	list_remove(&k->link);
	list_remove(&k->ready);
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
	k->console = c;
	k->assoc = m->assoc;
	k->peer = m->peer;
	hash_insert(&c->by_assoc, &k->node, m->assoc, 0);
	list_append(&c->all_connections, &k->link);
	connection_expect(c, k, CONSOLE_REQUEST_S);
}

void connection_down(struct console *c, uint64_t assoc)
{
	struct connection *k = connection_of(c, assoc);

	if (k)
		connection_end(c, k);
}

bool connection_keep(struct connection *k, struct bytes data)
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

void connections_end(struct console *c)
{
	list_each(l, tmp, &c->all_connections) connection_end(c, container_of(l, struct connection, link));
}

void connection_answered(struct console *c, struct connection *k)
{
	if (k->h2) { /* its streams are their own */
		connection_expect(c, k, CONSOLE_IDLE_S);
		return;
	}
	k->call = NULL;
	if (k->in_len == 0 || k->closing)
		connection_forget(k);
	connection_expect(c, k, k->closing || k->in_len > 0 ? CONSOLE_REQUEST_S : CONSOLE_IDLE_S);
	connection_is_ready(c, k);
}

void connection_is_ready(struct console *c, struct connection *k)
{
	list_remove(&k->ready);
	list_append(&c->ready_connections, &k->ready);
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

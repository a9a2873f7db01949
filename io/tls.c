#include "io/tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/list.h"
#include "base/pool.h"
#include "base/room.h"
#include "io/sockaddr.h"
#include "io/stream_listener.h"
#include "io/tls_context.h"

enum { RECORD_MAX = 16384, RECORDS_A_TURN = 4, PLACE_BITS = 16 };

enum tls_state { TLS_SHAKING, TLS_OPEN, TLS_LINGERING };

struct tls_client {
	struct link link; /* in the order in which they were heard last */
	struct tls_server *server;
	struct loop_watch watch;
	SSL *ssl;
	uint64_t assoc;
	uint8_t state;
	bool closing;      /* once all is sent */
	uint64_t until_ns; /* of the handshake, of lingering, of octets that wait; NEVER */
	size_t drained;    /* octets read while it lingers */
	uint8_t *out;      /* owned: what waits */
	size_t out_at, out_len, out_cap;
};

struct tls_server {
	struct loop *loop;
	struct loop_watch watch;
	struct loop_hook hook;
	struct tls_user user;
	SSL_CTX *context;
	struct pool clients;
	struct link heard;
	uint64_t listen_at_ns; /* when a listener that rests goes on; NEVER: it does not rest */
	uint64_t serial;
	uint64_t stat[TLS_STAT_COUNT];
	uint8_t record[RECORD_MAX];
};

static struct tls_client *client_of(struct tls_server *s, uint64_t assoc)
{
	struct tls_client *c = pool_at(&s->clients, (uint32_t)(assoc & ((1u << PLACE_BITS) - 1)));

	return c && c->assoc == assoc ? c : NULL;
}

static void client_end(struct tls_client *c)
{
	struct tls_server *s = c->server;
	uint64_t assoc = c->assoc;
	bool was_open = c->state != TLS_SHAKING;

	loop_unwatch(s->loop, &c->watch);
	list_remove(&c->link);
	SSL_free(c->ssl);
	close(c->watch.fd);
	free(c->out);
	pool_free(&s->clients, c);
	ERR_clear_error();
	if (was_open)
		s->user.down(s->user.arg, assoc);
}

static void client_expect(struct tls_client *c, uint64_t seconds)
{
	c->until_ns = loop_now_ns(c->server->loop) + seconds * NS_PER_S;
}

/* Nothing is spun on: EPOLLOUT is asked for only where something waits that the socket did not take. */
static bool client_watch(struct tls_client *c, bool writes)
{
	return loop_rewatch(c->server->loop, &c->watch, EPOLLIN | (writes ? EPOLLOUT : 0));
}

static void client_linger(struct tls_client *c)
{
	c->state = TLS_LINGERING;
	SSL_shutdown(c->ssl);
	ERR_clear_error();
	shutdown(c->watch.fd, SHUT_WR);
	client_expect(c, TLS_LINGER_S);
	if (!client_watch(c, false))
		client_end(c);
}

/* All is sent: nothing of it stays in memory. */
static void client_sent(struct tls_client *c)
{
	if (c->out)
		explicit_bzero(c->out, c->out_len);
	free(c->out);
	c->out = NULL;
	c->out_at = c->out_len = c->out_cap = 0;
	c->until_ns = NEVER;
	if (c->closing)
		client_linger(c);
	else if (!client_watch(c, false))
		client_end(c);
}

/* Sends what waits, as much of it as the peer takes. */
static void client_flush(struct tls_client *c)
{
	while (c->out_at < c->out_len) {
		size_t n = 0;
		int ok = SSL_write_ex(c->ssl, c->out + c->out_at, c->out_len - c->out_at, &n);
		int why = ok ? SSL_ERROR_NONE : SSL_get_error(c->ssl, ok);

		if (!ok && (why == SSL_ERROR_WANT_WRITE || why == SSL_ERROR_WANT_READ) &&
			client_watch(c, why == SSL_ERROR_WANT_WRITE))
			return;
		if (!ok) {
			client_end(c);
			return;
		}
		c->out_at += n;
		client_expect(c, TLS_STALLED_S);
	}
	client_sent(c);
}

static void client_heard(struct tls_client *c)
{
	list_remove(&c->link);
	list_append(&c->server->heard, &c->link);
}

/* What comes after the answer is read and forgotten, so that closing does not reset what was sent. */
static void client_drain(struct tls_client *c)
{
	ssize_t n = recv(c->watch.fd, c->server->record, sizeof(c->server->record), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	c->drained += n > 0 ? (size_t)n : 0;
	if (n <= 0 || c->drained > TLS_LINGER_MAX)
		client_end(c);
}

/* One record; false: there is no more, or no client. */
static bool client_read(struct tls_client *c)
{
	struct tls_server *s = c->server;
	uint64_t assoc = c->assoc;
	size_t n = 0;
	int ok = SSL_read_ex(c->ssl, s->record, sizeof(s->record), &n);
	int why = ok ? SSL_ERROR_NONE : SSL_get_error(c->ssl, ok);

	if (!ok && (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE))
		return false;
	if (!ok) {
		client_end(c);
		return false;
	}
	client_heard(c);
	s->user.data(s->user.arg, assoc, bytes_of(s->record, n));
	explicit_bzero(s->record, n);
	return true;
}

static void client_shake(struct tls_client *c)
{
	struct tls_server *s = c->server;
	int ok = SSL_accept(c->ssl), why = ok == 1 ? SSL_ERROR_NONE : SSL_get_error(c->ssl, ok);
	union sockaddr_any sa = { 0 };
	socklen_t len = sizeof(sa);
	struct addr peer = { 0 };

	if (ok != 1 && (why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE) &&
		client_watch(c, why == SSL_ERROR_WANT_WRITE))
		return;
	if (ok != 1 || getpeername(c->watch.fd, &sa.sa, &len) != 0 || !client_watch(c, false)) {
		s->stat[TLS_STAT_HANDSHAKES_FAILED]++;
		client_end(c);
		return;
	}
	c->state = TLS_OPEN;
	c->until_ns = NEVER;
	peer = sockaddr_to(&sa);
	s->user.up(s->user.arg, c->assoc, &peer);
}

static void client_ready(void *arg, uint32_t events)
{
	struct tls_client *c = arg;
	struct tls_server *s = c->server;
	uint64_t assoc = c->assoc;

	ERR_clear_error();
	if (c->state == TLS_SHAKING)
		client_shake(c);
	else if (c->state == TLS_LINGERING)
		client_drain(c);
	else if (c->closing || c->out_at < c->out_len)
		client_flush(c);
	for (unsigned i = 0; i < RECORDS_A_TURN; i++) {
		c = client_of(s, assoc);
		if (!c || c->state != TLS_OPEN || c->closing || !client_read(c))
			return;
	}
}

static void listen_again(struct tls_server *s, uint64_t at_ns)
{
	if (loop_rewatch(s->loop, &s->watch, at_ns == NEVER ? EPOLLIN : 0))
		s->listen_at_ns = at_ns;
}

static void client_begin(struct tls_server *s, int fd)
{
	struct tls_client *c = pool_alloc(&s->clients);

	if (!c) {
		close(fd);
		return;
	}
	c->server = s;
	c->assoc = ++s->serial << PLACE_BITS | pool_index(&s->clients, c);
	c->watch = (struct loop_watch){ fd, EPOLLIN, client_ready, c };
	list_append(&s->heard, &c->link);
	client_expect(c, TLS_HANDSHAKE_S);
	c->ssl = SSL_new(s->context);
	if (!c->ssl || SSL_set_fd(c->ssl, fd) != 1 || !loop_watch(s->loop, &c->watch)) {
		list_remove(&c->link);
		SSL_free(c->ssl);
		close(fd);
		pool_free(&s->clients, c);
	}
}

static void server_ready(void *arg, uint32_t events)
{
	struct tls_server *s = arg;
	int fd = accept4(s->watch.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0) {
		if (loop_out_of_room(errno))
			listen_again(s, loop_now_ns(s->loop) + LOOP_REST_NS);
		return;
	}
	s->stat[TLS_STAT_CONNECTIONS]++;
	if (s->clients.used == TLS_CLIENTS_MAX) {
		s->stat[TLS_STAT_YIELDED]++;
		client_end(container_of(list_first(&s->heard), struct tls_client, link));
	}
	client_begin(s, fd);
}

static uint64_t server_next_ns(void *arg)
{
	const struct tls_server *s = arg;
	uint64_t next = s->listen_at_ns;

	list_each(l, tmp, &s->heard)
	{
		const struct tls_client *c = container_of(l, struct tls_client, link);

		next = c->until_ns < next ? c->until_ns : next;
	}
	return next;
}

static void server_due(void *arg, uint64_t now_ns)
{
	struct tls_server *s = arg;

	if (s->listen_at_ns <= now_ns)
		listen_again(s, NEVER);
	for (uint32_t i = 0; i < TLS_CLIENTS_MAX; i++) {
		struct tls_client *c = pool_at(&s->clients, i);

		if (!c || c->until_ns > now_ns)
			continue;
		s->stat[TLS_STAT_TIMED_OUT] += c->state != TLS_LINGERING;
		client_end(c);
	}
}

/* The loop's next turn sends, closes, or ends it: nobody is called from within a send. */
static bool client_wake(struct tls_client *c)
{
	if (client_watch(c, true))
		return true;
	c->until_ns = 0;
	return false;
}

static bool client_reserve(struct tls_client *c, size_t octets)
{
	uint8_t *grown;

	if (octets <= c->out_cap)
		return true;
	grown = octets <= TLS_WAITING_MAX ? realloc(c->out, octets) : NULL;
	if (!grown)
		return false;
	c->out = grown;
	c->out_cap = octets;
	return true;
}

bool tls_send(struct tls_server *s, uint64_t assoc, struct bytes data)
{
	struct tls_client *c = client_of(s, assoc);

	if (!c || c->state != TLS_OPEN || c->closing)
		return false;
	if (!client_reserve(c, c->out_len + data.len)) {
		c->closing = true;
		c->until_ns = 0;
		return false;
	}
	if (c->out_len == c->out_at)
		client_expect(c, TLS_STALLED_S);
	bytes_copy(c->out + c->out_len, c->out_cap - c->out_len, data);
	c->out_len += data.len;
	return client_wake(c);
}

void tls_close(struct tls_server *s, uint64_t assoc)
{
	struct tls_client *c = client_of(s, assoc);

	if (!c || c->closing)
		return;
	c->closing = true;
	may_fail(client_wake(c));
}

struct tls_server *tls_listen(struct loop *l, const struct addr *local, const char *certificate,
	const char *key, const struct tls_user *user, char *error, size_t error_size)
{
	struct tls_server *s = calloc(1, sizeof(*s));
	char text[ADDR_STR_SIZE];

	if (!s)
		return NULL;
	s->loop = l;
	s->user = *user;
	s->listen_at_ns = NEVER;
	list_init(&s->heard);
	pool_init(&s->clients, sizeof(struct tls_client), TLS_CLIENTS_MAX);
	s->watch = (struct loop_watch){ -1, EPOLLIN, server_ready, s };
	s->hook = (struct loop_hook){ .next_ns = server_next_ns, .due = server_due, .arg = s };
	loop_hook_add(l, &s->hook);
	s->context = tls_context(certificate, key, error, error_size);
	if (s->context) {
		s->watch.fd = stream_listen(local);
		if (s->watch.fd >= 0 && loop_watch(l, &s->watch))
			return s;
		snprintf(error, error_size, "%s: %s", addr_str(local, text), strerror(errno));
	}
	tls_free(s);
	return NULL;
}

void tls_free(struct tls_server *s)
{
	struct tls_client *c;
	uint32_t i = 0;

	if (!s)
		return;
	while ((c = pool_next(&s->clients, &i))) {
		c->state = TLS_SHAKING; /* nobody hears of its end any more */
		client_end(c);
	}
	pool_fini(&s->clients);
	loop_hook_remove(s->loop, &s->hook);
	if (s->watch.fd >= 0) {
		loop_unwatch(s->loop, &s->watch);
		close(s->watch.fd);
	}
	SSL_CTX_free(s->context);
	free(s);
}

static const struct stat_def defs[TLS_STAT_COUNT] = {
	[TLS_STAT_CONNECTIONS] = { "connections", "connections to the console's port" },
	[TLS_STAT_HANDSHAKES_FAILED] = { "handshakes_failed", "of them, whose TLS handshake failed" },
	[TLS_STAT_YIELDED] = { "yielded", "connections that gave way to newer ones" },
	[TLS_STAT_TIMED_OUT] = { "timed_out",
		"connections that took too long to shake hands or to take an answer" },
};
const struct stat_group tls_stat_group = { "tls", defs, TLS_STAT_COUNT };

void tls_stats(const struct tls_server *s, struct stats *out)
{
	*out = (struct stats){ &tls_stat_group, s->stat };
}

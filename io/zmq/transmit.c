#include "io/zmq/transmit.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/room.h"
#include "io/sockaddr.h"

#define LOG_ROOM "io"

_Static_assert(TRANSMIT_BUFFER > ZMQ_BEGIN + ZMTP_COMMAND_MAX + TRANSMIT_REQUEST_MAX, "a frame fits");

static size_t waiting(const struct transmit *t)
{
	return t->queue_len - t->queue_at;
}

static void client_close(struct transmit_client *c)
{
	struct transmit *t = c->transmit;
	bool was_client = t->client == c;

	loop_unwatch(t->loop, &c->connection.watch);
	close(c->connection.watch.fd);
	c->used = false;
	if (!was_client)
		return;
	t->client = NULL;
	t->queue_at = t->queue_len = 0;
	t->lost(t->arg);
}

static void client_refuse(struct transmit_client *c, const char *why)
{
	c->transmit->stats->malformed++;
	log_warn(c->transmit->log, "a client of the stream of samples is not served: %s", why);
	client_close(c);
}

/* What is left of the message under way. */
static bool client_flush(struct transmit_client *c)
{
	struct transmit *t = c->transmit;
	struct bytes body = t->client == c ? bytes_of(t->queue + t->queue_at, waiting(t)) : BYTES_NONE;
	size_t taken;

	if (!zmq_connection_send(&c->connection, body, &taken)) {
		client_close(c);
		return false;
	}
	t->queue_at += taken;
	if (t->queue_at == t->queue_len)
		t->queue_at = t->queue_len = 0;
	return true;
}

/* An answer of so many octets begins, if somebody waits for one. */
static bool answer(struct transmit *t, size_t len)
{
	if (!t->client || !t->client->connection.zmtp.asked || t->client->connection.body_left > 0)
		return false;
	len = len < SAMPLES_ANSWER_MAX ? len : SAMPLES_ANSWER_MAX;
	zmq_connection_message(&t->client->connection, len);
	t->stats->blocks_out++;
	t->stats->out += len / SAMPLES_OCTETS;
	return true;
}

/* While there is a client others are refused before their handshake: ZeroMQ's then try again later, with what
 * they had to ask. So the log has it once. */
static void refuse_another(struct transmit *t)
{
	char text[ADDR_STR_SIZE];

	t->stats->clients_refused++;
	if (!t->told)
		log_warn(t->log, "the samples at %s have somebody who takes them: another one is refused",
			addr_str(&t->local, text));
	t->told = true;
}

static bool client_hear(struct transmit_client *c)
{
	struct transmit *t = c->transmit;
	uint8_t *request;
	size_t len;

	for (;;) {
		switch (zmq_connection_next(&c->connection, &request, &len)) {
		case ZMTP_READY:
			if (t->client) {
				refuse_another(t);
				client_close(c);
				return false;
			}
			t->client = c;
			t->told = false;
			t->stats->clients++;
			c->due_ns = NEVER;
			break;
		case ZMTP_MESSAGE:
			if (waiting(t) > 0)
				answer(t, waiting(t));
			break;
		case ZMTP_BAD:
			client_refuse(c, c->connection.zmtp.why);
			return false;
		default:
			return true;
		}
	}
}

static void client_ready(void *arg, uint32_t events)
{
	struct transmit_client *c = arg;

	if (events & ~(uint32_t)EPOLLOUT && !zmq_connection_read(&c->connection)) {
		client_close(c);
		return;
	}
	if (client_hear(c))
		client_flush(c);
}

/* Room for len octets more behind what waits. */
static bool make_room(struct transmit *t, size_t len)
{
	size_t cap = t->queue_cap;
	uint8_t *grown;

	if (t->queue_at > 0 && t->queue_len + len > cap) {
		memmove(t->queue, t->queue + t->queue_at, waiting(t));
		t->queue_len -= t->queue_at;
		t->queue_at = 0;
	}
	while (t->queue_len + len > cap && cap < SAMPLES_QUEUE_MAX)
		cap = cap ? cap * 2 : SAMPLES_ANSWER_MAX;
	if (cap == t->queue_cap)
		return t->queue_len + len <= cap;
	grown = t->queue_len + len <= cap ? realloc(t->queue, cap) : NULL;
	if (!grown)
		return false;
	t->queue = grown;
	t->queue_cap = cap;
	return true;
}

/* Straight to the kernel, where somebody waits for it; the rest is kept. A client that is gone is found so by
 * its socket, in the next turn: nobody is called from within a turn's end. */
bool transmit_put(struct transmit *t, struct bytes data)
{
	size_t taken = 0;

	if (waiting(t) + data.len > SAMPLES_QUEUE_MAX || !make_room(t, data.len))
		return false;
	if (waiting(t) == 0 && answer(t, data.len) &&
		!zmq_connection_send(&t->client->connection, data, &taken))
		shutdown(t->client->connection.watch.fd, SHUT_RDWR);
	data = bytes_of(data.data + taken, data.len - taken);
	t->queue_len += data.len;
	return bytes_copy(t->queue + t->queue_len - data.len, data.len, data);
}

void transmit_drop(struct transmit *t)
{
	t->queue_len = t->queue_at + (t->client ? (size_t)t->client->connection.body_left : 0);
}

static void listen_again(struct transmit *t, uint64_t at_ns)
{
	if (loop_rewatch(t->loop, &t->watch, at_ns == NEVER ? EPOLLIN : 0))
		t->listen_at_ns = at_ns;
}

/* A free place, or of those that have not done their handshake that which came first. */
static struct transmit_client *client_place(struct transmit *t)
{
	struct transmit_client *oldest = NULL;

	for (struct transmit_client *c = t->clients; c < t->clients + TRANSMIT_CLIENTS; c++) {
		if (!c->used)
			return c;
		if (c != t->client && (!oldest || c->due_ns < oldest->due_ns))
			oldest = c;
	}
	client_close(oldest);
	return oldest;
}

static void listener_ready(void *arg, uint32_t events)
{
	struct transmit *t = arg;
	int fd = accept4(t->watch.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct transmit_client *c;

	if (fd < 0) {
		if (loop_out_of_room(errno))
			listen_again(t, loop_now_ns(t->loop) + LOOP_REST_NS);
		return;
	}
	if (t->client) {
		refuse_another(t);
		close(fd);
		return;
	}
	c = client_place(t);
	c->transmit = t;
	c->connection.loop = t->loop;
	c->connection.in = c->in;
	c->connection.in_cap = sizeof(c->in);
	c->connection.watch = (struct loop_watch){ fd, EPOLLIN, client_ready, c };
	if (!loop_watch(t->loop, &c->connection.watch)) {
		close(fd);
		return;
	}
	c->used = true;
	c->due_ns = loop_now_ns(t->loop) + TRANSMIT_HANDSHAKE_MS * (uint64_t)NS_PER_MS;
	zmq_socket_options(fd);
	zmq_connection_begin(&c->connection, ZMTP_REP, TRANSMIT_REQUEST_MAX);
	client_flush(c);
}

uint64_t transmit_next_ns(const struct transmit *t)
{
	uint64_t next = t->listen_at_ns;

	for (const struct transmit_client *c = t->clients; c < t->clients + TRANSMIT_CLIENTS; c++)
		if (c->used && c->due_ns < next)
			next = c->due_ns;
	return next;
}

void transmit_due(struct transmit *t, uint64_t now_ns)
{
	if (t->listen_at_ns <= now_ns)
		listen_again(t, NEVER);
	for (struct transmit_client *c = t->clients; c < t->clients + TRANSMIT_CLIENTS; c++) {
		if (!c->used || c->due_ns > now_ns)
			continue;
		t->stats->timed_out++;
		client_close(c);
	}
}

/* The address bound, with the real port, is local's. */
static bool listen_at(struct transmit *t, const struct addr *local)
{
	union sockaddr_any sa;
	socklen_t len = sockaddr_from(local, &sa);
	int yes = 1;

	if (setsockopt(t->watch.fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes)) != 0 ||
		(local->len == 16 &&
			setsockopt(t->watch.fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof(yes)) != 0) ||
		bind(t->watch.fd, &sa.sa, len) != 0 || listen(t->watch.fd, TRANSMIT_CLIENTS) != 0)
		return false;
	len = sizeof(sa);
	if (getsockname(t->watch.fd, &sa.sa, &len) != 0)
		return false;
	t->local = sockaddr_to(&sa);
	return true;
}

bool transmit_open(struct transmit *t, struct loop *l, const struct addr *local)
{
	t->loop = l;
	t->listen_at_ns = NEVER;
	t->watch = (struct loop_watch){ zmq_socket(local), EPOLLIN, listener_ready, t };
	return t->watch.fd >= 0 && listen_at(t, local) && loop_watch(l, &t->watch);
}

void transmit_close(struct transmit *t)
{
	for (struct transmit_client *c = t->clients; c < t->clients + TRANSMIT_CLIENTS; c++) {
		if (!c->used)
			continue;
		loop_unwatch(t->loop, &c->connection.watch);
		close(c->connection.watch.fd);
	}
	if (t->loop && t->watch.fd >= 0) {
		loop_unwatch(t->loop, &t->watch);
		close(t->watch.fd);
	}
	free(t->queue);
}

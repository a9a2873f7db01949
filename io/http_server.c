#include "io/http_server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/room.h"
#include "base/text.h"
#include "io/stream_listener.h"

enum { CHUNK_HEAD = 10, CHUNK_TAIL = 7, FIELDS_MAX = 512 };

enum client_state { CLIENT_FREE, CLIENT_READING, CLIENT_SENDING, CLIENT_LINGERING };

struct http_client {
	struct http_server *server;
	struct loop_watch watch;
	uint8_t state;
	uint64_t since_ns; /* of the connection */
	uint64_t until_ns; /* of the state */
	uint64_t moved_ns; /* the client last took something */
	size_t in_len;     /* octets of the request; once it lingers, those behind it */
	bool head, http10; /* of the request */
	uint64_t place;    /* of the document's next part */
	bool more;         /* there is one */
	uint8_t *out;      /* owned, while it is sending: a part with what is around it */
	size_t out_len, out_at;
	uint8_t in[HTTP1_HEAD_MAX];
};

struct http_server {
	struct loop *loop;
	struct loop_watch watch;
	struct loop_hook hook;
	struct http_document document;
	uint64_t listen_at_ns; /* when a listener that rests goes on; NEVER: it does not rest */
	size_t client_count;
	struct http_client clients[HTTP_CLIENTS_MAX];
	uint64_t stat[HTTP_STAT_COUNT];
};

static void client_close(struct http_client *c)
{
	loop_unwatch(c->server->loop, &c->watch);
	close(c->watch.fd);
	free(c->out);
	c->out = NULL;
	c->state = CLIENT_FREE;
	c->server->client_count--;
}

static void client_enter(struct http_client *c, enum client_state state, uint32_t events, uint64_t seconds)
{
	c->state = (uint8_t)state;
	c->moved_ns = loop_now_ns(c->server->loop);
	c->until_ns = c->moved_ns + seconds * NS_PER_S;
	if (!loop_rewatch(c->server->loop, &c->watch, events))
		client_close(c);
}

/* All is sent. What the client still sends is read, so that closing does not reset what it has not read. */
static void client_linger(struct http_client *c)
{
	free(c->out);
	c->out = NULL;
	c->in_len = 0;
	shutdown(c->watch.fd, SHUT_WR);
	client_enter(c, CLIENT_LINGERING, EPOLLIN, HTTP_LINGER_S);
}

static void put_fields(const struct http_client *c, enum http_code status, struct writer *w)
{
	const char *text = http1_code_text(status);

	text_put(w, "HTTP/1.1 %s\r\nConnection: close\r\nCache-Control: no-store\r\n", text);
	if (status == HTTP1_METHOD_NOT_ALLOWED)
		text_put(w, "Allow: GET, HEAD\r\n");
	if (status == HTTP1_OK)
		text_put(w, "Content-Type: %s\r\n%s\r\n", c->server->document.type,
			c->http10 ? "" : "Transfer-Encoding: chunked\r\n");
	else
		text_put(w, "Content-Type: text/plain; charset=utf-8\r\nContent-Length: %zu\r\n\r\n%s%s",
			strlen(text) + 1, c->head ? "" : text, c->head ? "" : "\n");
}

/* The next part, as a chunk (RFC 9112 7.1) where the client knows them. */
static void put_part(struct http_client *c, struct writer *w)
{
	const struct http_document *d = &c->server->document;
	bool chunked = !c->http10;
	size_t around = chunked ? CHUNK_HEAD + CHUNK_TAIL : 0;
	uint8_t *head = writer_reserve(w, chunked ? CHUNK_HEAD : 0);
	struct writer part = writer_of(w->data + w->len, w->cap - w->len - around);
	char size[CHUNK_HEAD + 1];

	c->more = d->part(d->arg, &c->place, &part);
	w->len += part.len;
	if (!chunked)
		return;
	snprintf(size, sizeof(size), "%08zx\r\n", part.len);
	bytes_copy(head, CHUNK_HEAD, bytes_of(size, CHUNK_HEAD));
	if (part.len == 0)
		w->len -= CHUNK_HEAD; /* it would be the last one */
	else
		text_put(w, "\r\n");
	if (!c->more)
		text_put(w, "0\r\n\r\n");
}

static void client_send(struct http_client *c)
{
	struct http_server *s = c->server;
	ssize_t n;

	if (c->out_at == c->out_len && c->more) {
		struct writer w = writer_of(c->out, HTTP_PART_MAX + FIELDS_MAX);

		put_part(c, &w);
		c->out_len = w.len;
		c->out_at = 0;
	}
	n = send(c->watch.fd, c->out + c->out_at, c->out_len - c->out_at, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		client_close(c);
		return;
	}
	if (n > 0) {
		c->out_at += (size_t)n;
		c->moved_ns = loop_now_ns(s->loop);
	}
	if (c->out_at == c->out_len && !c->more)
		client_linger(c);
}

/* The request is there, good or not. */
static void client_answer(struct http_client *c, enum http_code status)
{
	struct http_server *s = c->server;
	struct writer w;

	c->out = malloc(HTTP_PART_MAX + FIELDS_MAX);
	if (!c->out) {
		s->stat[HTTP_STAT_YIELDED]++;
		client_close(c);
		return;
	}
	s->stat[HTTP_STAT_ANSWERS] += status == HTTP1_OK;
	s->stat[HTTP_STAT_REFUSED] += status != HTTP1_OK;
	w = writer_of(c->out, HTTP_PART_MAX + FIELDS_MAX);
	put_fields(c, status, &w);
	c->out_len = w.len;
	c->out_at = 0;
	c->place = 0;
	c->more = status == HTTP1_OK && !c->head;
	client_enter(c, CLIENT_SENDING, EPOLLOUT, HTTP_ANSWER_S);
}

/* What is wrong with the request, if anything, as the status to answer. */
static enum http_code judge(struct http_client *c)
{
	struct http1_request r;
	enum http_code code = http1_request_read(bytes_of(c->in, c->in_len), 0, &r);

	c->head = r.method == HTTP_HEAD;
	c->http10 = r.http10;
	if (code != HTTP1_OK)
		return code;
	if (!bytes_equal(r.path, bytes_of_str(c->server->document.path)))
		return HTTP1_NOT_FOUND;
	return r.method == HTTP_GET || c->head ? HTTP1_OK : HTTP1_METHOD_NOT_ALLOWED;
}

static void client_read(struct http_client *c)
{
	ssize_t n = recv(c->watch.fd, c->in + c->in_len, sizeof(c->in) - c->in_len, MSG_DONTWAIT);
	enum http_code status;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		client_close(c);
		return;
	}
	c->in_len += (size_t)n;
	status = judge(c);
	if (status != HTTP1_MORE)
		client_answer(c, status);
}

static void client_drain(struct http_client *c)
{
	ssize_t n = recv(c->watch.fd, c->in, sizeof(c->in), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	c->in_len += n > 0 ? (size_t)n : 0;
	if (n <= 0 || c->in_len > HTTP_LINGER_MAX)
		client_close(c);
}

static void client_ready(void *arg, uint32_t events)
{
	struct http_client *c = arg;

	if (c->state == CLIENT_READING)
		client_read(c);
	else if (c->state == CLIENT_SENDING)
		client_send(c);
	else
		client_drain(c);
}

static void listen_again(struct http_server *s, uint64_t at_ns)
{
	if (loop_rewatch(s->loop, &s->watch, at_ns == NEVER ? EPOLLIN : 0))
		s->listen_at_ns = at_ns;
}

/* A free place: where there is none, that of who is longest without a request, or has had its answer. NULL:
 * all are being answered. */
static struct http_client *client_place(struct http_server *s)
{
	struct http_client *oldest = NULL;

	for (struct http_client *c = s->clients; c < s->clients + HTTP_CLIENTS_MAX; c++) {
		if (c->state == CLIENT_FREE)
			return c;
		if (c->state != CLIENT_SENDING && (!oldest || c->since_ns < oldest->since_ns))
			oldest = c;
	}
	if (oldest) {
		s->stat[HTTP_STAT_YIELDED]++;
		client_close(oldest);
	}
	return oldest;
}

static void server_ready(void *arg, uint32_t events)
{
	struct http_server *s = arg;
	int fd = accept4(s->watch.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct http_client *c;

	if (fd < 0) {
		if (loop_out_of_room(errno))
			listen_again(s, loop_now_ns(s->loop) + LOOP_REST_NS);
		return;
	}
	s->stat[HTTP_STAT_CONNECTIONS]++;
	c = client_place(s);
	if (!c) {
		s->stat[HTTP_STAT_YIELDED]++;
		close(fd);
		return;
	}
	c->server = s;
	c->watch = (struct loop_watch){ fd, EPOLLIN, client_ready, c };
	if (!loop_watch(s->loop, &c->watch)) {
		close(fd);
		return;
	}
	s->client_count++;
	c->in_len = 0;
	c->since_ns = loop_now_ns(s->loop);
	client_enter(c, CLIENT_READING, EPOLLIN, HTTP_REQUEST_S);
}

static uint64_t client_due_ns(const struct http_client *c)
{
	uint64_t stalled_ns = c->moved_ns + HTTP_STALLED_S * NS_PER_S;

	if (c->state == CLIENT_FREE)
		return NEVER;
	return c->state == CLIENT_SENDING && stalled_ns < c->until_ns ? stalled_ns : c->until_ns;
}

static uint64_t server_next_ns(void *arg)
{
	const struct http_server *s = arg;
	uint64_t next = s->listen_at_ns;

	for (size_t i = 0; s->client_count > 0 && i < HTTP_CLIENTS_MAX; i++) {
		uint64_t due = client_due_ns(&s->clients[i]);

		next = due < next ? due : next;
	}
	return next;
}

static void server_due(void *arg, uint64_t now_ns)
{
	struct http_server *s = arg;

	if (s->listen_at_ns <= now_ns)
		listen_again(s, NEVER);
	for (struct http_client *c = s->clients; c < s->clients + HTTP_CLIENTS_MAX; c++) {
		if (client_due_ns(c) > now_ns)
			continue;
		s->stat[HTTP_STAT_TIMED_OUT] += c->state != CLIENT_LINGERING;
		if (c->state == CLIENT_READING && c->in_len > 0)
			client_answer(c, HTTP1_TIMEOUT);
		else
			client_close(c);
	}
}

struct http_server *http_listen(
	struct loop *l, const struct addr *local, const struct http_document *document)
{
	struct http_server *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->loop = l;
	s->document = *document;
	s->listen_at_ns = NEVER;
	s->watch = (struct loop_watch){ stream_listen(local), EPOLLIN, server_ready, s };
	if (s->watch.fd >= 0 && loop_watch(l, &s->watch)) {
		s->hook = (struct loop_hook){ .next_ns = server_next_ns, .due = server_due, .arg = s };
		loop_hook_add(l, &s->hook);
		return s;
	}
	if (s->watch.fd >= 0)
		close(s->watch.fd);
	free(s);
	return NULL;
}

void http_free(struct http_server *s)
{
	if (!s)
		return;
	for (struct http_client *c = s->clients; c < s->clients + HTTP_CLIENTS_MAX; c++)
		if (c->state != CLIENT_FREE)
			client_close(c);
	loop_hook_remove(s->loop, &s->hook);
	loop_unwatch(s->loop, &s->watch);
	close(s->watch.fd);
	free(s);
}

static const struct stat_def defs[HTTP_STAT_COUNT] = {
	[HTTP_STAT_CONNECTIONS] = { "connections", "connections to the port of the figures" },
	[HTTP_STAT_ANSWERS] = { "answers", "requests answered with the figures" },
	[HTTP_STAT_REFUSED] = { "refused", "requests answered with an error" },
	[HTTP_STAT_YIELDED] = { "yielded", "connections that gave way to newer ones" },
	[HTTP_STAT_TIMED_OUT] = { "timed_out", "connections too slow to ask, or to take the answer" },
};
const struct stat_group http_stat_group = { "metrics", defs, HTTP_STAT_COUNT };

void http_stats(const struct http_server *s, struct stats *out)
{
	*out = (struct stats){ &http_stat_group, s->stat };
}

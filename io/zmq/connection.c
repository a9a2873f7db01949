#include "io/zmq/connection.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/room.h"
#include "io/sockaddr.h"

void zmq_socket_options(int fd)
{
	static const struct {
		int level, name, value;
	} options[] = {
		{ IPPROTO_TCP, TCP_NODELAY, 1 },
		{ SOL_SOCKET, SO_KEEPALIVE, 1 },
		{ IPPROTO_TCP, TCP_KEEPIDLE, ZMQ_SILENT_S / 2 },
		{ IPPROTO_TCP, TCP_KEEPINTVL, 1 },
		{ IPPROTO_TCP, TCP_USER_TIMEOUT, ZMQ_SILENT_S * MS_PER_S },
	};

	/* What a kernel has not it does without. */
	for (size_t i = 0; i < ARRAY_LEN(options); i++)
		setsockopt(fd, options[i].level, options[i].name, &options[i].value, sizeof(int));
}

int zmq_socket(const struct addr *a)
{
	int fd = socket(a->len == 16 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd >= 0)
		zmq_socket_options(fd);
	return fd;
}

void zmq_connection_begin(struct zmq_connection *c, enum zmtp_role role, size_t message_max)
{
	c->zmtp = zmtp_of(role, message_max);
	c->in_at = c->in_len = ZMQ_BEGIN;
	c->control = writer_of(c->control_octets, sizeof(c->control_octets));
	c->control_at = 0;
	c->body_left = 0;
	c->pong = false;
	zmtp_put_greeting(&c->control);
}

/* Room behind what was read and is not yet whole. */
static void make_room(struct zmq_connection *c)
{
	if (c->in_at == c->in_len) {
		c->in_at = c->in_len = ZMQ_BEGIN;
	} else if (c->in_len == c->in_cap) {
		memmove(c->in, c->in + c->in_at, c->in_len - c->in_at);
		c->in_len -= c->in_at;
		c->in_at = 0;
	}
}

bool zmq_connection_read(struct zmq_connection *c)
{
	ssize_t n;

	make_room(c);
	n = recv(c->watch.fd, c->in + c->in_len, c->in_cap - c->in_len, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n <= 0)
		return false;
	c->in_len += (size_t)n;
	return true;
}

/* Down to where it is aligned: what stood before it has been read. */
static uint8_t *align(uint8_t *body, size_t len)
{
	uint8_t *to = body - (uintptr_t)body % ZMQ_ALIGN;

	if (to != body)
		memmove(to, body, len);
	return to;
}

enum zmtp_got zmq_connection_next(struct zmq_connection *c, uint8_t **body, size_t *len)
{
	struct cursor in;
	struct bytes out;
	enum zmtp_got got;

	do {
		in = cursor_of(bytes_of(c->in + c->in_at, c->in_len - c->in_at));
		got = zmtp_read(&c->zmtp, &in, &out);
		c->in_at = c->in_len - cursor_left(&in);
		if (got == ZMTP_GREETED)
			zmtp_put_ready(&c->zmtp, &c->control);
		if (got == ZMTP_PING) {
			c->pong = bytes_copy(c->pong_context, sizeof(c->pong_context), out);
			c->pong_len = out.len;
		}
	} while (got == ZMTP_GREETED || got == ZMTP_PING || got == ZMTP_OTHER);
	if (got == ZMTP_MESSAGE) {
		*body = align(c->in + (out.data - c->in), out.len);
		*len = out.len;
	}
	return got;
}

void zmq_connection_message(struct zmq_connection *c, uint64_t len)
{
	zmtp_put_head(&c->zmtp, len, &c->control);
	c->body_left = len;
}

/* Heads and commands, when all before them has left: no command stands within a message. */
static void put_pong(struct zmq_connection *c)
{
	if (!c->pong || c->body_left > 0 || c->control_at < c->control.len)
		return;
	zmtp_put_pong(bytes_of(c->pong_context, c->pong_len), &c->control);
	c->pong = false;
}

bool zmq_connection_send(struct zmq_connection *c, struct bytes body, size_t *taken)
{
	struct iovec parts[2];
	struct msghdr m = { .msg_iov = parts, .msg_iovlen = 2 };
	size_t want, head;
	ssize_t n;

	*taken = 0;
	put_pong(c);
	head = c->control.len - c->control_at;
	want = body.len < c->body_left ? body.len : (size_t)c->body_left;
	if (head + want == 0)
		return true;
	parts[0] = (struct iovec){ c->control_octets + c->control_at, head };
	parts[1] = (struct iovec){ (void *)(uintptr_t)body.data, want };
	n = sendmsg(c->watch.fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return false;
	n = n < 0 ? 0 : n;
	*taken = (size_t)n > head ? (size_t)n - head : 0;
	c->body_left -= *taken;
	c->control_at += (size_t)n - *taken;
	if (c->control_at == c->control.len)
		c->control.len = c->control_at = 0;
	return loop_rewatch(
		c->loop, &c->watch, (size_t)n < head + want || c->pong ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

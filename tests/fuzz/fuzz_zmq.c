/*
 * libFuzzer: what comes on a connection of io/zmq. The first octet says whether we are REQ or REP, and in
 * which pieces the rest arrives. What the connection makes of it in a buffer that it hardly fits is what the
 * protocol's reader finds in it as a whole; and what goes back is bounded.
 */
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/zmq/connection.h"

enum { MESSAGE_MAX = 200, EVENTS_MAX = 4096, IN_CAP = 1152, OUT_MAX = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
	if (!condition)
		abort();
}

/* READY, MESSAGE with its body, BAD. */
struct events {
	size_t count;
	struct {
		enum zmtp_got got;
		uint64_t digest;
		size_t len;
	} at[EVENTS_MAX];
};

static void note(struct events *e, enum zmtp_got got, struct bytes body)
{
	must(e->count < EVENTS_MAX && body.len <= MESSAGE_MAX);
	e->at[e->count].got = got;
	e->at[e->count].digest = bytes_digest(body);
	e->at[e->count++].len = body.len;
}

static void read_whole(enum zmtp_role role, struct bytes all, struct events *e)
{
	struct zmtp z = zmtp_of(role, MESSAGE_MAX);
	struct cursor c = cursor_of(all);
	enum zmtp_got got = ZMTP_OTHER;

	while (got != ZMTP_MORE && got != ZMTP_BAD && e->count < EVENTS_MAX) {
		uint8_t head[ZMTP_HEAD_MAX];
		struct writer w = writer_of(head, sizeof(head));
		struct bytes body;

		got = zmtp_read(&z, &c, &body);
		if (got == ZMTP_READY || got == ZMTP_MESSAGE || got == ZMTP_BAD)
			note(e, got, got == ZMTP_MESSAGE ? body : BYTES_NONE);
		if (got == ZMTP_MESSAGE)
			zmtp_put_head(&z, 0, &w);
		must(!w.failed && (got != ZMTP_BAD || z.why));
	}
}

static void drain(int fd, size_t *sum)
{
	static uint8_t out[OUT_MAX];
	ssize_t n;

	while ((n = recv(fd, out, sizeof(out), MSG_DONTWAIT)) > 0)
		*sum += (size_t)n;
}

/* False: it is at its end. */
static bool hear(struct zmq_connection *c, enum zmtp_role role, struct events *e)
{
	uint8_t *body;
	size_t len, taken;
	enum zmtp_got got;

	must(zmq_connection_read(c));
	while ((got = zmq_connection_next(c, &body, &len)) != ZMTP_MORE) {
		note(e, got, got == ZMTP_MESSAGE ? bytes_of(body, len) : BYTES_NONE);
		if (got == ZMTP_BAD)
			return false;
		must(got != ZMTP_MESSAGE || (uintptr_t)body % ZMQ_ALIGN == 0);
		if (got == ZMTP_MESSAGE)
			zmq_connection_message(c, 0);
		must(zmq_connection_send(c, BYTES_NONE, &taken));
	}
	must(zmq_connection_send(c, BYTES_NONE, &taken) && !c->control.failed);
	return true;
}

static void read_pieces(enum zmtp_role role, struct bytes all, size_t piece, struct events *e)
{
	static _Alignas(ZMQ_ALIGN) uint8_t in[IN_CAP];
	struct zmq_connection c = { .loop = loop_new(), .in = in, .in_cap = sizeof(in) };
	size_t sum = 0;
	bool goes_on = true;
	int ends[2];

	must(c.loop && socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) == 0);
	c.watch = (struct loop_watch){ ends[0], EPOLLIN, NULL, NULL, 0 };
	must(loop_watch(c.loop, &c.watch));
	zmq_connection_begin(&c, role, MESSAGE_MAX);
	for (size_t at = 0; at < all.len && goes_on; at += piece) {
		size_t n = all.len - at < piece ? all.len - at : piece;

		must(send(ends[1], all.data + at, n, 0) == (ssize_t)n);
		goes_on = hear(&c, role, e);
		drain(ends[1], &sum);
	}
	must(sum <= 3 * all.len + 2 * (ZMTP_GREETING_OCTETS + ZMTP_HEAD_MAX));
	loop_unwatch(c.loop, &c.watch);
	close(ends[0]);
	close(ends[1]);
	loop_free(c.loop);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct events whole, pieces;
	enum zmtp_role role;
	struct bytes all;

	if (size < 1 || size > EVENTS_MAX)
		return 0;
	role = data[0] & 1 ? ZMTP_REP : ZMTP_REQ;
	all = bytes_of(data + 1, size - 1);
	whole.count = pieces.count = 0;
	read_whole(role, all, &whole);
	read_pieces(role, all, 1 + (data[0] >> 1), &pieces);
	must(whole.count == pieces.count);
	for (size_t i = 0; i < whole.count; i++)
		must(whole.at[i].got == pieces.at[i].got && whole.at[i].digest == pieces.at[i].digest &&
			whole.at[i].len == pieces.at[i].len);
	return 0;
}

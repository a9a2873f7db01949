#include "io/zmq/receive.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/room.h"
#include "io/iq_file.h"
#include "io/sockaddr.h"

#define LOG_ROOM "io"

static const uint8_t request[1] = { 0 }; /* its value says nothing */

static uint64_t now_ns(const struct receive *r)
{
	return loop_now_ns(r->connection.loop);
}

/* The socket lets go of its peer, and may connect again: a confined process can make no other. */
static void stop(struct receive *r)
{
	static const struct sockaddr nobody = { .sa_family = AF_UNSPEC };
	bool was_up = r->state == RECEIVE_UP;

	loop_unwatch(r->connection.loop, &r->connection.watch);
	may_fail(connect(r->connection.watch.fd, &nobody, sizeof(nobody)) == 0);
	r->state = RECEIVE_WAITING;
	r->due_ns = now_ns(r) + r->retry_ms * (uint64_t)NS_PER_MS;
	r->retry_ms = r->retry_ms * 2 < RECEIVE_RETRY_MAX_MS ? r->retry_ms * 2 : RECEIVE_RETRY_MAX_MS;
	if (!was_up)
		return;
	r->stats->broken++;
	r->user.down(r->user.arg);
}

static void refuse(struct receive *r, const char *why)
{
	char text[ADDR_STR_SIZE];

	r->stats->malformed++;
	log_warn(r->log, "the stream of samples from %s is not taken: %s", addr_str(&r->peer, text), why);
	stop(r);
}

/* Once, not each time that it is tried. */
static void tell_absent(struct receive *r, int error)
{
	char text[ADDR_STR_SIZE];

	if (!r->told)
		log_info(r->log, "nobody gives samples at %s yet: %s", addr_str(&r->peer, text),
			strerror(error));
	r->told = true;
}

/* The request that waits, or what the handshake wants sent. */
static bool flush(struct receive *r)
{
	size_t taken;

	if (zmq_connection_send(&r->connection, BYTES(request), &taken))
		return true;
	stop(r);
	return false;
}

static bool ask(struct receive *r)
{
	zmq_connection_message(&r->connection, sizeof(request));
	return flush(r);
}

/* The next block is asked for before this one is handed on: the peer works meanwhile. */
static bool take_block(struct receive *r, uint8_t *block, size_t len)
{
	if (r->connection.body_left > 0 || len % SAMPLES_OCTETS != 0) {
		refuse(r, len % SAMPLES_OCTETS ? "a block is not of whole samples"
					       : "it answers before it was asked");
		return false;
	}
	if (!ask(r))
		return false;
	if (len == 0)
		return true;
	r->stats->blocks_in++;
	r->stats->in += len / SAMPLES_OCTETS;
	r->stats->tamed += iq_tame((float *)(void *)block, len / sizeof(float));
	r->user.data(r->user.arg, bytes_of(block, len));
	return true;
}

static bool come_up(struct receive *r)
{
	r->state = RECEIVE_UP;
	r->due_ns = NEVER;
	r->retry_ms = RECEIVE_RETRY_MIN_MS;
	r->stats->joined++;
	r->told = false;
	r->user.up(r->user.arg);
	return ask(r);
}

static void hear(struct receive *r)
{
	uint8_t *block;
	size_t len;
	bool goes_on = true;

	if (!zmq_connection_read(&r->connection)) {
		stop(r);
		return;
	}
	while (goes_on) {
		switch (zmq_connection_next(&r->connection, &block, &len)) {
		case ZMTP_READY:
			goes_on = come_up(r);
			break;
		case ZMTP_MESSAGE:
			goes_on = take_block(r, block, len);
			break;
		case ZMTP_BAD:
			refuse(r, r->connection.zmtp.why);
			return;
		default:
			flush(r);
			return;
		}
	}
}

static void receive_ready(void *arg, uint32_t events)
{
	struct receive *r = arg;
	int error = 0;
	socklen_t len = sizeof(error);

	if (r->state != RECEIVE_CONNECTING) {
		hear(r);
	} else if (getsockopt(r->connection.watch.fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0 || error) {
		tell_absent(r, error);
		stop(r);
	} else if (events & EPOLLOUT) {
		r->state = RECEIVE_HANDSHAKE;
		zmq_connection_begin(&r->connection, ZMTP_REQ, SAMPLES_BLOCK_MAX);
		flush(r);
	}
}

static void attempt(struct receive *r)
{
	union sockaddr_any sa;
	socklen_t len = sockaddr_from(&r->peer, &sa);

	r->state = RECEIVE_CONNECTING;
	r->due_ns = now_ns(r) + RECEIVE_HANDSHAKE_MS * (uint64_t)NS_PER_MS;
	r->connection.watch.events = EPOLLOUT;
	if ((connect(r->connection.watch.fd, &sa.sa, len) != 0 && errno != EINPROGRESS) ||
		!loop_watch(r->connection.loop, &r->connection.watch)) {
		tell_absent(r, errno);
		stop(r);
	}
}

uint64_t receive_next_ns(const struct receive *r)
{
	return r->due_ns;
}

void receive_due(struct receive *r, uint64_t now)
{
	if (r->due_ns > now)
		return;
	if (r->state == RECEIVE_WAITING) {
		attempt(r);
		return;
	}
	r->stats->timed_out++;
	stop(r);
}

void receive_restart(struct receive *r)
{
	if (r->state != RECEIVE_WAITING)
		stop(r);
}

bool receive_open(struct receive *r, struct loop *l, const struct addr *peer)
{
	uint8_t *in = aligned_alloc(ZMQ_ALIGN, RECEIVE_BUFFER);

	if (!in)
		return false;
	r->peer = *peer;
	r->retry_ms = RECEIVE_RETRY_MIN_MS;
	r->connection.loop = l;
	r->connection.in = in;
	r->connection.in_cap = RECEIVE_BUFFER;
	r->connection.watch = (struct loop_watch){ zmq_socket(peer), EPOLLOUT, receive_ready, r };
	return r->connection.watch.fd >= 0;
}

void receive_close(struct receive *r)
{
	if (r->connection.in && r->connection.watch.fd >= 0) {
		loop_unwatch(r->connection.loop, &r->connection.watch);
		close(r->connection.watch.fd);
	}
	free(r->connection.in);
}

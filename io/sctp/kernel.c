/* SCTP by the kernel: a one-to-one socket an association, so each has buffers of its own. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/sctp/impl.h"
#include "io/sctp/kernel_sock.h"
#include "io/sctp/queue.h"
#include "io/sockaddr.h"

#define LOG_ROOM "sctp"

enum {
	SCTP_KERNEL_BACKLOG = 64,
	SCTP_KERNEL_TURN_MAX = 256, /* messages of one association a turn */
	SCTP_KERNEL_LISTENERS = 8,
	SCTP_KERNEL_DRAIN_NS = 100000000,
	SCTP_KERNEL_PAUSE_NS = 1000000000, /* of listeners when descriptors are out */
};

struct kernel_sctp;

struct kernel_listener {
	struct kernel_sctp *stack;
	struct loop_watch watch;
	struct io_sctp_user user;
};

struct kernel_assoc {
	struct kernel_sctp *stack;
	uint64_t handle;
	struct loop_watch watch;
	struct io_sctp_user user;
	struct addr peer;
	uint16_t out_streams;
	struct sctp_queue queue;
	bool up;
	bool abort_wanted;
	uint8_t *partial;
	size_t partial_len;
};

struct kernel_sctp {
	struct io_sctp base;
	struct loop_hook hook;
	struct kernel_listener *listeners[SCTP_KERNEL_LISTENERS];
	size_t listener_count;
	struct kernel_assoc **assocs;
	uint32_t assocs_high;
	uint64_t serial;
	uint64_t drain_at_ns;  /* queues are looked at again */
	uint64_t listen_at_ns; /* listeners pause until then; 0: they do not */
	bool pending;
	uint8_t buf[65536];
};

static struct kernel_assoc *kernel_find(struct kernel_sctp *k, uint64_t handle)
{
	uint32_t slot = sctp_handle_slot(handle);
	struct kernel_assoc *a = slot < k->assocs_high ? k->assocs[slot] : NULL;

	return a && a->handle == handle ? a : NULL;
}

static struct kernel_assoc *kernel_assoc_new(struct kernel_sctp *k, int fd, const struct io_sctp_user *user,
	const struct addr *peer, void (*ready)(void *, uint32_t), uint32_t events)
{
	struct kernel_assoc *a;
	uint32_t slot = 0;

	while (slot < k->assocs_high && k->assocs[slot])
		slot++;
	a = slot < k->base.config.assocs_max ? calloc(1, sizeof(*a)) : NULL;
	if (!a) {
		k->base.stats.assocs_refused++;
		errno = ENOBUFS;
		return NULL;
	}
	*a = (struct kernel_assoc){
		.stack = k, .handle = sctp_handle(++k->serial, slot), .user = *user, .peer = *peer
	};
	a->watch = (struct loop_watch){ fd, events, ready, a };
	if (!loop_watch(k->base.loop, &a->watch)) {
		free(a);
		return NULL;
	}
	k->assocs[slot] = a;
	k->assocs_high = slot >= k->assocs_high ? slot + 1 : k->assocs_high;
	return a;
}

/* Closes with an ABORT if anything is left to abort; after the peer's SHUTDOWN the kernel goes on to its end.
 */
static void kernel_assoc_end(struct kernel_assoc *a, enum io_sctp_down why, bool tell)
{
	struct kernel_sctp *k = a->stack;

	k->assocs[sctp_handle_slot(a->handle)] = NULL;
	k->base.stats.assocs -= a->up;
	loop_unwatch(k->base.loop, &a->watch);
	if (why == IO_SCTP_DOWN_CLOSED)
		close(a->watch.fd);
	else
		sctp_kernel_abort_fd(a->watch.fd);
	if (tell)
		a->user.down(a->user.arg, a->handle, why);
	sctp_queue_drop(&a->queue, &k->base);
	free(a->partial);
	free(a);
}

/* What the socket died of. */
static enum io_sctp_down kernel_why(const struct kernel_assoc *a, int error)
{
	if (!a->up)
		return IO_SCTP_DOWN_FAILED;
	return error == ETIMEDOUT ? IO_SCTP_DOWN_LOST : IO_SCTP_DOWN_ABORTED;
}

static void kernel_tell_up(struct kernel_assoc *a, uint16_t out_streams, uint16_t in_streams)
{
	struct io_sctp_up up = { a->peer, out_streams, in_streams };

	a->out_streams = out_streams;
	a->user.up(a->user.arg, a->handle, &up);
}

static void kernel_come_up(struct kernel_assoc *a)
{
	uint16_t out_streams = 1, in_streams = 1;

	may_fail(sctp_kernel_streams(a->watch.fd, &out_streams, &in_streams)); /* one each there always is */
	a->up = true;
	a->stack->base.stats.assocs++;
	kernel_tell_up(a, out_streams, in_streams);
}

static void kernel_restart(struct kernel_assoc *a, const struct sctp_kernel_message *m)
{
	a->stack->base.stats.restarts++;
	a->user.down(a->user.arg, a->handle, IO_SCTP_DOWN_RESTART);
	a->handle = sctp_handle(++a->stack->serial, sctp_handle_slot(a->handle));
	a->partial_len = 0;
	sctp_queue_drop(&a->queue, &a->stack->base);
	kernel_tell_up(a, m->out_streams, m->in_streams);
}

/* Joins pieces and hands over what is whole. */
static void kernel_message(struct kernel_assoc *a, const struct sctp_kernel_message *m)
{
	struct bytes whole = m->data;

	if (!m->last || a->partial_len > 0) {
		uint8_t *grown = a->partial_len + m->data.len <= IO_SCTP_MSG_MAX
					 ? realloc(a->partial, a->partial_len + m->data.len)
					 : NULL;

		if (!grown) {
			a->abort_wanted = a->stack->pending = true;
			return;
		}
		a->partial = grown;
		bytes_copy(grown + a->partial_len, m->data.len, m->data);
		a->partial_len += m->data.len;
		whole = bytes_of(grown, a->partial_len);
	}
	if (!m->last)
		return;
	a->partial_len = 0;
	a->stack->base.stats.messages_in++;
	a->user.data(a->user.arg, a->handle, m->stream, m->ppid, whole);
}

static enum sctp_sent kernel_try(void *assoc, uint16_t stream, uint32_t ppid, struct bytes data)
{
	struct kernel_assoc *a = assoc;

	return sctp_kernel_send(a->watch.fd, stream, ppid, data) ? SCTP_SENT : sctp_sent_of(errno);
}

/* While something waits, the socket is to report that there is room. */
static void kernel_watch(struct kernel_assoc *a)
{
	uint32_t events = a->queue.head ? EPOLLIN | EPOLLOUT : EPOLLIN;

	if (a->watch.events != events)
		may_fail(loop_rewatch(a->stack->base.loop, &a->watch, events)); /* the hook drains too */
}

static void kernel_drain(struct kernel_assoc *a)
{
	struct kernel_sctp *k = a->stack;

	if (!sctp_queue_drain(&a->queue, &k->base, kernel_try, a)) {
		log_warn(k->base.log, "peer does not take what is sent: association aborted");
		a->abort_wanted = k->pending = true;
	} else if (!a->queue.head && a->queue.end_wanted && shutdown(a->watch.fd, SHUT_WR) != 0) {
		a->abort_wanted = k->pending = true;
	}
	kernel_watch(a);
}

static void kernel_ready(void *arg, uint32_t events)
{
	struct kernel_assoc *a = arg;
	struct kernel_sctp *k = a->stack;

	if (events & EPOLLOUT)
		kernel_drain(a);
	for (int i = 0; i < SCTP_KERNEL_TURN_MAX && !a->abort_wanted; i++) {
		struct sctp_kernel_message m;

		if (!sctp_kernel_recv(a->watch.fd, k->buf, sizeof(k->buf), &m)) {
			if (errno != EAGAIN && errno != EINTR)
				kernel_assoc_end(a, kernel_why(a, errno), true);
			return;
		}
		switch (m.event) {
		case SCTP_KERNEL_DATA:
			kernel_message(a, &m);
			break;
		case SCTP_KERNEL_RESTART:
			kernel_restart(a, &m);
			break;
		case SCTP_KERNEL_CLOSED:
			kernel_assoc_end(a, IO_SCTP_DOWN_CLOSED, true);
			return;
		case SCTP_KERNEL_FAILED:
		case SCTP_KERNEL_LOST:
			kernel_assoc_end(a, kernel_why(a, sctp_kernel_error(a->watch.fd)), true);
			return;
		case SCTP_KERNEL_NONE:
			break;
		}
	}
}

static void kernel_connecting(void *arg, uint32_t events)
{
	struct kernel_assoc *a = arg;
	int error = sctp_kernel_error(a->watch.fd);

	if (error || events & (EPOLLERR | EPOLLHUP) ||
		(events & EPOLLOUT && !loop_rewatch(a->stack->base.loop, &a->watch, EPOLLIN))) {
		kernel_assoc_end(a, IO_SCTP_DOWN_FAILED, true);
		return;
	}
	if (!(events & EPOLLOUT))
		return;
	a->watch.ready = kernel_ready;
	kernel_come_up(a);
}

/* Listeners rest, or listen again. */
static void kernel_listen_again(struct kernel_sctp *k, uint64_t at_ns)
{
	k->listen_at_ns = at_ns;
	for (size_t i = 0; i < k->listener_count; i++)
		may_fail(loop_rewatch(
			k->base.loop, &k->listeners[i]->watch, at_ns ? 0 : EPOLLIN)); /* or later */
}

static void kernel_accept(void *arg, uint32_t events)
{
	struct kernel_listener *l = arg;
	union sockaddr_any from;
	socklen_t len = sizeof(from);
	int fd = accept4(l->watch.fd, &from.sa, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
	struct kernel_assoc *a;
	struct addr peer;

	if (fd < 0 && sctp_kernel_out_of_room(errno)) {
		log_warn(l->stack->base.log, "an association cannot be taken: %m");
		kernel_listen_again(l->stack, loop_now_ns(l->stack->base.loop) + SCTP_KERNEL_PAUSE_NS);
	}
	if (fd < 0)
		return;
	peer = sockaddr_to(&from);
	a = sctp_kernel_options(fd, &l->stack->base.config)
		    ? kernel_assoc_new(l->stack, fd, &l->user, &peer, kernel_ready, EPOLLIN)
		    : NULL;
	if (a)
		kernel_come_up(a);
	else
		sctp_kernel_abort_fd(fd);
}

static bool kernel_listen(
	struct io_sctp *io, const struct addr *local, size_t count, const struct io_sctp_user *user)
{
	struct kernel_sctp *k = (struct kernel_sctp *)io;
	struct kernel_listener *l = k->listener_count < SCTP_KERNEL_LISTENERS ? calloc(1, sizeof(*l)) : NULL;
	int fd = l ? sctp_kernel_socket(local[0].len, &io->config) : -1;

	if (fd >= 0 && sctp_kernel_bind(fd, local, count) && listen(fd, SCTP_KERNEL_BACKLOG) == 0) {
		*l = (struct kernel_listener){ k, { fd, EPOLLIN, kernel_accept, l }, *user };
		if (loop_watch(io->loop, &l->watch)) {
			k->listeners[k->listener_count++] = l;
			return true;
		}
	}
	if (fd >= 0)
		close(fd);
	free(l);
	return false;
}

static uint64_t kernel_connect(struct io_sctp *io, const struct addr *local, const struct addr *peer,
	const struct io_sctp_user *user)
{
	struct kernel_sctp *k = (struct kernel_sctp *)io;
	int fd = sctp_kernel_socket(peer->len, &io->config);
	union sockaddr_any to;
	socklen_t len = sockaddr_from(peer, &to);
	struct kernel_assoc *a = NULL;
	int error;

	if (fd < 0)
		return 0;
	if ((!local || sctp_kernel_bind(fd, local, 1)) &&
		(connect(fd, &to.sa, len) == 0 || errno == EINPROGRESS))
		a = kernel_assoc_new(k, fd, user, peer, kernel_connecting, EPOLLOUT);
	if (a)
		return a->handle;
	error = errno;
	close(fd);
	errno = error;
	return 0;
}

static bool kernel_send(struct io_sctp *io, uint64_t assoc, uint16_t stream, uint32_t ppid, struct bytes data)
{
	struct kernel_assoc *a = kernel_find((struct kernel_sctp *)io, assoc);

	if (!a || !a->up || a->abort_wanted || stream >= a->out_streams)
		return false;
	if (!sctp_queue_send(&a->queue, io, kernel_try, a, stream, ppid, data))
		return false;
	if (a->queue.head)
		kernel_watch(a);
	return true;
}

static void kernel_abort(struct io_sctp *io, uint64_t assoc)
{
	struct kernel_sctp *k = (struct kernel_sctp *)io;
	struct kernel_assoc *a = kernel_find(k, assoc);

	if (a)
		a->abort_wanted = k->pending = true;
}

static void kernel_shutdown(struct io_sctp *io, uint64_t assoc)
{
	struct kernel_assoc *a = kernel_find((struct kernel_sctp *)io, assoc);

	if (a && a->up && a->queue.head)
		a->queue.end_wanted = true;
	else if (a && (!a->up || shutdown(a->watch.fd, SHUT_WR) != 0))
		kernel_abort(io, assoc);
}

static uint64_t kernel_next_ns(void *arg)
{
	const struct kernel_sctp *k = arg;

	if (k->pending)
		return 0;
	if (k->base.queued > 0 && (!k->listen_at_ns || k->drain_at_ns < k->listen_at_ns))
		return k->drain_at_ns;
	return k->listen_at_ns ? k->listen_at_ns : UINT64_MAX;
}

static void kernel_due(void *arg, uint64_t now_ns)
{
	struct kernel_sctp *k = arg;

	k->pending = false;
	if (k->listen_at_ns && now_ns >= k->listen_at_ns)
		kernel_listen_again(k, 0);
	/* A peer that acknowledges nothing makes no event. */
	for (uint32_t i = 0; k->base.queued > 0 && now_ns >= k->drain_at_ns && i < k->assocs_high; i++)
		if (k->assocs[i] && k->assocs[i]->queue.head)
			kernel_drain(k->assocs[i]);
	if (now_ns >= k->drain_at_ns)
		k->drain_at_ns = now_ns + SCTP_KERNEL_DRAIN_NS;
	for (uint32_t i = 0; i < k->assocs_high; i++)
		if (k->assocs[i] && k->assocs[i]->abort_wanted)
			kernel_assoc_end(k->assocs[i], IO_SCTP_DOWN_ABORTED, true);
}

static void kernel_free(struct io_sctp *io)
{
	struct kernel_sctp *k = (struct kernel_sctp *)io;

	for (uint32_t i = 0; i < k->assocs_high; i++)
		if (k->assocs[i])
			kernel_assoc_end(k->assocs[i], IO_SCTP_DOWN_ABORTED, false);
	for (size_t i = 0; i < k->listener_count; i++) {
		loop_unwatch(io->loop, &k->listeners[i]->watch);
		close(k->listeners[i]->watch.fd);
		free(k->listeners[i]);
	}
	loop_hook_remove(io->loop, &k->hook);
	free(k->assocs);
	free(k);
}

static const struct io_sctp_ops kernel_ops = {
	.free = kernel_free,
	.listen = kernel_listen,
	.connect = kernel_connect,
	.send = kernel_send,
	.shutdown = kernel_shutdown,
	.abort = kernel_abort,
};

struct io_sctp *sctp_kernel_open(struct loop *l, const struct io_sctp_config *config, struct log *log)
{
	struct kernel_sctp *k;

	if (!sctp_kernel_usable(config)) {
		errno = EPROTONOSUPPORT;
		return NULL;
	}
	k = calloc(1, sizeof(*k));
	if (!k)
		return NULL;
	k->base = (struct io_sctp){ &kernel_ops, IO_SCTP_KERNEL, *config, { 0 }, l, log };
	k->assocs = calloc(config->assocs_max, sizeof(struct kernel_assoc *));
	if (!k->assocs) {
		free(k);
		return NULL;
	}
	k->hook = (struct loop_hook){ kernel_next_ns, kernel_due, NULL, LOOP_FLUSH, k, NULL };
	loop_hook_add(l, &k->hook);
	return &k->base;
}

/* SCTP by the kernel: a one-to-one socket an association, so each has buffers of its own. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/sctp/kernel_impl.h"
#include "io/sockaddr.h"

#define LOG_ROOM "sctp"

static void kernel_connecting(void *arg, uint32_t events)
{
	struct kernel_assoc *a = arg;
	int error = sctp_kernel_error(a->watch.fd);

	if (error || events & (EPOLLERR | EPOLLHUP) ||
		(events & EPOLLOUT && !loop_rewatch(a->stack->base.loop, &a->watch, EPOLLIN))) {
		sctp_kernel_assoc_end(a, IO_SCTP_DOWN_FAILED, true);
		return;
	}
	if (!(events & EPOLLOUT))
		return;
	a->watch.ready = sctp_kernel_ready;
	sctp_kernel_come_up(a);
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

	if (fd < 0 && loop_out_of_room(errno)) {
		log_warn(l->stack->base.log, "an association cannot be taken: %m");
		kernel_listen_again(l->stack, loop_now_ns(l->stack->base.loop) + LOOP_REST_NS);
	}
	if (fd < 0)
		return;
	peer = sockaddr_to(&from);
	a = sctp_kernel_options(fd, &l->stack->base.config)
		    ? sctp_kernel_assoc_new(l->stack, fd, &l->user, &peer, sctp_kernel_ready, EPOLLIN)
		    : NULL;
	if (a)
		sctp_kernel_come_up(a);
	else
		sctp_kernel_abort_fd(fd);
}

/* Without the algorithm that its cookies are signed by, a kernel refuses to listen, as "Function not
 * implemented". */
static bool kernel_begin(const struct io_sctp *io, int fd)
{
	if (listen(fd, SCTP_KERNEL_BACKLOG) == 0)
		return true;
	if (errno == ENOSYS)
		log_error(io->log,
			"the kernel's SCTP cannot sign cookies: it has not the algorithm of net.sctp."
			"cookie_hmac_alg (md5, sha1); load it, or `sysctl -w "
			"net.sctp.cookie_hmac_alg=none`, or set sctp to raw or udp without the module");
	return false;
}

static bool kernel_listen(
	struct io_sctp *io, const struct addr *local, size_t count, const struct io_sctp_user *user)
{
	struct kernel_sctp *k = (struct kernel_sctp *)io;
	struct kernel_listener *l = k->listener_count < SCTP_KERNEL_LISTENERS ? calloc(1, sizeof(*l)) : NULL;
	int fd = l ? sctp_kernel_socket(local[0].len, &io->config) : -1;

	if (fd >= 0 && sctp_kernel_bind(fd, local, count) && kernel_begin(io, fd)) {
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
		a = sctp_kernel_assoc_new(k, fd, user, peer, kernel_connecting, EPOLLOUT);
	if (a)
		return a->handle;
	error = errno;
	close(fd);
	errno = error;
	return 0;
}

static bool kernel_send(struct io_sctp *io, uint64_t assoc, uint16_t stream, uint32_t ppid, struct bytes data)
{
	struct kernel_assoc *a = sctp_kernel_find((struct kernel_sctp *)io, assoc);

	if (!a || !a->up || a->abort_wanted || stream >= a->out_streams)
		return false;
	if (!sctp_queue_send(&a->queue, io, sctp_kernel_try, a, stream, ppid, data))
		return false;
	if (a->queue.head)
		sctp_kernel_watch(a);
	return true;
}

static void kernel_abort(struct io_sctp *io, uint64_t assoc)
{
	struct kernel_sctp *k = (struct kernel_sctp *)io;
	struct kernel_assoc *a = sctp_kernel_find(k, assoc);

	if (a)
		a->abort_wanted = k->pending = true;
}

static void kernel_shutdown(struct io_sctp *io, uint64_t assoc)
{
	struct kernel_assoc *a = sctp_kernel_find((struct kernel_sctp *)io, assoc);

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
			sctp_kernel_drain(k->assocs[i]);
	if (now_ns >= k->drain_at_ns)
		k->drain_at_ns = now_ns + SCTP_KERNEL_DRAIN_NS;
	for (uint32_t i = 0; i < k->assocs_high; i++)
		if (k->assocs[i] && k->assocs[i]->abort_wanted)
			sctp_kernel_assoc_end(k->assocs[i], IO_SCTP_DOWN_ABORTED, true);
}

static void kernel_free(struct io_sctp *io)
{
	struct kernel_sctp *k = (struct kernel_sctp *)io;

	for (uint32_t i = 0; i < k->assocs_high; i++)
		if (k->assocs[i])
			sctp_kernel_assoc_end(k->assocs[i], IO_SCTP_DOWN_ABORTED, false);
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

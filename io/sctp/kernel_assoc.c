/* Associations by the kernel's SCTP: their life, and what is heard and sent on them. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/sctp/kernel_impl.h"
#include "io/sockaddr.h"

#define LOG_ROOM "sctp"

struct kernel_assoc *sctp_kernel_find(struct kernel_sctp *k, uint64_t handle)
{
	uint32_t slot = sctp_handle_slot(handle);
	struct kernel_assoc *a = slot < k->assocs_high ? k->assocs[slot] : NULL;

	return a && a->handle == handle ? a : NULL;
}

struct kernel_assoc *sctp_kernel_assoc_new(struct kernel_sctp *k, int fd, const struct io_sctp_user *user,
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
void sctp_kernel_assoc_end(struct kernel_assoc *a, enum io_sctp_down why, bool tell)
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

void sctp_kernel_come_up(struct kernel_assoc *a)
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
	a->stack->base.waited_us = m->waited_us;
	a->user.data(a->user.arg, a->handle, m->stream, m->ppid, whole);
}

enum sctp_sent sctp_kernel_try(void *assoc, uint16_t stream, uint32_t ppid, struct bytes data)
{
	struct kernel_assoc *a = assoc;

	return sctp_kernel_send(a->watch.fd, stream, ppid, data) ? SCTP_SENT : sctp_sent_of(errno);
}

/* While something waits, the socket is to report that there is room. */
void sctp_kernel_watch(struct kernel_assoc *a)
{
	uint32_t events = a->queue.head ? EPOLLIN | EPOLLOUT : EPOLLIN;

	if (a->watch.events != events)
		may_fail(loop_rewatch(a->stack->base.loop, &a->watch, events)); /* the hook drains too */
}

void sctp_kernel_drain(struct kernel_assoc *a)
{
	struct kernel_sctp *k = a->stack;

	if (!sctp_queue_drain(&a->queue, &k->base, sctp_kernel_try, a)) {
		log_warn(k->base.log, "peer does not take what is sent: association aborted");
		a->abort_wanted = k->pending = true;
	} else if (!a->queue.head && a->queue.end_wanted && shutdown(a->watch.fd, SHUT_WR) != 0) {
		a->abort_wanted = k->pending = true;
	}
	sctp_kernel_watch(a);
}

void sctp_kernel_ready(void *arg, uint32_t events)
{
	struct kernel_assoc *a = arg;
	struct kernel_sctp *k = a->stack;

	if (events & EPOLLOUT)
		sctp_kernel_drain(a);
	for (int i = 0; i < SCTP_KERNEL_TURN_MAX && !a->abort_wanted; i++) {
		struct sctp_kernel_message m;

		if (!sctp_kernel_recv(a->watch.fd, k->buf, sizeof(k->buf), &m)) {
			if (errno != EAGAIN && errno != EINTR)
				sctp_kernel_assoc_end(a, kernel_why(a, errno), true);
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
			sctp_kernel_assoc_end(a, IO_SCTP_DOWN_CLOSED, true);
			return;
		case SCTP_KERNEL_FAILED:
		case SCTP_KERNEL_LOST:
			sctp_kernel_assoc_end(a, kernel_why(a, sctp_kernel_error(a->watch.fd)), true);
			return;
		case SCTP_KERNEL_NONE:
			break;
		}
	}
}

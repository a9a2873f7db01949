#include "io/sctp/queue.h"

#include "base/room.h"

#include <errno.h>
#include <stdlib.h>

struct sctp_queued {
	struct sctp_queued *next;
	uint16_t stream;
	uint32_t ppid;
	size_t len;
	uint8_t data[];
};

enum sctp_sent sctp_sent_of(int error)
{
	return error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS || error == ENOMEM ||
			       error == EINTR
		       ? SCTP_FULL
		       : SCTP_NEVER;
}

static void queue_pop(struct sctp_queue *q, struct io_sctp *s)
{
	struct sctp_queued *m = q->head;

	q->head = m->next;
	q->octets -= sizeof(*m) + m->len;
	s->queued -= sizeof(*m) + m->len;
	explicit_bzero(m->data, m->len);
	free(m);
}

static bool queue_keep(
	struct sctp_queue *q, struct io_sctp *s, uint16_t stream, uint32_t ppid, struct bytes data)
{
	size_t size = sizeof(struct sctp_queued) + data.len;
	struct sctp_queued *m =
		q->octets + size <= s->config.queue_max && s->queued + size <= s->config.queues_max
			? malloc(size)
			: NULL;

	if (!m)
		return false;
	*m = (struct sctp_queued){ .stream = stream, .ppid = ppid, .len = data.len };
	bytes_copy(m->data, data.len, data);
	if (!q->head) {
		q->tail = &q->head;
		q->moved_ns = loop_now_ns(s->loop);
	}
	*q->tail = m;
	q->tail = &m->next;
	q->octets += size;
	s->queued += size;
	return true;
}

bool sctp_queue_send(struct sctp_queue *q, struct io_sctp *s, sctp_try_fn *try, void *assoc, uint16_t stream,
	uint32_t ppid, struct bytes data)
{
	enum sctp_sent sent = SCTP_FULL;

	if (q->end_wanted)
		return false;
	if (!q->head)
		sent = try(assoc, stream, ppid, data);
	return sent == SCTP_SENT || (sent == SCTP_FULL && queue_keep(q, s, stream, ppid, data));
}

bool sctp_queue_drain(struct sctp_queue *q, struct io_sctp *s, sctp_try_fn *try, void *assoc)
{
	uint64_t now = loop_now_ns(s->loop);

	while (q->head) {
		enum sctp_sent sent =
			try(assoc, q->head->stream, q->head->ppid, bytes_of(q->head->data, q->head->len));

		if (sent == SCTP_FULL)
			break;
		s->stats.sends_refused += sent == SCTP_NEVER;
		q->moved_ns = now;
		queue_pop(q, s);
	}
	return !q->head || now - q->moved_ns < (uint64_t)s->config.queue_ms * NS_PER_MS;
}

void sctp_queue_drop(struct sctp_queue *q, struct io_sctp *s)
{
	while (q->head)
		queue_pop(q, s);
	q->end_wanted = false;
}

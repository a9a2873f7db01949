/*
 * What an association cannot send yet: the stack's buffer is full, as in a burst, until the peer has
 * acknowledged. Bounded in octets, of the association and of all together, and in time: a peer that takes
 * nothing for so long is not one.
 */
#pragma once

#include "io/sctp/impl.h"

enum sctp_sent {
	SCTP_SENT,
	SCTP_FULL,  /* not now */
	SCTP_NEVER, /* whatever is acknowledged: too long, or the association is over */
};

struct sctp_queued;

struct sctp_queue {
	struct sctp_queued *head, **tail;
	size_t octets;
	uint64_t moved_ns; /* when something last left, or the first came */
	bool end_wanted;   /* a shutdown waits for all to be sent */
};

/* Tries one message on the association. */
typedef enum sctp_sent sctp_try_fn(void *assoc, uint16_t stream, uint32_t ppid, struct bytes data);

/* What errno of a refused send means. */
enum sctp_sent sctp_sent_of(int error);

/* Sends, or keeps, in order; false: it is refused. */
MUST_USE bool sctp_queue_send(struct sctp_queue *q, struct io_sctp *s, sctp_try_fn *try, void *assoc,
	uint16_t stream, uint32_t ppid, struct bytes data);

/* Sends what goes now. False: nothing has gone for too long. */
MUST_USE bool sctp_queue_drain(struct sctp_queue *q, struct io_sctp *s, sctp_try_fn *try, void *assoc);

/* Wipes and frees what is in it: keys go to gNBs. */
void sctp_queue_drop(struct sctp_queue *q, struct io_sctp *s);

/*
 * How a room meets the world. A room is a network function, a gNB or a UE: it takes messages and
 * time, and puts messages into its outbox. apps/ binds rooms to io/; sim/ binds the very same rooms
 * to virtual links and clocks. Neither knows what is inside, and a room cannot tell which it is in.
 */
#pragma once

#include "base/addr.h"
#include "base/arena.h"

enum { NS_PER_MS = 1000000, MS_PER_S = 1000 };
#define NS_PER_S UINT64_C(1000000000)
#define NEVER    UINT64_MAX

enum msg_kind {
	MSG_DATA,
	MSG_UP,   /* in: the association is up.   out: open an association to `peer` */
	MSG_DOWN, /* in: the association is gone. out: close it */
};

/*
 * One message in or out. `port` is one of the room's own interfaces (an enum of its public header).
 * `assoc` names an SCTP association: chosen by the link for incoming ones, never reused while the
 * process lives; an association the room opens itself (MSG_UP out) carries the room's own `token`
 * back in its MSG_UP or MSG_DOWN. For datagram ports assoc is 0 and peer is the other end. The client of a
 * local socket is an assoc, too, of which the room hears no MSG_UP.
 */
struct msg {
	enum msg_kind kind;
	uint16_t port;
	uint16_t stream;                  /* SCTP stream */
	uint16_t out_streams, in_streams; /* MSG_UP in: negotiated stream counts */
	uint64_t assoc;
	uint32_t token;
	uint32_t waited_us;     /* in: from its arrival until the room got it; 0: at once, or not known */
	uint16_t busy_permille; /* in: how much of the last twentieth of a second the process worked */
	uint32_t uid, pid;      /* in, of a local socket: whose process is at the other end */
	struct addr peer;
	struct bytes data;
};

struct outbox_item {
	struct outbox_item *next;
	struct msg msg;
};

/*
 * What the rooms of one loop turn want sent. It leaves after the turn's store commit, in order; if
 * the commit fails it is dropped whole.
 */
struct outbox {
	struct arena arena;
	struct outbox_item *head;
	struct outbox_item **tail;
	size_t count;
	uint64_t refused; /* messages that no longer fitted */
};

/* limit: most octets held at a time. */
void outbox_init(struct outbox *o, size_t limit);
/* Takes none of the allocator's while `first` is enough, which is the caller's and outlives it. */
void outbox_init_in(struct outbox *o, void *first, size_t first_size, size_t limit);
void outbox_fini(struct outbox *o);

/* Forgets everything held, and wipes it: keys go to gNBs. */
void outbox_reset(struct outbox *o);

/* What `from` holds goes over to `to`, which held nothing and is to be ended; `from` is empty then. */
void outbox_move(struct outbox *to, struct outbox *from);

/* Appends a copy of m with its data; false (counted) when the limit is reached. */
MUST_USE bool outbox_put(struct outbox *o, const struct msg *m);

/* Sends on an association, and to an address. */
MUST_USE bool outbox_send(
	struct outbox *o, uint16_t port, uint64_t assoc, uint16_t stream, struct bytes data);
MUST_USE bool outbox_send_to(struct outbox *o, uint16_t port, const struct addr *peer, struct bytes data);

struct room_ops {
	/* m and its data are valid during the call only. */
	void (*on_msg)(void *room, const struct msg *m);

	/* Monotonic nanoseconds of the next on_deadline wanted; NEVER if none. Cheap: asked every turn. */
	uint64_t (*next_deadline_ns)(void *room);
	void (*on_deadline)(void *room, uint64_t now_ns);

	/* What the room changed up to this epoch is kept (base/turn.h). Between turns: it sends nothing. NULL
	 * in rooms that keep nothing. */
	void (*on_committed)(void *room, uint64_t epoch);
};

struct room {
	const struct room_ops *ops;
	void *self;
};

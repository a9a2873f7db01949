/*
 * One turn of a process: what its rooms changed is one transaction of the store, what they want sent is in
 * the outbox, and the second leaves when the first is kept. Turns have numbers (epochs), so that a store may
 * confirm later. The end of a turn is not a room's business: base/commit.h.
 *
 * A turn that is lost leaves the rooms' memory ahead of the store. To the peers it is as if all its messages
 * had been lost on the way, which every protocol here repeats. What must be stored is marked (below), and a
 * mark stays until it is confirmed, so the store catches up.
 */
#pragma once

#include "base/list.h"
#include "base/room.h"

struct env;

enum turn_limit {
	TURN_ROOMS_MAX = 16,
	TURN_WAITING_MAX = 64, /* turns whose commit is under way */
	TURN_RETRY_MS = 1000,  /* until what was lost is stored again, unless a message is about it before */
};

struct turn_waiting {
	uint64_t epoch;
	struct outbox outbox;
};

struct turn_stats {
	uint64_t kept, lost;
	uint64_t dropped; /* messages of lost turns */
};

struct turn {
	uint64_t epoch; /* of the turn under way, from 1 */
	uint64_t lost;  /* the last one that was lost; 0: none */
	/* for base/turn.c */
	struct env *env;
	void (*leave)(void *arg, struct outbox *o);
	void *leave_arg;
	struct room rooms[TURN_ROOMS_MAX];
	size_t room_count;
	struct turn_waiting waiting[TURN_WAITING_MAX]; /* a ring, oldest first */
	size_t waiting_at, waiting_count;
	struct turn_stats stats;
};

/* Something of a room's that the store must follow: a context to be stored or deleted. */
struct mark {
	struct link link;
	uint64_t epoch; /* in which it was put to the store; 0: not yet */
};

/* All marks of a room, in the state that they are in. */
struct marks {
	struct link due;  /* set in this turn: it is lost if the store refuses */
	struct link put;  /* put to the store, unconfirmed; epochs ascend */
	struct link lost; /* of lost turns: tried again, alone */
	uint64_t retry_ns;
};

/* Brings the store in line with the context of the mark; false when the store refuses. */
typedef bool mark_put_fn(void *room, struct mark *m);
/* The store is in line with it, for good. */
typedef void mark_kept_fn(void *room, struct mark *m);

void marks_init(struct marks *ms);

/* The store must follow by the end of this turn. */
void mark_set(struct marks *ms, struct mark *m);
void mark_clear(struct mark *m);

static inline bool mark_is_set(const struct mark *m)
{
	return m->link.next != NULL;
}

/* It was put to the store in a turn that is lost: nothing may be sent about it before it is set again. */
static inline bool mark_is_lost(const struct turn *t, const struct mark *m)
{
	return m->epoch != 0 && m->epoch <= t->lost;
}

/*
 * Puts what is marked: what is due dooms the turn if it is refused, what was lost before is tried alone. From
 * a room, at the end of each message and deadline.
 */
void marks_put(struct marks *ms, struct env *env, mark_put_fn *put, void *room);

/* From the room's on_committed. kept may be NULL. */
void marks_committed(struct marks *ms, uint64_t epoch, mark_kept_fn *kept, void *room);

/* When marks_put wants to be called again. */
uint64_t marks_next_ns(const struct marks *ms, const struct turn *t);

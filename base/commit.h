/*
 * The end of a turn: commit, then what it wanted sent leaves; or neither (law 2). For io/, sim/ and tests,
 * which run rooms; `make tidy` keeps rooms from including it.
 */
#pragma once

#include "base/env.h"
#include "base/turn.h"

enum store_verdict {
	STORE_KEPT,
	STORE_LOST,      /* nothing of the transaction was kept */
	STORE_UNDER_WAY, /* whoever drives the store calls turn_confirm() later */
};

struct store_end_ops {
	enum store_verdict (*commit)(struct store *s, uint64_t epoch);
	void (*rollback)(struct store *s);
};

/* Ends the transaction; nothing changed is a cheap success. A doomed one is rolled back. */
MUST_USE enum store_verdict store_commit(struct store *s, uint64_t epoch);
void store_rollback(struct store *s);

/* Gives what a kept turn wants sent to its links. */
typedef void turn_leave_fn(void *arg, struct outbox *o);

/* env's outbox must be set. env->turn is set. */
void turn_init(struct turn *t, struct env *env, turn_leave_fn *leave, void *arg);
void turn_fini(struct turn *t);

/* The room hears of commits. False at the limit. */
MUST_USE bool turn_room_add(struct turn *t, const struct room *room);
void turn_room_remove(struct turn *t, const void *self);

/* Ends the present turn and begins the next. True unless what it changed is lost, and what it sent dropped.
 */
MUST_USE bool turn_end(struct turn *t);

/*
 * The store has kept all epochs up to this one, or (kept false) lost it and all after it. What was kept
 * leaves; when the present turn was built on what is lost, it is doomed.
 */
void turn_confirm(struct turn *t, uint64_t epoch, bool kept);

/* The process dies: what is not committed is undone, what waits is dropped. */
void turn_kill(struct turn *t);

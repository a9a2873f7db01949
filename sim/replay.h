/*
 * A recording (base/recording.h) run again: the room gets what it got, at the time it got it, with the same
 * chance and store; what it sends is compared with what it sent. Each message in and each deadline is a step,
 * numbered from 1: the place at which to stop, and where a difference is.
 */
#pragma once

#include "base/commit.h"
#include "base/env.h"
#include "base/recording.h"

enum { REPLAY_TEXT_SIZE = 256, REPLAY_OUTBOX_MAX = 64 << 20 };

enum replay_verdict {
	REPLAY_EQUAL,   /* to the end */
	REPLAY_STOPPED, /* before the step asked for */
	REPLAY_DIFFERS, /* replay.text names in what */
	REPLAY_DAMAGED, /* the recording is none, or damaged from here on */
};

struct replay {
	struct env env; /* first: what the room is made over */
	struct record_head head;
	struct cursor at;
	struct log log;
	struct outbox outbox;
	struct turn turn;
	struct room room;
	uint64_t now_ns, utc_ms, step;
	bool differs, full; /* full: the recording ended by its limit */
	char text[REPLAY_TEXT_SIZE];
	struct outbox left; /* what the turn at hand sent */
	struct outbox_item *next_left;
	bool turn_ended;
	/* Sees each message, in or out, as it is in the recording. NULL: nobody. */
	void (*show)(void *arg, const struct replay *r, bool in, const struct msg *m);
	void *show_arg;
};

/* Reads up to the making of the room; the recording must stay. False: it is none, or memory is refused. */
bool replay_init(struct replay *r, struct bytes recording);
void replay_fini(struct replay *r);

/* The room, made over r->env; then everything up to the step (0: to the end), which is not run itself. */
enum replay_verdict replay_run(struct replay *r, const struct room *room, uint64_t until);

/* That step, after REPLAY_STOPPED: a place for a breakpoint. */
enum replay_verdict replay_go_on(struct replay *r, uint64_t until);

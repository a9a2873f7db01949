/*
 * The event loop: one thread, one epoll. A turn is: gather the ready descriptors, run their
 * callbacks, run the deadlines that are due, then the turn-end hooks. Messages are handled in the
 * callbacks; the turn-end hooks commit the store and only then let anything leave the process.
 */
#pragma once

#include <sys/epoll.h>

#include "base/bytes.h"

struct loop;

enum {
	LOOP_EVENTS_MAX = 64,      /* descriptors served a turn */
	LOOP_SHARE_MS = 50,        /* over which the share of work is measured */
	LOOP_PACED_FROM = 300,     /* permille of work from which on turns are paced ... */
	LOOP_PACED_UNTIL = 100,    /* ... until it is less than this, which pacing makes less of */
	LOOP_FAULTS_MAX = 1000,    /* turns in which a descriptor may have an error, one after the other */
	LOOP_REST_NS = 1000000000, /* of a listener when descriptors or memory are out */
};

/* A watched descriptor, kept by its owner; level-triggered, so an owner may leave work for the next turn. */
struct loop_watch {
	int fd;
	uint32_t events; /* EPOLLIN, EPOLLOUT */
	void (*ready)(void *arg, uint32_t events);
	void *arg;
	uint32_t faults; /* the loop's own: turns with an error or a hang-up that nobody cleared */
};

enum loop_phase {
	LOOP_COMMIT, /* commit stores, hand outboxes to the transports */
	LOOP_FLUSH,  /* transports give their batches to the kernel */
	LOOP_PHASES,
};

/*
 * Something with deadlines or work at a turn's end, kept by its owner. Every function but none of
 * the argument may be NULL. next_ns is asked every turn: NEVER (base/room.h) for none.
 */
struct loop_hook {
	uint64_t (*next_ns)(void *arg);
	void (*due)(void *arg, uint64_t now_ns);
	void (*turn_end)(void *arg);
	enum loop_phase phase; /* when turn_end runs; within a phase, in the order of loop_hook_add */
	void *arg;
	struct loop_hook *next;
};

/* NULL when the kernel refuses (errno). */
MUST_USE struct loop *loop_new(void);
void loop_free(struct loop *l);

/* CLOCK_MONOTONIC as read at the turn's start; constant within a turn. */
uint64_t loop_now_ns(const struct loop *l);
uint64_t loop_utc_ms(const struct loop *l); /* CLOCK_REALTIME, read now */
struct stat_group;
struct stats_list;
extern const struct stat_group loop_gauge_group, loop_time_group;
/* Valid until the next call. */
void loop_figures(struct loop *l, struct stats_list *list);
/* How much of the last LOOP_SHARE_MS the loop did not wait: 0 to 1000. */
uint16_t loop_busy_permille(const struct loop *l);

/* Turns of a loop that has much to do begin so long after one another at least (0: at once): what comes
 * meanwhile is of the same turn, and of the same commit. */
void loop_pace(struct loop *l, uint64_t turn_ns);

/* w must stay where it is until loop_unwatch. False: errno. */
MUST_USE bool loop_watch(struct loop *l, struct loop_watch *w);
MUST_USE bool loop_rewatch(struct loop *l, struct loop_watch *w, uint32_t events);
/* Safe inside callbacks: a removed watch is not called again, not even in this turn. */
void loop_unwatch(struct loop *l, struct loop_watch *w);

void loop_hook_add(struct loop *l, struct loop_hook *h);
void loop_hook_remove(struct loop *l, struct loop_hook *h);

/*
 * Takes signals through a signalfd: SIGINT and SIGTERM stop the loop, SIGHUP, SIGUSR1 and SIGUSR2 go to
 * on_signal (NULL: nowhere). SIGPIPE is ignored: a write to a reader that has gone fails with EPIPE. False:
 * errno.
 */
MUST_USE bool loop_take_signals(struct loop *l, void (*on_signal)(void *arg, int signal), void *arg);

/* Errors of accept() that last for a while, with the caller still waiting: a watch would fire without end, so
 * the listener rests for LOOP_REST_NS. */
bool loop_out_of_room(int error);

/* The next turn does not wait: there is work left that no descriptor signals. */
void loop_again(struct loop *l);

/* loop_run returns at the end of the current turn. */
void loop_stop(struct loop *l);
/* So does it, with false and this errno. */
void loop_fail(struct loop *l, int error);

/* One turn, waiting at most max_wait_ns for something to do. False (errno) when epoll fails, and when a
 * descriptor keeps an error for LOOP_FAULTS_MAX turns (EBADFD): nothing is spun on. */
MUST_USE bool loop_turn(struct loop *l, uint64_t max_wait_ns);

/* Turns until loop_stop. */
MUST_USE bool loop_run(struct loop *l);

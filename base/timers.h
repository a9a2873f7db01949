/*
 * Timers: a pairing heap of intrusive timers ordered by deadline. Nothing is allocated, so a timer can always
 * be set. Equal deadlines fire in the order they were set, so runs replay. A set timer does not move in
 * memory.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct timer;
typedef void timer_fn(void *owner, struct timer *t);

struct timer {
	uint64_t deadline_ns;
	uint64_t order;
	timer_fn *fn;                      /* NULL while not set */
	struct timer *child, *next, *prev; /* next and prev: siblings, the first one's prev the parent */
};

struct timers {
	struct timer *first; /* the heap's root */
	uint64_t order;
	void *owner; /* handed to every timer_fn */
};

void timers_init(struct timers *ts, void *owner);

/* Sets or moves t. */
void timer_set(struct timers *ts, struct timer *t, uint64_t deadline_ns, timer_fn *fn);

/* Stops t; does nothing when it is not set. */
void timer_stop(struct timers *ts, struct timer *t);

static inline bool timer_is_set(const struct timer *t)
{
	return t->fn != NULL;
}

/* NEVER (UINT64_MAX) when none is set. */
uint64_t timers_next_ns(const struct timers *ts);

/* Fires the first timer if it is due at now_ns; false: none is. */
bool timers_fire(struct timers *ts, uint64_t now_ns);

/* Fires all timers due at now_ns, including those that firing sets in the past. */
void timers_run(struct timers *ts, uint64_t now_ns);

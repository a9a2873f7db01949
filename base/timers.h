/*
 * Timers: a heap of intrusive timers ordered by deadline. Equal deadlines fire in the order they
 * were set, so runs replay.
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
	timer_fn *fn;
	uint32_t slot; /* index in the heap + 1; 0 while not set */
};

struct timers {
	struct timer **heap;
	size_t count, cap;
	uint64_t order;
	void *owner; /* handed to every timer_fn */
};

void timers_init(struct timers *ts, void *owner);
void timers_fini(struct timers *ts);

/* Sets or moves t. False when memory is refused; t is then not set. */
bool timer_set(struct timers *ts, struct timer *t, uint64_t deadline_ns, timer_fn *fn);

/* Stops t; does nothing when it is not set. */
void timer_stop(struct timers *ts, struct timer *t);

static inline bool timer_is_set(const struct timer *t)
{
	return t->slot != 0;
}

/* NEVER (UINT64_MAX) when none is set. */
uint64_t timers_next_ns(const struct timers *ts);

/* Fires all timers due at now_ns, including those that firing sets in the past. */
void timers_run(struct timers *ts, uint64_t now_ns);

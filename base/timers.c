#include "base/timers.h"

#include <stdlib.h>

static bool timer_before(const struct timer *a, const struct timer *b)
{
	return a->deadline_ns != b->deadline_ns ? a->deadline_ns < b->deadline_ns : a->order < b->order;
}

static void timers_place(struct timers *ts, size_t i, struct timer *t)
{
	ts->heap[i] = t;
	t->slot = (uint32_t)i + 1;
}

static void timers_up(struct timers *ts, size_t i, struct timer *t)
{
	while (i > 0 && timer_before(t, ts->heap[(i - 1) / 4])) {
		timers_place(ts, i, ts->heap[(i - 1) / 4]);
		i = (i - 1) / 4;
	}
	timers_place(ts, i, t);
}

static void timers_down(struct timers *ts, size_t i, struct timer *t)
{
	for (;;) {
		size_t first = i * 4 + 1, best = first;

		if (first >= ts->count)
			break;
		for (size_t c = first + 1; c < first + 4 && c < ts->count; c++)
			if (timer_before(ts->heap[c], ts->heap[best]))
				best = c;
		if (!timer_before(ts->heap[best], t))
			break;
		timers_place(ts, i, ts->heap[best]);
		i = best;
	}
	timers_place(ts, i, t);
}

void timers_init(struct timers *ts, void *owner)
{
	*ts = (struct timers){ .owner = owner };
}

void timers_fini(struct timers *ts)
{
	free(ts->heap);
	*ts = (struct timers){ 0 };
}

bool timer_set(struct timers *ts, struct timer *t, uint64_t deadline_ns, timer_fn *fn)
{
	timer_stop(ts, t);
	if (ts->count == ts->cap) {
		size_t cap = ts->cap ? ts->cap * 2 : 64;
		struct timer **heap = realloc(ts->heap, cap * sizeof(struct timer *));

		if (!heap)
			return false;
		ts->heap = heap;
		ts->cap = cap;
	}
	t->deadline_ns = deadline_ns;
	t->order = ts->order++;
	t->fn = fn;
	timers_up(ts, ts->count++, t);
	return true;
}

void timer_stop(struct timers *ts, struct timer *t)
{
	struct timer *last;
	size_t i;

	if (!timer_is_set(t))
		return;
	i = t->slot - 1;
	t->slot = 0;
	last = ts->heap[--ts->count];
	if (last == t)
		return;
	timers_down(ts, i, last);
	timers_up(ts, last->slot - 1, last);
}

uint64_t timers_next_ns(const struct timers *ts)
{
	return ts->count ? ts->heap[0]->deadline_ns : UINT64_MAX;
}

void timers_run(struct timers *ts, uint64_t now_ns)
{
	while (ts->count && ts->heap[0]->deadline_ns <= now_ns) {
		struct timer *t = ts->heap[0];

		timer_stop(ts, t);
		t->fn(ts->owner, t);
	}
}

#include "base/timers.h"

static bool timer_before(const struct timer *a, const struct timer *b)
{
	return a->deadline_ns != b->deadline_ns ? a->deadline_ns < b->deadline_ns : a->order < b->order;
}

/* Two heaps, each NULL or a root without siblings, as one. */
static struct timer *timers_meld(struct timer *a, struct timer *b)
{
	if (!a || !b)
		return a ? a : b;
	if (timer_before(b, a)) {
		struct timer *later = a;

		a = b;
		b = later;
	}
	b->prev = a;
	b->next = a->child;
	if (b->next)
		b->next->prev = b;
	a->child = b;
	return a;
}

/* The children of a root that goes, in pairs from the first on, then the pairs from the last on. */
static struct timer *timers_combine(struct timer *first)
{
	struct timer *pairs = NULL, *root = NULL;

	while (first) {
		struct timer *a = first, *b = a->next;

		first = b ? b->next : NULL;
		a->next = a->prev = NULL;
		if (b)
			b->next = b->prev = NULL;
		a = timers_meld(a, b);
		a->next = pairs;
		pairs = a;
	}
	while (pairs) {
		struct timer *next = pairs->next;

		pairs->next = NULL;
		root = timers_meld(root, pairs);
		pairs = next;
	}
	return root;
}

void timers_init(struct timers *ts, void *owner)
{
	*ts = (struct timers){ .owner = owner };
}

void timer_set(struct timers *ts, struct timer *t, uint64_t deadline_ns, timer_fn *fn)
{
	timer_stop(ts, t);
	t->deadline_ns = deadline_ns;
	t->order = ts->order++;
	t->fn = fn;
	ts->first = timers_meld(ts->first, t);
}

void timer_stop(struct timers *ts, struct timer *t)
{
	struct timer *rest;

	if (!timer_is_set(t))
		return;
	rest = timers_combine(t->child);
	if (t == ts->first) {
		ts->first = rest;
	} else {
		if (t->prev->child == t)
			t->prev->child = t->next;
		else
			t->prev->next = t->next;
		if (t->next)
			t->next->prev = t->prev;
		ts->first = timers_meld(ts->first, rest);
	}
	t->child = t->next = t->prev = NULL;
	t->fn = NULL;
}

uint64_t timers_next_ns(const struct timers *ts)
{
	return ts->first ? ts->first->deadline_ns : UINT64_MAX;
}

bool timers_fire(struct timers *ts, uint64_t now_ns)
{
	struct timer *t = ts->first;
	timer_fn *fn;

	if (!t || t->deadline_ns > now_ns)
		return false;
	fn = t->fn;
	timer_stop(ts, t);
	fn(ts->owner, t);
	return true;
}

void timers_run(struct timers *ts, uint64_t now_ns)
{
	while (timers_fire(ts, now_ns))
		;
}

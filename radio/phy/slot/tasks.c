#include "radio/phy/slot/tasks.h"

#include <assert.h>

void phy_tasks_init(struct phy_tasks *t, const struct phy_workers *workers)
{
	t->workers = workers;
	t->groups_n = 0;
	atomic_store_explicit(&t->done, 0, memory_order_relaxed);
}

uint32_t phy_tasks_add(struct phy_tasks *t, phy_task_fn *run, void *arg, unsigned count, uint32_t after)
{
	uint32_t bit = 1u << t->groups_n;
	struct phy_task_group *g = &t->groups[t->groups_n];

	assert(t->groups_n < PHY_TASK_GROUPS_MAX && after < bit);
	t->groups_n++;
	g->run = run;
	g->arg = arg;
	g->count = count;
	g->after = after;
	atomic_store_explicit(&g->taken, 0, memory_order_relaxed);
	atomic_store_explicit(&g->finished, 0, memory_order_relaxed);
	if (count == 0)
		atomic_fetch_or_explicit(&t->done, bit, memory_order_relaxed);
	return bit;
}

/* Takes a task of the group and does it; false if none is left. */
static bool do_one(struct phy_tasks *t, unsigned group, unsigned worker)
{
	struct phy_task_group *g = &t->groups[group];
	uint32_t i;

	if (atomic_load_explicit(&g->taken, memory_order_relaxed) >= g->count)
		return false;
	i = atomic_fetch_add_explicit(&g->taken, 1, memory_order_relaxed);
	if (i >= g->count)
		return false;
	g->run(g->arg, worker, i);
	if (atomic_fetch_add_explicit(&g->finished, 1, memory_order_acq_rel) + 1 == g->count)
		atomic_fetch_or_explicit(&t->done, 1u << group, memory_order_release);
	return true;
}

/* A task of the first group that may begin; false if there is none now. */
static bool do_any(struct phy_tasks *t, uint32_t done, unsigned worker)
{
	for (unsigned g = 0; g < t->groups_n; g++) {
		if ((t->groups[g].after & ~done) == 0 && do_one(t, g, worker))
			return true;
	}
	return false;
}

static void work(void *arg, unsigned worker)
{
	struct phy_tasks *t = arg;
	uint32_t all = (uint32_t)((UINT64_C(1) << t->groups_n) - 1);

	for (;;) {
		uint32_t done = atomic_load_explicit(&t->done, memory_order_acquire);

		if (done == all)
			return;
		if (!do_any(t, done, worker))
			t->workers->wait(t->workers->self);
	}
}

void phy_tasks_run(struct phy_tasks *t)
{
	if (t->workers->count < 2)
		work(t, 0);
	else
		t->workers->run(t->workers->self, work, t);
}

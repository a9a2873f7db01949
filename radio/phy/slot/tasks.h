/*
 * The work of a slot as a graph: groups of tasks that need nothing of each other, each group after earlier
 * ones. Any number of workers may take tasks; a single one goes through them in order. Tasks write to what is
 * theirs alone and use a worker's memory as scratch only, so the result is the same for any number.
 */
#pragma once

#include <stdatomic.h>

#include "base/bytes.h"

enum { PHY_WORKERS_MAX = 8, PHY_TASK_GROUPS_MAX = 32 };

/* Threads are the caller's (io/workers.h). None given: the caller's own does it all. */
struct phy_workers {
	unsigned count; /* 0, or 1 to PHY_WORKERS_MAX */
	void *self;
	/* Calls work(arg, i) for each i below count, at the same time or not, and returns when all returned.
	 */
	void (*run)(void *self, void (*work)(void *arg, unsigned worker), void *arg);
	void (*wait)(void *self); /* by a worker, again and again, while another's task is to be waited for */
};

typedef void phy_task_fn(void *arg, unsigned worker, unsigned index);

struct phy_task_group {
	phy_task_fn *run;
	void *arg;
	uint32_t count; /* run() is called with each index below */
	uint32_t after; /* mask of earlier groups that must be done */
	_Atomic uint32_t taken, finished;
};

struct phy_tasks {
	const struct phy_workers *workers;
	unsigned groups_n;
	_Atomic uint32_t done; /* mask of groups */
	struct phy_task_group groups[PHY_TASK_GROUPS_MAX];
};

void phy_tasks_init(struct phy_tasks *t, const struct phy_workers *workers);

/* Adds a group, which may be of none; returns its bit for the `after` of later ones. */
uint32_t phy_tasks_add(struct phy_tasks *t, phy_task_fn *run, void *arg, unsigned count, uint32_t after);

/* Does it all. */
void phy_tasks_run(struct phy_tasks *t);

/*
 * A pool of threads for work that is cut into tasks: they sleep between two runs, and none of them knows what
 * the work is. The signatures are those that struct phy_workers takes.
 */
#pragma once

struct workers;

/* So many at a run, of which the caller's thread is one. NULL for none, or when threads or memory are out. */
struct workers *workers_new(unsigned count);
void workers_free(struct workers *w);

/* work(arg, i) for each i below the count, at the same time; returns when all returned. One run at a time. */
void workers_run(void *self, void (*work)(void *arg, unsigned worker), void *arg);

/* For a worker that has to wait for another's task. */
void workers_wait(void *self);

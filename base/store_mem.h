/*
 * The store in memory, in key order, with faults on demand: for tests, the simulator and processes
 * that keep nothing. A kill is store_mem_clone() of what was committed.
 */
#pragma once

#include "base/store.h"

/* Octets it may hold; 0 is no limit. NULL when memory is out. */
MUST_USE struct store *store_mem_new(size_t limit);
void store_mem_free(struct store *s);

/* A new store of what was committed only: what a process killed now would find. NULL when memory is out. */
struct store *store_mem_clone(const struct store *s);

/* The n-th put or del (commit) from now fails, once; 1 is the next, 0 none. A failed commit rolls back. */
void store_mem_fail_put(struct store *s, uint32_t nth);
void store_mem_fail_commit(struct store *s, uint32_t nth);

struct store_mem_stats {
	size_t entries, octets; /* with what is not committed */
	uint64_t puts, commits, refused;
};

struct store_mem_stats store_mem_stats(const struct store *s);

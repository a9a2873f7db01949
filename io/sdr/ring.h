/* Blocks of samples from one thread to one other, without a lock. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/must_use.h"

struct ring_block {
	uint64_t index; /* of its first sample */
	uint32_t n;
	uint64_t read_ns; /* of what came: when */
	float *samples;   /* I and Q one after the other */
};

struct ring {
	struct ring_block *blocks;
	float *memory;
	uint32_t mask; /* blocks less one */
	_Atomic uint32_t put, taken;
};

/* count: a power of two. False: no memory. */
MUST_USE bool ring_init(struct ring *r, uint32_t count, size_t block_samples);
void ring_fini(struct ring *r);

/* Of the thread that puts: a block to be filled, then ring_put(). NULL: all are full. */
static inline struct ring_block *ring_free(struct ring *r)
{
	uint32_t at = atomic_load_explicit(&r->put, memory_order_relaxed);

	return at - atomic_load_explicit(&r->taken, memory_order_acquire) > r->mask
		       ? NULL
		       : &r->blocks[at & r->mask];
}

static inline void ring_put(struct ring *r)
{
	atomic_fetch_add_explicit(&r->put, 1, memory_order_release);
}

/* Of the thread that takes: the oldest block, then ring_take(). NULL: there is none. */
static inline const struct ring_block *ring_oldest(struct ring *r)
{
	uint32_t at = atomic_load_explicit(&r->taken, memory_order_relaxed);

	return at == atomic_load_explicit(&r->put, memory_order_acquire) ? NULL : &r->blocks[at & r->mask];
}

static inline void ring_take(struct ring *r)
{
	atomic_fetch_add_explicit(&r->taken, 1, memory_order_release);
}

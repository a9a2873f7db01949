/*
 * A bounded ring of records between two threads: one puts, one takes, neither waits. Records stand in the
 * ring itself: they are written before upf_ring_push and may be read until upf_ring_pop.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct upf_ring {
	uint8_t *records;
	uint32_t mask; /* records - 1 */
	uint32_t size; /* octets of a record */
	uint32_t put __attribute__((aligned(64)));
	uint32_t taken __attribute__((aligned(64)));
};

/* count: a power of two. False when memory is refused. */
static inline bool upf_ring_init(struct upf_ring *r, uint32_t count, uint32_t size)
{
	*r = (struct upf_ring){ .mask = count - 1, .size = size, .records = calloc(count, size) };
	return r->records != NULL;
}

static inline void upf_ring_fini(struct upf_ring *r)
{
	free(r->records);
	r->records = NULL;
}

/* The producer: where the next record is to be written, NULL when the ring is full; then it is handed over.
 */
static inline void *upf_ring_next(struct upf_ring *r)
{
	if (r->put - __atomic_load_n(&r->taken, __ATOMIC_ACQUIRE) > r->mask)
		return NULL;
	return r->records + (size_t)(r->put & r->mask) * r->size;
}

static inline void upf_ring_push(struct upf_ring *r)
{
	__atomic_store_n(&r->put, r->put + 1, __ATOMIC_RELEASE);
}

/* The consumer: the at-th record that waits, NULL when there are not so many; then count are given back. */
static inline void *upf_ring_peek(struct upf_ring *r, uint32_t at)
{
	if (__atomic_load_n(&r->put, __ATOMIC_ACQUIRE) - r->taken <= at)
		return NULL;
	return r->records + (size_t)((r->taken + at) & r->mask) * r->size;
}

static inline void upf_ring_pop(struct upf_ring *r, uint32_t count)
{
	__atomic_store_n(&r->taken, r->taken + count, __ATOMIC_RELEASE);
}

/*
 * A pool: long-lived records of one size, found by a small index, up to a stated number. Slabs of
 * memory are added as records are taken and never move, so pointers stay valid.
 */
#pragma once

#include "base/bytes.h"

struct pool {
	size_t record_size;
	uint32_t max; /* most records */
	uint32_t used;
	uint32_t slabs;
	uint32_t free_head; /* index + 1 of the first free record, 0 if none */
	uint32_t fresh;     /* records below this index have been used before */
	uint64_t refused;   /* pool_alloc calls answered with NULL */
	uint8_t **slab;
	uint8_t *live; /* one bit a record */
};

void pool_init(struct pool *p, size_t record_size, uint32_t max);
void pool_fini(struct pool *p);

/* A zeroed record, or NULL (counted) at the limit. */
MUST_USE void *pool_alloc(struct pool *p);

/* Wipes the record and gives it back. */
void pool_free(struct pool *p, void *record);

/* The index of a live record of this pool, from 0 to max - 1. */
uint32_t pool_index(const struct pool *p, const void *record);

/* The live record at index, or NULL. */
void *pool_at(const struct pool *p, uint32_t index);

/* The first live record at index or after it, NULL if none; *index is set to it. */
void *pool_next(const struct pool *p, uint32_t *index);

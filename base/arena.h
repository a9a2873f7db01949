/*
 * An arena: many small allocations of one message or one procedure, freed as a whole. It starts in
 * a buffer of the caller's, if given one, and grows by blocks up to a stated limit; at the limit it
 * refuses (NULL), which callers report as exhaustion.
 */
#pragma once

#include "base/bytes.h"
#include "base/poison.h"

struct arena_block;

struct arena {
	uint8_t *at; /* next free octet of the current block */
	uint8_t *end;
	struct arena_block *blocks; /* allocated blocks, newest first */
	uint8_t *first;             /* the caller's buffer, or NULL */
	size_t first_size;
	size_t used;  /* octets of the allocated blocks */
	size_t limit; /* most octets the allocated blocks may take */
};

/* first: optional buffer of first_size octets, used before anything is allocated. */
void arena_init(struct arena *a, void *first, size_t first_size, size_t limit);

/* Frees every allocation; the arena is as after arena_init. One block is kept for reuse. */
void arena_reset(struct arena *a);

/* As arena_reset, after wiping everything the arena holds: for arenas through which secrets pass. */
void arena_wipe(struct arena *a);

void arena_fini(struct arena *a);

/* Takes a new block; the slow path of arena_alloc. */
MUST_USE void *arena_alloc_slow(struct arena *a, size_t size);

/* size octets of zeros, aligned to 8; NULL when the limit is reached. */
MUST_USE static inline void *arena_alloc(struct arena *a, size_t size)
{
	size_t rounded = (size + 7) & ~(size_t)7;
	uint8_t *at = a->at;

	if (rounded < size || rounded > (size_t)(a->end - at))
		return arena_alloc_slow(a, size);
	a->at += rounded;
	memory_unpoison(at, size);
	return memset(at, 0, size);
}

/* An array of count elements; NULL when the product overflows or the limit is reached. */
MUST_USE void *arena_array(struct arena *a, size_t count, size_t size);

/* A copy of b in the arena; data is NULL when the limit is reached or b is empty. */
MUST_USE struct bytes arena_bytes(struct arena *a, struct bytes b);

MUST_USE char *arena_str(struct arena *a, const char *s);

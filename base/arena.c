#include "base/arena.h"

#include <stdlib.h>

enum { ARENA_BLOCK_SIZE = 16384 };

struct arena_block {
	struct arena_block *next;
	size_t size; /* with this header */
	uint8_t data[];
};

static void arena_rewind(struct arena *a)
{
	uintptr_t at = ((uintptr_t)a->first + 7) & ~(uintptr_t)7;
	size_t pad = at - (uintptr_t)a->first;

	a->at = a->first_size > pad ? a->first + pad : NULL;
	a->end = a->first_size > pad ? a->first + a->first_size : NULL;
}

void arena_init(struct arena *a, void *first, size_t first_size, size_t limit)
{
	*a = (struct arena){ .first = first, .first_size = first_size, .limit = limit };
	arena_rewind(a);
}

/* Frees all blocks but, when keep is set, one of the standard size. */
static void arena_free_blocks(struct arena *a, bool keep)
{
	struct arena_block *kept = NULL;

	while (a->blocks) {
		struct arena_block *b = a->blocks;

		a->blocks = b->next;
		if (keep && !kept && b->size == ARENA_BLOCK_SIZE) {
			kept = b;
			memory_poison(b->data, b->size - sizeof(*b));
		} else {
			memory_unpoison(b->data, b->size - sizeof(*b));
			free(b);
		}
	}
	a->used = 0;
	if (kept) {
		kept->next = NULL;
		a->blocks = kept;
		a->used = kept->size;
	}
}

void arena_reset(struct arena *a)
{
	arena_free_blocks(a, true);
	arena_rewind(a);
	if (!a->at && a->blocks) {
		a->at = a->blocks->data;
		a->end = (uint8_t *)a->blocks + a->blocks->size;
	}
}

/* The caller's buffer is the current block, not yet one of ours. */
static bool arena_in_first(const struct arena *a)
{
	return a->first && a->at >= a->first && a->at <= a->first + a->first_size;
}

/* Of the current block only what was used: an arena is wiped each turn. */
void arena_wipe(struct arena *a)
{
	bool in_first = arena_in_first(a);

	for (struct arena_block *b = a->blocks; b; b = b->next) {
		bool current = b == a->blocks && !in_first;

		memory_unpoison(b->data, b->size - sizeof(*b));
		explicit_bzero(b->data, current ? (size_t)(a->at - b->data) : b->size - sizeof(*b));
	}
	if (a->first)
		explicit_bzero(a->first, in_first ? (size_t)(a->at - a->first) : a->first_size);
	arena_reset(a);
}

void arena_fini(struct arena *a)
{
	arena_free_blocks(a, false);
	arena_rewind(a);
}

void *arena_alloc_slow(struct arena *a, size_t size)
{
	size_t block_size = ARENA_BLOCK_SIZE;
	struct arena_block *b = a->blocks;

	if (size > SIZE_MAX / 2)
		return NULL;
	/* The block that a reset kept while the caller's own buffer was in use. */
	if (b && arena_in_first(a) && size + 8 <= b->size - sizeof(*b)) {
		a->at = b->data;
		a->end = (uint8_t *)b + b->size;
		return arena_alloc(a, size);
	}
	if (size + sizeof(*b) + 8 > block_size)
		block_size = size + sizeof(*b) + 8;
	if (block_size > a->limit - a->used || a->used > a->limit)
		return NULL;
	b = malloc(block_size);
	if (!b)
		return NULL;
	b->next = a->blocks;
	b->size = block_size;
	a->blocks = b;
	memory_poison(b->data, block_size - sizeof(*b));
	a->used += block_size;
	a->at = b->data;
	a->end = (uint8_t *)b + block_size;
	return arena_alloc(a, size);
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
	size_t total;

	if (__builtin_mul_overflow(count, size, &total))
		return NULL;
	return arena_alloc(a, total);
}

struct bytes arena_bytes(struct arena *a, struct bytes b)
{
	uint8_t *copy;

	if (b.len == 0)
		return BYTES_NONE;
	copy = arena_alloc(a, b.len);
	if (!copy)
		return BYTES_NONE;
	memcpy(copy, b.data, b.len);
	return bytes_of(copy, b.len);
}

char *arena_str(struct arena *a, const char *s)
{
	size_t len = strlen(s);
	char *copy = arena_alloc(a, len + 1);

	if (copy)
		memcpy(copy, s, len);
	return copy;
}

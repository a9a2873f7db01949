#include "base/reserve.h"

#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>

enum {
	RESERVE_OCTETS = 8 << 20, /* address space until it is needed */
	RESERVE_PROBE_OCTETS = 4096,
};

/* Before each piece; a free one is in the list of free pieces, by address. */
struct piece {
	size_t size; /* octets, with this */
	struct piece *next;
};

/* Libraries have threads of their own. */
static struct reserve {
	pthread_mutex_t lock;
	bool begun;
	size_t used;
	struct piece *free;
	_Alignas(max_align_t) uint8_t octets[RESERVE_OCTETS];
} reserve = { .lock = PTHREAD_MUTEX_INITIALIZER };

static bool reserve_has(const void *memory)
{
	const uint8_t *at = memory;

	return at >= reserve.octets && at < reserve.octets + RESERVE_OCTETS;
}

static void reserve_begin(void)
{
	reserve.begun = true;
	reserve.free = (struct piece *)(void *)reserve.octets;
	*reserve.free = (struct piece){ RESERVE_OCTETS, NULL };
}

/* The first that is large enough; the rest of it stays. */
static struct piece *reserve_take(size_t size)
{
	for (struct piece **at = &reserve.free; *at; at = &(*at)->next) {
		struct piece *p = *at, *rest = (struct piece *)(void *)((uint8_t *)p + size);

		if (p->size < size)
			continue;
		if (p->size - size > sizeof(*p)) {
			*rest = (struct piece){ p->size - size, p->next };
			*at = rest;
			p->size = size;
		} else {
			*at = p->next;
		}
		reserve.used += p->size;
		return p;
	}
	return NULL;
}

static void join(struct piece *p)
{
	if (p->next && (uint8_t *)p + p->size == (uint8_t *)p->next) {
		p->size += p->next->size;
		p->next = p->next->next;
	}
}

/* Pieces that are neighbours become one. */
static void reserve_give(struct piece *p)
{
	struct piece *before = NULL, *at = reserve.free;

	for (; at && at < p; at = at->next)
		before = at;
	reserve.used -= p->size;
	p->next = at;
	join(p);
	if (!before) {
		reserve.free = p;
		return;
	}
	before->next = p;
	join(before);
}

void *reserve_malloc(size_t size)
{
	size_t whole = (size + sizeof(struct piece) + _Alignof(max_align_t) - 1) & -_Alignof(max_align_t);
	void *memory = malloc(size);
	struct piece *p;

	if (memory || size > RESERVE_OCTETS)
		return memory;
	pthread_mutex_lock(&reserve.lock);
	if (!reserve.begun)
		reserve_begin();
	p = reserve_take(whole);
	pthread_mutex_unlock(&reserve.lock);
	return p ? p + 1 : NULL;
}

void *reserve_calloc(size_t count, size_t size)
{
	void *memory = NULL;

	if (size == 0 || count <= SIZE_MAX / size)
		memory = reserve_malloc(count * size);
	return memory ? memset(memory, 0, count * size) : NULL;
}

void *reserve_realloc(void *memory, size_t size)
{
	size_t before;
	void *moved;

	if (memory && !reserve_has(memory) && (moved = realloc(memory, size)) != NULL)
		return moved;
	moved = reserve_malloc(size);
	if (!moved || !memory)
		return moved;
	before = reserve_has(memory) ? ((struct piece *)memory - 1)->size - sizeof(struct piece)
				     : malloc_usable_size(memory);
	memcpy(moved, memory, before < size ? before : size);
	reserve_free(memory);
	return moved;
}

void reserve_free(void *memory)
{
	if (!reserve_has(memory)) {
		free(memory);
		return;
	}
	pthread_mutex_lock(&reserve.lock);
	reserve_give((struct piece *)memory - 1);
	pthread_mutex_unlock(&reserve.lock);
}

size_t reserve_used(void)
{
	size_t used;

	pthread_mutex_lock(&reserve.lock);
	used = reserve.used;
	pthread_mutex_unlock(&reserve.lock);
	return used;
}

bool reserve_is_low(void)
{
	void *memory;

	if (reserve_used() < RESERVE_OCTETS / 2)
		return false;
	memory = malloc(RESERVE_PROBE_OCTETS);
	free(memory);
	return memory == NULL;
}

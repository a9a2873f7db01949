#include "base/pool.h"

#include <assert.h>
#include <stdlib.h>

#include "base/poison.h"

enum { POOL_SLAB_RECORDS = 64 };

/* Each record is preceded by its index, which makes pool_index a load. While free, it links to the next. */
struct pool_header {
	uint32_t index;
	uint32_t next_free; /* index + 1 */
};

static size_t pool_stride(const struct pool *p)
{
	return sizeof(struct pool_header) + p->record_size;
}

static struct pool_header *pool_header_at(const struct pool *p, uint32_t index)
{
	return (struct pool_header *)(p->slab[index / POOL_SLAB_RECORDS] +
				      (index % POOL_SLAB_RECORDS) * pool_stride(p));
}

static bool pool_is_live(const struct pool *p, uint32_t index)
{
	return p->live && (p->live[index / 8] >> (index % 8) & 1);
}

void pool_init(struct pool *p, size_t record_size, uint32_t max)
{
	*p = (struct pool){ .record_size = (record_size + 7) & ~(size_t)7, .max = max };
}

void pool_fini(struct pool *p)
{
	for (uint32_t i = 0; i < p->slabs; i++) {
		memory_unpoison(p->slab[i], POOL_SLAB_RECORDS * pool_stride(p));
		free(p->slab[i]);
	}
	free(p->slab);
	free(p->live);
	*p = (struct pool){ 0 };
}

/* Adds a slab; false when memory is refused. */
static bool pool_grow(struct pool *p)
{
	uint8_t **slab = realloc(p->slab, (p->slabs + 1) * sizeof(*slab));
	uint8_t *live;

	if (!slab)
		return false;
	p->slab = slab;
	live = realloc(p->live, (p->slabs + 1) * (POOL_SLAB_RECORDS / 8));
	if (!live)
		return false;
	p->live = live;
	memset(live + p->slabs * (POOL_SLAB_RECORDS / 8), 0, POOL_SLAB_RECORDS / 8);
	slab[p->slabs] = malloc(POOL_SLAB_RECORDS * pool_stride(p));
	if (!slab[p->slabs])
		return false;
	memory_poison(slab[p->slabs], POOL_SLAB_RECORDS * pool_stride(p));
	p->slabs++;
	return true;
}

void *pool_alloc(struct pool *p)
{
	struct pool_header *h;
	uint32_t index;

	if (p->free_head) {
		index = p->free_head - 1;
		h = pool_header_at(p, index);
		p->free_head = h->next_free;
	} else {
		index = p->fresh;
		if (index >= p->max || (index >= p->slabs * POOL_SLAB_RECORDS && !pool_grow(p))) {
			p->refused++;
			return NULL;
		}
		p->fresh++;
		h = pool_header_at(p, index);
		memory_unpoison(h, sizeof(*h));
	}
	memory_unpoison(h + 1, p->record_size);
	h->index = index;
	h->next_free = 0;
	p->live[index / 8] |= (uint8_t)(1u << (index % 8));
	p->used++;
	return memset(h + 1, 0, p->record_size);
}

void pool_free(struct pool *p, void *record)
{
	struct pool_header *h = (struct pool_header *)record - 1;

	assert(pool_is_live(p, h->index) && pool_header_at(p, h->index) == h);
	explicit_bzero(record, p->record_size);
	memory_poison(record, p->record_size);
	p->live[h->index / 8] &= (uint8_t)~(1u << (h->index % 8));
	h->next_free = p->free_head;
	p->free_head = h->index + 1;
	p->used--;
}

uint32_t pool_index(const struct pool *p, const void *record)
{
	return ((const struct pool_header *)record - 1)->index;
}

void *pool_at(const struct pool *p, uint32_t index)
{
	if (index >= p->fresh || !pool_is_live(p, index))
		return NULL;
	return pool_header_at(p, index) + 1;
}

void *pool_next(const struct pool *p, uint32_t *index)
{
	for (; *index < p->fresh; ++*index) {
		void *record = pool_at(p, *index);

		if (record)
			return record;
	}
	return NULL;
}

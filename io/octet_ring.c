#include "io/octet_ring.h"

#include <stdlib.h>
#include <string.h>

/* Before each record its length: a multiple of 8 octets for both, so that a head always fits before the end.
 */
enum { HEAD = 8 };
#define TO_THE_END UINT64_MAX /* no record: the next is at the beginning */

bool octet_ring_init(struct octet_ring *r, uint64_t octets)
{
	*r = (struct octet_ring){ .memory = calloc(1, octets), .size = octets };
	return r->memory != NULL;
}

void octet_ring_fini(struct octet_ring *r)
{
	free(r->memory);
	r->memory = NULL;
}

static uint64_t *head_at(const struct octet_ring *r, uint64_t at)
{
	return (uint64_t *)(void *)(r->memory + (at & (r->size - 1)));
}

static uint64_t whole(uint64_t len)
{
	return HEAD + ((len + 7) & ~UINT64_C(7));
}

/* That the taker has come as far as `before`, and may have found nothing more: seen in one order with what it
 * does, since each writes its own place before it reads the other's. */
static bool was_empty(struct octet_ring *r, uint64_t before)
{
	return atomic_load(&r->taken) >= before;
}

bool octet_ring_put(struct octet_ring *r, struct bytes head, struct bytes data, bool *wake)
{
	uint64_t put = atomic_load_explicit(&r->put, memory_order_relaxed), at = put;
	uint64_t len = head.len + data.len, left = r->size - (at & (r->size - 1)),
		 free = r->size - (at - atomic_load_explicit(&r->taken, memory_order_acquire));
	uint8_t *to;

	if (whole(len) > left) {
		if (left > free)
			return false;
		*head_at(r, at) = TO_THE_END;
		at += left;
		free -= left;
	}
	if (whole(len) > free)
		return false;
	*head_at(r, at) = len;
	to = (uint8_t *)head_at(r, at) + HEAD;
	memcpy(to, head.data, head.len);
	if (data.len > 0)
		memcpy(to + head.len, data.data, data.len);
	atomic_store(&r->put, at + whole(len));
	*wake = was_empty(r, put);
	return true;
}

struct bytes octet_ring_oldest(const struct octet_ring *r)
{
	uint64_t at = atomic_load_explicit(&r->taken, memory_order_relaxed);

	if (at == atomic_load(&r->put))
		return BYTES_NONE;
	if (*head_at(r, at) == TO_THE_END)
		at += r->size - (at & (r->size - 1));
	return bytes_of((uint8_t *)head_at(r, at) + HEAD, (size_t)*head_at(r, at));
}

void octet_ring_take(struct octet_ring *r)
{
	uint64_t at = atomic_load_explicit(&r->taken, memory_order_relaxed);

	if (*head_at(r, at) == TO_THE_END)
		at += r->size - (at & (r->size - 1));
	atomic_store(&r->taken, at + whole(*head_at(r, at)));
}

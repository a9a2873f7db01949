#include "io/sdr/ring.h"

#include <stdlib.h>

bool ring_init(struct ring *r, uint32_t count, size_t block_samples)
{
	size_t floats = (2 * block_samples + 15) & ~(size_t)15; /* each block is aligned to 64 octets */

	r->mask = count - 1;
	atomic_init(&r->put, 0);
	atomic_init(&r->taken, 0);
	r->blocks = calloc(count, sizeof(*r->blocks));
	r->memory = aligned_alloc(64, count * floats * sizeof(float));
	for (uint32_t i = 0; r->blocks && r->memory && i < count; i++)
		r->blocks[i].samples = r->memory + i * floats;
	if (r->blocks && r->memory)
		return true;
	ring_fini(r);
	return false;
}

void ring_fini(struct ring *r)
{
	free(r->blocks);
	free(r->memory);
	r->blocks = NULL;
	r->memory = NULL;
}

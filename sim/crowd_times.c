#include "sim/crowd_times.h"

enum { STEP_BITS = 4 };
static const uint64_t longest_us = UINT64_C(3600000000);

void crowd_times_add(struct crowd_times *t, uint64_t us)
{
	unsigned shift = 0;

	us = us < longest_us ? us : longest_us;
	while (us >> shift >= 2 * CROWD_TIMES_STEPS)
		shift++;
	t->buckets[(shift << STEP_BITS) + (us >> shift)]++;
	t->count++;
}

/* The greatest time of a bucket. */
static uint64_t most_us(uint32_t bucket)
{
	unsigned shift = bucket < 2 * CROWD_TIMES_STEPS ? 0 : (bucket >> STEP_BITS) - 1;

	return ((uint64_t)(bucket - (shift << STEP_BITS)) + 1) << shift;
}

uint64_t crowd_times_us(const struct crowd_times *t, uint32_t permille)
{
	uint64_t so_far = 0;
	uint32_t i = 0;

	if (t->count == 0)
		return 0;
	for (; i < CROWD_TIMES_BUCKETS - 1; i++) {
		so_far += t->buckets[i];
		if (so_far * 1000 >= (uint64_t)t->count * permille)
			break;
	}
	return most_us(i) - 1;
}

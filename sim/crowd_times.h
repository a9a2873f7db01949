/* How long many things took: a histogram of microseconds, in sixteenths of each power of two. */
#pragma once

#include <stdint.h>

enum { CROWD_TIMES_STEPS = 16, CROWD_TIMES_BUCKETS = 29 * CROWD_TIMES_STEPS };

struct crowd_times {
	uint32_t count;
	uint32_t buckets[CROWD_TIMES_BUCKETS];
};

/* What takes longer than an hour counts as an hour. */
void crowd_times_add(struct crowd_times *t, uint64_t us);
/* So many of a thousand took no longer: exact to a sixteenth, rounded up; 0 of nothing. */
uint64_t crowd_times_us(const struct crowd_times *t, uint32_t permille);

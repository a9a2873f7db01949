/* What the UEs of `freehold load` do once they are served: as --mix has it in words, or a profile by its
 * name. */
#pragma once

#include <stdbool.h>

#include "sim/crowd.h"

enum { LOAD_PHASES_MAX = 16 };

struct load_mix {
	unsigned count;
	struct crowd_mix phases[LOAD_PHASES_MAX];
};

/* "10: service=200 page=50; 5: handover=20": phases, each with its seconds and how much of what a second. */
bool load_mix_read(const char *text, struct load_mix *out);

/* A profile, as so many UEs lead it for so long; false: there is none of that name. */
bool load_mix_profile(const char *name, uint32_t ues, uint32_t seconds, struct load_mix *out);

/* One of its tasks is this. */
bool load_mix_has(const struct load_mix *m, enum crowd_task task);

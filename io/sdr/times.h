/*
 * Whether a radio device is served in time: how long blocks of samples waited, how much of each millisecond
 * the work on it took, and how long before its time what is sent was there. Each is written by one thread and
 * read by any.
 */
#pragma once

#include <stdatomic.h>

#include "base/stats.h"

enum device_time {
	DEVICE_WAITED, /* a block, from when it was read until the loop took it */
	DEVICE_WORK,   /* on a millisecond of samples: what came of it, and what was made to be sent */
	DEVICE_MARGIN, /* of a block to be sent; 0: it is late */
	DEVICE_TIMES
};

/* Of the last one or two windows. */
enum { DEVICE_WINDOW_NS = 1000000000 };

struct device_times {
	struct device_time_of {
		_Atomic uint64_t words[HISTOGRAM_WORDS];
		_Atomic uint64_t worst[2]; /* us: of the window under way, of the one before */
		uint64_t window;
	} of[DEVICE_TIMES];
	uint64_t shown[DEVICE_TIMES][HISTOGRAM_WORDS], shown_worst[DEVICE_TIMES];
};

extern const struct stat_group device_time_group, device_worst_group;

uint64_t device_clock_ns(void);
void device_times_init(struct device_times *t);
/* The longest is the worst, of the margin the shortest. */
void device_time_add(struct device_times *t, enum device_time of, uint64_t now_ns, uint64_t ns);
/* Of the device of that name; valid until the next call. */
void device_times_figures(struct device_times *t, const char *name, struct stats_list *l);

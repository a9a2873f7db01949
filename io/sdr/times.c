#include "io/sdr/times.h"

#include <time.h>

#include "base/room.h"

#define NONE UINT64_MAX

static const struct histogram_bounds bounds = { 16,
	{ 20, 50, 100, 200, 300, 400, 500, 600, 800, 1000, 1200, 1500, 2000, 3000, 5000, 10000 } };

static const struct stat_def time_defs[DEVICE_TIMES] = {
	[DEVICE_WAITED] = { "waited_seconds", "that a block of samples waited until the slots took it", NULL,
		STAT_COUNTER, "seconds", 6 },
	[DEVICE_WORK] = { "work_seconds", "work of the slots on a millisecond of samples", NULL, STAT_COUNTER,
		"seconds", 6 },
	[DEVICE_MARGIN] = { "margin_seconds",
		"that a block of samples to be sent was there before its time; 0: it was late", NULL,
		STAT_COUNTER, "seconds", 6 },
};
const struct stat_group device_time_group = { "device", time_defs, DEVICE_TIMES, NULL, &bounds };

static const struct stat_def worst_defs[DEVICE_TIMES] = {
	[DEVICE_WAITED] = { "waited_longest_seconds", "of the last second or two", NULL, STAT_GAUGE,
		"seconds", 6 },
	[DEVICE_WORK] = { "work_longest_seconds", "of the last second or two", NULL, STAT_GAUGE, "seconds",
		6 },
	[DEVICE_MARGIN] = { "margin_shortest_seconds", "of the last second or two", NULL, STAT_GAUGE,
		"seconds", 6 },
};
const struct stat_group device_worst_group = { "device", worst_defs, DEVICE_TIMES };

uint64_t device_clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

void device_times_init(struct device_times *t)
{
	for (size_t i = 0; i < DEVICE_TIMES; i++)
		for (size_t k = 0; k < ARRAY_LEN(t->of[i].worst); k++)
			atomic_init(&t->of[i].worst[k], NONE);
}

static uint64_t worse(enum device_time of, uint64_t a, uint64_t b)
{
	if (a == NONE || b == NONE)
		return a == NONE ? b : a;
	return (of == DEVICE_MARGIN) == (a < b) ? a : b;
}

/* Each word has one writer. */
static void put(_Atomic uint64_t *at, uint64_t value)
{
	atomic_store_explicit(at, value, memory_order_relaxed);
}

static uint64_t get(const _Atomic uint64_t *at)
{
	return atomic_load_explicit(at, memory_order_relaxed);
}

void device_time_add(struct device_times *t, enum device_time of, uint64_t now_ns, uint64_t ns)
{
	uint64_t us = ns / 1000, window = now_ns / DEVICE_WINDOW_NS;
	struct device_time_of *o = &t->of[of];
	uint8_t i = 0;

	while (i < bounds.count && us > bounds.upper[i])
		i++;
	put(&o->words[i], get(&o->words[i]) + 1);
	put(&o->words[HISTOGRAM_SUM], get(&o->words[HISTOGRAM_SUM]) + us);
	if (window != o->window) {
		put(&o->worst[1], window == o->window + 1 ? get(&o->worst[0]) : NONE);
		put(&o->worst[0], NONE);
		o->window = window;
	}
	put(&o->worst[0], worse(of, get(&o->worst[0]), us));
}

void device_times_figures(struct device_times *t, const char *name, struct stats_list *l)
{
	for (enum device_time i = 0; i < DEVICE_TIMES; i++) {
		uint64_t worst = worse(i, get(&t->of[i].worst[0]), get(&t->of[i].worst[1]));

		for (size_t k = 0; k < HISTOGRAM_WORDS; k++)
			t->shown[i][k] = get(&t->of[i].words[k]);
		t->shown_worst[i] = worst == NONE ? 0 : worst;
	}
	stats_add(l, (struct stats){ .group = &device_time_group,
			     .values = t->shown[0],
			     .label = "device",
			     .name = name });
	stats_add(l, (struct stats){ .group = &device_worst_group,
			     .values = t->shown_worst,
			     .label = "device",
			     .name = name });
}

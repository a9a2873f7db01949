/* The scheduler's slot of a TDD cell of 40 MHz, both directions, with so many UEs that all have something to
 * send and to receive: microseconds of CPU. Prints `name value unit` lines. */
#include <stdio.h>
#include <time.h>

#include "base/room.h"
#include "gnb/du/sched/sched.h"

enum { PRBS = 106, SLOTS = 20000, GIVEN = 2, SLOTS_S = 2000 };

static uint64_t cpu_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

/* What the DU says of each before a slot: all have something, of different channels, priorities and
 * guarantees. */
static void say(struct sched *s, unsigned ues, unsigned slot)
{
	for (unsigned i = 0; i < ues; i++) {
		struct sched_ue *u = &s->ues[i];

		u->may = (i + slot) % 8 != 0;
		u->waiting = 1000 + 7919 * i % 50000;
		u->priority = (uint8_t)(1 + i % 90);
		u->guaranteed_octets_s = i % 5 == 0 ? 20000 : 0;
		u->has_again = (i * 31 + slot) % 1000 == 0;
		u->again = (struct sched_again){ .process = 3, .mcs = 10, .prbs = 10, .octets = 500 };
	}
}

static uint64_t run(struct sched *s, unsigned ues)
{
	struct sched_given given[SCHED_GIVEN_MAX];
	uint64_t sum = 0;
	size_t n = 0;

	for (unsigned slot = 0; slot < SLOTS; slot++) {
		uint64_t since;

		say(s, ues, slot);
		since = cpu_now();
		n += sched_slot(s, 0, PRBS, given);
		sum += cpu_now() - since;
	}
	return n > 0 ? sum : 0;
}

static void bench(unsigned ues)
{
	static struct sched down, up;
	const struct sched_cell cell = { .prbs = PRBS,
		.symbols = 12,
		.dmrs_re = 12,
		.given_max = GIVEN,
		.layers = 1,
		.block_error_percent = 10,
		.average_slots = 1000 };
	uint64_t clock, ns;

	down = up = (struct sched){ .count = 0 };
	if (!sched_init(&down, &cell, SLOTS_S) || !sched_init(&up, &cell, SLOTS_S))
		return;
	for (uint16_t i = 0; i < ues; i++) {
		if (!sched_ue_add(&down, i) || !sched_ue_add(&up, i))
			return;
		sched_cqi(&down.ues[i], (uint8_t)(3 + i % 13));
		sched_cqi(&up.ues[i], (uint8_t)(3 + i % 13));
	}
	clock = cpu_now();
	for (unsigned i = 0; i < SLOTS; i++)
		(void)cpu_now();
	clock = cpu_now() - clock; /* what asking for the time takes */
	ns = run(&down, ues) + run(&up, ues);
	ns = ns > 2 * clock ? ns - 2 * clock : 0;
	printf("sched_slot_%u_ues %.2f us\n", ues, (double)ns / SLOTS / 1000);
}

int main(void)
{
	bench(32);
	bench(256);
	return 0;
}

/*
 * A day of signalling on the disk, and what finding one UE in it takes: signalling_day FOLDER [MESSAGES].
 * 100,000 UEs, messages of the sizes that a registration with a session has, in the order in which UEs come
 * by chance. Prints `name value unit` lines.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "io/message_ring.h"

enum { UES = 100000, FOUND = 20 };

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	return *x ^= *x << 17;
}

static bool count(void *arg, const struct kept_message *m)
{
	++*(unsigned *)arg;
	return true;
}

static bool fill(struct message_ring *r, uint64_t messages)
{
	static const uint16_t lens[] = { 96, 128, 160, 224, 320, 96, 512, 140 };
	static uint8_t octets[512];
	uint64_t x = 88172645463325252u, begun_ns = 1700000000u * UINT64_C(1000000000);
	bool ok = true;

	for (uint64_t n = 1; ok && n <= messages; n++) {
		uint64_t chance = next(&x);
		struct kept_message m = { .key = 1 + chance % UES,
			.utc_ns = begun_ns + n * (86400u * UINT64_C(1000000000) / messages),
			.number = n,
			.octets = bytes_of(octets, lens[chance >> 32 & 7]) };

		ok = message_ring_put(r, &m);
	}
	return ok;
}

int main(int argc, char **argv)
{
	uint64_t messages = argc > 2 ? strtoull(argv[2], NULL, 10) : 10000000;
	struct message_ring *r = argc > 1 ? message_ring_open(argv[1], UINT64_C(16) << 30, 1) : NULL;
	double begun = now_s(), slowest = 0, sum = 0;
	unsigned found = 0;

	if (!r || !fill(r, messages))
		return 1;
	printf("signalling_kept %.2f us\n", (now_s() - begun) / (double)messages * 1e6);
	message_ring_close(r);
	begun = now_s();
	r = message_ring_open(argv[1], UINT64_C(16) << 30, 1);
	if (!r)
		return 1;
	printf("signalling_open %.0f ms\n", (now_s() - begun) * 1e3);
	for (unsigned i = 0; i < FOUND; i++) {
		double at = now_s(), took;

		if (!message_ring_find(r, 1 + i * (UES / FOUND), 0, count, &found))
			return 1;
		took = now_s() - at;
		sum += took;
		slowest = took > slowest ? took : slowest;
	}
	printf("signalling_find %.1f ms\nsignalling_find_slowest %.1f ms\nsignalling_found %u 1\n",
		sum / FOUND * 1e3, slowest * 1e3, found);
	message_ring_close(r);
	return 0;
}

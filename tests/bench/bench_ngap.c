/* What NGAP costs: prints `name value unit` lines, CPU time of one call, the best of several runs. */
#include <stdio.h>
#include <time.h>

#include "wire/ngap/ngap.h"

enum {
	RUNS = 7,
	CALLS = 200000,
};

/* InitialUEMessage:17 of tests/vectors/ngap_pdu.txt: a registration request, five IEs. */
static const uint8_t message[] = {
	0x00,
	0x0f,
	0x40,
	0x49,
	0x00,
	0x00,
	0x05,
	0x00,
	0x55,
	0x00,
	0x02,
	0x00,
	0x02,
	0x00,
	0x26,
	0x00,
	0x19,
	0x18,
	0x7e,
	0x01,
	0xa6,
	0x16,
	0xe5,
	0x01,
	0x03,
	0x7e,
	0x00,
	0x45,
	0x09,
	0x00,
	0x0b,
	0xf2,
	0x99,
	0xf9,
	0x07,
	0x02,
	0x00,
	0x40,
	0xc0,
	0x00,
	0x07,
	0x0e,
	0x00,
	0x79,
	0x00,
	0x0f,
	0x40,
	0x99,
	0xf9,
	0x07,
	0x00,
	0x00,
	0x40,
	0x00,
	0x10,
	0x99,
	0xf9,
	0x07,
	0x00,
	0x00,
	0x01,
	0x00,
	0x5a,
	0x40,
	0x01,
	0x18,
	0x00,
	0x1a,
	0x00,
	0x07,
	0x00,
	0x10,
	0x00,
	0xc0,
	0x00,
	0x07,
	0x0e,
};

static uint8_t memory[8192], output[512];
static struct ngap_pdu pdu;

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static bool decode(void)
{
	struct per_diag diag;
	struct arena arena;

	arena_init(&arena, memory, sizeof(memory), 0);
	return ngap_decode(BYTES(message), &arena, &pdu, &diag);
}

static bool encode(void)
{
	struct writer w = writer_of(output, sizeof(output));

	return ngap_encode(pdu.message, pdu.u.any, &w) && bytes_equal(writer_bytes(&w), BYTES(message));
}

/* The best CPU time of one call of op, in ns; negative if it fails. */
static double measure(bool (*op)(void))
{
	double best = -1;

	for (int run = 0; run < RUNS; run++) {
		double start = now_ns(), spent;

		for (int i = 0; i < CALLS; i++) {
			if (!op())
				return -1;
		}
		spent = (now_ns() - start) / CALLS;
		if (best < 0 || spent < best)
			best = spent;
	}
	return best;
}

int main(void)
{
	double decoded = measure(decode), encoded = measure(encode);

	if (decoded < 0 || encoded < 0) {
		fprintf(stderr, "bench_ngap: the message does not decode or encode\n");
		return 1;
	}
	printf("ngap_initial_ue_message_decode %.0f ns\n", decoded);
	printf("ngap_initial_ue_message_encode %.0f ns\n", encoded);
	return 0;
}

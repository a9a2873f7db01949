/* What layer 2 costs: prints `name value unit` lines. PDUs of 1,400 octets, one after the other, without
 * loss. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/room.h"
#include "radio/pdcp/pdcp.h"
#include "radio/rlc/rlc.h"

enum { LEN = 1400, BATCH = BURST_MAX, ROUNDS = 4000, ROOM = 1500 };

static struct rlc_memory memory;
static struct burst *engine;
static struct pdcp_unit kept[BATCH];
static size_t kept_count;

static uint64_t cpu_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static void drop(void *arg, struct sdu *s)
{
	sdu_free(&memory.sdus, s);
}

static void keep(void *arg, struct sdu *s)
{
	kept[kept_count++].s = s;
}

static void hear(void *arg, uint64_t tag)
{
}

static struct sdu *packet(void)
{
	static const uint8_t octets[LEN];

	return sdu_of(&memory.sdus, bytes_of(octets, LEN));
}

static void print(const char *name, uint64_t ns)
{
	printf("%s %.3f us\n", name, (double)ns / BATCH / ROUNDS / 1000);
}

/* As between gNB and UE: sent with polls, received, acknowledged. */
static void bench_rlc(void)
{
	static uint8_t pdus[BATCH][ROOM];
	size_t lens[BATCH];
	struct rlc_config c = { .mode = RLC_AM,
		.tx_sn_bits = 18,
		.rx_sn_bits = 18,
		.t_poll_retransmit_ms = 45,
		.t_reassembly_ms = 35,
		.poll_pdu = 32,
		.poll_byte = 25000,
		.max_retx_threshold = 32 };
	struct rlc_upper upper = { NULL, drop, hear, NULL };
	struct rlc *a = rlc_new(&c, &upper, &memory), *b = rlc_new(&c, &upper, &memory);
	uint64_t transmit = 0, receive = 0;

	for (uint64_t round = 1; a && b && round <= ROUNDS; round++) {
		uint64_t now = round * 1000000, begin = cpu_now();
		uint8_t status[64];
		size_t n;

		for (int i = 0; i < BATCH; i++)
			may_fail(rlc_send(a, packet()));
		for (int i = 0; i < BATCH; i++)
			lens[i] = rlc_pull(a, pdus[i], ROOM, now);
		transmit += cpu_now() - begin;
		begin = cpu_now();
		for (int i = 0; i < BATCH; i++)
			rlc_receive(b, bytes_of(pdus[i], lens[i]), now);
		n = rlc_pull(b, status, sizeof(status), now);
		receive += cpu_now() - begin;
		begin = cpu_now();
		rlc_receive(a, bytes_of(status, n), now);
		transmit += cpu_now() - begin;
	}
	if (rlc_data_volume(a, 0) != 0 || rlc_stats(b).rx_pdus != (uint64_t)BATCH * ROUNDS)
		exit(1);
	print("rlc_am_transmit_1400", transmit);
	print("rlc_am_receive_1400", receive);
	rlc_free(a);
	rlc_free(b);
}

static void bench_pdcp(const char *name, enum nea_alg ea, enum nia_alg ia)
{
	struct pdcp_security s = { ea, ia, { 1 }, { 2 } };
	struct pdcp_config c = { .bearer = PDCP_UM_DRB,
		.rb_id = 1,
		.tx_sn_bits = 18,
		.rx_sn_bits = 18,
		.integrity = ia != NIA0,
		.discard_ms = PDCP_INFINITY,
		.reordering_ms = 100 };
	struct pdcp_neighbours down = { NULL, keep, hear, drop, NULL };
	struct pdcp *a = pdcp_new(&c, &down, &memory.sdus, engine), *b;
	struct pdcp_unit units[BATCH];
	uint64_t transmit = 0, receive = 0;
	char line[64];

	c.tx_direction = 1;
	b = pdcp_new(&c, &down, &memory.sdus, engine);
	if (!a || !b || !pdcp_secure(a, &s, PDCP_ALL_SECURITY) || !pdcp_secure(b, &s, PDCP_ALL_SECURITY))
		exit(1);
	for (int round = 0; round < ROUNDS; round++) {
		uint64_t begin = cpu_now();

		for (int i = 0; i < BATCH; i++)
			units[i] = (struct pdcp_unit){ a, packet() };
		may_fail(pdcp_send_burst(units, BATCH, 0) == BATCH);
		transmit += cpu_now() - begin;
		begin = cpu_now();
		for (int i = 0; i < BATCH; i++)
			kept[i].p = b;
		pdcp_receive_burst(kept, BATCH, 0);
		receive += cpu_now() - begin;
		kept_count = 0;
	}
	if (pdcp_rx_deliv(b) != BATCH * ROUNDS)
		exit(1);
	snprintf(line, sizeof(line), "pdcp_transmit_%s", name);
	print(line, transmit);
	snprintf(line, sizeof(line), "pdcp_receive_%s", name);
	print(line, receive);
	pdcp_free(a);
	pdcp_free(b);
}

int main(void)
{
	rlc_memory_init(&memory, 10000, 10, 1000);
	engine = burst_new(false);
	if (!engine)
		return 1;
	bench_rlc();
	bench_pdcp("null", NEA0, NIA0);
	bench_pdcp("nea2_nia2", NEA2, NIA2);
	bench_pdcp("nea2", NEA2, NIA0);
	bench_pdcp("nea3_nia3", NEA3, NIA3);
	bench_pdcp("nea1_nia1", NEA1, NIA1);
	burst_free(engine);
	rlc_memory_fini(&memory);
	return 0;
}

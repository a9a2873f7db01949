/*
 * What a UE waits for on an idle cell, in air time: from its wish for a connection (access), and from its
 * preamble (random access), to its RRCSetupComplete at the CU-CP, and the round trip of a ping over CU-UP and
 * DU, at 15 kHz FDD and 30 kHz TDD; means, each at any time of what is periodic. Prints `name value unit`
 * lines.
 */
#include "base/room.h"
#include "tests/air_bed.h"

enum { PING = 84, ROUNDS = 40, CONNECTIONS = 12, STEP_US = 100, STEPS_MAX = 2000, PREAMBLE_MS = 1 };

static struct air a;

static void access_time(const char *name, uint8_t mhz, struct air_way way)
{
	uint64_t sum = 0, from_preamble = 0;

	for (unsigned i = 0; i < CONNECTIONS; i++) {
		uint64_t since, preamble_ns = 0;

		way.seed = i;
		air_begin(&a, mhz, 1, &way);
		for (unsigned ms = 0; ms < 1000 && !a.ues[0].camped; ms++)
			air_run(&a, 1);
		air_run(&a, 3 * i + 1);
		since = a.env.now_ns;
		air_establish(&a);
		for (unsigned n = 0; n < STEPS_MAX && a.context_n == 0; n++) {
			air_run_us(&a, STEP_US);
			if (preamble_ns == 0 && du_stat(du_node_mac(a.node), DU_STAT_PREAMBLES) > 0)
				preamble_ns = a.env.now_ns - PREAMBLE_MS * (uint64_t)NS_PER_MS;
		}
		sum += a.env.now_ns - since;
		from_preamble += a.env.now_ns - preamble_ns;
		air_end(&a);
	}
	printf("access_%s %.1f ms\n", name, (double)sum / CONNECTIONS / NS_PER_MS);
	printf("random_access_%s %.1f ms\n", name, (double)from_preamble / CONNECTIONS / NS_PER_MS);
}

/* Until octets have become more. */
static uint64_t until_more_ns(const uint64_t *octets)
{
	uint64_t before = *octets, since = a.env.now_ns;

	for (unsigned n = 0; *octets == before && n < STEPS_MAX; n++)
		air_run_us(&a, STEP_US);
	return a.env.now_ns - since;
}

static void ping_time(const char *name, uint8_t mhz, const struct air_way *way)
{
	const struct bytes ping = bytes_of(air_packet, PING);
	struct air_context *x;
	uint64_t sum = 0;

	air_begin(&a, mhz, 1, way);
	if (!air_connect(&a, 2000))
		return;
	x = air_context_of(&a, 0);
	for (unsigned i = 0; i < ROUNDS; i++) {
		air_run(&a, 50 + i % 11);
		if (!ue_stack_send(a.ues[0].stack, AIR_PSI, AIR_QFI, ping))
			return;
		sum += until_more_ns(&x->got);
		air_down(x, ping.len);
		sum += until_more_ns(&a.ues[0].got);
	}
	printf("ping_%s %.1f ms\n", name, (double)sum / ROUNDS / NS_PER_MS);
	air_end(&a);
}

int main(void)
{
	const struct air_way fdd = { CHANNEL_AWGN, 30, 0, 0 },
			     tdd = { CHANNEL_AWGN, 30, 0, 0, .tdd = "DDDSU" };

	access_time("15khz_fdd", 10, fdd);
	access_time("30khz_tdd", 20, tdd);
	ping_time("15khz_fdd", 10, &fdd);
	ping_time("30khz_tdd", 20, &tdd);
	return 0;
}

/* PUSCH from end to end: layers, antennas, hops, HARQ, and what a receiver must bear. --bench: the time of a
 * slot. */
#include <time.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/channels/pusch.h"
#include "radio/phy/phy_test.h"

enum { GRID_MAX = PHY_SYMBOLS_MAX * PHY_PRB_MAX * PHY_SC_PER_PRB, ANTENNAS = PHY_PUSCH_ANTENNAS_MAX };

static struct kern kern;
static struct phy_dfts *dfts;
static struct phy_chest_filters *filters;
static struct phy_pusch_sender *sender;
static struct phy_pusch_receiver *receiver;
static struct phy_harq *harq;
static struct phy_pusch plan;
static struct phy_cf sent[PHY_UL_PORTS_MAX][GRID_MAX], got[ANTENNAS][GRID_MAX];
static struct phy_grid ports[PHY_UL_PORTS_MAX], antennas[ANTENNAS];
static uint8_t tb[SEGMENT_A_MAX / 8 + 8], back[SEGMENT_A_MAX / 8 + 8];

static void open_grids(unsigned prbs, unsigned first_crb, bool extended)
{
	for (unsigned i = 0; i < PHY_UL_PORTS_MAX; i++)
		ports[i] =
			(struct phy_grid){ sent[i], (uint16_t)prbs, (uint16_t)first_crb, extended ? 12 : 14 };
	for (unsigned i = 0; i < ANTENNAS; i++)
		antennas[i] =
			(struct phy_grid){ got[i], (uint16_t)prbs, (uint16_t)first_crb, extended ? 12 : 14 };
	memset(sent, 0, sizeof(sent));
}

/* 14 symbols from 0 on, DM-RS in 2 and 11 with nothing beside it: what the FRCs of 38.104 Annex A have. */
static struct phy_pusch_config plain_config(unsigned prbs, unsigned mcs, unsigned layers)
{
	struct phy_pusch_config c = { .mu = 1,
		.bwp_prbs = (uint16_t)prbs,
		.time = { .s = 0, .l = 14 },
		.dmrs = { .additional = 1,
			.type_a_position = 2,
			.groups_without_data = 2,
			.n_id = { 77, 78 } },
		.layers = (uint8_t)layers,
		.ports = { 0, 1, 2, 3 },
		.rnti = 0x4601,
		.n_id = 77,
		.mcs = (uint8_t)mcs };

	c.prbs.n = (uint16_t)prbs;
	for (unsigned i = 0; i < prbs; i++)
		c.prbs.at[i] = (uint16_t)i;
	return c;
}

static void make_tb(void)
{
	draw_packed(tb, plan.sch.a);
}

static bool same_tb(void)
{
	return same_bits(tb, back, plan.sch.a);
}

#define LATE 0.01 /* of 1 / subcarrier spacing */

static double latest = LATE;

/* Each port to each antenna over two paths, one a little late; noise of this variance. */
static void pass(unsigned count, double noise)
{
	size_t width = ports[0].prbs * 12u, n = width * ports[0].symbols;

	for (unsigned a = 0; a < count; a++) {
		memset(got[a], 0, n * sizeof(got[a][0]));
		add_noise(got[a], n, noise);
		for (unsigned p = 0; p < plan.precoding.ports; p++)
			add_two_paths(got[a], sent[p], n, width, latest);
	}
}

static struct phy_pusch_result receive(unsigned slot, unsigned count)
{
	struct phy_pusch_result result;

	assert_true(phy_pusch_receive(receiver, &kern, &plan, slot, antennas, count, harq, back, &result));
	return result;
}

static struct phy_pusch_result once(unsigned slot, unsigned count, double noise)
{
	assert_true(phy_pusch_send(sender, &kern, &plan, slot, tb, ports));
	pass(count, noise);
	return receive(slot, count);
}

/* Every number of layers and antennas, at each level. */
static void test_layers(void **state)
{
	for (unsigned i = 0; i < KERN_LEVELS * 4 * 2; i++) {
		unsigned layers = 1 + i % 4, count = layers + (i / 4 % 2) * (8 - layers);
		struct phy_pusch_config c = plain_config(24, layers < 3 ? 10 : 5, layers);
		struct phy_pusch_result r;

		kern_init(&kern, i / 8);
		seed = 100 + i;
		assert_int_equal(phy_pusch_init(&plan, &c), PHY_PUSCH_OK);
		make_tb();
		open_grids(24, 0, false);
		phy_harq_reset(harq);
		r = once(3, count, count > layers ? 0.1 : 0.001);
		if (!r.ok || !same_tb())
			fail_msg("%u layers at %u antennas: %u of %u blocks", layers, count, r.sch.blocks_ok,
				r.sch.blocks);
		assert_int_equal(r.channel.antennas, count);
	}
}

static struct phy_pusch_config random_config(void)
{
	struct phy_pusch_config c = plain_config(pick(1, 50), pick(0, 15), pick(1, 4));
	unsigned start, n;

	c.mu = (uint8_t)pick(0, 3);
	c.extended = c.mu == 2 && pick(0, 1);
	c.hopping = pick(0, 2);
	c.transform_precoding = !pick(0, 2);
	c.bwp_start = (uint16_t)pick(0, 50);
	c.layers = c.transform_precoding ? 1 : c.layers;
	c.mcs_table =
		c.transform_precoding ? pick(PHY_MCS_TP_64QAM, PHY_MCS_TP_PI2_64QAM_LOW_SE) : pick(0, 2);
	c.codebook = pick(0, 1);
	c.antenna_ports = (uint8_t)(1u << pick(0, 2));
	c.tpmi = (uint8_t)pick(0, 27);
	c.hop_offset = (uint16_t)pick(0, c.bwp_prbs);
	start = pick(0, c.bwp_prbs - 1), n = pick(1, c.bwp_prbs - start);
	c.prbs.n = (uint16_t)n;
	for (unsigned i = 0; i < n; i++)
		c.prbs.at[i] = (uint16_t)(start + i);
	c.time = (struct phy_time_domain){ pick(0, 1), 0, 0, (uint8_t)pick(1, 14) };
	c.time.s = c.time.type_b ? (uint8_t)pick(0, 13) : 0;
	c.dmrs.type2 = !c.transform_precoding && pick(0, 1);
	c.dmrs.double_symbol = !pick(0, 2);
	c.dmrs.additional = (uint8_t)pick(0, 3);
	c.dmrs.low_papr =
		(struct phy_dmrs_low_papr){ .pi2_bpsk = pick(0, 1), .hopping = pick(0, 2), .n_id = 99 };
	if (pick(0, 1)) {
		c.ports[0] = 2, c.ports[2] = 0;
	}
	return c;
}

/* Random configurations, up to four times as rv 0, 2, 3, 1, at as many antennas as layers or more. */
static void test_random(void **state)
{
	unsigned legal = 0, came = 0, sent_n = 0;

	kern_init(&kern, KERN_LEVELS - 1);
	for (unsigned i = 0; legal < 150; i++) {
		struct phy_pusch_config c;
		unsigned slot, count;
		bool ok = false;

		seed = i * 1000003u;
		c = random_config();
		slot = pick(0, (10u << c.mu) - 1);
		if (phy_pusch_init(&plan, &c) != PHY_PUSCH_OK || plan.sch.a + 24.0 > 0.9 * plan.sch.g)
			continue;
		make_tb();
		legal++;
		phy_harq_reset(harq);
		count = pick(c.layers + (c.layers > 1), 4 + c.layers);
		for (unsigned n = 0; n < 4 && !ok; n++) {
			c.rv = (uint8_t)phy_pusch_repetition_rv(0, n);
			assert_int_equal(phy_pusch_init(&plan, &c), PHY_PUSCH_OK);
			open_grids(c.bwp_prbs + 5u, c.bwp_start, c.extended);
			ok = once(slot, count, 0.01 / (1 << n)).ok;
			sent_n++;
		}
		if (ok && !same_tb())
			fail_msg("case %u: ok, but another block", i);
		came += ok;
	}
	print_message("%u blocks of %u came out, in %u transmissions\n", came, legal, sent_n);
	assert_true(came >= legal - 2);
	assert_true(sent_n > legal);
}

/*
 * Ports of one CDM group over a long delay: from one pilot to the next of a cell the channel turns, and what
 * each port adds to the other is far above the noise that 64QAM of a high rate bears.
 */
static void test_long_delay(void **state)
{
	struct phy_pusch_config c = plain_config(24, 24, 2);

	kern_init(&kern, KERN_LEVELS - 1);
	assert_int_equal(phy_pusch_init(&plan, &c), PHY_PUSCH_OK);
	for (unsigned i = 0; i < 8; i++) {
		seed = i;
		make_tb();
		open_grids(24, 0, false);
		phy_harq_reset(harq);
		latest = 0.05;
		assert_true(once(2, 8, 0.002).ok && same_tb());
		latest = LATE;
	}
}

/* Interference that is the same at all antennas is suppressed: with as many antennas it is found and
 * cancelled. */
static void test_interference(void **state)
{
	struct phy_pusch_config c = plain_config(50, 12, 1);
	unsigned came[2] = { 0 };

	kern_init(&kern, KERN_LEVELS - 1);
	assert_int_equal(phy_pusch_init(&plan, &c), PHY_PUSCH_OK);
	for (unsigned i = 0; i < 10; i++) {
		unsigned count = i % 2 ? 4 : 1;
		struct phy_cf from[4];
		struct phy_pusch_result r;

		seed = i;
		make_tb();
		open_grids(50, 0, false);
		phy_harq_reset(harq);
		assert_true(phy_pusch_send(sender, &kern, &plan, 1, tb, ports));
		pass(count, 0.03);
		for (unsigned a = 0; a < count; a++)
			from[a] = gaussian_cf();
		for (size_t n = 0; n < 14 * 12 * 50; n++) {
			struct phy_cf v = gaussian_cf();

			for (unsigned a = 0; a < count; a++) {
				got[a][n].re += 1.4f * (from[a].re * v.re - from[a].im * v.im);
				got[a][n].im += 1.4f * (from[a].re * v.im + from[a].im * v.re);
			}
		}
		r = receive(1, count);
		came[i % 2] += r.ok && same_tb();
		if (count > 1)
			assert_true(r.channel.coloured);
	}
	assert_int_equal(came[0], 0);
	assert_int_equal(came[1], 5);
}

/* An antenna that is dead, or broken, costs its share and no more. */
static void test_dead(void **state)
{
	struct phy_pusch_config c = plain_config(30, 12, 2);

	kern_init(&kern, KERN_LEVELS - 1);
	assert_int_equal(phy_pusch_init(&plan, &c), PHY_PUSCH_OK);
	for (unsigned i = 0; i < 16; i++) {
		struct phy_pusch_result r;
		unsigned dead = i % 4;

		seed = i;
		make_tb();
		open_grids(30, 0, false);
		phy_harq_reset(harq);
		assert_true(phy_pusch_send(sender, &kern, &plan, 1, tb, ports));
		pass(4, 0.03);
		for (size_t n = 0; n < 14 * 12 * 30; n++) {
			float v = i / 4 == 0 ? 0 : i / 4 == 1 ? NAN : i / 4 == 2 ? INFINITY : 1e30f;

			got[dead][n] = (struct phy_cf){ v, v };
		}
		r = receive(1, 4);
		if (!r.ok || !same_tb())
			fail_msg("antenna %u, case %u", dead, i / 4);
	}
	/* all of them */
	memset(got, 0, sizeof(got));
	phy_harq_reset(harq);
	assert_false(receive(1, 4).ok);
}

static void test_refused(void **state)
{
	struct phy_pusch_config c = plain_config(20, 5, 2);
	struct phy_pusch_result result;

	assert_int_equal(phy_pusch_init(&plan, &c), PHY_PUSCH_OK);
	open_grids(19, 0, false);
	assert_false(phy_pusch_send(sender, &kern, &plan, 0, tb, ports));
	assert_false(phy_pusch_receive(receiver, &kern, &plan, 0, antennas, 2, harq, back, &result));
	open_grids(20, 0, true);
	assert_false(phy_pusch_send(sender, &kern, &plan, 0, tb, ports));
	open_grids(20, 0, false);
	assert_false(phy_pusch_send(sender, &kern, &plan, 20, tb, ports));
	assert_false(phy_pusch_receive(receiver, &kern, &plan, 20, antennas, 2, harq, back, &result));
	assert_false(phy_pusch_receive(receiver, &kern, &plan, 0, antennas, 0, harq, back, &result));
	assert_false(phy_pusch_receive(receiver, &kern, &plan, 0, antennas, 9, harq, back, &result));
	assert_null(phy_pusch_receiver_new(filters, dfts, 9, 1));
	assert_null(phy_pusch_receiver_new(filters, dfts, 1, 5));
	assert_null(phy_pusch_receiver_new(filters, dfts, 0, 1));
}

static double seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static void bench_one(unsigned layers, unsigned count)
{
	struct phy_pusch_config c = plain_config(273, 27, layers);
	double send = 1, take = 1;
	struct phy_pusch_result r;

	c.mcs_table = PHY_MCS_256QAM;
	assert_int_equal(phy_pusch_init(&plan, &c), PHY_PUSCH_OK);
	make_tb();
	open_grids(273, 0, false);
	for (unsigned i = 0; i < 50; i++) {
		double start = seconds();

		assert_true(phy_pusch_send(sender, &kern, &plan, 1, tb, ports));
		send = fmin(send, seconds() - start);
	}
	seed = 5;
	pass(count, count > layers ? 0.0003 : 0.00002);
	for (unsigned i = 0; i < 50; i++) {
		double start = seconds();

		phy_harq_reset(harq);
		r = receive(1, count);
		take = fmin(take, seconds() - start);
	}
	assert_true(r.ok);
	if (count == layers)
		printf("pusch_transmit_slot_273_%u_layers %.1f us\n", layers, send * 1e6);
	printf("pusch_receive_slot_273_%u_layers_%u_antennas %.1f us\n", layers, count, take * 1e6);
}

static int bench(void)
{
	kern_init(&kern, KERN_LEVELS - 1);
	bench_one(1, 1);
	bench_one(1, 4);
	bench_one(2, 4);
	bench_one(4, 4);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layers),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_long_delay),
		cmocka_unit_test(test_interference),
		cmocka_unit_test(test_dead),
		cmocka_unit_test(test_refused),
	};
	int failed;

	kern_init(&kern, KERN_LEVELS - 1);
	dfts = phy_dfts_new();
	filters = phy_chest_filters_new();
	sender = phy_pusch_sender_new(dfts);
	receiver = phy_pusch_receiver_new(filters, dfts, ANTENNAS, PHY_UL_LAYERS_MAX);
	harq = phy_harq_new(SEGMENT_A_MAX);
	failed = argc > 1 && strcmp(argv[1], "--bench") == 0 ? bench()
							     : cmocka_run_group_tests(tests, NULL, NULL);
	phy_harq_free(harq);
	phy_pusch_receiver_free(receiver);
	phy_pusch_sender_free(sender);
	phy_chest_filters_free(filters);
	phy_dfts_free(dfts);
	return failed;
}

/* A UE comes into a DU's cell through samples: SIB1 to packets both ways. */
#include <stdio.h>
#include <stdlib.h>

#include "base/test.h"

#include "tests/cell_bed.h"

/* Samples in a row, cell search included, until all packets have come. */
static void come_in(const struct served_cell_config *c, const struct cell_bed_way *way)
{
	static struct cell_bed b;

	cell_bed_begin(&b, c, way);
	cell_bed_run(&b, 200);
	cell_bed_show(&b);
	print_message("searches %u, %.1f dB, %.1f Hz, advance %u, frame %.1f; access %.1f ms\n", b.searches,
		(double)b.found.snr_db, b.found.cfo_hz, (unsigned)ue_stream_state(b.stream).advance_tc,
		b.found.frame_start, (double)(b.connected_ns - b.requested_ns) / 1e6);
	assert_true(b.connected);
	assert_int_equal(ue_phy_c_rnti(b.ue), 0x4601);
	for (unsigned i = 0; i < 50; i++) {
		cell_bed_send(&b, true, 1400);
		cell_bed_send(&b, false, 1400);
	}
	cell_bed_run(&b, 400);
	cell_bed_show(&b);
	assert_int_equal(b.got_down, 50 * 1400);
	assert_int_equal(b.got_up, 50 * 1400);
	cell_bed_end(&b);
}

static void test_clear(void **state)
{
	struct served_cell_config c = cell_bed_config();

	come_in(&c, &(struct cell_bed_way){ .profile = CHANNEL_AWGN, .snr_db = 30 });
}

static void test_fading(void **state)
{
	struct served_cell_config c = cell_bed_config();

	come_in(&c, &(struct cell_bed_way){ .profile = CHANNEL_TDLC300,
			    .snr_db = 15,
			    .doppler_hz = 5,
			    .cfo_hz = 300,
			    .delay_samples = 20,
			    .seed = 1 });
}

/* 30 kHz without paired spectrum: HARQ-ACK of several slots in one, grants for slots further on. */
static void test_tdd(void **state)
{
	static const char *const patterns[] = { "DDDSU", "DDDDDDDSUU", "DDSUU", "DSUUU" };

	for (unsigned i = 0; i < ARRAY_LEN(patterns); i++) {
		struct served_cell_config c = cell_bed_tdd(i == 0 ? 40 : 10, patterns[i]);

		come_in(&c, &(struct cell_bed_way){ .profile = i == 0 ? CHANNEL_TDLC300 : CHANNEL_AWGN,
				    .snr_db = 20,
				    .doppler_hz = i == 0 ? 5 : 0,
				    .cfo_hz = 300,
				    .delay_samples = 20,
				    .seed = 2 });
	}
}

/* 38.321 5.1.5, 5.4.4: without PUCCH for requests it asks by random access, with its C-RNTI in Msg3. */
static void test_asks_by_random_access(void **state)
{
	static struct cell_bed b;
	struct served_cell_config c = cell_bed_config();

	cell_bed_begin(&b, &c, &(struct cell_bed_way){ .profile = CHANNEL_AWGN, .snr_db = 20 });
	b.no_sr = true;
	cell_bed_run(&b, 150);
	assert_true(b.connected);
	for (unsigned i = 0; i < 3; i++) {
		cell_bed_send(&b, false, 1400);
		cell_bed_run(&b, 80);
		assert_int_equal(b.got_up, (i + 1) * 1400);
	}
	cell_bed_show(&b);
	assert_int_equal(du_stat(b.du, DU_STAT_MSG3), 4);
	assert_int_equal(du_stat(b.du, DU_STAT_SCHEDULING_REQUESTS), 0);
	assert_int_equal(ue_phy_c_rnti(b.ue), 0x4601);
	cell_bed_end(&b);
}

/* Attach after attach: how many of so many seeds come in within a second, at an SNR over TDL-C 300 ns, 5 Hz.
 */
static int sweep(unsigned seeds, double snr_db)
{
	static struct cell_bed b;
	struct served_cell_config c = cell_bed_config();
	unsigned came = 0;

	for (unsigned seed = 0; seed < seeds; seed++) {
		cell_bed_begin(&b, &c,
			&(struct cell_bed_way){ .profile = CHANNEL_TDLC300,
				.snr_db = snr_db,
				.doppler_hz = 5,
				.cfo_hz = 100.0 * (seed % 7) - 300,
				.delay_samples = seed % 40,
				.seed = seed });
		for (unsigned ms = 0; ms < 1000 && !b.connected; ms += 20)
			cell_bed_run(&b, 20);
		came += b.connected;
		if (!b.connected) {
			printf("seed %u, %u searches: ", seed, b.searches);
			cell_bed_show(&b);
		}
		cell_bed_end(&b);
	}
	printf("%u of %u at %.1f dB\n", came, seeds, snr_db);
	return came == seeds ? 0 : 1;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clear),
		cmocka_unit_test(test_fading),
		cmocka_unit_test(test_tdd),
		cmocka_unit_test(test_asks_by_random_access),
	};

	if (argc == 3) /* SEEDS DB */
		return sweep((unsigned)strtoul(argv[1], NULL, 10), strtod(argv[2], NULL));
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The link between a DU and a UE adapts, over samples: modulation and coding, power, timing, and when the UE
 * sleeps. */
#include <math.h>
#include <stdlib.h>

#include "base/test.h"

#include "tests/cell_bed.h"
#include "ue/phy/parts.h"

/* 5 MHz, for the processor's sake. */
static struct served_cell_config narrow(void)
{
	struct served_cell_config c = cell_bed_config();

	c.bandwidth_mhz = 5;
	return c;
}

/* 38.214 Tables 5.2.2.1-2: the CQI that a signal so far above noise can have, were codes perfect. */
static unsigned cqi_at(double snr_db)
{
	static const double efficiency[] = { 0.1523, 0.2344, 0.3770, 0.6016, 0.8770, 1.1758, 1.4766, 1.9141,
		2.4063, 2.7305, 3.3223, 3.9023, 4.5234, 5.1152, 5.5547 };
	unsigned cqi = 0;

	while (cqi < ARRAY_LEN(efficiency) && efficiency[cqi] <= log2(1 + pow(10, snr_db / 10)))
		cqi++;
	return cqi;
}

/* Both ends want more than there is. */
static void load(struct cell_bed *b, unsigned ms)
{
	enum { PACKET = 1400, KEPT = 120 };

	for (unsigned i = 0; i < ms / 5; i++) {
		while (b->sent_down - b->got_down < KEPT * PACKET)
			cell_bed_send(b, true, PACKET);
		while (b->sent_up - b->got_up < KEPT * PACKET)
			cell_bed_send(b, false, PACKET);
		cell_bed_run(b, 5);
	}
}

static uint64_t reports(const struct cell_bed *b, uint64_t *worst)
{
	uint64_t n = 0;

	*worst = 0;
	for (unsigned i = 0; i < PHY_CQI_ROWS; i++) {
		n += du_spread(b->du, DU_SPREAD_CQI, i);
		if (*worst == 0 && du_spread(b->du, DU_SPREAD_CQI, i) > 0)
			*worst = i;
	}
	return n;
}

/*
 * A report each 40 ms, of a CQI that is right within one, on PUCCH while nothing is sent, beside HARQ-ACK and
 * on PUSCH under load; and first transmissions fail as seldom as is wanted. A UE that never reports is served
 * too.
 */
static void test_reports(void **state)
{
	static const double snr_db[] = { 4, 12, 19 };
	static struct cell_bed b;
	struct served_cell_config c = cell_bed_config();

	for (unsigned i = 0; i <= ARRAY_LEN(snr_db); i++) { /* the last one mute */
		double db = snr_db[i % ARRAY_LEN(snr_db)];
		bool mute = i >= ARRAY_LEN(snr_db);
		uint64_t idle, worst, blocks, wrong;
		unsigned expected;

		cell_bed_begin(
			&b, &c, &(struct cell_bed_way){ .profile = CHANNEL_AWGN, .snr_db = db, .seed = 5 });
		b.mute = mute;
		for (unsigned ms = 0; ms < 500 && !b.connected; ms += 10)
			cell_bed_run(&b, 10);
		assert_true(b.connected);
		cell_bed_run(&b, 240);
		idle = reports(&b, &worst);
		expected = cqi_at(ue_stream_state(b.stream).snr_db - (double)PHY_CSI_GAP_DB);
		load(&b, 100);
		blocks = du_stat(b.du, DU_STAT_DL_BLOCKS);
		wrong = du_stat(b.du, DU_STAT_DL_ERRORS);
		load(&b, 240);
		blocks = du_stat(b.du, DU_STAT_DL_BLOCKS) - blocks;
		wrong = du_stat(b.du, DU_STAT_DL_ERRORS) - wrong;
		print_message("%.0f dB%s: idle %u, in all %u reports of at least %u (expected %u), %u of %u "
			      "wrong, down %u\n",
			db, mute ? ", mute" : "", (unsigned)idle, (unsigned)reports(&b, &worst),
			(unsigned)worst, expected, (unsigned)wrong, (unsigned)blocks, (unsigned)b.got_down);
		if (!mute) {
			assert_in_range(idle, 4, 6);
			assert_in_range(reports(&b, &worst), idle + 4, idle + 10);
			assert_in_range(worst, expected - 1, expected + 1);
		}
		assert_true(blocks > 150 && wrong * 100 < blocks * 20);
		cell_bed_end(&b);
	}
}

/* What goes down in a while. */
static uint64_t carried(struct cell_bed *b, unsigned ms)
{
	uint64_t before = b->got_down;

	load(b, ms);
	return b->got_down - before;
}

/*
 * 256QAM both ways, told to the UE in the midst of traffic: the UE applies it some ms later, and the DU hears
 * of that some ms after. Nothing is lost meanwhile, blocks that wait to come again included; then more goes
 * through, as MCS 27 of 38.214 Table 5.1.3.1-2 carries 7.41 bits a symbol and MCS 28 of Table 5.1.3.1-1 5.55.
 */
static void change(const struct cell_bed_way *way, double least)
{
	static struct cell_bed b;
	struct served_cell_config c = narrow();
	const struct du_capability all = { true, true };
	uint64_t before, after, up, up_after;

	c.space = SERVED_CELL_SPACE_UE_SPECIFIC;
	cell_bed_begin(&b, &c, way);
	for (unsigned ms = 0; ms < 500 && !b.connected; ms += 10)
		cell_bed_run(&b, 10);
	assert_true(b.connected);
	load(&b, 250);
	up = b.got_up;
	before = carried(&b, 120);
	up = b.got_up - up;
	assert_true(du_ue_adapt(b.du, b.place, &all));
	assert_false(du_ue_adapt(b.du, b.place, &all)); /* nothing more */
	load(&b, 20);
	cell_bed_configure(&b);
	load(&b, 20);
	du_ue_reconfigured(b.du, b.place);
	load(&b, 200);
	up_after = b.got_up;
	after = carried(&b, 120);
	up_after = b.got_up - up_after;
	cell_bed_show(&b);
	print_message("down %u, then %u; up %u, then %u\n", (unsigned)before, (unsigned)after, (unsigned)up,
		(unsigned)up_after);
	assert_true((double)up_after > least * (double)up);
	assert_true(du_stat(b.du, DU_STAT_DL_LOST) == 0 && du_stat(b.du, DU_STAT_UL_LOST) == 0);
	assert_true((double)after > least * (double)before);
	cell_bed_end(&b);
}

static void test_256qam(void **state)
{
	change(&(struct cell_bed_way){ .profile = CHANNEL_AWGN, .snr_db = 40, .seed = 3 }, 1.28);
	change(&(struct cell_bed_way){ .profile = CHANNEL_TDLC300, .snr_db = 22, .doppler_hz = 5, .seed = 4 },
		0.6);
}

/*
 * The UE makes up for what is lost on the way, and the DU's commands bring what it hears to some 26 dB: down
 * from 35, up from 14 as far as P_CMAX allows, 15 dB over what 52 blocks need with f of 0. Path loss alone
 * changes no command.
 */
static void test_power(void **state)
{
	static const struct {
		double snr_db, loss_db;
		int f_db; /* about */
	} ways[] = { { 35, 0, -9 }, { 35, 9, -9 }, { 17, 0, 8 } };
	static struct cell_bed b;
	struct served_cell_config c = narrow();

	for (unsigned i = 0; i < ARRAY_LEN(ways); i++) {
		uint64_t up;

		cell_bed_begin(&b, &c,
			&(struct cell_bed_way){ .profile = CHANNEL_AWGN,
				.snr_db = ways[i].snr_db,
				.loss_db = ways[i].loss_db,
				.seed = 8 });
		for (unsigned ms = 0; ms < 500 && !b.connected; ms += 10)
			cell_bed_run(&b, 10);
		assert_true(b.connected);
		load(&b, 350);
		up = b.got_up;
		load(&b, 50);
		up = b.got_up - up;
		print_message("%.0f dB, loss %.0f: path loss %.1f, f %d, g %d, up %u, headroom %u\n",
			ways[i].snr_db, ways[i].loss_db, (double)b.ue->power.path_loss_db, b.ue->power.f_db,
			b.ue->power.g_db, (unsigned)up, du_ue_mac(b.du, b.place)->phr.ph);
		assert_in_range(b.ue->power.path_loss_db + 0.5f, 69 + ways[i].loss_db, 71 + ways[i].loss_db);
		assert_true(abs(b.ue->power.f_db - ways[i].f_db) <= 3);
		assert_true(du_ue_mac(b.du, b.place)->has_phr);
		cell_bed_end(&b);
	}
}

/*
 * DRX of 80 ms with 8 ms on: an idle UE sleeps nine slots of ten, what comes for it waits for its on-duration
 * and no longer, what it has itself does not wait; nothing is sent to a UE that sleeps, so nothing goes
 * unanswered.
 */
static void test_drx(void **state)
{
	static struct cell_bed b;
	struct served_cell_config c = narrow();

	c.drx_cycle_ms = 80;
	c.drx_on_ms = 8;
	c.drx_inactivity_ms = 10;
	for (unsigned short_ms = 0; short_ms <= 20; short_ms += 20) {
		uint64_t slept, heard = 0, unanswered;

		c.drx_short_cycle_ms = (uint16_t)short_ms;
		c.drx_short_cycles = 4;
		cell_bed_begin(
			&b, &c, &(struct cell_bed_way){ .profile = CHANNEL_AWGN, .snr_db = 25, .seed = 6 });
		for (unsigned ms = 0; ms < 500 && !b.connected; ms += 10)
			cell_bed_run(&b, 10);
		assert_true(b.connected);
		cell_bed_run(&b, 200);
		slept = ue_phy_stat(b.ue, UE_PHY_STAT_SLOTS_SLEPT);
		cell_bed_run(&b, 400);
		slept = ue_phy_stat(b.ue, UE_PHY_STAT_SLOTS_SLEPT) - slept;
		assert_in_range(slept, 350, 370);
		for (unsigned i = 0; i < 8; i++) {
			cell_bed_send(&b, true, 1000);
			cell_bed_run(&b, 95);
			assert_int_equal(b.got_down, (i + 1) * 1000);
			cell_bed_send(&b, false, 1000);
			cell_bed_run(&b, 32);
			assert_int_equal(b.got_up, (i + 1) * 1000);
			cell_bed_run(&b, 7 * i);
		}
		load(&b, 200);
		for (unsigned i = 0; i < PHY_CQI_ROWS; i++)
			heard += du_spread(b.du, DU_SPREAD_CQI, i);
		unanswered = du_stat(b.du, DU_STAT_DL_RETRANSMISSIONS) - du_stat(b.du, DU_STAT_DL_ERRORS);
		print_message("short cycle %u: slept %u of 400, %u reports, %u unanswered\n", short_ms,
			(unsigned)slept, (unsigned)heard, (unsigned)unanswered);
		cell_bed_show(&b);
		assert_true(heard > 5);
		assert_in_range(unanswered, 0, 2);
		assert_true(b.got_down > 8 * 1000 + 200000);
		cell_bed_end(&b);
	}
}

/* A UE that sends some microseconds late is told so, and is back within a step; one that sends early too. */
static void test_timing(void **state)
{
	static struct cell_bed b;
	struct served_cell_config c = narrow();
	enum { STEP_TC = 1024, WRONG = 5 };

	for (int sign = -1; sign <= 1; sign += 2) {
		int64_t right, now;

		cell_bed_begin(&b, &c,
			&(struct cell_bed_way){
				.profile = CHANNEL_AWGN, .snr_db = 25, .delay_samples = 30, .seed = 7 });
		for (unsigned ms = 0; ms < 500 && !b.connected; ms += 10)
			cell_bed_run(&b, 10);
		assert_true(b.connected);
		load(&b, 200);
		right = b.ue->advance_tc;
		b.ue->advance_tc = (uint32_t)(right + sign * WRONG * STEP_TC / 2);
		ue_stream_advance(b.stream, b.ue->advance_tc);
		load(&b, 350);
		now = b.ue->advance_tc;
		print_message("%ld, wrong by %d, then %ld; %u commands\n", (long)right,
			sign * WRONG * STEP_TC / 2, (long)now,
			(unsigned)du_stat(b.du, DU_STAT_TIMING_ADVANCES));
		assert_true(now - right <= STEP_TC && right - now <= STEP_TC);
		assert_in_range(du_stat(b.du, DU_STAT_TIMING_ADVANCES), 1, 4);
		cell_bed_end(&b);
	}
}

/* Connected, so far away, within half a second? */
static bool reached(struct served_cell_config *c, unsigned reach_m, unsigned metres)
{
	static struct cell_bed b;
	bool connected;

	c->reach_m = reach_m;
	cell_bed_begin(&b, c,
		&(struct cell_bed_way){
			.profile = CHANNEL_AWGN, .snr_db = 25, .distance_m = metres, .seed = 7 });
	for (unsigned ms = 0; ms < 500 && !b.connected; ms += 10)
		cell_bed_run(&b, 10);
	connected = b.connected;
	if (connected) {
		load(&b, 200);
		assert_true(du_stat(b.du, DU_STAT_UL_BLOCKS) > 50 && du_stat(b.du, DU_STAT_UL_LOST) == 0);
	}
	cell_bed_end(&b);
	return connected;
}

/* How far away a UE may be follows from what its preamble is told by (38.211 6.3.3.1). */
static void test_reach(void **state)
{
	struct served_cell_config far = narrow(), tdd = cell_bed_tdd(20, "DDDSU");

	assert_true(reached(&far, 0, 14000));
	assert_true(reached(&far, 500, 450) && !reached(&far, 500, 3000));
	assert_true(reached(&tdd, 0, 700) && !reached(&tdd, 0, 1650));
	assert_true(reached(&tdd, 1700, 1650));
}

/* A UE that says nothing sounds (38.214 6.2.1): its timing is kept, and it is never asked whether it is
 * there. What it sends as soon as it has something goes beside that. */
static void sounded(const struct served_cell_config *c, unsigned a_second)
{
	static struct cell_bed b;
	int64_t right, now, step_tc;
	uint64_t heard, blocks;

	cell_bed_begin(&b, c,
		&(struct cell_bed_way){
			.profile = CHANNEL_AWGN, .snr_db = 25, .delay_samples = 30, .seed = 7 });
	step_tc = 1024 >> c->mu;
	for (unsigned ms = 0; ms < 500 && !b.connected; ms += 10)
		cell_bed_run(&b, 10);
	assert_true(b.connected);
	cell_bed_run(&b, 500);
	right = b.ue->advance_tc;
	heard = du_stat(b.du, DU_STAT_SOUNDINGS);
	blocks = du_stat(b.du, DU_STAT_UL_BLOCKS);
	b.ue->advance_tc = (uint32_t)(right + 5 * step_tc / 2);
	ue_stream_advance(b.stream, b.ue->advance_tc);
	cell_bed_run(&b, 1200);
	heard = du_stat(b.du, DU_STAT_SOUNDINGS) - heard;
	now = b.ue->advance_tc;
	print_message("%u soundings; %ld, wrong, then %ld\n", (unsigned)heard, (long)right, (long)now);
	assert_in_range(heard, 6 * a_second / 5 - 4, 6 * a_second / 5);
	assert_true(now - right <= step_tc && right - now <= step_tc);
	assert_in_range(du_stat(b.du, DU_STAT_TIMING_ADVANCES), 1, 4);
	assert_int_equal(du_stat(b.du, DU_STAT_PROBES), 0);
	assert_int_equal(du_stat(b.du, DU_STAT_UL_BLOCKS), blocks);
	load(&b, 200);
	assert_true(du_stat(b.du, DU_STAT_UL_BLOCKS) > blocks + 50);
	assert_true(du_stat(b.du, DU_STAT_UL_LOST) == 0 && du_stat(b.du, DU_STAT_DL_LOST) == 0);
	cell_bed_end(&b);
}

static void test_sounding(void **state)
{
	struct served_cell_config c = narrow(), tdd = cell_bed_tdd(20, "DDDSU");

	c.sounding = tdd.sounding = true;
	c.ues_max = tdd.ues_max = 4;
	sounded(&c, 25);
	sounded(&tdd, 50);
}

/* A UE with nothing to say is asked each two seconds, and answers; one that is gone is lost within five. */
static void silent(bool mute, uint16_t drx_ms)
{
	static struct cell_bed b;
	struct served_cell_config c = narrow();
	uint16_t place;
	unsigned ms = 0;

	c.drx_cycle_ms = drx_ms;
	c.drx_on_ms = c.drx_inactivity_ms = 10;
	cell_bed_begin(&b, &c, &(struct cell_bed_way){ .profile = CHANNEL_AWGN, .snr_db = 25, .seed = 7 });
	b.mute = mute;
	for (; ms < 500 && !b.connected; ms += 10)
		cell_bed_run(&b, 10);
	assert_true(b.connected);
	cell_bed_run(&b, mute ? 2500 : 500);
	place = b.place;
	cell_bed_show(&b);
	assert_true(place != DU_NO_UE && (du_stat(b.du, DU_STAT_PROBES) > 0) == mute);
	b.gone = true;
	for (ms = 0; ms < 6000 && b.place == place; ms += 50)
		cell_bed_run(&b, 50);
	print_message("lost in %u ms\n", ms);
	assert_in_range(ms, 1500, 5000);
	assert_int_equal(du_stat(b.du, DU_STAT_UES_LOST), 1);
	cell_bed_end(&b);
}

static void test_silent(void **state)
{
	silent(true, 0);
	silent(false, 80);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_256qam),
		cmocka_unit_test(test_power),
		cmocka_unit_test(test_drx),
		cmocka_unit_test(test_timing),
		cmocka_unit_test(test_reach),
		cmocka_unit_test(test_sounding),
		cmocka_unit_test(test_silent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

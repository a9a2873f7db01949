/*
 * A cell is followed through a recording whose clock and carrier drift: every block is heard, timing,
 * frequency and clock are what was made, the SFN goes on, another SIB1 is noticed, and so are a jump of the
 * SFN and the end.
 */
#include "radio/phy/search/follow.h"

#include <stdlib.h>

#include "radio/phy/phy_test.h"
#include "radio/phy/waveform/waveform.h"
#include "sim/channel/channel.h"
#include "sim/channel/front_end.h"

enum {
	RATE = 7680000,
	SUBFRAME = RATE / 1000,
	MS = 1200,
	CHANGE_MS = 640,
	BLOCKS = MS / 20,
	FIRST = 40 + 2 * (512 + 36) + CHANNEL_LATENCY
};

static const double CLOCK_PPM = 12, CFO_HZ = 400, CFO_SLOPE = 150; /* Hz, Hz a second */

static const struct phy_waveform_config cell = {
	.n_cell_id = 301,
	.prbs = 25,
	.fft_size = 512,
	.carrier_hz = UINT64_C(2140000000),
	.pattern = PHY_SSB_CASE_A,
	.l_max = 4,
	.period_ms = 20,
	.sent = 1,
	.band = PHY_BAND_5_MHZ,
	.sfn = 1000, /* it turns over on the way */
	.dmrs_type_a_position = 2,
	.coreset_zero = 1,
	.search_space_zero = 2,
	.sib1 = { (const uint8_t *)"one message", 11 },
	.amplitude = 0.3f,
};

static struct kern kern;
static struct phy_cf *recording;
static size_t count;

/* Another cell from CHANGE_MS on; through the front end, with the carrier's drift. */
static void record(const struct phy_waveform_config *then)
{
	const struct front_end_config f = { .rate_hz = RATE,
		.phase_noise_dbc_hz = -INFINITY,
		.dc_db = -INFINITY,
		.clip_db = INFINITY,
		.clock_ppm = CLOCK_PPM };
	struct front_end *front = front_end_new(&f);
	enum phy_waveform_error e;
	struct phy_waveform *w = phy_waveform_new(&cell, &e), *other = phy_waveform_new(then, &e);
	static struct phy_cf in[SUBFRAME];

	assert_non_null(front);
	assert_true(w && other);
	recording = malloc((size_t)MS * front_end_room(SUBFRAME) * sizeof(*recording));
	assert_non_null(recording);
	count = 0;
	for (unsigned ms = 0; ms < MS; ms++) {
		struct phy_cf *out = recording + count;
		size_t n;

		phy_waveform_run(ms < CHANGE_MS ? w : other, &kern, in);
		n = front_end_run(front, out, in, SUBFRAME);
		for (size_t i = 0; i < n; i += 512) { /* in steps of 60 us */
			double t = (double)(count + i) / RATE, hz = CFO_HZ + CFO_SLOPE * t;
			double turns = fmod(CFO_HZ * t + CFO_SLOPE * t * t / 2, 1);

			kern.cf_ramp(&out[i].re, &out[i].re, n - i < 512 ? n - i : 512,
				(float)(2 * M_PI * turns), (float)(2 * M_PI * hz / RATE));
		}
		count += n;
	}
	front_end_free(front);
	phy_waveform_free(w);
	phy_waveform_free(other);
}

/* The cell as its first 60 ms show it. */
static struct phy_follow *find(void)
{
	const struct phy_scan_config config = { .spacings = 1 };
	static struct phy_scan scan;
	static struct phy_cf first[60 * SUBFRAME];

	(void)bytes_copy(first, sizeof(first), bytes_of(recording, sizeof(first)));
	assert_int_equal(phy_scan_run(&kern, first, ARRAY_LEN(first), RATE, &config, &scan), PHY_SCAN_OK);
	assert_int_equal(scan.count, 1);
	assert_int_equal(scan.cell[0].outcome, PHY_SIB1_READ);
	return phy_follow_new(&scan.cell[0], RATE);
}

/* The next block through noise of 10 dB; false behind the recording. */
static bool step(struct phy_follow *f, struct phy_followed *out)
{
	static struct phy_cf piece[SUBFRAME * 2];
	struct phy_recording in = { piece, 0, RATE };
	uint64_t first;

	phy_follow_next(f, &first, &in.count);
	assert_true(in.count <= ARRAY_LEN(piece));
	if (first + in.count > count)
		return false;
	(void)bytes_copy(piece, sizeof(piece), bytes_of(recording + first, in.count * sizeof(*piece)));
	add_noise(piece, in.count, 0.3 * 0.3 / 10);
	phy_follow_block(f, &kern, &in, first, out);
	return true;
}

static bool message_is(struct phy_follow *f, const struct phy_followed *at, const char *text)
{
	uint64_t first = (uint64_t)(at->start - 10 * SUBFRAME);
	const struct phy_recording in = { recording + first, 50 * SUBFRAME, RATE };
	struct phy_sib1 sib1;

	return phy_follow_sib1(f, &kern, &in, first, &sib1) == PHY_SIB1_READ && sib1.octets >= strlen(text) &&
	       memcmp(sib1.data, text, strlen(text)) == 0;
}

static void test_drift(void **state)
{
	struct phy_waveform_config then = cell;
	struct phy_follow *f;
	struct phy_followed at;
	unsigned blocks = 0;

	(void)state;
	then.sfn = (cell.sfn + CHANGE_MS / 10) % 1024;
	then.sib1 = bytes_of("another one", 11);
	record(&then);
	f = find();
	assert_non_null(f);
	for (; step(f, &at); blocks++) {
		double truth = CFO_HZ + CFO_SLOPE * at.start / RATE;
		assert_true(at.heard && !at.jumped);
		assert_int_equal(at.sfn, (cell.sfn + 2 * blocks) % 1024);
		if (blocks < 15) /* the loops come to rest */
			continue;
		assert_true(fabs(at.start - (FIRST + blocks * 20.0 * SUBFRAME) * (1 + CLOCK_PPM * 1e-6)) < 1);
		assert_true(fabs(at.cfo_hz - truth) < 60);
		assert_true(fabs(at.clock_ppm - CLOCK_PPM) < 2);
		assert_true(fabsf(at.snr_db - 10) < 2);
		if (blocks == 20)
			assert_true(message_is(f, &at, "one message"));
		if (blocks == 50)
			assert_true(message_is(f, &at, "another one"));
	}
	assert_true(blocks >= BLOCKS - 1);
	phy_follow_free(f);
	free(recording);
}

static void test_jump_and_end(void **state)
{
	struct phy_waveform_config then = cell;
	struct phy_follow *f;
	struct phy_followed at;
	unsigned jumps = 0, heard = 0;

	(void)state;
	then.sfn = 18; /* as even as what was counted: blocks come where they should */
	record(&then);
	memset(recording + (size_t)1000 * SUBFRAME, 0,
		(count - (size_t)1000 * SUBFRAME) * sizeof(*recording));
	f = find();
	assert_non_null(f);
	while (step(f, &at)) {
		jumps += at.jumped;
		heard += at.heard;
		if (at.jumped)
			assert_int_equal(at.sfn, 18);
	}
	assert_int_equal(jumps, 1);
	assert_int_equal(heard, 50);
	phy_follow_free(f);
	free(recording);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_drift),
		cmocka_unit_test(test_jump_and_end),
	};

	kern_init(&kern, KERN_LEVELS - 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * One interfering cell as strong as the UE: the gNB's receiver (MMSE-IRC, all estimated) beside one that is
 * told channel and powers and adds antennas up (MRC), over the same slots. Where the interference is a
 * direction of its own, the first hears the UE and the second does not.
 * --full: both over SNR.
 */
#include <math.h>
#include <stdlib.h>

#include "base/test.h"
#include "sim/blocks/parts.h"

enum { ANTENNAS = 4, MU = 1, SLOT = 3, PRBS = 52, ITERATIONS = 20, RE = PRBS * 12 * 14, SLOTS = 60 };

static struct kern kern;
static struct air *air, *quiet; /* the second has neither noise nor interference */
static struct phy_chest_filters *filters;
static struct phy_dfts *dfts;
static struct phy_pusch_sender *sender;
static struct phy_pusch_receiver *receiver;
static struct phy_sch_decoder *decoder;
static struct phy_harq *harq;
static struct phy_pusch plan;
static struct phy_cf sent[RE], got[ANTENNAS][RE], h[ANTENNAS][RE], x[RE];
static struct phy_grid port, antennas[ANTENNAS];
static float noise[RE];
static int8_t llr[RE * 8];
static uint8_t tb[SEGMENT_A_MAX / 8 + 8], back[SEGMENT_A_MAX / 8 + 8];

struct way {
	enum channel_profile profile;
	double delay_spread_ns, snr_db;
	unsigned antennas, mcs;
};

static void open_bed(const struct way *w)
{
	struct blocks_air c = { .profile = w->profile,
		.delay_spread_ns = w->delay_spread_ns,
		.doppler_hz = 10,
		.uplink = true,
		.interferers = 1,
		.delay_samples = 8 };
	const struct phy_ofdm_config ofdm = { .mu = MU, .prbs = PRBS };
	const char *why;

	air_free(air);
	air_free(quiet);
	air = air_new_array(&c, &ofdm, 1, w->antennas, &why);
	c.interferers = 0;
	quiet = air_new_array(&c, &ofdm, 1, w->antennas, &why);
	assert_true(air && quiet && air_point(air, w->snr_db, 1) && air_point(quiet, INFINITY, 1));
	port = (struct phy_grid){ sent, PRBS, 0, 14 };
	for (unsigned a = 0; a < ANTENNAS; a++)
		antennas[a] = (struct phy_grid){ got[a], PRBS, 0, 14 };
}

static void plan_of(unsigned mcs)
{
	struct phy_pusch_config c = { .mu = MU,
		.bwp_prbs = PRBS,
		.time = { .s = 0, .l = 14 },
		.dmrs = { .additional = 1, .type_a_position = 2, .groups_without_data = 2 },
		.layers = 1,
		.rnti = 1,
		.n_id = 7,
		.mcs_table = PHY_MCS_64QAM,
		.mcs = (uint8_t)mcs };

	for (c.prbs.n = 0; c.prbs.n < PRBS; c.prbs.n++)
		c.prbs.at[c.prbs.n] = c.prbs.n;
	assert_int_equal(phy_pusch_init(&plan, &c), PHY_PUSCH_OK);
}

/* The channel of a slot, by ones. */
static void learn(const struct way *w, uint64_t seed)
{
	for (unsigned i = 0; i < RE; i++)
		sent[i] = (struct phy_cf){ i * 2654435761u >> 31 ? 1 : -1, 0 };
	assert_true(air_block(quiet, seed));
	air_pass_array(quiet, &kern, &port, antennas, SLOT, 0, 14);
	for (unsigned a = 0; a < w->antennas; a++)
		for (unsigned i = 0; i < RE; i++)
			h[a][i] = (struct phy_cf){ sent[i].re * got[a][i].re, sent[i].re * got[a][i].im };
}

static bool received(const struct way *w)
{
	struct phy_pusch_result result;

	phy_harq_reset(harq);
	return phy_pusch_receive(receiver, &kern, &plan, SLOT, antennas, w->antennas, harq, back, &result) &&
	       result.ok && memcmp(tb, back, plan.sch.a / 8) == 0;
}

/* MRC: interference of power 1 counts as noise that antennas do not have in common. */
static bool added_up(const struct way *w)
{
	float power = 1 + (float)pow(10, -w->snr_db / 10);
	struct phy_sch_result result;
	size_t n = 0;

	for (unsigned l = 0; l < 14; l++) {
		unsigned runs = plan.plan.start[l + 1] - plan.plan.start[l];

		for (unsigned k = 0; runs > 0 && k < PRBS * 12; k++, n++) {
			unsigned at = l * PRBS * 12 + k;
			struct phy_cf sum = { 0, 0 };
			float gain = 0;

			for (unsigned a = 0; a < w->antennas; a++) {
				struct phy_cf y = got[a][at], g = h[a][at];

				sum.re += y.re * g.re + y.im * g.im;
				sum.im += y.im * g.re - y.re * g.im;
				gain += g.re * g.re + g.im * g.im;
			}
			x[n] = (struct phy_cf){ sum.re / gain, sum.im / gain };
			noise[n] = power / gain;
		}
	}
	assert_int_equal(n * plan.sch.q_m, plan.sch.g);
	phy_demap(&kern, plan.modulation, llr, x, noise, n);
	phy_descramble_llr(&kern, llr, plan.sch.g, (uint32_t)plan.config.rnti << 15 | plan.config.n_id);
	phy_harq_reset(harq);
	return phy_sch_decode(decoder, &kern, &plan.sch, ITERATIONS, llr, harq, back, &result) && result.ok &&
	       memcmp(tb, back, plan.sch.a / 8) == 0;
}

/* Of so many slots those that came, with either receiver. */
static void run(const struct way *w, unsigned slots, unsigned *ours, unsigned *theirs)
{
	open_bed(w);
	plan_of(w->mcs);
	*ours = *theirs = 0;
	for (unsigned t = 0; t < slots; t++) {
		uint64_t random = t;

		learn(w, 500 + t);
		blocks_draw_bits(&random, tb, plan.sch.a);
		memset(sent, 0, sizeof(sent));
		assert_true(phy_pusch_send(sender, &kern, &plan, SLOT, tb, &port));
		assert_true(air_block(air, 500 + t));
		air_pass_array(air, &kern, &port, antennas, SLOT, 0, 14);
		*ours += received(w);
		*theirs += added_up(w);
	}
}

static void test_rejection(void **state)
{
	static const struct way ways[] = { { CHANNEL_TDL_A, 30, 20, 2, 10 },
		{ CHANNEL_TDL_C, 300, 24, 2, 10 }, { CHANNEL_TDL_A, 30, 16, 4, 14 },
		{ CHANNEL_TDL_C, 300, 16, 4, 14 } };

	for (unsigned i = 0; i < ARRAY_LEN(ways); i++) {
		unsigned ours, theirs;

		run(&ways[i], SLOTS, &ours, &theirs);
		print_message(
			"%u antennas: %u of %u slots with interference rejected, %u with antennas added up\n",
			ways[i].antennas, ours, SLOTS, theirs);
		assert_true(ours >= 0.8 * SLOTS && theirs <= 0.5 * SLOTS);
	}
}

static int full(void)
{
	for (unsigned n = 2; n <= 4; n += 2)
		for (double snr = 0; snr <= 28; snr += 4) {
			const struct way w = { CHANNEL_TDL_C, 300, snr, n, 10 };
			unsigned ours, theirs;

			run(&w, 400, &ours, &theirs);
			printf("%u antennas, %2.0f dB: %u and %u of 400\n", n, snr, ours, theirs);
		}
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rejection) };

	kern_init(&kern, KERN_LEVELS - 1);
	filters = phy_chest_filters_new();
	dfts = phy_dfts_new();
	sender = dfts ? phy_pusch_sender_new(dfts) : NULL;
	receiver = filters && dfts ? phy_pusch_receiver_new(filters, dfts, ANTENNAS, 1) : NULL;
	decoder = phy_sch_decoder_new();
	harq = phy_harq_new(SEGMENT_A_MAX);
	if (!sender || !receiver || !decoder || !harq)
		return 1;
	return argc > 1 && strcmp(argv[1], "--full") == 0 ? full()
							  : cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * What estimating the channel costs where it hurts most: 256QAM of four layers at four antennas with medium
 * correlation (TDL-A, 30 ns, 10 Hz, 35 dB). The same slots go to our receiver and to one that is told the
 * channel and the noise, at each MCS of the table; what a link carries that takes the best of them is
 * compared.
 * --full [n]: n slots of 106 blocks, with low and medium A correlation too.
 */
#include <math.h>
#include <stdlib.h>

#include "base/test.h"
#include "radio/phy/channels/pdsch.h"
#include "sim/blocks/parts.h"

enum { ANTENNAS = 4, MU = 1, SLOT = 3, MCS_N = 28, ITERATIONS = 20, RE_MAX = 106 * 12 * 14 };

static const double SNR_DB = 35, SHARE = 0.95;

static struct kern kern;
static struct air *air, *quiet; /* the second has no noise */
static struct phy_chest_filters *filters;
static struct phy_pdsch_sender *sender;
static struct phy_pdsch_receiver *receiver;
static struct phy_sch_decoder *decoder;
static struct phy_harq *harq;
static struct phy_cf sent[ANTENNAS][RE_MAX], got[ANTENNAS][RE_MAX], h[ANTENNAS][ANTENNAS][RE_MAX];
static struct phy_grid ports[ANTENNAS], antennas[ANTENNAS];
static uint8_t tb[SEGMENT_A_MAX / 8 + 8], back[SEGMENT_A_MAX / 8 + 8];
static int8_t llr[RE_MAX * ANTENNAS * 8];

static void open_bed(enum channel_correlation correlation, unsigned prbs)
{
	const struct blocks_air c = { .profile = CHANNEL_TDL_A,
		.delay_spread_ns = 30,
		.doppler_hz = 10,
		.correlation = correlation,
		.delay_samples = 8 /* what arrives early by interpolation stays within the prefix */ };
	const struct phy_ofdm_config ofdm = { .mu = MU, .prbs = prbs };
	const char *why;

	for (unsigned a = 0; a < ANTENNAS; a++) {
		ports[a] = (struct phy_grid){ sent[a], (uint16_t)prbs, 0, 14 };
		antennas[a] = (struct phy_grid){ got[a], (uint16_t)prbs, 0, 14 };
	}
	air_free(air);
	air_free(quiet);
	air = air_new_array(&c, &ofdm, ANTENNAS, ANTENNAS, &why);
	quiet = air_new_array(&c, &ofdm, ANTENNAS, ANTENNAS, &why);
	assert_true(air && quiet && air_point(air, SNR_DB, 1) && air_point(quiet, INFINITY, 1));
}

static float sign(size_t i)
{
	uint64_t state = i;

	return blocks_draw(&state) & 1 ? 1 : -1;
}

/* The channel of a slot, by a port at a time that sends signs; half, as each layer's amplitude is. */
static void learn(uint64_t seed)
{
	size_t n = ports->prbs * 12u * 14u;

	for (unsigned p = 0; p < ANTENNAS; p++) {
		memset(sent, 0, sizeof(sent));
		for (size_t i = 0; i < n; i++)
			sent[p][i].re = sign(i);
		assert_true(air_block(quiet, seed));
		air_pass_array(quiet, &kern, ports, antennas, SLOT, 0, 14);
		for (unsigned a = 0; a < ANTENNAS; a++)
			for (size_t i = 0; i < n; i++)
				h[a][p][i] = (struct phy_cf){ 0.5f * sign(i) * got[a][i].re,
					0.5f * sign(i) * got[a][i].im };
	}
}

static void send(const struct phy_pdsch *p, uint64_t seed)
{
	uint64_t random = seed;
	const uint8_t *of = tb;

	blocks_draw_bits(&random, tb, p->sch[0].a);
	memset(sent, 0, sizeof(sent));
	assert_true(phy_pdsch_send(sender, &kern, p, SLOT, &of, NULL, ports));
	for (unsigned a = 0; a < ANTENNAS; a++)
		kern.cf_scale(&sent[a]->re, &sent[a]->re, ports->prbs * 12u * 14u, 0.5f, 0);
	assert_true(air_block(air, seed));
	air_pass_array(air, &kern, ports, antennas, SLOT, 0, 14);
}

static bool received(const struct phy_pdsch *p)
{
	struct phy_pdsch_result result;
	uint8_t *to = back;

	phy_harq_reset(harq);
	return phy_pdsch_receive(receiver, &kern, p, SLOT, antennas, ANTENNAS, &harq, &to, &result) &&
	       result.ok && memcmp(tb, back, p->sch[0].a / 8) == 0;
}

/* The blocks of a symbol without estimating anything. */
static size_t equalize_known(const struct phy_pdsch *p, unsigned l, struct phy_cf *x, float *noise)
{
	static struct phy_cf rows[ANTENNAS * (ANTENNAS + 1)][12];
	const float scale = (float)pow(10, SNR_DB / 20);
	size_t n = 0;

	for (unsigned i = p->plan.start[l]; i < p->plan.start[l + 1]; i++) {
		const struct phy_re_run *run = &p->plan.runs[i];

		for (unsigned b = run->prb; b < run->prb + (unsigned)run->prbs; b++) {
			size_t at = ((size_t)l * ports->prbs + b) * 12;
			const float *y[ANTENNAS], *channel[ANTENNAS * ANTENNAS];
			struct phy_cf w[ANTENNAS];

			assert_int_equal(run->mask, PHY_RE_ALL);
			for (unsigned a = 0; a < ANTENNAS; a++) {
				struct phy_cf *to;

				y[a] = &got[a][at].re;
				w[a] = (struct phy_cf){ scale, 0 };
				for (unsigned k = 0; k < ANTENNAS; k++) {
					to = rows[a * (ANTENNAS + 1) + 1 + k];
					kern.cf_scale(&to->re, &h[a][k][at].re, 12, scale, 0);
					channel[a * ANTENNAS + k] = &to->re;
				}
			}
			kern.cf_mmse(&x[n * ANTENNAS].re, noise + n * ANTENNAS, y, &w->re, channel, ANTENNAS,
				ANTENNAS, 12);
			n += 12;
		}
	}
	return n;
}

static bool received_known(const struct phy_pdsch *p)
{
	static struct phy_cf x[RE_MAX / 14 * ANTENNAS];
	static float noise[RE_MAX / 14 * ANTENNAS];
	struct phy_sch_result result;
	size_t at = 0;

	for (unsigned l = 0; l < 14; l++) {
		size_t n = equalize_known(p, l, x, noise) * ANTENNAS;

		phy_demap(&kern, p->modulation[0], llr + at, x, noise, n);
		at += n * p->sch[0].q_m;
	}
	assert_int_equal(at, p->sch[0].g);
	phy_descramble_llr(&kern, llr, p->sch[0].g, (uint32_t)p->config.rnti << 15 | p->config.n_id);
	phy_harq_reset(harq);
	return phy_sch_decode(decoder, &kern, &p->sch[0], ITERATIONS, llr, harq, back, &result) &&
	       result.ok && memcmp(tb, back, p->sch[0].a / 8) == 0;
}

static void plan_of(struct phy_pdsch *p, unsigned prbs, unsigned mcs)
{
	struct phy_pdsch_config c = { .mu = MU,
		.bwp_prbs = (uint16_t)prbs,
		.time = { .s = 2, .l = 12 },
		.dmrs = { .additional = 1, .type_a_position = 2, .groups_without_data = 2 },
		.layers = ANTENNAS,
		.ports = { 0, 1, 2, 3 },
		.rnti = 1,
		.n_id = 7,
		.mcs_table = PHY_MCS_256QAM,
		.codeword = { { .mcs = (uint8_t)mcs } } };

	for (c.prbs.n = 0; c.prbs.n < prbs; c.prbs.n++)
		c.prbs.at[c.prbs.n] = c.prbs.n;
	assert_int_equal(phy_pdsch_init(p, &c), PHY_PDSCH_OK);
}

/* What came of each receiver, ours and that of the known channel: bits by MCS, and of a link that takes in
 * each slot the MCS that carries most. */
struct carried {
	double bits[MCS_N][2], adapted[2];
};

static void run(enum channel_correlation correlation, unsigned prbs, unsigned slots, struct carried *c)
{
	static struct phy_pdsch p;

	open_bed(correlation, prbs);
	*c = (struct carried){ 0 };
	for (unsigned t = 0; t < slots; t++) {
		double most[2] = { 0, 0 };

		learn(1000 + t);
		for (unsigned i = 0; i < MCS_N; i++) {
			plan_of(&p, prbs, i);
			send(&p, 1000 + t);
			for (unsigned whose = 0; whose < 2; whose++) {
				bool came = whose ? received_known(&p) : received(&p);

				c->bits[i][whose] += came ? p.sch[0].a : 0;
				most[whose] = came ? fmax(most[whose], p.sch[0].a) : most[whose];
			}
		}
		c->adapted[0] += most[0];
		c->adapted[1] += most[1];
	}
}

static void test_known_channel(void **state)
{
	static struct carried c;

	(void)state;
	run(CHANNEL_MEDIUM, 24, 40, &c);
	print_message("%.1f %% of a known channel's throughput\n", 100 * c.adapted[0] / c.adapted[1]);
	assert_true(c.adapted[1] > 0 && c.adapted[0] >= SHARE * c.adapted[1]);
}

static int full(unsigned slots)
{
	static const char *const names[] = { "low", "medium", "medium A" };
	static struct carried c;
	bool held = true;

	for (enum channel_correlation k = CHANNEL_LOW; k <= CHANNEL_MEDIUM_A; k++) {
		run(k, 106, slots, &c);
		for (unsigned i = 0; i < MCS_N; i++) {
			if (c.bits[i][1] > 0)
				printf("%s, MCS %2u: ours %7.1f, known %7.1f Mbit/s\n", names[k], i,
					c.bits[i][0] / slots / 500, c.bits[i][1] / slots / 500);
		}
		printf("%s: ours %.1f, known %.1f Mbit/s: %.1f %%\n", names[k], c.adapted[0] / slots / 500,
			c.adapted[1] / slots / 500, 100 * c.adapted[0] / c.adapted[1]);
		held = held && c.adapted[0] >= SHARE * c.adapted[1];
	}
	return held ? 0 : 1;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_known_channel) };

	kern_init(&kern, KERN_LEVELS - 1);
	filters = phy_chest_filters_new();
	sender = phy_pdsch_sender_new();
	receiver = filters ? phy_pdsch_receiver_new(filters, ANTENNAS, ANTENNAS) : NULL;
	decoder = phy_sch_decoder_new();
	harq = phy_harq_new(SEGMENT_A_MAX);
	if (!sender || !receiver || !decoder || !harq)
		return 1;
	if (argc > 1 && strcmp(argv[1], "--full") == 0)
		return full(argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 100);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * PDSCH end to end. --full: block error rates over SNR, and the channel estimator on fading channels. --bench:
 * the time of a slot by stage.
 */
#include <math.h>
#include <time.h>

#include "base/test.h"
#include "radio/phy/bits.h"
#include "radio/phy/pdsch_fallback.h"

enum { GRID_MAX = PHY_SYMBOLS_MAX * PHY_PRB_MAX * PHY_SC_PER_PRB };

static struct kern kern;
static struct phy_chest_filters *filters;
static struct phy_pdsch_sender *sender;
static struct phy_pdsch_receiver *receiver;
static struct phy_harq *harq;
static struct phy_pdsch plan;
static struct phy_cf grid_re[GRID_MAX];
static struct phy_grid grid;
static uint8_t tb[SEGMENT_A_MAX / 8 + 8], back[SEGMENT_A_MAX / 8 + 8];
static uint64_t seed;

static uint64_t draw(void)
{
	uint64_t z = (seed += 0x9e3779b97f4a7c15u);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

__attribute__((unused)) static unsigned pick(unsigned lo, unsigned hi)
{
	return lo + (unsigned)(draw() % (hi - lo + 1));
}

static double uniform(void)
{
	return ((double)(draw() >> 11) + 0.5) / 9007199254740992.0;
}

/* Variance 1 in all. */
static struct phy_cf gaussian(void)
{
	double r = sqrt(-log(uniform())), a = 2 * M_PI * uniform();

	return (struct phy_cf){ (float)(r * cos(a)), (float)(r * sin(a)) };
}

static void open_grid(unsigned prbs, unsigned first_crb, bool extended)
{
	grid = (struct phy_grid){ grid_re, (uint16_t)prbs, (uint16_t)first_crb, extended ? 12 : 14 };
	memset(grid_re, 0, sizeof(grid_re));
}

/* 14 symbols from 0 on, DM-RS in 2 and 11 with nothing beside it: what the FRCs of 38.104 Annex A have. */
static struct phy_pdsch_config plain_config(unsigned prbs, enum phy_mcs_table table, unsigned mcs)
{
	struct phy_pdsch_config c = { .mu = 1,
		.bwp_prbs = (uint16_t)prbs,
		.time = { .s = 0, .l = 14 },
		.dmrs = { .additional = 1, .type_a_position = 2, .groups_without_data = 2, .n_id = { 77, 78 } },
		.rnti = 0x4601,
		.n_id = 77,
		.mcs_table = table,
		.mcs = (uint8_t)mcs };

	c.prbs.n = (uint16_t)prbs;
	for (unsigned i = 0; i < prbs; i++)
		c.prbs.at[i] = (uint16_t)i;
	return c;
}

static void make_tb(void)
{
	for (size_t i = 0; i < bits_octets(plan.sch.a); i++)
		tb[i] = (uint8_t)draw();
}

static bool same_tb(void)
{
	for (uint32_t i = 0; i < plan.sch.a; i++) {
		if (bits_get(tb, i) != bits_get(back, i))
			return false;
	}
	return true;
}

/* A channel of paths: delay in parts of 1 / subcarrier spacing, Doppler in turns a symbol. */
struct path {
	double delay, turns;
	struct phy_cf gain;
};

static void pass(const struct path *paths, unsigned count, double noise)
{
	unsigned width = grid.prbs * PHY_SC_PER_PRB;
	float deviation = (float)sqrt(noise);

	for (unsigned l = 0; l < grid.symbols; l++) {
		double re[32], im[32], sre[32], sim[32];

		for (unsigned p = 0; p < count; p++) {
			double a = 2 * M_PI * paths[p].turns * l, s = -2 * M_PI * paths[p].delay;

			re[p] = paths[p].gain.re * cos(a) - paths[p].gain.im * sin(a);
			im[p] = paths[p].gain.re * sin(a) + paths[p].gain.im * cos(a);
			sre[p] = cos(s), sim[p] = sin(s);
		}
		for (unsigned k = 0; k < width; k++) {
			struct phy_cf *x = phy_grid_at(&grid, l, k), n = gaussian();
			double hr = 0, hi = 0, xr = x->re, xi = x->im;

			for (unsigned p = 0; p < count; p++) {
				double r = re[p];

				hr += re[p], hi += im[p];
				re[p] = r * sre[p] - im[p] * sim[p];
				im[p] = r * sim[p] + im[p] * sre[p];
			}
			x->re = (float)(xr * hr - xi * hi) + n.re * deviation;
			x->im = (float)(xr * hi + xi * hr) + n.im * deviation;
		}
	}
}

static const struct path flat = { 0, 0, { 1, 0 } };

/* Sends, passes, receives as another transmission into harq. */
static struct phy_pdsch_result once(unsigned slot, const struct path *paths, unsigned count, double noise)
{
	struct phy_pdsch_result result;

	assert_true(phy_pdsch_send(sender, &kern, &plan, slot, tb, &grid));
	pass(paths, count, noise);
	assert_true(phy_pdsch_receive(receiver, &kern, &plan, slot, &grid, harq, back, &result));
	return result;
}

static void test_plain(void **state)
{
	struct phy_pdsch_config c = plain_config(106, PHY_MCS_64QAM, 16);
	struct phy_pdsch_result r;

	seed = 1;
	assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_OK);
	/* G-FR1-A4-13 of 38.104 Annex A.4 */
	assert_int_equal(plan.sch.a, 38936);
	assert_int_equal(plan.sch.g, 61056);
	make_tb();
	open_grid(106, 0, false);
	phy_harq_reset(harq);
	r = once(3, &flat, 1, 0.03);
	print_message("ok %d blocks %u/%u snr %.2f power %.4f noise %.5f cfo %.1f doppler %.1f delay %.2e\n", r.ok,
		r.sch.blocks_ok, r.sch.blocks, r.channel.snr_db, r.channel.power, r.channel.noise,
		r.channel.cfo_hz, r.channel.doppler_hz, r.channel.delay_s);
	assert_true(r.ok);
	assert_true(same_tb());
}

/* Block errors of n slots. */
static double error_rate(double snr_db, unsigned n, const struct phy_pdsch_config *c, unsigned stop)
{
	unsigned lost = 0, i;

	assert_int_equal(phy_pdsch_init(&plan, c), PHY_PDSCH_OK);
	for (i = 0; i < n && lost < stop; i++) {
		seed = 1000 + i;
		make_tb();
		open_grid(c->bwp_prbs, 0, false);
		phy_harq_reset(harq);
		lost += !once(i % 20, &flat, 1, pow(10, -snr_db / 10)).ok;
	}
	return (double)lost / i;
}

static void full(void)
{
	static const struct {
		uint8_t mcs;
		double want_db;
	} points[] = { { 0, -4.7 }, { 9, 3.6 }, { 16, 9.0 }, { 20, 12.2 }, { 27, 18.9 } };

	printf("AWGN, real channel estimation, 106 PRB, 14 symbols, DM-RS type 1 in symbols 2 and 11 alone\n");
	for (size_t i = 0; i < ARRAY_LEN(points); i++) {
		struct phy_pdsch_config c = plain_config(106, PHY_MCS_64QAM, points[i].mcs);
		double snr = points[i].want_db - 2.0, rate = 1, before = 1;

		printf("MCS %u:", points[i].mcs);
		for (; rate > 0.1 && snr < points[i].want_db + 3; snr += 0.1) {
			before = rate;
			rate = error_rate(snr, 200, &c, 100);
			printf(" %.2f dB %.3f", snr, rate);
			fflush(stdout);
		}
		snr -= 0.1 + 0.1 * (log(0.1) - log(fmax(rate, 1e-3))) /
				     (log(fmax(before, 1e-3)) - log(fmax(rate, 1e-3)));
		printf("; 10%% at %.2f dB (want %.1f)\n", snr, points[i].want_db);
	}
}

static double now_us(void)
{
	return (double)clock() * 1e6 / CLOCKS_PER_SEC;
}

/* The least of several runs of `run`, in microseconds. */
static double least_us(void (*run)(void))
{
	double least = 1e9;

	for (unsigned i = 0; i < 200; i++) {
		double start = now_us(), took;

		run();
		took = now_us() - start;
		least = took < least ? took : least;
	}
	return least;
}

static struct phy_sch_encoder *encoder;
static struct phy_sch_decoder *decoder;
static struct phy_chest *chest;
static struct phy_constellation constellation;
static struct phy_cf symbols[GRID_MAX];
static float noises[GRID_MAX];
static int8_t llrs[GRID_MAX * 8], llrs_kept[GRID_MAX * 8];
static uint8_t codeword[GRID_MAX];
static struct phy_pdsch_result bench_result;
static unsigned bench_iterations;

static struct phy_chest_layout layout_of(uint16_t dmrs_symbols)
{
	return (struct phy_chest_layout){ &plan.config.dmrs, dmrs_symbols, plan.config.mu, plan.config.extended,
		plan.config.bwp_start, plan.config.bwp_prbs, plan.bands, plan.bands_n };
}

static void run_send(void)
{
	assert_true(phy_pdsch_send(sender, &kern, &plan, 3, tb, &grid));
}

static void run_encode(void)
{
	assert_true(phy_sch_encode(encoder, &kern, &plan.sch, tb, codeword));
}

static void run_scramble(void)
{
	phy_scramble_packed(&kern, codeword, plan.sch.g, 12345);
}

static void run_map(void)
{
	phy_map_packed(&kern, &constellation, symbols, codeword, plan.re);
}

static void run_receive(void)
{
	phy_harq_reset(harq);
	assert_true(phy_pdsch_receive(receiver, &kern, &plan, 3, &grid, harq, back, &bench_result));
	assert_true(bench_result.ok);
}

static void run_chest_one(void)
{
	struct phy_chest_layout l = layout_of(1 << 2);

	assert_true(phy_chest_run(chest, &kern, &l, 3, &grid, 0));
}

static void run_chest_both(void)
{
	struct phy_chest_layout l = layout_of(1 << 2 | 1 << 11);

	assert_true(phy_chest_run(chest, &kern, &l, 3, &grid, 0));
}

static void run_equalize(void)
{
	struct phy_cf *x = symbols;
	float *noise = noises, n0;

	for (unsigned l = 0; l < 14; l++) {
		const struct phy_cf *h;

		if (plan.symbol_re[l] == 0)
			continue;
		h = phy_chest_symbol(chest, &kern, l, &n0);
		kern.cf_equalize(&x->re, noise, &phy_grid_at(&grid, l, 0)->re, &h->re, n0, plan.symbol_re[l]);
		x += plan.symbol_re[l];
		noise += plan.symbol_re[l];
	}
}

static void run_demap(void)
{
	for (size_t at = 0; at < plan.re; at += 3276) /* by symbols, as the receiver does */
		phy_demap(&kern, plan.modulation, llrs + at * 8, symbols + at, noises + at, 3276);
}

static void run_descramble(void)
{
	phy_descramble_llr(&kern, llrs, plan.sch.g, (uint32_t)plan.config.rnti << 15 | plan.config.n_id);
}

static void run_decode(void)
{
	struct phy_sch_result r;

	phy_harq_reset(harq);
	assert_true(phy_sch_decode(decoder, &kern, &plan.sch, PHY_PDSCH_ITERATIONS, llrs_kept, harq, back, &r));
	assert_true(r.ok);
	bench_iterations = r.iterations / r.blocks;
}

static void bench_level(enum kern_level level)
{
	struct phy_pdsch_config c = plain_config(273, PHY_MCS_256QAM, 27);

	printf("%s, 273 PRB, 256QAM, rate 948/1024, 12 data symbols, one layer, microseconds a slot:\n",
		kern_level_name(kern_init(&kern, level)));
	assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_OK);
	(void)phy_constellation_init(&constellation, plan.modulation);
	seed = 5;
	make_tb();
	open_grid(273, 0, false);
	printf("  send %.1f: ", least_us(run_send));
	printf("encode %.1f, ", least_us(run_encode));
	printf("scramble %.1f, ", least_us(run_scramble));
	printf("map %.1f\n", least_us(run_map));
	run_send();
	pass(&flat, 1, 1e-3);
	printf("  receive at 30 dB %.1f: ", least_us(run_receive));
	printf("estimate %.1f (of one DM-RS symbol %.1f), ", least_us(run_chest_both), least_us(run_chest_one));
	run_chest_both();
	printf("equalize %.1f, ", least_us(run_equalize));
	printf("demap %.1f, ", least_us(run_demap));
	printf("descramble %.1f, ", least_us(run_descramble));
	run_demap();
	run_descramble();
	(void)bytes_copy(llrs_kept, sizeof(llrs_kept), bytes_of(llrs, plan.sch.g));
	printf("decode %.1f ", least_us(run_decode));
	printf("(%u iterations a block)\n", bench_iterations);
}

static void bench(void)
{
	encoder = phy_sch_encoder_new();
	decoder = phy_sch_decoder_new();
	chest = phy_chest_new(filters);
	for (enum kern_level level = KERN_REFERENCE; level < KERN_LEVELS; level++)
		bench_level(level);
	phy_sch_encoder_free(encoder);
	phy_sch_decoder_free(decoder);
	phy_chest_free(chest);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
	};

	kern_init(&kern, KERN_LEVELS - 1);
	filters = phy_chest_filters_new();
	sender = phy_pdsch_sender_new();
	receiver = phy_pdsch_receiver_new(filters);
	harq = phy_harq_new(SEGMENT_A_MAX);
	if (argc > 1 && strcmp(argv[1], "--full") == 0) {
		full();
		return 0;
	}
	if (argc > 1 && strcmp(argv[1], "--bench") == 0) {
		bench();
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Blocks over the air, their intervals, and the bound, against numbers known from elsewhere. */
#include <math.h>

#include "base/test.h"
#include "sim/blocks/bound.h"
#include "sim/blocks/parts.h"
#include "sim/blocks/result.h"

static uint64_t seed = 1;

static double uniform(void)
{
	uint64_t z = (seed += 0x9e3779b97f4a7c15u);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return ((double)((z ^ z >> 31) >> 11) + 0.5) / 9007199254740992.0;
}

/* A small one of each kind. */
static struct blocks_config config_of(enum blocks_kind kind)
{
	struct blocks_config c = { .kind = kind,
		.pdsch = { .mu = 1,
			.bwp_prbs = 24,
			.time = { .s = 0, .l = 14 },
			.dmrs = { .additional = 1, .type_a_position = 2, .groups_without_data = 2 },
			.rnti = 1,
			.layers = 1,
			.codeword = { { .mcs = 5 } } },
		.pusch = { .mu = 1,
			.bwp_prbs = 24,
			.time = { .s = 0, .l = 14 },
			.dmrs = { .additional = 1, .type_a_position = 2, .groups_without_data = 2 },
			.layers = 1,
			.ports = { 0, 1, 2, 3 },
			.rnti = 1,
			.mcs = 5 },
		.pucch = { .format = 3,
			.mu = 1,
			.bwp_prbs = 24,
			.second_prb = 23,
			.hopping = true,
			.prbs = 1,
			.symbols = 14,
			.rnti = 1,
			.bits = 16 },
		.antennas = 1,
		.pdcch = { .mu = 1, .n_symb = 2, .al = 4, .dci_bits = 39, .n_rb = 48 },
		.pbch_mu = 1,
		.code = { LDPC_BG2, PHY_QPSK, 1000, 20, 8, 2000 },
		.transmissions = 1,
		.seed = 1 };

	c.pdsch.prbs.n = 24;
	for (unsigned i = 0; i < 24; i++)
		c.pdsch.prbs.at[i] = (uint16_t)i;
	c.pusch.prbs = c.pdsch.prbs;
	if (kind == BLOCKS_POLAR)
		c.code.k = 40, c.code.e = 216;
	return c;
}

static struct blocks *open_blocks(const struct blocks_config *c)
{
	const char *why;
	struct blocks *b = blocks_new(c, &why);

	if (!b)
		fail_msg("refused: %s", why);
	return b;
}

static struct blocks_count run_at(const struct blocks_config *c, double snr_db, unsigned n)
{
	struct blocks *b = open_blocks(c);
	struct blocks_count count;

	assert_true(blocks_point(b, snr_db));
	blocks_run(b, n);
	count = *blocks_counts(b);
	blocks_free(b);
	assert_int_equal(count.blocks, n);
	return count;
}

/* R: prop.test(..., correct = FALSE); with none or all the bound is n / (n + z^2) by hand. */
static void test_wilson(void **state)
{
	struct blocks_interval i = blocks_wilson(5, 100);

	assert_float_equal(i.low, 0.02154368, 1e-7);
	assert_float_equal(i.high, 0.1117505, 1e-7);
	i = blocks_wilson(0, 10);
	assert_true(i.low == 0);
	assert_float_equal(i.high, 0.2775328, 1e-6);
	i = blocks_wilson(10, 10);
	assert_float_equal(i.low, 0.7224672, 1e-6);
	assert_true(i.high == 1);
	i = blocks_wilson(0, 0);
	assert_true(i.low == 0 && i.high == 1);
	/* the interval holds the truth 95 times of 100: 2000 draws of 50 at 0.1 */
	for (unsigned n = 0, in = 0; n < 2000; n++) {
		unsigned hits = 0;

		for (unsigned k = 0; k < 50; k++)
			hits += uniform() < 0.1;
		i = blocks_wilson(hits, 50);
		in += i.low <= 0.1 && i.high >= 0.1;
		if (n == 1999)
			assert_in_range(in, 1840, 1980);
	}
}

/* Shannon limits of binary codes in all textbooks: Eb/N0 of 0.187, -0.495 and 1.626 dB for rates 1/2, 1/3,
 * 3/4. */
static void test_capacity_binary(void **state)
{
	static const struct {
		double rate, eb_n0_db;
	} limits[] = { { 0.5, 0.187 }, { 1.0 / 3, -0.495 }, { 0.75, 1.626 } };
	struct bound_channel c;

	for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
		double es_n0_db = limits[i].eb_n0_db + 10 * log10(limits[i].rate);

		assert_true(bound_channel(&c, PHY_BPSK, es_n0_db));
		assert_float_equal(c.capacity, limits[i].rate, 2e-4);
		/* two of them are a symbol of QPSK, of twice the energy */
		assert_true(bound_channel(&c, PHY_QPSK, es_n0_db + 10 * log10(2)));
		assert_float_equal(c.capacity, 2 * limits[i].rate, 4e-4);
	}
	assert_true(bound_channel(&c, PHY_QPSK, 0));
	assert_float_equal(c.capacity, 0.9718, 2e-4);
}

/* The definition, over the points of the modulation as they are, by draws of noise. */
static void test_capacity_by_draws(void **state)
{
	static const double snrs_db[PHY_MODULATIONS] = { 0, 0, 1, 7, 13, 20, 26 };

	for (enum phy_modulation m = PHY_QPSK; m < PHY_MODULATIONS; m++) {
		struct phy_constellation p;
		struct bound_channel c;
		unsigned n = 30000, points;
		double first = 0, second = 0, snr = pow(10, snrs_db[m] / 10);

		assert_true(phy_constellation_init(&p, m));
		points = 1u << p.bits;
		for (unsigned i = 0; i < n; i++) {
			struct phy_cf x = p.point[(unsigned)(uniform() * points)];
			double r = sqrt(-log(uniform()) / snr), a = 2 * M_PI * uniform();
			double yr = x.re + r * cos(a), yi = x.im + r * sin(a), sum = 0, density;

			for (unsigned k = 0; k < points; k++)
				sum += exp(snr * (r * r - (yr - p.point[k].re) * (yr - p.point[k].re) -
							 (yi - p.point[k].im) * (yi - p.point[k].im)));
			density = log2(points / sum);
			first += density / n;
			second += density * density / n;
		}
		second -= first * first;
		assert_true(bound_channel(&c, m, snrs_db[m]));
		/* within four deviations of the mean, and some of the variance */
		assert_float_equal(c.capacity, first, 4 * sqrt(second / n));
		assert_float_equal(c.dispersion, second, 0.05 * second);
	}
}

static void test_capacity_limits(void **state)
{
	static const uint8_t bits[PHY_MODULATIONS] = { 1, 1, 2, 4, 6, 8, 10 };
	struct bound_channel c;

	for (enum phy_modulation m = PHY_BPSK; m < PHY_MODULATIONS; m++) {
		double last = -1;

		for (double snr_db = -30; snr_db <= 40; snr_db += 2.5) {
			assert_true(bound_channel(&c, m, snr_db));
			assert_true(c.capacity > last && c.capacity <= bits[m] + 1e-9);
			assert_true(c.capacity <= log2(1 + pow(10, snr_db / 10)));
			assert_true(c.dispersion >= 0);
			last = c.capacity - 1e-9;
		}
		assert_float_equal(c.capacity, bits[m], 1e-6);
		assert_true(bound_channel(&c, m, -30)); /* what noise of any input allows, at low SNR */
		assert_float_equal(c.capacity, log2(1 + 1e-3), 3e-6);
		assert_float_equal(c.dispersion, 2 * 1e-3 * M_LOG2E * M_LOG2E, 3e-5);
	}
	assert_false(bound_channel(&c, PHY_MODULATIONS, 0));
	assert_false(bound_channel(&c, PHY_QPSK, NAN));
}

static void test_bound(void **state)
{
	struct bound_channel c = { 0.5, 0.25 };

	/* n C - k + log2(n) / 2 is 512 - k + 5, in deviations of 16 */
	assert_float_equal(bound_error(&c, 1024, 517), 0.5, 1e-9);
	assert_float_equal(bound_error(&c, 1024, 517 - 16 * 1.2815516), 0.1, 1e-6);
	assert_float_equal(bound_error(&c, 1024, 517 + 16 * 2.3263479), 0.99, 1e-6);
	assert_float_equal(bound_error(&c, 1024, 517 - 16 * 3.0902323), 0.001, 1e-8);
	c.dispersion = 0;
	assert_true(bound_error(&c, 100, 40) == 0 && bound_error(&c, 100, 60) == 1);
	/* longer blocks of a rate need less, down to the Shannon limit */
	assert_true(bound_snr_db(PHY_QPSK, 100, 100, 1e-3) > bound_snr_db(PHY_QPSK, 1000, 1000, 1e-3));
	assert_float_equal(bound_snr_db(PHY_QPSK, 1e7, 1e7, 1e-3), 0.187, 0.02);
	for (double e = 0.9, last = -60; e > 1e-5; e /= 3) {
		double snr_db = bound_snr_db(PHY_64QAM, 500, 1500, e);

		assert_true(snr_db > last);
		assert_true(bound_channel(&c, PHY_64QAM, snr_db));
		assert_float_equal(bound_error(&c, 500, 1500), e, 1e-3 * e);
		last = snr_db;
	}
}

/* The same seed gives the same, cut into any calls and after any other point; another seed does not. */
static void test_repeats(void **state)
{
	static const double snrs_db[BLOCKS_KINDS] = { -0.8, -0.8, -7, -5.5, -6.5, 0.8, -3 };

	for (enum blocks_kind kind = 0; kind < BLOCKS_KINDS; kind++) {
		struct blocks_config c = config_of(kind);
		unsigned n = 60, differ = 0;
		struct blocks_count once = run_at(&c, snrs_db[kind], n), again;
		struct blocks *b = open_blocks(&c);

		print_message(
			"kind %u at %g dB: %u of %u lost\n", kind, snrs_db[kind], (unsigned)once.errors, n);
		assert_true(once.errors > 3 && once.errors < n - 3);
		assert_true(blocks_point(b, 1.25));
		blocks_run(b, 3);
		assert_true(blocks_point(b, snrs_db[kind]));
		for (unsigned i = 0; i < n; i++)
			blocks_run(b, 1);
		again = *blocks_counts(b);
		assert_memory_equal(&again, &once, sizeof(once));
		blocks_free(b);
		for (c.seed = 2; c.seed < 6; c.seed++)
			differ += run_at(&c, snrs_db[kind], n).errors != once.errors;
		assert_true(differ > 0);
	}
}

/* All comes where it must, and nothing where nothing can: below the bound. */
static void test_ends(void **state)
{
	for (enum blocks_kind kind = 0; kind < BLOCKS_KINDS; kind++) {
		struct blocks_config c = config_of(kind);
		struct blocks *b = open_blocks(&c);
		const struct blocks_size s = *blocks_size(b);

		blocks_free(b);
		assert_int_equal(
			run_at(&c, bound_snr_db(s.modulation, s.symbols, s.coded, 1e-6) + 5, 40).errors, 0);
		assert_int_equal(
			run_at(&c, bound_snr_db(s.modulation, s.symbols, s.coded, 0.999) - 4, 40).errors, 40);
	}
}

/* The mean power of what the air adds to a resource element, and of what it makes of the grid. */
static double noise_of(struct air *air, const struct kern *k, struct phy_grid *grid, double *power)
{
	size_t n = (size_t)grid->prbs * PHY_SC_PER_PRB * grid->symbols;
	double noise = 0;

	*power = 0;
	for (size_t i = 0; i < n; i++)
		grid->re[i] = (struct phy_cf){ i % 2 ? 1 : -1, 0 };
	air_pass(air, k, grid, 3, 0, grid->symbols);
	for (size_t i = 0; i < n; i++) {
		double re = grid->re[i].re, im = grid->re[i].im, sent = i % 2 ? 1 : -1;

		noise += ((re - sent) * (re - sent) + im * im) / (double)n;
		*power += (re * re + im * im) / (double)n;
	}
	return noise;
}

/* SNR is what it is named for, on either way and in any numerology; fading keeps the mean power. */
static void test_snr(void **state)
{
	static struct phy_cf re[PHY_SYMBOLS_MAX * 52 * PHY_SC_PER_PRB];
	struct kern k;
	const char *why;

	kern_init(&k, KERN_LEVELS - 1);
	for (unsigned i = 0; i < 10; i++) {
		struct phy_ofdm_config ofdm = { .mu = i % 4, .prbs = i % 2 ? 20 : 52 };
		struct blocks_air c = { .profile = i < 8 ? CHANNEL_AWGN : CHANNEL_TDL_C, .samples = i >= 4 };
		struct phy_grid grid = { re, (uint16_t)ofdm.prbs, 0, PHY_SYMBOLS_MAX };
		struct air *air;
		double snr_db = i < 8 ? 3.0 * i - 10 : 60, want = pow(10, -snr_db / 10), power, mean = 0;

		c.delay_spread_ns = i < 8 ? 0 : 30;
		air = air_new(&c, &ofdm, &why);
		assert_non_null(air);
		assert_true(air_point(air, snr_db, i));
		if (i < 8) /* 3360 values or more: 5 deviations */
			assert_float_equal(noise_of(air, &k, &grid, &power), want, 0.09 * want);
		for (unsigned n = 0; n < 1000 && i >= 8; n++) {
			assert_true(air_block(air, n));
			noise_of(air, &k, &grid, &power);
			mean += power / 1000;
		}
		if (i >= 8)
			assert_float_equal(mean, 1, 0.12);
		air_free(air);
	}
}

/* Noise on resource elements and on samples is the same noise. */
static void test_grid_and_samples(void **state)
{
	struct blocks_config c = config_of(BLOCKS_PDSCH);
	struct blocks_count grid = run_at(&c, -0.8, 400), samples;
	struct blocks_interval a = blocks_wilson(grid.errors, grid.blocks), b;

	c.air.samples = true;
	samples = run_at(&c, -0.8, 400);
	b = blocks_wilson(samples.errors, samples.blocks);
	print_message("on the grid %u, in samples %u of 400 lost\n", (unsigned)grid.errors,
		(unsigned)samples.errors);
	assert_true(a.low < b.high && b.low < a.high);
	assert_in_range(grid.errors, 60, 340);
}

/* PUSCH loses what PDSCH does; two antennas are worth 3 dB; layers that stand apart cost what they share in
 * power. */
static void test_antennas(void **state)
{
	static const struct {
		unsigned layers, antennas;
		double snr_db;
	} cases[] = { { 1, 1, -0.8 }, { 1, 2, -3.8 }, { 1, 4, -6.8 }, { 2, 2, -0.8 }, { 4, 4, -0.8 },
		{ 2, 8, -6.8 } };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct blocks_config c = config_of(BLOCKS_PUSCH);
		unsigned low, high;

		c.pusch.layers = (uint8_t)cases[i].layers;
		c.antennas = (uint8_t)cases[i].antennas;
		low = (unsigned)run_at(&c, cases[i].snr_db - 1, 40).errors;
		high = (unsigned)run_at(&c, cases[i].snr_db + 1, 40).errors;
		print_message("%u layers, %u antennas: %u lost 1 dB below, %u above\n", cases[i].layers,
			cases[i].antennas, low, high);
		assert_in_range(low, 25, 40);
		assert_in_range(high, 0, 8);
	}
}

/* Offsets and fading that the receiver must bear, with some dB more. */
static void test_air(void **state)
{
	static const struct blocks_air airs[] = {
		{ .cfo_hz = 300 },
		{ .delay_samples = 8 },
		{ .cfo_hz = -200, .delay_samples = -4 },
		{ .profile = CHANNEL_TDLA30, .doppler_hz = 10 },
		{ .profile = CHANNEL_TDL_D, .delay_spread_ns = 100, .doppler_hz = 70 },
	};

	for (size_t i = 0; i < ARRAY_LEN(airs); i++) {
		struct blocks_config c = config_of(BLOCKS_PDSCH);

		c.air = airs[i];
		assert_in_range(run_at(&c, airs[i].profile ? 25 : 2, 40).errors, 0, airs[i].profile ? 2 : 0);
	}
	/* a timing offset of more than the prefix is not borne: the offset is real */
	struct blocks_config late = config_of(BLOCKS_PDSCH);
	late.air.delay_samples = 300;
	assert_int_equal(run_at(&late, 10, 10).errors, 10);
}

/* Soft combining: where one transmission never does, four do; and the counts show how many were sent. */
static void test_harq(void **state)
{
	static const enum blocks_kind kinds[] = { BLOCKS_PDSCH, BLOCKS_PBCH, BLOCKS_LDPC };
	static const double snrs_db[] = { -3.5, -9.4, -2.5 };

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct blocks_config c = config_of(kinds[i]);
		struct blocks_count alone = run_at(&c, snrs_db[i], 30), all;
		struct blocks_result r;

		assert_true(alone.errors > 25 && alone.sent == 30);
		c.transmissions = 4;
		all = run_at(&c, snrs_db[i], 30);
		if (all.errors >= 3)
			fail_msg("kind %zu: %llu of 30 lost", i, (unsigned long long)all.errors);
		assert_true(all.sent > 45 && all.sent <= 120);
		assert_true(all.sent_squared >= all.sent * all.sent / 30);
		r = blocks_result(&all);
		assert_float_equal(r.share, (30.0 - (double)all.errors) / (double)all.sent, 1e-12);
		assert_true(r.share_95.low < r.share && r.share_95.high >= r.share);
	}
}

/* Redundancy that is new gains more than the 3 dB of the same once more: at rate 0.93 it makes 0.46. */
static void test_redundancy(void **state)
{
	struct blocks_config c = config_of(BLOCKS_PDSCH);

	c.pdsch.codeword[0].mcs = 28;
	c.transmissions = 2;
	assert_in_range(run_at(&c, 13.5, 20).errors, 0, 1); /* one alone needs 19.5 dB */
	c = config_of(BLOCKS_LDPC);
	c.code.k = 3840, c.code.e = 4200;
	c.transmissions = 2;
	assert_in_range(run_at(&c, 2, 20).errors, 0, 1); /* and here more than 6 */
}

/*
 * An oscillator whose phase has a deviation of a third of a radian and turns within a few symbols: PT-RS of
 * every symbol follow it, in both channels and with transform
 * precoding; without them hardly a block comes.
 */
static void test_phase_noise(void **state)
{
	static const enum blocks_kind kinds[] = { BLOCKS_PDSCH, BLOCKS_PUSCH, BLOCKS_PUSCH };
	static const struct phy_ptrs_config ptrs = { 1, 2, 0, false, { 4, 2 } };

	for (unsigned i = 0; i < 6; i++) {
		struct blocks_config c = config_of(kinds[i / 2]);
		unsigned lost;

		c.pdsch.mu = c.pusch.mu = 3;
		c.pdsch.codeword[0].mcs = c.pusch.mcs = 18;
		if (i / 2 == 2) {
			c.pusch.transform_precoding = true;
			c.pusch.mcs_table = PHY_MCS_TP_64QAM;
		}
		c.air.phase_noise_dbc_hz = -51;
		c.air.phase_noise_corner_hz = 5e3;
		if (i % 2)
			c.pdsch.ptrs = c.pusch.ptrs = ptrs;
		lost = (unsigned)run_at(&c, 25, 12).errors;
		print_message("%s PT-RS: %u of 12 lost\n", i % 2 ? "with" : "without", lost);
		assert_true(i % 2 ? lost <= 1 : lost >= 8);
	}
}

/* To wait is the same as to send nothing for as long. */
static void test_wait(void **state)
{
	enum { PRBS = 20, RES = PHY_SYMBOLS_MAX * PRBS * PHY_SC_PER_PRB };
	static struct phy_cf re[3][RES];
	struct phy_ofdm_config ofdm = { .mu = 1, .prbs = PRBS };
	struct blocks_air c = { .profile = CHANNEL_TDL_A, .doppler_hz = 300 };
	double off = 0, moved = 0;
	struct kern k;
	const char *why;

	kern_init(&k, KERN_LEVELS - 1);
	for (unsigned way = 0; way < 3; way++) {
		struct air *air = air_new(&c, &ofdm, &why);
		struct phy_grid grid = { re[way], PRBS, 0, PHY_SYMBOLS_MAX };

		assert_non_null(air);
		assert_true(air_point(air, 100, 1) && air_block(air, 7));
		air_pass(air, &k, &grid, 1, 0, 14);
		if (way == 0) {
			memset(re[0], 0, sizeof(re[0]));
			air_pass(air, &k, &grid, 1, 0, 14);
		} else if (way == 1) {
			air_wait(air, (phy_ofdm_slot_samples(&air->ofdm, 1) + CHANNEL_LATENCY + 0.5) /
					      (30e3 * air->ofdm.config.fft_size));
		}
		for (unsigned i = 0; i < RES; i++)
			re[way][i] = (struct phy_cf){ i % 2 ? 1 : -1, 0 };
		air_pass(air, &k, &grid, 1, 0, 14);
		air_free(air);
	}
	for (unsigned i = 0; i < RES; i++) {
		off += hypot(re[0][i].re - re[1][i].re, re[0][i].im - re[1][i].im) / RES;
		moved += hypot(re[0][i].re - re[2][i].re, re[0][i].im - re[2][i].im) / RES;
	}
	assert_true(off < 1e-3); /* the noise, -100 dB, is another one at most */
	assert_true(moved > 0.05);
}

static void test_result(void **state)
{
	/* 90 blocks in one transmission each, 10 in two */
	const struct blocks_count c = { 100, 0, 110, 130, 110 };
	const struct blocks_count lost = { 40, 40, 40, 40, 0 };
	struct blocks_result r = blocks_result(&c);
	struct blocks_size s = { .bits = 1000, .symbols = 500, .slot_s = 0.5e-3 };

	assert_float_equal(r.share, 100.0 / 110, 1e-12);
	/* by hand: 100 - 2 * 0.90909 * 110 + 0.82645 * 130 = 7.438; 1.96 * 2.7273 / 110 = 0.04859; below, the
	 * interval of no error of 100 reaches further: 0.96300 / 1.1 */
	assert_float_equal(r.share_95.low, 0.86050, 1e-4);
	assert_float_equal(r.share_95.high, 0.95769, 1e-4);
	r = blocks_result(&lost);
	assert_true(r.share == 0 && r.share_95.low == 0 && r.bler == 1);
	assert_float_equal(r.share_95.high, 1 - 40 / (40 + 3.841459), 1e-6);
	assert_float_equal(
		blocks_full_rate(BLOCKS_PDSCH, &s), 2, 1e-12); /* 1000 bits in half a millisecond */
	assert_float_equal(blocks_full_rate(BLOCKS_PDCCH, &s), 2, 1e-12); /* 1000 bits in 500 symbols */
	r = blocks_result(&(struct blocks_count){ 0 });
	assert_true(r.bler == 0 && r.share == 0);
}

static void test_stop(void **state)
{
	const struct blocks_stop stop = { 10000, 100, 1e-3 };

	assert_false(blocks_enough(&(struct blocks_count){ 0 }, &stop));
	assert_false(blocks_enough(&(struct blocks_count){ 39, 39 }, &stop));
	assert_true(blocks_enough(&(struct blocks_count){ 40, 40 }, &stop));
	assert_false(blocks_enough(&(struct blocks_count){ 5000, 99 }, &stop));
	assert_true(blocks_enough(&(struct blocks_count){ 5000, 100 }, &stop));
	assert_true(blocks_enough(&(struct blocks_count){ 10000, 50 }, &stop));
	assert_false(blocks_enough(&(struct blocks_count){ 3800, 0 }, &stop));
	assert_true(blocks_enough(&(struct blocks_count){ 3840, 0 }, &stop)); /* 3.8415 / 1e-3 less that */
}

static void test_refused(void **state)
{
	const char *why;
	struct blocks_config c;

#define REFUSED(kind, ...)                                                                                   \
	do {                                                                                                 \
		c = config_of(kind);                                                                         \
		__VA_ARGS__;                                                                                 \
		why = NULL;                                                                                  \
		assert_null(blocks_new(&c, &why));                                                           \
		assert_non_null(why);                                                                        \
		assert_true(strcmp(why, "out of memory") != 0);                                              \
	} while (0)
	REFUSED(BLOCKS_KINDS, (void)0);
	for (enum blocks_kind kind = 0; kind < BLOCKS_KINDS; kind++) {
		REFUSED(kind, c.transmissions = 0);
		REFUSED(kind, c.transmissions = 5);
		REFUSED(kind, c.air.profile = CHANNEL_PROFILES);
		REFUSED(kind, c.air.cfo_hz = NAN);
		REFUSED(kind, c.air.cfo_hz = 1e12);
		REFUSED(kind, c.air.doppler_hz = 5);
		REFUSED(kind, c.air.delay_samples = 2000);
		REFUSED(kind, c.air.delay_spread_ns = 100);
	}
	REFUSED(BLOCKS_PDSCH, c.pdsch.codeword[0].mcs = 30);
	assert_string_equal(why, phy_pdsch_error_text(PHY_PDSCH_KEPT));
	REFUSED(BLOCKS_PDSCH, c.air.phase_noise_corner_hz = -1);
	REFUSED(BLOCKS_PDSCH, c.pdsch.mu = 7);
	REFUSED(BLOCKS_PDCCH, c.transmissions = 2);
	REFUSED(BLOCKS_PDCCH, c.pdcch.al = 3);
	REFUSED(BLOCKS_PDCCH, c.pdcch.n_rb = 276);
	REFUSED(BLOCKS_PDCCH, c.pdcch.n_rb = 12, c.pdcch.n_symb = 1);
	REFUSED(BLOCKS_PDCCH, c.pdcch.dci_bits = 141);
	REFUSED(BLOCKS_PDCCH, c.pdcch.dci_bits = 90, c.pdcch.al = 1);
	REFUSED(BLOCKS_PDCCH, c.pdcch.mu = 4);
	REFUSED(BLOCKS_PBCH, c.pbch_mu = 2);
	REFUSED(BLOCKS_LDPC, c.code.k = 3841);
	REFUSED(BLOCKS_LDPC, c.code.k = 24);
	REFUSED(BLOCKS_LDPC, c.code.bg = 3);
	REFUSED(BLOCKS_LDPC, c.code.e = 999);
	REFUSED(BLOCKS_LDPC, c.code.e = 1000000);
	REFUSED(BLOCKS_LDPC, c.code.modulation = PHY_256QAM, c.code.e = 2001);
	REFUSED(BLOCKS_LDPC, c.code.modulation = PHY_MODULATIONS);
	REFUSED(BLOCKS_LDPC, c.code.iterations = 0);
	REFUSED(BLOCKS_POLAR, c.code.k = 141);
	REFUSED(BLOCKS_POLAR, c.code.list = 9);
	REFUSED(BLOCKS_POLAR, c.code.e = 60);
	REFUSED(BLOCKS_POLAR, c.code.e = 217);
	c = config_of(BLOCKS_LDPC);
	struct blocks *b = open_blocks(&c);
	assert_false(blocks_point(b, NAN));
	assert_false(blocks_point(b, 101));
	blocks_free(b);
	blocks_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wilson),
		cmocka_unit_test(test_capacity_binary),
		cmocka_unit_test(test_capacity_by_draws),
		cmocka_unit_test(test_capacity_limits),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_snr),
		cmocka_unit_test(test_grid_and_samples),
		cmocka_unit_test(test_antennas),
		cmocka_unit_test(test_air),
		cmocka_unit_test(test_harq),
		cmocka_unit_test(test_redundancy),
		cmocka_unit_test(test_phase_noise),
		cmocka_unit_test(test_wait),
		cmocka_unit_test(test_result),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * The channel between several antennas: correlation against the matrices of the standards, clustered delay
 * lines against their angles, trains against the Doppler shift of TS 38.104 G.3, written out once more here.
 */
#include "base/test.h"

#include <complex.h>
#include <math.h>

#include "sim/channel/internal.h"

enum { N = CHANNEL_ANTENNAS_MAX, SEEDS = 400 };

typedef double complex matrix[N][N];

/* The flat channel at rest of a seed, [receiver][sender]: each antenna sends once, one after the other. */
static void flat(const struct channel_config *c, matrix h)
{
	enum { APART = 2 * CHANNEL_LATENCY, LEN = N * APART };
	static struct phy_cf sent[N][LEN], heard[N][LEN];
	struct channel *ch = channel_new(c);
	struct phy_cf *out[N];
	const struct phy_cf *in[N];

	assert_non_null(ch);
	for (unsigned i = 0; i < N; i++) {
		sent[i][i * APART] = (struct phy_cf){ 1, 0 };
		in[i] = sent[i];
		out[i] = heard[i];
	}
	channel_run(ch, out, in, c->tx * APART);
	for (unsigned k = 0; k < (unsigned)c->tx * c->rx; k++) {
		struct phy_cf g = heard[k / c->tx][k % c->tx * APART + CHANNEL_LATENCY];

		h[k / c->tx][k % c->tx] = g.re + I * g.im;
	}
	channel_free(ch);
}

/* Over seeds, what a pair of antennas has in common with another is the product of both ends' rows. */
static void correlations(bool uplink, enum channel_correlation level, unsigned tx, unsigned rx,
	const double *of_tx, const double *of_rx)
{
	static double complex sum[N * N][N * N];
	struct channel_config c = { .profile = CHANNEL_TDLA30,
		.correlation = level,
		.uplink = uplink,
		.tx = (uint8_t)tx,
		.rx = (uint8_t)rx,
		.rate_hz = 1e5, /* 300 ns are nothing */
		.snr_db = INFINITY };
	matrix h;

	memset(sum, 0, sizeof(sum));
	for (c.seed = 0; c.seed < SEEDS; c.seed++) {
		flat(&c, h);
		for (unsigned a = 0; a < tx * rx; a++)
			for (unsigned b = 0; b < tx * rx; b++)
				sum[a][b] += h[a / tx][a % tx] * conj(h[b / tx][b % tx]) / SEEDS;
	}
	for (unsigned a = 0; a < tx * rx; a++) {
		for (unsigned b = 0; b < tx * rx; b++) {
			unsigned dt = (unsigned)abs((int)(a % tx) - (int)(b % tx)),
				 dr = (unsigned)abs((int)(a / tx) - (int)(b / tx));

			if (cabs(sum[a][b] - of_tx[dt] * of_rx[dr]) > 0.22)
				fail_msg("%u and %u: %.3f, %.3f expected", a, b, creal(sum[a][b]),
					of_tx[dt] * of_rx[dr]);
		}
	}
}

/* The rows of TS 38.104 Tables G.2.3.1.1-1 and -2 with 0.9 and 0.3: to the power of 1, 1/9, 4/9, 1/49 to
 * 36/49. */
static void test_correlation(void **state)
{
	static const double none[N] = { 1 }, two_9[] = { 1, 0.9 }, two_3[] = { 1, 0.3 };
	static const double four_9[] = { 1, 0.9884, 0.9542, 0.9 }, four_3[] = { 1, 0.8748, 0.5856, 0.3 };
	static const double eight_9[] = { 1, 0.9979, 0.9914, 0.9808, 0.9662, 0.9477, 0.9255, 0.9 };

	correlations(true, CHANNEL_LOW, 2, 4, none, none);
	correlations(true, CHANNEL_MEDIUM, 2, 4, two_3, four_9);
	correlations(false, CHANNEL_MEDIUM, 4, 2, four_3, two_9);
	correlations(true, CHANNEL_HIGH, 4, 4, four_9, four_9);
	correlations(true, CHANNEL_HIGH, 1, 8, none, eight_9);
	correlations(false, CHANNEL_MEDIUM_A, 2, 2, two_3, (const double[]){ 1, 0.3874 });
}

static void root_is(unsigned n, double rho, const double *row)
{
	double root[N][N];

	channel_correlation_root(root, n, rho);
	for (unsigned i = 0; i < n; i++) {
		for (unsigned j = 0; j <= i; j++) {
			double sum = 0;

			for (unsigned k = 0; k < n; k++)
				sum += root[i][k] * root[j][k];
			assert_true(fabs(sum - row[i - j]) < 6e-5);
		}
	}
}

/* The same matrices to four digits. */
static void test_root(void **state)
{
	root_is(1, 0.9, (const double[]){ 1 });
	root_is(2, 0.3874, (const double[]){ 1, 0.3874 });
	root_is(4, 0.9, (const double[]){ 1, 0.9884, 0.9542, 0.9 });
	root_is(4, 0.3, (const double[]){ 1, 0.8748, 0.5856, 0.3 });
	root_is(8, 0.9, (const double[]){ 1, 0.9979, 0.9914, 0.9808, 0.9662, 0.9477, 0.9255, 0.9 });
	root_is(8, 0, (const double[]){ 1, 0, 0, 0, 0, 0, 0, 0 });
}

/* What stands still between several antennas carries as many streams as there are. */
static void test_straight(void **state)
{
	static const uint8_t sizes[][2] = { { 1, 1 }, { 1, 4 }, { 2, 2 }, { 2, 4 }, { 4, 4 }, { 4, 2 },
		{ 8, 8 } };

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct channel_config c = {
			.tx = sizes[i][0], .rx = sizes[i][1], .rate_hz = 1e6, .snr_db = INFINITY
		};
		unsigned most = c.rx > c.tx ? c.rx : c.tx;
		matrix h;

		flat(&c, h);
		for (unsigned a = 0; a < c.tx && c.rx == most; a++) {
			for (unsigned b = 0; b < c.tx; b++) {
				double complex dot = 0;

				for (unsigned r = 0; r < c.rx; r++)
					dot += h[r][a] * conj(h[r][b]);
				assert_true(cabs(dot - (a == b ? c.rx : 0)) < 1e-5);
			}
		}
		for (unsigned r = 0; r < c.rx; r++)
			for (unsigned t = 0; t < c.tx; t++)
				assert_true(fabs(cabs(h[r][t]) - 1) < 1e-6);
	}
}

/* Each antenna has noise of its own, of the same power, and the sum of all that is sent. */
static void test_noise_of_each(void **state)
{
	enum { LEN = 20000 };
	static struct phy_cf nothing[LEN], heard[3][LEN];
	struct channel_config c = {
		.tx = 1, .rx = 3, .rate_hz = 1e6, .snr_db = 3, .signal_power = 2, .seed = 4
	};
	struct phy_cf *out[] = { heard[0], heard[1], heard[2] };
	const struct phy_cf *in = nothing;
	struct channel *ch = channel_new(&c);

	channel_run(ch, out, &in, LEN);
	channel_free(ch);
	for (unsigned a = 0; a < 3; a++) {
		for (unsigned b = 0; b <= a; b++) {
			double dot = 0;

			for (unsigned i = 0; i < LEN; i++)
				dot += (heard[a][i].re * heard[b][i].re + heard[a][i].im * heard[b][i].im) /
				       LEN;
			assert_true(fabs(dot - (a == b ? 2 * pow(10, -0.3) : 0)) < 0.04);
		}
	}
}

/* The mean over rays of what two antennas half a wavelength apart see of a cluster, by its angles and spread.
 */
static double complex of_cluster(const struct channel_cluster *cl, double c_as, double c_zs, bool gnb)
{
	static const double offsets[] = { 0.0447, 0.1413, 0.2492, 0.3715, 0.5129, 0.6797, 0.8844, 1.1481,
		1.5195, 2.1551 };
	double complex sum = 0;

	for (unsigned a = 0; a < 20; a++) {
		for (unsigned z = 0; z < 20; z++) {
			double azimuth = (gnb ? cl->aod : cl->aoa) + (a % 2 ? -1 : 1) * offsets[a / 2] * c_as,
			       zenith = (gnb ? cl->zod : cl->zoa) + (z % 2 ? -1 : 1) * offsets[z / 2] * c_zs;

			sum += cexp(-I * M_PI * sin(azimuth * M_PI / 180) * sin(zenith * M_PI / 180)) / 400;
		}
	}
	return sum;
}

/* Three antennas at the UE, one at the gNB, or the other way: all of one polarization. */
static void test_clusters(void **state)
{
	for (unsigned profile = CHANNEL_CDL_A; profile <= CHANNEL_CDL_E; profile += 2) {
		const struct channel_paths *p = channel_paths_of(profile);

		for (unsigned gnb = 0; gnb < 2; gnb++) {
			struct channel_config c = { .profile = profile,
				.tx = 1,
				.rx = 3,
				.uplink = gnb,
				.rate_hz = 1e5,
				.snr_db = INFINITY };
			double complex want = 0, have = 0;
			double total = 0, power = 0;
			matrix h;

			for (unsigned i = 0; i < p->count; i++) {
				double w = pow(10, p->taps[i].power_db / 10);
				bool los = p->taps[i].los;

				want += w * of_cluster(&p->clusters[i],
						    los   ? 0
						    : gnb ? p->c_asd
							  : p->c_asa,
						    los   ? 0
						    : gnb ? p->c_zsd
							  : p->c_zsa,
						    gnb);
				total += w;
			}
			for (c.seed = 0; c.seed < 2 * SEEDS; c.seed++) {
				flat(&c, h);
				have += h[0][0] * conj(h[1][0]) / (2 * SEEDS);
				power += cabs(h[2][0] * h[2][0]) / (2 * SEEDS);
			}
			assert_true(cabs(have - want / total) < 0.13);
			assert_true(fabs(power - 1) < 0.13);
		}
	}
}

/* Crossed antennas: the mean over all pairs is 1, and what keeps its polarization is the stronger by XPR. */
static void test_crossed(void **state)
{
	struct channel_config c = {
		.profile = CHANNEL_CDL_C, .tx = 2, .rx = 2, .rate_hz = 1e5, .snr_db = INFINITY
	};
	double mean = 0;
	double complex across = 0;
	matrix h;

	for (c.seed = 0; c.seed < SEEDS; c.seed++) {
		flat(&c, h);
		for (unsigned k = 0; k < 4; k++)
			mean += cabs(h[k / 2][k % 2] * h[k / 2][k % 2]) / (4 * SEEDS);
		across += h[0][0] * conj(h[1][0]) / SEEDS;
	}
	assert_true(fabs(mean - 1) < 0.13);
	assert_true(cabs(across) < 0.2); /* the two of the UE have nothing in common */
}

/* The frequency that a train's tone has at each moment is f_D cos(theta). */
static void trains(
	enum channel_profile profile, double d_s, double d_min, double speed_kmh, double f_d, bool past)
{
	enum { PART = 1000, PARTS = 4000 };
	struct channel_config c = { .profile = profile,
		.rate_hz = 8e6,
		.doppler_hz = f_d,
		.speed_kmh = speed_kmh,
		.snr_db = INFINITY };
	static struct phy_cf ones[PART], heard[PART];
	const struct phy_cf *in = ones;
	struct phy_cf *out = heard;
	double v = speed_kmh / 3.6, start_s, passes_s = (past ? 1.5 : 0.5) * d_s / v;
	struct channel *ch;

	do { /* a seed whose train is about to pass a site */
		uint64_t random = ++c.seed;

		start_s = fmod(channel_uniform(&random) * 1e3, 2 * d_s / v);
	} while (start_s > passes_s || start_s < passes_s - 0.25);
	ch = channel_new(&c);
	assert_non_null(ch);
	for (unsigned i = 0; i < PART; i++)
		ones[i] = (struct phy_cf){ 1, 0 };
	for (unsigned p = 0; p < PARTS; p++) {
		double t = fmod(start_s + (p + 0.5) * PART / c.rate_hz, 2 * d_s / v), x, f;
		double complex a, b;

		channel_run(ch, &out, &in, PART);
		x = t <= d_s / v ? d_s / 2 - v * t : -1.5 * d_s + v * t;
		a = heard[100].re + I * heard[100].im;
		b = heard[PART - 1].re + I * heard[PART - 1].im;
		f = carg(b * conj(a)) / (2 * M_PI) * c.rate_hz / (PART - 101);
		assert_true(p == 0 || fabs(f - f_d * x / hypot(d_min, x)) < 8);
		assert_true(p == 0 || fabs(cabs(b) - 1) < 0.003);
	}
	channel_free(ch);
}

static void test_trains(void **state)
{
	trains(CHANNEL_TRAIN_OPEN, 700, 150, 350, 1340, false);
	trains(CHANNEL_TRAIN_TUNNEL, 300, 2, 500, 3334, false);
	trains(CHANNEL_TRAIN_TUNNEL, 300, 2, 500, 3334, true);
}

static void test_refused(void **state)
{
	const struct channel_config fine = {
		.profile = CHANNEL_TDLB100, .tx = 2, .rx = 2, .rate_hz = 1e6, .snr_db = INFINITY
	};
	struct channel_config c = fine;

	c.tx = 9;
	assert_null(channel_new(&c));
	c = fine;
	c.correlation = CHANNEL_CORRELATIONS;
	assert_null(channel_new(&c));
	c = fine;
	c.correlation = CHANNEL_MEDIUM_A;
	c.uplink = true; /* TS 38.104 has none */
	assert_null(channel_new(&c));
	c.profile = CHANNEL_CDL_A;
	c.correlation = CHANNEL_HIGH; /* follows from its angles */
	assert_null(channel_new(&c));
	c = fine;
	c.speed_kmh = 350; /* no train */
	assert_null(channel_new(&c));
	c.profile = CHANNEL_TRAIN_OPEN;
	c.speed_kmh = 0;
	assert_null(channel_new(&c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_correlation),
		cmocka_unit_test(test_root),
		cmocka_unit_test(test_straight),
		cmocka_unit_test(test_noise_of_each),
		cmocka_unit_test(test_clusters),
		cmocka_unit_test(test_crossed),
		cmocka_unit_test(test_trains),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

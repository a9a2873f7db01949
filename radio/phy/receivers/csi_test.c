/* Measurements from CSI-RS against what was put in, and reports against channels whose best precoder is
 * known. */
#include "base/test.h"

#include <math.h>

#include "radio/phy/receivers/csi_measure.h"
#include "radio/phy/receivers/csi_report.h"
#include "radio/phy/signals/complex.h"

enum { PRBS = 52, RE = PRBS * 12 * 14, ANTENNAS = 2 };

static struct kern kern;
static struct phy_csi_rs_work work;

/* Normal values, by sums of twelve; the same each time. */
static float normal(uint64_t *state)
{
	float sum = -6;

	for (unsigned i = 0; i < 12; i++) {
		*state = *state * 6364136223846793005u + 1442695040888963407u;
		sum += (float)(*state >> 40) * 0x1p-24f;
	}
	return sum;
}

/* A resource of one port over two paths `spread_ns` apart, from delay_ns on, with noise; the estimates of
 * each antenna. */
static void receive(const struct phy_csi_rs *p, double gain_db, double noise_db, double delay_ns,
	double spread_ns, struct phy_grid *heard, struct phy_cf h[ANTENNAS][3 * PRBS], uint64_t seed)
{
	static struct phy_cf sent[RE], re[ANTENNAS][RE];
	struct phy_grid grid = { sent, PRBS, 0, 14 };
	float sigma = (float)sqrt(pow(10, noise_db / 10) / 2), gain = (float)pow(10, gain_db / 20);

	memset(sent, 0, sizeof(sent));
	assert_true(phy_csi_rs_send(&work, &kern, p, 4, 1, &grid));
	for (unsigned a = 0; a < ANTENNAS; a++) {
		heard[a] = (struct phy_grid){ re[a], PRBS, 0, 14 };
		for (unsigned i = 0; i < RE; i++) {
			double f = 30e3 * (i % (PRBS * 12)), t = -2 * M_PI * f * 1e-9;
			struct phy_cf c = phy_cf_unit((float)fmod(t * delay_ns, 2 * M_PI)),
				      d = phy_cf_unit((float)fmod(t * (delay_ns + spread_ns), 2 * M_PI));

			c.re = gain * (c.re * 0.8f + d.re * 0.6f * (a ? -1 : 1));
			c.im = gain * (c.im * 0.8f + d.im * 0.6f * (a ? -1 : 1));
			re[a][i] = phy_cf_mul(sent[i], c);
			re[a][i].re += sigma * normal(&seed);
			re[a][i].im += sigma * normal(&seed);
		}
		assert_true(phy_csi_rs_receive(&work, &kern, p, 4, &heard[a], h[a]));
	}
}

static void measured(void **state)
{
	static const struct {
		double gain_db, noise_db, delay_ns, spread_ns;
	} cases[] = { { 0, -10, 0, 0 }, { -30, -35, 200, 0 }, { 12, 2, 900, 100 }, { -60, -90, -300, 200 },
		{ 0, 6, 100, 0 } };
	static struct phy_cf h[ANTENNAS][3 * PRBS];

	for (unsigned row = 1; row <= 2; row++) {
		for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
			struct phy_csi_rs_config c = { .row = (uint8_t)row,
				.density = row == 1 ? PHY_CSI_RS_THREE : PHY_CSI_RS_ONE,
				.frequency = 2,
				.l0 = 5,
				.prbs = PRBS,
				.n_id = 77 };
			const struct phy_cf *at[ANTENNAS] = { h[0], h[1] };
			struct phy_grid heard[ANTENNAS];
			struct phy_csi_measurement m;
			struct phy_csi_rs p;
			double power = pow(10, cases[i].gain_db / 10),
			       noise = pow(10, cases[i].noise_db / 10), rssi, snr_db;

			assert_int_equal(phy_csi_rs_init(&p, &c), PHY_CSI_RS_OK);
			receive(&p, cases[i].gain_db, cases[i].noise_db, cases[i].delay_ns,
				cases[i].spread_ns, heard, h, i);
			assert_true(phy_csi_measure(&m, &p, 30e3, heard, at, ANTENNAS));
			snr_db = cases[i].gain_db - cases[i].noise_db;
			assert_true(fabs(10 * log10((double)m.rsrp / power)) < (snr_db > 5 ? 0.7 : 2));
			if (cases[i].spread_ns == 0 || snr_db < 15)
				assert_true(fabs(10 * log10((double)m.noise / noise)) < 1.5);
			else /* what the channel bends counts as noise */
				assert_true(m.sinr > 100);
			rssi = (power * (row == 1 ? 3 : 1) + 12 * noise) * PRBS;
			assert_true(fabs(10 * log10((double)m.rssi / rssi)) < 0.7);
			assert_true(fabsf(m.rsrq / (m.rsrp * PRBS / m.rssi) - 1) < 1e-4f);
			assert_true(fabsf(m.sinr / (m.rsrp / m.noise) - 1) < 1e-4f);
			if (snr_db > 5)
				assert_true(fabs((double)m.delay_s * 1e9 - cases[i].delay_ns -
						    cases[i].spread_ns * 0.36) < 60);
		}
	}
}

/* Two symbols of a TRS, four apart. */
static void tracked(void **state)
{
	static struct phy_cf h[2][ANTENNAS][3 * PRBS];
	const double seconds = 4 * (1e-3 / 2 / 14);

	for (double hz = -3000; hz <= 3000; hz += 1500) {
		const struct phy_cf *at[2][ANTENNAS] = { { h[0][0], h[0][1] }, { h[1][0], h[1][1] } };
		struct phy_csi_rs_config c = {
			.row = 1, .density = PHY_CSI_RS_THREE, .frequency = 1, .l0 = 4, .prbs = PRBS
		};
		struct phy_grid heard[ANTENNAS];
		struct phy_csi_rs p;
		struct phy_cf turn = phy_cf_unit((float)(2 * M_PI * hz * seconds));

		for (unsigned i = 0; i < 2; i++, c.l0 += 4) {
			assert_int_equal(phy_csi_rs_init(&p, &c), PHY_CSI_RS_OK);
			receive(&p, 0, -5, 100, 0, heard, h[i], i + 8);
		}
		for (unsigned a = 0; a < ANTENNAS; a++)
			for (unsigned i = 0; i < 3 * PRBS; i++)
				h[1][a][i] = phy_cf_mul(h[1][a][i], turn);
		assert_true(fabs((double)phy_csi_frequency_hz(at[0], at[1], ANTENNAS, 3 * PRBS, seconds) -
				    hz) < 60);
	}
}

static void not_measured(void **state)
{
	static struct phy_cf silent[RE], h[3 * PRBS];
	const struct phy_cf *at = h;
	struct phy_grid grid = { silent, PRBS, 0, 14 };
	struct phy_csi_rs_config c = { .row = 2, .frequency = 1, .l0 = 4, .prbs = PRBS };
	struct phy_csi_measurement m;
	struct phy_csi_rs p;

	assert_int_equal(phy_csi_rs_init(&p, &c), PHY_CSI_RS_OK);
	assert_false(phy_csi_measure(&m, &p, 30e3, &grid, &at, 1));
	silent[4 * PRBS * 12].re = h[5].re = NAN;
	assert_false(phy_csi_measure(&m, &p, 30e3, &grid, &at, 1));
	c.prbs = 3;
	assert_int_equal(phy_csi_rs_init(&p, &c), PHY_CSI_RS_OK);
	assert_false(phy_csi_measure(&m, &p, 30e3, &grid, &at, 1));
}

/* Antennas that hear the ports as precoder `best` would have it, so strong. */
static void channel_of(
	struct phy_cf h[4][4 * 8], struct phy_csi_channel *c, unsigned layers, size_t best, double snr_db)
{
	struct phy_cf w[PHY_CSI_PORTS_MAX][PHY_CSI_LAYERS_MAX];

	(void)phy_type1_precoder(w, c->ports, layers, best);
	c->n = 8;
	c->noise = (float)pow(10, -snr_db / 10);
	c->antennas = layers;
	for (unsigned a = 0; a < layers; a++) {
		c->h[a] = h[a];
		for (unsigned p = 0; p < c->ports; p++) {
			for (unsigned i = 0; i < c->n; i++) {
				struct phy_cf turn = phy_cf_unit(0.3f * (float)(i + a));

				h[a][p * c->n + i] = phy_cf_mul(phy_cf_conj(w[p][a]), turn);
			}
		}
	}
}

/* Every precoder of the codebook is found on the channel it was made for. */
static void found(void **state)
{
	static const unsigned ports[] = { 1, 2, 4 };
	struct phy_cf h[4][4 * 8], w[PHY_CSI_PORTS_MAX][PHY_CSI_LAYERS_MAX];

	for (size_t t = 0; t < ARRAY_LEN(ports); t++) {
		struct phy_csi_channel c = {
			.ports = ports[t], .rank_max = 4, .table = PHY_CQI_256QAM, .gap_db = 1.5f
		};

		for (unsigned layers = 1; layers <= ports[t]; layers++) {
			for (size_t i = 0; i < phy_type1_count(ports[t], layers); i++) {
				struct phy_pmi pmi = phy_type1_precoder(w, ports[t], layers, i);
				struct phy_csi r;
				float a_layer;

				channel_of(h, &c, layers, i, 15 + 20 * log10(layers));
				assert_true(phy_csi_report(&r, &c));
				assert_int_equal(r.rank, layers);
				if (layers <= 2 &&
					ports[t] > 1) { /* others span the same, and carry as much */
					size_t at;

					assert_true(phy_type1_find(ports[t], layers, &r.pmi, &at));
					assert_true(
						layers == 2 || (r.pmi.i11 == pmi.i11 && r.pmi.i2 == pmi.i2));
				}
				/* h has power 1 over layers * ports, and W W^H gives each layer 1 / layers^2
				 * of it */
				a_layer = log2f(1 + powf(10, 1.5f + 2 * log10f((float)layers) - 0.15f) /
							    (float)(layers * layers));
				assert_true(fabsf(r.efficiency / (float)layers - a_layer) < 0.02f);
				assert_true(phy_cqi_efficiency(c.table, r.cqi) <= a_layer + 0.02f);
				assert_true(r.cqi == 15 ||
					    phy_cqi_efficiency(c.table, r.cqi + 1) > a_layer - 0.02f);
			}
		}
	}
}

/* The weaker the channel, the fewer layers and the lower the CQI; nothing is CQI 0; limits hold. */
static void limits(void **state)
{
	struct phy_cf h[4][4 * 8];
	struct phy_csi_channel c = { .ports = 4, .rank_max = 4, .table = PHY_CQI_64QAM, .gap_db = 1.5f };
	unsigned rank = 4, total = 10000;
	struct phy_csi r;

	for (double snr_db = 40; snr_db >= -30; snr_db -= 5) {
		channel_of(h, &c, 4, 3, snr_db);
		assert_true(phy_csi_report(&r, &c));
		assert_true(r.rank <= rank && (unsigned)(100 * r.efficiency) <= total);
		rank = r.rank;
		total = (unsigned)(100 * r.efficiency);
	}
	assert_int_equal(r.rank, 1);
	assert_int_equal(r.cqi, 0);
	channel_of(h, &c, 4, 3, 40);
	c.rank_max = 2;
	assert_true(phy_csi_report(&r, &c));
	assert_int_equal(r.rank, 2);
	assert_int_equal(r.cqi, 15);
	c.ports = 3;
	assert_false(phy_csi_report(&r, &c));
	c.ports = 4;
	c.noise = 0;
	assert_false(phy_csi_report(&r, &c));
	c.noise = NAN;
	assert_false(phy_csi_report(&r, &c));
	c.noise = 1;
	h[0][3].re = NAN;
	assert_true(phy_csi_report(&r, &c));
	assert_true(
		phy_cqi_efficiency(PHY_CQI_64QAM, 15) > 5.5f && phy_cqi_efficiency(PHY_CQI_64QAM, 16) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(measured),
		cmocka_unit_test(tracked),
		cmocka_unit_test(not_measured),
		cmocka_unit_test(found),
		cmocka_unit_test(limits),
	};

	kern_init(&kern, KERN_LEVELS - 1);
	if (!phy_csi_rs_work_init(&work))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

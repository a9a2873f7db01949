/*
 * SRS: grids are what the clause makes of drawn configurations, in double precision; hops pass over the whole
 * band, each place once; channel, noise and delay come back on 1 to 8 antennas; what cannot be has a name.
 * --bench: times.
 */
#include "radio/phy/phy_test.h"

#include <complex.h>
#include <stdlib.h>
#include <time.h>

#include "radio/phy/channels/srs.h"
#include "radio/phy/channels/tables.h"

enum { PRBS = 275, RES = PHY_SYMBOLS_MAX * PRBS * PHY_SC_PER_PRB };

static struct kern kern;
static struct phy_cf cells[PHY_SRS_ANTENNAS_MAX][RES], sent_cells[PHY_SRS_PORTS_MAX][RES];
static struct phy_grid grids[PHY_SRS_ANTENNAS_MAX], ports[PHY_SRS_PORTS_MAX];
static struct phy_srs_estimate estimate;

static void draw_plan(struct phy_srs *p)
{
	static const uint8_t combs[] = { 2, 4, 8 }, counts[] = { 1, 2, 4, 8, 12 },
			     port_counts[] = { 1, 2, 4 };
	enum phy_srs_error e = PHY_SRS_ERRORS;

	while (e != PHY_SRS_OK) {
		struct phy_srs_config c = { .mu = (uint8_t)below(4), .bwp_start = (uint16_t)below(6) };

		c.extended = c.mu == 2 && below(2);
		c.bwp_prbs = (uint16_t)(PRBS - c.bwp_start);
		c.ports = port_counts[below(3)];
		c.symbols = counts[below(5)];
		c.start = (uint8_t)below(14);
		c.repetition = (uint8_t)(1 + below(c.symbols));
		c.comb = combs[below(3)];
		c.comb_offset = (uint8_t)below(c.comb);
		c.cyclic_shift = (uint8_t)below(12);
		c.c_srs = (uint8_t)below(64);
		c.b_srs = (uint8_t)below(4);
		c.b_hop = (uint8_t)below(4);
		c.position = (uint8_t)below(68);
		c.freq_shift = (uint16_t)below(12);
		c.hopping = (enum phy_srs_hopping)below(3);
		c.n_id = (uint16_t)below(1024);
		c.period = (uint16_t)(below(2) ? 0 : 1 + below(20));
		c.offset = (uint16_t)(c.period ? below(c.period) : 0);
		e = phy_srs_init(p, &c);
	}
}

static void use_grids(const struct phy_srs *p)
{
	for (unsigned i = 0; i < PHY_SRS_ANTENNAS_MAX; i++)
		grids[i] = (struct phy_grid){ cells[i], PRBS, 0, p->config.extended ? 12 : 14 };
	for (unsigned i = 0; i < PHY_SRS_PORTS_MAX; i++)
		ports[i] = (struct phy_grid){ sent_cells[i], PRBS, 0, p->config.extended ? 12 : 14 };
	memset(sent_cells, 0, sizeof(sent_cells));
}

/* A slot in which it is sent. */
static void draw_slot(const struct phy_srs *p, unsigned *frame, unsigned *slot)
{
	do {
		*frame = below(50);
		*slot = below(10u << p->config.mu);
	} while (!phy_srs_due(p, *frame, *slot));
}

/* Bit n of c, by single bits. */
static unsigned gold_bit(uint32_t c_init, unsigned n)
{
	static uint8_t x1[1700 + 40000], x2[1700 + 40000];

	for (unsigned i = 0; i < 31; i++) {
		x1[i] = i == 0;
		x2[i] = c_init >> i & 1;
	}
	for (unsigned i = 0; i <= n + 1600; i++) {
		x1[i + 31] = x1[i + 3] ^ x1[i];
		x2[i + 31] = x2[i + 3] ^ x2[i + 2] ^ x2[i + 1] ^ x2[i];
	}
	return x1[n + 1600] ^ x2[n + 1600];
}

/* 6.4.1.4.2 and 6.4.1.4.3 of a port and symbol, onto a row that begins at CRB 0. */
static void plain(const struct phy_srs_config *c, unsigned frame, unsigned slot, unsigned l, unsigned i,
	double complex *row)
{
	const uint16_t *table = phy_srs_bandwidth_config[c->c_srs];
	unsigned n_max = c->comb == 2 ? 8 : c->comb == 4 ? 12 : 6, symbols = c->extended ? 12 : 14;
	unsigned m = table[2 * c->b_srs] * 12u / c->comb, l_0 = symbols - 1 - c->start,
		 at = slot * symbols + l_0 + l;
	unsigned u = c->n_id, v = 0, shift = c->cyclic_shift + n_max * i / c->ports, offset = c->comb_offset,
		 k_0, n_srs;
	struct phy_cf base[PHY_SRS_LENGTH_MAX];

	if (c->ports == 4 && n_max == 6)
		shift = c->cyclic_shift + 3 * (i / 2);
	if (c->hopping == PHY_SRS_GROUP) {
		for (unsigned bit = 0; bit < 8; bit++)
			u += gold_bit(c->n_id, 8 * at + bit) << bit;
		u -= c->n_id;
		u = u % 30 + c->n_id;
	}
	if (c->hopping == PHY_SRS_SEQUENCE && m >= 72)
		v = gold_bit(c->n_id, at);
	assert_true(phy_low_papr(base, m, u % 30, v));
	if (c->ports == 4 && i % 2 == 1 && (c->cyclic_shift >= n_max / 2 || n_max == 6))
		offset = (offset + c->comb / 2) % c->comb;
	k_0 = (c->freq_shift + (c->freq_shift >= c->bwp_start ? 0 : c->bwp_start)) * 12u + offset;
	n_srs = l / c->repetition;
	if (c->period)
		n_srs += ((10u << c->mu) * frame + slot - c->offset) / c->period *
			 (c->symbols / c->repetition);
	for (unsigned b = 0; b <= c->b_srs; b++) {
		unsigned n = table[2 * b + 1], f = 0, all = 1, under = 1;

		for (unsigned x = c->b_hop; x <= b; x++)
			all *= x == c->b_hop ? 1 : table[2 * x + 1];
		for (unsigned x = c->b_hop; x < b; x++)
			under *= x == c->b_hop ? 1 : table[2 * x + 1];
		if (c->b_hop < c->b_srs && b > c->b_hop)
			f = n % 2 == 0 ? n / 2 * (n_srs % all / under) + n_srs % all / 2 / under
				       : n / 2 * (n_srs / under);
		k_0 += table[2 * b] * 12u * ((f + 4u * c->position / table[2 * b]) % n);
	}
	for (unsigned k = 0; k < m; k++)
		row[k_0 + k * c->comb] += cexp(2 * M_PI * I * (shift % n_max) * k / n_max) *
					  (base[k].re + I * base[k].im) / sqrt(c->ports);
}

static void test_clauses(void **state)
{
	static double complex row[PRBS * 12];

	for (unsigned turn = 0; turn < 120; turn++) {
		unsigned frame, slot;
		struct phy_srs p;

		draw_plan(&p);
		draw_slot(&p, &frame, &slot);
		use_grids(&p);
		assert_true(phy_srs_send(&p, frame, slot, ports));
		for (unsigned i = 0; i < p.config.ports; i++) {
			for (unsigned s = 0; s < ports[0].symbols; s++) {
				memset(row, 0, sizeof(row));
				if (s >= p.first_symbol && s < (unsigned)p.first_symbol + p.config.symbols)
					plain(&p.config, frame, slot, s - p.first_symbol, i, row);
				for (unsigned k = 0; k < PRBS * 12; k++) {
					struct phy_cf is = sent_cells[i][s * PRBS * 12 + k];

					if (!(cabs(is.re + I * is.im - row[k]) < 1e-4))
						fail_msg("comb %u, port %u, symbol %u, subcarrier %u",
							p.config.comb, i, s, k);
				}
			}
		}
	}
}

/* As many hops as there are places: each is passed once, in any row. */
static void test_hops(void **state)
{
	for (unsigned c_srs = 0; c_srs < 64; c_srs++) {
		for (unsigned b_srs = 1; b_srs < 4; b_srs++) {
			for (unsigned b_hop = 0; b_hop < b_srs; b_hop++) {
				struct phy_srs_config c = { .mu = 0,
					.bwp_prbs = 275,
					.ports = 1,
					.symbols = 1,
					.repetition = 1,
					.comb = 2,
					.c_srs = (uint8_t)c_srs,
					.b_srs = (uint8_t)b_srs,
					.b_hop = (uint8_t)b_hop,
					.position = 0,
					.period = 1 };
				const uint16_t *table = phy_srs_bandwidth_config[c_srs];
				unsigned m = table[2 * b_srs], places = table[2 * b_hop] / m;
				bool seen[PRBS] = { false };
				struct phy_srs p;

				assert_int_equal(phy_srs_init(&p, &c), PHY_SRS_OK);
				for (unsigned n = 0; n < places; n++) {
					unsigned at = phy_srs_first(&p, n / 10, n % 10, 0, 0) / 12 / m;

					assert_true(at < places && !seen[at]);
					seen[at] = true;
				}
			}
		}
	}
}

/* Of all blocks, the mean squared error. */
static double error_of(const struct phy_srs *p, unsigned antennas,
	double complex gain[PHY_SRS_PORTS_MAX][PHY_SRS_ANTENNAS_MAX], double delay)
{
	unsigned all = antennas * p->config.ports * estimate.blocks;
	double sum = 0;

	for (unsigned x = 0; x < all; x++) {
		unsigned b = x % estimate.blocks, i = x / estimate.blocks % p->config.ports;
		unsigned a = x / estimate.blocks / p->config.ports, end = (b + 1) * estimate.block;
		unsigned from = (end <= p->length ? end : p->length) - estimate.block;
		double middle = estimate.first + (from + (estimate.block - 1) / 2.0) * p->config.comb;
		struct phy_cf h = estimate.h[i][a][b];
		double complex turn = cexp(-2 * M_PI * I * delay * middle);

		sum += pow(cabs(h.re + I * h.im - gain[i][a] / sqrt(p->config.ports) * turn), 2);
	}
	return sum / all;
}

static void test_estimates(void **state)
{
	struct phy_srs_work *w = phy_srs_work_new();

	assert_non_null(w);
	for (unsigned turn = 0; turn < 120; turn++) {
		unsigned frame, slot, antennas = 1 + below(8), l;
		double complex gain[PHY_SRS_PORTS_MAX][PHY_SRS_ANTENNAS_MAX];
		double noise = 0.05 + 0.2 * uniform(), delay = 0.004 * uniform() - 0.002, scs, power = 0,
		       error = 0;
		struct phy_srs p;

		draw_plan(&p);
		draw_slot(&p, &frame, &slot);
		use_grids(&p);
		scs = 15e3 * (1 << p.config.mu);
		assert_true(phy_srs_send(&p, frame, slot, ports));
		l = below(p.config.symbols);
		for (unsigned a = 0; a < antennas; a++) {
			for (unsigned i = 0; i < p.config.ports; i++) {
				struct phy_cf g = gaussian_cf();

				gain[i][a] = g.re + I * g.im;
				power += cabs(gain[i][a]) * cabs(gain[i][a]);
			}
			for (unsigned k = 0; k < PRBS * 12; k++) {
				size_t at = (size_t)(p.first_symbol + l) * PRBS * 12 + k;
				struct phy_cf z = gaussian_cf();
				double complex y = 0;

				for (unsigned i = 0; i < p.config.ports; i++)
					y += gain[i][a] * (sent_cells[i][at].re + I * sent_cells[i][at].im);
				y = y * cexp(-2 * M_PI * I * delay * k) + noise * (z.re + I * z.im);
				cells[a][at] = (struct phy_cf){ (float)creal(y), (float)cimag(y) };
			}
		}
		assert_true(phy_srs_receive(w, &kern, &p, frame, slot, l, grids, antennas, &estimate));
		error = error_of(&p, antennas, gain, delay);
		power /= p.config.ports * (double)p.config.ports * antennas;
		/* of the noise of a block, and what a delay makes of it */
		if (error > noise * noise / estimate.block * 3 + 0.02 * power)
			fail_msg("comb %u, %u ports, block %u: error %g", p.config.comb, p.config.ports,
				estimate.block, error);
		assert_true(fabs(estimate.power - power) < 0.25 * power + noise * noise);
		assert_true(estimate.noise < 3 * noise * noise + 0.05 * power);
		if (p.length > 48) {
			assert_true(estimate.noise > 0.4 * noise * noise);
			assert_true(fabs(estimate.delay_s * scs - delay) < 0.002);
		}
	}
	phy_srs_work_free(w);
}

static void test_refusals(void **state)
{
	static const struct phy_srs_config good = {
		.bwp_prbs = 50, .ports = 1, .symbols = 2, .start = 1, .repetition = 1, .comb = 2, .c_srs = 5
	};
	struct phy_srs_config c;
	struct phy_srs p;

#define REFUSED(error, ...)                                                                                  \
	do {                                                                                                 \
		c = good;                                                                                    \
		__VA_ARGS__;                                                                                 \
		assert_int_equal(phy_srs_init(&p, &c), error);                                               \
	} while (0)
	REFUSED(PHY_SRS_OK, (void)c);
	REFUSED(PHY_SRS_NUMEROLOGY, c.mu = 4);
	REFUSED(PHY_SRS_NUMEROLOGY, c.extended = true);
	REFUSED(PHY_SRS_BANDWIDTH, c.bwp_prbs = 276);
	REFUSED(PHY_SRS_PORTS, c.ports = 3);
	REFUSED(PHY_SRS_TIME, c.symbols = 3);
	REFUSED(PHY_SRS_TIME, c.start = 0);
	REFUSED(PHY_SRS_TIME, c.start = 14);
	REFUSED(PHY_SRS_TIME, c.repetition = 3);
	REFUSED(PHY_SRS_TIME, c.repetition = 0);
	REFUSED(PHY_SRS_COMB, c.comb = 3);
	REFUSED(PHY_SRS_COMB, c.comb_offset = 2);
	REFUSED(PHY_SRS_SHIFT, c.cyclic_shift = 8);
	REFUSED(PHY_SRS_ROW, c.c_srs = 64);
	REFUSED(PHY_SRS_ROW, c.b_srs = 4);
	REFUSED(PHY_SRS_ROW, c.position = 68);
	REFUSED(PHY_SRS_HOPPING, c.hopping = (enum phy_srs_hopping)3);
	REFUSED(PHY_SRS_HOPPING, c.n_id = 1024);
	REFUSED(PHY_SRS_PERIOD, c.period = 5; c.offset = 5);
	REFUSED(PHY_SRS_OUTSIDE, c.c_srs = 63);
	REFUSED(PHY_SRS_OUTSIDE, c.freq_shift = 40);
#undef REFUSED
	for (enum phy_srs_error e = PHY_SRS_OK; e < PHY_SRS_ERRORS; e++)
		assert_true(strlen(phy_srs_error_text(e)) > 1);
}

static int bench(void)
{
	struct phy_srs_config c = {
		.mu = 1, .bwp_prbs = 273, .ports = 4, .symbols = 1, .repetition = 1, .comb = 2, .c_srs = 63
	};
	struct phy_srs_work *w = phy_srs_work_new();
	struct phy_srs p;
	double best = 1e9;

	if (!w || phy_srs_init(&p, &c) != PHY_SRS_OK)
		return 1;
	use_grids(&p);
	(void)phy_srs_send(&p, 0, 0, ports);
	for (unsigned t = 0; t < 50; t++) {
		clock_t from = clock();

		for (unsigned i = 0; i < 20; i++)
			(void)phy_srs_receive(w, &kern, &p, 0, 0, 0, ports, 1, &estimate);
		best = fmin(best, (double)(clock() - from) * 1e6 / CLOCKS_PER_SEC / 20);
	}
	printf("srs_estimate_272_comb_2_4_ports %.1f us\n", best);
	phy_srs_work_free(w);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clauses),
		cmocka_unit_test(test_hops),
		cmocka_unit_test(test_estimates),
		cmocka_unit_test(test_refusals),
	};

	kern_init(&kern, KERN_LEVELS - 1);
	if (argc > 1 && !strcmp(argv[1], "--bench"))
		return bench();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * PUCCH: each format's grid is what the clauses make of it, by an implementation of their text in double
 * precision (sums of exponentials, shift registers of single bits); drawn configurations come back through
 * channels of 1 to 8 antennas, alone and with other users; nothing sent is taken for something as rarely as
 * promised; what cannot be has a name.
 */
#include "radio/phy/phy_test.h"

#include <complex.h>
#include <stdlib.h>
#include <time.h>

#include "radio/phy/channels/pucch.h"

enum { PRBS = 30, RES = PHY_SYMBOLS_MAX * PRBS * PHY_SC_PER_PRB };

static struct kern kern;
static struct phy_pucch_tables *tables;
static struct phy_pucch_work *work;
static struct phy_uci_codec *codec;
static struct phy_cf cells[PHY_PUCCH_ANTENNAS_MAX][RES], sent_cells[RES];
static struct phy_grid grids[PHY_PUCCH_ANTENNAS_MAX], sent = { sent_cells, PRBS, 0, 14 };
static double complex plain[RES];
static uint8_t bits[PHY_UCI_BITS_MAX], again[PHY_PUCCH_USERS_MAX][PHY_UCI_BITS_MAX];

/* ---- the clauses ---- */

/* 5.2.1 by single bits. */
static void gold(uint32_t c_init, unsigned n, uint8_t *c)
{
	static uint8_t x1[1600 + 60000], x2[1600 + 60000];

	for (unsigned i = 0; i < 31; i++) {
		x1[i] = i == 0;
		x2[i] = c_init >> i & 1;
	}
	for (unsigned i = 0; i + 31 < 1600 + n; i++) {
		x1[i + 31] = x1[i + 3] ^ x1[i];
		x2[i + 31] = x2[i + 3] ^ x2[i + 2] ^ x2[i + 1] ^ x2[i];
	}
	for (unsigned i = 0; i < n; i++)
		c[i] = x1[i + 1600] ^ x2[i + 1600];
}

static unsigned octet(const uint8_t *c, unsigned at)
{
	unsigned sum = 0;

	for (unsigned m = 0; m < 8; m++)
		sum += (unsigned)c[at + m] << m;
	return sum;
}

/* 6.3.2.2: r^(alpha)_(u, v) for symbol l of the channel. */
static void sequence(const struct phy_pucch_config *c, unsigned slot, unsigned l, unsigned hop,
	unsigned m_0_cs, unsigned m_zc, double complex *r)
{
	static uint8_t g[60000];
	unsigned u = c->hopping_id % 30, v = 0, n_cs, symbols = c->extended ? 12 : 14;
	struct phy_cf base[300];

	if (c->groups == PHY_PUCCH_ENABLE) {
		gold(c->hopping_id / 30, 8 * (2 * slot + hop) + 8, g);
		u = (octet(g, 8 * (2 * slot + hop)) % 30 + u) % 30;
	} else if (c->groups == PHY_PUCCH_DISABLE) {
		gold(32 * (c->hopping_id / 30) + c->hopping_id % 30, 2 * slot + hop + 1, g);
		v = m_zc >= 72 ? g[2 * slot + hop] : 0;
	}
	gold(c->hopping_id, 8 * symbols * (slot + 1), g);
	n_cs = octet(g, 8 * symbols * slot + 8 * (c->first_symbol + l));
	assert_true(phy_low_papr(base, m_zc, u, v));
	for (unsigned n = 0; n < m_zc; n++)
		r[n] = cexp(2 * M_PI * I / 12 * ((m_0_cs + n_cs) % 12) * n) * (base[n].re + I * base[n].im);
}

static unsigned first_in_hop(const struct phy_pucch_config *c, unsigned l)
{
	return c->hopping && l >= c->symbols / 2u ? c->symbols / 2u : 0;
}

static double complex *place(const struct phy_pucch_config *c, unsigned l)
{
	bool second = c->hopping && l >= c->symbols / 2u;
	unsigned prb = c->bwp_start + (second ? c->second_prb : c->first_prb);

	return plain + ((size_t)(c->first_symbol + l) * PRBS + prb - grids[0].first_crb) * 12;
}

static void plain_0(const struct phy_pucch_config *c, unsigned slot, bool sr)
{
	static const unsigned one[] = { 0, 6 }, two[] = { 0, 3, 9, 6 };
	unsigned m = c->bits == 0 ? 0 : c->bits == 1 ? one[bits[0]] : two[2 * bits[0] + bits[1]];

	if (sr && c->bits > 0)
		m += c->bits == 1 ? 3 : 1;
	for (unsigned l = 0; l < c->symbols; l++)
		sequence(c, slot, l, first_in_hop(c, l) > 0, c->initial_shift + m, 12, place(c, l));
}

/* Table 6.3.2.4.1-2: the exponents of 4, where they are no multiples of i. */
static double complex cover(unsigned n_sf, unsigned i, unsigned m)
{
	static const double walsh[4][4] = { { 1, 1, 1, 1 }, { 1, -1, 1, -1 }, { 1, 1, -1, -1 },
		{ 1, -1, -1, 1 } };

	return n_sf == 4 ? walsh[i][m] : cexp(2 * M_PI * I * i * m / n_sf);
}

static void plain_1(const struct phy_pucch_config *c, unsigned slot)
{
	double complex d = M_SQRT1_2 * (1 - 2 * bits[0]) * (1 + I);

	if (c->bits == 0)
		d = M_SQRT1_2 * (1 + I);
	if (c->bits == 2)
		d = M_SQRT1_2 * ((1 - 2 * bits[0]) + I * (1 - 2 * bits[1]));
	for (unsigned l = 0; l < c->symbols; l++) {
		unsigned start = first_in_hop(c, l),
			 end = c->hopping && start == 0 ? c->symbols / 2u : c->symbols;
		unsigned n_sf = 0, m = 0;
		double complex *r = place(c, l);

		for (unsigned i = start; i < end; i++) {
			n_sf += i % 2 == l % 2;
			m += i % 2 == l % 2 && i < l;
		}
		sequence(c, slot, l, start > 0, c->initial_shift, 12, r);
		for (unsigned n = 0; n < 12; n++)
			r[n] *= cover(n_sf, c->occ, m) * (l % 2 ? d : 1);
	}
}

/* The coded and scrambled bits. */
static const uint8_t *scrambled(const struct phy_pucch *p)
{
	static uint8_t coded[10000], c[10000];

	phy_uci_encode(codec, &p->uci, bits, coded);
	gold(((uint32_t)p->config.rnti << 15) + p->config.n_id, p->uci.e, c);
	for (unsigned i = 0; i < p->uci.e; i++)
		coded[i] ^= c[i];
	return coded;
}

static void plain_2(const struct phy_pucch *p, unsigned slot)
{
	const struct phy_pucch_config *c = &p->config;
	const uint8_t *b = scrambled(p);
	static uint8_t g[60000];

	for (unsigned l = 0; l < c->symbols; l++) {
		double complex *at = place(c, l);
		unsigned crb = c->bwp_start + (first_in_hop(c, l) ? c->second_prb : c->first_prb);
		uint64_t init = (1ull << 17) * ((c->extended ? 12 : 14) * slot + c->first_symbol + l + 1) *
				(2ull * c->dmrs_id + 1);

		gold((uint32_t)((init + 2ull * c->dmrs_id) % (1ull << 31)), 8 * (crb + c->prbs), g);
		for (unsigned k = 0; k < 12u * c->prbs; k++) {
			unsigned m = (12 * crb + k) / 3;
			const uint8_t *two = k % 3 == 1 ? g + 2 * m : b;

			at[k] = M_SQRT1_2 * ((1 - 2 * two[0]) + I * (1 - 2 * two[1]));
			b += k % 3 == 1 ? 0 : 2;
		}
	}
}

static void plain_34(const struct phy_pucch *p, unsigned slot)
{
	/* Table 6.4.1.3.3.2-1, by length: without and with additional DM-RS */
	static const char *const rows[15][2] = { [5] = { "03", "03" },
		{ "14", "14" },
		{ "14", "14" },
		{ "15", "15" },
		{ "16", "16" },
		{ "27", "1368" },
		{ "27", "1369" },
		{ "28", "147:" },
		{ "29", "147;" },
		{ "3:", "158<" } };
	static const double complex four[4][4] = { { 1, 1, 1, 1 }, { 1, -I, -1, I }, { 1, -1, 1, -1 },
		{ 1, I, -1, -I } };
	static const unsigned m_0[] = { 0, 6, 3, 9 };
	const struct phy_pucch_config *c = &p->config;
	unsigned m_sc = 12 * c->prbs, n_sf = c->format == 4 ? c->occ_length : 1;
	const char *dmrs = c->symbols == 4 ? (c->hopping ? "02" : "1") : rows[c->symbols][c->additional_dmrs];
	const uint8_t *b = scrambled(p), *first = b;

	for (unsigned l = 0; l < c->symbols; l++) {
		double complex *at = place(c, l), y[300], d[300];

		if (strchr(dmrs, (int)('0' + l))) {
			sequence(c, slot, l, first_in_hop(c, l) > 0, c->format == 4 ? m_0[c->occ] : 0, m_sc,
				at);
			continue;
		}
		for (unsigned i = 0; i < m_sc / n_sf; i++) {
			d[i] = M_SQRT1_2 * ((1 - 2 * b[0]) + I * (1 - 2 * b[1]));
			if (c->pi2_bpsk)
				d[i] = cexp(I * M_PI / 2 * ((b - first) % 2)) * M_SQRT1_2 * (1 + I) *
				       (1 - 2 * b[0]);
			b += c->pi2_bpsk ? 1 : 2;
		}
		for (unsigned k = 0; k < m_sc; k++) {
			y[k] = d[k % (m_sc / n_sf)];
			if (n_sf == 2 && c->occ == 1)
				y[k] *= k < 6 ? 1 : -1;
			if (n_sf == 4)
				y[k] *= four[c->occ][k / 3];
		}
		for (unsigned k = 0; k < m_sc; k++) {
			at[k] = 0;
			for (unsigned i = 0; i < m_sc; i++)
				at[k] += y[i] * cexp(-2 * M_PI * I * i * k / m_sc) / sqrt(m_sc);
		}
	}
}

/* ---- drawing ---- */

/* A legal configuration of a format. */
static void draw_config(struct phy_pucch *p, unsigned format)
{
	static const uint8_t sizes[] = { 1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 15, 16 };
	bool is_short = format == 0 || format == 2;
	enum phy_pucch_error e = PHY_PUCCH_ERRORS;

	while (e != PHY_PUCCH_OK) {
		struct phy_pucch_config c = { .format = (uint8_t)format, .mu = (uint8_t)below(4) };

		c.extended = c.mu == 2 && below(2);
		c.bwp_start = (uint16_t)below(5);
		c.bwp_prbs = (uint16_t)(PRBS - c.bwp_start);
		c.symbols = (uint8_t)(is_short ? 1 + below(2) : 4 + below(11));
		c.first_symbol = (uint8_t)below(14);
		c.prbs = format == 2 ? (uint8_t)(1 + below(16)) : format == 3 ? sizes[below(12)] : 1;
		c.first_prb = (uint16_t)below(PRBS);
		c.second_prb = (uint16_t)below(PRBS);
		c.hopping = c.symbols > 1 && below(2);
		c.groups = (enum phy_pucch_groups)below(3);
		c.hopping_id = (uint16_t)below(1024);
		c.initial_shift = (uint8_t)below(12);
		c.occ_length = below(2) ? 2 : 4;
		c.occ = (uint8_t)below(format == 1 ? 7 : 4);
		c.additional_dmrs = below(2);
		c.pi2_bpsk = format >= 3 && below(2);
		c.rnti = (uint16_t)below(65536);
		c.n_id = (uint16_t)below(1024);
		c.dmrs_id = (uint16_t)below(65536);
		c.bits = (uint16_t)(format < 2 ? below(3) : 3 + below(below(2) ? 9 : 200));
		c.sr = format == 0 && c.bits > 0 && below(2);
		e = phy_pucch_init(p, &c);
		if (format >= 2 && e == PHY_PUCCH_OK && p->uci.e < 24u + 2 * c.bits)
			e = PHY_PUCCH_ERRORS; /* words that one error makes another */
	}
	for (unsigned i = 0; i < p->config.bits; i++)
		bits[i] = below(2);
}

static void use_grids(const struct phy_pucch_config *c)
{
	unsigned symbols = c->extended ? 12 : 14;

	for (unsigned a = 0; a < PHY_PUCCH_ANTENNAS_MAX; a++)
		grids[a] = (struct phy_grid){ cells[a], PRBS, 0, (uint8_t)symbols };
	sent = (struct phy_grid){ sent_cells, PRBS, 0, (uint8_t)symbols };
	memset(sent_cells, 0, sizeof(sent_cells));
}

static void test_clauses(void **state)
{
	for (unsigned turn = 0; turn < 250; turn++) {
		struct phy_pucch p;
		bool sr;
		unsigned slot;

		draw_config(&p, turn % 5);
		slot = below(10u << p.config.mu);
		sr = p.config.bits == 0 || (p.config.sr && below(2));
		use_grids(&p.config);
		memset(plain, 0, sizeof(plain));
		assert_true(phy_pucch_send(work, &kern, &p, slot, bits, sr, &sent));
		if (p.config.format == 0)
			plain_0(&p.config, slot, sr);
		else if (p.config.format == 1)
			plain_1(&p.config, slot);
		else if (p.config.format == 2)
			plain_2(&p, slot);
		else
			plain_34(&p, slot);
		for (unsigned i = 0; i < RES; i++) {
			double far = cabs(sent_cells[i].re + I * sent_cells[i].im - plain[i]);

			if (!(far < 1e-5))
				fail_msg("format %u, %u symbols, %u blocks, RE %u: %g away", p.config.format,
					p.config.symbols, p.config.prbs, i, far);
		}
	}
}

/* ---- the air: on each antenna two paths a user, and noise ---- */

static void clear_air(double noise)
{
	for (unsigned a = 0; a < PHY_PUCCH_ANTENNAS_MAX; a++) {
		for (unsigned i = 0; i < RES; i++) {
			struct phy_cf n = gaussian_cf();

			cells[a][i] = (struct phy_cf){ (float)(n.re * noise), (float)(n.im * noise) };
		}
	}
}

/* Adds what was sent; delay: cycles over a subcarrier. At least one of the antennas receives it well. */
static void pass(unsigned antennas, double amplitude, double delay)
{
	for (unsigned a = 0; a < antennas; a++) {
		struct phy_cf g = gaussian_cf();
		double complex h[PRBS * 12], gain[2] = { 0.4 * (g.re + I * g.im), 0.1 };

		if (a == 0)
			gain[0] = 0.9 * cexp(2 * M_PI * I * uniform());
		for (unsigned f = 0; f < PRBS * 12; f++)
			h[f] = gain[0] * cexp(-2 * M_PI * I * delay * f) +
			       gain[1] * cexp(-2 * M_PI * I * (delay + 0.006) * f);
		for (unsigned i = 0; i < (unsigned)sent.symbols * PRBS * 12; i++) {
			double complex y =
				amplitude * h[i % (PRBS * 12)] * (sent_cells[i].re + I * sent_cells[i].im);

			cells[a][i].re += (float)creal(y);
			cells[a][i].im += (float)cimag(y);
		}
	}
	memset(sent_cells, 0, sizeof(sent_cells));
}

static void test_round_trip(void **state)
{
	for (unsigned turn = 0; turn < 400; turn++) {
		struct phy_pucch p;
		struct phy_pucch_user user = { .pucch = &p, .uci = again[0] };
		unsigned slot, antennas = 1 + below(8);
		double delay = 0.03 * uniform() - 0.015, scs;
		bool sr;

		draw_config(&p, turn % 5);
		scs = 15e3 * (1 << p.config.mu);
		slot = below(10u << p.config.mu);
		sr = p.config.bits == 0 || (p.config.sr && below(2));
		use_grids(&p.config);
		clear_air(0.02);
		assert_true(phy_pucch_send(work, &kern, &p, slot, bits, sr, &sent));
		pass(antennas, 1, delay);
		assert_true(phy_pucch_receive(work, &kern, slot, grids, antennas, &user, 1));
		if (!user.detected || memcmp(again[0], bits, p.config.bits) != 0)
			fail_msg("turn %u: format %u, %u symbols, %u blocks, %u bits of %u, %u antennas: %s, "
				 "%g sigmas",
				turn, p.config.format, p.config.symbols, p.config.prbs, p.config.bits,
				p.uci.e, antennas, user.detected ? "wrong" : "missed", user.sigmas);
		assert_true(user.sr == (sr && p.config.format < 2 && (p.config.sr || p.config.bits == 0)));
		/* a delay of the whole block is noise to formats 0 and 1 */
		assert_true(user.noise > 0 && user.noise < 0.2 && user.power > 0.1 && user.power < 4);
		if (fabs(user.delay_s * scs - delay) > 0.006)
			fail_msg("format %u: delay %g for %g", p.config.format, user.delay_s * scs, delay);
	}
}

/* Twelve users of a resource of format 1 and four of format 0, of which each third is silent. */
static void test_users(void **state)
{
	for (unsigned turn = 0; turn < 300; turn++) {
		struct phy_pucch p[12], base;
		struct phy_pucch_user users[12] = { 0 };
		uint8_t data[12][2];
		unsigned count = turn % 2 ? 12 : 4, slot;

		do {
			draw_config(&base, turn % 2);
		} while (turn % 2 ? base.config.symbols < 8 + 4 * base.config.hopping : base.config.sr);
		slot = below(10u << base.config.mu);
		use_grids(&base.config);
		clear_air(0.05);
		for (unsigned u = 0; u < count; u++) {
			struct phy_pucch_config c = base.config;

			c.bits = (uint16_t)(turn % 2 ? 1 + u % 2 : 1);
			c.initial_shift = (uint8_t)(turn % 2 ? 3 * (u / 3)
							     : (turn / 2 % 3) + 6 * (u % 2) + 2 * (u / 2));
			if (turn % 2)
				c.occ = (uint8_t)(u % 3);
			else
				c.initial_shift = (uint8_t)((turn / 2 + u) % 6); /* 1 bit: u and u + 6 */
			assert_int_equal(phy_pucch_init(&p[u], &c), PHY_PUCCH_OK);
			users[u] = (struct phy_pucch_user){ .pucch = &p[u], .uci = again[u] };
			data[u][0] = below(2);
			data[u][1] = below(2);
			if (u % 3 == 2)
				continue;
			assert_true(phy_pucch_send(work, &kern, &p[u], slot, data[u], false, &sent));
			pass(4, 0.7 + uniform(), 0);
		}
		assert_true(phy_pucch_receive(work, &kern, slot, grids, 4, users, count));
		for (unsigned u = 0; u < count; u++) {
			if (u % 3 != 2)
				assert_true(users[u].detected &&
					    memcmp(users[u].uci, data[u], p[u].config.bits) == 0);
		}
	}
}

/* All users of a resource of format 4, each over a channel of its own. */
static void test_users_4(void **state)
{
	for (unsigned turn = 0; turn < 60; turn++) {
		static uint8_t data[4][PHY_UCI_BITS_MAX];
		struct phy_pucch_user users[4] = { 0 };
		struct phy_pucch p[4], base;
		unsigned slot;

		do {
			draw_config(&base, 4);
		} while (base.uci.e < 3u * base.config.bits + 30);
		slot = below(10u << base.config.mu);
		use_grids(&base.config);
		clear_air(0.02);
		for (unsigned u = 0; u < base.config.occ_length; u++) {
			struct phy_pucch_config c = base.config;

			c.occ = (uint8_t)u;
			assert_int_equal(phy_pucch_init(&p[u], &c), PHY_PUCCH_OK);
			users[u] = (struct phy_pucch_user){ .pucch = &p[u], .uci = again[u] };
			for (unsigned i = 0; i < c.bits; i++)
				data[u][i] = below(2);
			assert_true(phy_pucch_send(work, &kern, &p[u], slot, data[u], false, &sent));
			pass(2, 0.6 + uniform(), 0);
		}
		assert_true(phy_pucch_receive(work, &kern, slot, grids, 2, users, base.config.occ_length));
		for (unsigned u = 0; u < base.config.occ_length; u++)
			assert_true(
				users[u].detected && memcmp(users[u].uci, data[u], base.config.bits) == 0);
	}
}

static void fill_with_noise(const struct phy_pucch_config *c, struct phy_cf *at)
{
	for (unsigned l = 0; l < c->symbols; l++) {
		for (unsigned n = 0; n < 12u * c->prbs; n++)
			at[place(c, l) - plain + n] = gaussian_cf();
	}
}

/* Of noise one in a hundred is taken at most, and some. */
static void test_silence(void **state)
{
	for (unsigned format = 0; format < 5; format++) {
		unsigned taken = 0, trials = format < 2 ? 6000 : 2000;

		for (unsigned t = 0; t < trials; t++) {
			static struct phy_pucch p;
			struct phy_pucch_user user = { .pucch = &p, .uci = again[0] };

			if (t % 10 == 0) {
				do {
					draw_config(&p, format);
				} while (p.config.bits > 11 || p.config.prbs > 4 ||
					 (format > 1 && p.uci.e < 40));
				use_grids(&p.config);
			}
			for (unsigned a = 0; a < 2; a++)
				fill_with_noise(&p.config, cells[a]);
			assert_true(phy_pucch_receive(work, &kern, below(10), grids, 1 + below(2), &user, 1));
			taken += user.detected;
		}
		print_message("format %u: %.2f %% of noise taken\n", format, 100.0 * taken / trials);
		assert_true(taken <= trials * 0.01 + 3 * sqrt(trials * 0.01));
		assert_true(taken >= trials * 0.0003);
	}
}

static void test_refusals(void **state)
{
	static const struct phy_pucch_config good = {
		.format = 1, .bwp_prbs = 20, .symbols = 10, .prbs = 1, .bits = 1
	};
	struct phy_pucch_config c;
	struct phy_pucch p;

#define REFUSED(error, ...)                                                                                  \
	do {                                                                                                 \
		c = good;                                                                                    \
		__VA_ARGS__;                                                                                 \
		assert_int_equal(phy_pucch_init(&p, &c), error);                                             \
	} while (0)
	REFUSED(PHY_PUCCH_OK, (void)c);
	REFUSED(PHY_PUCCH_FORMAT, c.format = 5);
	REFUSED(PHY_PUCCH_NUMEROLOGY, c.mu = 4);
	REFUSED(PHY_PUCCH_NUMEROLOGY, c.extended = true);
	REFUSED(PHY_PUCCH_BANDWIDTH, c.bwp_prbs = 0);
	REFUSED(PHY_PUCCH_BANDWIDTH, c.bwp_prbs = 276);
	REFUSED(PHY_PUCCH_TIME, c.symbols = 3);
	REFUSED(PHY_PUCCH_TIME, c.first_symbol = 5);
	REFUSED(PHY_PUCCH_TIME, c.format = 0; c.symbols = 3);
	REFUSED(PHY_PUCCH_PRBS, c.prbs = 2);
	REFUSED(PHY_PUCCH_PRBS, c.prbs = 0);
	REFUSED(PHY_PUCCH_PRBS, c.first_prb = 20);
	REFUSED(PHY_PUCCH_PRBS, c.second_prb = 20; c.hopping = true);
	REFUSED(PHY_PUCCH_PRBS, c.format = 3; c.prbs = 7; c.bits = 20);
	REFUSED(PHY_PUCCH_HOPPING, c.format = 0; c.symbols = 1; c.hopping = true);
	REFUSED(PHY_PUCCH_HOPPING, c.groups = (enum phy_pucch_groups)3);
	REFUSED(PHY_PUCCH_IDENTITY, c.hopping_id = 1024);
	REFUSED(PHY_PUCCH_IDENTITY, c.n_id = 1024);
	REFUSED(PHY_PUCCH_SHIFT, c.initial_shift = 12);
	REFUSED(PHY_PUCCH_OCC, c.occ = 5);
	REFUSED(PHY_PUCCH_OCC, c.occ = 2; c.hopping = true);
	REFUSED(PHY_PUCCH_OCC, c.format = 4; c.occ_length = 3; c.bits = 20);
	REFUSED(PHY_PUCCH_OCC, c.format = 4; c.occ_length = 2; c.occ = 2; c.bits = 20);
	REFUSED(PHY_PUCCH_BITS, c.bits = 3);
	REFUSED(PHY_PUCCH_BITS, c.format = 3; c.bits = 2);
	REFUSED(PHY_PUCCH_SR, c.sr = true);
	REFUSED(PHY_PUCCH_SR, c.format = 0; c.symbols = 2; c.bits = 0; c.sr = true);
	REFUSED(PHY_PUCCH_LOW_PAPR_2, c.format = 3; c.bits = 20; c.low_papr_type2 = true);
	REFUSED(PHY_PUCCH_UCI, c.format = 3; c.bits = 500);
#undef REFUSED
	for (enum phy_pucch_error e = PHY_PUCCH_OK; e < PHY_PUCCH_ERRORS; e++)
		assert_true(strlen(phy_pucch_error_text(e)) > 1);
}

/* Users that share no resource, grids of another size, no antenna, a slot of no frame: nothing is done. */
static void test_misuse(void **state)
{
	struct phy_pucch_config c = { .format = 0, .bwp_prbs = PRBS, .symbols = 2, .prbs = 1, .bits = 1 };
	struct phy_pucch p, other;
	struct phy_pucch_user users[2] = { { .pucch = &p, .uci = again[0] },
		{ .pucch = &other, .uci = again[1] } };

	assert_int_equal(phy_pucch_init(&p, &c), PHY_PUCCH_OK);
	c.first_prb = 1;
	assert_int_equal(phy_pucch_init(&other, &c), PHY_PUCCH_OK);
	use_grids(&c);
	clear_air(1);
	assert_true(phy_pucch_receive(work, &kern, 0, grids, 1, users, 1));
	assert_false(phy_pucch_receive(work, &kern, 0, grids, 1, users, 2));
	assert_false(phy_pucch_receive(work, &kern, 0, grids, 0, users, 1));
	assert_false(phy_pucch_receive(work, &kern, 0, grids, 9, users, 1));
	assert_false(phy_pucch_receive(work, &kern, 0, grids, 1, users, 0));
	assert_false(phy_pucch_receive(work, &kern, 10, grids, 1, users, 1));
	grids[0].prbs = PRBS - 1;
	assert_false(phy_pucch_receive(work, &kern, 0, grids, 1, users, 1));
	assert_false(phy_pucch_send(work, &kern, &p, 0, bits, false, &grids[0]));
}

/* One user on one antenna; the largest formats 2 and 3 of a request. */
static int bench(void)
{
	static const struct phy_pucch_config configs[] = {
		{ .format = 0, .mu = 1, .bwp_prbs = PRBS, .prbs = 1, .symbols = 2, .bits = 1 },
		{ .format = 1, .mu = 1, .bwp_prbs = PRBS, .prbs = 1, .symbols = 14, .bits = 2 },
		{ .format = 2, .mu = 1, .bwp_prbs = PRBS, .prbs = 1, .symbols = 2, .bits = 4 },
		{ .format = 2, .mu = 1, .bwp_prbs = PRBS, .prbs = 9, .symbols = 2, .bits = 22 },
		{ .format = 3, .mu = 1, .bwp_prbs = PRBS, .prbs = 1, .symbols = 14, .bits = 4 },
		{ .format = 3, .mu = 1, .bwp_prbs = PRBS, .prbs = 1, .symbols = 14, .bits = 16 },
	};

	for (size_t i = 0; i < ARRAY_LEN(configs); i++) {
		struct phy_pucch p;
		struct phy_pucch_user user = { .pucch = &p, .uci = again[0] };
		double best = 1e9;

		if (phy_pucch_init(&p, &configs[i]) != PHY_PUCCH_OK)
			return 1;
		use_grids(&p.config);
		clear_air(0.1);
		(void)phy_pucch_send(work, &kern, &p, 3, bits, false, &grids[0]);
		for (unsigned t = 0; t < 50; t++) {
			clock_t from = clock();

			for (unsigned n = 0; n < 50; n++)
				(void)phy_pucch_receive(work, &kern, 3, grids, 1, &user, 1);
			best = fmin(best, (double)(clock() - from) * 1e6 / CLOCKS_PER_SEC / 50);
		}
		printf("pucch_receive_format_%u_%u_bits %.2f us\n", p.config.format, p.config.bits, best);
	}
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clauses),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_users),
		cmocka_unit_test(test_users_4),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_misuse),
	};
	int failed = 1;

	kern_init(&kern, KERN_LEVELS - 1);
	tables = phy_pucch_tables_new();
	work = tables ? phy_pucch_work_new(tables) : NULL;
	codec = phy_uci_codec_new();
	if (work && codec)
		failed = argc > 1 && !strcmp(argv[1], "--bench") ? bench()
								 : cmocka_run_group_tests(tests, NULL, NULL);
	phy_uci_codec_free(codec);
	phy_pucch_work_free(work);
	phy_pucch_tables_free(tables);
	return failed;
}

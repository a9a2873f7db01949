/*
 * PDCCH from DCI bits to the grid and back. --full [trials]: the SNR for 1% of blocks lost, and false alarms
 * over more noise. --bench: times.
 */
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/mapping/coreset0.h"
#include "radio/phy/channels/pdcch.h"
#include "radio/phy/phy_test.h"
#include "radio/phy/channels/type0_pdcch.h"

enum { PRBS = PHY_PRB_MAX, SYMBOLS = PHY_SYMBOLS_MAX, SUBCARRIERS = PRBS * PHY_SC_PER_PRB };

static struct phy_polar_cache *codes;
static struct phy_pdcch_receiver *rx;
/* From one port, the grid of the test. */
#define SENT(a) (&(struct phy_pdcch_output){ .amplitude = (a), .ports = &grid })

static struct kern kern;
static struct phy_cf res[SUBCARRIERS * SYMBOLS];
static struct phy_grid grid = { res, PRBS, 0, SYMBOLS };

static void clear(unsigned prbs, unsigned first_crb)
{
	grid.prbs = (uint16_t)prbs;
	grid.first_crb = (uint16_t)first_crb;
	memset(res, 0, sizeof(res));
}

static void add_noise_at(double snr_db, unsigned symbols)
{
	add_noise(res, symbols * grid.prbs * 12u, pow(10, -snr_db / 10));
}

/* Two taps: delays in samples of an FFT of 4096, the second with this amplitude; mean power one. */
static void two_taps(double delay, double apart, double second, double phase)
{
	double norm = 1 / sqrt(1 + second * second);

	for (unsigned l = 0; l < grid.symbols; l++) {
		for (unsigned k = 0; k < grid.prbs * 12u; k++) {
			double a = phase - 2 * M_PI * k * delay / 4096, b = a - 2 * M_PI * k * apart / 4096;
			double re = norm * (cos(a) + second * cos(b)), im = norm * (sin(a) + second * sin(b));
			struct phy_cf *x = phy_grid_at(&grid, l, k), y = *x;

			x->re = (float)(y.re * re - y.im * im);
			x->im = (float)(y.re * im + y.im * re);
		}
	}
}

static void random_dci(uint8_t *dci, unsigned bits)
{
	memset(dci, 0, PHY_DCI_OCTETS);
	for (unsigned i = 0; i < bits; i++)
		bits_set(dci, i, draw() & 1);
}

/* c(n) of 38.211 5.2.1 as it is written, n from 0 to count - 1. */
static void slow_gold(uint8_t *c, unsigned count, uint32_t c_init)
{
	static uint8_t x1[40000], x2[40000];

	memset(x1, 0, 31);
	x1[0] = 1;
	for (unsigned i = 0; i < 31; i++)
		x2[i] = c_init >> i & 1;
	for (unsigned n = 0; n + 31 < 1600 + count; n++) {
		x1[n + 31] = (x1[n + 3] + x1[n]) % 2;
		x2[n + 31] = (x2[n + 3] + x2[n + 2] + x2[n + 1] + x2[n]) % 2;
	}
	for (unsigned n = 0; n < count; n++)
		c[n] = (x1[n + 1600] + x2[n + 1600]) % 2;
}

/* 38.212 7.3.2 bit by bit, and the polar code, which has its own test. */
static void slow_code(uint8_t *e, const uint8_t *dci, unsigned a, uint16_t rnti, unsigned al)
{
	static struct phy_polar code;
	uint8_t b[PHY_POLAR_K_DL_MAX];
	uint32_t reg = 0;

	for (unsigned i = 0; i < a + 24; i++) {
		unsigned in = i < 24 ? 1 : bits_get(dci, i - 24);

		/* D^24+D^23+D^21+D^20+D^17+D^15+D^13+D^12+D^8+D^4+D^2+D+1 */
		reg = (reg << 1 & 0xffffff) ^ ((reg >> 23 ^ in) & 1 ? 0xb2b117 : 0);
	}
	for (unsigned i = 0; i < a; i++)
		b[i] = (uint8_t)bits_get(dci, i);
	for (unsigned i = 0; i < 24; i++)
		b[a + i] = reg >> (23 - i) & 1;
	for (unsigned i = 0; i < 16; i++)
		b[a + 8 + i] ^= rnti >> (15 - i) & 1;
	assert_true(phy_polar_init(&code, PHY_POLAR_DOWNLINK, a + 24, al * 108));
	phy_polar_encode(&code, e, b);
}

/* Whether a REG of the CORESET is the candidate's: 7.3.2.2 by its words. */
static bool slow_has(const struct phy_coreset *c, struct phy_candidate at, unsigned reg)
{
	unsigned l = c->bundle, bundles = (unsigned)c->n_rb * c->n_symb / l, r = c->interleaver;

	for (unsigned x = at.cce * 6u / l; x < (at.cce + at.al) * 6u / l; x++) {
		unsigned f = c->interleaved ? (x % r * (bundles / r) + x / r + c->n_shift) % bundles : x;

		if (reg / l == f)
			return true;
	}
	return false;
}

/* 38.211 7.3.2.3 to 7.3.2.5 and 7.4.1.3 over all REs of the grid, symbol by symbol. */
static void slow_transmit(const struct phy_pdcch_occasion *o, struct phy_candidate at, uint16_t rnti,
	const uint8_t *dci, unsigned a, struct phy_cf *out)
{
	static uint8_t e[PHY_PDCCH_BITS], c[PHY_PDCCH_BITS], r[20000];
	const struct phy_coreset *cs = o->coreset;
	unsigned used = 0;

	slow_code(e, dci, a, rnti, at.al);
	slow_gold(c, at.al * 108u, (((uint32_t)o->n_rnti << 16) + o->n_id) & 0x7fffffff);
	for (unsigned l = 0; l < cs->n_symb; l++) {
		unsigned symbol = o->first_symbol + l;
		uint64_t init = (UINT64_C(131072) * ((unsigned)grid.symbols * o->slot + symbol + 1) *
						(2u * cs->dmrs_id + 1) +
					2u * cs->dmrs_id) %
				(UINT64_C(1) << 31);

		slow_gold(r, sizeof(r), (uint32_t)init);
		for (unsigned k = 0; k < grid.prbs * 12u; k++) {
			unsigned crb = grid.first_crb + k / 12, n, rb = 0;
			float re, im;

			while (rb < cs->n_rb && phy_coreset_crb(cs, rb) != crb)
				rb++;
			if (rb == cs->n_rb || !slow_has(cs, at, rb * cs->n_symb + l))
				continue;
			n = crb - (cs->own_reference ? phy_coreset_crb(cs, 0) : 0);
			if (k % 12 == 1 || k % 12 == 5 || k % 12 == 9) {
				unsigned m = 3 * n + k % 12 / 4;

				re = 1 - 2 * r[2 * m];
				im = 1 - 2 * r[2 * m + 1];
			} else {
				re = 1 - 2 * (e[used] ^ c[used]);
				im = 1 - 2 * (e[used + 1] ^ c[used + 1]);
				used += 2;
			}
			if (rb >= phy_coreset_present(cs))
				continue;
			out[symbol * grid.prbs * 12u + k] =
				(struct phy_cf){ re * (float)M_SQRT1_2, im * (float)M_SQRT1_2 };
		}
	}
	assert_int_equal(used, at.al * 108);
}

/* A legal CORESET at random, within `prbs` blocks from first_crb on. */
static struct phy_coreset random_coreset(unsigned prbs, unsigned first_crb, bool wideband)
{
	struct phy_coreset c;

	do {
		unsigned groups = 1 + (unsigned)(draw() % (prbs / 6));

		c = (struct phy_coreset){
			.groups = draw() % 3 ? (UINT64_C(1) << groups) - 1
					     : draw() & ((UINT64_C(1) << groups) - 1),
			.first_crb = (uint16_t)(first_crb + draw() % (prbs - 6 * groups + 1)),
			.dmrs_id = (uint16_t)draw(),
			.n_shift = (uint16_t)(draw() % 275),
			.n_symb = (uint8_t)(1 + draw() % 3),
			.bundle = (uint8_t)(draw() % 2 ? 6 : 2 + draw() % 2),
			.interleaver = (uint8_t)(2 + draw() % 5),
			.interleaved = draw() % 4 > 0,
			.own_reference = draw() & 1,
			.wideband = wideband && draw() % 4 == 0,
			.punctured = (uint8_t)(!wideband && draw() % 4 == 0 ? draw() % 6 : 0),
		};
	} while (!phy_coreset_init(&c));
	return c;
}

static struct phy_candidate random_candidate(const struct phy_coreset *c)
{
	unsigned al = 1u << draw() % 5;

	while (al > c->n_cce)
		al /= 2;
	return (struct phy_candidate){ (uint8_t)(draw() % (c->n_cce / al) * al), (uint8_t)al };
}

/* Of a slot with either cyclic prefix, which the grid takes on. */
static struct phy_pdcch_occasion random_occasion(const struct phy_coreset *c)
{
	grid.symbols = draw() % 4 ? SYMBOLS : 12;
	return (struct phy_pdcch_occasion){
		.coreset = c,
		.slot = (uint16_t)(draw() % 160),
		.first_symbol = (uint8_t)(draw() % (grid.symbols + 1u - c->n_symb)),
		.n_id = (uint16_t)draw(),
		.n_rnti = (uint16_t)(draw() & 1 ? draw() : 0),
	};
}

static void test_transmit(void **state)
{
	static struct phy_cf want[SUBCARRIERS * SYMBOLS];

	for (unsigned t = 0; t < 200; t++) {
		unsigned prbs = 24 + (unsigned)(draw() % 100), first = (unsigned)(draw() % 200);
		struct phy_coreset c = random_coreset(prbs, first, false);
		struct phy_pdcch_occasion o = random_occasion(&c);
		struct phy_candidate at = random_candidate(&c);
		unsigned bits = 12 + (unsigned)(draw() % (at.al == 1 ? 73 : 129));
		uint8_t dci[PHY_DCI_OCTETS];
		uint16_t rnti = (uint16_t)draw();

		random_dci(dci, bits);
		clear(prbs, first);
		memset(want, 0, sizeof(want));
		assert_true(phy_pdcch_transmit(codes, &o, at, rnti, dci, bits, SENT(1)));
		slow_transmit(&o, at, rnti, dci, bits, want);
		for (unsigned i = 0; i < prbs * 12 * SYMBOLS; i++) {
			if (fabsf(res[i].re - want[i].re) > 1e-6f || fabsf(res[i].im - want[i].im) > 1e-6f)
				fail_msg("round %u symbol %u subcarrier %u", t, i / (prbs * 12),
					i % (prbs * 12));
		}
	}
	grid.symbols = SYMBOLS;
}

/* With allContiguousRBs the DMRS of the whole part are sent, the other parts' are not. */
static void test_wideband(void **state)
{
	struct phy_coreset c = { .groups = 0x73, .first_crb = 6, .n_symb = 1, .bundle = 6, .wideband = true };
	struct phy_pdcch_occasion o = { .coreset = &c };
	uint8_t dci[PHY_DCI_OCTETS] = { 0 };

	assert_true(phy_coreset_init(&c));
	clear(60, 0);
	assert_true(phy_pdcch_transmit(codes, &o, (struct phy_candidate){ 3, 1 }, 1, dci, 40, SENT(1)));
	for (unsigned rb = 0; rb < 60; rb++) {
		bool part = rb >= 30 && rb < 48, mine = rb >= 36 && rb < 42;

		for (unsigned k = 0; k < 12; k++)
			assert_int_equal(res[rb * 12 + k].re != 0, k % 4 == 1 ? part : mine);
	}
}

static struct phy_pdcch_search search_for(const struct phy_pdcch_occasion *o, unsigned bits, uint16_t rnti)
{
	return (struct phy_pdcch_search){
		.occasion = *o, .sizes = 1, .size = { (uint8_t)bits }, .rntis = 1, .rnti = { rnti }
	};
}

/* Another phase for every bundle of the CORESET, as if each had a precoder of its own. */
static void precode(const struct phy_coreset *c)
{
	unsigned width = c->bundle / c->n_symb;
	float re = 1, im = 0;

	for (unsigned rb = 0; rb < c->n_rb; rb++) {
		if (rb % width == 0) {
			double a = 7 * uniform();

			re = (float)cos(a);
			im = (float)sin(a);
		}
		for (unsigned i = 0; i < 12u * grid.symbols; i++) {
			struct phy_cf *x = phy_grid_at(&grid, i / 12,
					      (phy_coreset_crb(c, rb) - grid.first_crb) * 12 + i % 12),
				      y = *x;

			x->re = y.re * re - y.im * im;
			x->im = y.re * im + y.im * re;
		}
	}
}

/* Any legal configuration through a flat or two-tap channel comes out whole; among 4 sizes and 8 RNTIs. */
static void test_random(void **state)
{
	for (unsigned t = 0; t < 400; t++) {
		unsigned prbs = 24 + (unsigned)(draw() % 80), first = (unsigned)(draw() % 200);
		struct phy_coreset c = random_coreset(prbs, first, true);
		struct phy_pdcch_occasion o = random_occasion(&c);
		struct phy_candidate at = random_candidate(&c);
		unsigned bits = 30 + (unsigned)(draw() % 20), n;
		uint16_t rnti = (uint16_t)(draw() | 8), other = rnti ^ 1;
		struct phy_pdcch_search s = search_for(&o, bits + 1, other);
		struct phy_pdcch_found f[4];
		uint8_t dci[PHY_DCI_OCTETS];

		s.size[s.sizes++] = (uint8_t)bits;
		s.rnti[s.rntis++] = rnti;
		s.candidate[s.candidates++] = at;
		random_dci(dci, bits);
		clear(prbs, first);
		assert_true(phy_pdcch_transmit(
			codes, &o, at, rnti, dci, bits, SENT((float)pow(10, 20 * uniform() - 10))));
		if (t % 3 == 0 && !c.wideband)
			precode(&c);
		two_taps(40 * uniform(), 60 * uniform(), t % 2 ? 0 : 0.5 * uniform(), 7 * uniform());
		double level = 0;
		for (unsigned i = 0; i < prbs * 12 * SYMBOLS; i++)
			level = fmax(level, fabsf(res[i].re));
		for (unsigned i = 0; i < prbs * 12 * SYMBOLS; i++) {
			res[i].re += (float)(level * 0.1 * gaussian());
			res[i].im += (float)(level * 0.1 * gaussian());
		}
		n = phy_pdcch_find(rx, &kern, &s, &grid, 1, f, 4);
		if (n != 1 || f[0].rnti != rnti || f[0].bits != bits ||
			memcmp(f[0].dci, dci, sizeof(dci)) != 0)
			fail_msg("round %u: %u found; blocks %u symbols %u L %u interleaved %u AL %u quality "
				 "%f",
				t, n, c.n_rb, c.n_symb, c.bundle, c.interleaved, at.al, (double)f[0].quality);
	}
	grid.symbols = SYMBOLS;
}

/* Several DCIs of a common and a UE-specific search space in one slot: all are found where they are. */
static void test_blind(void **state)
{
	struct phy_coreset c = { .groups = 0xff,
		.n_symb = 2,
		.bundle = 6,
		.interleaver = 2,
		.interleaved = true,
		.dmrs_id = 77,
		.n_shift = 77 };
	const struct phy_search_space ue = { .period = 1,
		.duration = 1,
		.symbols = 1,
		.ue_specific = true,
		.coreset_id = 1,
		.candidates = { 4, 4, 2, 1, 0 } };
	unsigned both = 0, all = 0;
	double snr_db = 0;

	assert_true(phy_coreset_init(&c));
	for (unsigned slot = 0; slot < 160; slot++) {
		struct phy_pdcch_occasion o = { .coreset = &c, .slot = (uint16_t)slot, .n_id = 77 };
		struct phy_pdcch_search s = search_for(&o, 39, 0x4601);
		struct phy_pdcch_found f[8];
		uint8_t dci[2][PHY_DCI_OCTETS];
		struct phy_candidate a, b;
		unsigned n, clash;

		s.size[s.sizes++] = 45;
		s.rnti[s.rntis++] = 0xffff;
		s.candidates = (uint8_t)phy_search_space_candidates(&ue, &c, slot, 0x4601, s.candidate);
		a = s.candidate[draw() % s.candidates];
		b = s.candidate[draw() % s.candidates];
		clash = a.cce < b.cce + b.al && b.cce < a.cce + a.al;
		random_dci(dci[0], 39);
		random_dci(dci[1], 45);
		clear(48, 0);
		assert_true(phy_pdcch_transmit(codes, &o, a, 0x4601, dci[0], 39, SENT(1)));
		if (!clash)
			assert_true(phy_pdcch_transmit(codes, &o, b, 0xffff, dci[1], 45, SENT(1)));
		two_taps(15 * uniform(), 0, 0, 7 * uniform());
		add_noise_at(11, 2);
		n = phy_pdcch_find(rx, &kern, &s, &grid, 1, f, 8);
		assert_int_equal(n, clash ? 1 : 2);
		both += n == 2;
		for (unsigned i = 0; i < n; i++) {
			const struct phy_candidate *at = f[i].rnti == 0xffff ? &b : &a;

			assert_int_equal(f[i].at.cce, at->cce);
			assert_int_equal(f[i].at.al, at->al);
			assert_memory_equal(f[i].dci, dci[f[i].rnti == 0xffff], PHY_DCI_OCTETS);
			snr_db += (double)f[i].snr_db;
			all++;
		}
		assert_true(phy_pdcch_find(rx, &kern, &s, &grid, 1, f, 1) == 1);
	}
	assert_true(both > 40);
	assert_true(fabs(snr_db / all - 11) < 0.7);
}

/* Resource blocks of CORESETs whose groups are 0, 1, 3 and 4, and the precoder of each written out. */
static void test_granularity(void **state)
{
	struct phy_coreset c = {
		.groups = 0x1b, .n_symb = 2, .bundle = 2, .interleaver = 2, .interleaved = true
	};

	(void)state;
	assert_true(phy_coreset_init(&c));
	assert_int_equal(phy_coreset_precoders(&c), 24);
	for (unsigned rb = 0; rb < 24; rb++)
		assert_int_equal(phy_coreset_precoder_of(&c, rb), rb);
	c.bundle = 6;
	assert_true(phy_coreset_init(&c));
	for (unsigned rb = 0; rb < 24; rb++)
		assert_int_equal(phy_coreset_precoder_of(&c, rb), rb / 3);
	c.wideband = true;
	assert_true(phy_coreset_init(&c));
	assert_int_equal(phy_coreset_precoders(&c), 2);
	for (unsigned rb = 0; rb < 24; rb++)
		assert_int_equal(phy_coreset_precoder_of(&c, rb), rb >= 12);
}

enum { PORTS = 4, HEARERS = 3, RES = 48 * 12 * 14 };

static struct phy_cf port_re[PORTS][RES], heard_re[HEARERS][RES];

/* What each antenna hears of the ports over a flat channel; the last one nothing. */
static void hear(struct phy_grid antennas[HEARERS], double snr_db)
{
	for (unsigned a = 0; a < HEARERS; a++) {
		struct phy_cf h[PORTS];

		antennas[a] = (struct phy_grid){ heard_re[a], 48, 0, 14 };
		memset(heard_re[a], 0, sizeof(heard_re[a]));
		for (unsigned p = 0; p < PORTS; p++)
			h[p] = gaussian_cf();
		for (size_t i = 0; i < 48 * 12 * 2 && a + 1 < HEARERS; i++)
			for (unsigned p = 0; p < PORTS; p++) {
				struct phy_cf x = port_re[p][i];

				heard_re[a][i].re += h[p].re * x.re - h[p].im * x.im;
				heard_re[a][i].im += h[p].re * x.im + h[p].im * x.re;
			}
		if (a + 1 < HEARERS)
			add_noise(heard_re[a], 48 * 12 * 2, pow(10, -snr_db / 10));
	}
}

/*
 * A precoder of its own for each REG bundle or contiguous part, to four ports: each port sends the channel
 * times its part of the precoder, and two antennas find it, beside one that is dead.
 */
static void test_precoded(void **state)
{
	unsigned found = 0, alone = 0;

	(void)state;
	for (unsigned t = 0; t < 120; t++) {
		struct phy_coreset c = {
			.groups = 0xbb, .n_symb = 2, .bundle = 6, .wideband = t & 1, .dmrs_id = 9
		};
		struct phy_pdcch_occasion o = { .coreset = &c, .slot = 3, .n_id = 9 };
		struct phy_pdcch_search s = search_for(&o, 41, 77);
		struct phy_precoding w[PHY_CORESET_RBS];
		struct phy_grid ports[PORTS], antennas[HEARERS];
		struct phy_pdcch_output to = { 1, w, ports };
		uint8_t dci[PHY_DCI_OCTETS];
		struct phy_pdcch_found f;

		assert_true(phy_coreset_init(&c));
		for (unsigned i = 0; i < PHY_CORESET_RBS; i++) {
			w[i] = (struct phy_precoding){ .ports = PORTS, .layers = 1 };
			for (unsigned p = 0; p < PORTS; p++) {
				double a = 2 * M_PI * uniform();

				w[i].w[p][0] = (struct phy_cf){ 0.5f * (float)cos(a), 0.5f * (float)sin(a) };
			}
		}
		memset(port_re, 0, sizeof(port_re));
		for (unsigned p = 0; p < PORTS; p++)
			ports[p] = (struct phy_grid){ port_re[p], 48, 0, 14 };
		random_dci(dci, 41);
		s.candidates = 1;
		s.candidate[0] = (struct phy_candidate){ 4, 4 };
		assert_true(phy_pdcch_transmit(codes, &o, s.candidate[0], 77, dci, 41, &to));
		clear(48, 0);
		assert_true(phy_pdcch_transmit(codes, &o, s.candidate[0], 77, dci, 41, SENT(1)));
		for (unsigned rb = 0; rb < c.n_rb; rb++) {
			struct phy_cf v = w[phy_coreset_precoder_of(&c, rb)].w[t % PORTS][0];
			size_t at = phy_coreset_crb(&c, rb) * 12u + t % 12;
			struct phy_cf x = res[at], y = port_re[t % PORTS][at];

			assert_true(hypot((double)(y.re - v.re * x.re + v.im * x.im),
					    (double)(y.im - v.re * x.im - v.im * x.re)) < 1e-6);
		}
		hear(antennas, 6);
		found += phy_pdcch_find(rx, &kern, &s, antennas, HEARERS, &f, 1) == 1 &&
			 memcmp(f.dci, dci, sizeof(dci)) == 0;
		alone += phy_pdcch_find(rx, &kern, &s, antennas, 1, &f, 1) == 1;
		assert_int_equal(phy_pdcch_find(rx, &kern, &s, antennas + HEARERS - 1, 1, &f, 1), 0);
		w[1].ports = 2;
		assert_false(phy_pdcch_transmit(codes, &o, s.candidate[0], 77, dci, 41, &to));
		assert_int_equal(phy_pdcch_find(rx, &kern, &s, antennas, 0, &f, 1), 0);
	}
	print_message("%u of 120 with two antennas, %u with one\n", found, alone);
	assert_true(found > 116 && alone < found);
}

/* With one symbol and no interleaving 16 CCEs begin as 8 do: each is told from the other. */
static void test_level_16(void **state)
{
	struct phy_coreset c = { .groups = 0xffff, .n_symb = 1, .bundle = 6 };
	struct phy_pdcch_occasion o = { .coreset = &c };
	struct phy_pdcch_search s = search_for(&o, 41, 5);

	assert_true(phy_coreset_init(&c));
	s.candidates = 2;
	s.candidate[0].al = 16;
	s.candidate[1].al = 8;
	for (unsigned t = 0; t < 100; t++) {
		uint8_t dci[PHY_DCI_OCTETS];
		struct phy_pdcch_found f;

		random_dci(dci, 41);
		clear(96, 0);
		assert_true(phy_pdcch_transmit(codes, &o, s.candidate[t % 2], 5, dci, 41, SENT(1)));
		add_noise_at(t % 4 < 2 ? 30 : -3, 1);
		assert_int_equal(phy_pdcch_find(rx, &kern, &s, &grid, 1, &f, 1), 1);
		assert_int_equal(f.at.al, t % 2 ? 8 : 16);
	}
}

/* From the MIB's eight bits to the DCI that schedules SIB1, of each SS/PBCH block and level. */
static void test_sib1(void **state)
{
	const struct phy_coreset0_cell cell = { 30, 30, PHY_BAND_40_MHZ, 6 };
	struct phy_dci dci = { .kind = PHY_DCI_1_0_SI }, got;

	assert_true(phy_dci_riv(&dci.field[PHY_DCI_FREQUENCY], 0, 20, 48));
	dci.field[PHY_DCI_MCS] = 4;
	for (unsigned t = 0; t < 48; t++) {
		unsigned ssb = t % 8, al = 4u << t / 8 % 3, slot;
		struct phy_type0_pdcch p;
		struct phy_pdcch_found f;

		assert_true(phy_type0_pdcch_init(&p, &cell, 6 << 4 | 2, t * 21, 40, ssb, 0));
		slot = p.occasions.at[0].slot;
		assert_int_equal(slot, 4 + ssb); /* O = 2, M = 1 */
		clear(106, 0);
		assert_true(phy_type0_pdcch_transmit(&p, codes, slot, al, &dci, 1, &grid));
		two_taps(10 * uniform(), 0, 0, 7 * uniform());
		add_noise_at(1, 14);
		assert_true(phy_type0_pdcch_receive(&p, rx, &kern, slot, &grid, &got, &f));
		assert_memory_equal(&got, &dci, sizeof(got));
		assert_int_equal(f.at.al, al);
		assert_int_equal(f.rnti, 0xffff);
		assert_false(phy_type0_pdcch_receive(&p, rx, &kern, slot + 1, &grid, &got, NULL));
		assert_false(phy_type0_pdcch_transmit(&p, codes, slot, 2, &dci, 1, &grid));
		assert_false(phy_type0_pdcch_init(&p, &cell, 10 << 4, 1, 40, 0, 0));
		assert_false(phy_type0_pdcch_init(&p, &cell, 9 << 4, 1, 27, 0, 0)); /* 28 below */
		assert_false(phy_type0_pdcch_init(&p, &cell, 0, 1008, 40, 0, 0));
		assert_false(phy_type0_pdcch_init(&p, &cell, 0, 1, 40, 8, 0));
	}
}

/* Of CORESET 0 of a channel of 3 MHz, 15 blocks of 24: DCIs of 8 CCEs, and of 4 where those are. */
static void test_punctured(void **state)
{
	struct phy_dci dci = { .kind = PHY_DCI_1_0_SI }, got;

	for (unsigned row = 0; row < 10; row++) {
		const struct phy_coreset0_cell cell = { 15, 15, PHY_BAND_3_MHZ, 4 };
		unsigned wide = row < 2 ? 12 : 15, al = row < 2 ? 4 : 8, slot = 5;
		struct phy_type0_pdcch p;
		struct phy_pdcch_found f;

		assert_true(phy_type0_pdcch_init(&p, &cell, (uint8_t)(row << 4 | 4), row * 99, 22, 0, 0));
		assert_int_equal(p.layout.bits, 35); /* 78 or 120 allocations are 7 bits of it */
		assert_true(phy_dci_riv(&dci.field[PHY_DCI_FREQUENCY], 3, 9, wide));
		clear(wide, 22 - p.table.offset_rb);
		assert_true(phy_type0_pdcch_transmit(&p, codes, slot, al, &dci, 1, &grid));
		two_taps(10 * uniform(), 0, 0, 7 * uniform());
		add_noise_at(1, 8);
		assert_true(phy_type0_pdcch_receive(&p, rx, &kern, slot, &grid, &got, &f));
		assert_memory_equal(&got, &dci, sizeof(got));
		assert_int_equal(f.at.al, al);
		if (row >= 6 || row < 2) { /* the first CCEs are whole */
			clear(wide, 22 - p.table.offset_rb);
			assert_true(phy_type0_pdcch_transmit(&p, codes, slot, 4, &dci, 1, &grid));
			add_noise_at(1, 8);
			assert_true(phy_type0_pdcch_receive(&p, rx, &kern, slot, &grid, &got, &f));
			assert_int_equal(f.at.al, 4);
		}
	}
}

/* Noise, nothing, and samples that are no numbers: nothing is found. Candidates tried, at least `count`. */
static unsigned silence(unsigned count, unsigned rntis)
{
	const struct phy_search_space ue = { .period = 1,
		.duration = 1,
		.symbols = 1,
		.ue_specific = true,
		.coreset_id = 2,
		.candidates = { 8, 8, 4, 2, 1 } };
	struct phy_coreset c = { .groups = 0xff, .n_symb = 3, .bundle = 6 };
	unsigned tried = 0, alarms = 0;

	assert_true(phy_coreset_init(&c));
	for (unsigned slot = 0; tried < count; slot++) {
		struct phy_pdcch_occasion o = { .coreset = &c, .slot = slot % 20, .n_id = 7 };
		struct phy_pdcch_search s = search_for(&o, 41, 0xffff);
		struct phy_pdcch_found f[8];

		for (; s.rntis < rntis; s.rntis++)
			s.rnti[s.rntis] = (uint16_t)draw();
		s.candidates = (uint8_t)phy_search_space_candidates(
			&ue, &c, slot % 20, (uint16_t)(slot + 1), s.candidate);
		clear(48, 0);
		add_noise_at(0, 3);
		alarms += phy_pdcch_find(rx, &kern, &s, &grid, 1, f, 8);
		tried += s.candidates;
	}
	print_message("%u candidates of noise, one size, %u RNTIs: %u false alarms\n", tried, rntis, alarms);
	return alarms;
}

static void test_silence(void **state)
{
	assert_int_equal(silence(10000, 1), 0);
}

static void test_bad(void **state)
{
	static const float bad[] = { NAN, INFINITY, -INFINITY, 3e38f, 1e-38f, 0, 1e20f };
	struct phy_coreset c = { .groups = 0xff, .n_symb = 1, .bundle = 6 };
	struct phy_pdcch_occasion o = { .coreset = &c };
	struct phy_pdcch_search s = search_for(&o, 41, 5), t;
	struct phy_pdcch_found f;
	uint8_t dci[PHY_DCI_OCTETS] = { 0 };
	struct phy_candidate at = { 0, 4 };

	assert_true(phy_coreset_init(&c));
	s.candidates = 1;
	s.candidate[0] = at;
	for (unsigned i = 0; i < ARRAY_LEN(bad); i++) {
		for (unsigned all = 0; all < 2; all++) {
			clear(48, 0);
			(void)phy_pdcch_transmit(codes, &o, at, 6, dci, 41, SENT(1));
			for (unsigned k = 0; k < (all ? 576 : 3); k++)
				res[k * 2].re = res[k].im = bad[i];
			assert_int_equal(phy_pdcch_find(rx, &kern, &s, &grid, 1, &f, 1), 0);
		}
	}
	for (unsigned i = 0; i < 200; i++) { /* any pattern of bits, and of one magnitude */
		for (unsigned k = 0; k < 576; k++) {
			uint64_t v = draw() & (i % 2 ? ~UINT64_C(0) : 0x83ffffff83ffffff);

			v |= i % 2 ? 0 : (i % 31 << 26 | (uint64_t)(i % 31) << 58);
			assert_true(bytes_copy(&res[k], sizeof(res[k]), bytes_of(&v, sizeof(v))));
		}
		assert_int_equal(phy_pdcch_find(rx, &kern, &s, &grid, 1, &f, 1), 0);
	}
	t = s;
	t.candidates = PHY_CANDIDATES_MAX + 1;
	assert_int_equal(phy_pdcch_find(rx, &kern, &t, &grid, 1, &f, 1), 0);
	t = s;
	t.size[0] = 141;
	assert_int_equal(phy_pdcch_find(rx, &kern, &t, &grid, 1, &f, 1), 0);
	t = s;
	t.candidate[0] = (struct phy_candidate){ 255, 255 };
	assert_int_equal(phy_pdcch_find(rx, &kern, &t, &grid, 1, &f, 1), 0);
	t = s;
	t.occasion.first_symbol = 14;
	assert_int_equal(phy_pdcch_find(rx, &kern, &t, &grid, 1, &f, 1), 0);
	assert_false(phy_pdcch_transmit(codes, &o, at, 6, dci, 11, SENT(1)));
	assert_false(phy_pdcch_transmit(codes, &o, at, 6, dci, 141, SENT(1)));
	assert_false(phy_pdcch_transmit(codes, &o, (struct phy_candidate){ 0, 1 }, 6, dci, 100, SENT(1)));
	assert_false(phy_pdcch_transmit(codes, &o, (struct phy_candidate){ 8, 1 }, 6, dci, 41, SENT(1)));
	assert_false(phy_pdcch_transmit(codes, &o, at, 6, dci, 41, SENT(NAN)));
	grid.prbs = 47;
	assert_false(phy_pdcch_transmit(codes, &o, at, 6, dci, 41, SENT(1)));
}

/*
 * How a block is sent and received: as if the channel were known; over one phase and delay, with what all
 * DMRS tell or each bundle's; each bundle with a phase of its own; over two taps as strong, 60 / 4096 of a
 * symbol apart.
 */
enum way { KNOWN, JOINT, PER_BUNDLE, PRECODED, TWO_TAPS, FAR_TAPS, WIDEBAND, WAYS };

/* CORESET 0 of 48 blocks and one symbol; for 16 CCEs of two. */
static struct phy_coreset coreset0(unsigned al)
{
	struct phy_coreset0 z = { 1, 48, al > 8 ? 2 : 1, 0 };
	struct phy_coreset c;

	assert_true(phy_coreset0_init(&c, &z, 0, 123));
	return c;
}

static bool same_block(const void *arg, const uint8_t *bits, unsigned k)
{
	return memcmp(arg, bits, k) == 0;
}

/* The list decoder's own losses, when an oracle tells which path is right. */
static unsigned lost_known(unsigned al, unsigned bits, double snr_db, unsigned trials)
{
	static struct phy_polar_decoder dec;
	const struct phy_polar *p = phy_polar_cache_get(codes, PHY_POLAR_DOWNLINK, bits + 24, al * 108);
	double sigma = sqrt(pow(10, -snr_db / 10));
	uint8_t in[PHY_POLAR_K_DL_MAX], out[PHY_POLAR_K_DL_MAX], e[PHY_PDCCH_BITS];
	int8_t llr[PHY_PDCCH_BITS];
	unsigned bad = 0;

	for (unsigned t = 0; t < trials; t++) {
		for (unsigned i = 0; i < bits + 24; i++)
			in[i] = draw() & 1;
		phy_polar_encode(p, e, in);
		for (unsigned i = 0; i < al * 108; i++) {
			double y = (e[i] ? -1 : 1) + sigma * gaussian();

			llr[i] = (int8_t)rint(fmax(-127, fmin(127, 8 * y / (sigma * sigma))));
		}
		bad += !phy_polar_decode(&dec, p, &kern, out, llr, 8, same_block, in, NULL);
	}
	return bad;
}

/* Blocks of `trials` lost at an SNR with DCI of 39 bits: 1_0 in CORESET 0 of 48 blocks. */
static unsigned lost(unsigned al, double snr_db, unsigned trials, enum way way)
{
	struct phy_coreset c = coreset0(al);
	struct phy_pdcch_occasion o = { .coreset = &c, .slot = 3, .first_symbol = 0, .n_id = 123 };
	struct phy_pdcch_search s = search_for(&o, 39, 0xffff);
	unsigned bad = 0;

	if (way == KNOWN)
		return lost_known(al, 39, snr_db, trials);
	s.candidates = 1;
	s.candidate[0].al = (uint8_t)al;
	s.per_bundle = way == PER_BUNDLE;
	c.wideband = way == WIDEBAND;
	for (unsigned t = 0; t < trials; t++) {
		struct phy_pdcch_found f;
		uint8_t dci[PHY_DCI_OCTETS];

		random_dci(dci, 39);
		grid.prbs = c.n_rb;
		grid.first_crb = 0;
		grid.symbols = c.n_symb;
		memset(res, 0, sizeof(*res) * c.n_rb * 12 * c.n_symb);
		assert_true(phy_pdcch_transmit(codes, &o, s.candidate[0], 0xffff, dci, 39, SENT(1)));
		if (way == PRECODED)
			precode(&c);
		two_taps(20 * uniform(), way == FAR_TAPS ? 200 : 60, way == TWO_TAPS || way == FAR_TAPS,
			7 * uniform());
		add_noise_at(snr_db, c.n_symb);
		if (phy_pdcch_find(rx, &kern, &s, &grid, 1, &f, 1) != 1 ||
			memcmp(f.dci, dci, sizeof(dci)) != 0)
			bad++;
	}
	grid.symbols = SYMBOLS;
	return bad;
}

/* Half a dB or so above where 1% is lost (--full); at 8 and 16 CCEs bundles by themselves lose more than
 * that. */
static void test_noise(void **state)
{
	static const struct {
		unsigned al;
		double snr_db;
	} rows[] = { { 1, 4.1 }, { 2, 0.5 }, { 4, -2.6 }, { 8, -6.2 }, { 16, -9.1 } };

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		unsigned n = lost(rows[i].al, rows[i].snr_db, 300, JOINT);

		print_message("AL %u at %.1f dB: %u of 300 lost\n", rows[i].al, rows[i].snr_db, n);
		assert_true(n <= 6);
	}
	assert_true(lost(16, -9.1, 300, PER_BUNDLE) > 6);
	assert_true(lost(1, 10.5, 300, FAR_TAPS) <= 6);
	assert_true(lost(1, 3.4, 300, WIDEBAND) <= 6);
}

/* The SNR where 1% is lost: on the line between the two steps of half a dB about it, in logarithms. */
static double snr_of_one_percent(unsigned al, enum way way, unsigned trials)
{
	double snr = 1 - 10 * log10(al), before = 1;

	for (; snr < 40; snr += 0.5) {
		double rate = (lost(al, snr, trials, way) + 0.5) / trials;

		if (rate < 0.01)
			return snr - 0.5 * log(0.01 / rate) / log(before / rate);
		before = rate;
	}
	return INFINITY; /* an error floor */
}

static int full(unsigned trials)
{
	print_message(
		"SNR in dB for 1%% of DCI 1_0 (39 bits) in CORESET 0 of 48 blocks lost, %u trials a point\n"
		"AL  channel known  estimated  each bundle by itself  bundles precoded  two taps  far taps  "
		"wideband\n",
		trials);
	for (unsigned al = 1; al <= 16; al *= 2) {
		double snr[WAYS];

		for (enum way w = 0; w < WAYS; w++)
			snr[w] = snr_of_one_percent(al, w, trials);
		print_message("%2u  %13.2f  %9.2f  %21.2f  %16.2f  %8.2f  %8.2f  %8.2f\n", al, snr[KNOWN],
			snr[JOINT], snr[PER_BUNDLE], snr[PRECODED], snr[TWO_TAPS], snr[FAR_TAPS],
			snr[WIDEBAND]);
	}
	(void)silence(trials * 100, PHY_PDCCH_RNTIS);
	return 0;
}

static double seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

/* Microseconds of sending a PDCCH, of receiving it, and of a candidate of noise of many. */
static void time_level(unsigned al)
{
	enum { GRIDS = 100, TIMES = 50 };
	struct phy_coreset c = coreset0(al);
	struct phy_pdcch_occasion o = { .coreset = &c, .n_id = 123 };
	struct phy_pdcch_search s = search_for(&o, 39, 0xffff);
	uint8_t dci[PHY_DCI_OCTETS] = { 0 };
	struct phy_pdcch_found f;
	double took[3] = { 0 };

	s.candidates = 1;
	s.candidate[0].al = (uint8_t)al;
	for (unsigned g = 0; g < GRIDS * 3; g++) {
		double from;

		clear(48, 0);
		if (g % 3 == 1)
			(void)phy_pdcch_transmit(codes, &o, s.candidate[0], 0xffff, dci, 39, SENT(1));
		add_noise_at(6 - 10 * log10(al), c.n_symb);
		from = seconds();
		for (unsigned t = 0; t < TIMES; t++) {
			if (g % 3 == 0)
				(void)phy_pdcch_transmit(codes, &o, s.candidate[0], 0xffff, dci, 39, SENT(1));
			else
				(void)phy_pdcch_find(rx, &kern, &s, &grid, 1, &f, 1);
		}
		took[g % 3] += (seconds() - from) * 1e6 / (GRIDS * TIMES);
	}
	print_message("%2u  %8.1f  %7.1f  %16.1f\n", al, took[0], took[1], took[2]);
}

static int bench(void)
{
	print_message("microseconds a candidate\nAL  transmit   receive  noise on average\n");
	for (unsigned al = 1; al <= 16; al *= 2)
		time_level(al);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_transmit),
		cmocka_unit_test(test_wideband),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_blind),
		cmocka_unit_test(test_granularity),
		cmocka_unit_test(test_precoded),
		cmocka_unit_test(test_level_16),
		cmocka_unit_test(test_sib1),
		cmocka_unit_test(test_punctured),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_silence),
	};
	int result;

	kern_init(&kern, KERN_LEVELS - 1);
	codes = phy_polar_cache_new();
	rx = phy_pdcch_receiver_new();
	assert_non_null(codes);
	assert_non_null(rx);
	if (argc > 1 && strcmp(argv[1], "--bench") == 0)
		result = bench();
	else if (argc > 1 && strcmp(argv[1], "--full") == 0)
		result = full(argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 4000);
	else
		result = cmocka_run_group_tests(tests, NULL, NULL);
	phy_pdcch_receiver_free(rx);
	phy_polar_cache_free(codes);
	return result;
}

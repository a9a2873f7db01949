/*
 * PDSCH end to end. --full: block error rates over SNR, and the channel estimator on fading channels.
 * --bench: the time of a slot by stage.
 */
#include <math.h>
#include <time.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/channels/dci_riv.h"
#include "radio/phy/channels/pdsch_fallback.h"
#include "radio/phy/phy_test.h"

enum { GRID_MAX = PHY_SYMBOLS_MAX * PHY_PRB_MAX * PHY_SC_PER_PRB };

static struct kern kern;
static struct phy_chest_filters *filters;
static struct phy_pdsch_sender *sender;
static struct phy_pdsch_receiver *receiver;
static struct phy_harq *harq;
static struct phy_pdsch plan;
static struct phy_cf grid_re[GRID_MAX];
static struct phy_grid grid;
static uint8_t tb[SEGMENT_A_MAX / 8 + 8], back[SEGMENT_A_MAX / 8 + 8], *const got = back;
static const uint8_t *const sent = tb;

/* Variance 1 in all. */
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
		.dmrs = { .additional = 1,
			.type_a_position = 2,
			.groups_without_data = 2,
			.n_id = { 77, 78 } },
		.rnti = 0x4601,
		.n_id = 77,
		.layers = 1,
		.mcs_table = table,
		.codeword = { { .mcs = (uint8_t)mcs } } };

	c.prbs.n = (uint16_t)prbs;
	for (unsigned i = 0; i < prbs; i++)
		c.prbs.at[i] = (uint16_t)i;
	return c;
}

static void make_tb(void)
{
	draw_packed(tb, plan.sch[0].a);
}

static bool same_tb(void)
{
	return same_bits(tb, back, plan.sch[0].a);
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
			struct phy_cf *x = phy_grid_at(&grid, l, k), n = gaussian_cf();
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

	assert_true(phy_pdsch_send(sender, &kern, &plan, slot, &sent, NULL, &grid));
	pass(paths, count, noise);
	assert_true(phy_pdsch_receive(receiver, &kern, &plan, slot, &grid, 1, &harq, &got, &result));
	return result;
}

static void test_plain(void **state)
{
	static const double cfos[] = { 0, 0.01, -0.03 }; /* turns a symbol */
	struct phy_pdsch_config c = plain_config(106, PHY_MCS_64QAM, 16);

	assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_OK);
	/* G-FR1-A4-13 of 38.104 Annex A.4 */
	assert_int_equal(plan.sch[0].a, 38936);
	assert_int_equal(plan.sch[0].g, 61056);
	for (size_t i = 0; i < KERN_LEVELS * ARRAY_LEN(cfos); i++) {
		struct path path = { 0.01, cfos[i % ARRAY_LEN(cfos)], { 0.6f, 0.8f } };
		struct phy_pdsch_result r;

		kern_init(&kern, i / ARRAY_LEN(cfos));
		seed = i;
		make_tb();
		open_grid(106, 0, false);
		phy_harq_reset(harq);
		r = once(3, &path, 1, 0.03);
		assert_true(r.ok && same_tb());
		assert_float_equal(r.channel.channel.snr_db, 15.2f, 0.5f);
		assert_float_equal(r.channel.channel.power, 1, 0.03f);
		assert_float_equal(r.channel.channel.cfo_hz, (float)(cfos[i % ARRAY_LEN(cfos)] * 28000), 10);
		assert_float_equal(r.channel.channel.delay_s * 30e3f, 0.01f, 0.001f);
	}
}

/* A configuration that may be illegal; the grid is opened for it. */
static struct phy_pdsch_config random_config(struct phy_reserved *reserved)
{
	struct phy_pdsch_config c = { .mu = (uint8_t)pick(0, 3),
		.rnti = (uint16_t)draw(),
		.n_id = (uint16_t)pick(0, 1023),
		.layers = 1,
		.mcs_table = pick(0, 3),
		.codeword = { { .mcs = (uint8_t)pick(0, 28) } },
		.overhead = (uint8_t)(6 * (pick(0, 3) * pick(0, 1))),
		.scaling = pick(0, 7) ? 0 : pick(1, 2) };
	struct phy_vrb v = { .mapping = pick(0, 2) };
	unsigned prbs = pick(1, pick(0, 3) ? 60 : 275), carrier = pick(0, 200), start, length;
	uint8_t bitmap[35];

	c.extended = c.mu == 2 && pick(0, 1);
	v.bwp_prbs = (uint16_t)pick(1, prbs);
	v.bwp_start = (uint16_t)(carrier + pick(0, prbs - v.bwp_prbs));
	v.offset = pick(0, 3) ? 0 : (uint16_t)pick(0, v.bwp_prbs - 1);
	v.size = (uint16_t)(v.bwp_prbs - v.offset);
	v.si_in_coreset0 = pick(0, 1);
	start = pick(0, v.size - 1), length = pick(1, v.size - start);
	for (size_t i = 0; i < sizeof(bitmap); i++)
		bitmap[i] = (uint8_t)draw();
	if (pick(0, 1) || !phy_prbs_type0(&c.prbs, &v, pick(1, 2), bitmap))
		assert_true(phy_prbs_type1(&c.prbs, &v, start, length));
	c.bwp_start = v.bwp_start, c.bwp_prbs = v.bwp_prbs;
	c.time = (struct phy_time_domain){ pick(0, 1), 0, (uint8_t)pick(0, 12), (uint8_t)pick(2, 14) };
	c.dmrs = (struct phy_dmrs){ .type2 = pick(0, 1),
		.double_symbol = pick(0, 1),
		.per_group = pick(0, 1),
		.additional = (uint8_t)pick(0, 3),
		.type_a_position = (uint8_t)pick(2, 3),
		.groups_without_data = (uint8_t)pick(1, 3),
		.n_scid = (uint8_t)pick(0, 1),
		.n_id = { (uint16_t)draw(), (uint16_t)draw() },
		.reference_crb = pick(0, 1) ? (uint16_t)pick(0, c.bwp_start) : 0 };
	for (unsigned i = 0; i < 3; i++)
		reserved[i] =
			(struct phy_reserved){ (uint16_t)(draw() & 0x3fff & draw()), (uint16_t)pick(0, 0xfff),
				(uint16_t)pick(carrier, carrier + prbs), (uint16_t)pick(0, 30) };
	reserved[0].re = 0xfff, reserved[0].prbs = 20; /* an SS/PBCH block */
	reserved[0].symbols = (uint16_t)(0xf << pick(2, 9));
	c.ports[0] = (uint8_t)pick(0, 11);
	c.reserved = reserved, c.reserved_n = pick(0, 3);
	open_grid(prbs, carrier, c.extended);
	return c;
}

/* One by one, with its own idea of where DM-RS and reservations lie. */
static unsigned count_re(const struct phy_pdsch_config *c)
{
	unsigned re = 0;

	for (unsigned l = c->time.s; l < c->time.s + c->time.l; l++) {
		for (unsigned i = 0; i < c->prbs.n * 12u; i++) {
			unsigned k = i % 12, crb = c->bwp_start + c->prbs.at[i / 12];
			unsigned group = c->dmrs.type2 ? k % 6 / 2 : k % 2;
			bool taken = plan.dmrs_symbols >> l & 1 && group < c->dmrs.groups_without_data;

			for (size_t j = 0; j < c->reserved_n; j++) {
				const struct phy_reserved *r = &c->reserved[j];

				taken |= r->symbols >> l & 1 && r->re >> k & 1 && crb >= r->first_crb &&
					 crb < r->first_crb + r->prbs;
			}
			re += !taken;
		}
	}
	return re;
}

static unsigned filled(void)
{
	unsigned n = 0;

	for (size_t i = 0; i < (size_t)grid.symbols * grid.prbs * 12; i++)
		n += grid_re[i].re != 0 || grid_re[i].im != 0;
	return n;
}

/* Random configurations, each sent up to four times as rv 0, 2, 3, 1, at an SNR that often is too low. */
static void random_blocks(unsigned count, unsigned first)
{
	static const uint8_t rvs[] = { 0, 2, 3, 1 };
	unsigned legal = 0, tries = 0, came = 0, errors[PHY_PDSCH_ERRORS] = { 0 };

	for (unsigned i = first; legal < count; i++) {
		struct phy_reserved reserved[3];
		struct phy_pdsch_config c;
		enum phy_pdsch_error e;
		unsigned own;
		bool ok = false;

		seed = i * 1000003u;
		c = random_config(reserved);
		e = phy_pdsch_init(&plan, &c);
		errors[e]++;
		if (e != PHY_PDSCH_OK)
			continue;
		assert_int_equal(plan.plan.re, count_re(&c));
		make_tb();
		if (plan.sch[0].a + 24.0 > 0.95 * plan.sch[0].g) /* 38.214 5.1.3: no UE must decode it */
			continue;
		legal++;
		own = plan.plan.re +
		      c.prbs.n * phy_dmrs_per_prb(&c.dmrs) * (unsigned)__builtin_popcount(plan.dmrs_symbols);
		phy_harq_reset(harq);
		for (unsigned n = 0; n < 4 && !ok; n++) {
			struct path path = { 0.004 * uniform(), 0.004 * uniform(), { -0.8f, 0.6f } };
			double snr_db =
				1.5 * plan.sch[0].q_m + 4 * n + 6 * (double)plan.sch[0].a / plan.sch[0].g;

			c.codeword[0].rv = rvs[n];
			assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_OK);
			memset(grid_re, 0, sizeof(grid_re));
			assert_true(phy_pdsch_send(sender, &kern, &plan, 5, &sent, NULL, &grid));
			assert_int_equal(filled(), own);
			ok = once(5, &path, 1, pow(10, -snr_db / 10)).ok;
			tries++;
		}
		if (ok && !same_tb())
			fail_msg("case %u: ok, but another block", i);
		came += ok;
	}
	print_message("%u blocks of %u came out, in %u transmissions\n", came, legal, tries);
	assert_true(came >= legal - legal / 75);
	assert_true(tries > legal);
	for (unsigned e = 0; e < PHY_PDSCH_ERRORS; e++) {
		if (errors[e] > 0)
			print_message("  %s: %u\n", phy_pdsch_error_text(e), errors[e]);
	}
}

static void test_random(void **state)
{
	random_blocks(150, 0);
}

/* Blocks come out by soft combining where each transmission alone is too weak. */
static void test_harq(void **state)
{
	static const uint8_t rvs[] = { 0, 2, 3, 1 };
	struct phy_pdsch_config c = plain_config(52, PHY_MCS_256QAM, 24);
	unsigned alone = 0, together = 0;

	for (unsigned i = 0; i < 4; i++) {
		bool ok = false;

		seed = i;
		assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_OK);
		make_tb();
		phy_harq_reset(harq);
		for (unsigned n = 0; n < 4 && !ok; n++) {
			c = plain_config(52, PHY_MCS_256QAM, n == 3 ? 30 : 24);
			c.codeword[0].rv = rvs[n];
			if (n == 3) { /* the last by a reserved row: 64QAM, the size kept */
				c.codeword[0].kept_tbs = plan.sch[0].a;
				c.codeword[0].kept_rate_x2048 = plan.sch[0].rate_x2048;
			}
			assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_OK);
			open_grid(52, 0, false);
			ok = once(n, &flat, 1, pow(10, -1.15)).ok;
			alone += ok && n == 0;
		}
		together += ok && same_tb();
		c = plain_config(52, PHY_MCS_256QAM, 24);
	}
	assert_int_equal(alone, 0);
	assert_int_equal(together, 4);
}

static void test_refused(void **state)
{
	static struct phy_reserved on_dmrs = { 1 << 2, 1, 3, 1 },
				   all = { 0x3ffb & ~(1 << 11), 0xfff, 0, 275 }, bad = { 1 << 14, 1, 0, 1 };
	struct phy_pdsch_config c;

#define REFUSED(error, ...)                                                                                  \
	do {                                                                                                 \
		c = plain_config(20, PHY_MCS_64QAM, 5);                                                      \
		__VA_ARGS__;                                                                                 \
		assert_int_equal(phy_pdsch_init(&plan, &c), error);                                          \
	} while (0)
	REFUSED(PHY_PDSCH_OK, (void)0);
	REFUSED(PHY_PDSCH_NUMEROLOGY, c.mu = 4);
	REFUSED(PHY_PDSCH_NUMEROLOGY, c.extended = true);
	REFUSED(PHY_PDSCH_BANDWIDTH, c.bwp_prbs = 276);
	REFUSED(PHY_PDSCH_BANDWIDTH, c.bwp_prbs = 0);
	REFUSED(PHY_PDSCH_TIME, c.time.s = 3);
	REFUSED(PHY_PDSCH_TIME, c.time.l = 2);
	REFUSED(PHY_PDSCH_TIME, c.time.s = 1);
	REFUSED(PHY_PDSCH_TIME, c.time.type_b = true);
	REFUSED(PHY_PDSCH_PRBS, c.prbs.n = 0);
	REFUSED(PHY_PDSCH_PRBS, c.prbs.at[4] = 3);
	REFUSED(PHY_PDSCH_PRBS, c.prbs.at[4] = 20);
	REFUSED(PHY_PDSCH_PRBS, c.prbs.n = 21);
	REFUSED(PHY_PDSCH_LAYERS, c.layers = 0);
	REFUSED(PHY_PDSCH_LAYERS, c.layers = 9);
	REFUSED(PHY_PDSCH_PRG, c.prg_prbs = 3);
	REFUSED(PHY_PDSCH_DMRS, c.layers = 2, c.ports[1] = 0);
	REFUSED(PHY_PDSCH_DMRS, c.layers = 2, c.ports[1] = 4);
	REFUSED(PHY_PDSCH_DMRS, c.ports[0] = 4);
	REFUSED(PHY_PDSCH_DMRS, c.ports[0] = 2, c.dmrs.groups_without_data = 1);
	REFUSED(PHY_PDSCH_DMRS, c.dmrs.groups_without_data = 0);
	REFUSED(PHY_PDSCH_DMRS, c.dmrs.groups_without_data = 3);
	REFUSED(PHY_PDSCH_DMRS, c.dmrs.additional = 4);
	REFUSED(PHY_PDSCH_DMRS_TIME, c.dmrs.additional = 3, c.dmrs.type_a_position = 3);
	REFUSED(PHY_PDSCH_DMRS_TIME, c.dmrs.additional = 2, c.dmrs.double_symbol = true);
	REFUSED(PHY_PDSCH_DMRS_TIME, c.time = ((struct phy_time_domain){ true, 0, 0, 4 }),
		c.dmrs.double_symbol = true);
	REFUSED(PHY_PDSCH_DMRS_REFERENCE, c.dmrs.reference_crb = 1);
	REFUSED(PHY_PDSCH_DMRS_RESERVED, c.reserved = &on_dmrs, c.reserved_n = 1);
	REFUSED(PHY_PDSCH_IDENTITY, c.n_id = 1024);
	REFUSED(PHY_PDSCH_IDENTITY, c.dmrs.n_scid = 2);
	REFUSED(PHY_PDSCH_MCS, c.codeword[0].mcs = 32);
	REFUSED(PHY_PDSCH_MCS, c.mcs_table = PHY_MCS_TABLES);
	REFUSED(PHY_PDSCH_KEPT, c.codeword[0].mcs = 29);
	REFUSED(PHY_PDSCH_KEPT, c.codeword[0].kept_tbs = 1000);
	REFUSED(PHY_PDSCH_KEPT, c.codeword[0].mcs = 29, c.codeword[0].kept_tbs = 1000);
	REFUSED(PHY_PDSCH_TBS, c.overhead = 5);
	REFUSED(PHY_PDSCH_TBS, c.scaling = 3);
	REFUSED(PHY_PDSCH_TBS, c.codeword[0].mcs = 29, c.codeword[0].kept_tbs = SEGMENT_A_MAX + 1,
		c.codeword[0].kept_rate_x2048 = 100);
	REFUSED(PHY_PDSCH_RV, c.codeword[0].rv = 4);
	REFUSED(PHY_PDSCH_RESERVED, c.reserved = &bad, c.reserved_n = 1);
	REFUSED(PHY_PDSCH_NO_RE, c.reserved = &all, c.reserved_n = 1);
	for (unsigned e = 0; e < PHY_PDSCH_ERRORS; e++)
		assert_true(phy_pdsch_error_text(e)[0] != '?');
}

/* Grids of nonsense and of another shape. */
static void test_nonsense(void **state)
{
	static const float values[] = { 0, NAN, INFINITY, -INFINITY, 3e38f, 1e-38f };
	struct phy_pdsch_config c = plain_config(24, PHY_MCS_256QAM, 15);
	struct phy_pdsch_result r;

	assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_OK);
	for (size_t i = 0; i < 4 * ARRAY_LEN(values); i++) {
		seed = i;
		make_tb();
		open_grid(24, 0, false);
		assert_true(phy_pdsch_send(sender, &kern, &plan, 1, &sent, NULL, &grid));
		pass(&flat, 1, 1e-3);
		/* everything, one in seven, DM-RS only or data only */
		for (size_t j = 0; j < 14 * 24 * 12; j++) {
			bool dmrs = plan.dmrs_symbols >> j / (24 * 12) & 1;

			if (i % 4 == 0 || (i % 4 == 1 && j % 7 == 0) || (i % 4 == 2 && dmrs) ||
				(i % 4 == 3 && !dmrs))
				grid_re[j] = (struct phy_cf){ values[i / 4], values[(i / 4 + 1) % 6] };
		}
		phy_harq_reset(harq);
		assert_true(phy_pdsch_receive(receiver, &kern, &plan, 1, &grid, 1, &harq, &got, &r));
		assert_false(r.ok);
	}
	/* noise alone, of any size */
	for (int i = -30; i <= 30; i += 10) {
		memset(grid_re, 0, sizeof(grid_re));
		pass(&flat, 1, pow(10, i));
		phy_harq_reset(harq);
		assert_true(phy_pdsch_receive(receiver, &kern, &plan, 1, &grid, 1, &harq, &got, &r));
		assert_false(r.ok);
	}
	grid.symbols = 12;
	assert_false(phy_pdsch_receive(receiver, &kern, &plan, 1, &grid, 1, &harq, &got, &r));
	grid.symbols = 14, grid.prbs = 23;
	assert_false(phy_pdsch_send(sender, &kern, &plan, 1, &sent, NULL, &grid));
	grid.prbs = 24, grid.first_crb = 1;
	assert_false(phy_pdsch_send(sender, &kern, &plan, 1, &sent, NULL, &grid));
	grid.first_crb = 0;
	assert_false(phy_pdsch_send(sender, &kern, &plan, 20, &sent, NULL, &grid));
}

/* What DCI 1_0 defines, from SIB1 on. */
static void test_fallback(void **state)
{
	struct phy_pdsch_dci_1_0 d = { .kind = PHY_PDSCH_SI_TYPE0,
		.rnti = 0xffff,
		.mu = 1,
		.n_id = 501,
		.dmrs_n_id = 501,
		.pattern = 1,
		.type_a_position = 2,
		.bwp_start = 6,
		.bwp_prbs = 48,
		.riv_prbs = 48,
		.time = 0,
		.mcs = 5,
		.interleaved = true };
	struct phy_pdsch_config c;

	assert_true(phy_dci_riv(&d.riv, 0, 10, 48));
	assert_int_equal(phy_pdsch_from_dci_1_0(&c, &d), PHY_PDSCH_OK);
	assert_int_equal(c.time.s, 2);
	assert_int_equal(c.time.l, 12);
	assert_int_equal(c.prbs.n, 10);
	assert_int_equal(c.prbs.at[2], 24); /* 24 bundles in two rows: the second one goes to the twelfth */
	assert_int_equal(c.dmrs.reference_crb, 6);
	assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_OK);
	assert_int_equal(plan.dmrs_symbols, 1 << 2 | 1 << 7 | 1 << 11);
	seed = 8;
	make_tb();
	open_grid(60, 0, false);
	phy_harq_reset(harq);
	assert_true(once(2, &flat, 1, 0.1).ok && same_tb());
	d.pattern = 3, d.time = 0;
	assert_int_equal(phy_pdsch_from_dci_1_0(&c, &d), PHY_PDSCH_OK);
	assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_OK);
	assert_int_equal(plan.dmrs_symbols, 1 << 2); /* two symbols of type B, data beside DM-RS */
	assert_int_equal(plan.plan.re, 10 * 18);
	d.time = 6;
	assert_int_equal(phy_pdsch_from_dci_1_0(&c, &d), PHY_PDSCH_TIME);
	d.time = 0, d.riv = 48 * 49 / 2;
	assert_int_equal(phy_pdsch_from_dci_1_0(&c, &d), PHY_PDSCH_PRBS);
	d.riv = 0, d.kind = PHY_PDSCH_RANDOM_ACCESS, d.tb_scaling = 2, d.time = 7; /* type B, 5 to 11 */
	assert_int_equal(phy_pdsch_from_dci_1_0(&c, &d), PHY_PDSCH_OK);
	assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_OK);
	assert_int_equal(plan.dmrs_symbols, 1 << 5 | 1 << 9);
	assert_int_equal(c.dmrs.reference_crb, 0);
	assert_int_equal(c.scaling, PHY_TB_SCALING_QUARTER);
	d.tb_scaling = 3;
	assert_int_equal(phy_pdsch_from_dci_1_0(&c, &d), PHY_PDSCH_OK);
	assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_TBS);
}

/* DM-RS of mapping type B behind CORESETs, and what no UE expects: the cases of 38.211 7.4.1.1.2. */
static void test_moved(void **state)
{
	static const struct {
		uint8_t s, l, additional;
		bool pair;
		uint16_t coresets, want; /* 0: refused */
	} cases[] = { { 4, 7, 0, false, 0, 1 << 4 }, { 4, 7, 0, false, 1 << 3, 1 << 4 },
		{ 4, 7, 0, false, 1 << 4, 1 << 5 }, { 4, 7, 0, false, 7 << 3, 1 << 6 },
		{ 4, 7, 1, false, 0, 1 << 4 | 1 << 8 }, { 4, 7, 1, false, 1 << 4, 1 << 5 | 1 << 9 },
		{ 4, 7, 1, false, 3 << 4, 1 << 6 }, { 4, 7, 0, false, 7 << 4, 1 << 7 },
		{ 4, 7, 0, false, 15 << 4, 0 }, { 0, 2, 0, false, 1, 1 << 1 }, { 0, 2, 0, false, 3, 0 },
		{ 0, 4, 0, false, 3, 1 << 2 }, { 0, 4, 0, false, 7, 0 }, { 2, 5, 1, false, 4, 1 << 3 },
		{ 2, 5, 1, false, 0, 1 << 2 | 1 << 6 }, { 0, 13, 1, false, 3, 1 << 2 | 1 << 11 },
		{ 0, 13, 1, false, 7, 0 }, { 1, 8, 0, true, 2, 3 << 2 }, { 1, 8, 0, true, 4, 3 << 3 } };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct phy_pdsch_config c = plain_config(10, PHY_MCS_64QAM, 5);
		enum phy_pdsch_error e;

		c.time = (struct phy_time_domain){ true, 0, cases[i].s, cases[i].l };
		c.dmrs.additional = cases[i].additional;
		c.dmrs.double_symbol = cases[i].pair;
		c.coresets = cases[i].coresets;
		e = phy_pdsch_init(&plan, &c);
		if (e != (cases[i].want ? PHY_PDSCH_OK : PHY_PDSCH_DMRS_TIME) ||
			(cases[i].want && plan.dmrs_symbols != cases[i].want))
			fail_msg("case %zu: %s, symbols %x, not %x", i, phy_pdsch_error_text(e),
				plan.dmrs_symbols, cases[i].want);
	}
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

/* 10% of the blocks at most are lost at these SNRs. */
static const struct {
	enum phy_mcs_table table;
	uint8_t mcs;
	double want_db;
} points[] = { { PHY_MCS_64QAM, 0, -4.7 }, { PHY_MCS_64QAM, 9, 3.6 }, { PHY_MCS_64QAM, 16, 9.0 },
	{ PHY_MCS_64QAM, 20, 12.2 }, { PHY_MCS_64QAM, 27, 18.9 }, { PHY_MCS_1024QAM, 23, 27.0 },
	{ PHY_MCS_1024QAM, 26, 30.8 } };

static void test_quality(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(points); i++) {
		struct phy_pdsch_config c = plain_config(106, points[i].table, points[i].mcs);

		assert_true(error_rate(points[i].want_db, 20, &c, 20) <= 0.1);
		/* and not by a test that cannot fail */
		assert_true(error_rate(points[i].want_db - 2.5, 3, &c, 20) == 1);
	}
}

/* 38.901 Table 7.7.2-3, TDL-C: delays over the rms delay spread, dB. */
static const double tdl_c[24][2] = { { 0, -4.4 }, { 0.2099, -1.2 }, { 0.2219, -3.5 }, { 0.2329, -5.2 },
	{ 0.2176, -2.5 }, { 0.6366, 0 }, { 0.6448, -2.2 }, { 0.656, -3.9 }, { 0.6584, -7.4 },
	{ 0.7935, -7.1 }, { 0.8213, -10.7 }, { 0.9336, -11.1 }, { 1.2285, -5.1 }, { 1.3083, -6.8 },
	{ 2.1704, -8.7 }, { 2.7105, -13.2 }, { 4.2589, -13.9 }, { 4.6003, -13.9 }, { 5.4902, -15.8 },
	{ 5.6077, -17.1 }, { 6.3065, -16 }, { 6.6374, -15.7 }, { 7.0427, -21.6 }, { 8.6523, -22.8 } };

/*
 * The error rate over TDL-C of 300 ns at 30 kHz, with noise by the mean power over this band, so that what
 * shows is delay spread and not how deep a fade is; Doppler in Hz.
 */
static double fading_rate(double snr_db, double doppler_hz, unsigned n, const struct phy_pdsch_config *c)
{
	unsigned lost = 0;

	assert_int_equal(phy_pdsch_init(&plan, c), PHY_PDSCH_OK);
	for (unsigned i = 0; i < n; i++) {
		struct path paths[24];
		double power = 0, all = 0;

		seed = 77000 + i;
		for (unsigned p = 0; p < 24; p++)
			all += pow(10, tdl_c[p][1] / 10);
		for (unsigned p = 0; p < 24; p++) {
			float size = (float)sqrt(pow(10, tdl_c[p][1] / 10) / all);
			struct phy_cf g = gaussian_cf();

			paths[p] = (struct path){ tdl_c[p][0] * 300e-9 * 30e3,
				doppler_hz * cos(2 * M_PI * uniform()) / 28e3, { g.re * size, g.im * size } };
			power += g.re * g.re * size * size + g.im * g.im * size * size;
		}
		make_tb();
		open_grid(c->bwp_prbs, 0, false);
		phy_harq_reset(harq);
		lost += !once(i % 20, paths, 24, power * pow(10, -snr_db / 10)).ok;
	}
	return (double)lost / n;
}

static void test_fading(void **state)
{
	struct phy_pdsch_config c = plain_config(106, PHY_MCS_256QAM, 20);

	assert_true(fading_rate(30, 0, 10, &c) <= 0.1);
	c = plain_config(51, PHY_MCS_64QAM, 4);
	assert_true(fading_rate(5, 100, 10, &c) <= 0.1);
}

static void full_fading(void)
{
	static const uint8_t rows[] = { 4, 10, 15, 20, 23, 25 };

	printf("TDL-C 300 ns at 30 kHz, 106 PRB, 256QAM table, block error rates over SNR (mean over the "
	       "band):\n");
	for (size_t i = 0; i < 2 * ARRAY_LEN(rows); i++) {
		struct phy_pdsch_config c = plain_config(106, PHY_MCS_256QAM, rows[i / 2]);
		double doppler_hz = i % 2 ? 100 : 5;

		printf("MCS %2u, %3.0f Hz:", c.codeword[0].mcs, doppler_hz);
		for (double snr = 3; snr <= 36; snr += 3) {
			printf(" %.0f dB %.2f", snr, fading_rate(snr, doppler_hz, 100, &c));
			fflush(stdout);
		}
		printf("\n");
	}
}

static void full(void)
{
	printf("AWGN, real channel estimation, 106 PRB, 14 symbols, DM-RS type 1 in symbols 2 and 11 "
	       "alone\n");
	for (size_t i = 0; i < ARRAY_LEN(points); i++) {
		struct phy_pdsch_config c = plain_config(106, points[i].table, points[i].mcs);
		double snr = points[i].want_db - 2.0, rate = 1, before = 1;

		printf("table %u, MCS %u:", points[i].table + 1u, points[i].mcs);
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
	return (struct phy_chest_layout){ &plan.config.dmrs, dmrs_symbols, plan.config.mu,
		plan.config.extended, plan.config.bwp_start, plan.config.bwp_prbs, plan.plan.bands,
		plan.plan.bands_n };
}

static void run_send(void)
{
	assert_true(phy_pdsch_send(sender, &kern, &plan, 3, &sent, NULL, &grid));
}

static void run_encode(void)
{
	assert_true(phy_sch_encode(encoder, &kern, &plan.sch[0], tb, codeword));
}

static void run_scramble(void)
{
	phy_scramble_packed(&kern, codeword, plan.sch[0].g, 12345);
}

static void run_map(void)
{
	phy_map_packed(&kern, &constellation, symbols, codeword, plan.plan.re);
}

static void run_receive(void)
{
	phy_harq_reset(harq);
	assert_true(phy_pdsch_receive(receiver, &kern, &plan, 3, &grid, 1, &harq, &got, &bench_result));
	assert_true(bench_result.ok);
}

static void run_chest_one(void)
{
	struct phy_chest_layout l = layout_of(1 << 2);

	assert_true(phy_chest_run(chest, &kern, &l, 3, &grid, 1, 0));
}

static void run_chest_both(void)
{
	struct phy_chest_layout l = layout_of(1 << 2 | 1 << 11);

	assert_true(phy_chest_run(chest, &kern, &l, 3, &grid, 1, 0));
}

static struct phy_cf combined[PHY_PRB_MAX * PHY_SC_PER_PRB];

static void run_equalize(void)
{
	struct phy_cf *x = symbols;
	float *noise = noises, n0;

	for (unsigned l = 0; l < 14; l++) {
		const struct phy_cf *h;

		if (plan.plan.symbol_re[l] == 0)
			continue;
		h = phy_chest_symbol(chest, &kern, l, combined, &n0);
		kern.cf_equalize(
			&x->re, noise, &phy_grid_at(&grid, l, 0)->re, &h->re, n0, plan.plan.symbol_re[l]);
		x += plan.plan.symbol_re[l];
		noise += plan.plan.symbol_re[l];
	}
}

static void run_demap(void)
{
	for (size_t at = 0; at < plan.plan.re; at += 3276) /* by symbols, as the receiver does */
		phy_demap(&kern, plan.modulation[0], llrs + at * 8, symbols + at, noises + at, 3276);
}

static void run_descramble(void)
{
	phy_descramble_llr(&kern, llrs, plan.sch[0].g, (uint32_t)plan.config.rnti << 15 | plan.config.n_id);
}

static void run_decode(void)
{
	struct phy_sch_result r;

	phy_harq_reset(harq);
	assert_true(phy_sch_decode(
		decoder, &kern, &plan.sch[0], PHY_PDSCH_ITERATIONS, llrs_kept, harq, back, &r));
	assert_true(r.ok);
	bench_iterations = r.iterations / r.blocks;
}

static void bench_level(enum kern_level level)
{
	struct phy_pdsch_config c = plain_config(273, PHY_MCS_256QAM, 27);

	printf("%s, 273 PRB, 256QAM, rate 948/1024, 12 data symbols, one layer, microseconds a slot:\n",
		kern_level_name(kern_init(&kern, level)));
	assert_int_equal(phy_pdsch_init(&plan, &c), PHY_PDSCH_OK);
	(void)phy_constellation_init(&constellation, plan.modulation[0]);
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
	printf("estimate %.1f (of one DM-RS symbol %.1f), ", least_us(run_chest_both),
		least_us(run_chest_one));
	run_chest_both();
	printf("equalize %.1f, ", least_us(run_equalize));
	printf("demap %.1f, ", least_us(run_demap));
	printf("descramble %.1f, ", least_us(run_descramble));
	run_demap();
	run_descramble();
	(void)bytes_copy(llrs_kept, sizeof(llrs_kept), bytes_of(llrs, plan.sch[0].g));
	printf("decode %.1f ", least_us(run_decode));
	printf("(%u iterations a block)\n", bench_iterations);
}

static void bench(void)
{
	encoder = phy_sch_encoder_new();
	decoder = phy_sch_decoder_new();
	chest = phy_chest_new(filters, 1);
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
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_harq),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_nonsense),
		cmocka_unit_test(test_fallback),
		cmocka_unit_test(test_moved),
		cmocka_unit_test(test_quality),
		cmocka_unit_test(test_fading),
	};

	kern_init(&kern, KERN_LEVELS - 1);
	filters = phy_chest_filters_new();
	sender = phy_pdsch_sender_new();
	receiver = phy_pdsch_receiver_new(filters, 1, 1);
	harq = phy_harq_new(SEGMENT_A_MAX);
	if (argc > 1 && strcmp(argv[1], "--full") == 0) {
		full();
		full_fading();
		random_blocks(5000, 1000000);
		return 0;
	}
	if (argc > 1 && strcmp(argv[1], "--bench") == 0) {
		bench();
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}

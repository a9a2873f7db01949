/*
 * CSI-RS against 38.211 7.4.1.5 written out once more: every row, density and port, its sequence bit by bit.
 * The rows' places are typed from the clause's table.
 */
#include "base/test.h"

#include <math.h>

#include "radio/phy/mapping/csi_rs.h"

enum { PRBS = 20, FIRST = 7, SYMBOLS = 14, RE = PRBS * 12 * SYMBOLS };

static struct kern kern;
static struct phy_csi_rs_work work;
static struct phy_cf want[PHY_CSI_RS_PORTS_MAX][RE], have[PHY_CSI_RS_PORTS_MAX][RE];

/* A row: ports, k and l of each group as index + 16 * addition, of a group its size over f and t; bits a k
 * has. */
struct row {
	unsigned ports, f, t, groups;
	uint8_t k[16], l[16]; /* l: 0 l0, 1 l0 + 1, 2 l1, 3 l1 + 1 */
	uint16_t frequency;
	double densities[2];
};

static const struct row rows[PHY_CSI_RS_ROWS] = {
	{ 1, 1, 1, 1, { 0 }, { 0 }, 0x2, { 3 } },
	{ 1, 1, 1, 1, { 0 }, { 0 }, 0x200, { 1, 0.5 } },
	{ 2, 2, 1, 1, { 0 }, { 0 }, 0x8, { 1, 0.5 } },
	{ 4, 2, 1, 2, { 0, 0x20 }, { 0, 0 }, 0x2, { 1 } },
	{ 4, 2, 1, 2, { 0, 0 }, { 0, 1 }, 0x20, { 1 } },
	{ 8, 2, 1, 4, { 0, 1, 2, 3 }, { 0 }, 0x35, { 1 } },
	{ 8, 2, 1, 4, { 0, 1, 0, 1 }, { 0, 0, 1, 1 }, 0x22, { 1 } },
	{ 8, 2, 2, 2, { 0, 1 }, { 0 }, 0x9, { 1 } },
	{ 12, 2, 1, 6, { 0, 1, 2, 3, 4, 5 }, { 0 }, 0x3f, { 1 } },
	{ 12, 2, 2, 3, { 0, 1, 2 }, { 0 }, 0x15, { 1 } },
	{ 16, 2, 1, 8, { 0, 1, 2, 3, 0, 1, 2, 3 }, { 0, 0, 0, 0, 1, 1, 1, 1 }, 0x1e, { 1, 0.5 } },
	{ 16, 2, 2, 4, { 0, 1, 2, 3 }, { 0 }, 0x2d, { 1, 0.5 } },
	{ 24, 2, 1, 12, { 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2 }, { 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3 }, 0x31,
		{ 1, 0.5 } },
	{ 24, 2, 2, 6, { 0, 1, 2, 0, 1, 2 }, { 0, 0, 0, 2, 2, 2 }, 0x7, { 1, 0.5 } },
	{ 24, 2, 4, 3, { 0, 1, 2 }, { 0 }, 0x38, { 1, 0.5 } },
	{ 32, 2, 1, 16, { 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3 },
		{ 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3 }, 0x3c, { 1, 0.5 } },
	{ 32, 2, 2, 8, { 0, 1, 2, 3, 0, 1, 2, 3 }, { 0, 0, 0, 0, 2, 2, 2, 2 }, 0xf, { 1, 0.5 } },
	{ 32, 2, 4, 4, { 0, 1, 2, 3 }, { 0 }, 0x33, { 1, 0.5 } },
};

/* Tables 7.4.1.5.3-2 to -5: w_t by sequence / 2. */
static const int w_t[4][4] = { { 1, 1, 1, 1 }, { 1, -1, 1, -1 }, { 1, 1, -1, -1 }, { 1, -1, -1, 1 } };

/* c(n) of 5.2.1. */
static int gold(uint32_t c_init, unsigned n)
{
	static uint8_t x1[1600 + 4096], x2[1600 + 4096];
	static uint32_t made;
	static bool any;

	if (!any || made != c_init) {
		for (unsigned i = 0; i < 31; i++) {
			x1[i] = i == 0;
			x2[i] = c_init >> i & 1;
		}
		for (unsigned i = 0; i + 31 < sizeof(x1); i++) {
			x1[i + 31] = (x1[i + 3] + x1[i]) % 2;
			x2[i + 31] = (x2[i + 3] + x2[i + 2] + x2[i + 1] + x2[i]) % 2;
		}
		made = c_init;
		any = true;
	}
	return (x1[n + 1600] + x2[n + 1600]) % 2;
}

static void place(const struct phy_csi_rs_config *c, unsigned slot, unsigned n, unsigned k, unsigned l,
	unsigned port, unsigned s, unsigned dk, unsigned dl, double density)
{
	double alpha = rows[c->row - 1].ports == 1 ? density : 2 * density;
	unsigned m = (unsigned)floor(n * alpha) + dk + (unsigned)floor(k * density / 12);
	uint32_t c_init =
		(uint32_t)((1024ull * (14 * slot + l + dl + 1) * (2 * c->n_id + 1) + c->n_id) % (1ull << 31));
	double w = (s % 2 && dk ? -1 : 1) * w_t[s / 2][dl] * sqrt(0.5);
	struct phy_cf *at = &want[port][(l + dl) * PRBS * 12 + (n - FIRST) * 12 + k + dk];

	assert_true(at->re == 0 && at->im == 0);
	*at = (struct phy_cf){ (float)(w * (1 - 2 * gold(c_init, 2 * m))),
		(float)(w * (1 - 2 * gold(c_init, 2 * m + 1))) };
}

/* The clause's own words: n over blocks, groups, ports of a group, resource elements of a group. */
static void reference(const struct phy_csi_rs_config *c, unsigned slot, double density)
{
	const struct row *r = &rows[c->row - 1];
	unsigned k[6], bits = 0, apart = c->row <= 2 ? 1 : c->row == 4 ? 4 : 2;

	memset(want, 0, sizeof(want));
	for (unsigned b = 0; b < 12; b++)
		if (c->frequency >> b & 1)
			k[bits++] = apart * b;
	for (unsigned n = c->first_crb; n < (unsigned)c->first_crb + c->prbs; n++) {
		if (density == 0.5 && n % 2 != (c->density == PHY_CSI_RS_HALF_ODD))
			continue;
		for (unsigned j = 0; j < (c->row == 1 ? 3 : r->groups); j++) {
			unsigned at_k = c->row == 1 ? k[0] + 4 * j : k[r->k[j] & 15] + (r->k[j] >> 4);
			unsigned at_l = c->row == 1 ? c->l0 : (r->l[j] >= 2 ? c->l1 : c->l0) + r->l[j] % 2;

			for (unsigned s = 0; s < r->f * r->t; s++)
				for (unsigned e = 0; e < r->f * r->t; e++)
					place(c, slot, n, at_k, at_l, s + (c->row == 1 ? 0 : j * r->f * r->t),
						s, e % r->f, e / r->f, density);
		}
	}
}

static struct phy_csi_rs_config config_of(unsigned row, double density)
{
	return (struct phy_csi_rs_config){ .row = (uint8_t)row,
		.density = density == 3   ? PHY_CSI_RS_THREE
			   : density == 1 ? PHY_CSI_RS_ONE
					  : PHY_CSI_RS_HALF_ODD,
		.frequency = rows[row - 1].frequency,
		.l0 = (uint8_t)(row == 18 ? 10 : 3),
		.l1 = 9,
		.first_crb = FIRST + 2,
		.prbs = PRBS - 5,
		.n_id = 1000 };
}

static void grids_of(struct phy_grid *grids)
{
	for (unsigned i = 0; i < PHY_CSI_RS_PORTS_MAX; i++)
		grids[i] = (struct phy_grid){ have[i], PRBS, FIRST, SYMBOLS };
	memset(have, 0, sizeof(have));
}

/* Every row and density as sent; what each row's elements sum up to; and back, by each port's own channel. */
static void every_row(void **state)
{
	struct phy_grid grids[PHY_CSI_RS_PORTS_MAX];

	for (unsigned row = 1; row <= PHY_CSI_RS_ROWS; row++) {
		for (unsigned d = 0; d < 2 && rows[row - 1].densities[d] > 0; d++) {
			double density = rows[row - 1].densities[d];
			struct phy_csi_rs_config c = config_of(row, density);
			struct phy_csi_rs p;

			for (unsigned even = 0; even <= (density == 0.5); even++) {
				c.density = even ? PHY_CSI_RS_HALF_EVEN : c.density;
				assert_int_equal(phy_csi_rs_init(&p, &c), PHY_CSI_RS_OK);
				assert_int_equal(p.ports, rows[row - 1].ports);
				grids_of(grids);
				assert_true(phy_csi_rs_send(&work, &kern, &p, 19, 1, grids));
				reference(&c, 19, density);
				for (unsigned i = 0; i < PHY_CSI_RS_PORTS_MAX; i++)
					for (unsigned k = 0; k < RE; k++)
						if (hypot(want[i][k].re - have[i][k].re,
							    want[i][k].im - have[i][k].im) > 1e-6)
							fail_msg("row %u, port %u: symbol %u, subcarrier %u",
								row, i, k / (PRBS * 12), k % (PRBS * 12));
			}
		}
	}
}

/* What is sent over a channel of its own from each port comes back apart. */
static void received(void **state)
{
	static struct phy_cf sum[RE], h[PHY_CSI_RS_PORTS_MAX * 3 * PRBS];
	struct phy_grid grids[PHY_CSI_RS_PORTS_MAX], heard = { sum, PRBS, FIRST, SYMBOLS };

	for (unsigned row = 1; row <= PHY_CSI_RS_ROWS; row++) {
		struct phy_csi_rs_config c = config_of(row, rows[row - 1].densities[0]);
		struct phy_csi_rs p;

		assert_int_equal(phy_csi_rs_init(&p, &c), PHY_CSI_RS_OK);
		grids_of(grids);
		assert_true(phy_csi_rs_send(&work, &kern, &p, 3, 1, grids));
		memset(sum, 0, sizeof(sum));
		for (unsigned i = 0; i < p.ports; i++) {
			double re = 1 + i, im = 0.5 - i;

			for (unsigned k = 0; k < RE; k++) {
				sum[k].re += (float)(have[i][k].re * re - have[i][k].im * im);
				sum[k].im += (float)(have[i][k].re * im + have[i][k].im * re);
			}
		}
		assert_int_equal(phy_csi_rs_values(&p), (row == 1 ? 3 : 1) * c.prbs);
		assert_true(phy_csi_rs_receive(&work, &kern, &p, 3, &heard, h));
		for (size_t i = 0; i < p.ports * phy_csi_rs_values(&p); i++) {
			double port = (double)(i / phy_csi_rs_values(&p));

			assert_true(hypot(h[i].re - (1 + port), h[i].im - (0.5 - port)) < 1e-3);
		}
	}
}

/* The plan's masks are the elements written, and no others. */
static void masks(void **state)
{
	struct phy_grid grids[PHY_CSI_RS_PORTS_MAX];

	for (unsigned row = 1; row <= PHY_CSI_RS_ROWS; row++) {
		struct phy_csi_rs_config c = config_of(row, rows[row - 1].densities[0]);
		struct phy_csi_rs p;

		assert_int_equal(phy_csi_rs_init(&p, &c), PHY_CSI_RS_OK);
		grids_of(grids);
		assert_true(phy_csi_rs_send(&work, &kern, &p, 0, 1, grids));
		for (unsigned k = 0; k < RE; k++) {
			unsigned l = k / (PRBS * 12), crb = FIRST + k % (PRBS * 12) / 12;
			bool any = false;

			for (unsigned i = 0; i < p.ports; i++)
				any = any || have[i][k].re != 0;
			assert_int_equal(any, phy_csi_rs_in(&p, crb) && p.re[l] >> k % 12 & 1);
		}
	}
}

static enum phy_csi_rs_error verdict(const struct phy_csi_rs_config *c)
{
	struct phy_csi_rs p;

	return phy_csi_rs_init(&p, c);
}

static void refused(void **state)
{
	struct phy_csi_rs_config c = config_of(3, 1), fine = c;
	struct phy_grid small[2] = { { have[0], PRBS - 6, FIRST, SYMBOLS },
		{ have[1], PRBS - 6, FIRST, SYMBOLS } };
	struct phy_csi_rs p;

	c.row = 0;
	assert_int_equal(verdict(&c), PHY_CSI_RS_ROW);
	c.row = 19;
	assert_int_equal(verdict(&c), PHY_CSI_RS_ROW);
	c = fine;
	c.density = PHY_CSI_RS_THREE;
	assert_int_equal(verdict(&c), PHY_CSI_RS_DENSITY);
	c.density = (enum phy_csi_rs_density)4;
	assert_int_equal(verdict(&c), PHY_CSI_RS_DENSITY);
	c = fine;
	c.frequency = 0;
	assert_int_equal(verdict(&c), PHY_CSI_RS_FREQUENCY);
	c.frequency = 0x3;
	assert_int_equal(verdict(&c), PHY_CSI_RS_FREQUENCY);
	c.frequency = 0x40;
	assert_int_equal(verdict(&c), PHY_CSI_RS_FREQUENCY);
	c = fine;
	c.l0 = 14;
	assert_int_equal(verdict(&c), PHY_CSI_RS_TIME);
	c.l0 = 12;
	c.extended = true;
	assert_int_equal(verdict(&c), PHY_CSI_RS_TIME);
	c = config_of(13, 1);
	c.l1 = c.l0 + 1;
	assert_int_equal(verdict(&c), PHY_CSI_RS_OVERLAP);
	c.l1 = 1;
	assert_int_equal(verdict(&c), PHY_CSI_RS_TIME);
	c = fine;
	c.prbs = 0;
	assert_int_equal(verdict(&c), PHY_CSI_RS_PRBS);
	c.prbs = 276;
	assert_int_equal(verdict(&c), PHY_CSI_RS_PRBS);
	c = fine;
	c.n_id = 1024;
	assert_int_equal(verdict(&c), PHY_CSI_RS_IDENTITY);
	assert_int_equal(phy_csi_rs_init(&p, &fine), PHY_CSI_RS_OK);
	assert_false(phy_csi_rs_send(&work, &kern, &p, 0, 1, small));
	for (unsigned e = 0; e < PHY_CSI_RS_ERRORS; e++)
		assert_true(strlen(phy_csi_rs_error_text(e)) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row),
		cmocka_unit_test(received),
		cmocka_unit_test(masks),
		cmocka_unit_test(refused),
	};

	kern_init(&kern, KERN_LEVELS - 1);
	if (!phy_csi_rs_work_init(&work))
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}

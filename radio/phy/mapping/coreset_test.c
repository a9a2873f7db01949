/* CCE to REG mapping beside a second implementation; rules of CORESETs; CORESET 0. */
#include "base/test.h"
#include "radio/phy/mapping/coreset0.h"

static struct phy_coreset make(unsigned groups, unsigned n_symb, unsigned l, unsigned r, unsigned shift)
{
	return (struct phy_coreset){
		.groups = (UINT64_C(1) << groups) - 1,
		.n_symb = (uint8_t)n_symb,
		.bundle = (uint8_t)l,
		.interleaver = (uint8_t)r,
		.interleaved = r > 0,
		.n_shift = (uint16_t)shift,
	};
}

/* 7.3.2.2 word by word: marks the REGs, counted time first, of CCE j. */
static void slow_cce(const struct phy_coreset *c, unsigned j, uint8_t *reg)
{
	unsigned n_reg = c->n_rb * c->n_symb, l = c->interleaved ? c->bundle : 6, big_c = n_reg / l;

	if (c->interleaved)
		big_c = n_reg / (l * c->interleaver);
	for (unsigned x = 6 * j / l; x < 6 * j / l + 6 / l; x++) {
		unsigned cc = c->interleaved ? x / c->interleaver : 0, f = x;

		if (c->interleaved)
			f = ((x - cc * c->interleaver) * big_c + cc + c->n_shift) % (n_reg / l);
		for (unsigned i = f * l; i < f * l + l; i++) {
			assert_int_equal(reg[i], 0);
			reg[i] = 1;
		}
	}
}

/* All candidates of one CORESET, and that its CCEs together are all REGs. */
static void check_mapping(const struct phy_coreset *c)
{
	static uint8_t all[PHY_CORESET_RBS * 3], reg[PHY_CORESET_RBS * 3];

	memset(all, 0, sizeof(all));
	for (unsigned j = 0; j < c->n_cce; j++)
		slow_cce(c, j, all);
	for (unsigned i = 0; i < (unsigned)c->n_rb * c->n_symb; i++)
		assert_int_equal(all[i], 1);
	for (unsigned al = 1; al <= 16; al *= 2) {
		for (unsigned cce = 0; cce + al <= c->n_cce; cce += al) {
			uint16_t rb[PHY_PDCCH_RBS];
			unsigned n = phy_coreset_blocks(c, cce, al, rb), seen = 0;

			assert_int_equal(n * c->n_symb, 6 * al);
			memset(reg, 0, sizeof(reg));
			for (unsigned j = cce; j < cce + al; j++)
				slow_cce(c, j, reg);
			for (unsigned i = 0; i < c->n_rb; i++) {
				bool in = reg[i * c->n_symb];

				for (unsigned s = 1; s < c->n_symb; s++)
					assert_int_equal(reg[i * c->n_symb + s], in);
				if (in)
					assert_int_equal(rb[seen++], i);
			}
			assert_int_equal(seen, n);
		}
	}
}

static void test_mapping(void **state)
{
	unsigned legal = 0;

	for (unsigned groups = 1; groups <= PHY_CORESET_GROUPS; groups++) {
		for (unsigned n_symb = 1; n_symb <= 3; n_symb++) {
			struct phy_coreset c = make(groups, n_symb, 6, 0, 0);

			assert_true(phy_coreset_init(&c));
			check_mapping(&c);
			for (unsigned l = 1; l <= 7; l++) {
				for (unsigned r = 1; r <= 7; r++) {
					bool fits =
						l == 6 || (l == 2 && n_symb < 3) || (l == 3 && n_symb == 3);

					c = make(groups, n_symb, l, r, (groups * 37 + r * 11) % 275);
					fits = fits && (r == 2 || r == 3 || r == 6) &&
					       6 * groups * n_symb % (l * r) == 0;
					assert_int_equal(phy_coreset_init(&c), fits);
					if (fits) {
						check_mapping(&c);
						legal++;
					}
				}
			}
		}
	}
	print_message("%u legal interleaved CORESETs\n", legal);
	assert_true(legal > 300);
}

/* 48 blocks, one symbol, L = 6, R = 2: bundles 0 4 1 5 2 6 3 7, and with shift 3 three on. */
static void test_known(void **state)
{
	static const uint8_t order[8] = { 0, 4, 1, 5, 2, 6, 3, 7 };
	uint16_t rb[PHY_PDCCH_RBS];

	for (unsigned shift = 0; shift < 4; shift += 3) {
		struct phy_coreset c = make(8, 1, 6, 2, shift);

		assert_true(phy_coreset_init(&c));
		assert_int_equal(c.n_cce, 8);
		for (unsigned j = 0; j < 8; j++) {
			assert_int_equal(phy_coreset_blocks(&c, j, 1, rb), 6);
			assert_int_equal(rb[0], (order[j] + shift) % 8 * 6);
		}
	}
}

static void test_rules(void **state)
{
	struct phy_coreset c = make(8, 1, 6, 0, 0);
	uint16_t rb[PHY_PDCCH_RBS];
	struct phy_grid g = { NULL, 48, 0, 14 };

	assert_true(phy_coreset_init(&c));
	assert_int_equal(phy_coreset_blocks(&c, 0, 3, rb), 0);
	assert_int_equal(phy_coreset_blocks(&c, 1, 2, rb), 0);
	assert_int_equal(phy_coreset_blocks(&c, 8, 1, rb), 0);
	assert_int_equal(phy_coreset_blocks(&c, 0, 16, rb), 0);
	assert_int_equal(phy_coreset_blocks(&c, ~0u, 1, rb), 0);
	assert_true(phy_coreset_fits(&c, &g, 13));
	assert_false(phy_coreset_fits(&c, &g, 14));
	g.first_crb = 1;
	assert_false(phy_coreset_fits(&c, &g, 0));
	g.first_crb = 0;
	g.prbs = 47;
	assert_false(phy_coreset_fits(&c, &g, 0));

	c.groups = 0;
	assert_false(phy_coreset_init(&c));
	c.groups = UINT64_C(1) << 45;
	assert_false(phy_coreset_init(&c));
	c.groups = 0x155; /* five parts */
	assert_true(phy_coreset_init(&c));
	c.wideband = true;
	assert_false(phy_coreset_init(&c));
	c.groups = 0x1d5; /* four */
	assert_true(phy_coreset_init(&c));
	assert_int_equal(c.n_rb, 36);
	assert_int_equal(phy_coreset_crb(&c, 6), 12);
	assert_int_equal(phy_coreset_crb(&c, 35), 53);
	c.first_crb = PHY_CRB_END;
	assert_false(phy_coreset_init(&c));
	c = make(8, 0, 6, 0, 0);
	assert_false(phy_coreset_init(&c));
	c = make(8, 4, 6, 0, 0);
	assert_false(phy_coreset_init(&c));
	c = make(8, 1, 6, 2, 1008);
	assert_false(phy_coreset_init(&c));
}

/* Rows of 38.213 Tables 13-0 to 13-10A. */
static void test_coreset0(void **state)
{
	static const struct {
		struct phy_coreset0_cell cell;
		uint8_t index;
		struct phy_coreset0 want; /* pattern 0: none */
	} rows[] = {
		{ { 15, 15, PHY_BAND_3_MHZ, 0 }, 1, { 1, 12, 3, 0 } },
		{ { 15, 15, PHY_BAND_3_MHZ, 0 }, 3, { 1, 15, 2, 2, 9 } },
		{ { 15, 15, PHY_BAND_3_MHZ, 0 }, 4, { 1, 15, 3, 0, 9 } },
		{ { 15, 15, PHY_BAND_3_MHZ, 0 }, 6, { 1, 15, 2, 0, 9, true } },
		{ { 15, 15, PHY_BAND_3_MHZ, 0 }, 9, { 1, 15, 3, 2, 9, true } },
		{ { 15, 15, PHY_BAND_3_MHZ, 0 }, 10, { 0 } }, /* of 5 MHz in n100 */
		{ { 15, 15, PHY_BAND_3_MHZ, 0 }, 12, { 0 } },
		{ { 15, 15, PHY_BAND_5_MHZ, 0 }, 0, { 1, 24, 2, 0 } },
		{ { 15, 15, PHY_BAND_5_MHZ, 3 }, 14, { 1, 96, 3, 38 } },
		{ { 15, 15, PHY_BAND_5_MHZ, 0 }, 15, { 0 } },
		{ { 15, 15, PHY_BAND_SHARED, 0 }, 7, { 1, 96, 2, 16 } },
		{ { 15, 30, PHY_BAND_5_MHZ, 0 }, 8, { 1, 48, 1, 18 } },
		{ { 30, 15, PHY_BAND_5_MHZ, 0 }, 8, { 1, 96, 3, 28 } },
		{ { 30, 30, PHY_BAND_5_MHZ, 0 }, 10, { 1, 48, 1, 12 } },
		{ { 30, 30, PHY_BAND_5_MHZ, 0 }, 15, { 1, 48, 2, 16 } },
		{ { 30, 30, PHY_BAND_SHARED, 0 }, 3, { 1, 48, 1, 3 } },
		{ { 30, 15, PHY_BAND_40_MHZ, 0 }, 4, { 1, 96, 1, 56 } },
		{ { 30, 30, PHY_BAND_40_MHZ, 0 }, 1, { 1, 24, 2, 4 } },
		{ { 30, 30, PHY_BAND_40_MHZ, 0 }, 9, { 1, 48, 3, 28 } },
		{ { 30, 30, PHY_BAND_40_MHZ, 0 }, 10, { 0 } },
		{ { 120, 60, PHY_BAND_FR2_1, 0 }, 8, { 2, 48, 1, -41 } },
		{ { 120, 60, PHY_BAND_FR2_1, 1 }, 8, { 2, 48, 1, -42 } },
		{ { 120, 60, PHY_BAND_FR2_1, 1 }, 11, { 2, 96, 1, 97 } },
		{ { 120, 120, PHY_BAND_FR2_1, 0 }, 2, { 1, 48, 1, 14 } },
		{ { 120, 120, PHY_BAND_FR2_1, 7 }, 4, { 3, 24, 2, -21 } },
		{ { 240, 60, PHY_BAND_FR2_1, 0 }, 3, { 1, 96, 2, 16 } },
		{ { 240, 120, PHY_BAND_FR2_1, 0 }, 7, { 2, 48, 1, 49 } },
		{ { 120, 120, PHY_BAND_FR2_2, 0 }, 9, { 1, 96, 1, 76 } },
		{ { 15, 30, PHY_BAND_40_MHZ, 0 }, 0, { 0 } },
		{ { 480, 480, PHY_BAND_FR2_2, 0 }, 0, { 0 } },
		{ { 30, 30, PHY_BAND_CLASSES, 0 }, 0, { 0 } },
		{ { 30, 30, PHY_BAND_5_MHZ, 0 }, 16, { 0 } },
	};

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		struct phy_coreset0 z;
		struct phy_coreset c;
		bool found = phy_coreset0_find(&z, &rows[i].cell, rows[i].index);

		if (found != (rows[i].want.pattern > 0))
			fail_msg("row %u: found %d", i, found);
		if (!found)
			continue;
		assert_memory_equal(&z, &rows[i].want, sizeof(z));
		assert_true(phy_coreset0_init(&c, &z, 200, 1007));
		assert_int_equal(c.n_rb, z.n_rb + z.punctured);
		assert_int_equal(phy_coreset_present(&c), z.n_rb);
		assert_int_equal(phy_coreset_crb(&c, z.n_rb - 1u), 200 + z.n_rb - 1);
		check_mapping(&c);
		assert_false(phy_coreset0_init(&c, &z, 200, 1008));
		assert_false(phy_coreset0_init(&c, &z, PHY_CRB_END - 5, 0));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mapping),
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_coreset0),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

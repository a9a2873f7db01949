/* Monitoring occasions, the hashing of candidates, and Type0-PDCCH. */
#include "base/test.h"
#include "radio/phy/mapping/type0.h"

static struct phy_coreset coreset(unsigned groups, unsigned n_symb)
{
	struct phy_coreset c = {
		.groups = (UINT64_C(1) << groups) - 1, .n_symb = (uint8_t)n_symb, .bundle = 6
	};

	assert_true(phy_coreset_init(&c));
	return c;
}

static void test_valid(void **state)
{
	struct phy_search_space s = { .period = 10, .offset = 9, .duration = 9, .symbols = 0x1001 };

	assert_true(phy_search_space_valid(&s, 1));
	assert_true(phy_search_space_valid(&s, 2));
	assert_false(phy_search_space_valid(&s, 3)); /* beyond the slot */
	s.symbols = 1;
	assert_false(phy_search_space_valid(&s, 4)); /* no such CORESET */
	assert_false(phy_search_space_valid(&s, 40));
	s.symbols = 3;
	assert_true(phy_search_space_valid(&s, 1));
	assert_false(phy_search_space_valid(&s, 2)); /* over each other */
	s.symbols = 0;
	assert_false(phy_search_space_valid(&s, 1));
	s.symbols = 1;
	s.duration = 10;
	assert_false(phy_search_space_valid(&s, 1));
	s.duration = 1;
	s.offset = 10;
	assert_false(phy_search_space_valid(&s, 1));
	s.offset = 0;
	s.period = 3;
	assert_false(phy_search_space_valid(&s, 1));
	s.period = 1;
	s.candidates[2] = 8;
	assert_true(phy_search_space_valid(&s, 1));
	s.candidates[2] = 7;
	assert_false(phy_search_space_valid(&s, 1));
	assert_true(phy_search_space_valid(&phy_type0_search_space, 3));
}

/* (n_f N_slot + n_s - o_s) mod k_s below T_s. */
static void test_occasions(void **state)
{
	struct phy_search_space s = { .period = 40, .offset = 38, .duration = 4, .symbols = 0x81 };

	for (unsigned sfn = 0; sfn < 1024; sfn++) {
		for (unsigned slot = 0; slot < 20; slot++) {
			int since = (int)(sfn * 20 + slot) - 38;
			bool want = ((since % 40) + 40) % 40 < 4;

			assert_int_equal(phy_search_space_monitored(&s, sfn, slot, 20), want ? 0x81 : 0);
		}
	}
	s.period = 0; /* not valid, but harmless */
	assert_int_equal(phy_search_space_monitored(&s, 1, 1, 20), 0);
}

/* Y = n_RNTI A^(slot + 1) mod 65537, computed elsewhere, and the candidates that follow. */
static void test_hash(void **state)
{
	static const struct {
		uint16_t rnti, slot;
		uint8_t coreset_id;
		uint32_t y;
	} rows[] = { { 1, 0, 0, 39827 }, { 1, 1, 0, 63455 }, { 1, 2, 3, 50028 }, { 17921, 19, 1, 40219 },
		{ 65522, 159, 5, 20769 }, { 65519, 7, 2, 42039 } };
	struct phy_coreset c = coreset(45, 3);

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		struct phy_search_space s = {
			.ue_specific = true, .coreset_id = rows[i].coreset_id, .candidates = { 6, 3, 2, 1, 1 }
		};
		struct phy_candidate got[PHY_CANDIDATES_MAX];
		unsigned n = phy_search_space_candidates(&s, &c, rows[i].slot, rows[i].rnti, got), at = 0;

		assert_int_equal(n, 13);
		for (unsigned level = 5; level-- > 0;) {
			unsigned al = 1u << level;

			for (unsigned m = 0; m < s.candidates[level]; m++, at++) {
				unsigned place =
					(rows[i].y + m * 135 / (al * s.candidates[level])) % (135 / al);

				assert_int_equal(got[at].al, al);
				assert_int_equal(got[at].cce, al * place);
			}
		}
	}
}

static void test_common(void **state)
{
	struct phy_coreset c = coreset(8, 1), big = coreset(16, 3);
	struct phy_candidate got[PHY_CANDIDATES_MAX];

	/* 8 CCEs: no place for 16, both candidates of 8 are the same, two different of 4. */
	assert_int_equal(phy_search_space_candidates(&phy_type0_search_space, &c, 7, 0xffff, got), 3);
	assert_int_equal(got[0].al, 8);
	assert_int_equal(got[0].cce, 0);
	assert_int_equal(got[1].cce, 0);
	assert_int_equal(got[2].al, 4);
	assert_int_equal(got[2].cce, 4);
	/* 48 CCEs: 16 at 0; 8 at 0 and 24; 4 at 0, 12, 24, 36. */
	assert_int_equal(phy_search_space_candidates(&phy_type0_search_space, &big, 7, 0xffff, got), 7);
	assert_int_equal(got[0].al, 16);
	assert_int_equal(got[2].cce, 24);
	assert_int_equal(got[4].cce, 12);
	assert_int_equal(got[6].cce, 36);
}

/* 38.213 13 with Tables 13-11 to 13-15. */
static void test_type0(void **state)
{
	static const struct {
		struct phy_coreset0_cell cell;
		struct phy_coreset0 z;
		uint8_t index, ssb, half;
		struct phy_type0 want;
	} rows[] = {
		{ { 30, 30, PHY_BAND_40_MHZ, 0 }, { 1, 48, 1, 0 }, 0, 0, 0,
			{ 0, 2, { { 0, 0 }, { 0, 1 } }, 0 } },
		{ { 30, 30, PHY_BAND_40_MHZ, 0 }, { 1, 48, 1, 0 }, 0, 7, 0,
			{ 0, 2, { { 0, 7 }, { 0, 8 } }, 0 } },
		{ { 30, 30, PHY_BAND_40_MHZ, 0 }, { 1, 48, 1, 0 }, 6, 7, 0,
			{ 0, 2, { { 1, 1 }, { 1, 2 } }, 0 } },
		{ { 30, 30, PHY_BAND_40_MHZ, 0 }, { 1, 48, 1, 0 }, 6, 5, 0,
			{ 0, 2, { { 0, 19 }, { 1, 0 } }, 0 } },
		{ { 30, 30, PHY_BAND_40_MHZ, 0 }, { 1, 48, 2, 0 }, 3, 3, 0,
			{ 0, 2, { { 0, 5 }, { 0, 6 } }, 2 } },
		{ { 15, 15, PHY_BAND_5_MHZ, 0 }, { 1, 24, 3, 0 }, 8, 3, 0,
			{ 0, 2, { { 0, 6 }, { 0, 7 } }, 0 } },
		{ { 15, 15, PHY_BAND_5_MHZ, 0 }, { 1, 24, 3, 0 }, 11, 1, 0,
			{ 0, 2, { { 0, 1 }, { 0, 2 } }, 2 } },
		{ { 120, 60, PHY_BAND_FR2_1, 0 }, { 1, 48, 1, 0 }, 2, 4, 0,
			{ 0, 2, { { 0, 14 }, { 0, 15 } }, 0 } },
		{ { 120, 120, PHY_BAND_FR2_1, 0 }, { 1, 48, 1, 0 }, 10, 63, 0,
			{ 0, 2, { { 1, 11 }, { 1, 12 } }, 7 } },
		{ { 120, 60, PHY_BAND_FR2_1, 0 }, { 2, 48, 1, 0 }, 0, 0, 0, { 1, 1, { { 0, 0 } }, 0 } },
		/* i = 63: n = 18, first symbol 20 + 504 of 120 kHz: slot 37 there, 18 at 60 */
		{ { 120, 60, PHY_BAND_FR2_1, 0 }, { 2, 48, 1, 0 }, 0, 63, 1, { 1, 1, { { 0, 38 } }, 7 } },
		{ { 120, 120, PHY_BAND_FR2_1, 0 }, { 3, 24, 2, 0 }, 0, 63, 1, { 1, 1, { { 0, 77 } }, 6 } },
		{ { 120, 120, PHY_BAND_FR2_1, 0 }, { 3, 24, 2, 0 }, 0, 16, 0, { 1, 1, { { 0, 10 } }, 4 } },
		/* i = 4, 5: symbols 32 and 36 of 240 kHz are in slot 1 of 120; the occasion is in slot 0 */
		{ { 240, 120, PHY_BAND_FR2_1, 0 }, { 2, 48, 1, 0 }, 0, 4, 0, { 1, 1, { { 0, 0 } }, 12 } },
		{ { 240, 120, PHY_BAND_FR2_1, 0 }, { 2, 48, 1, 0 }, 0, 6, 0, { 1, 1, { { 0, 1 } }, 0 } },
		{ { 240, 120, PHY_BAND_FR2_1, 0 }, { 2, 48, 1, 0 }, 0, 63, 0, { 1, 1, { { 0, 17 } }, 1 } },
	};
	struct phy_type0 t;

	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		const struct phy_type0 *w = &rows[i].want;

		if (!phy_type0_find(&t, &rows[i].cell, &rows[i].z, rows[i].index, rows[i].ssb, rows[i].half))
			fail_msg("row %u not found", i);
		if (t.with_ssb != w->with_ssb || t.occasions != w->occasions ||
			t.first_symbol != w->first_symbol || t.at[0].slot != w->at[0].slot ||
			t.at[0].sfn_odd != w->at[0].sfn_odd)
			fail_msg("row %u: slot %u odd %u symbol %u", i, t.at[0].slot, t.at[0].sfn_odd,
				t.first_symbol);
		for (unsigned k = 0; k < t.occasions; k++) {
			assert_int_equal(t.at[k].slot, w->at[k].slot);
			assert_int_equal(t.at[k].sfn_odd, w->at[k].sfn_odd);
			assert_true(phy_type0_monitored(&t, 6u + t.at[k].sfn_odd, t.at[k].slot, true));
			assert_int_equal(
				phy_type0_monitored(&t, 7u + t.at[k].sfn_odd, t.at[k].slot, false), 0);
		}
	}
}

static void test_type0_refused(void **state)
{
	struct phy_coreset0 z = { 2, 48, 1, 0 };
	struct phy_coreset0_cell cell = { 120, 60, PHY_BAND_FR2_1, 0 };
	struct phy_type0 t;

	assert_false(phy_type0_find(&t, &cell, &z, 1, 0, 0));  /* reserved */
	assert_false(phy_type0_find(&t, &cell, &z, 0, 64, 0)); /* no such block */
	assert_false(phy_type0_find(&t, &cell, &z, 0, 0, 2));
	z.pattern = 3;
	assert_false(phy_type0_find(&t, &cell, &z, 0, 0, 0));
	z.pattern = 1;
	assert_false(phy_type0_find(&t, &cell, &z, 14, 0, 0));
	assert_true(phy_type0_find(&t, &cell, &z, 13, 0, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_occasions),
		cmocka_unit_test(test_hash),
		cmocka_unit_test(test_common),
		cmocka_unit_test(test_type0),
		cmocka_unit_test(test_type0_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

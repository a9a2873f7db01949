/*
 * Time and frequency domain allocations, and DM-RS positions, against rows of 38.214 and 38.211 and a second
 * way to count bundles.
 */
#include "base/test.h"

#include "radio/phy/mapping/dmrs.h"

static void test_default_tables(void **state)
{
	static const struct {
		enum phy_time_table table;
		bool extended;
		uint8_t row, position;
		struct phy_time_domain want;
	} rows[] = {
		{ PHY_TIME_DEFAULT_A, false, 1, 2, { false, 0, 2, 12 } },
		{ PHY_TIME_DEFAULT_A, false, 1, 3, { false, 0, 3, 11 } },
		{ PHY_TIME_DEFAULT_A, false, 6, 2, { true, 0, 9, 4 } },
		{ PHY_TIME_DEFAULT_A, false, 6, 3, { true, 0, 10, 4 } },
		{ PHY_TIME_DEFAULT_A, false, 16, 3, { true, 0, 8, 4 } },
		{ PHY_TIME_DEFAULT_A, true, 1, 2, { false, 0, 2, 6 } },
		{ PHY_TIME_DEFAULT_A, true, 15, 2, { true, 0, 4, 6 } },
		{ PHY_TIME_DEFAULT_B, false, 6, 2, { true, 1, 2, 2 } },
		{ PHY_TIME_DEFAULT_B, false, 14, 3, { false, 0, 3, 11 } },
		{ PHY_TIME_DEFAULT_C, false, 15, 2, { false, 0, 0, 6 } },
	};
	struct phy_time_domain t;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_true(phy_time_default(
			&t, rows[i].table, rows[i].extended, rows[i].row - 1u, rows[i].position));
		assert_memory_equal(&t, &rows[i].want, sizeof(t));
	}
	for (unsigned i = 0; i < 3 * 16 * 2; i++) {
		if (phy_time_default(&t, i / 32, false, i / 2 % 16, 2 + i % 2))
			assert_true(phy_time_legal(&t, false, 2 + i % 2));
	}
	assert_false(phy_time_default(&t, PHY_TIME_DEFAULT_B, false, 15, 2));
	assert_false(phy_time_default(&t, PHY_TIME_DEFAULT_C, false, 6, 2));
	assert_false(phy_time_default(&t, PHY_TIME_DEFAULT_A, false, 16, 2));
	assert_false(phy_time_default(&t, PHY_TIME_DEFAULT_A, false, 0, 4));
	assert_false(phy_time_default(&t, 3, false, 0, 2));
}

/* There and back for all, and nothing else comes back. */
static void test_indicators(void **state)
{
	unsigned known = 0;

	for (unsigned sliv = 0; sliv < 128; sliv++) {
		uint8_t s, l;

		if (!phy_sliv_split(sliv, &s, &l))
			continue;
		known++;
		assert_true(l >= 1 && s + l <= 14);
		assert_int_equal(phy_sliv(s, l), sliv);
	}
	assert_int_equal(known, 14 * 15 / 2);
	assert_int_equal(phy_sliv(2, 12), 14 * 3 + 11);
	assert_int_equal(phy_sliv(0, 8), 98);
	assert_int_equal(phy_sliv(0, 9), 14 * 6 + 13);
}

static void test_time_legal(void **state)
{
	unsigned counts[4] = { 0 };

	for (unsigned i = 0; i < 2 * 2 * 16 * 16; i++) {
		struct phy_time_domain t = { i & 1, 0, i / 4 % 16, (uint8_t)(i / 64) };

		counts[i % 4] += phy_time_legal(&t, i / 2 % 2, 2);
	}
	/* type A: S of 0 to 2, L from 3 on; type B: counted by hand from Table 5.1.2.1-1 */
	assert_int_equal(counts[0], 12 + 11 + 10);
	assert_int_equal(counts[2], 10 + 9 + 8);
	assert_int_equal(counts[1], 12 + 12 + 11 + 10 + 9 + 8 + 7 + 6 + 5 + 4 + 3 + 2 + 1);
	assert_int_equal(counts[3], 11 + 9 + 7);
}

static void test_type0(void **state)
{
	/* 20 blocks from CRB 3 on, P = 2: groups of 1, 2 .. 2, 1 */
	struct phy_vrb v = { .bwp_start = 3, .bwp_prbs = 20, .size = 20 };
	uint8_t ends[] = { 0x80, 0x20 }, middle[] = { 0x10, 0x00 }, none[] = { 0, 0 };
	struct phy_prbs p;

	assert_int_equal(phy_rbg_count(3, 20, 1), 11);
	assert_int_equal(phy_rbg_count(0, 273, 1), 18);
	assert_int_equal(phy_rbg_count(5, 273, 1), 18);
	assert_int_equal(phy_rbg_count(15, 273, 2), 18);
	assert_int_equal(phy_rbg_size(72, 1), 4);
	assert_int_equal(phy_rbg_size(73, 1), 8);
	assert_int_equal(phy_rbg_size(36, 2), 4);
	assert_true(phy_prbs_type0(&p, &v, 1, ends));
	assert_int_equal(p.n, 2);
	assert_int_equal(p.at[0], 0);
	assert_int_equal(p.at[1], 19);
	assert_true(phy_prbs_type0(&p, &v, 1, middle));
	assert_int_equal(p.n, 2);
	assert_int_equal(p.at[0], 5);
	assert_false(phy_prbs_type0(&p, &v, 1, none));
	v.mapping = PHY_VRB_INTERLEAVED_2;
	assert_false(phy_prbs_type0(&p, &v, 1, ends));
	v.mapping = PHY_VRB_DIRECT, v.size = 21;
	assert_false(phy_prbs_type0(&p, &v, 1, ends));
}

/* 38.211 7.3.1.6 the long way: bundles as lists of blocks, then the matrix of two rows. */
static void bundles(const struct phy_vrb *v, uint16_t *prb_of)
{
	unsigned l = v->mapping == PHY_VRB_INTERLEAVED_4 ? 4 : 2;
	unsigned early = v->si_in_coreset0 ? 0 : (v->bwp_start + v->offset) % l;
	unsigned first[PHY_PRB_MAX], count[PHY_PRB_MAX], n = 0, columns;

	for (unsigned at = 0; at < v->size; n++) {
		unsigned size = n == 0 ? l - early : l;

		first[n] = at;
		count[n] = size < v->size - at ? size : v->size - at;
		at += count[n];
	}
	columns = n / 2;
	for (unsigned r = 0; r < 2; r++) {
		for (unsigned c = 0; c < columns; c++) {
			unsigned j = c * 2 + r, f = r * columns + c;

			for (unsigned i = 0; j != n - 1 && i < count[j]; i++)
				prb_of[first[j] + i] = (uint16_t)(v->offset + first[f] + i);
		}
	}
	for (unsigned i = 0; i < count[n - 1]; i++)
		prb_of[first[n - 1] + i] = (uint16_t)(v->offset + first[n - 1] + i);
}

static void test_type1(void **state)
{
	struct phy_vrb v = { .bwp_start = 1, .bwp_prbs = 8, .size = 8, .mapping = PHY_VRB_INTERLEAVED_2 };
	/* bundles {0} {1,2} {3,4} {5,6} {7}: 0 stays, then 2, 1, 3, and the last stays */
	static const uint16_t literal[] = { 0, 3, 4, 1, 2, 5, 6, 7 };
	uint16_t want[PHY_PRB_MAX];
	struct phy_prbs p;

	assert_true(phy_prbs_type1(&p, &v, 0, 8));
	assert_memory_equal(p.at, literal, sizeof(literal));
	for (unsigned i = 0; i < 20000; i++) {
		uint64_t z = i * 0x9e3779b97f4a7c15u;
		bool seen[PHY_PRB_MAX] = { false };

		z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
		z ^= z >> 29;
		v.bwp_prbs = (uint16_t)(1 + z % 275);
		v.offset = (uint16_t)(z >> 10 & 1 ? (z >> 11) % v.bwp_prbs : 0);
		v.size = (uint16_t)(v.bwp_prbs - v.offset - (z >> 20) % (v.bwp_prbs - v.offset));
		v.bwp_start = (uint16_t)((z >> 30) % 30);
		v.mapping = 1 + (z >> 40 & 1);
		v.si_in_coreset0 = z >> 41 & 1;
		bundles(&v, want);
		assert_true(phy_prbs_type1(&p, &v, 0, v.size));
		for (unsigned j = 0; j < v.size; j++) {
			assert_int_equal(p.at[j], want[j]);
			assert_false(seen[p.at[j]]);
			seen[p.at[j]] = true;
		}
	}
	assert_false(phy_prbs_type1(&p, &v, 0, v.size + 1u));
	assert_false(phy_prbs_type1(&p, &v, v.size, 1));
	assert_false(phy_prbs_type1(&p, &v, 0, 0));
}

static void test_dmrs_positions(void **state)
{
	static const struct {
		struct phy_dmrs d;
		struct phy_time_domain t;
		uint16_t want;
	} cases[] = {
		{ { .type_a_position = 2, .additional = 0 }, { .s = 0, .l = 14 }, 1 << 2 },
		{ { .type_a_position = 2, .additional = 1 }, { .s = 0, .l = 14 }, 1 << 2 | 1 << 11 },
		{ { .type_a_position = 2, .additional = 2 }, { .s = 2, .l = 12 }, 1 << 2 | 1 << 7 | 1 << 11 },
		{ { .type_a_position = 2, .additional = 3 }, { .s = 2, .l = 12 },
			1 << 2 | 1 << 5 | 1 << 8 | 1 << 11 },
		{ { .type_a_position = 3, .additional = 2 }, { .s = 3, .l = 9 }, 1 << 3 | 1 << 6 | 1 << 9 },
		{ { .type_a_position = 2, .additional = 2 }, { .s = 2, .l = 6 }, 1 << 2 | 1 << 7 },
		{ { .type_a_position = 2, .additional = 1 }, { true, 0, 5, 7 }, 1 << 5 | 1 << 9 },
		{ { .type_a_position = 2, .additional = 0 }, { true, 0, 12, 2 }, 1 << 12 },
		{ { .type_a_position = 2, .additional = 3 }, { true, 0, 1, 12 },
			1 << 1 | 1 << 4 | 1 << 7 | 1 << 10 },
		{ { .type_a_position = 2, .additional = 1, .double_symbol = true }, { .s = 0, .l = 14 },
			3 << 2 | 3 << 10 },
		{ { .type_a_position = 3, .additional = 1, .double_symbol = true }, { .s = 0, .l = 12 },
			3 << 3 | 3 << 8 },
		{ { .type_a_position = 2, .additional = 1, .double_symbol = true }, { true, 0, 3, 9 },
			3 << 3 | 3 << 8 },
		/* what there is not */
		{ { .type_a_position = 3, .additional = 3 }, { .s = 3, .l = 11 }, 0 },
		{ { .type_a_position = 3, .additional = 0 }, { .s = 0, .l = 4 }, 0 },
		{ { .type_a_position = 2, .additional = 2, .double_symbol = true }, { .s = 0, .l = 14 }, 0 },
		{ { .type_a_position = 2, .additional = 0, .double_symbol = true }, { true, 0, 0, 4 }, 0 },
		{ { .type_a_position = 2, .additional = 0, .double_symbol = true }, { .s = 0, .l = 3 }, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(phy_dmrs_pdsch_symbols(&cases[i].d, &cases[i].t), cases[i].want);
}

/* 7.4.1.1.1 and .2 by their letter: c(n) from the recurrences, then the sum over n and k'. */
static void test_dmrs_sequence(void **state)
{
	static struct phy_dmrs_work work;
	static uint8_t x1[8000], x2[8000];
	struct kern kern;

	kern_init(&kern, KERN_LEVELS - 1);
	assert_true(phy_dmrs_work_init(&work));
	for (unsigned i = 0; i < 64; i++) {
		struct phy_dmrs d = { .type2 = i & 1,
			.double_symbol = i >> 1 & 1,
			.per_group = i >> 2 & 1,
			.n_scid = i >> 3 & 1,
			.n_id = { (uint16_t)(1000 * i), (uint16_t)(65535 - i) },
			.reference_crb = (uint16_t)(i % 5),
			.groups_without_data = i & 1 ? 3 : 2 };
		unsigned groups = i & 1 ? 3 : 2, symbol = i % 14, slot = i % 20, crb = 5 + i,
			 prbs = 1 + i % 7;
		struct phy_cf got[PHY_DMRS_PER_PRB_MAX * 9];
		unsigned lambda, n_scid;
		uint32_t c;

		d.port = (uint8_t)(i * 7 % (2 * groups * (d.double_symbol ? 2 : 1)));
		lambda = d.per_group ? d.port / 2 % groups : 0;
		n_scid = lambda == 1 ? 1u - d.n_scid : d.n_scid;
		c = (uint32_t)(((uint64_t)(14 * slot + symbol + 1) * (2 * d.n_id[n_scid] + 1) * 131072 +
				       (lambda / 2) * 131072 + 2 * d.n_id[n_scid] + n_scid) %
			       2147483648u);
		for (unsigned n = 0; n < 31; n++)
			x1[n] = n == 0, x2[n] = c >> n & 1;
		for (unsigned n = 31; n < sizeof(x1); n++) {
			x1[n] = x1[n - 28] ^ x1[n - 31];
			x2[n] = x2[n - 28] ^ x2[n - 29] ^ x2[n - 30] ^ x2[n - 31];
		}
		phy_dmrs_symbol(&work, &kern, &d, 14, slot, symbol, i & 1, crb, prbs, got);
		for (unsigned j = 0; j < prbs * phy_dmrs_per_prb(&d); j++) {
			unsigned n = (crb - d.reference_crb) * phy_dmrs_per_prb(&d) + j;
			int sign =
				(j % 2 && d.port % 2 ? -1 : 1) * ((i & 1) && d.port >= 2 * groups ? -1 : 1);
			float size = (float)(sign * (groups == 3 ? 1.7318 : 1.41254) * 0.70710678);
			float re = x1[2 * n + 1600] ^ x2[2 * n + 1600] ? -size : size;
			float im = x1[2 * n + 1601] ^ x2[2 * n + 1601] ? -size : size;

			assert_float_equal(got[j].re, re, 1e-4f);
			assert_float_equal(got[j].im, im, 1e-4f);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default_tables),
		cmocka_unit_test(test_indicators),
		cmocka_unit_test(test_time_legal),
		cmocka_unit_test(test_type0),
		cmocka_unit_test(test_type1),
		cmocka_unit_test(test_dmrs_positions),
		cmocka_unit_test(test_dmrs_sequence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

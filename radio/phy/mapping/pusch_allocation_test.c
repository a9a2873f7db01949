/* PUSCH in time, its repetitions, DM-RS positions and precoding. */
#include "radio/phy/mapping/dmrs.h"
#include "radio/phy/mapping/precoding.h"
#include "radio/phy/phy_test.h"

/* 38.214 Table 6.1.2.1-1. */
static void test_time(void **state)
{
	for (unsigned s = 0; s < 16; s++) {
		for (unsigned l = 0; l < 16; l++) {
			struct phy_time_domain a = { false, 0, (uint8_t)s, (uint8_t)l }, b = a;

			b.type_b = true;
			assert_int_equal(phy_pusch_time_legal(&a, false), s == 0 && l >= 4 && l <= 14);
			assert_int_equal(phy_pusch_time_legal(&a, true), s == 0 && l >= 4 && l <= 12);
			assert_int_equal(phy_pusch_time_legal(&b, false), l >= 1 && s + l <= 14);
			assert_int_equal(phy_pusch_time_legal(&b, true), l >= 1 && s + l <= 12);
		}
	}
}

/* Table 6.1.2.1-2. */
static void test_rv(void **state)
{
	static const uint8_t rows[4][4] = { { 0, 2, 3, 1 }, { 1, 0, 2, 3 }, { 2, 3, 1, 0 }, { 3, 1, 0, 2 } };

	for (unsigned rv = 0; rv < 4; rv++) {
		for (unsigned n = 0; n < 9; n++)
			assert_int_equal(phy_pusch_repetition_rv(rv, n), rows[rv][n % 4]);
	}
}

/* Each symbol of the nominal repetitions in at most one actual repetition, which reaches as far as it may. */
static void test_repetitions(void **state)
{
	for (unsigned i = 0; i < 2000; i++) {
		struct phy_repetition r[PHY_REPETITIONS_MAX];
		uint16_t invalid[8];
		unsigned s = pick(0, 13), l = pick(1, 14), nominal = pick(1, 8), n, covered = 0, usable = 0,
			 slots = pick(0, 8);

		for (unsigned j = 0; j < slots; j++)
			invalid[j] = (uint16_t)(draw() & draw() & draw() & 0x3fff);
		n = phy_pusch_repetitions_b(r, PHY_REPETITIONS_MAX, s, l, nominal, invalid, slots);
		for (unsigned j = 0; j < n; j++) {
			unsigned first = r[j].slot * 14u + r[j].s, before = first - 1,
				 behind = first + r[j].l;

			assert_true(r[j].l >= 1 && r[j].s + r[j].l <= 14 && (r[j].l > 1 || l == 1));
			assert_true(j == 0 || r[j - 1].slot * 14u + r[j - 1].s + r[j - 1].l <= first);
			assert_int_equal(r[j].nominal, (first - s) / l);
			assert_int_equal((behind - 1 - s) / l, r[j].nominal);
			for (unsigned t = first; t < behind; t++)
				assert_true(r[j].slot >= slots || !(invalid[r[j].slot] >> t % 14 & 1));
			/* it begins and ends where it must */
			assert_true(first % 14 == 0 || first == s + r[j].nominal * l ||
				    (r[j].slot < slots && invalid[r[j].slot] >> before % 14 & 1));
			assert_true(behind % 14 == 0 || behind == s + (r[j].nominal + 1u) * l ||
				    (r[j].slot < slots && invalid[r[j].slot] >> behind % 14 & 1));
			covered += r[j].l;
		}
		/* what is not covered stands alone, or may not be used */
		for (unsigned t = s; t < s + nominal * l; t++) {
			bool free = t / 14 >= slots || !(invalid[t / 14] >> t % 14 & 1), left, right;

			if (!free)
				continue;
			left = t % 14 != 0 && (t - s) % l != 0 &&
			       !(t / 14 < slots && invalid[t / 14] >> (t - 1) % 14 & 1);
			right = t % 14 != 13 && (t - s) % l != l - 1 &&
				!(t / 14 < slots && invalid[t / 14] >> (t + 1) % 14 & 1);
			usable += left || right || l == 1;
		}
		assert_int_equal(covered, usable);
	}
	assert_int_equal(phy_pusch_repetitions_b(NULL, 0, 14, 1, 1, NULL, 0), 0);
	assert_int_equal(phy_pusch_repetitions_b(NULL, 0, 0, 15, 1, NULL, 0), 0);
	assert_int_equal(phy_pusch_repetitions_b(NULL, 0, 0, 0, 1, NULL, 0), 0);
}

/* Rows of Tables 6.4.1.1.3-3, -4 and -6, as the text has them. */
static void test_dmrs(void **state)
{
	static const struct {
		bool type_b, double_symbol;
		uint8_t s, l, additional, l0, hopping;
		uint16_t mask;
	} rows[] = {
		{ false, false, 0, 14, 1, 2, 0, 1 << 2 | 1 << 11 },
		{ false, false, 0, 14, 3, 2, 0, 1 << 2 | 1 << 5 | 1 << 8 | 1 << 11 },
		{ false, false, 0, 14, 3, 3, 0, 0 }, /* pos3 only with l0 2 */
		{ false, false, 0, 4, 0, 3, 0, 0 },
		{ false, false, 0, 9, 1, 3, 0, 1 << 3 | 1 << 7 },
		{ true, false, 3, 10, 2, 2, 0, 1 << 3 | 1 << 7 | 1 << 11 },
		{ true, false, 5, 1, 2, 2, 0, 1 << 5 },
		{ false, true, 0, 14, 1, 2, 0, 3 << 2 | 3 << 10 },
		{ false, true, 0, 14, 2, 2, 0, 0 },
		{ true, true, 1, 9, 1, 2, 0, 3 << 1 | 3 << 6 },
		{ false, false, 0, 14, 0, 2, 1, 1 << 2 | 1 << 7 },
		{ false, false, 0, 14, 2, 2, 1, 1 << 2 | 1 << 6 | 1 << 7 | 1 << 11 },
		{ false, false, 0, 13, 1, 3, 1, 1 << 3 | 1 << 6 | 1 << 10 },
		{ true, false, 2, 10, 1, 2, 1, 1 << 2 | 1 << 6 | 1 << 7 | 1 << 11 },
		{ false, true, 0, 14, 0, 2, 1, 0 }, /* none of double symbols */
		{ false, false, 0, 6, 0, 2, 1, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct phy_time_domain t = { rows[i].type_b, 0, rows[i].s, rows[i].l };
		struct phy_dmrs d = { .double_symbol = rows[i].double_symbol,
			.additional = rows[i].additional,
			.type_a_position = rows[i].l0,
			.groups_without_data = 2 };

		assert_int_equal(phy_dmrs_pusch_symbols(&d, &t,
					 rows[i].hopping ? PHY_PUSCH_HOPPING_INTRA : PHY_PUSCH_NO_HOPPING),
			rows[i].mask);
	}
}

/* Power 1 from all ports of a full matrix, less where ports are silent; layers orthogonal; as many as the
 * tables have. */
static void test_precoding(void **state)
{
	static const uint8_t count[5][5] = {
		[1][1] = 1, [2][1] = 6, [2][2] = 3, [4][1] = 28, [4][2] = 22, [4][3] = 7, [4][4] = 5
	};

	for (unsigned ports = 0; ports < 5; ports++) {
		for (unsigned layers = 0; layers < 5; layers++) {
			unsigned found = 0;

			for (unsigned i = 0; i < 40; i++) {
				struct phy_precoding w;
				double power = 0;

				if (!phy_precoding_tpmi(&w, ports, layers, i, layers == 1 && pick(0, 1)))
					continue;
				found++;
				for (unsigned a = 0; a < layers; a++) {
					for (unsigned b = 0; b < layers; b++) {
						double re = 0, im = 0;

						for (unsigned p = 0; p < ports; p++) {
							struct phy_cf x = w.w[p][a], y = w.w[p][b];

							re += (double)(x.re * y.re + x.im * y.im);
							im += (double)(x.im * y.re - x.re * y.im);
						}
						if (a == b)
							power += re;
						else
							assert_true(fabs(re) < 1e-6 && fabs(im) < 1e-6);
					}
				}
				assert_true(power < 1 + 1e-6 && power > 0.249);
			}
			assert_int_equal(found, count[ports][layers]);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_rv),
		cmocka_unit_test(test_repetitions),
		cmocka_unit_test(test_dmrs),
		cmocka_unit_test(test_precoding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Which sets a UE monitors, beside slots counted by hand and the rules of 38.213 10.1 written out once more.
 */
#include "radio/phy/mapping/pdcch_budget.h"

#include "radio/phy/phy_test.h"

/* n candidates of a level, one behind the other from a CCE on. */
static struct phy_pdcch_set set_of(
	unsigned index, bool ue_specific, unsigned coreset, unsigned al, unsigned n)
{
	struct phy_pdcch_set s = { .index = (uint8_t)index,
		.ue_specific = ue_specific,
		.coreset_id = (uint8_t)coreset,
		.symbols = 1,
		.scrambling = 5,
		.sizes = 1,
		.size = { 40 },
		.candidates = (uint8_t)n };

	for (unsigned i = 0; i < n; i++)
		s.candidate[i] = (struct phy_candidate){ (uint8_t)(al * i), (uint8_t)al };
	return s;
}

static void expect(const struct phy_pdcch_set *sets, unsigned n, unsigned mu, unsigned mask,
	unsigned candidates, unsigned cces)
{
	struct phy_pdcch_budget used;

	assert_int_equal(phy_pdcch_monitored(sets, n, mu, &used), mask);
	assert_int_equal(used.candidates, candidates);
	assert_int_equal(used.cces, cces);
}

static void test_counting(void **state)
{
	struct phy_pdcch_set s[3];

	(void)state;
	s[0] = set_of(0, false, 0, 4, 4);
	expect(s, 1, 0, 1, 4, 16);
	/* the same CCEs, size and scrambling: nothing more; of another size or scrambling: candidates only */
	s[1] = set_of(1, true, 0, 4, 4);
	expect(s, 2, 0, 3, 4, 16);
	s[1].size[0] = 41;
	expect(s, 2, 0, 3, 8, 16);
	s[1].size[0] = 40;
	s[1].scrambling = 6;
	expect(s, 2, 0, 3, 8, 16);
	/* two sizes are tried each */
	s[1].sizes = 2;
	s[1].size[1] = 50;
	expect(s, 2, 0, 3, 12, 16);
	/* another CORESET has CCEs of its own, and so has another symbol */
	s[1] = set_of(1, true, 1, 4, 4);
	expect(s, 2, 0, 3, 8, 32);
	s[1] = set_of(1, true, 0, 4, 4);
	s[1].symbols = 1 << 7;
	expect(s, 2, 0, 3, 8, 32);
	s[1].symbols = 1 << 7 | 1;
	expect(s, 2, 0, 3, 8, 32);
	/* levels one within the other share CCEs */
	s[1] = set_of(1, true, 0, 8, 2);
	expect(s, 2, 0, 3, 6, 16);
	/* not in this slot */
	s[1].symbols = 0;
	expect(s, 2, 0, 3, 4, 16);
}

/* 20 candidates of 32 CCEs at 120 kHz; sets by their index, not their place, and none behind one that is out.
 */
static void test_overbooking(void **state)
{
	struct phy_pdcch_set s[4];

	(void)state;
	s[0] = set_of(3, true, 1, 1, 8);
	s[1] = set_of(0, false, 0, 4, 4); /* 4 candidates, 16 CCEs */
	s[2] = set_of(2, true, 2, 2, 6);  /* 6, 12 */
	s[3] = set_of(5, true, 3, 1, 1);
	expect(s, 4, 3, 0x6, 10, 28); /* set 3 has 8 CCEs, which make 36: it is out, and 5 behind it */
	expect(s, 4, 2, 0xf, 19, 37);
	/* candidates run out first */
	s[0].coreset_id = 2;
	s[0].candidate[7].cce = 0;
	s[0].sizes = 2;
	s[0].size[1] = 41;
	expect(s, 4, 3, 0x6, 10, 28);
	s[0].sizes = 1;
	expect(s, 4, 3, 0xf, 18, 29);
	/* common sets are monitored whatever they take */
	s[1] = set_of(0, false, 0, 1, 40);
	expect(s, 4, 3, 0x2, 40, 40);
}

/* Every sum over random sets, by a list of what is tried. */
static void test_random(void **state)
{
	(void)state;
	for (unsigned t = 0; t < 2000; t++) {
		struct phy_pdcch_set s[4];
		struct phy_pdcch_budget used, most = phy_pdcch_budget_max(t % 4);
		static bool tried[3][14][16][17][2][3], cce[3][14][64];
		unsigned candidates = 0, cces = 0, mask;

		memset(tried, 0, sizeof(tried));
		memset(cce, 0, sizeof(cce));
		for (unsigned i = 0; i < 4; i++) {
			unsigned al = 1u << draw() % 4;

			s[i] = set_of(i, i > 0, draw() % 3, al, 1 + draw() % (16 / al < 8 ? 16 / al : 8));
			s[i].symbols = (uint16_t)(1 << draw() % 3 | 1 << draw() % 14);
			s[i].scrambling = draw() % 2;
			s[i].sizes = (uint8_t)(1 + draw() % 3);
			s[i].size[0] = 40, s[i].size[1] = 41, s[i].size[2] = 42;
		}
		mask = phy_pdcch_monitored(s, 4, t % 4, &used);
		for (unsigned i = 0; i < 4; i++) {
			for (unsigned l = 0; l < 14 && mask >> i & 1; l++) {
				for (unsigned c = 0; c < s[i].candidates && s[i].symbols >> l & 1; c++) {
					struct phy_candidate at = s[i].candidate[c];

					for (unsigned z = 0; z < s[i].sizes; z++) {
						bool *b = &tried[s[i].coreset_id][l][at.cce][at.al]
								[s[i].scrambling][z];

						candidates += !*b;
						*b = true;
					}
					for (unsigned k = at.cce; k < at.cce + at.al; k++) {
						cces += !cce[s[i].coreset_id][l][k];
						cce[s[i].coreset_id][l][k] = true;
					}
				}
			}
		}
		assert_int_equal(used.candidates, candidates);
		assert_int_equal(used.cces, cces);
		assert_true(mask == 1 || mask == 3 || mask == 7 || mask == 15);
		assert_true(mask == 1 || (candidates <= most.candidates && cces <= most.cces));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counting),
		cmocka_unit_test(test_overbooking),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "ue/phy/harq_ack.h"

#include "base/test.h"

enum { DCIS = 8 };

/* The pseudo-code of 38.213 9.1.3.1 for one cell and one codeword: j counts the rounds of the counter. */
static unsigned codebook(uint8_t out[UE_ACKS_MAX], const bool heard[DCIS], const bool ack[DCIS], unsigned n)
{
	unsigned j = 0, v_temp = 0;

	for (unsigned i = 0; i < UE_ACKS_MAX; i++)
		out[i] = 0;
	for (unsigned m = 0; m < n; m++) {
		unsigned v = m % UE_DAIS + 1;

		if (!heard[m])
			continue;
		if (v <= v_temp)
			j++;
		v_temp = v;
		out[UE_DAIS * j + v - 1] = ack[m];
	}
	return UE_DAIS * j + v_temp;
}

/* Each way to miss some of eight, but never four in a row, which the counter does not tell. */
static void test_any_missed(void **state)
{
	for (unsigned mask = 1; mask < 1 << DCIS; mask++) {
		struct ue_acks a = { .n = 0 };
		bool heard[DCIS], ack[DCIS];
		uint8_t expected[UE_ACKS_MAX];
		unsigned n, silent = 0;
		bool told = true;

		for (unsigned m = 0; m < DCIS; m++) {
			heard[m] = mask >> m & 1;
			ack[m] = m % 3 != 0;
			silent = heard[m] ? 0 : silent + 1;
			told = told && silent < UE_DAIS;
			if (heard[m])
				assert_true(ue_acks_add(&a, m % UE_DAIS + 1, ack[m]));
		}
		if (!told)
			continue;
		n = codebook(expected, heard, ack, DCIS);
		assert_int_equal(a.n, n);
		assert_memory_equal(a.bits, expected, n);
	}
}

static void test_full(void **state)
{
	struct ue_acks a = { .n = 0 };

	for (unsigned i = 0; i < UE_ACKS_MAX; i++)
		assert_true(ue_acks_add(&a, i % UE_DAIS + 1, true));
	assert_false(ue_acks_add(&a, 1, true));
	assert_int_equal(a.n, UE_ACKS_MAX);
	a.n = UE_ACKS_MAX - 2;
	assert_false(ue_acks_add(&a, 2, true)); /* four would have been sent, two of them unheard */
}

/* 38.213 Table 9.1.3-2: the count of a DCI 0_1, over what was heard before it. */
static void test_counted_on_pusch(void **state)
{
	static const struct {
		unsigned heard, dai, n;
	} rows[] = { { 0, 4, 0 }, { 0, 1, 1 }, { 0, 3, 3 }, { 1, 1, 1 }, { 1, 2, 2 }, { 2, 4, 4 },
		{ 3, 1, 5 }, { 4, 4, 4 }, { 5, 1, 5 }, { 5, 4, 8 } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ue_acks a = { .n = 0 };

		for (unsigned k = 0; k < rows[i].heard; k++)
			assert_true(ue_acks_add(&a, k % UE_DAIS + 1, true));
		assert_true(ue_acks_fill(&a, rows[i].dai));
		assert_int_equal(a.n, rows[i].n);
		for (unsigned k = 0; k < a.n; k++)
			assert_int_equal(a.bits[k], k < rows[i].heard);
	}
	assert_false(ue_acks_fill(&(struct ue_acks){ .n = UE_ACKS_MAX - 1 }, 1));
}

/* 38.213 9.1.3.1: 8 j + 2 (V - 1) is the first codeword's, the next the second's. */
static void test_two_codewords(void **state)
{
	struct ue_acks a = { .n = 3, .bits = { 1, 0, 1 } }, full = { .n = UE_ACKS_MAX / 2 + 1 };

	assert_true(ue_acks_of_two(&a));
	assert_int_equal(a.n, 6);
	assert_memory_equal(a.bits, ((uint8_t[]){ 1, 0, 0, 0, 1, 0 }), 6);
	assert_false(ue_acks_of_two(&full));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_any_missed),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_counted_on_pusch),
		cmocka_unit_test(test_two_codewords),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The small codes: every word comes back, noise is survived, and the fast decoder equals the search over all
 * words. */
#include "base/test.h"

#include "radio/phy/signals/sequence.h"
#include "radio/phy/codes/smallblock.h"

static uint32_t seed = 1;

static int noise(int amplitude)
{
	int sum = 0;

	for (unsigned i = 0; i < 4; i++) {
		seed = seed * 1664525 + 1013904223;
		sum += (int)(seed >> 16) % (2 * amplitude + 1) - amplitude;
	}
	return sum / 2;
}

static int8_t clip(int v)
{
	return (int8_t)(v > 127 ? 127 : v < -127 ? -127 : v);
}

static void test_round_trip(void **state)
{
	static const unsigned qms[] = { 1, 2, 4, 6, 8 };
	uint8_t bits[96];
	int8_t llr[96];
	struct phy_small_result r;

	for (unsigned k = 1; k <= PHY_SMALL_MAX; k++) {
		for (uint32_t msg = 0; msg < 1u << k; msg++) {
			unsigned qm = qms[msg % 5];
			size_t e = k < 3 ? 3 * qm * (1 + msg) : 32 + msg % 64;

			assert_true(phy_small_encode(bits, e, k, qm, msg));
			for (size_t i = 0; i < e; i++)
				llr[i] = bits[i] > 1 ? (int8_t)(i * 37) : bits[i] ? -20 : 20;
			assert_true(phy_small_decode(&r, llr, e, k, qm));
			assert_int_equal(r.msg, msg);
			assert_int_equal(r.metric, r.total);
		}
	}
	assert_false(phy_small_encode(bits, 32, 12, 2, 0));
	assert_false(phy_small_encode(bits, 32, 0, 2, 0));
	assert_false(phy_small_decode(&r, llr, 32, 3, 5));
}

static void test_tables(void **state)
{
	static const uint8_t one_16qam[] = { 1, PHY_BIT_Y, PHY_BIT_X, PHY_BIT_X };
	static const uint8_t two_16qam[] = { 1, 0, 2, 2, 1, 1, 2, 2, 0, 1, 2, 2 };
	static const uint8_t two_qpsk[] = { 1, 0, 1, 1, 0, 1 };
	uint8_t bits[12];

	assert_true(phy_small_encode(bits, 4, 1, 4, 1));
	assert_memory_equal(bits, one_16qam, 4);
	assert_true(phy_small_encode(bits, 12, 2, 4, 1));
	assert_memory_equal(bits, two_16qam, 12);
	assert_true(phy_small_encode(bits, 6, 2, 2, 1));
	assert_memory_equal(bits, two_qpsk, 6);
}

/* Under heavy noise the metric found is the largest over all words. */
static void test_most_likely(void **state)
{
	uint8_t bits[48];
	int8_t llr[48];
	struct phy_small_result r;

	for (unsigned t = 0; t < 300; t++) {
		unsigned k = 1 + t % PHY_SMALL_MAX;
		int32_t best = INT32_MIN;

		for (size_t i = 0; i < 48; i++)
			llr[i] = clip(20 + noise(60));
		assert_true(phy_small_decode(&r, llr, 48, k, 2));
		for (uint32_t msg = 0; msg < 1u << k; msg++) {
			int32_t metric = 0;

			(void)phy_small_encode(bits, 48, k, 2, msg);
			for (size_t i = 0; i < 48; i++)
				metric += bits[i] > 1 ? 0 : bits[i] ? -llr[i] : llr[i];
			best = metric > best ? metric : best;
			assert_true(msg != r.msg || metric == r.metric);
		}
		assert_int_equal(best, r.metric);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_most_likely),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

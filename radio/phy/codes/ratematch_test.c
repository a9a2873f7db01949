#include "radio/phy/phy_test.h"
#include "radio/phy/codes/bits.h"
#include "radio/phy/codes/ratematch.h"

/* 5.4.2.1 and 5.4.2.2 as they stand in the clauses: place[i] is the bit of d that f(i) is. */
static void from_the_clause(
	const struct segmentation *s, uint32_t n_cb, unsigned rv, unsigned q_m, uint32_t e, uint32_t *place)
{
	static const unsigned bg1[] = { 0, 17, 33, 56 }, bg2[] = { 0, 13, 25, 43 };
	static uint32_t chosen[RATE_MATCH_E_MAX];
	uint32_t k0 = s->bg == LDPC_BG1 ? bg1[rv] * n_cb / (66u * s->z) * s->z
					: bg2[rv] * n_cb / (50u * s->z) * s->z;
	uint32_t k = 0;

	for (uint32_t j = 0; k < e; j++) {
		uint32_t at = (k0 + j) % n_cb;

		if (at < s->k_prime - 2u * s->z || at >= s->k - 2u * s->z)
			chosen[k++] = at;
	}
	for (uint32_t j = 0; j < e / q_m; j++) {
		for (uint32_t i = 0; i < q_m; i++)
			place[i + j * q_m] = chosen[i * (e / q_m) + j];
	}
}

static bool random_case(struct segmentation *s, struct rate_match *m, unsigned *rv)
{
	static const uint8_t q[] = { 1, 2, 4, 6, 8, 10 };
	enum ldpc_bg bg = (enum ldpc_bg)pick(1, 2);
	unsigned q_m = q[pick(0, 5)];
	uint32_t e;

	if (!segment_init(s, bg, pick(3, 1000) * 8))
		return false;
	e = pick(s->k_prime / q_m, pick(0, 9) ? s->n / q_m : 2 * s->n / q_m) * q_m;
	*rv = pick(0, 3);
	return rate_match_init(
		m, s, pick(0, 1) ? 0 : s->n * 2 / 3 * pick(50, 120) / 100 * s->blocks, *rv, q_m, e);
}

static void test_against_clause(void **state)
{
	static struct rate_match_work w;
	static uint32_t place[RATE_MATCH_E_MAX];
	static uint8_t d[LDPC_N_MAX / 8], f[RATE_MATCH_E_MAX / 8];
	static int8_t llrs[RATE_MATCH_E_MAX], soft[LDPC_N_MAX];
	static int want[LDPC_N_MAX];
	unsigned cases = 0;
	struct kern k;

	kern_init(&k, KERN_LEVELS - 1);
	for (unsigned n = 0; n < 300; n++) {
		struct segmentation s;
		struct rate_match m;
		unsigned rv;

		if (!random_case(&s, &m, &rv))
			continue;
		cases++;
		from_the_clause(&s, m.n_cb, rv, m.q_m, m.e, place);
		for (size_t i = 0; i < sizeof(d); i++)
			d[i] = (uint8_t)pick(0, 255);
		memset(f, 0xee, sizeof(f));
		rate_match(&k, &w, &m, d, f);
		memset(want, 0, sizeof(want));
		memset(soft, 0, sizeof(soft));
		for (uint32_t i = 0; i < m.e; i++) {
			assert_int_equal(bits_get(f, i), bits_get(d, place[i]));
			assert_true(
				place[i] < (s.bg == LDPC_BG1 ? 20 : 8) * s.z + rate_match_rows(&m, &s) * s.z);
			llrs[i] = (int8_t)(bits_get(f, i) ? -20 : 20);
			want[place[i]] += llrs[i];
		}
		rate_dematch(&k, &w, &m, llrs, soft);
		for (uint32_t i = 0; i < LDPC_N_MAX; i++)
			assert_int_equal(soft[i], want[i] > 127 ? 127 : want[i] < -128 ? -128 : want[i]);
	}
	assert_true(cases > 200);
}

/* 5.4.2.1: the parts add up to G, and differ by one symbol of all layers at most. */
static void test_shares(void **state)
{
	for (unsigned c = 1; c < 40; c++) {
		for (unsigned layers = 1; layers <= 4; layers++) {
			uint32_t g = pick(c, 5000) * layers * 6;
			uint32_t sum = 0;

			for (unsigned r = 0; r < c; r++)
				sum += rate_match_e(g, layers, 6, c, r);
			assert_int_equal(sum, g);
			assert_true(rate_match_e(g, layers, 6, c, c - 1) - rate_match_e(g, layers, 6, c, 0) <=
				    6 * layers);
		}
	}
}

static void test_refused(void **state)
{
	struct segmentation s;
	struct rate_match m;

	assert_true(segment_init(&s, LDPC_BG1, 8424));
	assert_true(rate_match_init(&m, &s, 0, 3, 8, 9600));
	assert_int_equal(m.k0, 56 * 384);
	assert_false(rate_match_init(&m, &s, 0, 4, 8, 9600));
	assert_false(rate_match_init(&m, &s, 0, 0, 3, 9600));
	assert_false(rate_match_init(&m, &s, 0, 0, 12, 9600));
	assert_false(rate_match_init(&m, &s, 0, 0, 0, 9600));
	assert_false(rate_match_init(&m, &s, 0, 0, 8, 0));
	assert_false(rate_match_init(&m, &s, 0, 0, 8, 9601));
	assert_false(rate_match_init(&m, &s, 0, 0, 2, RATE_MATCH_E_MAX + 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_against_clause),
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

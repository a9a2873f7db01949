/* Bursts against the algorithms one packet at a time: any mix of keys, algorithms and lengths. */
#include "base/test.h"

#include "crypto/burst.h"

enum { LEN_MAX = 1600, KEYS = 12, ROUNDS = 300 };

static uint64_t seed = 1;

static uint32_t chance(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((seed >> 33) % below);
}

static void random_octets(uint8_t *at, size_t len)
{
	for (size_t i = 0; i < len; i++)
		at[i] = (uint8_t)chance(256);
}

static void compare(struct burst *b, const struct burst_keys *keys)
{
	static uint8_t packets[BURST_MAX][BURST_ROOM + LEN_MAX], expected[BURST_MAX][LEN_MAX];
	struct burst_job jobs[BURST_MAX];
	uint8_t macs[BURST_MAX][NIA_MAC_LEN];
	size_t n = 1 + chance(BURST_MAX);

	for (size_t i = 0; i < n; i++) {
		struct burst_job *j = &jobs[i];

		*j = (struct burst_job){ .keys = &keys[chance(KEYS)],
			.count = chance(UINT32_MAX),
			.bearer = (uint8_t)chance(32),
			.direction = (uint8_t)chance(2),
			.data = packets[i] + BURST_ROOM,
			.len = chance(4) ? 1 + chance(80) : 1 + chance(LEN_MAX) };
		random_octets(j->data, j->len);
		memcpy(expected[i], j->data, j->len);
		assert_true(nia_mac(j->keys->ia, j->keys->k_int, j->count, j->bearer, j->direction,
			expected[i], j->len * 8, macs[i]));
		assert_true(nea_crypt(j->keys->ea, j->keys->k_enc, j->count, j->bearer, j->direction,
			expected[i], j->len * 8));
	}
	burst_mac(b, jobs, n);
	burst_crypt(b, jobs, n);
	for (size_t i = 0; i < n; i++) {
		assert_memory_equal(jobs[i].mac, macs[i], NIA_MAC_LEN);
		assert_memory_equal(jobs[i].data, expected[i], jobs[i].len);
	}
	burst_crypt(b, jobs, n);
	burst_mac(b, jobs, n);
	for (size_t i = 0; i < n; i++)
		assert_memory_equal(jobs[i].mac, macs[i], NIA_MAC_LEN);
}

static void against_single_packets(bool portable)
{
	struct burst *b = burst_new(portable);
	static struct burst_keys keys[KEYS];
	uint8_t k[2][16];

	assert_non_null(b);
	for (size_t i = 0; i < KEYS; i++) {
		random_octets(k[0], sizeof(k));
		assert_true(burst_keys_make(
			b, &keys[i], (enum nea_alg)(i % 4), k[0], (enum nia_alg)(i / 3 % 4), k[1]));
	}
	assert_false(burst_keys_make(b, &(struct burst_keys){ 0 }, NEA_ALG_COUNT, k[0], NIA0, k[1]));
	for (int i = 0; i < ROUNDS; i++)
		compare(b, keys);
	burst_free(b);
}

static void test_fast(void **state)
{
	against_single_packets(false);
}

static void test_portable(void **state)
{
	against_single_packets(true);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_fast), cmocka_unit_test(test_portable) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

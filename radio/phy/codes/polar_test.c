/* The polar code against a slow version that follows 38.212 word by word, round trips, and what lists gain.
 * --bench times decoding.
 */
#include "base/test.h"

#include <math.h>
#include <time.h>

#include "radio/phy/codes/polar.h"
#include "radio/phy/codes/tables.h"

static struct phy_polar code;
static struct phy_polar_decoder dec;
static struct kern kern;
static uint64_t seed = 1;

static uint32_t number(void)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33);
}

static double normal(void)
{
	double a = (number() + 1.0) / 2147483649.0, b = number() / 2147483648.0;

	return sqrt(-2 * log(a)) * cos(2 * M_PI * b);
}

/* Which u carry what: 0 frozen, 1 information, 2 parity; and N. */
static int slow_construct(int uplink, int K, int E, int *kind)
{
	int L = (int)ceil(log2(E)), n1 = L, n2 = (int)ceil(log2(8.0 * K)), n_max = uplink ? 10 : 9;
	int npc = uplink && K >= 18 && K <= 25 ? 3 : 0, wm = npc && E - K + 3 > 192, N, got = 0, q[1024],
	    f[1024] = { 0 };

	if (E <= 9.0 / 8 * pow(2, L - 1) && (double)K / E < 9.0 / 16)
		n1 = L - 1;
	N = 1 << (int)fmax(fmin(fmin(n1, n2), n_max), 5);
	if (E < N && K <= 7.0 / 16 * E) {
		for (int n = 0; n < N - E; n++)
			f[phy_polar_subblock_interleaver_32[32 * n / N] * N / 32 + n % (N / 32)] = 1;
		for (int n = 0; n < (E >= 0.75 * N ? ceil(0.75 * N - E / 2.0) : ceil(9.0 * N / 16 - E / 4.0));
			n++)
			f[n] = 1;
	} else if (E < N) {
		for (int n = E; n < N; n++)
			f[phy_polar_subblock_interleaver_32[32 * n / N] * N / 32 + n % (N / 32)] = 1;
	}
	memset(kind, 0, N * sizeof(*kind));
	for (int i = 1023; i >= 0 && got < K + npc; i--)
		if (phy_polar_sequence_1024[i] < N && !f[phy_polar_sequence_1024[i]])
			kind[q[got++] = phy_polar_sequence_1024[i]] = 1; /* q: most reliable first */
	for (int i = 0; i < npc - wm; i++)
		kind[q[got - 1 - i]] = 2;
	if (wm) {
		int best = 0;

		for (int i = 1; i < K; i++)
			if (__builtin_popcount(q[i]) < __builtin_popcount(q[best]))
				best = i;
		kind[q[best]] = 2;
	}
	return N;
}

static void slow_encode(int uplink, int K, int E, const uint8_t *c, uint8_t *f)
{
	static int kind[1024], u[1024], d[1024], y[1024], v[200][200];
	int N = slow_construct(uplink, K, E, kind), k = 0, reg[5] = { 0 }, T = 0;
	uint8_t cp[1024], e[8192];

	if (uplink)
		memcpy(cp, c, K);
	for (int m = 0; m < 164 && !uplink; m++)
		if (phy_polar_input_interleaver_164[m] >= 164 - K)
			cp[k++] = c[phy_polar_input_interleaver_164[m] - (164 - K)];
	k = 0;
	for (int n = 0; n < N; n++) {
		int first = reg[0];

		for (int i = 0; i < 4; i++)
			reg[i] = reg[i + 1];
		reg[4] = first;
		u[n] = kind[n] == 2 ? reg[0] : kind[n] == 1 ? cp[k++] : 0;
		reg[0] ^= kind[n] == 1 ? u[n] : 0;
	}
	for (int j = 0; j < N; j++) { /* G(i, j) of the Kronecker power is 1 where j is a subset of i */
		d[j] = 0;
		for (int i = 0; i < N; i++)
			d[j] ^= (i & j) == j ? u[i] : 0;
	}
	for (int n = 0; n < N; n++)
		y[n] = d[phy_polar_subblock_interleaver_32[32 * n / N] * N / 32 + n % (N / 32)];
	for (k = 0; k < E; k++)
		e[k] = (uint8_t)(E >= N ? y[k % N] : K <= 7.0 / 16 * E ? y[k + N - E] : y[k]);
	if (!uplink) {
		memcpy(f, e, E);
		return;
	}
	while (T * (T + 1) / 2 < E)
		T++;
	k = 0;
	for (int i = 0; i < T; i++)
		for (int j = 0; j < T - i; j++, k++)
			v[i][j] = k < E ? e[k] : -1;
	k = 0;
	for (int j = 0; j < T; j++)
		for (int i = 0; i < T - j; i++)
			if (v[i][j] >= 0)
				f[k++] = (uint8_t)v[i][j];
}

/* One code: equals the slow version, and comes back from clean and from weak LLRs with every list. */
static void one_code(enum phy_polar_use use, unsigned k, unsigned e)
{
	uint8_t in[1024], out[1024], f[8192], want[8192];
	int8_t llr[8192];

	if (!phy_polar_init(&code, use, k, e))
		fail_msg("use %u k %u e %u", use, k, e);
	for (unsigned i = 0; i < k; i++)
		in[i] = number() & 1;
	phy_polar_encode(&code, f, in);
	slow_encode(use == PHY_POLAR_UPLINK, (int)k, (int)e, in, want);
	assert_memory_equal(f, want, e);
	for (unsigned i = 0; i < e; i++)
		llr[i] = (int8_t)((f[i] ? -1 : 1) * (int)(1 + number() % 127));
	for (unsigned list = 1; list <= 8; list = list < 2 ? 2 : list * 2) {
		memset(out, 7, sizeof(out));
		assert_true(phy_polar_decode(&dec, &code, &kern, out, llr, list, NULL, NULL, NULL));
		if (memcmp(in, out, k) != 0)
			fail_msg("use %u k %u e %u list %u", use, k, e, list);
	}
}

static void test_codes(void **state)
{
	for (unsigned t = 0; t < 400; t++) {
		unsigned k = 36 + number() % 129, e = 54 * (1u << number() % 6) * (1 + number() % 2);

		one_code(PHY_POLAR_DOWNLINK, k, e < k + 4 ? 432 : e);
		k = 18 + number() % (t % 2 ? 8 : 500);
		e = k + 3 + number() % (t % 3 ? 2 * k + 200 : 8192 - k - 3);
		one_code(PHY_POLAR_UPLINK, k, e);
	}
	one_code(PHY_POLAR_DOWNLINK, 56, 864); /* PBCH */
	one_code(PHY_POLAR_UPLINK, 1023, 8192);
	one_code(PHY_POLAR_UPLINK, 1023, 1088);
}

static void test_limits(void **state)
{
	assert_false(phy_polar_init(&code, PHY_POLAR_DOWNLINK, 165, 1000));
	assert_false(phy_polar_init(&code, PHY_POLAR_DOWNLINK, 0, 100));
	assert_false(phy_polar_init(&code, PHY_POLAR_DOWNLINK, 100, 99));
	assert_false(phy_polar_init(&code, PHY_POLAR_UPLINK, 20, 8193));
	assert_false(phy_polar_init(&code, PHY_POLAR_UPLINK, 20, 20)); /* no room for parity */
	assert_false(phy_polar_init(&code, PHY_POLAR_UPLINK, 1025, 8192));
	assert_false(phy_polar_init(&code, PHY_POLAR_DOWNLINK, 1, 1));
}

/* CRC24C bit by bit, as DCI uses it: after 24 ones, an RNTI on the last 16. */
static uint32_t crc24c(const uint8_t *bits, unsigned n)
{
	uint32_t reg = 0;

	for (unsigned i = 0; i < n + 24; i++) {
		unsigned in = i < 24 ? 1 : bits[i - 24];

		reg = (reg << 1 & 0xffffff) ^ ((reg >> 23 ^ in) & 1 ? 0xb2b117 : 0);
	}
	return reg;
}

static bool accept_dci(const void *arg, const uint8_t *bits, unsigned k)
{
	uint32_t crc = crc24c(bits, k - 24) ^ *(const uint16_t *)arg;

	for (unsigned i = 0; i < 24; i++)
		if (bits[k - 24 + i] != (crc >> (23 - i) & 1))
			return false;
	return true;
}

/* Blocks of 1000 that are lost with DCI of 40 bits in 108, QPSK at es_n0_db; false alarms fail. */
static unsigned losses(double es_n0_db, unsigned list, bool crc)
{
	const uint16_t rnti = 0x4601;
	double sigma = sqrt(pow(10, -es_n0_db / 10) / 2), scale = 4 / (sigma * sigma) / sqrt(2);
	uint8_t in[64], out[64], f[108];
	int8_t llr[108];
	unsigned lost = 0;

	assert_true(phy_polar_init(&code, PHY_POLAR_DOWNLINK, 64, 108));
	for (unsigned t = 0; t < 1000; t++) {
		for (unsigned i = 0; i < 64; i++)
			in[i] = number() & 1;
		for (unsigned i = 0; i < 24; i++)
			in[40 + i] = (crc24c(in, 40) ^ rnti) >> (23 - i) & 1;
		phy_polar_encode(&code, f, in);
		for (unsigned i = 0; i < 108; i++) {
			double v = scale * ((f[i] ? -1 : 1) / sqrt(2) + sigma * normal());

			llr[i] = (int8_t)fmax(-127, fmin(127, rint(v)));
		}
		if (!phy_polar_decode(
			    &dec, &code, &kern, out, llr, list, crc ? accept_dci : NULL, &rnti, NULL) ||
			memcmp(in, out, 64) != 0)
			lost++;
	}
	return lost;
}

static void test_noise(void **state)
{
	unsigned one = losses(3, 1, true), two = losses(3, 2, true), eight = losses(3, 8, true);
	unsigned blind = losses(3, 8, false);

	print_message("K=64 E=108 QPSK Es/N0 3 dB, lost of 1000: list 1 %u, 2 %u, 8 %u, 8 without CRC %u\n",
		one, two, eight, blind);
	assert_true(two < one && eight < two && eight < blind);
	assert_true(losses(6, 8, true) <= 1);
	assert_true(losses(6, 1, true) <= 30);
}

/* Noise alone: the CRC lets nothing through. */
static void test_silence(void **state)
{
	const uint16_t rnti = 1;
	uint8_t out[64];
	int8_t llr[432];

	assert_true(phy_polar_init(&code, PHY_POLAR_DOWNLINK, 64, 432));
	for (unsigned t = 0; t < 300; t++) {
		for (unsigned i = 0; i < 432; i++)
			llr[i] = (int8_t)number(); /* -128 too */
		assert_false(phy_polar_decode(&dec, &code, &kern, out, llr, 8, accept_dci, &rnti, NULL));
	}
}

/* All levels of kernels decode the same, with any list. */
static void test_levels(void **state)
{
	struct kern ref, other;
	uint8_t a[300], b[300];
	int8_t llr[900];

	kern_init(&ref, KERN_REFERENCE);
	for (unsigned t = 0; t < 100; t++) {
		unsigned k = t % 2 ? 300 : 20, list = 1 + t % 8;
		int32_t ma, mb;

		assert_true(phy_polar_init(&code, PHY_POLAR_UPLINK, k, 900)); /* 20 has parity bits */
		for (unsigned i = 0; i < 900; i++)
			llr[i] = (int8_t)number();
		phy_polar_decode(&dec, &code, &ref, a, llr, list, NULL, NULL, &ma);
		for (enum kern_level level = KERN_AVX2; level < KERN_LEVELS; level++) {
			kern_init(&other, level);
			phy_polar_decode(&dec, &code, &other, b, llr, list, NULL, NULL, &mb);
			assert_memory_equal(a, b, k);
			assert_int_equal(ma, mb);
		}
	}
}

/* Microseconds to decode k bits in 432, the best of many, at each level of kernels and list. */
static void bench(void)
{
	static const unsigned ks[] = { 64, 88 };

	printf("%-10s %6s", "level", "k");
	for (unsigned list = 1; list <= 8; list *= 2)
		printf("   list %u", list);
	printf("   us a block in 432 bits\n");
	for (enum kern_level level = KERN_REFERENCE; level < KERN_LEVELS; level++) {
		kern_init(&kern, level);
		for (size_t t = 0; t < ARRAY_LEN(ks); t++) {
			uint8_t in[432], f[432];
			int8_t llr[16][432];

			if (!phy_polar_init(&code, PHY_POLAR_DOWNLINK, ks[t], 432))
				fail();
			for (unsigned b = 0; b < 16; b++) {
				for (unsigned i = 0; i < ks[t]; i++)
					in[i] = number() & 1;
				phy_polar_encode(&code, f, in);
				for (unsigned i = 0; i < 432; i++)
					llr[b][i] = (int8_t)fmax(
						-127, fmin(127, rint((f[i] ? -8 : 8) + 6 * normal())));
			}
			printf("%-10s %6u", kern_level_name(level), ks[t]);
			for (unsigned list = 1; list <= 8; list *= 2) {
				double best = INFINITY;

				for (unsigned again = 0; again < 40; again++) {
					clock_t start = clock();

					for (unsigned b = 0; b < 64; b++)
						phy_polar_decode(&dec, &code, &kern, in, llr[b % 16], list,
							NULL, NULL, NULL);
					best = fmin(
						best, (double)(clock() - start) * 1e6 / CLOCKS_PER_SEC / 64);
				}
				printf(" %8.2f", best);
			}
			printf("\n");
		}
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_silence),
		cmocka_unit_test(test_levels),
	};

	if (argc > 1 && strcmp(argv[1], "--bench") == 0) {
		bench();
		return 0;
	}
	kern_init(&kern, KERN_LEVELS - 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * UCI: every payload is what the clauses make of it, by an implementation of their text with long division
 * for the CRC and the matrix for the polar code; it comes back from noisy LLRs; and noise alone is taken for
 * UCI as rarely as promised.
 */
#include "radio/phy/phy_test.h"

#include "radio/phy/codes/tables.h"
#include "radio/phy/codes/uci.h"

static struct kern kern;
static struct phy_uci_codec *codec;
static uint8_t bits[PHY_UCI_BITS_MAX], again[PHY_UCI_BITS_MAX], out[PHY_UCI_POLAR_E_MAX],
	plain[PHY_UCI_POLAR_E_MAX];
static int8_t llr[PHY_UCI_POLAR_E_MAX];

/* 5.1 by division of polynomials: x^6 + x^5 + 1, x^11 + x^10 + x^9 + x^5 + 1. */
static void divide(uint8_t *block, unsigned n, unsigned l)
{
	static const uint8_t six[] = { 1, 1, 0, 0, 0, 0, 1 },
			     eleven[] = { 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1 };
	const uint8_t *g = l == 6 ? six : eleven;
	uint8_t rest[1024 + 11] = { 0 };

	memcpy(rest, block, n);
	for (unsigned i = 0; i < n; i++) {
		if (!rest[i])
			continue;
		for (unsigned j = 0; j <= l; j++)
			rest[i + j] ^= g[j];
	}
	memcpy(block + n, rest + n, l);
}

static unsigned j_of(unsigned n, unsigned len)
{
	return phy_polar_subblock_interleaver_32[32 * n / len] * (len / 32) + n % (len / 32);
}

/* 5.3.1.2 and 5.4.1.1: the sets Q_I (ascending reliability) and Q_PC. */
static unsigned choose(unsigned k, unsigned e, unsigned len, unsigned n_pc, bool wm, uint8_t kind[1024])
{
	uint8_t lost[1024] = { 0 };
	unsigned order[1024], n = 0, first, best = 0, best_weight = 99;

	if (e < len && 16.0 * k / e <= 7) {
		unsigned t = (unsigned)(4 * e >= 3 * len ? ceil(3 * len / 4.0 - e / 2.0)
							 : ceil(9 * len / 16.0 - e / 4.0));

		for (unsigned i = 0; i < len - e; i++)
			lost[j_of(i, len)] = 1;
		for (unsigned i = 0; i < t; i++)
			lost[i] = 1;
	} else {
		for (unsigned i = e; i < len; i++)
			lost[j_of(i, len)] = 1;
	}
	for (unsigned i = 0; i < 1024; i++) {
		unsigned q = phy_polar_sequence_1024[i];

		if (q < len && !lost[q])
			order[n++] = q;
	}
	memset(kind, 0, 1024);
	first = n - k - n_pc;
	for (unsigned i = first; i < n; i++)
		kind[order[i]] = 1;
	for (unsigned i = 0; i < n_pc - (wm ? 1 : 0) && n_pc; i++)
		kind[order[first + i]] = 2;
	for (unsigned i = n; wm && i-- > first + n_pc;) { /* the most reliable of those of least weight */
		unsigned weight = (unsigned)__builtin_popcount(order[i]);

		if (weight < best_weight) {
			best_weight = weight;
			best = order[i];
		}
	}
	if (wm)
		kind[best] = 2;
	return n;
}

/* 5.3.1 and 5.4.1 of a block of k bits. */
static void polar(const uint8_t *c, unsigned k, unsigned e, uint8_t *f)
{
	unsigned n1 = (unsigned)ceil(log2(e)), n2 = (unsigned)ceil(log2(8.0 * k)), n, len, t = 0, at = 0;
	unsigned n_pc = k <= 25 ? 3 : 0, y[5] = { 0 };
	uint8_t kind[1024], u[1024], d[1024], sent[PHY_POLAR_E_MAX];

	if (e <= 9.0 / 8 * pow(2, n1 - 1.0) && (double)k / e < 9.0 / 16)
		n1--;
	n = (unsigned)fmax(fmin(fmin(n1, n2), 10), 5);
	len = 1u << n;
	choose(k, e, len, n_pc, n_pc && e - k + 3 > 192, kind);
	for (unsigned i = 0; i < len; i++) {
		unsigned y0 = y[0];

		for (unsigned j = 0; j < 4; j++)
			y[j] = y[j + 1];
		y[4] = y0;
		u[i] = kind[i] == 0 ? 0 : kind[i] == 2 ? (uint8_t)y[0] : c[at++];
		if (kind[i] == 1)
			y[0] ^= u[i];
	}
	for (unsigned i = 0; i < len; i++) { /* the matrix has a one in row r, column i if i is a part of r */
		d[i] = 0;
		for (unsigned r = i; r < len; r++)
			d[i] ^= (r & i) == i ? u[r] : 0;
	}
	for (unsigned i = 0; i < e; i++)
		sent[i] = d[j_of(e >= len ? i % len : 16.0 * k / e <= 7 ? i + len - e : i, len)];
	while (t * (t + 1) / 2 < e)
		t++;
	at = 0;
	for (unsigned column = 0; column < t; column++) {
		for (unsigned row = 0, start = 0; row < t - column; start += t - row++) {
			if (start + column < e)
				f[at++] = sent[start + column];
		}
	}
}

static void naive(const uint8_t *in, unsigned a, unsigned e, uint8_t *f)
{
	unsigned c = (a >= 360 && e >= 1088) || a >= 1013 ? 2 : 1, l = a <= 19 ? 6 : 11;
	unsigned a_r = (a + c - 1) / c, at = 0;
	uint8_t block[1024];

	for (unsigned r = 0; r < c; r++) {
		for (unsigned i = 0; i < a_r; i++)
			block[i] = r == 0 && i < c * a_r - a ? 0 : in[at++];
		divide(block, a_r, l);
		polar(block, a_r + l, e / c, f + r * (e / c));
	}
	if (e % c)
		f[e - 1] = 0;
}

static void draw_bits(unsigned a)
{
	for (unsigned i = 0; i < a; i++)
		bits[i] = draw() & 1;
}

static void make_llrs(unsigned e, double amplitude)
{
	for (unsigned i = 0; i < e; i++) {
		double v = 4 * gaussian() + (out[i] > 1 ? 0 : out[i] ? -amplitude : amplitude);

		llr[i] = (int8_t)lrint(fmax(-127, fmin(127, v)));
	}
}

static void test_round_trip(void **state)
{
	static const unsigned q_ms[] = { 1, 2, 4, 6, 8 };

	for (unsigned a = 1; a <= PHY_UCI_BITS_MAX; a += a < 400 || a > 1000 ? 1 + a / 20 : 41) {
		unsigned q_m = q_ms[draw() % 5], e;
		struct phy_uci_result r;
		struct phy_uci u;

		for (unsigned turn = 0; turn < (a < 60 ? 8 : 2); turn++) {
			e = (unsigned)(a < 12 ? 24 + 12 * a : 2 * a + 40) +
			    (unsigned)(draw() % (3 * a + 200));
			if (turn == 0 && a >= 360)
				e = 1086 + (unsigned)(draw() % 5) + (a > 500 ? 1500 : 0);
			draw_bits(a);
			assert_int_equal(phy_uci_init(&u, a, e, q_m), PHY_UCI_OK);
			phy_uci_encode(codec, &u, bits, out);
			if (a >= 12) {
				naive(bits, a, e, plain);
				assert_memory_equal(out, plain, e);
			}
			make_llrs(e, 18);
			r = phy_uci_decode(codec, &kern, &u, llr, again);
			assert_true(r.ok && r.crc_ok);
			assert_memory_equal(again, bits, a);
		}
	}
}

/* All that is taken can be coded, down to the fewest bits; what is not has a name. */
static void test_refusals(void **state)
{
	struct phy_uci u;

	for (unsigned a = 1; a <= PHY_UCI_BITS_MAX; a += 1 + a / 16) {
		unsigned e = a, l = a < 12 ? 0 : a < 20 ? 6 : 11;

		assert_int_equal(phy_uci_init(&u, a, a - 1, 2), PHY_UCI_ROOM);
		while (phy_uci_init(&u, a, e, 2) == PHY_UCI_ROOM)
			e++;
		assert_true(e >= a + l && e <= a + 2 * l + 3);
		for (unsigned end = e + 6; e < end; e++) {
			assert_int_equal(phy_uci_init(&u, a, e, 2), PHY_UCI_OK);
			draw_bits(a);
			phy_uci_encode(codec, &u, bits, out);
			if (a >= 12) {
				naive(bits, a, e, plain);
				assert_memory_equal(out, plain, e);
			}
		}
	}
	assert_int_equal(phy_uci_init(&u, 0, 100, 2), PHY_UCI_BITS);
	assert_int_equal(phy_uci_init(&u, 1707, 9000, 2), PHY_UCI_BITS);
	assert_int_equal(phy_uci_init(&u, 5, 100, 3), PHY_UCI_MODULATION);
	assert_int_equal(phy_uci_init(&u, 12, 8193, 2), PHY_UCI_TOO_LONG);
	assert_int_equal(phy_uci_init(&u, 400, 16384, 2), PHY_UCI_OK);
	assert_int_equal(phy_uci_init(&u, 400, 16386, 2), PHY_UCI_TOO_LONG);
	assert_int_equal(phy_uci_init(&u, 3, PHY_UCI_SMALL_E_MAX + 1, 2), PHY_UCI_TOO_LONG);
	for (enum phy_uci_error i = PHY_UCI_OK; i < PHY_UCI_ERRORS; i++)
		assert_true(strlen(phy_uci_error_text(i)) > 1);
	assert_string_equal(phy_uci_error_text(PHY_UCI_ERRORS), "?");
}

/*
 * Of noise at most one in a hundred is taken, of any sizes (one of three LLRs is loud); and not much less, or
 * UCI would be lost for nothing.
 */
static void test_silence(void **state)
{
	static const struct {
		unsigned a, e;
		double least; /* share of it, at least */
	} cases[] = { { 1, 480, 0.003 }, { 2, 480, 0.003 }, { 4, 640, 0.003 }, { 11, 960, 0.001 },
		{ 12, 96, 0 }, { 16, 288, 0 }, { 19, 64, 0 }, { 20, 96, 0 }, { 40, 400, 0 } };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		unsigned trials = cases[i].a < 12 ? 10000 : 600, taken = 0;
		struct phy_uci u;

		assert_int_equal(phy_uci_init(&u, cases[i].a, cases[i].e, 2), PHY_UCI_OK);
		for (unsigned t = 0; t < trials; t++) {
			for (unsigned j = 0; j < cases[i].e; j++)
				llr[j] = (int8_t)fmax(-127, fmin(127, gaussian() * (j % 3 ? 6 : 30)));
			taken += phy_uci_decode(codec, &kern, &u, llr, again).ok;
		}
		print_message("%u bits in %u: %.2f %% of noise taken\n", cases[i].a, cases[i].e,
			100.0 * taken / trials);
		assert_true(taken <= trials * 0.01 + 3 * sqrt(trials * 0.01));
		assert_true(taken >= trials * cases[i].least);
	}
	memset(llr, 0, sizeof(llr)); /* silence itself */
	for (unsigned a = 1; a < 30; a++) {
		struct phy_uci u;

		assert_int_equal(phy_uci_init(&u, a, 100, 2), PHY_UCI_OK);
		assert_false(phy_uci_decode(codec, &kern, &u, llr, again).ok);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_silence),
	};
	int failed;

	kern_init(&kern, KERN_LEVELS - 1);
	codec = phy_uci_codec_new();
	failed = codec ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
	phy_uci_codec_free(codec);
	return failed;
}

/* --bench: a slot's encoding and decoding by level of SIMD. */
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "radio/phy/codes/bits.h"
#include "radio/phy/phy_test.h"
#include "radio/phy/codes/sch.h"

enum {
	G_MAX = 1600000,
	TB_OCTETS = SEGMENT_A_MAX / 8 + 1,
};

static struct phy_sch_encoder *encoder;
static struct phy_sch_decoder *decoder;
static struct kern kern;
static uint8_t tb[TB_OCTETS + 4], back[TB_OCTETS], codeword[G_MAX / 8 + 1];
static int8_t llrs[G_MAX];

static void make_tb(uint32_t a)
{
	for (size_t i = 0; i < bits_octets(a); i++)
		tb[i] = (uint8_t)draw();
}

static bool same_tb(uint32_t a)
{
	for (uint32_t i = 0; i < a; i++) {
		if (bits_get(tb, i) != bits_get(back, i))
			return false;
	}
	return true;
}

/* The codeword as LLRs of `size` with noise of the deviation; the whole of it lies from the first octet on.
 */
static void receive(uint32_t g, double size, double deviation)
{
	for (uint32_t i = 0; i < g; i++) {
		double llr = bits_get(codeword, i) ? -size : size;

		if (deviation > 0)
			llr += deviation * gaussian();
		llrs[i] = (int8_t)lrint(fmax(-127, fmin(127, llr)));
	}
}

/* Through and back without noise. */
static void round_trip(const struct phy_sch *s, bool reaches)
{
	struct phy_harq *h = phy_harq_new(s->a);
	struct phy_sch_result result;

	assert_non_null(h);
	make_tb(s->a);
	codeword[bits_octets(s->g)] = 0xee;
	assert_true(phy_sch_encode(encoder, &kern, s, tb, codeword));
	assert_int_equal(codeword[bits_octets(s->g)], 0xee);
	for (size_t i = s->g; i < 8 * bits_octets(s->g); i++)
		assert_int_equal(bits_get(codeword, i), 0);
	receive(s->g, 20, 0);
	assert_true(phy_sch_decode(decoder, &kern, s, 20, llrs, h, back, &result));
	assert_true(result.blocks_ok <= result.blocks);
	if (reaches) {
		assert_true(result.ok);
		assert_int_equal(result.blocks_ok, result.blocks);
		assert_true(same_tb(s->a));
	}
	phy_harq_free(h);
}

/* Both base graphs, sizes from the least to the largest, all modulations, layers and versions. */
static void test_round_trips(void **state)
{
	static const uint32_t sizes[] = { 24, 32, 288, 296, 1032, 3752, 3824, 3840, 3848, 8424, 8456, 25608,
		100392, 114464, 311368, 1277992 };
	static const uint8_t q[] = { 2, 4, 6, 8, 10 };
	struct segmentation seg;

	seed = 1;
	for (unsigned i = 0; i < 8 * ARRAY_LEN(sizes); i++) {
		struct phy_sch s = { .a = sizes[i / 8], .q_m = q[i % 5], .rv = i % 4 };
		uint32_t unit;

		if (s.a > 400000 && i % 8 > 1)
			continue;
		s.layers = (uint8_t)(1 + i / 2 % 4);
		s.rate_x2048 = i % 8 < 4 ? 1896 : 480;
		if (!segment_init(&seg, segment_base_graph(s.a, s.rate_x2048), s.a))
			continue; /* a size that does not go with the base graph */
		unit = s.q_m * (uint32_t)s.layers;
		s.g = ((i % 8 < 4 ? s.a + s.a / 15 + 60 : 5 * s.a + 300) / unit + 1) * unit;
		if (s.g > G_MAX)
			s.g = s.a > 1000000 ? 1362816 / unit * unit : G_MAX / unit * unit;
		/* Other versions stand alone only when they come round the whole buffer. */
		round_trip(&s, s.rv == 0 || s.g >= 5 * s.a + 200);
	}
}

/* Sizes that are no octets, and buffers limited by TBS_LBRM. */
static void test_random(void **state)
{
	static const uint8_t q[] = { 1, 2, 4, 6, 8, 10 };
	unsigned tried = 0;

	seed = 2;
	for (unsigned i = 0; i < 200; i++) {
		struct phy_sch s = { .a = pick(1, i % 8 ? 3824 : 60000), .q_m = q[pick(0, 5)] };
		struct segmentation seg;
		uint32_t unit;

		s.layers = (uint8_t)pick(1, 4);
		s.rate_x2048 = (uint16_t)pick(60, 1896);
		if (!segment_init(&seg, segment_base_graph(s.a, s.rate_x2048), s.a))
			continue;
		if (i % 2)
			s.lbrm_bits = s.a * 2;
		unit = s.q_m * (uint32_t)s.layers;
		s.g = ((uint32_t)((s.a + 48) * 2200.0 / s.rate_x2048) / unit + seg.blocks) * unit;
		round_trip(&s, true);
		tried++;
	}
	assert_true(tried > 150);
}

/* 38.212 5.1 bit by bit: the remainder of the bits by D^24 + ..., the polynomial without its leading term. */
static uint32_t remainder_24(const uint8_t *bits, size_t from, size_t n, uint32_t polynomial)
{
	uint32_t reg = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned out = reg >> 23 & 1;

		reg = (reg << 1 & 0xffffff) ^ ((out ^ bits_get(bits, from + i)) ? polynomial : 0);
	}
	return reg;
}

/* Bit i of the rate matched bits of the block whose E bits stand at `at` of the codeword: 5.4.2.2 backwards.
 */
static unsigned sent_bit(uint32_t at, uint32_t e, unsigned q_m, uint32_t i)
{
	return bits_get(codeword, at + i % (e / q_m) * q_m + i / (e / q_m));
}

/* The systematic bits of a codeword of three blocks stand where 7.2 puts them, with both CRCs. */
static void test_layout(void **state)
{
	enum { A = 24072, C = 3, Z = 384, Q_M = 6, LAYERS = 2, G = 29076 };
	struct phy_sch s = { .a = A, .g = G, .rate_x2048 = 1700, .q_m = Q_M, .layers = LAYERS };
	uint32_t k_prime = (A + 24 + C * 24) / C, payload = k_prime - 24;
	uint32_t at = 0;

	seed = 3;
	make_tb(A);
	assert_true(phy_sch_encode(encoder, &kern, &s, tb, codeword));
	for (unsigned i = 0; i < 24; i++)
		bits_set(tb, A + i, remainder_24(tb, 0, A, 0x864cfb) >> (23 - i) & 1);
	for (unsigned r = 0; r < C; r++) {
		/* 29076 / 12 = 2423 symbols of both layers = 807 + 808 + 808 */
		uint32_t e = Q_M * LAYERS * (r == 0 ? 807 : 808);
		uint32_t crc = remainder_24(tb, r * payload, payload, 0x800063);

		for (uint32_t i = 2 * Z; i < payload; i++)
			assert_int_equal(sent_bit(at, e, Q_M, i - 2 * Z), bits_get(tb, r * payload + i));
		for (uint32_t i = 0; i < 24; i++)
			assert_int_equal(sent_bit(at, e, Q_M, payload + i - 2 * Z), crc >> (23 - i) & 1);
		at += e;
	}
	assert_int_equal(at, G);
}

/* Too much noise for one transmission, but not for two; what came out the first time is not done again. */
static void test_combining(void **state)
{
	struct phy_sch s = { .a = 100392, .g = 120000, .rate_x2048 = 1700, .q_m = 6, .layers = 1 };
	struct phy_harq *h = phy_harq_new(s.a);
	struct phy_sch_result first, second;
	uint32_t e;

	seed = 4;
	make_tb(s.a);
	assert_true(phy_sch_encode(encoder, &kern, &s, tb, codeword));
	receive(s.g, 15, 10.5);
	e = rate_match_e(s.g, 1, 6, 12, 0);
	for (uint32_t i = 0; i < 3 * e; i++) /* the first three blocks arrive clean */
		llrs[i] = bits_get(codeword, i) ? -30 : 30;
	assert_true(phy_sch_decode(decoder, &kern, &s, 20, llrs, h, back, &first));
	assert_false(first.ok);
	assert_int_equal(first.blocks, 12);
	assert_in_range(first.blocks_ok, 3, 6);
	s.rv = 2;
	assert_true(phy_sch_encode(encoder, &kern, &s, tb, codeword));
	receive(s.g, 15, 10.5);
	memset(llrs, 0x55, 3 * e); /* nonsense where nothing more is wanted */
	assert_true(phy_sch_decode(decoder, &kern, &s, 20, llrs, h, back, &second));
	assert_true(second.ok);
	assert_true(same_tb(s.a));
	assert_true(second.iterations <= 20u * (12u - first.blocks_ok));
	/* All is there: nothing is left to decode. */
	assert_true(phy_sch_decode(decoder, &kern, &s, 20, llrs, h, back, &second));
	assert_true(second.ok);
	assert_int_equal(second.iterations, 0);
	/* A new block begins from nothing. */
	phy_harq_reset(h);
	s.rv = 0;
	make_tb(s.a);
	assert_true(phy_sch_encode(encoder, &kern, &s, tb, codeword));
	receive(s.g, 15, 5);
	assert_true(phy_sch_decode(decoder, &kern, &s, 20, llrs, h, back, &second));
	assert_true(second.ok);
	assert_true(same_tb(s.a));
	phy_harq_free(h);
}

/* Parts in any order, more than there are blocks too, come to what the whole does, of two noisy
 * transmissions. */
static void test_parts(void **state)
{
	struct phy_sch s = { .a = 100392, .g = 120000, .rate_x2048 = 1700, .q_m = 6, .layers = 1 };

	seed = 9;
	for (unsigned of = 2; of <= 23; of = 2 * of + 1) {
		struct phy_harq *whole = phy_harq_new(s.a), *shared = phy_harq_new(s.a);
		static uint8_t other[TB_OCTETS];

		assert_true(whole && shared);
		make_tb(s.a);
		for (unsigned sent = 0; sent < 2; sent++) {
			struct phy_sch_result one, many;

			s.rv = sent ? 2 : 0;
			assert_true(phy_sch_encode(encoder, &kern, &s, tb, codeword));
			receive(s.g, 15, 10.5);
			assert_true(phy_sch_decode(decoder, &kern, &s, 20, llrs, whole, back, &one));
			assert_true(phy_sch_begin(&s, shared));
			for (unsigned i = of; i-- > 0;) {
				const struct phy_sch_part part = { i, of };

				phy_sch_decode_part(decoder, &kern, &s, 20, llrs, shared, &part);
			}
			phy_sch_end(&kern, &s, shared, other, &many);
			assert_memory_equal(back, other, bits_octets(s.a));
			assert_int_equal(one.iterations, many.iterations);
			assert_int_equal(one.blocks_ok, many.blocks_ok);
			assert_true(one.ok == (sent > 0) && many.ok == one.ok);
		}
		assert_true(same_tb(s.a));
		phy_harq_free(whole);
		phy_harq_free(shared);
	}
}

/* One block, whose only CRC is the transport block's: the same. */
static void test_combining_one(void **state)
{
	static const uint32_t sizes[] = { 40, 1032, 3824, 8000 };

	seed = 5;
	for (unsigned i = 0; i < ARRAY_LEN(sizes); i++) {
		struct phy_sch s = { .a = sizes[i], .rate_x2048 = 1600, .q_m = 2, .layers = 1 };
		struct phy_harq *h = phy_harq_new(8424);
		struct phy_sch_result result;

		s.g = (s.a + s.a / 8 + 30) / 2 * 2;
		make_tb(s.a);
		for (unsigned n = 0; n < 4; n++) {
			s.rv = "\0\2\3\1"[n];
			assert_true(phy_sch_encode(encoder, &kern, &s, tb, codeword));
			receive(s.g, 10, 10);
			assert_true(phy_sch_decode(decoder, &kern, &s, 20, llrs, h, back, &result));
			if (n == 0)
				assert_false(result.ok);
		}
		assert_true(result.ok);
		assert_true(same_tb(s.a));
		phy_harq_free(h);
	}
}

static bool decodes(struct phy_sch s, struct phy_harq *h, unsigned iterations)
{
	struct phy_sch_result result;

	memset(codeword, 0x5a, 16);
	if (!phy_sch_encode(encoder, &kern, &s, tb, codeword)) {
		assert_int_equal(codeword[0], 0x5a);
		assert_false(phy_sch_decode(decoder, &kern, &s, iterations, llrs, h, back, &result));
		return false;
	}
	return phy_sch_decode(decoder, &kern, &s, iterations, llrs, h, back, &result);
}

static void test_refused(void **state)
{
	const struct phy_sch good = { .a = 5000, .g = 12000, .rate_x2048 = 1024, .q_m = 4, .layers = 3 };
	struct phy_harq *h = phy_harq_new(6000);
	struct phy_sch s[] = { good, good, good, good, good, good, good, good, good, good, good, good };

	s[0].a = 0;
	s[1].a = SEGMENT_A_MAX + 8;
	s[2].g = 0;
	s[3].g = 12002; /* no multiple of 12 */
	s[4].q_m = 0;
	s[5].q_m = 3;
	s[6].q_m = 12;
	s[7].layers = 0;
	s[8].layers = 5;
	s[9].rv = 4;
	s[10].rate_x2048 = 0;
	s[11].g = 240000; /* of one block, more than RATE_MATCH_E_MAX */
	for (unsigned i = 0; i < ARRAY_LEN(s); i++)
		assert_false(decodes(s[i], h, 5));
	s[0] = good;
	s[0].a = 100392; /* twelve blocks in one symbol */
	s[0].g = 12;
	assert_false(decodes(s[0], h, 5));
	assert_false(decodes(good, h, 0));
	s[0].g = 12000;
	s[0].a = 6008; /* above what the buffer takes */
	assert_false(decodes(s[0], h, 5));
	assert_true(decodes(good, h, 5));
	s[0].a = 5008; /* another block before a reset */
	assert_false(decodes(s[0], h, 5));
	phy_harq_reset(h);
	assert_true(decodes(s[0], h, 5));
	phy_harq_free(h);
	assert_null(phy_harq_new(0));
	assert_null(phy_harq_new(SEGMENT_A_MAX + 1));
}

/* Whatever a configuration holds, it is taken by both or by neither, and nothing is written past its ends. */
static void test_any(void **state)
{
	unsigned taken = 0;

	seed = 6;
	for (unsigned i = 0; i < 3000; i++) {
		struct phy_sch s = { .a = pick(0, 1u << pick(1, 17)),
			.lbrm_bits = (uint32_t)draw() >> pick(0, 31) };
		struct phy_harq *h = phy_harq_new(1 << 17);
		bool ok;

		s.q_m = (uint8_t)pick(0, 11);
		s.layers = (uint8_t)pick(0, 5);
		s.g = pick(0, 1u << pick(1, 18));
		if (i % 4)
			s.g -= s.q_m && s.layers ? s.g % (s.q_m * s.layers) : 0;
		s.rate_x2048 = (uint16_t)pick(0, 2100);
		s.rv = (uint8_t)pick(0, 4);
		for (uint32_t j = 0; j < s.g; j += 1 + j / 64)
			llrs[j] = (int8_t)draw();
		ok = phy_sch_encode(encoder, &kern, &s, tb, codeword);
		assert_int_equal(decodes(s, h, 2), ok);
		taken += ok;
		phy_harq_free(h);
	}
	assert_in_range(taken, 100, 2900);
}

static double seconds(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

/* The best of several runs of a slot of 273 PRBs, 12 symbols, 256QAM, one layer. */
static void bench(void)
{
	struct phy_sch s = { .a = 295176, .g = 273 * 12 * 12 * 8, .rate_x2048 = 1896, .q_m = 8, .layers = 1 };
	struct phy_harq *h = phy_harq_new(s.a);
	struct phy_sch_result result = { 0 };

	make_tb(s.a);
	for (enum kern_level level = KERN_REFERENCE; level < KERN_LEVELS; level++) {
		double encode = 1, decode = 1;

		kern_init(&kern, level);
		seed = 7;
		for (unsigned i = 0; i < (level ? 200 : 5); i++) {
			double start = seconds();

			phy_sch_encode(encoder, &kern, &s, tb, codeword);
			encode = fmin(encode, seconds() - start);
		}
		receive(s.g, 28, 9.5);
		for (unsigned i = 0; i < (level ? 50 : 2); i++) {
			double start = seconds();

			phy_harq_reset(h);
			phy_sch_decode(decoder, &kern, &s, 10, llrs, h, back, &result);
			decode = fmin(decode, seconds() - start);
		}
		printf("%s, %u bits in %u: encoded in %.1f us (%.2f Gb/s), decoded in %.1f us (%.1f Mb/s), "
		       "%u of %u blocks, %.1f iterations\n",
			kern_level_name(level), s.a, s.g, encode * 1e6, s.a / encode / 1e9, decode * 1e6,
			s.a / decode / 1e6, result.blocks_ok, result.blocks,
			result.iterations / (double)result.blocks);
	}
	phy_harq_free(h);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trips),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_combining),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_combining_one),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_any),
	};
	int failed = 0;

	kern_init(&kern, KERN_LEVELS - 1);
	encoder = phy_sch_encoder_new();
	decoder = phy_sch_decoder_new();
	if (!encoder || !decoder)
		return 2;
	if (argc > 1 && strcmp(argv[1], "--bench") == 0)
		bench();
	else
		failed = cmocka_run_group_tests(tests, NULL, NULL);
	phy_sch_encoder_free(encoder);
	phy_sch_decoder_free(decoder);
	return failed;
}

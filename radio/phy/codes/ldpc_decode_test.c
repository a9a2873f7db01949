/*
 * --bench: bits a second. --full [blocks]: the SNR at which this decoder and the sum-product's lose one block
 * of ten and of a hundred, for each configuration.
 */
#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "radio/phy/phy_test.h"
#include "radio/phy/codes/bits.h"
#include "radio/phy/codes/ldpc_decode.h"
#include "radio/phy/codes/ldpc_sum_product.h"

enum {
	BLOCK_OCTETS = SEGMENT_K_MAX / 8,
	REFERENCE_ITERATIONS = 50,
	SAMPLE = 20,
};

/* Code rates at which quality is measured, the largest block of the base graph each. */
struct configuration {
	enum ldpc_bg bg;
	const char *rate;
	unsigned rows, sent;
	double snr_db; /* of a QPSK symbol: about where the sum-product loses every second block */
};

static const struct configuration configurations[] = {
	{ LDPC_BG1, "1/3", 46, 25344, -1.90 },
	{ LDPC_BG1, "1/2", 24, 16896, 0.52 },
	{ LDPC_BG1, "2/3", 13, 12672, 2.68 },
	{ LDPC_BG1, "8/9", 5, 9504, 5.80 },
	{ LDPC_BG2, "1/5", 42, 19200, -4.56 },
	{ LDPC_BG2, "1/3", 22, 11520, -1.96 },
	{ LDPC_BG2, "2/3", 7, 5760, 2.62 },
};

static struct ldpc_encoder encoder;
static struct ldpc_decoder decoder;
static struct ldpc_sum_product sum_product;
static struct ldpc_graph graph;
static uint8_t block[BLOCK_OCTETS], back[BLOCK_OCTETS], coded[LDPC_N_MAX / 8];
static float noise[LDPC_N_MAX], llrs[LDPC_N_MAX];
static int8_t soft[LDPC_N_MAX];

/* A block of k_prime bits with a CRC, filler behind, coded with `rows` rows of parity. */
static void make_block(const struct kern *k, unsigned rows, unsigned k_prime, enum crc_kind crc)
{
	memset(block, 0, sizeof(block));
	for (unsigned i = 0; i < k_prime; i++)
		bits_set(block, i, draw() & 1);
	crc_append(crc, block, k_prime - crc_length(crc));
	ldpc_encode(k, &encoder, &graph, block, rows, coded);
}

static void make_noise(unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		noise[i] = (float)gaussian();
}

/* `sent` bits over the noise, each alone on an axis with Es/N0 = snr_db of a QPSK symbol; float and 8 bits.
 */
static void receive(unsigned sent, double snr_db)
{
	double sigma2 = pow(10, -snr_db / 10); /* an axis has half the energy and half the noise */
	float sigma = (float)sqrt(sigma2), gain = (float)(2 / sigma2);

	memset(llrs, 0, sizeof(llrs));
	memset(soft, 0, sizeof(soft));
	for (unsigned i = 0; i < sent; i++) {
		llrs[i] = gain * ((bits_get(coded, i) ? -1.0f : 1.0f) + sigma * noise[i]);
		soft[i] = (int8_t)lrintf(fmaxf(-127, fminf(127, 4 * llrs[i])));
	}
}

static void send(unsigned sent, double snr_db)
{
	make_noise(sent);
	receive(sent, snr_db);
}

static struct ldpc_decode_args args_of(unsigned rows, unsigned k_prime, enum crc_kind crc)
{
	return (struct ldpc_decode_args){ &graph, (uint16_t)rows, (uint16_t)k_prime, LDPC_ITERATIONS, crc };
}

/* Every graph of two sizes of each set, with filler, in noise that it must bear; all levels give the same. */
static void test_corrects(void **state)
{
	static const uint16_t sizes[] = { 4, 384, 24, 36, 320, 15, 30, 240, 352, 13, 208, 7, 56, 2, 11, 128 };
	static uint8_t again[BLOCK_OCTETS];
	struct kern k, plain;

	kern_init(&k, KERN_LEVELS - 1);
	kern_init(&plain, KERN_REFERENCE);
	seed = 7;
	for (size_t i = 0; i < 2 * ARRAY_LEN(sizes); i++) {
		unsigned z = sizes[i / 2];
		enum crc_kind crc = z > 100 ? CRC_24B : z > 12 ? CRC_16 : CRC_NONE;
		struct ldpc_decode_result result, other;
		struct ldpc_decode_args a;
		unsigned k_prime;

		assert_true(ldpc_graph_init(&graph, i % 2 ? LDPC_BG1 : LDPC_BG2, z));
		k_prime = graph.info_cols * z - z / 2;
		a = args_of(graph.rows, k_prime, crc);
		make_block(&k, graph.rows, k_prime, crc);
		send((graph.cols - 2) * z, z > 20 ? 0 : 6);
		result = ldpc_decode(&k, &decoder, &a, soft, back);
		if (!result.ok)
			print_message("graph %u, z %u: %u iterations\n", graph.bg, z, result.iterations);
		assert_true(result.ok);
		assert_memory_equal(back, block, bits_octets(graph.info_cols * z));
		other = ldpc_decode(&plain, &decoder, &a, soft, again);
		assert_int_equal(other.iterations, result.iterations);
		assert_memory_equal(again, back, bits_octets(graph.info_cols * z));
	}
}

/* Bits of parity that only one check reaches, received for sure but wrong, do not keep the checks from
 * holding. */
static void test_sure_but_wrong(void **state)
{
	struct kern k;

	kern_init(&k, KERN_LEVELS - 1);
	seed = 5;
	for (enum ldpc_bg bg = LDPC_BG1; bg <= LDPC_BG2; bg++) {
		struct ldpc_decode_args a;

		assert_true(ldpc_graph_init(&graph, bg, 64));
		a = args_of(graph.rows, graph.info_cols * 64, CRC_16);
		make_block(&k, graph.rows, graph.info_cols * 64, CRC_16);
		for (unsigned i = 0; i < (graph.cols - 2) * 64; i++)
			soft[i] = bits_get(coded, i) ? -60 : 60;
		for (unsigned r = 5; r < graph.rows; r += 4) {
			unsigned i = (graph.info_cols - 2 + r) * 64 + r;

			soft[i] = bits_get(coded, i) ? 127 : -127;
		}
		assert_true(ldpc_decode(&k, &decoder, &a, soft, back).ok);
		assert_memory_equal(back, block, graph.info_cols * 64 / 8);
	}
}

/* The blocks out of 300000 whose few wrong bits were too sure of each other for messages of one range. */
static void test_few_wrong_bits(void **state)
{
	static const unsigned blocks[] = { 8950, 31564, 119218, 192302 };
	struct kern k;

	kern_init(&k, KERN_LEVELS - 1);
	assert_true(ldpc_graph_init(&graph, LDPC_BG2, 192));
	for (size_t i = 0; i < ARRAY_LEN(blocks); i++) {
		struct ldpc_decode_args a = args_of(42, 1920, CRC_16);

		seed = blocks[i] * UINT64_C(1000000);
		make_block(&k, 42, 1920, CRC_16);
		send(9600, -3.4);
		assert_true(ldpc_decode(&k, &decoder, &a, soft, back).ok);
		assert_memory_equal(back, block, 1920 / 8);
	}
}

/* Noise alone is not taken for a block, whatever there is to judge by, and the limit is kept. */
static void test_noise(void **state)
{
	static const enum crc_kind crcs[] = { CRC_24A, CRC_24B, CRC_16, CRC_NONE };
	struct kern k;

	kern_init(&k, KERN_LEVELS - 1);
	assert_true(ldpc_graph_init(&graph, LDPC_BG2, 64));
	seed = 3;
	for (unsigned i = 0; i < 200; i++) {
		struct ldpc_decode_args a = args_of(graph.rows, 640, crcs[i % 4]);
		struct ldpc_decode_result result;

		for (unsigned j = 0; j < sizeof(soft); j++)
			soft[j] = (int8_t)draw();
		a.iterations = (uint16_t)(1 + i % 5);
		result = ldpc_decode(&k, &decoder, &a, soft, back);
		assert_false(result.ok);
		assert_int_equal(result.iterations, a.iterations);
	}
}

/* Block n of a configuration with its noise. */
static void make_case(const struct kern *k, const struct configuration *c, unsigned n)
{
	assert_true(ldpc_graph_init(&graph, c->bg, LDPC_Z_MAX));
	seed = n * UINT64_C(1000000) + c->sent;
	make_block(k, c->rows, graph.info_cols * LDPC_Z_MAX, CRC_24B);
	make_noise(c->sent);
}

/* Whether the case comes out at the SNR: by the sum-product with k of NULL. */
static bool comes_out(const struct kern *k, const struct configuration *c, unsigned iterations, double snr_db,
	unsigned *took)
{
	struct ldpc_decode_args a = args_of(c->rows, graph.info_cols * LDPC_Z_MAX, CRC_24B);
	struct ldpc_decode_result result;

	receive(c->sent, snr_db);
	if (!k)
		return ldpc_sum_product(&sum_product, &graph, c->rows, iterations, llrs, block);
	a.iterations = (uint16_t)iterations;
	result = ldpc_decode(k, &decoder, &a, soft, back);
	if (took)
		*took += result.iterations;
	return result.ok && memcmp(back, block, graph.info_cols * LDPC_Z_MAX / 8) == 0;
}

/* A sample of each configuration: 0.3 dB are enough to lose no more blocks than the sum-product. */
static void test_quality(void **state)
{
	struct kern k;

	kern_init(&k, KERN_LEVELS - 1);
	for (size_t i = 0; i < ARRAY_LEN(configurations); i++) {
		const struct configuration *c = &configurations[i];
		unsigned ours = 0, reference = 0;

		for (unsigned n = 0; n < SAMPLE; n++) {
			make_case(&k, c, n);
			reference += !comes_out(NULL, c, REFERENCE_ITERATIONS, c->snr_db, NULL);
			ours += !comes_out(&k, c, LDPC_ITERATIONS, c->snr_db + 0.3, NULL);
		}
		print_message("base graph %u, rate %s: of %u blocks the sum-product lost %u at %.2f dB, this "
			      "one %u at %.2f dB\n",
			c->bg, c->rate, SAMPLE, reference, c->snr_db, ours, c->snr_db + 0.3);
		assert_in_range(reference, SAMPLE / 5, SAMPLE);
		assert_true(ours <= reference);
	}
}

/* The least SNR at which the case comes out, by bisection to 0.01 dB. */
static double needs(const struct kern *k, const struct configuration *c, unsigned iterations)
{
	double low = c->snr_db - 0.64, high = c->snr_db + 1.92;

	while (high - low > 0.0101) {
		double middle = (low + high) / 2;

		if (comes_out(k, c, iterations, middle, NULL))
			high = middle;
		else
			low = middle;
	}
	return high;
}

static int ascending(const void *a, const void *b)
{
	double difference = *(const double *)a - *(const double *)b;

	return difference < 0 ? -1 : difference > 0;
}

enum {
	FULL_MAX = 20000,
};

/*
 * All with the same noise: what a block needs is found for each decoder, and an error rate is the share of
 * blocks that need more.
 */
static void full_one(const struct kern *k, const struct configuration *c, unsigned blocks)
{
	static const char *const names[] = { "sum-product, 50 iterations", "this, 50", "this, 20",
		"this, 10" };
	static const unsigned iterations[] = { REFERENCE_ITERATIONS, LDPC_ITERATIONS, 20, 10 };
	static double snr[4][FULL_MAX];
	unsigned took = 0, tenth = blocks - 1 - blocks / 10, hundredth = blocks - 1 - blocks / 100;

	for (unsigned n = 0; n < blocks; n++) {
		make_case(k, c, n);
		for (unsigned i = 0; i < 4; i++)
			snr[i][n] = needs(i ? k : NULL, c, iterations[i]);
	}
	printf("base graph %u, rate %s, %u blocks\n", c->bg, c->rate, blocks);
	for (unsigned i = 0; i < 4; i++) {
		qsort(snr[i], blocks, sizeof(snr[i][0]), ascending);
		printf("  %-27s 1e-1 at %6.2f dB (%+.2f), 1e-2 at %6.2f dB (%+.2f)\n", names[i],
			snr[i][tenth], snr[i][tenth] - snr[0][tenth], snr[i][hundredth],
			snr[i][hundredth] - snr[0][hundredth]);
	}
	for (unsigned n = 0; n < 200; n++) {
		make_case(k, c, n);
		comes_out(k, c, LDPC_ITERATIONS, snr[1][hundredth], &took);
	}
	printf("  iterations at 1e-2 on the average: %.1f\n", took / 200.0);
	fflush(stdout);
}

/*
 * Bits a second, all of one block over and over, best of several; at an SNR at which it does not come out, so
 * that all iterations are done, or at one at which it does.
 */
static void bench_one(enum kern_level level, unsigned rows, unsigned sent, double snr_db, unsigned iterations)
{
	struct ldpc_decode_args a = args_of(rows, 8448, CRC_24B);
	struct ldpc_decode_result result = { 0 };
	double best = 1;
	struct kern k;

	kern_init(&k, level);
	seed = 1;
	make_block(&k, rows, 8448, CRC_24B);
	send(sent, snr_db);
	a.iterations = (uint16_t)iterations;
	for (unsigned i = 0; i < 20; i++) {
		unsigned times = level == KERN_REFERENCE ? 1 : 100;
		clock_t start = clock();

		for (unsigned n = 0; n < times; n++)
			result = ldpc_decode(&k, &decoder, &a, soft, back);
		best = fmin(best, (double)(clock() - start) / CLOCKS_PER_SEC / times);
	}
	printf("%-9s rate %.2f at %4.1f dB: %7.1f Mb/s, %2u iterations%s\n", kern_level_name(level),
		8448.0 / sent, snr_db, 8448 / best / 1e6, result.iterations, result.ok ? "" : ", not ok");
}

static void bench(void)
{
	struct kern k;
	enum kern_level best = kern_init(&k, KERN_LEVELS - 1);

	assert_true(ldpc_graph_init(&graph, LDPC_BG1, 384));
	for (enum kern_level level = KERN_REFERENCE; level <= best; level++) {
		bench_one(level, 46, 66 * 384, -3, 10);
		bench_one(level, 24, 44 * 384, -0.5, 10);
		bench_one(level, 5, 9183, 5, 10);
		bench_one(level, 46, 66 * 384, -0.5, LDPC_ITERATIONS);
		bench_one(level, 24, 44 * 384, 1.5, LDPC_ITERATIONS);
		bench_one(level, 5, 9183, 7, LDPC_ITERATIONS);
	}
}

static void full(unsigned blocks)
{
	struct kern k;

	kern_init(&k, KERN_LEVELS - 1);
	if (blocks < 100)
		blocks = 100;
	for (size_t i = 0; i < ARRAY_LEN(configurations); i++)
		full_one(&k, &configurations[i], blocks < FULL_MAX ? blocks : FULL_MAX);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_corrects),
		cmocka_unit_test(test_sure_but_wrong),
		cmocka_unit_test(test_few_wrong_bits),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_quality),
	};

	if (argc > 1 && strcmp(argv[1], "--bench") == 0) {
		bench();
		return 0;
	}
	if (argc > 1 && strcmp(argv[1], "--full") == 0) {
		full(argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 2000);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}

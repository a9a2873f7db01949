/* --bench: bits a second. --full [blocks]: block error rates beside the sum-product's, over SNR. */
#include <math.h>
#include <time.h>

#include "base/test.h"
#include "radio/phy/bits.h"
#include "radio/phy/ldpc_decode.h"

enum {
	BLOCK_OCTETS = SEGMENT_K_MAX / 8,
	ITERATIONS = 40,
	REFERENCE_ITERATIONS = 50,
};

static struct ldpc_encoder encoder;
static struct ldpc_decoder decoder;
static struct ldpc_graph graph;
static uint8_t block[BLOCK_OCTETS], back[BLOCK_OCTETS], coded[LDPC_N_MAX / 8];
static float llrs[LDPC_N_MAX];
static int8_t soft[LDPC_N_MAX];
static uint64_t seed;

static uint64_t draw(void)
{
	uint64_t z = (seed += 0x9e3779b97f4a7c15u);

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

static double uniform(void)
{
	return ((double)(draw() >> 11) + 0.5) / 9007199254740992.0;
}

static double gaussian(void)
{
	return sqrt(-2 * log(uniform())) * cos(6.283185307179586 * uniform());
}

/* A block of k_prime bits with a CRC, filler behind, coded with `rows` rows of parity. */
static void make_block(const struct kern *k, unsigned rows, unsigned k_prime, enum crc_kind crc)
{
	memset(block, 0, sizeof(block));
	for (unsigned i = 0; i < k_prime; i++)
		bits_set(block, i, draw() & 1);
	crc_append(crc, block, k_prime - crc_length(crc));
	ldpc_encode(k, &encoder, &graph, block, rows, coded);
}

/* `sent` bits over noise, each alone on an axis with Es/N0 = snr_db of a QPSK symbol; float and 8 bits. */
static void send(unsigned sent, double snr_db)
{
	double sigma2 = pow(10, -snr_db / 10); /* an axis has half the energy and half the noise */

	memset(llrs, 0, sizeof(llrs));
	memset(soft, 0, sizeof(soft));
	for (unsigned i = 0; i < sent; i++) {
		double y = (bits_get(coded, i) ? -1 : 1) + sqrt(sigma2) * gaussian();
		double llr = 2 * y / sigma2;

		llrs[i] = (float)llr;
		soft[i] = (int8_t)fmax(-127, fmin(127, lrint(4 * llr)));
	}
}

static struct ldpc_decode_args args_of(unsigned rows, unsigned k_prime, enum crc_kind crc)
{
	return (struct ldpc_decode_args){ &graph, (uint16_t)rows, (uint16_t)k_prime, ITERATIONS, crc };
}

/* One check of the sum-product in floats: llr of the word, messages of the row's edges. */
static void reference_check(unsigned r, unsigned j, float *word, float *messages)
{
	float values[LDPC_DEGREE_MAX], tanhs[LDPC_DEGREE_MAX];
	float product = 1;
	unsigned n = graph.start[r + 1] - graph.start[r];

	for (unsigned i = 0; i < n; i++) {
		const struct ldpc_edge *e = &graph.edges[graph.start[r] + i];

		values[i] = word[e->col * graph.z + (j + e->shift) % graph.z] - messages[i];
		tanhs[i] = tanhf(fmaxf(-15, fminf(15, values[i])) / 2);
		if (fabsf(tanhs[i]) < 1e-12f)
			tanhs[i] = 1e-12f;
		product *= tanhs[i];
	}
	for (unsigned i = 0; i < n; i++) {
		const struct ldpc_edge *e = &graph.edges[graph.start[r] + i];
		float t = fmaxf(-0.9999999f, fminf(0.9999999f, product / tanhs[i]));

		messages[i] = logf((1 + t) / (1 - t));
		word[e->col * graph.z + (j + e->shift) % graph.z] = values[i] + messages[i];
	}
}

/* Sum-product of 50 iterations, without filler; true when the block comes out. */
static bool reference_decode(unsigned rows)
{
	static float word[LDPC_COLS_MAX * LDPC_Z_MAX];
	static float messages[LDPC_Z_MAX][LDPC_EDGES_MAX];
	unsigned wrong = 1;

	memset(messages, 0, sizeof(messages));
	for (unsigned i = 0; i < graph.cols * graph.z; i++)
		word[i] = i < 2u * graph.z ? 0 : llrs[i - 2 * graph.z];
	for (unsigned n = 0; n < REFERENCE_ITERATIONS && wrong; n++) {
		for (unsigned r = 0; r < rows; r++) {
			for (unsigned j = 0; j < graph.z; j++)
				reference_check(r, j, word, messages[j] + graph.start[r]);
		}
		wrong = 0;
		for (unsigned i = 0; i < graph.info_cols * graph.z; i++)
			wrong += (word[i] < 0) != bits_get(block, i);
	}
	return wrong == 0;
}

/* Every graph of two sizes of each set, with filler, in noise that it must bear; all levels say the same. */
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

/* Noise alone is not taken for a block, whatever there is to tell by, and the limit is kept. */
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

/* Blocks of n that fail at K = 8448, rate 1/2: ours at snr + margin, the reference at snr. */
static void error_rates(const struct kern *k, unsigned n, double snr_db, double margin_db, unsigned *ours,
	unsigned *reference)
{
	struct ldpc_decode_args a = args_of(24, 8448, CRC_24B);

	*ours = *reference = 0;
	assert_true(ldpc_graph_init(&graph, LDPC_BG1, 384));
	for (unsigned i = 0; i < n; i++) {
		seed = i * 1000;
		make_block(k, 24, 8448, CRC_24B);
		send(2 * 8448, snr_db);
		*reference += !reference_decode(24);
		seed = i * 1000;
		make_block(k, 24, 8448, CRC_24B);
		send(2 * 8448, snr_db + margin_db);
		*ours += !(ldpc_decode(k, &decoder, &a, soft, back).ok &&
			   memcmp(back, block, sizeof(block)) == 0);
	}
}

static void test_quality(void **state)
{
	unsigned ours, reference;
	struct kern k;

	kern_init(&k, KERN_LEVELS - 1);
	error_rates(&k, 30, 0.6, 0.3, &ours, &reference);
	print_message(
		"of 30 blocks: sum-product lost %u at 0.60 dB, this one %u at 0.90 dB\n", reference, ours);
	assert_true(reference > 0);
	assert_true(ours <= reference);
}

static void full(unsigned blocks)
{
	struct kern k;

	kern_init(&k, KERN_LEVELS - 1);
	for (double snr = 0.4; snr < 1.25; snr += 0.1) {
		unsigned ours, reference;

		error_rates(&k, blocks, snr, 0, &ours, &reference);
		printf("Es/N0 %.2f dB: sum-product %.4f, min-sum %.4f\n", snr, reference / (double)blocks,
			ours / (double)blocks);
	}
}

/* Bits a second at the SNR, all of one block over and over. */
static void bench_one(enum kern_level level, unsigned rows, unsigned sent, double snr_db)
{
	struct ldpc_decode_args a = args_of(rows, 8448, CRC_24B);
	double iterations = 0, blocks = 0;
	struct kern k;
	clock_t start;

	kern_init(&k, level);
	seed = 1;
	make_block(&k, rows, 8448, CRC_24B);
	send(sent, snr_db);
	start = clock();
	do {
		iterations += ldpc_decode(&k, &decoder, &a, soft, back).iterations;
		blocks++;
	} while (clock() - start < CLOCKS_PER_SEC);
	printf("%s rate %.2f at %.1f dB: %.1f Mb/s, %.1f iterations\n", kern_level_name(level), 8448.0 / sent,
		snr_db, blocks * 8448 / ((double)(clock() - start) / CLOCKS_PER_SEC) / 1e6,
		iterations / blocks);
}

static void bench(void)
{
	assert_true(ldpc_graph_init(&graph, LDPC_BG1, 384));
	for (enum kern_level level = KERN_REFERENCE; level < KERN_LEVELS; level++) {
		bench_one(level, 46, 66 * 384, -0.5);
		bench_one(level, 24, 44 * 384, 1.5);
		bench_one(level, 5, 9183, 7);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_corrects),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_quality),
	};

	if (argc > 1 && strcmp(argv[1], "--bench") == 0) {
		bench();
		return 0;
	}
	if (argc > 1 && strcmp(argv[1], "--full") == 0) {
		full(argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 500);
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}

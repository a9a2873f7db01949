#include <time.h>

#include "base/test.h"
#include "radio/phy/codes/bits.h"
#include "radio/phy/codes/ldpc.h"
#include "radio/phy/codes/tables.h"

static uint8_t octet_at(size_t i, size_t seed)
{
	return (uint8_t)((i * 2654435761u + seed * 40503u) >> 11);
}

/* A bit of the whole word: the two punctured columns from the block, the rest from d. */
static unsigned word_bit(const struct ldpc_graph *g, const uint8_t *block, const uint8_t *d, size_t i)
{
	return i < 2u * g->z ? bits_get(block, i) : bits_get(d, i - 2u * g->z);
}

/* H * c, from the facts and not from the graph; rows of parity are there. */
static bool satisfied(const struct ldpc_graph *g, const uint8_t *block, const uint8_t *d, unsigned rows)
{
	static uint8_t sums[LDPC_ROWS_MAX][LDPC_Z_MAX];
	const struct ldpc_entry *e = g->bg == LDPC_BG1 ? ldpc_bg1_entries : ldpc_bg2_entries;
	unsigned n = g->bg == LDPC_BG1 ? LDPC_BG1_ENTRIES : LDPC_BG2_ENTRIES;
	unsigned set = 0;

	while (ldpc_z[set] != g->z)
		set++;
	memset(sums, 0, sizeof(sums));
	for (unsigned i = 0; i < n && e[i].row < rows; i++) {
		for (unsigned j = 0; j < g->z; j++)
			sums[e[i].row][j] ^= (uint8_t)word_bit(g, block, d,
				e[i].col * (size_t)g->z + (j + e[i].shift[ldpc_z_set[set]]) % g->z);
	}
	for (size_t i = 0; i < sizeof(sums); i++) {
		if (sums[i / LDPC_Z_MAX][i % LDPC_Z_MAX])
			return false;
	}
	return true;
}

static void test_all_sizes(void **state)
{
	static struct ldpc_encoder e;
	static struct ldpc_graph g;
	static uint8_t block[SEGMENT_K_MAX / 8], d[LDPC_N_MAX / 8], ref[LDPC_N_MAX / 8];
	struct kern plain, best;

	kern_init(&plain, KERN_REFERENCE);
	kern_init(&best, KERN_LEVELS - 1);
	for (unsigned size = 0; size < 2 * LDPC_SIZES; size++) {
		assert_true(ldpc_graph_init(&g, size % 2 ? LDPC_BG1 : LDPC_BG2, ldpc_z[size / 2]));
		for (size_t i = 0; i < sizeof(block); i++)
			block[i] = octet_at(i, size);
		ldpc_encode(&best, &e, &g, block, g.rows, d);
		ldpc_encode(&plain, &e, &g, block, g.rows, ref);
		assert_memory_equal(d, ref, bits_octets((g.cols - 2u) * g.z));
		assert_true(satisfied(&g, block, d, g.rows));
		bits_set(d, g.z, !bits_get(d, g.z));
		assert_false(satisfied(&g, block, d, g.rows));
	}
	assert_false(ldpc_graph_init(&g, LDPC_BG1, 17));
}

/* Fewer rows give the beginning of the same word, and no octet more. */
static void test_rows(void **state)
{
	static struct ldpc_encoder e;
	static struct ldpc_graph g;
	static uint8_t block[SEGMENT_K_MAX / 8], d[LDPC_N_MAX / 8];
	struct kern k;

	kern_init(&k, KERN_LEVELS - 1);
	for (unsigned size = 0; size < LDPC_SIZES; size += 7) {
		assert_true(ldpc_graph_init(&g, LDPC_BG2, ldpc_z[size]));
		for (size_t i = 0; i < sizeof(block); i++)
			block[i] = octet_at(i, size);
		for (unsigned rows = 4; rows <= g.rows; rows++) {
			size_t octets = bits_octets((g.info_cols - 2 + rows) * g.z);

			memset(d, 0xee, sizeof(d));
			ldpc_encode(&k, &e, &g, block, rows, d);
			assert_true(satisfied(&g, block, d, rows));
			assert_int_equal(d[octets], 0xee);
		}
	}
}

/* On demand: information bits a second at the largest size, by level. */
static void bench(void)
{
	static struct ldpc_encoder e;
	static struct ldpc_graph g;
	static uint8_t block[SEGMENT_K_MAX / 8], d[LDPC_N_MAX / 8];
	struct kern k;

	ldpc_graph_init(&g, LDPC_BG1, 384);
	for (enum kern_level level = KERN_REFERENCE; level < KERN_LEVELS; level++) {
		for (unsigned rows = 4; rows <= g.rows; rows += 42) {
			double blocks = 0;
			clock_t start = clock();

			kern_init(&k, level);
			while (clock() - start < CLOCKS_PER_SEC / 2) {
				for (unsigned i = 0; i < 100; i++)
					ldpc_encode(&k, &e, &g, block, rows, d);
				blocks += 100;
			}
			printf("%s, %u rows: %.2f Gb/s\n", kern_level_name(level), rows,
				blocks * 8448 / ((double)(clock() - start) / CLOCKS_PER_SEC) / 1e9);
		}
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_sizes),
		cmocka_unit_test(test_rows),
	};

	if (argc > 1 && strcmp(argv[1], "--bench") == 0)
		bench();
	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Check of the kernel of LDPC encoding. */
#include "radio/phy/kern/check/check.h"

enum {
	COLUMNS = 26,
	EDGES_MAX = 19,
	OCTETS = 384 / 8,
};

static bool check_ldpc_sum(struct check_env *env)
{
	size_t len = check_range(env, 1, OCTETS), n = check_range(env, 1, EDGES_MAX);
	const uint8_t *columns = check_noise(env, COLUMNS * KERN_LDPC_TWICE);
	struct kern_ldpc_edge *edges = check_buffer(n * sizeof(*edges));
	uint8_t *want = check_buffer(len), *got = check_buffer(len);

	for (size_t i = 0; i < n; i++) {
		edges[i].col = (uint16_t)check_range(env, 0, COLUMNS - 1);
		edges[i].shift = (uint16_t)check_range(env, 0, 8 * OCTETS - 1);
	}
	edges[0].col = COLUMNS - 1;
	env->ref->ldpc_sum(want, columns, edges, n, len);
	env->kern->ldpc_sum(got, columns, edges, n, len);
	return memcmp(want, got, len) == 0;
}

static size_t bench_ldpc_sum(struct check_env *env)
{
	static uint8_t out[OCTETS], columns[COLUMNS * KERN_LDPC_TWICE];
	struct kern_ldpc_edge edges[EDGES_MAX];

	for (size_t i = 0; i < EDGES_MAX; i++)
		edges[i] = (struct kern_ldpc_edge){ (uint16_t)i, (uint16_t)(19 * i) };
	for (size_t i = 0; i < 100; i++)
		env->kern->ldpc_sum(out, columns, edges, EDGES_MAX, OCTETS);
	return 100 * EDGES_MAX * 8 * OCTETS;
}

const struct check check_ldpc[] = {
	CHECK(ldpc_sum, "bit"),
	{ NULL },
};

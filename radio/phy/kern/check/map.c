/* Check of mapping bits to symbols: the same floats at every level. */
#include "radio/phy/kern/check/check.h"

enum { BENCH_LEN = 288 };

static bool check_qam_map(struct check_env *env)
{
	size_t rows = check_range(env, 1, KERN_DEAL_ROWS), n = check_range(env, 1, 100);
	size_t bits = 2 * check_range(env, 1, 5);
	const uint8_t *data = check_noise(env, (rows * n * bits + 7) / 8);
	float *level = check_buffer(32 * sizeof(*level)), *want[KERN_DEAL_ROWS], *got[KERN_DEAL_ROWS];
	bool same = true;

	for (unsigned i = 0; i < 32; i++)
		level[i] = (float)i + 1;
	for (size_t r = 0; r < rows; r++) {
		want[r] = check_buffer(2 * n * sizeof(float));
		got[r] = check_buffer(2 * n * sizeof(float));
	}
	env->ref->qam_map(want, rows, data, n, (unsigned)bits, level);
	env->kern->qam_map(got, rows, data, n, (unsigned)bits, level);
	for (size_t r = 0; r < rows; r++)
		same = same && memcmp(want[r], got[r], 2 * n * sizeof(float)) == 0;
	return same;
}

/* 256QAM of four layers. */
static size_t bench_qam_map(struct check_env *env)
{
	static uint8_t data[4 * BENCH_LEN];
	static float out[4][2 * BENCH_LEN], level[32];
	float *const rows[] = { out[0], out[1], out[2], out[3] };

	for (size_t i = 0; i < 10; i++)
		env->kern->qam_map(rows, 4, data, BENCH_LEN, 8, level);
	return 10 * 4 * (size_t)BENCH_LEN;
}

const struct check check_map[] = {
	CHECK(qam_map, "symbol"),
	{ NULL },
};

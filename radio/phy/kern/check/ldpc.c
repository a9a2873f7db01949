/* Checks of the LDPC kernels. */
#include "radio/phy/kern/check/check.h"

enum {
	ROWS_MAX = 30,
};

static bool check_xor_rows(struct check_env *env)
{
	size_t len = check_range(env, 1, 200);
	size_t n = check_range(env, 1, ROWS_MAX);
	const uint8_t *in[ROWS_MAX];
	uint8_t *want = check_buffer(len);
	uint8_t *got = check_buffer(len);

	for (size_t i = 0; i < n; i++)
		in[i] = check_noise(env, len);
	env->ref->xor_rows(want, in, n, len);
	env->kern->xor_rows(got, in, n, len);
	return memcmp(want, got, len) == 0;
}

static size_t bench_xor_rows(struct check_env *env)
{
	static uint8_t out[48];
	static uint8_t col[ROWS_MAX][96];
	const uint8_t *in[ROWS_MAX];

	for (size_t i = 0; i < ROWS_MAX; i++)
		in[i] = col[i] + i;
	for (size_t i = 0; i < 100; i++)
		env->kern->xor_rows(out, in, 19, sizeof(out));
	return 100 * 19 * 384;
}

static bool check_bits_spread(struct check_env *env)
{
	size_t len = check_range(env, 1, 150);
	size_t stride = len + check_range(env, 0, 40);
	const uint8_t *in = check_noise(env, len);
	uint8_t *want = check_buffer(7 * stride + len);
	uint8_t *got = check_buffer(7 * stride + len);

	env->ref->bits_spread(want, stride, in, len);
	env->kern->bits_spread(got, stride, in, len);
	return memcmp(want, got, 7 * stride + len) == 0;
}

static size_t bench_bits_spread(struct check_env *env)
{
	static uint8_t out[8 * 128], in[96];

	for (size_t i = 0; i < 100; i++)
		env->kern->bits_spread(out, 128, in, sizeof(in));
	return 100 * 384;
}

const struct check check_ldpc[] = {
	CHECK(xor_rows, "bit"),
	CHECK(bits_spread, "bit"),
	{ NULL },
};

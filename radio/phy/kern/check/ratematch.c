/* Checks of the kernels of rate matching. */
#include "radio/phy/kern/check/check.h"

static unsigned random_q(struct check_env *env)
{
	static const uint8_t q[] = { 1, 2, 4, 6, 8, 10 };

	return q[check_range(env, 0, sizeof(q) - 1)];
}

static bool check_bits_interleave(struct check_env *env)
{
	unsigned q = random_q(env);
	size_t cols = check_range(env, 1, 400);
	size_t octets = (cols * q + 7) / 8;
	const uint8_t *in = check_noise(env, octets);
	uint8_t *want = check_buffer(octets);
	uint8_t *got = check_buffer(octets);

	env->ref->bits_interleave(want, in, cols, q);
	env->kern->bits_interleave(got, in, cols, q);
	return memcmp(want, got, octets) == 0;
}

static size_t bench_bits_interleave(struct check_env *env)
{
	static uint8_t in[1200], out[1200];

	for (unsigned i = 0; i < 20; i++)
		env->kern->bits_interleave(out, in, 1200, 8);
	return 20 * 9600;
}

static bool check_llr_deinterleave(struct check_env *env)
{
	unsigned q = random_q(env);
	size_t cols = check_range(env, 1, 200);
	const int8_t *in = check_noise(env, cols * q);
	int8_t *want = check_buffer(cols * q);
	int8_t *got = check_buffer(cols * q);

	env->ref->llr_deinterleave(want, in, cols, q);
	env->kern->llr_deinterleave(got, in, cols, q);
	return memcmp(want, got, cols * q) == 0;
}

static size_t bench_llr_deinterleave(struct check_env *env)
{
	static int8_t in[9600], out[9600];

	for (unsigned i = 0; i < 20; i++)
		env->kern->llr_deinterleave(out, in, 1200, 8);
	return 20 * 9600;
}

static bool check_llr_add(struct check_env *env)
{
	size_t n = check_range(env, 1, 300);
	const int8_t *x = check_noise(env, n);
	int8_t *want = check_noise(env, n);
	int8_t *got = check_buffer(n);

	bytes_copy(got, n, bytes_of(want, n));
	env->ref->llr_add(want, x, n);
	env->kern->llr_add(got, x, n);
	return memcmp(want, got, n) == 0;
}

static size_t bench_llr_add(struct check_env *env)
{
	static int8_t acc[9600], x[9600];

	for (unsigned i = 0; i < 20; i++)
		env->kern->llr_add(acc, x, sizeof(x));
	return 20 * sizeof(x);
}

const struct check check_ratematch[] = {
	CHECK(bits_interleave, "bit"),
	CHECK(llr_deinterleave, "LLR"),
	CHECK(llr_add, "LLR"),
	{ NULL },
};

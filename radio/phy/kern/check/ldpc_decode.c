/* Checks of the kernels of LDPC decoding. */
#include "radio/phy/kern/check/check.h"

/* Columns with their repetition; some are small numbers, so that sizes tie. */
static void make_columns(struct check_env *env, struct kern_ldpc_row *a, struct kern_ldpc_row *b)
{
	bool small = check_range(env, 0, 1);

	for (size_t i = 0; i < a->n; i++) {
		int8_t *col = check_noise(env, KERN_LDPC_COLUMN);

		for (size_t j = 0; j < a->z; j++)
			col[j] = (int8_t)(small ? col[j] % 8 : col[j]);
		for (size_t j = 0; j < KERN_LDPC_MORE; j++)
			col[a->z + j] = col[j];
		a->in[i] = b->in[i] = col;
		a->out[i] = check_buffer(KERN_LDPC_COLUMN);
		b->out[i] = check_buffer(KERN_LDPC_COLUMN);
		a->turn[i] = b->turn[i] = (uint16_t)check_range(env, 0, a->z - 1);
	}
}

static bool check_ldpc_row(struct check_env *env)
{
	struct kern_ldpc_row a = { .n = check_range(env, 3, KERN_LDPC_DEGREE),
		.rule = (enum kern_ldpc_rule)check_range(env, 0, KERN_LDPC_RULES - 1),
		.z = check_range(env, 2, check_range(env, 0, 2) ? 384 : 64) };
	struct kern_ldpc_row b = a;
	size_t stride = (a.z + KERN_LDPC_MORE - 1) / KERN_LDPC_MORE * KERN_LDPC_MORE;
	size_t kept = a.z + (a.z < KERN_LDPC_MORE ? a.z : KERN_LDPC_MORE);

	make_columns(env, &a, &b);
	a.messages = check_noise(env, a.n * stride);
	b.messages = check_buffer(a.n * stride);
	bytes_copy(b.messages, a.n * stride, bytes_of(a.messages, a.n * stride));
	if (env->ref->ldpc_row(&a) != env->kern->ldpc_row(&b))
		return false;
	for (size_t i = 0; i < a.n; i++) {
		if (memcmp(a.out[i], b.out[i], kept) != 0 ||
			memcmp(a.messages + i * stride, b.messages + i * stride, a.z) != 0)
			return false;
	}
	return true;
}

static size_t bench_ldpc_row(struct check_env *env)
{
	static int8_t columns[2][KERN_LDPC_DEGREE][KERN_LDPC_COLUMN], messages[KERN_LDPC_DEGREE * 384];
	struct kern_ldpc_row row = { .n = 10, .z = 384, .messages = messages, .rule = KERN_LDPC_FULL };

	for (size_t i = 0; i < row.n; i++) {
		row.in[i] = columns[0][i];
		row.out[i] = columns[1][i];
		row.turn[i] = (uint16_t)(37 * i);
	}
	for (unsigned i = 0; i < 100; i++)
		env->kern->ldpc_row(&row);
	return 100 * 10 * 384;
}

static bool check_llr_clip(struct check_env *env)
{
	size_t n = check_range(env, 1, 500);
	int limit = (int)check_range(env, 1, 127);
	const int8_t *in = check_noise(env, n);
	int8_t *want = check_buffer(n), *got = check_buffer(n);

	env->ref->llr_clip(want, in, n, limit);
	env->kern->llr_clip(got, in, n, limit);
	return memcmp(want, got, n) == 0;
}

static size_t bench_llr_clip(struct check_env *env)
{
	static int8_t llr[384];

	for (unsigned i = 0; i < 100; i++)
		env->kern->llr_clip(llr, llr, sizeof(llr), 24);
	return 100 * sizeof(llr);
}

static bool check_llr_signs(struct check_env *env)
{
	size_t n = check_range(env, 1, 500);
	const int8_t *in = check_noise(env, n);
	uint8_t *want = check_buffer((n + 7) / 8);
	uint8_t *got = check_buffer((n + 7) / 8);

	env->ref->llr_signs(want, in, n);
	env->kern->llr_signs(got, in, n);
	return memcmp(want, got, (n + 7) / 8) == 0;
}

static size_t bench_llr_signs(struct check_env *env)
{
	static int8_t in[8448];
	static uint8_t out[8448 / 8];

	for (unsigned i = 0; i < 20; i++)
		env->kern->llr_signs(out, in, sizeof(in));
	return 20 * sizeof(in);
}

const struct check check_ldpc_decode[] = {
	CHECK(ldpc_row, "edge"),
	CHECK(llr_clip, "LLR"),
	CHECK(llr_signs, "LLR"),
	{ NULL },
};

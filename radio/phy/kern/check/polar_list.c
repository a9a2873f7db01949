/* Checks of the kernels of polar list decoding. */
#include "radio/phy/kern/check/check.h"

enum {
	L = KERN_POLAR_LIST,
	BENCH_LEN = 64,
};

/* LLRs of all magnitudes, -32768 excepted, for n vectors of paths. */
static int16_t *llrs(struct check_env *env, size_t n)
{
	int16_t *v = check_noise(env, L * n * sizeof(*v));

	for (size_t i = 0, shift = check_range(env, 0, 14); i < L * n; i++) {
		v[i] = (int16_t)(v[i] >> shift);
		v[i] = v[i] == INT16_MIN ? -32767 : v[i];
	}
	return v;
}

static int16_t *decisions(struct check_env *env, size_t n)
{
	int16_t *v = check_noise(env, L * n * sizeof(*v));

	for (size_t i = 0; i < L * n; i++)
		v[i] = (int16_t)-(v[i] & 1);
	return v;
}

static uint8_t *turns(struct check_env *env, size_t rows)
{
	uint8_t *t = check_noise(env, L * rows);

	for (size_t i = 0; i < L * rows; i++)
		t[i] %= L;
	return t;
}

static size_t power_of_two(struct check_env *env)
{
	return (size_t)1 << check_range(env, 0, 6);
}

static bool check_polar_list_f(struct check_env *env)
{
	size_t n = power_of_two(env);
	const int16_t *in = llrs(env, 2 * n);
	const uint8_t *turn = turns(env, 1);
	int16_t *want = check_buffer(2 * L * n), *got = check_buffer(2 * L * n);

	env->ref->polar_list_f(want, in, turn, n);
	env->kern->polar_list_f(got, in, turn, n);
	return memcmp(want, got, 2 * L * n) == 0;
}

static bool check_polar_list_g(struct check_env *env)
{
	size_t n = power_of_two(env);
	const int16_t *in = llrs(env, 2 * n), *u = decisions(env, n);
	const uint8_t *turn = turns(env, 1), *turn_u = turns(env, 1);
	int16_t *want = check_buffer(2 * L * n), *got = check_buffer(2 * L * n);

	env->ref->polar_list_g(want, in, turn, u, turn_u, n);
	env->kern->polar_list_g(got, in, turn, u, turn_u, n);
	return memcmp(want, got, 2 * L * n) == 0;
}

static bool check_polar_list_join(struct check_env *env)
{
	size_t n = power_of_two(env);
	const int16_t *left = decisions(env, n), *right = decisions(env, n);
	const uint8_t *turn = turns(env, 1);
	int16_t *want = check_buffer(4 * L * n), *got = check_buffer(4 * L * n);

	env->ref->polar_list_join(want, left, turn, right, n);
	env->kern->polar_list_join(got, left, turn, right, n);
	return memcmp(want, got, 4 * L * n) == 0;
}

static bool check_polar_list_costs(struct check_env *env)
{
	size_t n = power_of_two(env);
	const int16_t *in = llrs(env, n);
	const uint8_t *turn = turns(env, 1);
	int32_t *want = check_buffer(2 * L * sizeof(*want)), *got = check_buffer(2 * L * sizeof(*got));

	env->ref->polar_list_costs(want, in, turn, n);
	env->kern->polar_list_costs(got, in, turn, n);
	return memcmp(want, got, 2 * L * sizeof(*want)) == 0;
}

/* What lies behind the paths counts for nothing. */
static bool check_polar_list_split(struct check_env *env)
{
	struct kern_polar_list *want = check_noise(env, sizeof(*want)), *got = check_buffer(sizeof(*got));
	int32_t *cost = check_noise(env, 2 * L * sizeof(*cost));
	size_t bits = check_range(env, 2, 20);
	bool same;

	want->list = (unsigned)check_range(env, 1, L);
	want->paths = (unsigned)check_range(env, 1, want->list);
	for (unsigned p = 0; p < 2 * L; p++) {
		cost[p] &= (1 << bits) - 1; /* few bits: many equals */
		want->metric[p % L] &= (1 << bits) - 1;
	}
	for (unsigned r = 0; r < KERN_POLAR_TURNS; r++)
		bytes_copy(want->turn[r], L, bytes_of(turns(env, 1), L));
	*got = *want;
	env->ref->polar_list_split(want, cost);
	env->kern->polar_list_split(got, cost);
	same = want->paths == got->paths;
	for (unsigned p = 0; same && p < want->paths; p++) {
		same = want->metric[p] == got->metric[p] && want->bit[p] == got->bit[p];
		for (unsigned r = 0; same && r < KERN_POLAR_TURNS; r++)
			same = want->turn[r][p] == got->turn[r][p];
	}
	for (unsigned r = 0; same && r < KERN_POLAR_TURNS; r++) /* of dead paths too they must be usable */
		for (unsigned p = 0; same && p < L; p++)
			same = got->turn[r][p] < L;
	return same;
}

static bool check_polar_list_signs(struct check_env *env)
{
	size_t n = power_of_two(env);
	const int16_t *in = llrs(env, n);
	uint8_t *want = check_buffer(n), *got = check_buffer(n);

	env->ref->polar_list_signs(want, in, n);
	env->kern->polar_list_signs(got, in, n);
	return memcmp(want, got, n) == 0;
}

static int16_t bench_in[2 * L * BENCH_LEN], bench_u[L * BENCH_LEN], bench_out[2 * L * BENCH_LEN];
static const uint8_t bench_turn[L];
static int32_t bench_cost[2 * L];
static uint8_t bench_signs[BENCH_LEN];
static struct kern_polar_list bench_list = { .paths = L, .list = L };

#define BENCH(name, units, call)                                                                             \
	static size_t bench_##name(struct check_env *env)                                                    \
	{                                                                                                    \
		for (size_t i = 0; i < 1000; i++)                                                            \
			env->kern->call;                                                                     \
		return 1000 * (units);                                                                       \
	}

BENCH(polar_list_f, BENCH_LEN *L, polar_list_f(bench_out, bench_in, bench_turn, BENCH_LEN))
BENCH(polar_list_g, BENCH_LEN *L,
	polar_list_g(bench_out, bench_in, bench_turn, bench_u, bench_turn, BENCH_LEN))
BENCH(polar_list_join, BENCH_LEN *L, polar_list_join(bench_out, bench_in, bench_turn, bench_u, BENCH_LEN))
BENCH(polar_list_costs, BENCH_LEN *L, polar_list_costs(bench_cost, bench_in, bench_turn, BENCH_LEN))
BENCH(polar_list_split, 1, polar_list_split(&bench_list, bench_cost))
BENCH(polar_list_signs, BENCH_LEN *L, polar_list_signs(bench_signs, bench_in, BENCH_LEN))

const struct check check_polar_list[] = {
	CHECK(polar_list_f, "LLR"),
	CHECK(polar_list_g, "LLR"),
	CHECK(polar_list_join, "bit"),
	CHECK(polar_list_costs, "LLR"),
	CHECK(polar_list_split, "split"),
	CHECK(polar_list_signs, "bit"),
	{ NULL },
};

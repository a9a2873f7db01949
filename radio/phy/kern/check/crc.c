/* Check of the kernel of cyclic redundancy checks. */
#include "radio/phy/kern/check/check.h"

static uint32_t times_x(uint32_t reg, uint32_t polynomial)
{
	return reg << 1 ^ (reg >> 31 ? polynomial : 0);
}

static void make_tables(struct kern_crc *c, uint32_t polynomial)
{
	static const size_t powers[] = { 576, 512, 192, 128 };

	for (size_t i = 0; i < 8 * 256; i++) {
		uint32_t reg = (uint32_t)(i % 256) << 24;

		for (size_t n = 0; n < 8 * (i / 256 + 1); n++)
			reg = times_x(reg, polynomial);
		c->slices[i / 256][i % 256] = reg;
	}
	for (size_t i = 0; i < 4; i++) {
		c->fold[i] = 1;
		for (size_t n = 0; n < powers[i]; n++)
			c->fold[i] = times_x(c->fold[i], polynomial);
	}
}

static bool check_crc(struct check_env *env)
{
	static struct kern_crc c;
	size_t n = check_range(env, 0, check_range(env, 0, 1) ? 40 : 1500);
	const uint8_t *in = check_noise(env, n);

	make_tables(&c, (uint32_t)check_random(env));
	return env->ref->crc(in, n, &c) == env->kern->crc(in, n, &c);
}

static size_t bench_crc(struct check_env *env)
{
	static struct kern_crc c;
	static uint8_t in[1056];
	static volatile uint32_t sink;

	for (unsigned i = 0; i < 100; i++)
		sink = env->kern->crc(in, sizeof(in), &c);
	(void)sink;
	return 100 * sizeof(in);
}

const struct check check_crc_kernel[] = {
	CHECK(crc, "octet"),
	{ NULL },
};

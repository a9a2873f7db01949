#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "radio/phy/kern/check/check.h"

enum {
	PAGE = 4096,
	MAPS_MAX = 256,
};

static struct {
	void *at;
	size_t size;
} maps[MAPS_MAX];
static size_t maps_used;

uint64_t check_random(struct check_env *env)
{
	uint64_t z = (env->seed += 0x9e3779b97f4a7c15u); /* splitmix64 */

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

size_t check_range(struct check_env *env, size_t lo, size_t hi)
{
	return lo + check_random(env) % (hi - lo + 1);
}

void *check_buffer(size_t size)
{
	size_t body = (size + PAGE - 1) / PAGE * PAGE;
	uint8_t *at = mmap(NULL, body + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED || maps_used == MAPS_MAX ||
		(body > 0 && mprotect(at + PAGE, body, PROT_READ | PROT_WRITE) != 0)) {
		fprintf(stderr, "kern_check: out of memory\n");
		exit(2);
	}
	maps[maps_used].at = at;
	maps[maps_used++].size = body + 2 * PAGE;
	return at + PAGE + body - size;
}

void *check_noise(struct check_env *env, size_t size)
{
	uint8_t *at = check_buffer(size);

	for (size_t i = 0; i < size; i++)
		at[i] = (uint8_t)check_random(env);
	return at;
}

void check_release(void)
{
	while (maps_used > 0) {
		maps_used--;
		munmap(maps[maps_used].at, maps[maps_used].size);
	}
}

/*
 * Compares every kernel at every level this processor has with its reference, times them, or lists the level
 * of each:
 *   kern_check [cases] | --bench [LIST] | --levels
 * A kernel without a check is a failure. LIST is what --levels wrote on another processor: a column of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "radio/phy/kern/check/check.h"

/* One line for each file of checks. */
static const struct check *const tables[] = {
	check_crc_kernel,
	check_ldpc,
	check_ldpc_decode,
	check_polar,
	check_demap,
	check_polar_list,
	check_map,
	check_gold,
	check_fft16,
	check_cf,
	check_fft,
	check_ratematch,
	check_chest,
	check_mmse,
	check_search,
};

static const struct check *check_at(size_t offset)
{
	for (size_t t = 0; t < ARRAY_LEN(tables); t++) {
		for (const struct check *c = tables[t]; c->name; c++) {
			if (c->offset == offset)
				return c;
		}
	}
	return NULL;
}

static const void *pointer_at(const struct kern *k, size_t offset)
{
	const void *p;

	bytes_copy(&p, sizeof(p), bytes_of((const uint8_t *)k + offset, sizeof(p)));
	return p;
}

/* The number of cases that failed, at most 1: the first is printed. */
static unsigned run(
	const struct check *c, const struct kern *ref, const struct kern *k, const char *level, size_t cases)
{
	for (size_t i = 0; i < cases; i++) {
		struct check_env env = { ref, k, i * 1000003 };
		bool ok = c->run(&env);

		check_release();
		if (!ok) {
			printf("%-24s %-10s FAILED at case %zu\n", c->name, level, i);
			return 1;
		}
	}
	return 0;
}

/* Nanoseconds a unit, the best of some rounds: what else the machine does counts for the others. */
static double bench(const struct check *c, const struct kern *k)
{
	double best = 1e9;

	for (unsigned round = 0; round < 10; round++) {
		struct check_env env = { k, k, 1 };
		clock_t start = clock();
		double units = 0, ns;

		do
			units += (double)c->bench(&env);
		while (clock() - start < CLOCKS_PER_SEC / 50);
		ns = (double)(clock() - start) * 1e9 / CLOCKS_PER_SEC / units;
		best = ns < best ? ns : best;
	}
	return best;
}

/* The best level that has a kernel of its own here. */
static enum kern_level level_of(const struct kern *kerns, enum kern_level best, size_t at)
{
	enum kern_level level = KERN_REFERENCE;

	for (enum kern_level l = KERN_REFERENCE + 1; l <= best; l++)
		if (pointer_at(&kerns[l], at) != pointer_at(&kerns[l - 1], at))
			level = l;
	return level;
}

static void list_levels(const struct kern *kerns, enum kern_level best)
{
	for (size_t at = 0; at < sizeof(struct kern); at += sizeof(void *))
		printf("%s %s\n", check_at(at)->name, kern_level_name(level_of(kerns, best, at)));
}

/* What a list says of a kernel; false if it does not. */
static bool listed(FILE *list, const char *kernel, char level[16])
{
	char name[64];

	if (fseek(list, 0, SEEK_SET) != 0)
		return false;
	while (fscanf(list, "%63s %15s", name, level) == 2)
		if (strcmp(name, kernel) == 0)
			return true;
	return false;
}

/* A row a kernel, a column a level: nanoseconds a unit, and how many times faster than the reference. list:
 * NULL for none. */
static void bench_all(const struct kern *kerns, enum kern_level best, FILE *list)
{
	char other[16];

	printf("%-18s %-8s %12s", "kernel", "ns per", kern_level_name(KERN_REFERENCE));
	for (enum kern_level level = KERN_REFERENCE + 1; level <= best; level++)
		printf(" %10s %8s", kern_level_name(level), "faster");
	printf(list ? " %s\n" : "\n", "equal on AArch64");
	for (size_t at = 0; at < sizeof(struct kern); at += sizeof(void *)) {
		const struct check *c = check_at(at);
		double reference;

		if (!c || !c->bench)
			continue;
		reference = bench(c, &kerns[KERN_REFERENCE]);
		printf("%-18s %-8s %12.4f", c->name, c->unit, reference);
		for (enum kern_level level = KERN_REFERENCE + 1; level <= best; level++) {
			double ns = bench(c, &kerns[level]);

			printf(" %10.4f %7.1fx", ns, reference / ns);
		}
		printf(list && listed(list, c->name, other) ? " %s\n" : "\n", other);
	}
}

int main(int argc, char **argv)
{
	static struct kern kerns[KERN_LEVELS];
	bool timing = argc > 1 && strcmp(argv[1], "--bench") == 0;
	bool listing = argc > 1 && strcmp(argv[1], "--levels") == 0;
	size_t cases = argc > 1 && !timing && !listing ? strtoul(argv[1], NULL, 10) : 300;
	enum kern_level best = kern_init(&kerns[0], KERN_LEVELS - 1);
	unsigned failed = 0;

	for (enum kern_level level = KERN_REFERENCE; level <= best; level++)
		kern_init(&kerns[level], level);
	for (size_t at = 0; at < sizeof(struct kern); at += sizeof(void *)) {
		const struct check *c = check_at(at);

		if (!c || !pointer_at(&kerns[0], at)) {
			printf("the kernel at offset %zu of struct kern has no %s\n", at,
				c ? "reference" : "check");
			failed++;
			continue;
		}
		for (enum kern_level level = KERN_REFERENCE; level <= best; level++)
			failed +=
				run(c, &kerns[KERN_REFERENCE], &kerns[level], kern_level_name(level), cases);
	}
	if (listing) {
		if (failed == 0)
			list_levels(kerns, best);
		return failed ? 1 : 0;
	}
	printf("%zu kernels up to %s, %zu cases each, %u failed\n", sizeof(struct kern) / sizeof(void *),
		kern_level_name(best), cases, failed);
	if (timing && failed == 0) {
		FILE *list = argc > 2 ? fopen(argv[2], "r") : NULL;

		bench_all(kerns, best, list);
		if (list)
			(void)fclose(list);
	}
	return failed ? 1 : 0;
}

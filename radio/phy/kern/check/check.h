/* What the checks of kernels share: seeded numbers, and buffers that end at a page nobody may touch. */
#pragma once

#include "radio/phy/kern/kern.h"

struct check_env {
	const struct kern *ref;  /* what is right */
	const struct kern *kern; /* the level under check */
	uint64_t seed;
};

/*
 * The check of one kernel: run() compares one case of random size and returns whether it agreed; bench() does
 * the kernel's typical work once with env->kern and returns its units (bits, samples); it may be NULL.
 */
struct check {
	const char *name;
	size_t offset; /* of the pointer in struct kern */
	bool (*run)(struct check_env *env);
	size_t (*bench)(struct check_env *env);
	const char *unit;
};

#define CHECK(kernel, unit_name)                                                                             \
	{ #kernel, offsetof(struct kern, kernel), check_##kernel, bench_##kernel, unit_name }

uint64_t check_random(struct check_env *env);

/* From lo to hi inclusive. */
size_t check_range(struct check_env *env, size_t lo, size_t hi);

/*
 * size octets that end at an inaccessible page (and begin after one when size is a multiple of the page), so
 * their alignment is that of the size. Freed by check_release(), all at once. Exits when memory is out.
 */
void *check_buffer(size_t size);

/* The same, filled with random octets. */
void *check_noise(struct check_env *env, size_t size);

void check_release(void);

/* Each file of checks: its table, which ends with a name of NULL; listed in kern_check.c. */
extern const struct check check_crc_kernel[];
extern const struct check check_ldpc[];
extern const struct check check_ldpc_decode[];
extern const struct check check_polar[];
extern const struct check check_demap[];
extern const struct check check_polar_list[];
extern const struct check check_map[];
extern const struct check check_gold[];
extern const struct check check_fft16[];
extern const struct check check_cf[];
extern const struct check check_fft[];
extern const struct check check_ratematch[];
extern const struct check check_chest[], check_mmse[];
extern const struct check check_search[];

/* Reading tests/vectors/ files for the unit tests of nas, pfcp and gtpu. */
#pragma once

#include "base/test.h"

enum { VECTOR_OCTETS_MAX = 4096, VECTOR_LINE_MAX = 2 * VECTOR_OCTETS_MAX + 128 };

/* Calls use for the octets of every line of a file; returns how many. Lines: hex, blank, source. */
static inline unsigned vectors_each(const char *path, void (*use)(struct bytes octets, const char *source))
{
	static char line[VECTOR_LINE_MAX];
	FILE *f = fopen(path, "r");
	unsigned n = 0;

	if (!f)
		fail_msg("no %s", path);
	while (f && fgets(line, sizeof(line), f)) {
		char *blank = strchr(line, ' ');
		uint8_t buf[VECTOR_OCTETS_MAX];

		if (line[0] == '#' || !blank)
			continue;
		*blank = '\0';
		use(test_hex(line, buf, sizeof(buf)), blank + 1);
		n++;
	}
	if (f)
		fclose(f);
	return n;
}

/* A copy in a block of exactly its size, so that the sanitizers see a read beyond it. */
static inline struct bytes exact_copy(struct bytes b)
{
	uint8_t *copy = malloc(b.len ? b.len : 1);

	if (!copy)
		abort();
	if (b.len)
		memcpy(copy, b.data, b.len);
	return bytes_of(copy, b.len);
}

static inline void exact_free(struct bytes b)
{
	free((void *)(uintptr_t)b.data);
}

/* Every truncation and every single-bit flip of the octets. */
static inline void vectors_damage(struct bytes octets, void (*use)(struct bytes octets))
{
	for (size_t len = 0; len < octets.len; len++) {
		struct bytes copy = exact_copy(bytes_of(octets.data, len));

		use(copy);
		exact_free(copy);
	}
	for (size_t bit = 0; bit < 8 * octets.len; bit++) {
		struct bytes copy = exact_copy(octets);

		((uint8_t *)(uintptr_t)copy.data)[bit / 8] ^= (uint8_t)(1 << bit % 8);
		use(copy);
		exact_free(copy);
	}
}

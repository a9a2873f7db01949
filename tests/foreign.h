/* Messages of other vendors' functions, recorded in their networks: tests/vectors, by capture and frame. */
#pragma once

#include "base/test.h"

#include <string.h>

/* The frame's n-th message (from 0) of a file of tests/vectors, in buf; fails the test when there is none. */
static inline struct bytes foreign_message(
	const char *file, const char *frame, unsigned n, void *buf, size_t cap)
{
	static char line[65536];
	char path[256];
	struct bytes octets = BYTES_NONE;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", VECTORS, file);
	f = fopen(path, "r");
	assert_non_null(f);
	while (octets.len == 0 && fgets(line, sizeof(line), f)) {
		char *source = strchr(line, ' ');

		if (line[0] == '#' || !source)
			continue;
		*source++ = '\0';
		source[strcspn(source, " *\n")] = '\0';
		if (!strcmp(source, frame) && n-- == 0)
			octets = test_hex(line, buf, cap);
	}
	fclose(f);
	if (octets.len == 0)
		fail_msg("%s has no %s", file, frame);
	return octets;
}

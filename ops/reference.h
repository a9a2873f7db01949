/*
 * What a configuration may hold, from its tables: every key with type, default and meaning, and an example
 * file with a comment for each.
 */
#pragma once

#include <stdio.h>

#include "base/config.h"

/* A paragraph a key: its path and type, then default, when a change is taken, and meaning. */
void reference_print(const struct config_section *root, FILE *to);

/* A value of the example, by the path of its key. */
struct reference_value {
	const char *path, *value;
};

/* A file with all keys: those with a value here stand, all others, with their defaults, are comments. Without
 * its first # such a line is a key. */
void reference_example(
	const struct config_section *root, const struct reference_value *values, size_t count, FILE *to);

extern const struct reference_value network_example[];
extern const size_t network_example_count;

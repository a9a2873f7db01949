/* Reading tests/vectors/ files for the unit tests of nas, pfcp and gtpu. */
#pragma once

#include "base/test.h"

enum { VECTOR_OCTETS_MAX = 4096, VECTOR_LINE_MAX = 2 * VECTOR_OCTETS_MAX + 128 };

/* Calls use for the octets of every line of a file; returns how many. Lines: hex, blank, source. */
unsigned vectors_each(const char *path, void (*use)(struct bytes octets, const char *source));

/* A copy in a block of exactly its size, so that the sanitizers see a read beyond it. */
struct bytes exact_copy(struct bytes b);

void exact_free(struct bytes b);

/* Every truncation and every single-bit flip of the octets. */
void vectors_damage(struct bytes octets, void (*use)(struct bytes octets));

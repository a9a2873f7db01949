/* For the tests of the protocols over PER: vectors from files, and what holds for any input at all. */
#pragma once

#include "base/test.h"
#include "wire/per/per.h"

enum {
	VECTOR_MAX = 32768,       /* octets of a vector */
	VECTOR_ARENA = 1 << 20,   /* octets in which any of them decodes */
	VECTOR_PRINTED = 1 << 20, /* octets of text that any of them prints */
};

/* A message of whatever protocol, for the tests below. */
struct vector_codec {
	/* decodes in; *value is what encode and print take */
	bool (*decode)(struct bytes in, struct arena *arena, void **value, struct per_diag *diag);
	bool (*encode)(const void *value, struct writer *w);
	void (*print)(const void *value, struct printer *p);
};

struct vector {
	struct bytes octets;
	char source[96];
	bool deviates; /* marked *: the sender's criticality is not the standard's */
};

/* Calls each with all lines of a file of tests/vectors; returns how many. */
size_t vectors_each(const char *file, void (*each)(const struct vector *v, const void *arg), const void *arg);

/* A copy in memory of its own size, so that a sanitizer sees every octet read beyond it. */
uint8_t *vector_exact(struct bytes b);

/*
 * Whatever in is: decoding ends; what it accepts can be encoded; that decodes to what encodes to the
 * same octets; what it refuses can be read. Returns whether it was accepted.
 */
bool vector_hold(const struct vector_codec *codec, struct bytes in, bool print);

/* Every truncation, every octet replaced by each of some values, every single bit flipped. */
void vector_mutate(const struct vector_codec *codec, struct bytes original, bool print);

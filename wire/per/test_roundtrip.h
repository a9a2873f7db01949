/* For the unit tests of wire/per: a value and its two encodings. */
#pragma once

#include "base/test.h"
#include "wire/per/per.h"

enum {
	TRIP_MAX = 512,     /* octets of an encoding */
	TRIP_ARENA = 16384, /* octets in which it decodes */
};

/* Decodes octets of rule to what encodes to them again. */
void trip_decode(const struct per_type *type, enum per_rule rule, const char *hex);

/* The value encodes to the hex of each variant, and they decode and encode again. */
void round_trip(const struct per_type *type, const void *value, size_t size, const char *aligned,
	const char *unaligned);

void refuse_encode(const struct per_type *type, const void *value);

void refuse_decode(const struct per_type *type, enum per_rule rule, const char *hex);

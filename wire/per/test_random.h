/*
 * For the tests of the protocols over PER: random valid values of any type, made from its descriptor,
 * so that every type of a protocol is encoded and decoded.
 */
#pragma once

#include "base/test.h"
#include "wire/per/type.h"

/*
 * seeds random values of type: each encodes, decodes to what may be processed, and encodes again to
 * the same octets. each, if given, gets every encoding.
 */
void random_check(const struct per_type *type, enum per_rule rule, unsigned seeds, int budget,
	void (*each)(struct bytes encoded));

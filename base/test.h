/* What every unit test includes: cmocka with the headers it wants before itself, and hex literals. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/bytes.h"

/* Octets of a hex string ("00ff", blanks allowed) in buf of cap octets; fails the test on anything else. */
static inline struct bytes test_hex(const char *hex, void *buf, size_t cap)
{
	uint8_t *out = buf;
	size_t n = 0;
	unsigned v;

	for (; *hex; hex++) {
		if (*hex == ' ' || *hex == '\n' || *hex == '\t')
			continue;
		if (n >= cap || sscanf(hex, "%2x", &v) != 1)
			fail_msg("bad hex at %.10s", hex);
		out[n++] = (uint8_t)v;
		hex++;
	}
	return bytes_of(buf, n);
}

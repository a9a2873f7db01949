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

#ifdef __clang_analyzer__
/* It does not see into cmocka, where an assertion that fails never returns. */
#undef assert_true
#undef assert_false
#undef assert_non_null
#undef assert_null
#undef assert_int_equal
#undef assert_int_not_equal
#undef assert_ptr_equal
#undef fail
#undef fail_msg
#define assert_true(c)     ((c) ? (void)0 : abort())
#define assert_false(c)    ((c) ? abort() : (void)0)
#define assert_non_null(p) ((p) ? (void)0 : abort())
#define assert_null(p)     ((p) ? abort() : (void)0)
#define assert_int_equal(a, b)                                                                               \
	(cast_to_largest_integral_type(a) == cast_to_largest_integral_type(b) ? (void)0 : abort())
#define assert_int_not_equal(a, b)                                                                           \
	(cast_to_largest_integral_type(a) == cast_to_largest_integral_type(b) ? abort() : (void)0)
#define assert_ptr_equal(a, b)                                                                               \
	(cast_ptr_to_largest_integral_type(a) == cast_ptr_to_largest_integral_type(b) ? (void)0 : abort())
#define fail()        abort()
#define fail_msg(...) abort()
#endif

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

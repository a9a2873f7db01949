/* Results that a caller may not overlook: the compiler refuses a call that drops one. */
#pragma once

#include <stdbool.h>

/* Before a prototype whose result is whether it worked, or may be NULL. */
#define MUST_USE __attribute__((warn_unused_result))

/* Where going on is right whether it worked or not; a comment at the call gives the reason. */
static inline void may_fail(bool worked)
{
	(void)worked;
}

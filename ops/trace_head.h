/* What the core says of a page of messages (core/trace_control.c). */
#pragma once

#include "base/cursor.h"

struct trace_head {
	uint64_t place, lost, back_ms;
	bool known, more;
};

/* False: it is none. */
MUST_USE bool trace_head_read(struct cursor *c, struct trace_head *h);

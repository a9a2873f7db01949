/*
 * What must hold of the signalling that a core keeps for traces: nobody's trace has a message of somebody
 * else. Asked as an operator would, of every subscriber that the ring knows.
 */
#pragma once

#include "core/internal.h"

/* NULL: it holds; else what does not, in a static buffer. seids: no two sessions at the UPF have the same. */
const char *trace_check(struct core *core, bool seids);

/* A page of a subscriber's trace, as the control port gives it: its head's numbers, and its messages. */
struct trace_page {
	uint64_t place, lost;
	bool known, more;
	struct cursor messages;
};

/* False: refused; then `messages` is over the answer. */
bool trace_page(struct core *core, const char *imsi, const char *place, struct trace_page *out);

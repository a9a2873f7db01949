/* The radio of a UE by samples as a line a second on standard output. */
#pragma once

#include "io/loop.h"
#include "ue/air.h"

struct ue_live {
	struct loop_hook hook;
	struct loop *loop;
	const struct ue_host *host;
	const char *prefix; /* of the line; NULL: none */
	uint64_t due_ns;
	struct ue_air_state before;
};

/* Until ue_live_end(). */
void ue_live_begin(struct ue_live *l, struct loop *loop, const struct ue_host *host, const char *prefix);
void ue_live_end(struct ue_live *l);

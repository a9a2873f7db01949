/*
 * What a change of network.yaml takes, as the keeper writes it (ops/network_change.h), and whom it
 * interrupts, as the core counts it.
 */
#pragma once

#include "base/cursor.h"

struct change_line {
	struct bytes key, when, parts, interrupted;
	bool counted; /* something goes by it: */
	uint64_t ues, sessions;
};

/* What the core is to be asked; nothing where nothing goes. */
void change_question(struct bytes changes, struct writer *w);
/* The next of both, the core's answer being empty where it was not asked. False: there is none. */
bool change_next(struct bytes *changes, struct bytes *counts, struct change_line *out);

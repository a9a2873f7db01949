/* Counters: a room has an enum of them, an array of values and a table of names. */
#pragma once

#include "base/cursor.h"

struct stat_def {
	const char *name; /* snake_case, unit last, e.g. "ngap_decode_errors" */
	const char *help;
};

struct stats {
	const char *room;
	const struct stat_def *defs;
	const uint64_t *values;
	size_t count;
};

/* One line a counter, "room_name value", as text for operators and scrapers. False when it does not fit. */
MUST_USE bool stats_print(const struct stats *s, struct writer *w);

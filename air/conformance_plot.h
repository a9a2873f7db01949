/* The margins to requirements as a chart. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { CONFORMANCE_SERIES = 7 };

/* What was measured of one kind of requirements, in their order. */
struct conformance_margins {
	const char *name;
	double *db; /* of each; below 0, or -INFINITY, is missed */
	size_t n;
};

/* A point a requirement, kind after kind, over what is required. False without any, or when writing fails. */
bool conformance_plot(const struct conformance_margins kinds[CONFORMANCE_SERIES], FILE *to);

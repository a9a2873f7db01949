/* The figures of a process of ours, and freehold help families. */
#pragma once

#include <stdio.h>

#include "ops/figures.h"

struct figures_build app_build(const char *part, const char *name);

/* Every family that a process of ours may give, as text for tools/manual.py. */
void metrics_reference(FILE *to);

/* freehold demo: a whole network on one machine, shown step by step. */
#pragma once

#include "ops/options.h"

/* Returns the exit status. */
int demo_run(struct options *args);

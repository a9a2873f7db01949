/* `freehold link --conformance`: the performance requirements of TS 38.104 8.2, measured. */
#pragma once

#include <signal.h>

#include "ops/options.h"

/* Prints a row a requirement. 0, 1 when one is missed or *interrupted, 2 for what cannot be done. */
int conformance_run(struct options *args, const volatile sig_atomic_t *interrupted);

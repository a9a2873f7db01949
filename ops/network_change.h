/* What a change of network.yaml takes: key by key, whether processes take it while they run, and what is
 * interrupted if not. */
#pragma once

#include "ops/network.h"

/* "KEY\tlive\t\t" or "KEY\trestart\tPARTS\tWHAT IS INTERRUPTED" a line, for each key that differs. */
void network_change_print(const struct network *old, const struct network *now, struct writer *w);

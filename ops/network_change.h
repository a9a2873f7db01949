/* What a change of network.yaml takes: key by key, whether processes take it while they run, and what is
 * interrupted. */
#pragma once

#include "ops/network.h"

/*
 * "KEY\tlive\tPARTS\tWHAT IS INTERRUPTED" or "KEY\trestart\t..." a line, for each key that differs; where
 * something goes by it lines follow that begin with a tab, then as the core's command "interrupted" has them
 * (console/change_lines.h reads them).
 */
void network_change_print(const struct network *old, const struct network *now, struct writer *w);

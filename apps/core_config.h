/* From network.yaml to the configuration of the core's functions. */
#pragma once

#include "core/core.h"
#include "ops/network.h"

/* All but the sealing key, which is not in the file. */
void core_config_from(const struct network *n, struct core_config *c);

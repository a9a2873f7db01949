/* Limits that the configuration leaves to the memory there is (octets): half for the core, a quarter a UPF.
 */
#pragma once

#include "core/core.h"
#include "core/upf/upf.h"

void capacity_core(struct core_config *c, uint64_t memory_octets);
void capacity_upf(struct upf_config *c, uint64_t memory_octets);

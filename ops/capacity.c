/*
 * How many UEs and sessions there is room for, where the configuration does not say: by the memory of the
 * machine, so that what comes beyond it is refused by a cause and not by a killed process.
 */
#include "ops/capacity.h"

/* What one costs, with what is under way and the allocator's share; tests/bench/bench_million.py measures it.
 */
enum {
	CAPACITY_UE_OCTETS = 8192,      /* in the core, with a session */
	CAPACITY_SESSION_OCTETS = 4096, /* in the UPF */
	CAPACITY_MIN = 1024,            /* however small the machine */
};

static uint32_t limit(uint64_t octets, uint32_t each, uint32_t max)
{
	uint64_t n = octets / each;

	return n < CAPACITY_MIN ? CAPACITY_MIN : n > max ? max : (uint32_t)n;
}

void capacity_core(struct core_config *c, uint64_t memory_octets)
{
	uint64_t ring = (uint64_t)c->trace_ring_mib << 20;

	memory_octets -= ring < memory_octets ? ring : memory_octets;
	for (uint8_t i = 0; i < c->amf_count; i++)
		if (!c->amfs[i].ues_max)
			c->amfs[i].ues_max = limit(memory_octets / 2, CAPACITY_UE_OCTETS, AMF_UES_MAX);
	if (!c->smf.sessions_max)
		c->smf.sessions_max = limit(memory_octets / 2, CAPACITY_UE_OCTETS, SMF_SESSIONS_MAX);
}

void capacity_upf(struct upf_config *c, uint64_t memory_octets)
{
	if (!c->sessions_max)
		c->sessions_max = limit(memory_octets / 4, CAPACITY_SESSION_OCTETS, UPF_SESSIONS_MAX);
}

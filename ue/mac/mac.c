#include "ue/mac/mac.h"

#include <stdlib.h>

#include "ue/mac/entity.h"

static void reset(struct ue_mac *m)
{
	ue_mac_bsr_reset(m);
	for (uint8_t i = 0; i < UE_MAC_SR_CONFIGS; i++)
		m->sr[i] = (struct ue_mac_sr){ .pending = false };
	m->random_access = false;
	m->phr.triggered = m->phr.begun = false;
	m->phr.periodic_ns = UE_MAC_NEVER;
	m->phr.prohibit_ns = 0;
	for (uint8_t lcid = 1; lcid <= UE_MAC_LCID_MAX; lcid++)
		m->channels[lcid].bucket = 0;
}

struct ue_mac *ue_mac_new(const struct ue_mac_config *config)
{
	struct ue_mac *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	reset(m);
	ue_mac_configure(m, config, 0);
	return m;
}

void ue_mac_free(struct ue_mac *m)
{
	free(m);
}

void ue_mac_reset(struct ue_mac *m)
{
	reset(m);
}

void ue_mac_configure(struct ue_mac *m, const struct ue_mac_config *config, uint64_t now_ns)
{
	m->config = *config;
	if (m->config.phr)
		m->phr.triggered = true;
	if (m->bsr.periodic_ns != UE_MAC_NEVER)
		m->bsr.periodic_ns = ue_mac_after(now_ns, config->periodic_bsr_ms);
}

void ue_mac_run(struct ue_mac *m, int path_loss_db, uint64_t now_ns)
{
	ue_mac_bsr_run(m, now_ns);
	ue_mac_phr_run(m, path_loss_db, now_ns);
}

bool ue_mac_is_quiet(const struct ue_mac *m, uint64_t now_ns)
{
	if (m->random_access || m->bsr.regular)
		return false;
	for (uint8_t i = 0; i < UE_MAC_SR_CONFIGS; i++)
		if (m->sr[i].pending)
			return false;
	for (uint8_t i = 0; i < m->count; i++)
		if (ue_mac_data(&m->channels[m->by_priority[i]], now_ns) > 0)
			return false;
	return true;
}

struct ue_mac_stats ue_mac_stats(const struct ue_mac *m)
{
	return m->stats;
}

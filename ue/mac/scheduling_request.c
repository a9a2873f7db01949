/* Scheduling requests (38.321 5.4.4). */
#include "ue/mac/entity.h"

void ue_mac_sr_trigger(struct ue_mac *m, uint8_t lcid)
{
	uint8_t id = m->channels[lcid].c.sr;
	struct ue_mac_sr *sr;

	if (id == UE_MAC_NO_SR || !m->config.sr[id].there || !m->config.sr[id].on_pucch) {
		m->random_access = true;
		return;
	}
	sr = &m->sr[id];
	if (!sr->pending)
		sr->counter = 0;
	sr->pending = true;
}

void ue_mac_sr_cancel(struct ue_mac *m)
{
	for (uint8_t i = 0; i < UE_MAC_SR_CONFIGS; i++) {
		m->sr[i].pending = false;
		m->sr[i].prohibit_ns = 0;
	}
	m->random_access = false;
}

bool ue_mac_sr_is_pending(const struct ue_mac *m)
{
	for (uint8_t i = 0; i < UE_MAC_SR_CONFIGS; i++)
		if (m->sr[i].pending && m->sr[i].counter > 0)
			return true;
	return false;
}

enum ue_mac_wish ue_mac_wish(const struct ue_mac *m, uint8_t *sr, uint64_t now_ns)
{
	if (m->random_access)
		return UE_MAC_RANDOM_ACCESS;
	for (uint8_t i = 0; i < UE_MAC_SR_CONFIGS; i++) {
		if (!m->sr[i].pending || m->sr[i].prohibit_ns > now_ns)
			continue;
		*sr = i;
		return UE_MAC_SCHEDULING_REQUEST;
	}
	return UE_MAC_NOTHING;
}

bool ue_mac_sr_send(struct ue_mac *m, uint8_t id, uint64_t now_ns)
{
	struct ue_mac_sr *sr = &m->sr[id];

	if (sr->counter >= m->config.sr[id].trans_max) {
		m->stats.sr_failed++;
		ue_mac_sr_cancel(m);
		m->random_access = true;
		return false;
	}
	sr->counter++;
	sr->prohibit_ns = ue_mac_after(now_ns, m->config.sr[id].prohibit_ms);
	m->stats.sr_sent++;
	return true;
}

void ue_mac_sr_release(struct ue_mac *m)
{
	bool pending = m->random_access;

	for (uint8_t i = 0; i < UE_MAC_SR_CONFIGS; i++) {
		m->config.sr[i].on_pucch = false;
		pending = pending || m->sr[i].pending;
	}
	ue_mac_sr_cancel(m);
	m->random_access = pending;
}

void ue_mac_random_access_begun(struct ue_mac *m)
{
	ue_mac_sr_cancel(m);
}

/* Logical channels, their order and their buckets (38.321 5.4.3.1.1). */
#include <stdlib.h>

#include "ue/mac/entity.h"

enum { PRIORITY_MAX = 16, BUCKET_UNIT = 1000 };

static void sort(struct ue_mac *m)
{
	m->count = 0;
	for (uint8_t priority = 1; priority <= PRIORITY_MAX; priority++)
		for (uint8_t lcid = 1; lcid <= UE_MAC_LCID_MAX; lcid++)
			if (m->channels[lcid].rlc && m->channels[lcid].c.priority == priority)
				m->by_priority[m->count++] = lcid;
}

bool ue_mac_channel_set(
	struct ue_mac *m, const struct ue_mac_channel_config *c, struct rlc *rlc, uint64_t now_ns)
{
	struct ue_mac_channel *channel;

	if (c->lcid == 0 || c->lcid > UE_MAC_LCID_MAX || c->priority == 0 || c->priority > PRIORITY_MAX ||
		(c->lcg >= MAC_LCGS && c->lcg != UE_MAC_NO_LCG) ||
		(c->sr >= UE_MAC_SR_CONFIGS && c->sr != UE_MAC_NO_SR))
		return false;
	channel = &m->channels[c->lcid];
	if (!channel->rlc)
		*channel = (struct ue_mac_channel){ .bucket_ns = now_ns };
	channel->c = *c;
	channel->rlc = rlc;
	sort(m);
	return true;
}

void ue_mac_channel_release(struct ue_mac *m, uint8_t lcid)
{
	if (lcid == 0 || lcid > UE_MAC_LCID_MAX)
		return;
	m->channels[lcid] = (struct ue_mac_channel){ .rlc = NULL };
	sort(m);
}

size_t ue_mac_data(const struct ue_mac_channel *c, uint64_t now_ns)
{
	return rlc_data_volume(c->rlc, now_ns);
}

void ue_mac_fill_buckets(struct ue_mac *m, uint64_t now_ns)
{
	for (uint8_t i = 0; i < m->count; i++) {
		struct ue_mac_channel *c = &m->channels[m->by_priority[i]];
		int64_t rate = c->c.prioritised_octets_s, most = rate * c->c.bucket_ms / BUCKET_UNIT;
		uint64_t us = (now_ns - c->bucket_ns) / 1000;
		int64_t more = us > 60000000 ? most : rate * (int64_t)us / 1000000;

		if (c->c.prioritised_octets_s == UE_MAC_INFINITY)
			continue;
		if (more == 0 && rate > 0)
			continue; /* too short a time for an octet: it counts next time */
		c->bucket_ns = now_ns;
		c->bucket = c->bucket + more < most ? c->bucket + more : most;
	}
}

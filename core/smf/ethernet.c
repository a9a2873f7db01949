/* Ethernet addresses behind a UE, as the UPF reports them: 23.501 5.6.10.2, 29.244 5.13.3. */
#include <stdlib.h>

#include "core/smf/ethernet.h"
#include "core/smf/internal.h"

static void mac_remove(struct smf_ethernet *e, uint64_t mac)
{
	for (uint8_t i = 0; i < e->mac_count; i++)
		if (e->macs[i] == mac) {
			e->macs[i] = e->macs[--e->mac_count];
			return;
		}
}

bool smf_ethernet_add(struct smf_session *s, uint64_t mac)
{
	struct smf_ethernet *e = s->ethernet;

	if (!e)
		e = s->ethernet = calloc(1, sizeof(*e));
	for (uint8_t i = 0; e && i < e->mac_count; i++)
		if (e->macs[i] == mac)
			return false;
	if (!e || e->mac_count == SMF_MACS_MAX)
		return false;
	e->macs[e->mac_count++] = mac;
	return true;
}

void smf_ethernet_take(struct smf *smf, struct smf_session *s, const struct pfcp_usage_report *report)
{
	const struct pfcp_ethernet_traffic_information *i = &report->ethernet_traffic_information;

	if (!report->has_ethernet_traffic_information || s->type != NAS_PDU_ETHERNET)
		return;
	for (size_t n = 0; s->ethernet && n < i->removed_count; n++)
		for (size_t k = 0; k < i->removed[n].mac_count; k++)
			mac_remove(s->ethernet, i->removed[n].mac[k]);
	for (size_t n = 0; n < i->detected_count; n++)
		for (size_t k = 0; k < i->detected[n].mac_count; k++)
			if (smf_ethernet_add(s, i->detected[n].mac[k]))
				log_info(smf->nf.env->log,
					"imsi-%s: PDU session %u: %012llx is behind the UE", s->supi.imsi,
					s->pdu_session_id, (unsigned long long)i->detected[n].mac[k]);
}

/* Usage reports of the UPFs (29.244 7.5.8.3): what of them is a session's, and what a flow's. */
#include "core/smf/ethernet.h"
#include "core/smf/modification.h"

struct octets {
	uint64_t uplink, downlink;
};

/* Of a dedicated flow, that may have gone meanwhile. */
static void n4_flow_usage(struct smf *smf, struct smf_session *s, uint32_t urr_id, const struct octets *more)
{
	for (uint8_t i = 0; i < s->flows.count; i++) {
		struct smf_flow *f = smf_flow_at(&s->flows, i);

		if (!f->match || n4_urr_flow(f->rule_id) != urr_id)
			continue;
		f->match->uplink_octets += more->uplink;
		f->match->downlink_octets += more->downlink;
		f->match->used += f->match->usage_threshold ? more->uplink + more->downlink : 0;
		if (f->match->usage_threshold && f->match->used >= f->match->usage_threshold)
			smf_policy_used(smf, s, f);
	}
}

void smf_n4_usage(
	struct smf *smf, struct smf_session *s, const struct pfcp_usage_report *reports, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct pfcp_volume *v = &reports[i].volume_measurement;
		bool counts = reports[i].has_volume_measurement;
		struct octets more = { counts && v->has_uplink ? v->uplink : 0,
			counts && v->has_downlink ? v->downlink : 0 };

		if (reports[i].urr_id == URR_SESSION) {
			smf_ethernet_take(smf, s, &reports[i]);
			s->uplink_octets += more.uplink;
			s->downlink_octets += more.downlink;
		} else {
			n4_flow_usage(smf, s, reports[i].urr_id, &more);
		}
	}
}

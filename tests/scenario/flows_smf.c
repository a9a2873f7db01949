/* The flows of sessions as the SMF has them. */
#include "core/smf/internal.h"
#include "tests/scenario/flows.h"

bool scn_smf_flows_next(struct smf *smf, uint32_t *at, struct scn_smf_flows *out)
{
	const struct smf_session *s;

	while ((s = pool_next(&smf->sessions, at)) && (s->gone || s->state == SM_DELETING))
		++*at;
	if (!s)
		return false;
	++*at;
	*out = (struct scn_smf_flows){ .supi = s->supi,
		.psi = s->pdu_session_id,
		.ul_teid = s->uplink.teid,
		.active = s->up == UP_ACTIVE,
		.busy = s->modification || s->state != SM_ESTABLISHED };
	for (uint8_t i = 0; i < s->flows.count; i++) {
		const struct smf_flow *f = smf_flow_get(&s->flows, i);

		out->wanted |= (uint64_t)!f->leaving << f->qfi;
		out->at_upf |= (uint64_t)((f->at & FLOW_AT_UPF) != 0) << f->qfi;
		out->busy |= f->leaving;
		out->uplink_octets += f->match ? f->match->uplink_octets : 0;
		out->downlink_octets += f->match ? f->match->downlink_octets : 0;
	}
	return true;
}

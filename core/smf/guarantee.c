/* What the rules of a data network are guaranteed together, counted as they come and go. */
#include "core/smf/modification.h"

struct ambr *smf_guaranteed(struct smf *smf, const struct smf_session *s)
{
	return &smf->guaranteed[s->dnn - smf->config.dnns];
}

void smf_guarantee_count(struct smf *smf, const struct smf_session *s, const struct smf_flow *f, bool begins)
{
	struct ambr *used = smf_guaranteed(smf, s);

	if (!f->match || f->leaving)
		return;
	used->uplink_bps += begins ? f->match->gbr.uplink_bps : -f->match->gbr.uplink_bps;
	used->downlink_bps += begins ? f->match->gbr.downlink_bps : -f->match->gbr.downlink_bps;
}

void smf_guarantee_count_all(struct smf *smf, const struct smf_session *s, bool begin)
{
	for (uint8_t i = 1; i < s->flows.count; i++)
		smf_guarantee_count(smf, s, smf_flow_get(&s->flows, i), begin);
}

void smf_flow_leave(struct smf *smf, const struct smf_session *s, struct smf_flow *f)
{
	smf_guarantee_count(smf, s, f, false);
	f->leaving = true;
}

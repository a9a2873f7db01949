/* What is kept of a modification under way, beside its session. */
#include <stdlib.h>

#include "core/smf/modification.h"
#include "core/smf/relocation.h"

bool smf_modification_begin(struct smf *smf, struct smf_session *s)
{
	if (!s->modification)
		s->modification = calloc(1, sizeof(*s->modification));
	if (!s->modification) {
		smf->stat[SMF_STAT_EXHAUSTED]++;
		return false;
	}
	s->modification->s = s;
	return true;
}

void smf_modification_end(struct smf *smf, struct smf_session *s)
{
	if (!s->modification)
		return;
	timer_stop(&smf->nf.timers, &s->modification->timer);
	free(s->modification);
	s->modification = NULL;
	s->md = MD_NONE;
}

bool smf_modification_is_due(const struct smf_session *s)
{
	bool due = s->ambr_gnb_old || s->ambr_ue_old || smf_relocation_is_due(s);

	for (uint8_t i = 0; i < s->flows.count && !due; i++)
		due = smf_flow_gnb_due(smf_flow_get(&s->flows, i)) ||
		      smf_flow_ue_due(smf_flow_get(&s->flows, i));
	return due;
}

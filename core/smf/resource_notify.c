/* PDU session resource notify, 38.413 8.2.4: what a gNB says of flows that it has. */
#include "core/smf/modification.h"

/* What it has released goes everywhere, and the PCF is told of what it does not guarantee.
 */
enum fsm_outcome smf_modify_notified(void *room, void *context, const void *arg)
{
	struct smf *smf = room;
	struct smf_session *s = context;
	const struct sm_update *u = arg;
	struct n2_notice n;

	if (!smf_n2_sm_notify(smf, u->req->data.n2_sm_info, &n)) {
		smf->stat[SMF_STAT_N2_REFUSED]++;
		smf_n11_reply(u, SBI_N2_SM_ERROR, NULL);
		return FSM_OK;
	}
	smf_n11_reply(u, SBI_OK, NULL);
	for (uint8_t i = 1; i < s->flows.count; i++) {
		struct smf_flow *f = smf_flow_at(&s->flows, i);

		if ((n.not_fulfilled | n.fulfilled) >> f->qfi & 1 && f->match->notify)
			smf_policy_notice(smf, s, f, n.fulfilled >> f->qfi & 1);
		if (!(n.released >> f->qfi & 1))
			continue;
		f->at &= (uint16_t)~FLOW_OF_GNB;
		smf_flow_fail(smf, s, f, FAILURE_CODE_RES_ALLO_FAIL);
	}
	smf_session_dirty(smf, s);
	smf_session_event(smf, s, SM_EV_MODIFY, NULL);
	return FSM_OK;
}

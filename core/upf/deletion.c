/*
 * PFCP session deletion, 29.244 6.3.4 and 7.5.6.
 *
 *   SMF                                  UPF
 *    |-- Session Deletion Request -------->|    7.5.6
 *    |   (no worker sees the session)      |    answer.c: last counts
 *    |<- Session Deletion Response --------|    7.5.7, with the usage
 */
#include "core/upf/internal.h"

void upf_on_deletion(struct upf *upf, const struct pfcp_origin *from, const struct pfcp_msg *request)
{
	struct upf_smf *smf = upf_smf_of(from->peer);
	struct upf_session *s = upf_session_find(upf, smf, request->seid);
	struct upf_answer *a;

	if (!s) {
		upf->stat[UPF_STAT_REJECTED]++;
		pfcp_respond_cause(from, 0,
			smf->associated ? PFCP_CAUSE_SESSION_NOT_FOUND : PFCP_CAUSE_NO_ASSOCIATION, 0);
		return;
	}
	a = upf_answer_new(upf, from, s->cp_seid);
	if (!a) {
		upf->stat[UPF_STAT_REJECTED]++;
		pfcp_respond_cause(from, s->cp_seid, PFCP_CAUSE_NO_RESOURCES, 0);
		return;
	}
	for (uint8_t i = 0; i < s->rules->urr_count; i++)
		upf_answer_usage(a, upf_rules_urrs(s->rules)[i], PFCP_USAGE_TERMR, NULL);
	upf->stat[UPF_STAT_DELETED]++;
	upf_session_free(upf, s, a);
}

void upf_delete_all(struct upf *upf, struct upf_smf *smf)
{
	list_each(l, tmp, &smf->sessions)
	{
		upf->stat[UPF_STAT_DELETED]++;
		upf_session_free(upf, container_of(l, struct upf_session, by_smf), NULL);
	}
}

/* PFCP session deletion, 29.244 6.3.4 and 7.5.6. */
#include "core/upf/internal.h"

void upf_on_deletion(struct upf *upf, const struct pfcp_origin *from, const struct pfcp_msg *request)
{
	struct upf_smf *smf = upf_smf_of(from->peer);
	struct upf_session *s = upf_session_find(upf, smf, request->seid);
	struct pfcp_usage_report usage[UPF_URRS_MAX];
	struct pfcp_msg m = { .has_seid = true };
	struct pfcp_session_deletion_response *r = &m.session_deletion_response;

	if (!s) {
		upf->stat[UPF_STAT_REJECTED]++;
		pfcp_respond_cause(from, 0,
			smf->associated ? PFCP_CAUSE_SESSION_NOT_FOUND : PFCP_CAUSE_NO_ASSOCIATION, 0);
		return;
	}
	m.seid = s->cp_seid;
	r->cause = PFCP_CAUSE_ACCEPTED;
	r->usage_report = usage;
	for (uint8_t i = 0; i < s->rules->urr_count; i++)
		upf_urr_report(
			upf, upf_rules_urrs(s->rules)[i], PFCP_USAGE_TERMR, &usage[r->usage_report_count++]);
	upf->stat[UPF_STAT_DELETED]++;
	upf_session_free(upf, s);
	pfcp_respond(from, &m);
}

void upf_delete_all(struct upf *upf, struct upf_smf *smf)
{
	list_each(l, tmp, &smf->sessions)
	{
		upf->stat[UPF_STAT_DELETED]++;
		upf_session_free(upf, container_of(l, struct upf_session, by_smf));
	}
}

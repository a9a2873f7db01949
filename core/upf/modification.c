/*
 * PFCP session modification, 29.244 6.3.3 and 7.5.4.
 *
 *   SMF                                      UPF
 *    |-- Session Modification Request -------->|    7.5.4: rules created, updated, removed; a draft
 *    |   (no worker sees the rules before)     |    answer.c: last counts, End Marker to the old tunnel
 *    |<- Session Modification Response --------|    7.5.5
 */
#include "core/upf/internal.h"

static bool modification_supported(struct upf_draft *d, const struct pfcp_session_modification_request *r)
{
	if (r->remove_traffic_endpoint_count || r->create_traffic_endpoint_count ||
		r->update_traffic_endpoint_count || r->remove_mar_count || r->update_mar_count ||
		r->create_mar_count || r->remove_srr_count || r->create_srr_count || r->update_srr_count)
		return upf_refuse(d, PFCP_CAUSE_SERVICE_NOT_SUPPORTED, 0);
	return true;
}

static bool modification_removes(struct upf_draft *d, const struct pfcp_session_modification_request *r)
{
	for (size_t i = 0; i < r->remove_pdr_count; i++)
		if (!upf_pdr_remove(d, r->remove_pdr[i].pdr_id))
			return false;
	for (size_t i = 0; i < r->remove_far_count; i++)
		if (!upf_far_remove(d, r->remove_far[i].far_id))
			return false;
	for (size_t i = 0; i < r->remove_urr_count; i++)
		if (!upf_urr_remove(d, r->remove_urr[i].urr_id))
			return false;
	for (size_t i = 0; i < r->remove_qer_count; i++)
		if (!upf_qer_remove(d, r->remove_qer[i].qer_id))
			return false;
	return !r->has_remove_bar || upf_bar_remove(d, r->remove_bar.bar_id);
}

static bool modification_updates(struct upf_draft *d, const struct pfcp_session_modification_request *r)
{
	if (r->has_update_bar && !upf_bar_update(d, &r->update_bar))
		return false;
	for (size_t i = 0; i < r->update_far_count; i++)
		if (!upf_far_update(d, &r->update_far[i]))
			return false;
	for (size_t i = 0; i < r->update_qer_count; i++)
		if (!upf_qer_update(d, &r->update_qer[i]))
			return false;
	for (size_t i = 0; i < r->update_urr_count; i++)
		if (!upf_urr_update(d, &r->update_urr[i]))
			return false;
	for (size_t i = 0; i < r->update_pdr_count; i++)
		if (!upf_pdr_update(d, &r->update_pdr[i]))
			return false;
	return true;
}

/* The URRs asked about exist; another session may not come to have the UE's address. */
static bool modification_check(struct upf_draft *d, const struct pfcp_session_modification_request *r)
{
	const struct upf_table *t = &d->upf->data.by_ue_ip;
	const struct ip ips[] = { d->ue_ip, d->ue_ip6 };

	for (size_t i = 0; i < r->query_urr_count; i++)
		if (!upf_draft_urr(d, r->query_urr[i].urr_id))
			return upf_refuse_rule(d, PFCP_RULE_URR, r->query_urr[i].urr_id);
	for (size_t i = 0; i < ARRAY_LEN(ips); i++) {
		const struct upf_session *other =
			ip_is_none(ips[i]) ? NULL : upf_table_find(t, upf_key_ue(ips[i]));

		if (other && other != d->session)
			return upf_refuse_rule(d, PFCP_RULE_PDR, d->pdrs[0].rule.id);
	}
	return true;
}

/* End markers into the tunnels that are left (29.244 5.2.4.2, 8.2.31). */
static void modification_end_markers(struct upf_answer *a, const struct upf_rules *before,
	const struct pfcp_session_modification_request *r)
{
	for (size_t i = 0; i < r->update_far_count; i++) {
		const struct pfcp_update_forwarding_parameters *p =
			&r->update_far[i].update_forwarding_parameters;

		if (!r->update_far[i].has_update_forwarding_parameters || !p->has_smreq_flags ||
			!(p->smreq_flags.bits & PFCP_SMREQ_SNDEM))
			continue;
		for (uint8_t k = 0; k < before->far_count; k++) {
			const struct upf_far *f = &upf_rules_fars(before)[k];

			if (f->id == r->update_far[i].far_id && f->has_tunnel)
				upf_answer_end_marker(a, f->ip, f->teid);
		}
	}
}

static bool urr_queried(const struct pfcp_session_modification_request *r, uint32_t id)
{
	if (r->has_smreq_flags && r->smreq_flags.bits & PFCP_SMREQ_QAURR)
		return true;
	for (size_t i = 0; i < r->query_urr_count; i++)
		if (r->query_urr[i].urr_id == id)
			return true;
	return false;
}

static bool urr_removed(const struct pfcp_session_modification_request *r, uint32_t id)
{
	for (size_t i = 0; i < r->remove_urr_count; i++)
		if (r->remove_urr[i].urr_id == id)
			return true;
	return false;
}

/* Of the URRs that were there before the request: the removed ones' last report, and what was asked for. */
static void modification_usage(struct upf_answer *a, const struct upf_rules *before,
	const struct pfcp_session_modification_request *r)
{
	for (uint8_t i = 0; i < before->urr_count; i++) {
		struct upf_urr *u = upf_rules_urrs(before)[i];

		if (urr_removed(r, u->config.id))
			upf_answer_usage(a, u, PFCP_USAGE_TERMR, NULL);
		else if (urr_queried(r, u->config.id))
			upf_answer_usage(a, u, PFCP_USAGE_IMMER,
				r->has_query_urr_reference ? &r->query_urr_reference : NULL);
	}
}

static void modification_refuse(
	const struct pfcp_origin *from, const struct upf_session *s, const struct upf_draft *d)
{
	struct pfcp_msg m = { .has_seid = true, .seid = s->cp_seid };
	struct pfcp_session_modification_response *r = &m.session_modification_response;

	d->upf->stat[UPF_STAT_REJECTED]++;
	r->cause = d->cause;
	r->has_offending_ie = d->offending != 0;
	r->offending_ie = d->offending;
	r->has_failed_rule_id = d->has_failed;
	r->failed_rule_id = d->failed;
	pfcp_respond(from, &m);
}

/* The rules before are still there: they are given back when the workers have left them. */
static bool modification_publish(struct upf *upf, struct upf_session *s, const struct pfcp_origin *from,
	const struct pfcp_session_modification_request *r)
{
	uint64_t cp_seid = r->has_cp_f_seid ? r->cp_f_seid.seid : s->cp_seid;
	struct upf_answer *a = upf_answer_new(upf, from, cp_seid);

	if (!a)
		return upf_refuse(&upf->draft, PFCP_CAUSE_NO_RESOURCES, 0);
	upf_answer_created(a, &upf->draft);
	modification_end_markers(a, s->rules, r);
	modification_usage(a, s->rules, r);
	if (!upf_session_publish(upf, s, &upf->draft, a)) {
		upf_answer_free(a);
		return false;
	}
	s->cp_seid = cp_seid;
	upf->stat[UPF_STAT_MODIFIED]++;
	return true;
}

void upf_on_modification(struct upf *upf, const struct pfcp_origin *from, const struct pfcp_msg *m)
{
	const struct pfcp_session_modification_request *r = &m->session_modification_request;
	struct upf_smf *smf = upf_smf_of(from->peer);
	struct upf_session *s = upf_session_find(upf, smf, m->seid);
	struct upf_draft *d = &upf->draft;

	if (!s) {
		upf->stat[UPF_STAT_REJECTED]++;
		pfcp_respond_cause(from, 0,
			smf->associated ? PFCP_CAUSE_SESSION_NOT_FOUND : PFCP_CAUSE_NO_ASSOCIATION, 0);
		return;
	}
	upf_draft_init(d, upf, s);
	d->smf = smf;
	d->discards += r->has_smreq_flags && r->smreq_flags.bits & PFCP_SMREQ_DROBU;
	if (!modification_supported(d, r) || !modification_removes(d, r) ||
		!upf_draft_create(d, &UPF_CREATION(r)) || !modification_updates(d, r) ||
		!upf_draft_finish(d) || !modification_check(d, r) || !modification_publish(upf, s, from, r))
		modification_refuse(from, s, d);
}

/*
 * PFCP session establishment, 29.244 6.3.2 and 7.5.2.
 *
 *   SMF                                       UPF
 *    |-- Session Establishment Request -------->|    7.5.2: PDRs, FARs, QERs, URRs; a draft
 *    |<- Session Establishment Response --------|    7.5.3: UP F-SEID, F-TEIDs chosen; or cause, Offending IE
 */
#include "core/upf/internal.h"

static bool establishment_supported(struct upf_draft *d, const struct pfcp_session_establishment_request *r)
{
	if (!r->cp_f_seid.has_ipv4 && !r->cp_f_seid.has_ipv6)
		return upf_refuse(d, PFCP_CAUSE_MANDATORY_IE_INCORRECT, UPF_IE_F_SEID);
	if (r->has_pdn_type && r->pdn_type != PFCP_PDN_IPV4 && r->pdn_type != PFCP_PDN_IPV6 &&
		r->pdn_type != PFCP_PDN_IPV4V6 && r->pdn_type != PFCP_PDN_NON_IP &&
		r->pdn_type != PFCP_PDN_ETHERNET)
		return upf_refuse(d, PFCP_CAUSE_SERVICE_NOT_SUPPORTED, UPF_IE_PDN_TYPE);
	if (r->create_traffic_endpoint_count || r->create_mar_count || r->create_srr_count ||
		r->has_l2tp_tunnel_information || r->has_create_bridge_info_for_tsc)
		return upf_refuse(d, PFCP_CAUSE_SERVICE_NOT_SUPPORTED, 0);
	return true;
}

/* Of Ethernet it has a downlink PDR that says of which LAN. */
static bool establishment_lan(struct upf_draft *d)
{
	return d->ethernet == (d->lan != 0) || upf_refuse(d, PFCP_CAUSE_CONDITIONAL_IE_MISSING, UPF_IE_PDI);
}

/*
 * Sessions that have an address of the UE already: the SMF has forgotten them, and now replaces them. Another
 * SMF's stays, and the request is refused.
 */
static bool establishment_replaces(struct upf_draft *d, struct upf_smf *smf, struct upf_session *old[2])
{
	const struct upf_table *t = &d->upf->data.by_ue_ip;

	old[0] = ip_is_none(d->ue_ip) ? NULL : upf_table_find(t, upf_key_ue(d->ue_ip));
	old[1] = ip_is_none(d->ue_ip6) ? NULL : upf_table_find(t, upf_key_ue(d->ue_ip6));
	if (old[1] == old[0])
		old[1] = NULL;
	for (int i = 0; i < 2; i++)
		if (old[i] && old[i]->smf != smf)
			return upf_refuse_rule(d, PFCP_RULE_PDR, d->pdrs[0].rule.id);
	return !d->replaces || d->replaces == old[0] || d->replaces == old[1] ||
	       upf_refuse_rule(d, PFCP_RULE_PDR, d->pdrs[0].rule.id);
}

static void establishment_refuse(const struct pfcp_origin *from, uint64_t cp_seid, const struct upf_draft *d)
{
	struct pfcp_msg m = { .has_seid = true, .seid = cp_seid };
	struct pfcp_session_establishment_response *r = &m.session_establishment_response;

	d->upf->stat[UPF_STAT_REJECTED]++;
	d->upf->figures.by_cause[d->cause]++;
	*r = (struct pfcp_session_establishment_response){ .node_id = upf_node_id(d->upf),
		.cause = d->cause,
		.has_offending_ie = d->offending != 0,
		.offending_ie = d->offending,
		.has_failed_rule_id = d->has_failed,
		.failed_rule_id = d->failed };
	pfcp_respond(from, &m);
}

static void establishment_accept(struct upf *upf, const struct pfcp_origin *from, const struct upf_session *s)
{
	struct pfcp_created_pdr created[UPF_PDRS_MAX];
	struct pfcp_msg m = { .has_seid = true, .seid = s->cp_seid };
	struct pfcp_session_establishment_response *r = &m.session_establishment_response;

	upf->stat[UPF_STAT_ESTABLISHED]++;
	*r = (struct pfcp_session_establishment_response){ .node_id = upf_node_id(upf),
		.cause = PFCP_CAUSE_ACCEPTED,
		.has_up_f_seid = true,
		.up_f_seid = { .has_ipv4 = true, .seid = s->seid } };
	bytes_copy(r->up_f_seid.ipv4, 4, bytes_of(upf->config.n4_address.ip, 4));
	r->created_pdr = created;
	r->created_pdr_count = upf_created_pdrs(&upf->draft, created, UPF_PDRS_MAX);
	pfcp_respond(from, &m);
}

void upf_on_establishment(struct upf *upf, const struct pfcp_origin *from, const struct pfcp_msg *m)
{
	const struct pfcp_session_establishment_request *r = &m->session_establishment_request;
	struct upf_smf *smf = upf_smf_of(from->peer);
	struct upf_draft *d = &upf->draft;
	struct upf_session *old[2], *s;
	uint8_t csid,
		row = upf_row(&upf->config, r->has_dnn ? r->dnn : NULL, r->has_s_nssai ? &r->s_nssai : NULL);

	upf->stat[UPF_STAT_ESTABLISHMENTS]++;
	upf_draft_init(d, upf, NULL);
	d->smf = smf;
	d->restoring = r->has_sereq_flags && r->sereq_flags.bits & PFCP_SEREQ_RESTI;
	d->ethernet = r->has_pdn_type && r->pdn_type == PFCP_PDN_ETHERNET;
	d->unstructured = r->has_pdn_type && r->pdn_type == PFCP_PDN_NON_IP;
	if (!smf->associated)
		upf_refuse(d, PFCP_CAUSE_NO_ASSOCIATION, 0);
	if (d->cause || !upf_csid_of(d, r->fq_csid, r->fq_csid_count, &csid) ||
		!establishment_supported(d, r) || !upf_draft_create(d, &UPF_CREATION(r)) ||
		!upf_draft_finish(d) || !establishment_lan(d) || !establishment_replaces(d, smf, old)) {
		establishment_refuse(from, r->cp_f_seid.seid, d);
		return;
	}
	s = upf_session_new(upf, smf, r->cp_f_seid.seid, upf_draft_worker(d, d->ue_ip, d->ue_ip6), row);
	if (!s) {
		upf_refuse(d, PFCP_CAUSE_NO_RESOURCES, 0);
		establishment_refuse(from, r->cp_f_seid.seid, d);
		return;
	}
	if (!upf_session_publish(upf, s, d, NULL)) {
		upf_session_free(upf, s, NULL);
		establishment_refuse(from, r->cp_f_seid.seid, d);
		return;
	}
	upf_csid_count(s, csid);
	for (int i = 0; i < 2; i++) {
		if (!old[i])
			continue;
		upf->stat[UPF_STAT_DELETED]++;
		upf_session_free(upf, old[i], NULL);
	}
	upf->next_worker = (uint8_t)((upf->next_worker + 1) % upf->data.worker_count);
	establishment_accept(upf, from, s);
}

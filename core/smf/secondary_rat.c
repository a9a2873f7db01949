/*
 * Secondary RAT data usage, 23.502 4.21 and 38.413 9.3.4.23: what a gNB with dual connectivity reports of
 * what went over its secondary node. It is counted beside what the UPF measures, of which it is a part.
 *
 *   gNB -> AMF -> SMF  SecondaryRATDataUsageReportTransfer    by session, or by flow; not both of one session
 */
#include <stdlib.h>

#include "core/smf/internal.h"

static uint64_t sum(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b; /* a peer's numbers may be anything */
}

static void add(struct smf_secondary_usage *to, const struct ngap_volume_timed_report_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		to->uplink_octets = sum(to->uplink_octets, list->items[i].usage_count_ul);
		to->downlink_octets = sum(to->downlink_octets, list->items[i].usage_count_dl);
	}
}

static bool read(struct smf *smf, struct bytes info, struct smf_secondary_usage *out)
{
	struct ngap_secondary_rat_data_usage_report_transfer t;
	const struct ngap_secondary_rat_usage_information *u;
	struct per_diag diag;

	if (!ngap_value_decode(
		    &ngap_secondary_rat_data_usage_report_transfer_type, info, &smf->arena, &t, &diag))
		return false;
	u = t.secondary_rat_usage_information;
	if (u && u->pdu_session_usage_report)
		add(out, &u->pdu_session_usage_report->pdu_session_timed_report_list);
	else if (u && u->qos_flows_usage_report_list)
		for (size_t i = 0; i < u->qos_flows_usage_report_list->count; i++)
			add(out, &u->qos_flows_usage_report_list->items[i].qos_flows_timed_report_list);
	return true;
}

void smf_secondary_add(struct smf_session *s, const struct smf_secondary_usage *usage)
{
	if (!s->secondary && (usage->uplink_octets || usage->downlink_octets))
		s->secondary = calloc(1, sizeof(*s->secondary));
	if (!s->secondary)
		return;
	s->secondary->uplink_octets = sum(s->secondary->uplink_octets, usage->uplink_octets);
	s->secondary->downlink_octets = sum(s->secondary->downlink_octets, usage->downlink_octets);
}

void smf_secondary_rat_usage(struct smf *smf, struct smf_session *s, const struct sm_update *u)
{
	struct smf_secondary_usage reported = { 0 };

	if (!read(smf, u->req->data.n2_sm_info, &reported)) {
		smf->stat[SMF_STAT_N2_REFUSED]++;
		smf_n11_reply(u, SBI_N2_SM_ERROR, NULL);
		return;
	}
	smf_secondary_add(s, &reported);
	smf->stat[SMF_STAT_SECONDARY_UPLINK] += reported.uplink_octets;
	smf->stat[SMF_STAT_SECONDARY_DOWNLINK] += reported.downlink_octets;
	smf_session_dirty(smf, s);
}

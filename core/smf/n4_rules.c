/* The PFCP rules that follow from a session's state. */
#include "core/smf/n4_rules.h"

#include <stdlib.h>

#include "core/smf/teid.h"
#include "wire/five_qi.h"
#include "wire/pfcp/pfcp.h"

/*
 * Usage is reported when a session ends. A URR must have a trigger all the same (29.244 8.2.19): this one,
 * which hardly any session reaches.
 */
#define SMF_VOLUME_THRESHOLD (UINT64_C(1) << 40)

/* Every so often the UPF reports the addresses of an Ethernet session, and the usage of a dedicated flow. */
enum { MACS_S = 600, FLOW_USAGE_S = 60, UDP = 17 };

/* What an unstructured session carries is in UDP on N6, and the far end alone may send it: 23.501 5.6.10.3.
 */
static void rules_far_end(const struct addr *far_end, struct n4_pdr *downlink, struct n4_rules *out)
{
	out->far[0].far_end = *far_end;
	out->of_far_end = (struct smf_match){ .filter_count = 1,
		.filters = { { .protocol = UDP,
			.remote = ip_from_addr(far_end),
			.remote_bits = (uint8_t)(8 * far_end->len),
			.remote_low = far_end->port,
			.remote_high = far_end->port } } };
	downlink->match = &out->of_far_end;
	downlink->removal = far_end->len == 16 ? PFCP_OHR_UDP_IPV6 : PFCP_OHR_UDP_IPV4;
}

static void rules_flow(const struct smf_session *s, const struct smf_flow *f, struct n4_rules *out)
{
	struct n4_pdr pdr = { .id = n4_pdr_uplink(f->rule_id),
		.precedence = f->precedence,
		.source = PFCP_INTERFACE_ACCESS,
		.qfi = f->match ? f->qfi : 0,
		.local = s->uplink,
		.ue = s->ue,
		.ethernet = s->type == NAS_PDU_ETHERNET,
		.unstructured = s->type == NAS_PDU_UNSTRUCTURED,
		.match = f->match,
		.far = FAR_UPLINK,
		.qer_session = five_qi_is_gbr(f->five_qi) ? 0 : QER_SESSION, /* 23.501 5.7.1.8 */
		.qer_flow = n4_qer_flow(f->rule_id),
		.urr = URR_SESSION,
		.urr_flow = f->match ? n4_urr_flow(f->rule_id) : 0 };
	struct n4_qer qer = { .id = n4_qer_flow(f->rule_id), .gate = PFCP_GATE_OPEN, .qfi = f->qfi };

	out->pdr[out->count[N4_PDR]++] = pdr;
	if (s->type == NAS_PDU_UNSTRUCTURED)
		rules_far_end(&s->dnn->far_end, &pdr, out);
	pdr.id = n4_pdr_downlink(f->rule_id);
	pdr.source = PFCP_INTERFACE_CORE;
	pdr.qfi = 0;
	pdr.local = (struct smf_tunnel){ 0 };
	pdr.far = f->marked ? n4_far_flow(f->rule_id) : FAR_DOWNLINK;
	pdr.routes = s->routes;
	out->pdr[out->count[N4_PDR]++] = pdr;
	if (f->marked) {
		out->far[out->count[N4_FAR]] = out->far[1];
		out->far[out->count[N4_FAR]].id = n4_far_flow(f->rule_id);
		out->far[out->count[N4_FAR]++].dscp = f->dscp;
	}
	if (f->match) {
		out->urr[out->count[N4_URR]++] = (struct n4_urr){ .id = n4_urr_flow(f->rule_id),
			.period_s = FLOW_USAGE_S,
			.volume_threshold = f->match->usage_threshold };
		qer.gate = f->match->gate;
		qer.rqi = f->match->reflective;
		qer.mbr = f->match->mbr;
		qer.gbr = f->match->gbr;
	}
	out->qer[out->count[N4_QER]++] = qer;
}

/* What is the session's and no flow's. Until a new session has its first tunnel the UPF keeps what comes
 * (BUFF); when the UE is idle too, with a report of the first packet (NOCP). */
static void rules_session(const struct smf_session *s, uint8_t access, const struct smf_tunnel *downlink,
	const struct ambr *ambr, struct n4_rules *out)
{
	for (int i = 0; i < N4_KINDS; i++)
		out->count[i] = 0;
	out->far[0] = (struct n4_far){
		.id = FAR_UPLINK, .action = PFCP_APPLY_FORW, .destination = PFCP_INTERFACE_CORE
	};
	out->far[1] = (struct n4_far){
		.id = FAR_DOWNLINK, .destination = PFCP_INTERFACE_ACCESS, .dscp = s->flows.first.dscp
	};
	if (access == ACCESS_FORWARD) {
		out->far[1].action = PFCP_APPLY_FORW;
		out->far[1].tunnel = *downlink;
	} else if (access == ACCESS_NOTIFY) {
		out->far[1].action = PFCP_APPLY_BUFF | PFCP_APPLY_NOCP;
	} else if (access == ACCESS_DROP) {
		out->far[1].action = s->accepted ? PFCP_APPLY_DROP : PFCP_APPLY_BUFF;
	}
	if (s->smf_buffers && out->far[1].action & PFCP_APPLY_BUFF)
		out->far[1] = (struct n4_far){ .id = FAR_DOWNLINK,
			.action = PFCP_APPLY_FORW,
			.destination = PFCP_INTERFACE_CP,
			.tunnel.teid = smf_session_teid(s) }; /* at the SMF's own address */
	out->qer[0] = (struct n4_qer){ .id = QER_SESSION, .gate = PFCP_GATE_OPEN, .mbr = *ambr };
	out->urr[0] = (struct n4_urr){ .id = URR_SESSION,
		.macs = s->type == NAS_PDU_ETHERNET,
		/* One of Ethernet that the UPF has and the SMF has lost is found by no address that is given
		 * again: by its report it is. */
		.period_s = s->type == NAS_PDU_ETHERNET ? MACS_S : 0,
		.volume_threshold = SMF_VOLUME_THRESHOLD };
	out->count[N4_FAR] = 2;
	out->count[N4_QER] = out->count[N4_URR] = 1;
}

/* What a source gNB sends for the target, 23.502 4.9.1.3.2 step 11: it keeps its container, and was counted
 * and limited on its way to the source. tunnel without teid: it is not certain which the UPF has. */
static void rules_forwarding(
	const struct smf_session *s, const struct smf_tunnel *tunnel, struct n4_rules *out)
{
	out->pdr[out->count[N4_PDR]++] = (struct n4_pdr){ .id = PDR_FORWARDING,
		.precedence = SMF_DEFAULT_PRECEDENCE,
		.source = PFCP_INTERFACE_ACCESS,
		.local = s->handover->forwarding,
		.far = FAR_FORWARDING };
	out->far[out->count[N4_FAR]++] = (struct n4_far){ .id = FAR_FORWARDING,
		.action = PFCP_APPLY_FORW,
		.destination = PFCP_INTERFACE_ACCESS,
		.tunnel = *tunnel };
}

void smf_rules_of(const struct smf_session *s, struct n4_rules *out)
{
	rules_session(s, s->access, &s->downlink, &s->ambr, out);
	for (uint8_t i = 0; i < s->flows.count; i++)
		if (smf_flow_is_for_upf(smf_flow_get(&s->flows, i)))
			rules_flow(s, smf_flow_get(&s->flows, i), out);
	if (s->handover && s->handover->forward_to.teid)
		rules_forwarding(s, &s->handover->forward_to, out);
	smf_rules_control_plane(s, out);
}

/* What the UPF has of a flow that has changed since is like nothing that could be wanted. */
static void rules_old(const struct smf_flow *f, struct n4_rules *out)
{
	out->far[f->marked ? out->count[N4_FAR] - 1 : 1].action = UINT8_MAX;
	out->pdr[out->count[N4_PDR] - 1].precedence = out->pdr[out->count[N4_PDR] - 2].precedence =
		UINT32_MAX;
	out->qer[out->count[N4_QER] - 1].gate = UINT8_MAX;
	if (f->match)
		out->urr[out->count[N4_URR] - 1].volume_threshold = UINT64_MAX;
}

void smf_rules_confirmed(const struct smf_session *s, struct n4_rules *out)
{
	rules_session(s, s->n4_access, &s->n4_have.downlink, &s->n4_have.ambr, out);
	for (uint8_t i = 0; i < s->flows.count; i++) {
		const struct smf_flow *f = smf_flow_get(&s->flows, i);

		if (!(f->at & FLOW_AT_UPF))
			continue;
		rules_flow(s, f, out);
		if (f->at & FLOW_UPF_OLD)
			rules_old(f, out);
	}
	if (s->handover && s->handover->at & FLOW_AT_UPF)
		rules_forwarding(s, &s->handover->forward_at_upf, out);
	smf_rules_control_plane(s, out);
}

static struct smf_tunnel downlink_wanted(const struct smf_session *s)
{
	return s->access == ACCESS_FORWARD ? s->downlink : (struct smf_tunnel){ 0 };
}

bool smf_rules_end_marker(const struct smf_session *s)
{
	return s->access == ACCESS_FORWARD && s->n4_have.downlink.teid != 0 &&
	       !smf_tunnel_equal(&s->n4_have.downlink, &s->downlink);
}

static void forwarding_ask(struct smf_handover *h)
{
	bool wanted = h->forward_to.teid != 0;

	h->at = (uint8_t)(wanted ? h->at | FLOW_ASKED : h->at & ~FLOW_ASKED);
	h->forward_at_upf = (struct smf_tunnel){ 0 };
}

static void forwarding_confirm(struct smf *smf, struct smf_session *s)
{
	struct smf_handover *h = s->handover;

	h->at = (uint8_t)(h->at & FLOW_ASKED ? h->at | FLOW_AT_UPF : h->at & ~FLOW_AT_UPF);
	if (!s->n4_again)
		h->forward_at_upf = h->forward_to;
	if (!h->at)
		smf_teid_give(smf, s, &h->forwarding);
	if (!h->at && !h->under_way)
		smf_handover_free(smf, s);
}

void smf_handover_forget(struct smf *smf, struct smf_session *s)
{
	struct smf_handover *h = s->handover;

	if (!h)
		return;
	h->under_way = false;
	h->target = h->direct = h->forward_to = (struct smf_tunnel){ 0 };
	if (!h->at)
		smf_handover_free(smf, s);
}

void smf_handover_free(struct smf *smf, struct smf_session *s)
{
	if (!s->handover)
		return;
	smf_teid_give(smf, s, &s->handover->forwarding);
	free(s->handover->drbs);
	free(s->handover);
	s->handover = NULL;
}

void smf_rules_ask(struct smf_session *s)
{
	s->n4_access = ACCESS_IN_DOUBT;
	s->n4_have.downlink = downlink_wanted(s);
	if (s->handover)
		forwarding_ask(s->handover);
	for (uint8_t i = 0; i < s->flows.count; i++) {
		struct smf_flow *f = smf_flow_at(&s->flows, i);

		f->at = (uint16_t)(smf_flow_is_for_upf(f) ? f->at | FLOW_ASKED : f->at & ~FLOW_ASKED);
	}
}

/* What changed after it was asked, for which n4_again stands, is not confirmed. */
void smf_rules_confirm(struct smf *smf, struct smf_session *s)
{
	if (!s->n4_again) {
		s->n4_access = s->access;
		s->n4_have = (struct n4_confirmed){ downlink_wanted(s), s->ambr };
	}
	if (s->handover)
		forwarding_confirm(smf, s);
	for (uint8_t i = 0; i < s->flows.count; i++) {
		struct smf_flow *f = smf_flow_at(&s->flows, i);

		f->at = (uint16_t)(f->at & FLOW_ASKED ? f->at | FLOW_AT_UPF : f->at & ~FLOW_AT_UPF);
		if (!s->n4_again)
			f->at &= (uint16_t)~FLOW_UPF_OLD;
	}
	smf_flows_purge(&s->flows);
}

/* What is done with a packet whose PDR is found: its QERs, FAR and URRs. In line: for every packet. */
#pragma once

#include "core/upf/match.h"
#include "core/upf/worker.h"

static inline void upf_count_usage(struct upf_worker *w, struct upf_session *s, const struct upf_rules *r,
	const struct upf_pdr *pdr, enum upf_direction dir, uint32_t len)
{
	struct upf_urr *const *urrs = upf_rules_urrs(r);

	for (uint8_t i = 0; i < pdr->urr_count; i++)
		if (__builtin_expect(upf_urr_count(urrs[pdr->urrs[i]], dir, len, w->now_s), 0))
			upf_worker_note(w, s, UPF_EVENT_USAGE);
}

/* The G-PDU's header, beside the packet. The outer header's DSCP is the FAR's, its ECN the packet's (RFC 6040
 * 4.1). */
static inline bool upf_encapsulate(struct upf_packet *p, const struct upf_pdr *pdr, const struct upf_far *far,
	const struct upf_flow *flow)
{
	struct gtpu_header h = { .type = GTPU_G_PDU,
		.has_pdu_session = pdr->qfi != 0,
		.teid = far->teid,
		.pdu_session = { .pdu_type = GTPU_PDU_DL, .qfi = pdr->qfi, .rqi = pdr->rqi } };

	p->head_len = (uint8_t)gtpu_header_encode(&h, p->len, p->head);
	p->peer = far->ip;
	p->peer_port = GTPU_UDP_PORT;
	p->tos = (uint8_t)(far->marking | (flow->tos & UPF_ECN));
	p->verdict = UPF_TO_N3;
	return p->head_len > 0;
}

/* QERs, FAR and URRs of the PDR found. True when the packet goes to N6, its verdict not yet set. */
static inline bool upf_act(struct upf_worker *w, struct upf_packet *p, struct upf_session *s,
	const struct upf_rules *r, const struct upf_pdr *pdr, const struct upf_flow *flow,
	enum upf_direction dir)
{
	const struct upf_far *far = &upf_rules_fars(r)[pdr->far];
	enum upf_stat why;

	if (!(far->action & PFCP_APPLY_FORW)) {
		upf_hold(w, p, s, r, pdr, flow, dir);
		return false;
	}
	/* Without a tunnel it waits for one; behind what waits already, it keeps its place. */
	if (dir == UPF_DOWNLINK && ((s->queue && !p->kept && upf_buffer_queue(&w->buffer, s)) ||
					   (!far->has_tunnel && upf_far_needs_tunnel(far)))) {
		if (far->has_tunnel)
			upf_buffer_judge(&w->buffer, s);
		upf_buffer_put(w, p, s, r, upf_rules_bar(r, far));
		return false;
	}
	if (!upf_quota_left(r, pdr)) {
		upf_worker_drop(w, p, UPF_STAT_QUOTA);
		return false;
	}
	why = upf_enforce(r, pdr, dir, p, w->now_q8);
	if (__builtin_expect(why == UPF_STAT_RATE, 0)) {
		upf_shape(w, p, r, pdr, dir, flow);
		return false;
	}
	if (why != UPF_STAT_COUNT) {
		upf_worker_drop(w, p, why);
		return false;
	}
	if (far->has_tunnel ? !upf_encapsulate(p, pdr, far, flow) : upf_far_needs_tunnel(far)) {
		upf_worker_drop(w, p, UPF_STAT_NO_TUNNEL);
		return false;
	}
	upf_count_usage(w, s, r, pdr, dir, p->len);
	upf_worker_forwarded(w, s->row, dir == UPF_UPLINK ? p->qfi : pdr->qfi, dir, p->len);
	return !far->has_tunnel;
}

/*
 * What a source gNB forwards to a target by way of the UPF, 23.502 4.9.1.3.2 step 11: a PDR with the access
 * on both sides. Packets keep their PDU session container (38.415 5.5.2.1); they were counted and limited on
 * their way to the source. End markers go the same way (29.281 7.3.2).
 *
 *   source -- G-PDU, End Marker --> UPF -- the same, in the target's tunnel --> target
 */
#include "core/upf/match.h"
#include "core/upf/worker.h"

static const struct upf_pdr *forwarding_pdr(const struct upf_rules *r, uint32_t teid)
{
	for (uint8_t i = 0; i < r->pdr_count; i++)
		if (r->pdrs[i].forwards && r->pdrs[i].teid == teid)
			return &r->pdrs[i];
	return NULL;
}

/* A source gNB whose path was switched away is no tunnel's end any more, and forwards on: its TEID is ours to
 * give, and nobody can guess it. */
bool upf_is_forwarding_tunnel(const struct upf_packet *p)
{
	const struct upf_rules *r = __atomic_load_n(&p->session->rules, __ATOMIC_ACQUIRE);

	return r && r->forwards && forwarding_pdr(r, gtpu_be32(p->data + 4));
}

bool upf_forward(
	struct upf_worker *w, struct upf_packet *p, const struct upf_rules *r, const struct gtpu_header *h)
{
	const struct upf_pdr *pdr = r->forwards ? forwarding_pdr(r, h->teid) : NULL;
	const struct upf_far *far = pdr ? &upf_rules_fars(r)[pdr->far] : NULL;
	struct gtpu_header out = { .type = h->type };

	if (!far)
		return false;
	if (!(far->action & PFCP_APPLY_FORW) || !far->has_tunnel) {
		upf_worker_drop(w, p, UPF_STAT_DISCARDED);
		return true;
	}
	out.teid = far->teid;
	out.has_pdu_session = h->type == GTPU_G_PDU && h->has_pdu_session;
	out.pdu_session = h->pdu_session;
	p->head_len = (uint8_t)gtpu_header_encode(&out, p->len, p->head);
	p->peer = far->ip;
	p->peer_port = GTPU_UDP_PORT;
	p->tos = (uint8_t)(far->marking | (p->tos & UPF_ECN));
	if (!p->head_len) {
		upf_worker_drop(w, p, UPF_STAT_NO_TUNNEL);
		return true;
	}
	p->verdict = UPF_TO_N3;
	upf_worker_stat(w, h->type == GTPU_G_PDU ? UPF_STAT_FORWARDED : UPF_STAT_END_MARKERS, 1);
	return true;
}

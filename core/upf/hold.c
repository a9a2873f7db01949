/* Packets whose FAR does not forward, 29.244 5.2.1: dropped, or kept and reported. */
#include "core/upf/worker.h"

/* Downlink that a FAR drops, for URRs that want to know (29.244 8.2.49). */
static void count_dropped(struct upf_worker *w, struct upf_session *s, const struct upf_rules *r,
	const struct upf_pdr *pdr, uint32_t len)
{
	for (uint8_t i = 0; i < pdr->urr_count; i++) {
		struct upf_urr_more *m =
			__atomic_load_n(&upf_rules_urrs(r)[pdr->urrs[i]]->more, __ATOMIC_ACQUIRE);

		if (!m)
			continue;
		UPF_WRITE(m->dropped_packets, m->dropped_packets + 1);
		UPF_WRITE(m->dropped_octets, m->dropped_octets + len);
		if (m->dropped_packets >= UPF_READ(m->note_packets) ||
			m->dropped_octets >= UPF_READ(m->note_octets))
			upf_worker_note(w, s, UPF_EVENT_USAGE);
	}
}

/* The first packet that is to be reported: 29.244 8.2.27 has its DSCP and QFI. */
static void note_downlink(struct upf_worker *w, struct upf_session *s, const struct upf_rules *r,
	const struct upf_pdr *pdr, const struct upf_flow *flow)
{
	s->dl_noticed = r->dl_notice;
	UPF_WRITE(s->dl_pdr, pdr->id);
	UPF_WRITE(s->dl_dscp, flow->tos >> 2);
	UPF_WRITE(s->dl_qfi, pdr->qfi);
	upf_worker_note(w, s, UPF_EVENT_DL_DATA);
}

/* What a FAR that does not forward means for the packet. */
void upf_hold(struct upf_worker *w, struct upf_packet *p, struct upf_session *s, const struct upf_rules *r,
	const struct upf_pdr *pdr, const struct upf_flow *flow, enum upf_direction dir)
{
	const struct upf_far *far = &upf_rules_fars(r)[pdr->far];

	if (!(far->action & PFCP_APPLY_BUFF)) {
		upf_worker_drop(w, p, UPF_STAT_DISCARDED);
		if (dir == UPF_DOWNLINK)
			count_dropped(w, s, r, pdr, p->len);
		return;
	}
	if (dir == UPF_DOWNLINK)
		upf_buffer_put(w, p, s, r, upf_rules_bar(r, far));
	else
		upf_worker_drop(w, p, UPF_STAT_NOT_BUFFERED);
	if (far->action & PFCP_APPLY_NOCP && s->dl_noticed != r->dl_notice)
		note_downlink(w, s, r, pdr, flow);
}

#include "core/upf/match.h"
#include "core/upf/worker.h"
#include "core/upf/find.h"
#include "core/upf/source.h"

static void count_usage(struct upf_worker *w, struct upf_session *s, const struct upf_rules *r,
	const struct upf_pdr *pdr, enum upf_direction dir, uint32_t len)
{
	struct upf_urr *const *urrs = upf_rules_urrs(r);

	for (uint8_t i = 0; i < pdr->urr_count; i++)
		if (__builtin_expect(upf_urr_count(urrs[pdr->urrs[i]], dir, len, w->now_s), 0))
			upf_worker_note(w, s, UPF_EVENT_USAGE);
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
static void hold(struct upf_worker *w, struct upf_packet *p, struct upf_session *s, const struct upf_rules *r,
	const struct upf_pdr *pdr, const struct upf_flow *flow, enum upf_direction dir)
{
	const struct upf_far *far = &upf_rules_fars(r)[pdr->far];

	if (!(far->action & PFCP_APPLY_BUFF)) {
		upf_worker_drop(w, p, UPF_STAT_DISCARDED);
		return;
	}
	if (dir == UPF_DOWNLINK)
		upf_buffer_put(w, p, s, r, upf_rules_bar(r, far));
	else
		upf_worker_drop(w, p, UPF_STAT_NOT_BUFFERED);
	if (far->action & PFCP_APPLY_NOCP && s->dl_noticed != r->dl_notice)
		note_downlink(w, s, r, pdr, flow);
}

/* The G-PDU's header, beside the packet. The outer header's DSCP is the FAR's, its ECN the packet's (RFC 6040
 * 4.1). */
static bool encapsulate(struct upf_packet *p, const struct upf_pdr *pdr, const struct upf_far *far,
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
static inline bool act(struct upf_worker *w, struct upf_packet *p, struct upf_session *s,
	const struct upf_rules *r, const struct upf_pdr *pdr, const struct upf_flow *flow,
	enum upf_direction dir)
{
	const struct upf_far *far = &upf_rules_fars(r)[pdr->far];
	enum upf_stat why;

	if (!(far->action & PFCP_APPLY_FORW)) {
		hold(w, p, s, r, pdr, flow, dir);
		return false;
	}
	/* Without a tunnel it waits for one; behind what waits already, it keeps its place. */
	if (dir == UPF_DOWNLINK && ((s->queue && !p->kept && upf_buffer_queue(&w->buffer, s)) ||
					   (!far->has_tunnel && upf_far_needs_tunnel(far)))) {
		if (far->has_tunnel)
			__atomic_store_n(&w->look, true, __ATOMIC_RELEASE);
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
	if (far->has_tunnel ? !encapsulate(p, pdr, far, flow) : upf_far_needs_tunnel(far)) {
		upf_worker_drop(w, p, UPF_STAT_NO_TUNNEL);
		return false;
	}
	count_usage(w, s, r, pdr, dir, p->len);
	upf_worker_forwarded(w, s->row, dir == UPF_UPLINK ? p->qfi : pdr->qfi, dir, p->len);
	return !far->has_tunnel;
}

/* A packet for a UE: from N6, or from another UE. */
static void downlink(
	struct upf_worker *w, struct upf_packet *p, struct upf_session *s, const struct upf_flow *flow)
{
	const struct upf_rules *r = s ? __atomic_load_n(&s->rules, __ATOMIC_ACQUIRE) : NULL;
	const struct upf_pdr *pdr;

	if (!r) {
		upf_worker_drop(w, p, UPF_STAT_NO_SESSION);
		return;
	}
	pdr = upf_match(r, flow, 0, UINT8_MAX, UPF_DOWNLINK);
	if (!pdr)
		upf_worker_drop(w, p, UPF_STAT_NO_PDR);
	else if (act(w, p, s, r, pdr, flow, UPF_DOWNLINK))
		upf_worker_drop(w, p, UPF_STAT_DISCARDED); /* back to N6 it would come again */
	else if (p->from_ue)
		upf_worker_stat(w, UPF_STAT_HAIRPIN, p->verdict == UPF_TO_N3);
}

/* Where an uplink packet that has passed goes: to N6, or as downlink to another UE (local switching). */
static void to_n6(struct upf_worker *w, struct upf_packet *p, const struct upf_flow *flow)
{
	const struct upf_config *c = w->plane->config;
	uint8_t pools = flow->dst.high ? c->pool6_count : c->pool_count;
	struct upf_session *other;

	p->verdict = UPF_TO_N6;
	p->head_len = 0;
	if (pools && !upf_is_ue_address(c, flow->dst))
		return;
	other = upf_table_find(&w->plane->by_ue_ip, upf_key_ue(flow->dst));
	if (!other && !pools)
		return;
	if (other && other->worker != w->index) {
		upf_worker_hand_over(w, p, other->worker, UPF_FROM_UE);
		return;
	}
	p->from_ue = true;
	p->waiting = false; /* it may have to, once more, for the other's rate */
	p->session = other;
	downlink(w, p, other, flow);
}

/* h: NULL for one that had to wait, whose container was judged when it came. */
static void uplink(struct upf_worker *w, struct upf_packet *p, uint32_t teid, const struct gtpu_header *h)
{
	struct upf_session *s = p->session;
	const struct upf_rules *r = s ? __atomic_load_n(&s->rules, __ATOMIC_ACQUIRE) : NULL;
	const struct upf_pdr *pdr;
	struct upf_flow flow;
	enum upf_stat why;

	if (!r) {
		upf_worker_drop(w, p, UPF_STAT_UNKNOWN_TEID);
		if (!p->waiting)
			upf_gtpu_error_indication(w, p, teid);
		return;
	}
	if (h && upf_forward(w, p, r, h))
		return;
	if (!upf_flow_read(p->data, p->len, &p->len, &flow)) {
		upf_worker_drop(w, p, UPF_STAT_MALFORMED);
		return;
	}
	if (__builtin_expect((p->tos & UPF_ECN) == UPF_ECN_CE, 0) && h && !upf_take_congestion(p, &flow)) {
		upf_worker_drop(w, p, UPF_STAT_CONGESTION);
		return;
	}
	pdr = upf_match(r, &flow, teid, p->qfi, UPF_UPLINK);
	why = uplink_allowed(w, p, r, pdr, &flow, h);
	if (why != UPF_STAT_COUNT)
		upf_worker_drop(w, p, why);
	else if (act(w, p, s, r, pdr, &flow, UPF_UPLINK))
		to_n6(w, p, &flow);
}

/* A packet for another worker's session goes to that worker. What came from there already finds the session
 * replaced meanwhile, and goes no further. */
static bool passed_on(struct upf_worker *w, struct upf_packet *p, enum upf_source source)
{
	if (!p->session || p->session->worker == w->index)
		return false;
	if (p->handed)
		upf_worker_drop(w, p, UPF_STAT_HANDOVER_FULL);
	else
		upf_worker_hand_over(w, p, p->session->worker, source);
	return true;
}

static void signalling(struct upf_worker *w, struct upf_packet *p, const struct gtpu_header *h)
{
	const struct upf_rules *r = p->session ? __atomic_load_n(&p->session->rules, __ATOMIC_ACQUIRE) : NULL;

	if (h->type != GTPU_END_MARKER || !r) {
		upf_gtpu_signalling(w, p, h);
		return;
	}
	p->len = p->linear = 0;
	if (!upf_forward(w, p, r, h))
		upf_gtpu_signalling(w, p, h);
}

static void from_n3(struct upf_worker *w, struct upf_packet *p)
{
	struct gtpu_header h;
	struct bytes payload;

	p->head_len = 0;
	if (!peer_is_gnb(w, p->peer) && !is_of_smf(p)) {
		upf_worker_drop(w, p, UPF_STAT_FOREIGN);
		return;
	}
	/* Other messages are not about the tunnel that their header names. */
	if (p->session && (p->data[1] == GTPU_G_PDU || p->data[1] == GTPU_END_MARKER)) {
		if (!from_tunnel_end(w, p) && !upf_is_forwarding_tunnel(p)) {
			upf_worker_drop(w, p, UPF_STAT_FOREIGN);
			return;
		}
		if (passed_on(w, p, UPF_FROM_N3))
			return;
	}
	switch (gtpu_header_decode(bytes_of(p->data, p->len), &h, &payload)) {
	case GTPU_OK:
		break;
	case GTPU_NOT_COMPREHENDED:
		upf_gtpu_not_comprehended(w, p, &h);
		return;
	default:
		upf_worker_drop(w, p, UPF_STAT_MALFORMED);
		return;
	}
	if (h.type != GTPU_G_PDU) {
		signalling(w, p, &h);
		return;
	}
	p->data = payload.data;
	p->len = p->linear = (uint32_t)payload.len;
	p->qfi = h.has_pdu_session ? h.pdu_session.qfi : UINT8_MAX;
	uplink(w, p, h.teid, &h);
}

static void burst_n3(struct upf_worker *w, struct upf_packet *packets, size_t count)
{
	struct upf_key key[UPF_BURST_MAX];

	for (size_t i = 0; i < count; i++) {
		key[i] = upf_key_teid(packets[i].linear >= 8 ? gtpu_be32(packets[i].data + 4) : 0);
		upf_table_prefetch(&w->plane->by_teid, &key[i]);
	}
	upf_find_sessions(&w->plane->by_teid, packets, key, count);
	for (size_t i = 0; i < count; i++)
		from_n3(w, &packets[i]);
}

static void from_n6(struct upf_worker *w, struct upf_packet *p)
{
	struct upf_flow flow;

	p->head_len = 0;
	if (passed_on(w, p, UPF_FROM_N6))
		return;
	if (!upf_flow_read(p->data, p->linear, &p->len, &flow))
		upf_worker_drop(w, p, UPF_STAT_MALFORMED);
	else
		downlink(w, p, p->session, &flow);
}

static void burst_n6(struct upf_worker *w, struct upf_packet *packets, size_t count)
{
	struct upf_key key[UPF_BURST_MAX];

	for (size_t i = 0; i < count; i++) {
		key[i] = upf_key_ue(upf_destination_of(&packets[i]));
		upf_table_prefetch(&w->plane->by_ue_ip, &key[i]);
	}
	upf_find_sessions(&w->plane->by_ue_ip, packets, key, count);
	for (size_t i = 0; i < count; i++)
		from_n6(w, &packets[i]);
}

void upf_judge_waiting(struct upf_worker *w, struct upf_packet *p, enum upf_direction dir, uint32_t teid)
{
	struct upf_flow flow;

	if (dir == UPF_UPLINK)
		uplink(w, p, teid, NULL);
	else if (!upf_flow_read(p->data, p->linear, &p->len, &flow))
		upf_worker_drop(w, p, UPF_STAT_MALFORMED);
	else
		downlink(w, p, p->session, &flow);
}

void upf_worker_again(struct upf_worker *w, struct upf_packet *p)
{
	burst_n6(w, p, 1);
}

/* Whoever gives packets uses their structs again: what the data path noted of the former ones is forgotten.
 */
static void as_received(struct upf_packet *packets, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct upf_packet *p = &packets[i];

		p->handed = p->from_ue = p->of_smf = p->waiting = p->kept = p->stays = false;
	}
}

void upf_worker_n3(struct upf_worker *w, struct upf_packet *packets, size_t count)
{
	as_received(packets, count);
	for (size_t at = 0; at < count; at += UPF_BURST_MAX)
		burst_n3(w, packets + at, count - at < UPF_BURST_MAX ? count - at : UPF_BURST_MAX);
}

void upf_worker_n6(struct upf_worker *w, struct upf_packet *packets, size_t count)
{
	as_received(packets, count);
	for (size_t at = 0; at < count; at += UPF_BURST_MAX)
		burst_n6(w, packets + at, count - at < UPF_BURST_MAX ? count - at : UPF_BURST_MAX);
}

/* Packets of one ring and from one side, in order. */
static size_t take_run(struct upf_worker *w, struct upf_ring *r, struct upf_packet *packets, size_t max)
{
	const struct upf_handover *h, *first = upf_ring_peek(r, 0);
	size_t n = 0;

	if (!first)
		return 0;
	for (; n < max && (h = upf_ring_peek(r, (uint32_t)n)) && h->source == first->source; n++)
		packets[n] = (struct upf_packet){ .data = h->data,
			.len = h->len,
			.linear = h->len,
			.peer = h->peer,
			.peer_port = h->peer_port,
			.tos = h->tos,
			.handed = true,
			.from_ue = h->source == UPF_FROM_UE };
	if (first->source == UPF_FROM_N3)
		burst_n3(w, packets, n);
	else
		burst_n6(w, packets, n);
	return n;
}

size_t upf_worker_take(struct upf_worker *w, struct upf_packet *packets, size_t max)
{
	uint8_t workers = w->plane->worker_count;
	size_t n = 0;

	if (w->take_pop)
		upf_ring_pop(&w->from[w->take_from], w->take_pop);
	w->take_pop = 0;
	for (uint8_t i = 0; i < workers && n == 0; i++) {
		w->take_from = (w->take_from + 1) % workers;
		if (w->take_from != w->index)
			n = take_run(w, &w->from[w->take_from], packets,
				max < UPF_BURST_MAX ? max : UPF_BURST_MAX);
	}
	w->take_pop = (uint32_t)n;
	return n;
}

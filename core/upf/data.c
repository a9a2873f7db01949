#include "core/upf/act.h"
#include "core/upf/lan.h"
#include "core/upf/match.h"
#include "core/upf/worker.h"
#include "core/upf/find.h"
#include "core/upf/source.h"

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
	if (__builtin_expect(r->unstructured, 0) && !upf_n6_tunnel_open(p, r, flow)) {
		upf_worker_drop(w, p, UPF_STAT_MALFORMED);
		return;
	}
	pdr = upf_match(r, flow, 0, UINT8_MAX, UPF_DOWNLINK);
	if (!pdr)
		upf_worker_drop(w, p, UPF_STAT_NO_PDR);
	else if (upf_act(w, p, s, r, pdr, flow, UPF_DOWNLINK))
		upf_worker_drop(w, p, UPF_STAT_DISCARDED); /* back to N6 it would come again */
	else if (p->from_ue)
		upf_worker_stat(w, UPF_STAT_HAIRPIN, p->verdict == UPF_TO_N3);
}

/* Where an uplink packet that has passed goes: to N6, or as downlink to another UE (local switching). */
static void to_n6(struct upf_worker *w, struct upf_packet *p, const struct upf_flow *flow)
{
	const struct upf_config *c = w->plane->config;
	uint8_t pools = flow->dst.high ? upf_pools6(c) : upf_pools(c);
	bool ues = !pools || upf_is_ue_address(c, flow->dst);
	struct upf_session *other;

	p->verdict = UPF_TO_N6;
	p->head_len = 0;
	other = ues ? upf_table_find(&w->plane->by_ue_ip, upf_key_ue(flow->dst)) : NULL;
	if (!other && upf_has_routes(w->plane))
		other = upf_route_find(w->plane, flow->dst);
	if (!other && (!pools || !ues))
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
	if (r->lan) {
		upf_lan_uplink(w, p, r, teid, h);
		return;
	}
	if (__builtin_expect(r->unstructured, 0)) {
		upf_n6_tunnel_uplink(w, p, r, teid, h);
		return;
	}
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
	else if (upf_act(w, p, s, r, pdr, &flow, UPF_UPLINK))
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

static inline struct ip destination_of(const struct upf_packet *p)
{
	if (p->linear >= UPF_IPV6_HEADER && p->data[0] >> 4 == 6)
		return ip_from_v6(p->data + 24);
	return p->linear >= 20 ? ip_from_v4(gtpu_be32(p->data + 16)) : IP_NONE;
}

static void from_n6(struct upf_worker *w, struct upf_packet *p)
{
	struct upf_flow flow;

	p->head_len = 0;
	if (!p->session && upf_has_routes(w->plane))
		p->session = upf_route_find(w->plane, destination_of(p));
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
	else if (p->lan)
		upf_lan_downlink(w, p);
	else if (!upf_flow_read(p->data, p->linear, &p->len, &flow))
		upf_worker_drop(w, p, UPF_STAT_MALFORMED);
	else
		downlink(w, p, p->session, &flow);
}

void upf_worker_again(struct upf_worker *w, struct upf_packet *p)
{
	if (p->lan)
		upf_lan_downlink(w, p);
	else
		burst_n6(w, p, 1);
}

/* Whoever gives packets uses their structs again: what the data path noted of the former ones is forgotten.
 */
static void as_received(struct upf_packet *packets, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct upf_packet *p = &packets[i];

		p->handed = p->from_ue = p->of_smf = p->waiting = p->kept = p->stays = false;
		p->to = p->outer = 0;
	}
}

void upf_worker_n3(struct upf_worker *w, struct upf_packet *packets, size_t count)
{
	as_received(packets, count);
	for (size_t i = 0; i < count; i++)
		packets[i].lan = 0;
	for (size_t at = 0; at < count; at += UPF_BURST_MAX)
		burst_n3(w, packets + at, count - at < UPF_BURST_MAX ? count - at : UPF_BURST_MAX);
}

void upf_worker_n6(struct upf_worker *w, struct upf_packet *packets, size_t count)
{
	as_received(packets, count);
	for (size_t at = 0; at < count; at += UPF_BURST_MAX)
		burst_n6(w, packets + at, count - at < UPF_BURST_MAX ? count - at : UPF_BURST_MAX);
}

void upf_worker_lan(struct upf_worker *w, struct upf_packet *packets, size_t count)
{
	as_received(packets, count);
	for (size_t i = 0; i < count; i++)
		upf_lan_from_n6(w, &packets[i]);
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
			.lan = h->lan,
			.to = h->to,
			.from_ue = h->source == UPF_FROM_UE };
	if (first->source == UPF_FROM_N3)
		burst_n3(w, packets, n);
	else if (first->source == UPF_FROM_LAN)
		for (size_t i = 0; i < n; i++)
			upf_lan_downlink(w, &packets[i]);
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
		if (w->from[w->take_from].records)
			n = take_run(w, &w->from[w->take_from], packets,
				max < UPF_BURST_MAX ? max : UPF_BURST_MAX);
	}
	w->take_pop = (uint32_t)n;
	return n;
}

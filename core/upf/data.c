#include "core/upf/internal.h"

#include "core/upf/match.h"

/* What all packets of a burst share. */
struct burst {
	struct upf *upf;
	uint64_t now_q8; /* 2^-8 ns */
	uint32_t now_s;  /* + 1 */
};

static struct burst burst_begin(struct upf *upf)
{
	uint64_t now_ns = env_now_ns(upf->env);

	upf_reader_enter(&upf->data.epoch, upf->data.reader);
	return (struct burst){ upf, now_ns << 8, (uint32_t)(now_ns / NS_PER_S) + 1 };
}

static void burst_end(struct burst *b)
{
	upf_reader_leave(b->upf->data.reader);
	if (!list_empty(&b->upf->pending))
		upf_tell(b->upf);
}

static inline void drop(struct burst *b, struct upf_packet *p, enum upf_stat why)
{
	p->verdict = UPF_DROP;
	b->upf->stat[why]++;
}

static void count_usage(struct burst *b, struct upf_session *s, const struct upf_rules *r,
	const struct upf_pdr *pdr, enum upf_direction dir, uint32_t len)
{
	struct upf_urr *const *urrs = upf_rules_urrs(r);

	for (uint8_t i = 0; i < pdr->urr_count; i++) {
		struct upf_urr *u = urrs[pdr->urrs[i]];

		if (__builtin_expect(upf_urr_count(u, dir, len, b->now_s), 0) && upf_urr_noted(b->upf, u))
			upf_session_note(b->upf, s, UPF_EVENT_USAGE);
	}
}

/* What a FAR that does not forward means for the packet. */
static void hold(struct burst *b, struct upf_packet *p, struct upf_session *s, const struct upf_pdr *pdr,
	const struct upf_far *far)
{
	if (!(far->action & PFCP_APPLY_BUFF)) {
		drop(b, p, UPF_STAT_DISCARDED);
		return;
	}
	drop(b, p, UPF_STAT_NOT_BUFFERED);
	if (far->action & PFCP_APPLY_NOCP && !s->dl_notified) {
		s->dl_notified = true;
		s->dl_pdr = pdr->id;
		upf_session_note(b->upf, s, UPF_EVENT_DL_DATA);
	}
}

/* The G-PDU's header, beside the packet. */
static bool encapsulate(struct upf_packet *p, const struct upf_pdr *pdr, const struct upf_far *far)
{
	struct gtpu_header h = { .type = GTPU_G_PDU,
		.has_pdu_session = pdr->qfi != 0,
		.teid = far->teid,
		.pdu_session = { .pdu_type = GTPU_PDU_DL, .qfi = pdr->qfi, .rqi = pdr->rqi } };

	p->head_len = (uint8_t)gtpu_header_encode(&h, p->len, p->head);
	p->peer_ip = far->ip;
	p->peer_port = GTPU_UDP_PORT;
	p->verdict = UPF_TO_N3;
	return p->head_len > 0;
}

/* QERs, FAR and URRs of the PDR found. True when the packet goes to N6, its verdict not yet set. */
static inline bool act(struct burst *b, struct upf_packet *p, struct upf_session *s,
	const struct upf_rules *r, const struct upf_pdr *pdr, enum upf_direction dir)
{
	const struct upf_far *far = &upf_rules_fars(r)[pdr->far];
	enum upf_stat why;

	if (!(far->action & PFCP_APPLY_FORW)) {
		hold(b, p, s, pdr, far);
		return false;
	}
	if (!upf_quota_left(r, pdr)) {
		drop(b, p, UPF_STAT_QUOTA);
		return false;
	}
	why = upf_enforce(r, pdr, dir, p->len, b->now_q8);
	if (why != UPF_STAT_COUNT) {
		drop(b, p, why);
		return false;
	}
	if (far->has_tunnel ? !encapsulate(p, pdr, far) : upf_far_needs_tunnel(far)) {
		drop(b, p, UPF_STAT_NO_TUNNEL);
		return false;
	}
	count_usage(b, s, r, pdr, dir, p->len);
	b->upf->stat[dir == UPF_UPLINK ? UPF_STAT_UL_PACKETS : UPF_STAT_DL_PACKETS]++;
	b->upf->stat[dir == UPF_UPLINK ? UPF_STAT_UL_OCTETS : UPF_STAT_DL_OCTETS] += p->len;
	return !far->has_tunnel;
}

/* A packet for a UE: from N6, or from another UE. */
static void downlink(
	struct burst *b, struct upf_packet *p, struct upf_session *s, const struct upf_flow *flow)
{
	const struct upf_rules *r = s ? __atomic_load_n(&s->rules, __ATOMIC_ACQUIRE) : NULL;
	const struct upf_pdr *pdr;

	if (!r) {
		drop(b, p, UPF_STAT_NO_SESSION);
		return;
	}
	pdr = upf_match(r, flow, 0, UINT8_MAX, UPF_DOWNLINK);
	if (!pdr)
		drop(b, p, UPF_STAT_NO_PDR);
	else if (act(b, p, s, r, pdr, UPF_DOWNLINK))
		drop(b, p, UPF_STAT_DISCARDED); /* back to N6 it would come again */
}

/* Addresses no UE may send to: the network's own, and those that are no unicast address. */
static inline bool is_protected(const struct upf_config *c, uint32_t dst)
{
	if (dst >> 24 == 0 || dst >> 24 == 127 || dst >= 0xe0000000)
		return true;
	for (uint8_t i = 0; i < c->protected_count; i++)
		if (prefix4_has(&c->protected[i], dst))
			return true;
	return false;
}

static inline bool is_ue_address(const struct upf_config *c, uint32_t dst)
{
	for (uint8_t i = 0; i < c->pool_count; i++)
		if (prefix4_has(&c->pools[i], dst) &&
			dst != c->pools[i].ip + 1) /* the first is the UPF's own */
			return true;
	return false;
}

/* Where an uplink packet that has passed goes: to N6, or as downlink to another UE (local switching). */
static void to_n6(struct burst *b, struct upf_packet *p, const struct upf_flow *flow)
{
	struct upf_session *other;

	p->verdict = UPF_TO_N6;
	p->head_len = 0;
	if (b->upf->config.pool_count && !is_ue_address(&b->upf->config, flow->dst))
		return;
	other = upf_table_find(&b->upf->data.by_ue_ip, flow->dst);
	if (!other && !b->upf->config.pool_count)
		return;
	downlink(b, p, other, flow);
	b->upf->stat[UPF_STAT_HAIRPIN] += p->verdict == UPF_TO_N3;
}

static void uplink(struct burst *b, struct upf_packet *p, const struct gtpu_header *h)
{
	struct upf_session *s = p->session;
	const struct upf_rules *r = s ? __atomic_load_n(&s->rules, __ATOMIC_ACQUIRE) : NULL;
	uint8_t qfi = h->has_pdu_session ? h->pdu_session.qfi : UINT8_MAX;
	const struct upf_pdr *pdr;
	struct upf_flow flow;

	if (!r) {
		drop(b, p, UPF_STAT_UNKNOWN_TEID);
		upf_gtpu_error_indication(b->upf, p, h->teid);
		return;
	}
	if (!upf_flow_read(p->data, p->len, &p->len, &flow)) {
		drop(b, p, UPF_STAT_MALFORMED);
		return;
	}
	if (flow.src != r->ue_ip || flow.src == 0) {
		drop(b, p, UPF_STAT_SPOOFED);
		return;
	}
	if (is_protected(&b->upf->config, flow.dst)) {
		drop(b, p, UPF_STAT_PROTECTED);
		return;
	}
	pdr = upf_match(r, &flow, h->teid, qfi, UPF_UPLINK);
	if (!pdr)
		drop(b, p, UPF_STAT_NO_PDR);
	else if (act(b, p, s, r, pdr, UPF_UPLINK))
		to_n6(b, p, &flow);
}

static inline bool peer_is_gnb(struct upf *upf, uint32_t ip)
{
	if (upf->data.good_peer_ip == ip && ip != 0)
		return true;
	for (uint8_t i = 0; i < upf->config.gnb_count; i++) {
		if (prefix4_has(&upf->config.gnbs[i], ip)) {
			upf->data.good_peer_ip = ip;
			return true;
		}
	}
	return upf->config.gnb_count == 0;
}

static void from_n3(struct burst *b, struct upf_packet *p)
{
	struct gtpu_header h;
	struct bytes payload;

	p->head_len = 0;
	if (!peer_is_gnb(b->upf, p->peer_ip)) {
		drop(b, p, UPF_STAT_FOREIGN);
		return;
	}
	switch (gtpu_header_decode(bytes_of(p->data, p->len), &h, &payload)) {
	case GTPU_OK:
		break;
	case GTPU_NOT_COMPREHENDED:
		upf_gtpu_not_comprehended(b->upf, p, &h);
		return;
	default:
		drop(b, p, UPF_STAT_MALFORMED);
		return;
	}
	if (h.type != GTPU_G_PDU) {
		upf_gtpu_signalling(b->upf, p, &h);
		return;
	}
	p->data = payload.data;
	p->len = p->linear = (uint32_t)payload.len;
	uplink(b, p, &h);
}

/* What every packet writes: the first bucket and the first counter. */
static void prefetch_state(const struct upf_packet *packets, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct upf_session *s = packets[i].session;
		const struct upf_rules *r;

		if (!s || (i > 0 && s == packets[i - 1].session))
			continue;
		r = __atomic_load_n(&s->rules, __ATOMIC_ACQUIRE);
		if (r && r->qer_count)
			__builtin_prefetch(upf_rules_qers(r)[0].meter, 1);
		if (r && r->urr_count)
			__builtin_prefetch(upf_rules_urrs(r)[0], 1);
	}
}

/* The session of each packet, fetched ahead in steps: table, session, rules. */
static void find_sessions(struct upf *upf, const struct upf_table *t, struct upf_packet *packets,
	size_t count, size_t at, size_t least)
{
	uint32_t key[UPF_BURST_MAX];

	for (size_t i = 0; i < count; i++) {
		key[i] = packets[i].linear >= least ? gtpu_be32(packets[i].data + at) : 0;
		upf_table_prefetch(t, key[i]);
	}
	for (size_t i = 0; i < count; i++) {
		bool same = i > 0 && key[i] == key[i - 1];

		packets[i].session = same ? packets[i - 1].session : upf_table_find(t, key[i]);
		if (!same && packets[i].session)
			__builtin_prefetch(packets[i].session);
	}
	for (size_t i = 0; i < count; i++) {
		const struct upf_session *s = packets[i].session;
		const char *r;

		if (!s || (i > 0 && s == packets[i - 1].session))
			continue;
		r = (const char *)__atomic_load_n(&s->rules, __ATOMIC_ACQUIRE);
		for (int line = 0; r && line < 6; line++)
			__builtin_prefetch(r + line * 64);
	}
	prefetch_state(packets, count);
}

void upf_data_n3(struct upf *upf, struct upf_packet *packets, size_t count)
{
	struct burst b = burst_begin(upf);

	for (size_t at = 0; at < count; at += UPF_BURST_MAX) {
		size_t n = count - at < UPF_BURST_MAX ? count - at : UPF_BURST_MAX;

		find_sessions(upf, &upf->data.by_teid, packets + at, n, 4, 8);
		for (size_t i = 0; i < n; i++)
			from_n3(&b, &packets[at + i]);
	}
	burst_end(&b);
}

static void from_n6(struct burst *b, struct upf_packet *p)
{
	struct upf_flow flow;

	p->head_len = 0;
	if (!upf_flow_read(p->data, p->linear, &p->len, &flow))
		drop(b, p, UPF_STAT_MALFORMED);
	else
		downlink(b, p, p->session, &flow);
}

void upf_data_n6(struct upf *upf, struct upf_packet *packets, size_t count)
{
	struct burst b = burst_begin(upf);

	for (size_t at = 0; at < count; at += UPF_BURST_MAX) {
		size_t n = count - at < UPF_BURST_MAX ? count - at : UPF_BURST_MAX;

		find_sessions(upf, &upf->data.by_ue_ip, packets + at, n, 16, 20);
		for (size_t i = 0; i < n; i++)
			from_n6(&b, &packets[at + i]);
	}
	burst_end(&b);
}

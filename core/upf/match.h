/* Which PDR a packet belongs to, and whether its QERs and URRs let it pass. In line: for every packet. */
#pragma once

#include "core/upf/session.h"
#include "core/upf/data.h"
#include "core/upf/worker.h"

static inline bool upf_end_matches(
	const struct upf_filter_end *e, struct ip ip, uint16_t port, bool has_ports)
{
	if (!ip_same_in(ip, e->ip, e->mask))
		return false;
	if (e->range_count == 0)
		return true;
	for (uint8_t i = 0; has_ports && i < e->range_count; i++)
		if (port >= e->ranges[i].from && port <= e->ranges[i].to)
			return true;
	return false;
}

/* The filter is written for the downlink; uplink packets have their ends the other way round. */
static inline bool upf_filter_matches(
	const struct upf_filter *f, const struct upf_flow *p, enum upf_direction dir)
{
	bool up = dir == UPF_UPLINK;

	if (f->flow_label || (f->family && f->family != (p->dst.high ? IP_FAMILY_V6 : IP_FAMILY_V4)) ||
		(!f->any_protocol && f->protocol != p->protocol))
		return false;
	if ((p->tos ^ f->tos) & f->tos_mask)
		return false;
	if (f->has_spi && (!p->has_spi || p->spi != f->spi))
		return false;
	return upf_end_matches(&f->remote, up ? p->dst : p->src, up ? p->dport : p->sport, p->has_ports) &&
	       upf_end_matches(&f->ue, up ? p->src : p->dst, up ? p->sport : p->dport, p->has_ports);
}

/* ethernet_frame.c: of frames; the flow has one. */
bool upf_ether_filters_match(const struct upf_rules *r, const struct upf_pdr *pdr,
	const struct upf_flow *flow, enum upf_direction dir);

static inline bool upf_pdr_filters_match(const struct upf_rules *r, const struct upf_pdr *pdr,
	const struct upf_flow *flow, enum upf_direction dir)
{
	const struct upf_filter *f = upf_rules_filters(r) + pdr->filter_first;

	if (__builtin_expect(pdr->ether_count, 0))
		return flow->frame && upf_ether_filters_match(r, pdr, flow, dir);
	if (pdr->filter_count == 0)
		return true;
	for (uint8_t i = 0; i < pdr->filter_count; i++)
		if (upf_filter_matches(&f[i], flow, dir))
			return true;
	return false;
}

/* The UPF's own address in a pool is for pings and names (a resolver may be told to UEs there), and no way to
 * other services of its host. */
static inline bool upf_gateway_serves(const struct upf_flow *f)
{
	bool names = (f->protocol == 17 || f->protocol == 6) && f->has_ports && f->dport == 53;

	return f->protocol == 1 || f->protocol == 58 || names;
}

static inline bool upf_is_link_local(struct ip a)
{
	return a.high >> 54 == 0xfe80 >> 6;
}

/* What a UE has for a source before it has an address, or on its own link: that is the SMF's to answer. */
static inline bool upf_is_of_link(struct ip src)
{
	return ip_is_none(src) || upf_is_link_local(src);
}

/* Pools come and go while workers look (configuration.c). */
static inline uint8_t upf_pools(const struct upf_config *c)
{
	return __atomic_load_n(&c->pool_count, __ATOMIC_ACQUIRE);
}

static inline uint8_t upf_pools6(const struct upf_config *c)
{
	return __atomic_load_n(&c->pool6_count, __ATOMIC_ACQUIRE);
}

static inline bool upf_pool_has(const struct upf_config *c, uint8_t i, uint32_t ip)
{
	return prefix4_has(&c->pools[i], ip) && !(__atomic_load_n(&c->pools_gone, __ATOMIC_RELAXED) >> i & 1);
}

static inline bool upf_pool6_has(const struct upf_config *c, uint8_t i, struct ip ip)
{
	return prefix_has(&c->pools6[i], ip) &&
	       !(__atomic_load_n(&c->pools6_gone, __ATOMIC_RELAXED) >> i & 1);
}

static inline bool upf_is_protected6(const struct upf_plane *plane, const struct upf_flow *flow)
{
	const struct upf_config *c = plane->config;
	struct ip dst = flow->dst;

	if (dst.high >> 56 == 0xff || upf_is_link_local(dst) ||
		dst.high == 0) /* "::", "::1" and mapped ones */
		return true;
	for (uint8_t i = 0; i < c->protected6_count; i++)
		if (ip_equal(c->protected6[i], dst))
			return true;
	for (uint8_t i = 0; i < upf_pools6(c); i++)
		if (upf_pool6_has(c, i, dst))
			return dst.high == c->pools6[i].ip.high &&
			       (dst.low != 1 || !upf_gateway_serves(flow));
	return upf_table_find(&plane->n3_peers, upf_key_ip(dst)) != NULL;
}

/* Where no UE may send to: the network's own addresses, its gNBs', and those that are no unicast address. */
static inline bool upf_is_protected(const struct upf_plane *plane, const struct upf_flow *flow)
{
	const struct upf_config *c = plane->config;
	uint32_t dst = ip_v4(flow->dst);

	if (ip_family(flow->dst) != IP_FAMILY_V4)
		return upf_is_protected6(plane, flow);
	if (dst >> 24 == 0 || dst >> 24 == 127 || dst >= 0xe0000000)
		return true;
	for (uint8_t i = 0; i < c->protected_count; i++)
		if (prefix4_has(&c->protected[i], dst))
			return true;
	for (uint8_t i = 0; i < upf_pools(c); i++)
		if (upf_pool_has(c, i, dst))
			return dst == c->pools[i].ip + 1 && !upf_gateway_serves(flow);
	for (uint8_t i = 0; i < c->gnb_count; i++)
		if (c->gnbs[i].bits && prefix4_has(&c->gnbs[i], dst))
			return true;
	return upf_table_find(&plane->n3_peers, upf_key_ip(flow->dst)) != NULL;
}

/* The first address, and of IPv6 the first /64, is the UPF's own. */
static inline bool upf_is_ue_address(const struct upf_config *c, struct ip dst)
{
	for (uint8_t i = 0; i < upf_pools(c); i++)
		if (upf_pool_has(c, i, ip_v4(dst)) && ip_v4(dst) != c->pools[i].ip + 1)
			return true;
	for (uint8_t i = 0; i < upf_pools6(c); i++)
		if (upf_pool6_has(c, i, dst) && dst.high != c->pools6[i].ip.high)
			return true;
	return false;
}

/* 38.415 5.5.2.2: what comes from a gNB names its QoS flow, one of the session. */
static inline bool upf_container_fits(const struct upf_rules *r, const struct gtpu_header *h)
{
	return h->has_pdu_session && h->pdu_session.pdu_type == GTPU_PDU_UL &&
	       (!r->qfis || r->qfis >> h->pdu_session.qfi & 1);
}

/* The first by precedence. teid: of the tunnel the packet came in, 0 on N6. qfi: UINT8_MAX when it had none.
 */
static inline const struct upf_pdr *upf_match(const struct upf_rules *r, const struct upf_flow *flow,
	uint32_t teid, uint8_t qfi, enum upf_direction dir)
{
	for (uint8_t i = 0; i < r->pdr_count; i++) {
		const struct upf_pdr *p = &r->pdrs[i];

		if (upf_pdr_is_uplink(p) != (dir == UPF_UPLINK) || p->teid != teid)
			continue;
		if (p->qfis && dir == UPF_UPLINK && (qfi > 63 || !(p->qfis >> qfi & 1)))
			continue;
		if (upf_pdr_filters_match(r, p, flow, dir))
			return p;
	}
	return NULL;
}

/* Would the bucket let len octets pass: when it holds them, or is full and cannot hold so many. And takes
 * them from it. */
static inline uint64_t upf_qer_cost(const struct upf_qer *q, enum upf_direction dir, uint32_t len)
{
	return (upf_qer_rate(q)->cost[dir] * len) >> 16;
}

static inline bool upf_qer_has(const struct upf_qer *q, enum upf_direction dir, uint32_t len, uint64_t now_q8)
{
	uint64_t full_at = q->meter->full_at[dir], wait = full_at > now_q8 ? full_at - now_q8 : 0;
	uint64_t depth = upf_qer_rate(q)->depth[dir];

	return wait + upf_qer_cost(q, dir, len) <= depth || (wait == 0 && depth);
}

static inline void upf_qer_take(
	const struct upf_qer *q, enum upf_direction dir, uint32_t len, uint64_t now_q8)
{
	uint64_t *full_at = &q->meter->full_at[dir];

	*full_at = (*full_at > now_q8 ? *full_at : now_q8) + upf_qer_cost(q, dir, len);
}

/* All QERs of the PDR, or none, are charged. UPF_STAT_COUNT: passed; UPF_STAT_RATE: not now. What has not
 * waited passes none that does. */
static inline enum upf_stat upf_enforce(const struct upf_rules *r, const struct upf_pdr *pdr,
	enum upf_direction dir, const struct upf_packet *p, uint64_t now_q8)
{
	const struct upf_qer *qers = upf_rules_qers(r);

	for (uint8_t i = 0; i < pdr->qer_count; i++) {
		const struct upf_qer *q = &qers[pdr->qers[i]];

		if (q->gate & (dir == UPF_UPLINK ? PFCP_GATE_UL_CLOSED : PFCP_GATE_DL_CLOSED))
			return UPF_STAT_GATED;
		if (q->has_mbr &&
			((q->meter->backlog[dir] && !p->waiting) || !upf_qer_has(q, dir, p->len, now_q8)))
			return UPF_STAT_RATE;
	}
	for (uint8_t i = 0; i < pdr->qer_count; i++)
		if (qers[pdr->qers[i]].has_mbr)
			upf_qer_take(&qers[pdr->qers[i]], dir, p->len, now_q8);
	return UPF_STAT_COUNT;
}

static inline uint64_t upf_count_of(const struct upf_count *c, enum upf_volume_kind volume)
{
	uint64_t ul = UPF_READ(c->octets[UPF_UPLINK]), dl = UPF_READ(c->octets[UPF_DOWNLINK]);

	return volume == UPF_VOLUME_TOTAL ? ul + dl : volume == UPF_VOLUME_UL ? ul : dl;
}

/* All volumes are below these. */
static inline bool upf_count_below(const struct upf_count *c, const uint64_t at[UPF_VOLUMES])
{
	uint64_t ul = UPF_READ(c->octets[UPF_UPLINK]), dl = UPF_READ(c->octets[UPF_DOWNLINK]);

	return ul + dl < UPF_READ(at[UPF_VOLUME_TOTAL]) && ul < UPF_READ(at[UPF_VOLUME_UL]) &&
	       dl < UPF_READ(at[UPF_VOLUME_DL]);
}

static inline bool upf_quota_left(const struct upf_rules *r, const struct upf_pdr *pdr)
{
	struct upf_urr *const *urrs = upf_rules_urrs(r);

	for (uint8_t i = 0; i < pdr->urr_count; i++)
		if (!upf_count_below(&urrs[pdr->urrs[i]]->count, urrs[pdr->urrs[i]]->quota_at))
			return false;
	return true;
}

/* Counts a packet; true when the control plane is to look at the URR. */
static inline bool upf_urr_count(struct upf_urr *u, enum upf_direction dir, uint32_t len, uint32_t now_s)
{
	uint32_t mark = UPF_READ(u->mark);
	bool first = u->mark_seen != mark;

	if (UPF_READ(u->inactive))
		return false;
	UPF_WRITE(u->count.octets[dir], u->count.octets[dir] + len);
	UPF_WRITE(u->count.packets[dir], u->count.packets[dir] + 1);
	UPF_WRITE(u->last_s, now_s);
	if (first) {
		UPF_WRITE(u->first_s, now_s);
		UPF_WRITE(u->mark_seen, mark);
	}
	return (first && UPF_READ(u->note_first)) || !upf_count_below(&u->count, u->note_at);
}

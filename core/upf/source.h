/* Whether uplink comes from where it may: a configured gNB, the other end of the session's tunnel. */
#pragma once

#include "core/upf/match.h"
#include "core/upf/route.h"

static inline bool peer_is_gnb(struct upf_worker *w, struct ip ip)
{
	const struct upf_config *c = w->plane->config;

	if (ip_equal(w->good_peer, ip) && !ip_is_none(ip))
		return true;
	for (uint8_t i = 0; ip_v4(ip) && i < c->gnb_count; i++) {
		if (prefix4_has(&c->gnbs[i], ip_v4(ip))) {
			w->good_peer = ip;
			return true;
		}
	}
	return c->gnb_count == 0;
}

/* The SMF's end of the tunnel by which it sends to the UE and hears of it (29.244 5.3). */
static inline bool upf_is_cp_peer(const struct upf_rules *r, struct ip peer)
{
	for (uint8_t i = 0; r && i < r->far_count; i++) {
		const struct upf_far *f = &upf_rules_fars(r)[i];

		if (f->has_tunnel && f->destination == PFCP_INTERFACE_CP && ip_equal(f->ip, peer))
			return true;
	}
	return false;
}

static inline bool is_of_smf(const struct upf_packet *p)
{
	return p->session && upf_is_cp_peer(__atomic_load_n(&p->session->rules, __ATOMIC_ACQUIRE), p->peer);
}

/*
 * Uplink comes from the other end of the session's tunnel; when the UE has just gone to another gNB (23.502
 * 4.9.1), from that one, of which the SMF has not told yet. So it is a gNB that is configured or, where none
 * is, at which tunnels end. What the SMF sends comes from its own end.
 */
static inline bool from_tunnel_end(const struct upf_worker *w, struct upf_packet *p)
{
	p->of_smf = is_of_smf(p);
	if (p->of_smf || w->plane->config->gnb_count > 0)
		return true; /* peer_is_gnb() */
	return upf_table_find(&w->plane->n3_peers, upf_key_ip(p->peer)) != NULL;
}

/* The source is an address of the UE; of IPv6 any in its /64 (23.501 5.8.2.2.3), or of a network behind it
 * (5.6.14). */
static inline bool is_ues_own(const struct upf_rules *r, struct ip src)
{
	if (src.high ? src.high == r->ue_prefix : ip_v4(src) == r->ue_ipv4 && r->ue_ipv4)
		return true;
	return r->route_count && upf_route_has(r, src);
}

/* Whether a packet of the PDR may go where it leads; h: of its tunnel, NULL for one that had to
 * wait. */
static inline enum upf_stat uplink_allowed(struct upf_worker *w, const struct upf_packet *p,
	const struct upf_rules *r, const struct upf_pdr *pdr, const struct upf_flow *flow,
	const struct gtpu_header *h)
{
	bool from_access = !pdr || pdr->source == PFCP_INTERFACE_ACCESS;
	const struct upf_far *far = pdr ? &upf_rules_fars(r)[pdr->far] : NULL;

	if (h && p->of_smf == from_access)
		return UPF_STAT_FOREIGN;
	if (!from_access) /* of the SMF, which may send as whom it likes */
		return UPF_STAT_COUNT;
	if (!is_ues_own(r, flow->src)) {
		if (!upf_is_of_link(flow->src))
			return UPF_STAT_SPOOFED;
		if (!far || far->destination != PFCP_INTERFACE_CP)
			return UPF_STAT_LINK_LOCAL;
	}
	if ((!far || far->destination != PFCP_INTERFACE_CP) && upf_is_protected(w->plane, flow))
		return UPF_STAT_PROTECTED;
	if (h && !upf_container_fits(r, h))
		return UPF_STAT_CONTAINER;
	return pdr ? UPF_STAT_COUNT : UPF_STAT_NO_PDR;
}

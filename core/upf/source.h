/* Whether uplink comes from where it may: a configured gNB, the other end of the session's tunnel. */
#pragma once

#include "core/upf/worker.h"

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

/*
 * Uplink comes from the other end of the session's tunnel; when the UE has just gone to another gNB (23.502
 * 4.9.1), from that one, of which the SMF has not told yet. So it is a gNB that is configured or, where none
 * is, at which tunnels end.
 */
static inline bool from_tunnel_end(const struct upf_worker *w, const struct upf_packet *p)
{
	const struct upf_rules *r = __atomic_load_n(&p->session->rules, __ATOMIC_ACQUIRE);

	if (w->plane->config->gnb_count > 0)
		return true; /* peer_is_gnb() */
	for (uint8_t i = 0; r && i < r->far_count; i++) {
		const struct upf_far *f = &upf_rules_fars(r)[i];

		if (f->has_tunnel && ip_equal(f->ip, p->peer))
			return true;
	}
	return upf_table_find(&w->plane->n3_peers, upf_key_ip(p->peer)) != NULL;
}

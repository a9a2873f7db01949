/*
 * Ranges of addresses behind a UE: framed routes (23.501 5.6.14, 29.244 8.2.109) and the prefix out of which
 * it may delegate (23.501 5.8.2.2.4). They stand in the table of UE addresses with their length beside; the
 * longest that has the address leads to the session.
 */
#pragma once

#include "base/prefix.h"
#include "core/upf/worker.h"

/* Of a route; that of an address has no id. */
static inline struct upf_key upf_key_route(const struct prefix *p)
{
	return (struct upf_key){ .ip = p->ip, .id = prefix_bits128(p) };
}

static inline bool upf_has_routes(const struct upf_plane *plane)
{
	return UPF_READ(plane->route_lengths[0]) | UPF_READ(plane->route_lengths[1]) |
	       UPF_READ(plane->route_lengths[2]);
}

/* The session that the address is behind; NULL: none. */
static inline struct upf_session *upf_route_find(const struct upf_plane *plane, struct ip dst)
{
	for (int word = 2; word >= 0; word--) {
		uint64_t lengths = UPF_READ(plane->route_lengths[word]);

		while (lengths) {
			int bit = 63 - __builtin_clzll(lengths), bits = word * 64 + bit;
			struct upf_session *s = upf_table_find(&plane->by_ue_ip,
				(struct upf_key){ ip_masked(dst, (uint8_t)bits), (uint64_t)bits });

			if (s)
				return s;
			lengths ^= UINT64_C(1) << bit;
		}
	}
	return NULL;
}

static inline bool upf_route_has(const struct upf_rules *r, struct ip ip)
{
	for (uint8_t i = 0; i < r->route_count; i++)
		if (prefix_has(&upf_rules_routes(r)[i], ip))
			return true;
	return false;
}

/* route.c */
struct upf;
struct upf_draft;
struct upf_draft_pdr;
/* Those of a downlink PDR's PDI. */
bool upf_routes_read(struct upf_draft *d, struct upf_draft_pdr *p, const struct pfcp_pdi *pdi);
/* Those of all PDRs are the session's. */
bool upf_routes_finish(struct upf_draft *d);
/* They lead to the session from now on; and those that it has no more, no longer. */
void upf_routes_publish(struct upf *upf, struct upf_session *s, const struct upf_rules *r);
void upf_routes_retire(
	struct upf *upf, struct upf_session *s, const struct upf_rules *old, const struct upf_rules *rules);

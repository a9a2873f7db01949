/*
 * Neighbour discovery as far as a PDU session needs it: router solicitations and advertisements (RFC 4861 4.1
 * and 4.2, RFC 8106 5.1) as whole IPv6 packets. What decodes has passed the checks of RFC 4861 6.1.
 */
#pragma once

#include "base/cursor.h"
#include "base/prefix.h"

enum { ND_DNS_MAX = 4, ND_PACKET_MAX = 256, ND_HOP_LIMIT = 255, ND_FOREVER = UINT32_MAX };

/* "ff02::1" and "ff02::2" */
#define ND_ALL_NODES   ((struct ip){ UINT64_C(0xff02) << 48, 1 })
#define ND_ALL_ROUTERS ((struct ip){ UINT64_C(0xff02) << 48, 2 })

/* The link-local address of an interface identifier. */
static inline struct ip nd_link_local(uint64_t interface_id)
{
	return (struct ip){ UINT64_C(0xfe80) << 48, interface_id };
}

static inline bool nd_is_link_local(struct ip a)
{
	return a.high >> 54 == 0xfe80 >> 6;
}

struct nd_advertisement {
	struct ip src, dst;
	uint8_t hop_limit;    /* for the host's packets; 0: unspecified */
	bool managed, other;  /* DHCPv6 has addresses, other things */
	uint16_t lifetime_s;  /* as a default router; 0: it is none */
	struct prefix prefix; /* bits 0: none; of several the first that is autonomous */
	bool on_link, autonomous;
	uint32_t valid_s, preferred_s;
	uint32_t mtu; /* 0: none */
	uint8_t dns_count;
	struct ip dns[ND_DNS_MAX];
	uint32_t dns_lifetime_s;
};

/* src may be IP_NONE. False: no room. */
bool nd_solicitation_encode(struct ip src, struct writer *w);
bool nd_advertisement_encode(const struct nd_advertisement *a, struct writer *w);

/* It says that it is one, be it valid or not. */
static inline bool nd_is_router_advertisement(struct bytes packet)
{
	return packet.len > 40 && packet.data[0] >> 4 == 6 && packet.data[6] == 58 && packet.data[40] == 134;
}

/* False: it is none, or not valid. */
bool nd_solicitation_decode(struct bytes packet, struct ip *src);
bool nd_advertisement_decode(struct bytes packet, struct nd_advertisement *out);

/* RFC 4861 4.3 and 4.4, as far as a router on a link without link-layer addresses needs them. src IP_NONE:
 * somebody tries an address. */
bool nd_neighbor_solicitation_encode(struct ip src, struct ip target, struct writer *w);
bool nd_neighbor_solicitation_decode(struct bytes packet, struct ip *src, struct ip *target);
/* The router answers for itself; to IP_NONE: all nodes. */
bool nd_neighbor_advertisement_encode(struct ip target, struct ip to, struct writer *w);

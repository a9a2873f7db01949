/*
 * IP addresses of packets and rules, of either family, in 16 octets: two words in host order. IPv4 stands as
 * RFC 4291 2.5.5.2 maps it into IPv6, so that one comparison and one hash do for both; on a wire no such
 * address is allowed, and ip_from_v6 takes none.
 */
#pragma once

#include "base/addr.h"

struct ip {
	uint64_t high, low;
};

#define IP_NONE ((struct ip){ 0, 0 })

enum { IP_FAMILY_NONE = 0, IP_FAMILY_V4 = 4, IP_FAMILY_V6 = 6 };

static inline struct ip ip_from_v4(uint32_t ip)
{
	return (struct ip){ 0, UINT64_C(0xffff) << 32 | ip };
}

static inline uint8_t ip_family(struct ip a)
{
	if (a.high == 0 && a.low >> 32 == 0xffff)
		return IP_FAMILY_V4;
	return a.high | a.low ? IP_FAMILY_V6 : IP_FAMILY_NONE;
}

/* The IPv4 address in host order; 0 for others. */
static inline uint32_t ip_v4(struct ip a)
{
	return ip_family(a) == IP_FAMILY_V4 ? (uint32_t)a.low : 0;
}

static inline bool ip_equal(struct ip a, struct ip b)
{
	return a.high == b.high && a.low == b.low;
}

/* Whether a has no address, neither of IPv6 nor of IPv4: "::", 0.0.0.0 or nothing. */
static inline bool ip_is_none(struct ip a)
{
	return a.high == 0 && (a.low == 0 || a.low == UINT64_C(0xffff) << 32);
}

static inline bool ip_is_loopback(struct ip a)
{
	return ip_v4(a) >> 24 == 127 || (a.high == 0 && a.low == 1);
}

/* Whether a may be an address of another host: none of this network's, loopback, multicast or broadcast. */
static inline bool ip_is_host(struct ip a)
{
	if (ip_family(a) == IP_FAMILY_V4)
		return ip_v4(a) >> 24 != 0 && ip_v4(a) < 0xe0000000 && !ip_is_loopback(a);
	return ip_family(a) == IP_FAMILY_V6 && a.high >> 56 != 0xff && !ip_is_loopback(a);
}

/*
 * Whether a peer that says its tunnel ends at a may have it there: at another host, not here. Loopback is for
 * networks within one host, whose own end is there too.
 */
static inline bool ip_is_tunnel_end(struct ip a, struct ip own)
{
	return !ip_equal(a, own) && (ip_is_host(a) || (ip_is_loopback(a) && ip_is_loopback(own)));
}

/* Whether a and b agree where the mask has ones. */
MUST_USE static inline bool ip_same_in(struct ip a, struct ip b, struct ip mask)
{
	return (((a.high ^ b.high) & mask.high) | ((a.low ^ b.low) & mask.low)) == 0;
}

/* 16 octets as they stand in an IPv6 header; IP_NONE for an address that stands for one of IPv4. */
static inline struct ip ip_from_v6(const uint8_t octets[16])
{
	struct ip a = IP_NONE;

	for (int i = 0; i < 8; i++) {
		a.high = a.high << 8 | octets[i];
		a.low = a.low << 8 | octets[i + 8];
	}
	return ip_family(a) == IP_FAMILY_V6 ? a : IP_NONE;
}

static inline struct ip ip_from_addr(const struct addr *a)
{
	return a->len == 4 ? ip_from_v4(addr_v4(a)) : a->len == 16 ? ip_from_v6(a->ip) : IP_NONE;
}

static inline struct addr ip_to_addr(struct ip a, uint16_t port)
{
	struct addr to = { .port = port };

	if (ip_family(a) == IP_FAMILY_V4)
		return addr_from_v4(ip_v4(a), port);
	to.len = ip_family(a) == IP_FAMILY_V6 ? 16 : 0;
	for (int i = 0; to.len && i < 8; i++) {
		to.ip[i] = (uint8_t)(a.high >> (56 - 8 * i));
		to.ip[i + 8] = (uint8_t)(a.low >> (56 - 8 * i));
	}
	return to;
}

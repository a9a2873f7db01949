/* IP prefixes of either family: "10.45.0.0/16", "2001:db8:45::/48". */
#pragma once

#include "base/ip.h"

struct prefix {
	struct ip ip; /* host bits zero */
	uint8_t bits; /* of an IPv4 address 32 at most, else 128 */
};

enum { PREFIX_STR_SIZE = ADDR_STR_SIZE + 4 };

MUST_USE bool prefix_parse(const char *text, struct prefix *out);
/* Returns buf. */
const char *prefix_str(const struct prefix *p, char buf[PREFIX_STR_SIZE]);

static inline struct prefix prefix_of4(const struct prefix4 *p)
{
	return (struct prefix){ ip_from_v4(p->ip), p->bits };
}

/* Its bits as ip.h has addresses: those that make an address one of IPv4 come first. */
static inline uint8_t prefix_bits128(const struct prefix *p)
{
	return (uint8_t)(p->bits + (ip_family(p->ip) == IP_FAMILY_V4 ? 96 : 0));
}

/* Ones where the first bits of 128 are. */
static inline struct ip ip_mask(uint8_t bits128)
{
	return (struct ip){ bits128 >= 64 ? UINT64_MAX
			    : bits128     ? UINT64_MAX << (64 - bits128)
					  : 0,
		bits128 >= 128 ? UINT64_MAX
		: bits128 > 64 ? UINT64_MAX << (128 - bits128)
			       : 0 };
}

static inline struct ip ip_masked(struct ip a, uint8_t bits128)
{
	struct ip mask = ip_mask(bits128);

	return (struct ip){ a.high & mask.high, a.low & mask.low };
}

MUST_USE static inline bool prefix_has(const struct prefix *p, struct ip a)
{
	return ip_equal(ip_masked(a, prefix_bits128(p)), p->ip) && !ip_is_none(a) &&
	       (ip_family(a) == IP_FAMILY_V4) == (ip_family(p->ip) == IP_FAMILY_V4);
}

MUST_USE static inline bool prefix_equal(const struct prefix *a, const struct prefix *b)
{
	return ip_equal(a->ip, b->ip) && a->bits == b->bits;
}

MUST_USE static inline bool prefix_overlap(const struct prefix *a, const struct prefix *b)
{
	return prefix_has(a, b->ip) || prefix_has(b, a->ip);
}

/* Internet addresses as values. */
#pragma once

#include "base/bytes.h"

/* An IPv4 or IPv6 address with a port. len is 4 or 16, 0 when there is none. */
struct addr {
	uint8_t ip[16];
	uint8_t len;
	uint16_t port;
};

enum { ADDR_STR_SIZE = 64 };

MUST_USE static inline bool addr_same_host(const struct addr *a, const struct addr *b)
{
	return a->len == b->len && memcmp(a->ip, b->ip, a->len) == 0;
}

static inline bool addr_equal(const struct addr *a, const struct addr *b)
{
	return a->port == b->port && addr_same_host(a, b);
}

/* The IPv4 address in host order; 0 for others. */
uint32_t addr_v4(const struct addr *a);
struct addr addr_from_v4(uint32_t ip, uint16_t port);
struct addr addr_from_bytes(struct bytes ip, uint16_t port);

/* Parses "1.2.3.4" or "2001:db8::1"; the port is left 0. False on anything else. */
bool addr_parse(const char *text, struct addr *out);

/* "1.2.3.4:80", or without the port when it is 0; "none" for no address. Returns buf. */
const char *addr_str(const struct addr *a, char buf[ADDR_STR_SIZE]);

/* An IPv4 prefix. */
struct prefix4 {
	uint32_t ip; /* host order, host bits zero */
	uint8_t bits;
};

MUST_USE bool prefix4_parse(const char *text, struct prefix4 *out);

static inline uint32_t prefix4_mask(const struct prefix4 *p)
{
	return p->bits ? ~0u << (32 - p->bits) : 0;
}

static inline bool prefix4_has(const struct prefix4 *p, uint32_t ip)
{
	return (ip & prefix4_mask(p)) == p->ip;
}

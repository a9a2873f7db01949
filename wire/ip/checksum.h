/* The Internet checksum (RFC 1071). */
#pragma once

#include "base/ip.h"

/* The ones' complement sum of the octets, in host order, added to sum; not folded. */
uint64_t ip_sum(struct bytes b, uint64_t sum);
/* The checksum of a sum: folded and complemented. */
uint16_t ip_sum_fold(uint64_t sum);
/* Of an upper-layer message in IPv6 with its pseudo-header (RFC 8200 8.1); 0 over one that has a good
 * checksum in it. */
uint16_t ip6_checksum(struct ip src, struct ip dst, uint8_t next_header, struct bytes message);

/* Pools of UE addresses. For the SMF's files. */
#pragma once

#include "core/smf/session.h"

/* A pool of UE addresses; bit n is the nth address of the prefix, of IPv6 its nth /64, or shorter prefix. */
struct address_pool {
	struct prefix prefix;
	uint64_t base; /* the first: an IPv4 address, or the high 64 bits of an IPv6 one */
	uint32_t size, next, used;
	uint8_t shift; /* of n, within the high 64 bits of IPv6 */
	uint64_t *bits;
	uint64_t resumed_s; /* UTC: of the newest stored session that has one of its */
	bool gone;          /* no data network has it any more: it gives none, and takes back what it gave */
	uint32_t hold_s;    /* so long an address that was given back rests */
	uint32_t *rests_s;  /* until when, by address; NULL without hold_s */
};

/* address_pool.c. Of what is given and taken the member of the pool's family counts, and is set. bits: of
 * IPv6, of what it gives; 0: 64. */
bool smf_address_pool_init(
	struct address_pool *p, const struct prefix *prefix, uint8_t bits, uint32_t hold_s);
/* What of the other one lies within it is its from now on, taken as it is. False: the two give prefixes of
 * other lengths. */
MUST_USE bool smf_address_pool_inherit(struct address_pool *p, struct address_pool *of);
void smf_address_pool_fini(struct address_pool *p);
/* The next free address, round robin, that does not rest at now_s and is not reserved (NULL: none is); false
 * when there is none. */
bool smf_address_pool_take(struct address_pool *p, const struct smf_reserved *reserved, uint32_t now_s,
	struct smf_addresses *out);
/* A certain address, which need not be of the prefix; false when it is taken. It is its owner's, and may
 * rest. */
bool smf_address_pool_take_static(struct address_pool *p, const struct smf_addresses *a);
void smf_address_pool_give(struct address_pool *p, const struct smf_addresses *a, uint32_t now_s);
bool smf_address_pool_has(const struct address_pool *p, const struct smf_addresses *a);
/* How many that are taken lie in the prefix. */
uint32_t smf_address_pool_used_in(const struct address_pool *p, const struct prefix *prefix);
/* It is of those that no UE has: the data network's own, and broadcast. */
bool smf_address_pool_keeps(const struct address_pool *p, const struct smf_addresses *a);
/* It goes on behind this one, if that is the newest given before the process began (accepted_s: UTC). */
void smf_address_pool_resume(struct address_pool *p, const struct smf_addresses *a, uint64_t accepted_s);
static inline uint8_t smf_address_pool_family(const struct address_pool *p)
{
	return ip_family(p->prefix.ip) == IP_FAMILY_V4 ? SMF_V4 : SMF_V6;
}

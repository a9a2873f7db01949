#include <stdlib.h>

#include "core/smf/internal.h"

enum { WORD_BITS = 64 };

static bool address_pool_bit(const struct address_pool *p, uint32_t n)
{
	return p->bits[n / WORD_BITS] >> (n % WORD_BITS) & 1;
}

static void address_pool_set(struct address_pool *p, uint32_t n, bool taken)
{
	uint64_t bit = UINT64_C(1) << (n % WORD_BITS);

	if (taken == address_pool_bit(p, n))
		return;
	p->bits[n / WORD_BITS] ^= bit;
	p->used += taken ? 1 : -1;
}

/* How many there are to give: addresses, of IPv6 prefixes of so many bits. 0: the prefix is no pool. */
static uint32_t address_pool_size(const struct prefix *prefix, uint8_t bits)
{
	uint8_t unit = ip_family(prefix->ip) == IP_FAMILY_V4 ? 32 : bits;

	if (ip_is_none(prefix->ip) || prefix->bits > unit || prefix->bits < 8)
		return 0;
	return unit - prefix->bits > 24 ? (uint32_t)SMF_POOL_MAX : UINT32_C(1) << (unit - prefix->bits);
}

/* What the pool must not give: network, the data network's own first address, and broadcast; a /31 and a /32
 * have none (RFC 3021). Of IPv6 the first /64, where the data network has its own. */
static bool is_kept(const struct address_pool *p, uint64_t n)
{
	if (p->size < 4)
		return false;
	return n == 0 || (smf_address_pool_family(p) == SMF_V4 && (n == 1 || n == p->size - 1));
}

static void address_pool_keep(struct address_pool *p)
{
	for (uint32_t n = 0; n < 2 && n < p->size; n++)
		address_pool_set(p, n, is_kept(p, n));
	address_pool_set(p, p->size - 1, is_kept(p, p->size - 1));
	p->used = 0;
}

bool smf_address_pool_init(struct address_pool *p, const struct prefix *prefix, uint8_t bits, uint32_t hold_s)
{
	uint8_t unit = bits ? bits : 64;
	uint32_t size = unit <= 64 ? address_pool_size(prefix, unit) : 0;

	*p = (struct address_pool){ .prefix = *prefix,
		.base = ip_family(prefix->ip) == IP_FAMILY_V4 ? ip_v4(prefix->ip) : prefix->ip.high,
		.shift = ip_family(prefix->ip) == IP_FAMILY_V4 ? 0 : (uint8_t)(64 - unit),
		.hold_s = hold_s };
	if (!size)
		return false;
	p->bits = calloc((size + WORD_BITS - 1) / WORD_BITS, sizeof(*p->bits));
	p->rests_s = hold_s ? calloc(size, sizeof(*p->rests_s)) : NULL;
	if (!p->bits || (hold_s && !p->rests_s)) {
		smf_address_pool_fini(p);
		return false;
	}
	p->size = size;
	address_pool_keep(p);
	return true;
}

/* The nth of the one is that of the other; its size or more: none is. */
static uint64_t place_in(const struct address_pool *p, const struct address_pool *of, uint32_t n)
{
	uint64_t value = of->base + ((uint64_t)n << of->shift);

	return value >= p->base ? (value - p->base) >> p->shift : UINT64_MAX;
}

bool smf_address_pool_inherit(struct address_pool *p, struct address_pool *of)
{
	if (!prefix_overlap(&p->prefix, &of->prefix))
		return true;
	if (p->shift != of->shift)
		return false;
	for (uint32_t n = 0; n < of->size; n++) {
		uint64_t at = place_in(p, of, n);

		if (at >= p->size)
			continue;
		if (address_pool_bit(of, n) && !address_pool_bit(p, (uint32_t)at)) {
			address_pool_set(p, (uint32_t)at, true);
			p->used -= is_kept(of, n); /* the first of the old one the UPF has yet */
		}
		if (!is_kept(of, n))
			address_pool_set(of, n, false);
		if (p->rests_s && of->rests_s)
			p->rests_s[at] = of->rests_s[n];
	}
	if (place_in(p, of, of->next) < p->size)
		p->next = (uint32_t)place_in(p, of, of->next);
	p->resumed_s = of->resumed_s > p->resumed_s ? of->resumed_s : p->resumed_s;
	return true;
}

void smf_address_pool_fini(struct address_pool *p)
{
	free(p->bits);
	free(p->rests_s);
	*p = (struct address_pool){ 0 };
}

static struct ip address_pool_ip(const struct address_pool *p, uint32_t n)
{
	return smf_address_pool_family(p) == SMF_V4 ? ip_from_v4((uint32_t)p->base + n)
						    : (struct ip){ p->base + ((uint64_t)n << p->shift), 0 };
}

/* Any /64 of a shorter prefix may be a subscriber's. */
static bool is_reserved(const struct address_pool *p, const struct smf_reserved *reserved, uint32_t n)
{
	struct ip ip = address_pool_ip(p, n);

	for (uint32_t i = 0; reserved && i < UINT32_C(1) << p->shift; i++) {
		if (reserved->is(reserved->arg, ip))
			return true;
		ip.high++;
	}
	return false;
}

static bool is_free(
	const struct address_pool *p, const struct smf_reserved *reserved, uint32_t n, uint32_t now_s)
{
	return !address_pool_bit(p, n) && (!p->rests_s || p->rests_s[n] <= now_s) &&
	       !is_reserved(p, reserved, n);
}

static void put6(const struct address_pool *p, uint32_t n, struct smf_addresses *out)
{
	out->ipv6_prefix = address_pool_ip(p, n).high;
	out->prefix_bits = (uint8_t)(64 - p->shift);
}

bool smf_address_pool_take(struct address_pool *p, const struct smf_reserved *reserved, uint32_t now_s,
	struct smf_addresses *out)
{
	for (uint32_t tried = 0; tried < p->size;) {
		uint32_t n = p->next;

		/* A word of taken addresses is passed at once. */
		if (n % WORD_BITS == 0 && p->bits[n / WORD_BITS] == UINT64_MAX && p->size - n >= WORD_BITS) {
			tried += WORD_BITS;
			p->next = (n + WORD_BITS) % p->size;
			continue;
		}
		tried++;
		p->next = (n + 1) % p->size;
		if (is_free(p, reserved, n, now_s)) {
			address_pool_set(p, n, true);
			if (smf_address_pool_family(p) == SMF_V4)
				out->ipv4 = (uint32_t)p->base + n;
			else
				put6(p, n, out);
			return true;
		}
	}
	return false;
}

/* The place of the address; size or more: it is none of the pool's. */
static uint64_t address_pool_place(const struct address_pool *p, const struct smf_addresses *a)
{
	uint64_t value = smf_address_pool_family(p) == SMF_V4 ? a->ipv4 : a->ipv6_prefix;

	return value >= p->base ? (value - p->base) >> p->shift : UINT64_MAX;
}

bool smf_address_pool_has(const struct address_pool *p, const struct smf_addresses *a)
{
	return address_pool_place(p, a) < p->size;
}

uint32_t smf_address_pool_used_in(const struct address_pool *p, const struct prefix *prefix)
{
	uint32_t used = 0;

	for (uint32_t n = 0; n < p->size; n++)
		used += address_pool_bit(p, n) && !is_kept(p, n) && prefix_has(prefix, address_pool_ip(p, n));
	return used;
}

bool smf_address_pool_keeps(const struct address_pool *p, const struct smf_addresses *a)
{
	uint64_t n = address_pool_place(p, a);

	return n < p->size && is_kept(p, n);
}

bool smf_address_pool_take_static(struct address_pool *p, const struct smf_addresses *a)
{
	uint64_t n = address_pool_place(p, a);

	if (n >= p->size)
		return true; /* nobody else gives it */
	if (address_pool_bit(p, (uint32_t)n))
		return false;
	address_pool_set(p, (uint32_t)n, true);
	return true;
}

void smf_address_pool_give(struct address_pool *p, const struct smf_addresses *a, uint32_t now_s)
{
	uint64_t n = address_pool_place(p, a);

	if (n >= p->size || is_kept(p, n))
		return;
	address_pool_set(p, (uint32_t)n, false);
	if (p->rests_s)
		p->rests_s[n] = now_s + p->hold_s + 1; /* the second is under way */
}

void smf_address_pool_resume(struct address_pool *p, const struct smf_addresses *a, uint64_t accepted_s)
{
	uint64_t n = address_pool_place(p, a);

	if (n >= p->size || accepted_s < p->resumed_s)
		return;
	p->resumed_s = accepted_s;
	p->next = (uint32_t)(n + 1) % p->size;
}

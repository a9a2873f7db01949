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

bool smf_address_pool_init(struct address_pool *p, const struct prefix4 *prefix, uint32_t hold_s)
{
	uint32_t size;

	*p = (struct address_pool){ .prefix = *prefix, .hold_s = hold_s };
	if (prefix->bits < 8 || prefix->bits > 32)
		return false;
	size = UINT32_C(1) << (32 - prefix->bits);
	p->bits = calloc((size + WORD_BITS - 1) / WORD_BITS, sizeof(*p->bits));
	p->rests_s = hold_s ? calloc(size, sizeof(*p->rests_s)) : NULL;
	if (!p->bits || (hold_s && !p->rests_s)) {
		smf_address_pool_fini(p);
		return false;
	}
	p->size = size;
	/* Network, the data network's own first address, and broadcast; a /31 and a /32 have none (RFC 3021).
	 */
	if (size >= 4) {
		address_pool_set(p, 0, true);
		address_pool_set(p, 1, true);
		address_pool_set(p, size - 1, true);
		p->used = 0;
	}
	return true;
}

void smf_address_pool_fini(struct address_pool *p)
{
	free(p->bits);
	free(p->rests_s);
	*p = (struct address_pool){ 0 };
}

static bool is_free(
	const struct address_pool *p, const struct smf_reserved *reserved, uint32_t n, uint32_t now_s)
{
	return !address_pool_bit(p, n) && (!p->rests_s || p->rests_s[n] <= now_s) &&
	       !(reserved && reserved->is(reserved->arg, p->prefix.ip + n));
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
			*out = (struct smf_addresses){ .ipv4 = p->prefix.ip + n };
			return true;
		}
	}
	return false;
}

bool smf_address_pool_take_static(struct address_pool *p, const struct smf_addresses *a)
{
	uint32_t n = a->ipv4 - p->prefix.ip;

	if (!prefix4_has(&p->prefix, a->ipv4) || n >= p->size)
		return true; /* nobody else gives it */
	if (address_pool_bit(p, n))
		return false;
	address_pool_set(p, n, true);
	return true;
}

void smf_address_pool_give(struct address_pool *p, const struct smf_addresses *a, uint32_t now_s)
{
	uint32_t n = a->ipv4 - p->prefix.ip;

	if (!prefix4_has(&p->prefix, a->ipv4) || n >= p->size)
		return;
	address_pool_set(p, n, false);
	if (p->rests_s)
		p->rests_s[n] = now_s + p->hold_s + 1; /* the second is under way */
}

#include "base/hash.h"

#include <assert.h>
#include <stdlib.h>

enum { HASH_FIRST_BUCKETS = 16 };

/* Multiply-and-fold mixing of both words with the seed. */
static size_t hash_of(const struct hash *h, uint64_t a, uint64_t b)
{
	__uint128_t m = (__uint128_t)(a ^ h->seed ^ 0x9e3779b97f4a7c15u) *
			(b ^ (h->seed << 32 | h->seed >> 32) ^ 0xd6e8feb86659fd93u);
	uint64_t x = (uint64_t)m ^ (uint64_t)(m >> 64) ^ a;

	x *= 0xff51afd7ed558ccdu;
	return (size_t)(x ^ x >> 32);
}

bool hash_init(struct hash *h, uint64_t seed)
{
	*h = (struct hash){ .mask = HASH_FIRST_BUCKETS - 1, .seed = seed };
	h->buckets = calloc(HASH_FIRST_BUCKETS, sizeof(*h->buckets));
	return h->buckets != NULL;
}

void hash_fini(struct hash *h)
{
	free(h->buckets);
	*h = (struct hash){ 0 };
}

struct hash_node *hash_find(const struct hash *h, uint64_t a, uint64_t b)
{
	struct hash_node *n = h->buckets[hash_of(h, a, b) & h->mask];

	while (n && (n->key[0] != a || n->key[1] != b))
		n = n->next;
	return n;
}

static void hash_grow(struct hash *h)
{
	size_t buckets = (h->mask + 1) * 2;
	struct hash_node **bigger = calloc(buckets, sizeof(*bigger));

	if (!bigger)
		return;
	for (size_t i = 0; i <= h->mask; i++) {
		for (struct hash_node *n = h->buckets[i], *next; n; n = next) {
			size_t at = hash_of(h, n->key[0], n->key[1]) & (buckets - 1);

			next = n->next;
			n->next = bigger[at];
			bigger[at] = n;
		}
	}
	free(h->buckets);
	h->buckets = bigger;
	h->mask = buckets - 1;
}

void hash_insert(struct hash *h, struct hash_node *n, uint64_t a, uint64_t b)
{
	struct hash_node **bucket;

	assert(!hash_find(h, a, b));
	if (h->count > h->mask)
		hash_grow(h);
	bucket = &h->buckets[hash_of(h, a, b) & h->mask];
	n->key[0] = a;
	n->key[1] = b;
	n->next = *bucket;
	*bucket = n;
	h->count++;
}

void hash_remove(struct hash *h, struct hash_node *n)
{
	struct hash_node **at = &h->buckets[hash_of(h, n->key[0], n->key[1]) & h->mask];

	while (*at != n) {
		assert(*at);
		at = &(*at)->next;
	}
	*at = n->next;
	n->next = NULL;
	h->count--;
}

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

static struct hash_node **hash_bucket(const struct hash *h, uint64_t a, uint64_t b)
{
	size_t x = hash_of(h, a, b), at = x & h->mask;

	return &h->buckets[at < h->split ? x & (h->mask * 2 + 1) : at];
}

struct hash_node *hash_find(const struct hash *h, uint64_t a, uint64_t b)
{
	struct hash_node *n = *hash_bucket(h, a, b);

	while (n && (n->key[0] != a || n->key[1] != b))
		n = n->next;
	return n;
}

static void hash_push(struct hash *h, struct hash_node *n)
{
	struct hash_node **bucket = hash_bucket(h, n->key[0], n->key[1]);

	n->next = *bucket;
	*bucket = n;
}

/* One bucket more: the next in turn is split. The first of a round makes room for all of it. */
static void hash_grow(struct hash *h)
{
	struct hash_node *n, *next;

	if (h->split == 0) {
		struct hash_node **bigger = realloc(h->buckets, (h->mask + 1) * 2 * sizeof(*bigger));

		if (!bigger)
			return;
		h->buckets = bigger;
	}
	n = h->buckets[h->split];
	h->buckets[h->split] = h->buckets[h->split + h->mask + 1] = NULL;
	h->split++;
	for (; n; n = next) {
		next = n->next;
		hash_push(h, n);
	}
	if (h->split > h->mask) {
		h->mask = h->mask * 2 + 1;
		h->split = 0;
	}
}

void hash_insert(struct hash *h, struct hash_node *n, uint64_t a, uint64_t b)
{
	assert(!hash_find(h, a, b));
	if (h->count > h->mask + h->split)
		hash_grow(h);
	n->key[0] = a;
	n->key[1] = b;
	hash_push(h, n);
	h->count++;
}

void hash_remove(struct hash *h, struct hash_node *n)
{
	struct hash_node **at = hash_bucket(h, n->key[0], n->key[1]);

	while (*at != n) {
		assert(*at);
		at = &(*at)->next;
	}
	*at = n->next;
	n->next = NULL;
	h->count--;
}

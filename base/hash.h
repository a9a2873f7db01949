/*
 * An intrusive hash index by a key of two 64-bit words, e.g. (owning node, id): ownership is in the
 * key. Nodes live in the records. The table grows a bucket at a time (linear hashing), so no insertion takes
 * longer however many records there are. The seed, random in a process, keeps peers from choosing keys that
 * collide.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/list.h"
#include "base/must_use.h"

struct hash_node {
	struct hash_node *next;
	uint64_t key[2];
};

struct hash {
	struct hash_node **buckets;
	size_t mask;  /* of the buckets at the last doubling, less one */
	size_t split; /* so many of them were split since: their other halves stand behind the last */
	size_t count;
	uint64_t seed;
};

/* False when memory is refused. */
MUST_USE bool hash_init(struct hash *h, uint64_t seed);
void hash_fini(struct hash *h);

struct hash_node *hash_find(const struct hash *h, uint64_t a, uint64_t b);

/* Puts n under (a, b), which must be free. Never fails: a table that cannot grow only gets slower. */
void hash_insert(struct hash *h, struct hash_node *n, uint64_t a, uint64_t b);

/* n must be in h. */
void hash_remove(struct hash *h, struct hash_node *n);

/* The record of type `type` whose member `member` is the found node, or NULL. */
#define hash_get(h, a, b, type, member)                                                                      \
	({                                                                                                   \
		struct hash_node *hash_node_ = hash_find((h), (a), (b));                                     \
		hash_node_ ? container_of(hash_node_, type, member) : (type *)NULL;                          \
	})

/*
 * Where packets find their session: open addressing by an address and a number, in buckets of one cache line.
 * One writer; readers need no lock. A slot's key never changes once it is written: a removed one is taken
 * again by the same key only, and goes when the table is made new. What readers may still see is given back
 * by epochs.
 */
#pragma once

#include "base/ip.h"
#include "core/upf/epoch.h"

enum { UPF_BUCKET_SLOTS = 2 };

/* What is not used is 0. */
struct upf_key {
	struct ip ip;
	uint64_t id;
};

/* value NULL: never used; UPF_SLOT_GONE: removed. */
struct upf_slot {
	struct upf_key key;
	void *value;
};

struct upf_bucket {
	struct upf_slot slots[UPF_BUCKET_SLOTS];
} __attribute__((aligned(64)));

struct upf_slots {
	struct upf_retired retired;
	uint64_t mask; /* buckets - 1 */
	struct upf_bucket *buckets;
};

struct upf_table {
	struct upf_slots *slots;
	struct upf_epoch *epoch;
	uint64_t seed;       /* odd, random: peers cannot choose keys that collide */
	size_t count, taken; /* taken: slots that are not NULL */
};

#define UPF_SLOT_GONE ((void *)1)

bool upf_table_init(struct upf_table *t, uint64_t seed, struct upf_epoch *epoch);
void upf_table_fini(struct upf_table *t);

/* Makes room for `more` keys; then as many upf_table_put cannot fail. False when memory is refused. */
bool upf_table_reserve(struct upf_table *t, size_t more);
/* Sets the value of a key, new or not. */
void upf_table_put(struct upf_table *t, struct upf_key key, void *value);
void upf_table_remove(struct upf_table *t, struct upf_key key);

static inline struct upf_key upf_key_ip(struct ip ip)
{
	return (struct upf_key){ .ip = ip };
}

/* Where an address of a UE is looked up: IPv6 by the /64 (23.501 5.8.2.2.3). */
static inline struct upf_key upf_key_ue(struct ip ip)
{
	return (struct upf_key){ .ip = { ip.high, ip_family(ip) == IP_FAMILY_V6 ? 0 : ip.low } };
}

static inline struct upf_key upf_key_teid(uint32_t teid)
{
	return (struct upf_key){ .id = teid };
}

static inline bool upf_key_equal(const struct upf_key *a, const struct upf_key *b)
{
	return ((a->ip.low ^ b->ip.low) | (a->ip.high ^ b->ip.high) | (a->id ^ b->id)) == 0;
}

static inline uint64_t upf_table_hash(const struct upf_table *t, const struct upf_key *key)
{
	uint64_t h = key->ip.high * t->seed ^ key->ip.low ^ key->id;

	h = (h ^ h >> 32) * t->seed;
	return h ^ h >> 29;
}

static inline void upf_table_prefetch(const struct upf_table *t, const struct upf_key *key)
{
	const struct upf_slots *s = __atomic_load_n(&t->slots, __ATOMIC_ACQUIRE);

	__builtin_prefetch(&s->buckets[upf_table_hash(t, key) & s->mask]);
}

/* The value, or NULL. */
static inline void *upf_table_find(const struct upf_table *t, struct upf_key key)
{
	const struct upf_slots *s = __atomic_load_n(&t->slots, __ATOMIC_ACQUIRE);

	for (uint64_t at = upf_table_hash(t, &key);; at++) {
		const struct upf_bucket *b = &s->buckets[at & s->mask];

		for (int i = 0; i < UPF_BUCKET_SLOTS; i++) {
			void *value = __atomic_load_n(&b->slots[i].value, __ATOMIC_ACQUIRE);

			if (!value)
				return NULL;
			if (upf_key_equal(&b->slots[i].key, &key))
				return value == UPF_SLOT_GONE ? NULL : value;
		}
	}
}

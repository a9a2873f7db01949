/*
 * Where packets find their session: open addressing by a 64-bit key in buckets of one cache line. One writer;
 * readers need no lock, what they may still read is given back by epochs.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/upf/epoch.h"

enum { UPF_BUCKET_SLOTS = 4 };

/* value NULL: never used; UPF_SLOT_GONE: removed. */
struct upf_slot {
	uint64_t key;
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
void upf_table_put(struct upf_table *t, uint64_t key, void *value);
void upf_table_remove(struct upf_table *t, uint64_t key);

static inline uint64_t upf_table_hash(const struct upf_table *t, uint64_t key)
{
	uint64_t h = (key ^ key >> 32) * t->seed;

	return h ^ h >> 29;
}

static inline void upf_table_prefetch(const struct upf_table *t, uint64_t key)
{
	const struct upf_slots *s = __atomic_load_n(&t->slots, __ATOMIC_ACQUIRE);

	__builtin_prefetch(&s->buckets[upf_table_hash(t, key) & s->mask]);
}

/* The value, or NULL. */
static inline void *upf_table_find(const struct upf_table *t, uint64_t key)
{
	const struct upf_slots *s = __atomic_load_n(&t->slots, __ATOMIC_ACQUIRE);

	for (uint64_t at = upf_table_hash(t, key);; at++) {
		const struct upf_bucket *b = &s->buckets[at & s->mask];

		for (int i = 0; i < UPF_BUCKET_SLOTS; i++) {
			void *value = __atomic_load_n(&b->slots[i].value, __ATOMIC_ACQUIRE);

			if (!value)
				return NULL;
			if (b->slots[i].key == key && value != UPF_SLOT_GONE)
				return value;
		}
	}
}

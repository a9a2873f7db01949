#include "core/upf/table.h"

#include <stdlib.h>
#include <string.h>

enum { BUCKETS_MIN = 16 };

static void slots_free(void *owner, struct upf_retired *r)
{
	struct upf_slots *s = (struct upf_slots *)((char *)r - offsetof(struct upf_slots, retired));

	free(s->buckets);
	free(s);
}

static struct upf_slots *slots_new(size_t buckets)
{
	struct upf_slots *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->mask = buckets - 1;
	s->buckets = aligned_alloc(sizeof(struct upf_bucket), buckets * sizeof(struct upf_bucket));
	if (!s->buckets) {
		free(s);
		return NULL;
	}
	memset(s->buckets, 0, buckets * sizeof(struct upf_bucket));
	return s;
}

bool upf_table_init(struct upf_table *t, uint64_t seed, struct upf_epoch *epoch)
{
	*t = (struct upf_table){ .slots = slots_new(BUCKETS_MIN), .epoch = epoch, .seed = seed | 1 };
	return t->slots != NULL;
}

void upf_table_fini(struct upf_table *t)
{
	if (t->slots)
		slots_free(NULL, &t->slots->retired);
	t->slots = NULL;
}

/* The slot of the key, else the first that is free for it. */
static struct upf_slot *table_slot(const struct upf_table *t, struct upf_slots *s, const struct upf_key *key)
{
	for (uint64_t at = upf_table_hash(t, key);; at++) {
		for (int i = 0; i < UPF_BUCKET_SLOTS; i++) {
			struct upf_slot *slot = &s->buckets[at & s->mask].slots[i];

			if (!slot->value || upf_key_equal(&slot->key, key))
				return slot;
		}
	}
}

bool upf_table_reserve(struct upf_table *t, size_t more)
{
	size_t slots = (t->slots->mask + 1) * UPF_BUCKET_SLOTS, buckets = BUCKETS_MIN;
	struct upf_slots *grown;

	if ((t->taken + more) * 3 <= slots * 2)
		return true;
	while (buckets * UPF_BUCKET_SLOTS < (t->count + more) * 2)
		buckets *= 2;
	grown = slots_new(buckets);
	if (!grown)
		return false;
	for (size_t i = 0; i <= t->slots->mask; i++) {
		for (int k = 0; k < UPF_BUCKET_SLOTS; k++) {
			const struct upf_slot *from = &t->slots->buckets[i].slots[k];

			if (from->value && from->value != UPF_SLOT_GONE)
				*table_slot(t, grown, &from->key) = *from;
		}
	}
	t->taken = t->count;
	upf_epoch_retire(t->epoch, &t->slots->retired, slots_free);
	__atomic_store_n(&t->slots, grown, __ATOMIC_RELEASE);
	return true;
}

void upf_table_put(struct upf_table *t, struct upf_key key, void *value)
{
	struct upf_slot *slot = table_slot(t, t->slots, &key);

	if (!slot->value) {
		t->taken++;
		slot->key = key;
	}
	if (!slot->value || slot->value == UPF_SLOT_GONE)
		t->count++;
	__atomic_store_n(&slot->value, value, __ATOMIC_RELEASE);
}

void upf_table_remove(struct upf_table *t, struct upf_key key)
{
	struct upf_slot *slot = table_slot(t, t->slots, &key);

	if (!slot->value || slot->value == UPF_SLOT_GONE)
		return;
	t->count--;
	__atomic_store_n(&slot->value, UPF_SLOT_GONE, __ATOMIC_RELEASE);
}

/*
 * When what the data path may still read is given back. The control plane is the single writer: it publishes
 * a new version and retires the old one; data threads mark when they look and when they no longer do.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UPF_READERS_MAX = 64 };

struct upf_retired;
typedef void upf_release(void *owner, struct upf_retired *r);

/* Part of whatever can be retired. */
struct upf_retired {
	struct upf_retired *next;
	uint64_t epoch;
	upf_release *release;
};

/* A data thread; 0: looks at nothing. */
struct upf_reader {
	uint64_t seen;
} __attribute__((aligned(64)));

struct upf_epoch {
	struct upf_reader readers[UPF_READERS_MAX];
	uint64_t now; /* from 1 */
	uint32_t reader_count;
	struct upf_retired *first, **last;
	void *owner;
};

/* owner: what release functions are given. */
void upf_epoch_init(struct upf_epoch *e, void *owner);
/* Releases everything; nobody reads any more. */
void upf_epoch_fini(struct upf_epoch *e);

/* NULL at the limit. */
struct upf_reader *upf_epoch_reader(struct upf_epoch *e);

/* release(owner, r) is called when no reader can see it any more, perhaps at once. It was unpublished before,
 * or is right after, in the same call from the control plane. */
void upf_epoch_retire(struct upf_epoch *e, struct upf_retired *r, upf_release *release);
/* Gives back what it can. */
void upf_epoch_collect(struct upf_epoch *e);

static inline void upf_reader_enter(struct upf_epoch *e, struct upf_reader *r)
{
	__atomic_store_n(&r->seen, __atomic_load_n(&e->now, __ATOMIC_ACQUIRE), __ATOMIC_SEQ_CST);
}

static inline void upf_reader_leave(struct upf_reader *r)
{
	__atomic_store_n(&r->seen, 0, __ATOMIC_RELEASE);
}

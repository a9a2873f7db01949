#include "core/upf/epoch.h"

void upf_epoch_init(struct upf_epoch *e, void *owner)
{
	*e = (struct upf_epoch){ .now = 1, .owner = owner };
	e->last = &e->first;
}

struct upf_reader *upf_epoch_reader(struct upf_epoch *e)
{
	return e->reader_count < UPF_READERS_MAX ? &e->readers[e->reader_count++] : NULL;
}

void upf_epoch_retire(struct upf_epoch *e, struct upf_retired *r, upf_release *release)
{
	*r = (struct upf_retired){ .epoch = e->now, .release = release };
	*e->last = r;
	e->last = &r->next;
}

static void release_before(struct upf_epoch *e, uint64_t epoch)
{
	while (e->first && e->first->epoch < epoch) {
		struct upf_retired *r = e->first;

		e->first = r->next;
		if (!e->first)
			e->last = &e->first;
		r->release(e->owner, r);
	}
}

void upf_epoch_collect(struct upf_epoch *e)
{
	uint64_t oldest;

	if (!e->first)
		return;
	oldest = __atomic_add_fetch(&e->now, 1, __ATOMIC_SEQ_CST);
	for (uint32_t i = 0; i < e->reader_count; i++) {
		uint64_t seen = __atomic_load_n(&e->readers[i].seen, __ATOMIC_SEQ_CST);

		if (seen && seen < oldest)
			oldest = seen;
	}
	release_before(e, oldest);
}

void upf_epoch_fini(struct upf_epoch *e)
{
	release_before(e, UINT64_MAX);
}

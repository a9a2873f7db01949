/* What waits is judged again when rules have changed, and leaves or stays (buffer.c). */
#include "core/upf/worker.h"

/* Judges the packet of a slot; false when it stays there. */
static bool slot_leaves(struct upf_worker *w, uint16_t slot, struct upf_packet *p)
{
	const struct upf_kept *k = upf_kept_at(&w->buffer, slot);

	*p = (struct upf_packet){
		.data = k->data, .len = k->len, .linear = k->len, .lan = k->lan, .to = k->to, .kept = true
	};
	upf_worker_again(w, p);
	if (p->stays && w->now_s - k->since_s < UPF_BUFFERED_S)
		return false;
	if (p->stays)
		upf_worker_drop(w, p, UPF_STAT_NOT_BUFFERED);
	if (p->session && p->session->worker == w->index && p->session->buffered)
		p->session->buffered--;
	return true;
}

size_t upf_worker_release(struct upf_worker *w, struct upf_packet *packets, size_t max)
{
	struct upf_buffer *b = &w->buffer;
	size_t n = 0;
	uint16_t i, stay = b->seen;

	while (b->leaving_count)
		b->free[b->free_count++] = b->leaving[--b->leaving_count];
	if (__atomic_exchange_n(&w->look, false, __ATOMIC_ACQ_REL))
		stay = 0;
	max = max < UPF_BURST_MAX ? max : UPF_BURST_MAX;
	for (i = stay; i < b->count && n < max; i++) {
		uint16_t slot = b->order[i];

		if (slot_leaves(w, slot, &packets[n])) {
			b->leaving[b->leaving_count++] = slot;
			n++;
		} else {
			b->order[stay++] = slot;
		}
	}
	b->seen = stay;
	for (; i < b->count; i++)
		b->order[stay++] = b->order[i];
	b->count = stay;
	return n;
}

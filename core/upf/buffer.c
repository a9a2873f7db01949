/*
 * Downlink packets that wait: for a UE whose FAR buffers (29.244 5.2.1), or whose tunnel the SMF has not told
 * yet. Each worker keeps those of its own sessions, in one order for all. When rules have changed they are
 * judged again as if they had just come: what still has to wait stays, the rest leaves before newer ones.
 */
#include "core/upf/worker.h"

#include <stdlib.h>

bool upf_buffer_init(struct upf_buffer *b, uint32_t packet_max)
{
	b->slot_size = (uint32_t)sizeof(struct upf_kept) + ((packet_max + 7) & ~7u);
	b->slots = malloc((size_t)UPF_BUFFERED_MAX * b->slot_size);
	for (uint16_t i = 0; i < UPF_BUFFERED_MAX; i++)
		b->free[b->free_count++] = i;
	return b->slots != NULL;
}

void upf_buffer_fini(struct upf_buffer *b)
{
	free(b->slots);
}

void upf_buffer_put(struct upf_worker *w, struct upf_packet *p, struct upf_session *s)
{
	struct upf_buffer *b = &w->buffer;
	uint32_t max = b->slot_size - (uint32_t)sizeof(struct upf_kept);
	uint32_t here = p->linear < p->len ? p->linear : p->len;
	struct upf_kept *k;
	uint16_t slot;

	if (p->kept) { /* it is in its slot, and stays */
		p->stays = true;
		p->verdict = UPF_DROP;
		return;
	}
	if (s->buffered >= UPF_BUFFERED_SESSION_MAX || !b->free_count || p->len > max) {
		upf_worker_drop(w, p, UPF_STAT_NOT_BUFFERED);
		return;
	}
	slot = b->free[--b->free_count];
	k = upf_kept_at(b, slot);
	*k = (struct upf_kept){ .len = p->len, .since_s = w->now_s, .to = p->to, .lan = p->lan };
	bytes_copy(k->data, max, bytes_of(p->data, here));
	if (here < p->len)
		bytes_copy(k->data + here, max - here, bytes_of(p->rest, p->len - here));
	b->order[b->count++] = slot;
	s->buffered++;
	upf_worker_drop(w, p, UPF_STAT_BUFFERED);
}

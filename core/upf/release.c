/* What waits is judged again when rules have changed, and leaves or stays (buffer.c). */
#include "core/upf/route.h"
#include "core/upf/worker.h"

/* The session that a packet was kept for, if it is there yet and wants it. */
static struct upf_session *owner_of(const struct upf_worker *w, const struct upf_kept *k)
{
	struct upf_packet p = { .data = k->data, .linear = k->len };
	struct ip dst = k->lan ? IP_NONE : upf_destination_of(&p);
	struct upf_session *s = k->lan ? upf_table_find(&w->plane->by_teid, upf_key_teid(k->to))
				       : upf_table_find(&w->plane->by_ue_ip, upf_key_ue(dst));
	const struct upf_rules *r;

	if (!s && upf_has_routes(w->plane) && !k->lan)
		s = upf_route_find(w->plane, dst);
	r = s ? __atomic_load_n(&s->rules, __ATOMIC_ACQUIRE) : NULL;
	return r && s->seid == w->buffer.queues[k->queue].seid && r->discards == k->discards ? s : NULL;
}

/* Judges the packet of a slot; false when it stays there. */
static bool slot_leaves(struct upf_worker *w, uint16_t slot, struct upf_packet *p)
{
	const struct upf_kept *k = upf_kept_at(&w->buffer, slot);

	*p = (struct upf_packet){ .data = k->data,
		.len = k->len,
		.linear = k->len,
		.lan = k->lan,
		.to = k->to,
		.kept = true,
		.since_s = k->since_s };
	if (!owner_of(w, k)) {
		upf_worker_drop(w, p, UPF_STAT_BUFFER_STALE);
		return true;
	}
	p->stays = p->stale = false;
	upf_worker_again(w, p);
	if (p->stale)
		upf_worker_drop(w, p, UPF_STAT_BUFFER_STALE);
	return !p->stays;
}

size_t upf_worker_release(struct upf_worker *w, struct upf_packet *packets, size_t max)
{
	struct upf_buffer *b = &w->buffer;
	uint16_t slot;
	size_t n = 0;

	upf_buffer_reclaim(b);
	max = max < UPF_BURST_MAX ? max : UPF_BURST_MAX;
	while (n < max && upf_buffer_next(w, &slot)) {
		if (slot_leaves(w, slot, &packets[n])) {
			upf_buffer_take(b, slot);
			b->leaving[b->leaving_count++] = slot;
			n++;
		}
	}
	return n;
}

/* Packets that have waited for a maximum bit rate leave. */
#include "core/upf/worker.h"

static void waiting_packet(struct upf_packet *p, struct upf_backlog *b, struct upf_session *s)
{
	struct upf_waiting *at = upf_backlog_first(b);

	*p = (struct upf_packet){ .data = at->data,
		.len = at->len,
		.linear = at->len,
		.qfi = at->qfi,
		.from_ue = at->from_ue,
		.waiting = true,
		.lan = b->lan,
		.to = b->lan ? (uint32_t)b->key.id : 0,
		.session = s };
}

/* What may pass now of a backlog whose time has come. It is not due any more, or max packets are given out.
 */
static size_t release(struct upf_worker *w, struct upf_backlog *b, struct upf_packet *packets, size_t max)
{
	struct upf_table *t = b->dir == UPF_UPLINK || b->lan ? &w->plane->by_teid : &w->plane->by_ue_ip;
	struct upf_session *s = upf_table_find(t, b->key);
	const struct upf_rules *r =
		s && s->seid == b->seid ? __atomic_load_n(&s->rules, __ATOMIC_ACQUIRE) : NULL;
	size_t n = 0;

	while (!r && b->count)
		upf_backlog_drop(w, b);
	while (b->count && n < max) {
		waiting_packet(&packets[n], b, s);
		upf_judge_waiting(w, &packets[n], b->dir, (uint32_t)b->key.id);
		if (packets[n].verdict == UPF_WAIT) {
			upf_backlog_wait(&w->shaper, b);
			return n;
		}
		upf_backlog_give(&w->shaper, b);
		n++;
	}
	if (!b->count)
		upf_backlog_end(w, r, b);
	return n;
}

size_t upf_worker_due(struct upf_worker *w, struct upf_packet *packets, size_t max)
{
	struct upf_backlog *b;
	size_t n = 0;

	upf_shaper_reclaim(&w->shaper);
	while (n < max && (b = upf_shaper_due(&w->shaper, w->now_q8 >> 8)))
		n += release(w, b, packets + n, max - n);
	return n;
}

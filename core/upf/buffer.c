/*
 * Downlink packets that wait: for a UE whose FAR buffers (29.244 5.2.1), or whose tunnel the SMF has not told
 * yet. Each worker keeps those of its own sessions, in one order for all, and in a queue for each session.
 * Where there is no room the oldest goes: of the session at its limit, of all at that of the worker. When
 * a session's rules have changed its packets are judged again as if they had just come: what still has to
 * wait stays, the rest leaves before newer ones.
 */
#include "core/upf/worker.h"

#include <stdlib.h>

enum { NONE = UINT16_MAX };

_Static_assert((int)UPF_BUFFERED_PACKETS_MAX < (int)NONE, "slots and queues have numbers of 16 bits");

bool upf_buffer_init(struct upf_buffer *b, const struct upf_config *c)
{
	b->max = c->buffered_max;
	b->session_max = c->buffered_session_max;
	b->keep_s = c->buffered_s;
	b->slot_size = (uint32_t)sizeof(struct upf_kept) + ((c->packet_max + 7) & ~7u);
	b->slots = malloc((size_t)b->max * b->slot_size);
	b->queues = calloc(b->max, sizeof(*b->queues));
	b->oldest = b->newest = b->free = b->free_queue = NONE;
	b->judge_first = b->judge_last = b->judging = NONE;
	return b->slots && b->queues;
}

void upf_buffer_fini(struct upf_buffer *b)
{
	free(b->slots);
	free(b->queues);
}

/* Links of a list through slots: its ends, and one slot's neighbours. */
struct ends {
	uint16_t *first, *last;
};

static uint16_t *next_of(const struct upf_buffer *b, uint16_t slot, bool in_queue)
{
	return in_queue ? &upf_kept_at(b, slot)->after : &upf_kept_at(b, slot)->next;
}

static uint16_t *prev_of(const struct upf_buffer *b, uint16_t slot, bool in_queue)
{
	return in_queue ? &upf_kept_at(b, slot)->before : &upf_kept_at(b, slot)->prev;
}

static void slot_link(const struct upf_buffer *b, struct ends e, uint16_t slot, bool in_queue)
{
	*prev_of(b, slot, in_queue) = *e.last;
	*next_of(b, slot, in_queue) = NONE;
	*(*e.last == NONE ? e.first : next_of(b, *e.last, in_queue)) = slot;
	*e.last = slot;
}

static void slot_unlink(const struct upf_buffer *b, struct ends e, uint16_t slot, bool in_queue)
{
	uint16_t next = *next_of(b, slot, in_queue), prev = *prev_of(b, slot, in_queue);

	*(prev == NONE ? e.first : next_of(b, prev, in_queue)) = next;
	*(next == NONE ? e.last : prev_of(b, next, in_queue)) = prev;
}

/* Those never used come last, so that memory is not touched before it is needed. */
static uint16_t slot_take(struct upf_buffer *b)
{
	uint16_t slot = b->free;

	if (slot != NONE)
		b->free = upf_kept_at(b, slot)->next;
	else if (b->fresh < b->max)
		slot = b->fresh++;
	return slot;
}

void upf_buffer_reclaim(struct upf_buffer *b)
{
	while (b->leaving_count) {
		uint16_t slot = b->leaving[--b->leaving_count];

		upf_kept_at(b, slot)->next = b->free;
		b->free = slot;
	}
}

/* There are as many queues as slots, and each has a packet. */
static uint16_t queue_begin(struct upf_buffer *b, uint64_t seid)
{
	uint16_t queue = b->free_queue;

	if (queue != NONE)
		b->free_queue = b->queues[queue].first;
	else
		queue = b->fresh_queue++;
	b->queues[queue].seid = seid;
	b->queues[queue].first = b->queues[queue].last = NONE;
	return queue;
}

static void judge(struct upf_buffer *b, uint16_t queue)
{
	struct upf_queue *q = &b->queues[queue];

	if (q->to_judge)
		return;
	q->to_judge = true;
	q->next = NONE;
	*(b->judge_last == NONE ? &b->judge_first : &b->queues[b->judge_last].next) = queue;
	b->judge_last = queue;
}

void upf_buffer_judge(struct upf_buffer *b, const struct upf_session *s)
{
	if (upf_buffer_queue(b, s))
		judge(b, (uint16_t)(s->queue - 1));
}

/* What the control plane has changed. */
static void take_looks(struct upf_worker *w)
{
	struct upf_buffer *b = &w->buffer;
	const struct upf_look *l;
	uint32_t n = 0;

	for (; (l = upf_ring_peek(&w->looks, n)); n++)
		if (b->queues[l->queue].seid == l->seid)
			judge(b, l->queue);
	if (n)
		upf_ring_pop(&w->looks, n);
	if (!__atomic_exchange_n(&w->looks_lost, false, __ATOMIC_ACQ_REL))
		return;
	for (uint16_t queue = 0; queue < b->fresh_queue; queue++)
		if (b->queues[queue].count)
			judge(b, queue);
}

bool upf_buffer_next(struct upf_worker *w, uint16_t *slot)
{
	struct upf_buffer *b = &w->buffer;

	take_looks(w);
	while (b->judging == NONE && b->judge_first != NONE) {
		struct upf_queue *q = &b->queues[b->judge_first];

		b->judging = q->count ? q->first : NONE;
		b->judge_first = q->next;
		if (b->judge_first == NONE)
			b->judge_last = NONE;
		q->to_judge = false;
	}
	*slot = b->judging;
	if (*slot == NONE)
		return false;
	b->judging = upf_kept_at(b, *slot)->after;
	return true;
}

bool upf_worker_look(struct upf_worker *w, const struct upf_session *s)
{
	/* After the rules: a packet put meanwhile by the old ones is seen here, or its worker sees the new
	 * ones. */
	uint16_t queue = __atomic_load_n(&s->queue, __ATOMIC_SEQ_CST);
	struct upf_look *l;

	if (!queue)
		return false;
	l = upf_ring_next(&w->looks);
	if (l) {
		*l = (struct upf_look){ .seid = s->seid, .queue = (uint16_t)(queue - 1) };
		upf_ring_push(&w->looks);
	} else {
		__atomic_store_n(&w->looks_lost, true, __ATOMIC_RELEASE);
	}
	return true;
}

void upf_buffer_take(struct upf_buffer *b, uint16_t slot)
{
	struct upf_kept *k = upf_kept_at(b, slot);
	struct upf_queue *q = &b->queues[k->queue];

	if (b->judging == slot)
		b->judging = k->after;
	slot_unlink(b, (struct ends){ &b->oldest, &b->newest }, slot, false);
	slot_unlink(b, (struct ends){ &q->first, &q->last }, slot, true);
	b->count--;
	if (--q->count > 0)
		return;
	q->seid = 0;
	q->first = b->free_queue;
	b->free_queue = k->queue;
}

static void drop_oldest(struct upf_worker *w, uint16_t slot)
{
	struct upf_buffer *b = &w->buffer;

	upf_buffer_take(b, slot);
	upf_kept_at(b, slot)->next = b->free;
	b->free = slot;
	upf_worker_stat(w, UPF_STAT_BUFFER_FULL, 1);
}

/* What was kept is judged again: how long may it stay? */
static void stays(const struct upf_worker *w, struct upf_packet *p, const struct upf_bar *bar)
{
	p->verdict = UPF_DROP;
	p->stays = w->now_s - p->since_s < w->buffer.keep_s || (bar && w->now_s < bar->until_s);
	p->stale = !p->stays;
}

/* 29.244 8.2.100, 8.2.30: how many packets of the session may wait. */
static uint16_t allowed(const struct upf_worker *w, const struct upf_bar *bar)
{
	if (bar && w->now_s < bar->until_s && bar->extended_count)
		return bar->extended_count;
	return bar && bar->has_count ? bar->count : w->buffer.session_max;
}

/* A slot for another packet of the session, whatever has to go for it; NONE: it may have none. */
static uint16_t make_room(struct upf_worker *w, const struct upf_session *s, const struct upf_bar *bar)
{
	struct upf_buffer *b = &w->buffer;
	const struct upf_queue *q = upf_buffer_queue(b, s);
	uint16_t max = allowed(w, bar), slot;

	if (max == 0)
		return NONE;
	while (q && q->seid == s->seid && q->count >= max)
		drop_oldest(w, q->first);
	slot = slot_take(b);
	if (slot == NONE && b->oldest != NONE) {
		drop_oldest(w, b->oldest);
		slot = slot_take(b);
	}
	return slot;
}

void upf_buffer_put(struct upf_worker *w, struct upf_packet *p, struct upf_session *s,
	const struct upf_rules *r, const struct upf_bar *bar)
{
	struct upf_buffer *b = &w->buffer;
	uint32_t max = b->slot_size - (uint32_t)sizeof(struct upf_kept);
	struct upf_kept *k;
	uint16_t slot;

	if (p->kept) {
		stays(w, p, bar);
		return;
	}
	upf_packet_whole(p);
	slot = p->len <= max ? make_room(w, s, bar) : NONE;
	if (slot == NONE) {
		upf_worker_drop(w, p, UPF_STAT_NOT_BUFFERED);
		return;
	}
	if (!upf_buffer_queue(b, s)) {
		__atomic_store_n(&s->queue, (uint16_t)(queue_begin(b, s->seid) + 1), __ATOMIC_SEQ_CST);
		if (__atomic_load_n(&s->rules, __ATOMIC_SEQ_CST) != r)
			judge(b, (uint16_t)(s->queue - 1));
	}
	k = upf_kept_at(b, slot);
	*k = (struct upf_kept){ .len = p->len,
		.since_s = w->now_s,
		.discards = r->discards,
		.queue = (uint16_t)(s->queue - 1),
		.to = p->to,
		.lan = p->lan };
	upf_packet_copy(p, k->data, max);
	slot_link(b, (struct ends){ &b->oldest, &b->newest }, slot, false);
	slot_link(b, (struct ends){ &b->queues[k->queue].first, &b->queues[k->queue].last }, slot, true);
	b->queues[k->queue].count++;
	b->count++;
	upf_worker_drop(w, p, UPF_STAT_BUFFERED);
}

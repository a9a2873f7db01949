#include "core/upf/shaper.h"

#include "core/upf/match.h"
#include "core/upf/worker.h"

void upf_shaper_init(struct upf_shaper *s, const struct upf_config *config, uint8_t workers)
{
	size_t size = sizeof(struct upf_waiting) + config->packet_max;
	uint32_t max = (uint32_t)(UPF_BACKLOG_MEMORY / workers / size);

	*s = (struct upf_shaper){ 0 };
	timers_init(&s->timers, s);
	list_init(&s->due);
	pool_init(&s->packets, size, max);
	pool_init(&s->backlogs, sizeof(struct upf_backlog), max);
}

void upf_shaper_fini(struct upf_shaper *s)
{
	pool_fini(&s->packets);
	pool_fini(&s->backlogs);
}

static struct upf_backlog_flow *flow_of(struct upf_backlog *b, const struct upf_flow *f)
{
	uint64_t h = f->src.low ^ f->src.high ^ (f->dst.low ^ f->dst.high) << 8;

	h = (h ^ (uint64_t)f->sport << 48 ^ (uint64_t)f->dport << 32 ^ f->protocol ^
		    (f->has_spi ? f->spi : 0)) *
	    UINT64_C(0x9e3779b97f4a7c15);
	return &b->flows[(h ^ h >> 29) * UINT64_C(0xbf58476d1ce4e5b9) >> 32 & (UPF_BACKLOG_FLOWS - 1)];
}

static void flow_append(struct upf_backlog *b, struct upf_backlog_flow *f, struct upf_waiting *at)
{
	if (f->first)
		f->last->next = at;
	else
		f->first = at;
	f->last = at;
	f->octets += at->len;
	b->octets += at->len;
	b->count++;
}

static struct upf_waiting *flow_take(struct upf_backlog *b, struct upf_backlog_flow *f)
{
	struct upf_waiting *at = f->first;

	f->first = at->next;
	f->octets -= at->len;
	b->octets -= at->len;
	b->count--;
	return at;
}

/* The flow whose first packet is next: it is not empty and has credit for it. Asked again, the same. */
static struct upf_backlog_flow *flow_next(struct upf_backlog *b)
{
	for (;; b->turn++) {
		struct upf_backlog_flow *f = &b->flows[b->turn % UPF_BACKLOG_FLOWS];

		if (!f->first)
			f->credit = 0;
		else if (f->credit >= f->first->len)
			return f;
		else
			f->credit += UPF_BACKLOG_QUANTUM;
	}
}

void upf_backlog_drop(struct upf_worker *w, struct upf_backlog *b)
{
	struct upf_backlog_flow *longest = b->flows;

	for (int i = 1; i < UPF_BACKLOG_FLOWS; i++)
		if (b->flows[i].octets > longest->octets)
			longest = &b->flows[i];
	pool_free(&w->shaper.packets, flow_take(b, longest));
	upf_worker_stat(w, UPF_STAT_RATE, 1);
}

/* Of the memory left no backlog takes more than it leaves to others, so that one never has it all. */
static bool has_room(
	const struct upf_shaper *s, const struct upf_backlog *b, const struct upf_qer *q, uint32_t len)
{
	uint32_t octets = b->octets + len;

	if (b->count >= s->packets.max - s->packets.used)
		return false;
	return octets <= UPF_BACKLOG_OCTETS_MIN ||
	       upf_qer_cost(q, b->dir, octets) <= (uint64_t)UPF_BACKLOG_MS * NS_PER_MS << 8;
}

/* By which the session of the rules is found, for the downlink. */
static struct upf_key upf_rules_key(const struct upf_rules *r)
{
	return r->lan ? upf_key_teid(r->teid) : upf_key_ue(r->ue_ipv4 ? upf_rules_ip(r) : upf_rules_ip6(r));
}

/* Packets of one flow wait at one meter, or their order were lost: that of the lowest rate. */
static const struct upf_qer *slowest(
	const struct upf_rules *r, const struct upf_pdr *pdr, enum upf_direction dir)
{
	const struct upf_qer *found = NULL;

	for (uint8_t i = 0; i < pdr->qer_count; i++) {
		const struct upf_qer *q = &upf_rules_qers(r)[pdr->qers[i]];

		if (q->has_mbr && (!found || upf_qer_rate(q)->cost[dir] > upf_qer_rate(found)->cost[dir]))
			found = q;
	}
	return found;
}

/* When all QERs let len octets pass; fast ones a few milliseconds' worth at once. */
static uint64_t ready_ns(
	const struct upf_rules *r, const struct upf_pdr *pdr, enum upf_direction dir, uint32_t len)
{
	uint64_t ready = 0;

	for (uint8_t i = 0; i < pdr->qer_count; i++) {
		const struct upf_qer *q = &upf_rules_qers(r)[pdr->qers[i]];
		uint64_t need, depth, at;

		if (!q->has_mbr)
			continue;
		need = upf_qer_cost(q, dir, len);
		depth = upf_qer_rate(q)->depth[dir];
		need = need > depth / 8 ? need : depth / 8;
		at = q->meter->full_at[dir];
		need = depth > need ? depth - need : 0;
		if (at > need && at - need > ready)
			ready = at - need;
	}
	return (ready >> 8) + 1;
}

static void backlog_due(void *owner, struct timer *t)
{
	struct upf_shaper *s = owner;

	list_append(&s->due, &container_of(t, struct upf_backlog, timer)->due);
}

static struct upf_backlog *backlog_new(struct upf_worker *w, const struct upf_session *s, struct upf_meter *m,
	struct upf_key key, enum upf_direction dir, uint64_t at_ns)
{
	struct upf_backlog *b = pool_alloc(&w->shaper.backlogs);

	if (!b)
		return NULL;
	b->key = key;
	b->seid = s->seid;
	b->dir = dir;
	m->backlog[dir] = b;
	timer_set(&w->shaper.timers, &b->timer, at_ns, backlog_due);
	return b;
}

void upf_shape(struct upf_worker *w, struct upf_packet *p, const struct upf_rules *r,
	const struct upf_pdr *pdr, enum upf_direction dir, const struct upf_flow *flow)
{
	const struct upf_qer *q = slowest(r, pdr, dir);
	uint64_t depth = upf_qer_rate(q)->depth[dir];
	struct upf_backlog *b = q->meter->backlog[dir];
	struct upf_shaper *s = &w->shaper;
	struct upf_waiting *at = NULL;

	s->ready_ns = ready_ns(r, pdr, dir, p->len);
	if (p->waiting && depth) {
		p->verdict = UPF_WAIT;
		return;
	}
	upf_packet_whole(p);
	p->verdict = UPF_DROP;
	while (b && b->count && !has_room(s, b, q, p->len))
		upf_backlog_drop(w, b);
	if (depth && !p->waiting && p->len <= w->plane->config->packet_max)
		at = pool_alloc(&s->packets);
	if (at && !b)
		b = backlog_new(w, p->session, q->meter,
			dir == UPF_UPLINK ? upf_key_teid(pdr->teid) : upf_rules_key(r), dir, s->ready_ns);
	if (!at || !b) {
		if (at)
			pool_free(&s->packets, at);
		upf_worker_stat(w, UPF_STAT_RATE, 1);
		return;
	}
	b->lan = dir == UPF_DOWNLINK ? r->lan : 0;
	at->len = p->len;
	at->qfi = p->qfi;
	at->from_ue = p->from_ue;
	upf_packet_copy(p, at->data, w->plane->config->packet_max);
	flow_append(b, flow_of(b, flow), at);
	upf_worker_stat(w, UPF_STAT_SHAPED, 1);
}

/* The meter is not there to be told when its QER has been removed. */
void upf_backlog_end(struct upf_worker *w, const struct upf_rules *r, struct upf_backlog *b)
{
	for (uint8_t i = 0; r && i < r->qer_count; i++) {
		struct upf_meter *m = upf_rules_qers(r)[i].meter;

		if (m && m->backlog[b->dir] == b)
			m->backlog[b->dir] = NULL;
	}
	list_remove(&b->due);
	pool_free(&w->shaper.backlogs, b);
}

struct upf_waiting *upf_backlog_first(struct upf_backlog *b)
{
	return flow_next(b)->first;
}

void upf_backlog_give(struct upf_shaper *s, struct upf_backlog *b)
{
	struct upf_backlog_flow *f = flow_next(b);
	struct upf_waiting *at = flow_take(b, f);

	f->credit -= at->len;
	at->next = s->spent;
	s->spent = at;
}

void upf_backlog_wait(struct upf_shaper *s, struct upf_backlog *b)
{
	list_remove(&b->due);
	timer_set(&s->timers, &b->timer, s->ready_ns, backlog_due);
}

struct upf_backlog *upf_shaper_due(struct upf_shaper *s, uint64_t now_ns)
{
	struct link *first;

	timers_run(&s->timers, now_ns);
	first = list_first(&s->due);
	return first ? container_of(first, struct upf_backlog, due) : NULL;
}

void upf_shaper_reclaim(struct upf_shaper *s)
{
	while (s->spent) {
		struct upf_waiting *at = s->spent;

		s->spent = at->next;
		pool_free(&s->packets, at);
	}
}

uint64_t upf_worker_next_ns(const struct upf_worker *w)
{
	return list_empty(&w->shaper.due) ? timers_next_ns(&w->shaper.timers) : 0;
}

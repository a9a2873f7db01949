/* Sessions, and how a draft becomes what the data path reads. */
#include "core/upf/internal.h"
#include "core/upf/route.h"

#include <stdlib.h>

/* The SEID is the place in the pool and 32 random bits; whose it is is checked with it (law 3). */
struct upf_session *upf_session_find(struct upf *upf, const struct upf_smf *smf, uint64_t seid)
{
	uint32_t index = (uint32_t)seid;
	struct upf_session *s = index ? pool_at(&upf->sessions, index - 1) : NULL;

	return s && s->seid == seid && s->smf == smf ? s : NULL;
}

struct upf_session *upf_session_new(
	struct upf *upf, struct upf_smf *smf, uint64_t cp_seid, uint8_t worker, uint8_t row)
{
	struct upf_session *s = pool_alloc(&upf->sessions);

	if (!s)
		return NULL;
	s->seid = (uint64_t)env_random_u32(upf->env) << 32 | (pool_index(&upf->sessions, s) + 1);
	s->cp_seid = cp_seid;
	s->worker = worker;
	s->row = row;
	upf->figures.by_row[row][UPF_ROW_SESSIONS]++;
	s->smf = smf;
	list_append(&smf->sessions, &s->by_smf);
	smf->session_count++;
	return s;
}

static void release_session(void *owner, struct upf_retired *r)
{
	struct upf *upf = owner;

	struct upf_session *s = container_of(r, struct upf_session, retired);

	free(s->port);
	pool_free(&upf->sessions, s);
}

static void release_rules(void *owner, struct upf_retired *r)
{
	free(container_of(r, struct upf_rules, retired));
}

static void release_meter(void *owner, struct upf_retired *r)
{
	struct upf *upf = owner;

	pool_free(&upf->meters, container_of(r, struct upf_meter, retired));
}

static void release_urr(void *owner, struct upf_retired *r)
{
	struct upf *upf = owner;
	struct upf_urr *u = container_of(r, struct upf_urr, retired);

	free(u->more);
	pool_free(&upf->urrs, u);
}

static bool rules_have_teid(const struct upf_rules *r, uint32_t teid)
{
	for (uint8_t i = 0; r && i < r->pdr_count; i++)
		if (r->pdrs[i].teid == teid)
			return true;
	return false;
}

static bool rules_have_tunnel(const struct upf_rules *r, const struct upf_key *key)
{
	for (uint8_t i = 0; r && i < r->far_count; i++) {
		const struct upf_far *f = &upf_rules_fars(r)[i];

		if (f->has_tunnel && ip_equal(f->ip, key->ip) && f->teid == key->id)
			return true;
	}
	return false;
}

static bool rules_have_meter(const struct upf_rules *r, const struct upf_meter *m)
{
	for (uint8_t i = 0; r && i < r->qer_count; i++)
		if (upf_rules_qers(r)[i].meter == m)
			return true;
	return false;
}

static bool rules_have_urr(const struct upf_rules *r, const struct upf_urr *u)
{
	for (uint8_t i = 0; r && i < r->urr_count; i++)
		if (upf_rules_urrs(r)[i] == u)
			return true;
	return false;
}

/* How many FARs' tunnels end at an address stands in the value itself, above two bits that make it no NULL
 * and no UPF_SLOT_GONE. */
static void peer_count(struct upf *upf, const struct upf_rules *r, intptr_t more)
{
	struct upf_table *t = &upf->data.n3_peers;

	for (uint8_t i = 0; i < r->far_count; i++) {
		const struct upf_far *f = &upf_rules_fars(r)[i];
		intptr_t count;

		if (!f->has_tunnel)
			continue;
		count = ((intptr_t)upf_table_find(t, upf_key_ip(f->ip)) >> 2) + more;
		if (count)
			upf_table_put(t, upf_key_ip(f->ip), (void *)(count << 2 | 2));
		else
			upf_table_remove(t, upf_key_ip(f->ip));
	}
}

/* Another session may have taken the key over. */
static void table_leave(struct upf_table *t, struct upf_key key, const struct upf_session *s)
{
	if (upf_table_find(t, key) == s)
		upf_table_remove(t, key);
}

/* Takes from the tables, and retires, what the old rules have and the new ones have not. */
static void session_retire(
	struct upf *upf, struct upf_session *s, struct upf_rules *old, const struct upf_rules *rules)
{
	struct upf_plane *data = &upf->data;

	for (uint8_t i = 0; i < old->pdr_count; i++)
		if (old->pdrs[i].teid && !rules_have_teid(rules, old->pdrs[i].teid))
			table_leave(&data->by_teid, upf_key_teid(old->pdrs[i].teid), s);
	if (old->ue_ipv4 && (!rules || old->ue_ipv4 != rules->ue_ipv4))
		table_leave(&data->by_ue_ip, upf_key_ue(upf_rules_ip(old)), s);
	if (old->ue_prefix && (!rules || old->ue_prefix != rules->ue_prefix))
		table_leave(&data->by_ue_ip, upf_key_ue(upf_rules_ip6(old)), s);
	for (uint8_t i = 0; i < old->far_count; i++) {
		const struct upf_far *f = &upf_rules_fars(old)[i];
		struct upf_key key = { f->ip, f->teid };

		if (f->has_tunnel && !rules_have_tunnel(rules, &key))
			table_leave(&data->by_tunnel, key, s);
	}
	for (uint8_t i = 0; i < old->qer_count; i++) {
		struct upf_meter *m = upf_rules_qers(old)[i].meter;

		if (m && !rules_have_meter(rules, m))
			upf_epoch_retire(&data->epoch, &m->retired, release_meter);
	}
	for (uint8_t i = 0; i < old->urr_count; i++) {
		struct upf_urr *u = upf_rules_urrs(old)[i];

		if (!rules_have_urr(rules, u))
			upf_epoch_retire(&data->epoch, &u->retired, release_urr);
	}
	upf_routes_retire(upf, s, old, rules);
	peer_count(upf, old, -1);
	upf->rules_octets -= old->octets;
	upf_epoch_retire(&data->epoch, &old->retired, release_rules);
}

/* The session has those flows no more, and has these. */
static void count_flows(struct upf *upf, const struct upf_session *s, uint64_t old, uint64_t now)
{
	upf->figures.by_row[s->row][UPF_ROW_FLOWS] +=
		(uint64_t)__builtin_popcountll(now) - (uint64_t)__builtin_popcountll(old);
}

/* Its worker judges again what waits. */
static void look_again(struct upf *upf, const struct upf_session *s)
{
	if (upf_worker_look(upf->data.workers[s->worker], s))
		upf->changed |= 1u << s->worker;
}

void upf_csid_count(struct upf_session *s, uint8_t csid)
{
	if (s->csid)
		s->smf->csids[s->csid - 1].sessions--;
	s->csid = csid;
	if (s->csid)
		s->smf->csids[s->csid - 1].sessions++;
}

void upf_session_free(struct upf *upf, struct upf_session *s, struct upf_answer *answer)
{
	struct upf_rules *old = s->rules;

	upf->figures.by_row[s->row][UPF_ROW_SESSIONS]--;
	count_flows(upf, s, old ? old->qfis : 0, 0);
	timer_stop(&upf->timers, &s->timer);
	list_remove(&s->pending);
	list_remove(&s->by_smf);
	upf_csid_count(s, 0);
	s->smf->session_count--;
	s->smf = NULL;
	__atomic_store_n(&s->rules, NULL, __ATOMIC_SEQ_CST); /* before look_again */
	if (old)
		upf_lan_leave(upf, s, old);
	if (answer)
		upf_answer_send(answer);
	if (old)
		session_retire(upf, s, old, NULL);
	if (old)
		look_again(upf, s);
	upf_epoch_retire(&upf->data.epoch, &s->retired, release_session);
}

void upf_session_pend(struct upf *upf, struct upf_session *s, enum upf_event event)
{
	s->events |= (uint8_t)event;
	if (!s->pending.next)
		list_append(&upf->pending, &s->pending);
}

static void session_due(void *owner, struct timer *t)
{
	upf_session_pend(owner, container_of(t, struct upf_session, timer), UPF_EVENT_TIME);
}

void upf_session_arm(struct upf *upf, struct upf_session *s)
{
	const struct upf_rules *r = s->rules;
	uint64_t next = s->dl_at_ns ? s->dl_at_ns : NEVER;

	for (uint8_t i = 0; r && i < r->bar_count; i++) {
		uint32_t until_s = upf_rules_bars(r)[i].until_s;

		if (until_s && until_s != UINT32_MAX && (until_s - 1) * NS_PER_S < next)
			next = (until_s - 1) * NS_PER_S;
	}
	for (uint8_t i = 0; r && i < r->urr_count; i++) {
		const struct upf_urr *u = upf_rules_urrs(r)[i];

		next = u->period_at_ns < next ? u->period_at_ns : next;
		next = u->time_at_ns < next ? u->time_at_ns : next;
		if (u->more)
			next = upf_urr_more_next_ns(u->more) < next ? upf_urr_more_next_ns(u->more) : next;
	}
	if (next == NEVER)
		timer_stop(&upf->timers, &s->timer);
	else
		timer_set(&upf->timers, &s->timer, next, session_due);
}

void upf_collect(struct upf *upf)
{
	upf_epoch_collect(&upf->data.epoch);
	upf->collect_at_ns = upf->data.epoch.first ? env_now_ns(upf->env) + NS_PER_MS : NEVER;
}

/* Allocates what a draft creates; draft_abandon gives it back. */
static bool draft_allocate(struct upf *upf, struct upf_session *s, struct upf_draft *d)
{
	for (uint8_t i = 0; i < d->qer_count; i++) {
		struct upf_draft_qer *q = &d->qers[i];

		if (q->rule.has_mbr && !q->rule.meter) {
			q->rule.meter = pool_alloc(&upf->meters);
			q->created = true;
			if (!q->rule.meter)
				return false;
		} else {
			q->created = false;
		}
	}
	for (uint8_t i = 0; i < d->urr_count; i++) {
		struct upf_draft_urr *u = &d->urrs[i];

		if (!u->urr) {
			u->urr = pool_alloc(&upf->urrs);
			u->created = u->urr != NULL;
		}
		if (!u->urr || (u->has_more && !upf_urr_more_begin(u->urr)))
			return false;
	}
	return upf_table_reserve(&upf->data.by_teid, d->pdr_count) &&
	       upf_table_reserve(&upf->data.by_ue_ip, 2u + d->route_count) && upf_lan_reserve(upf, s, d) &&
	       upf_table_reserve(&upf->data.by_tunnel, d->far_count) &&
	       upf_table_reserve(&upf->data.n3_peers, d->far_count);
}

static bool draft_abandon(struct upf *upf, struct upf_draft *d)
{
	for (uint8_t i = 0; i < d->qer_count; i++)
		if (d->qers[i].created && d->qers[i].rule.meter)
			pool_free(&upf->meters, d->qers[i].rule.meter);
	for (uint8_t i = 0; i < d->urr_count; i++)
		if (d->urrs[i].created) {
			free(d->urrs[i].urr->more);
			pool_free(&upf->urrs, d->urrs[i].urr);
		}
	return upf_refuse(d, PFCP_CAUSE_NO_RESOURCES, 0);
}

static void session_index(struct upf *upf, struct upf_session *s, const struct upf_rules *r)
{
	for (uint8_t i = 0; i < r->pdr_count; i++)
		if (r->pdrs[i].teid)
			upf_table_put(&upf->data.by_teid, upf_key_teid(r->pdrs[i].teid), s);
	if (r->ue_ipv4)
		upf_table_put(&upf->data.by_ue_ip, upf_key_ue(upf_rules_ip(r)), s);
	if (r->ue_prefix)
		upf_table_put(&upf->data.by_ue_ip, upf_key_ue(upf_rules_ip6(r)), s);
	for (uint8_t i = 0; i < r->far_count; i++) {
		const struct upf_far *f = &upf_rules_fars(r)[i];

		if (f->has_tunnel)
			upf_table_put(&upf->data.by_tunnel, (struct upf_key){ f->ip, f->teid }, s);
	}
}

bool upf_session_publish(
	struct upf *upf, struct upf_session *s, struct upf_draft *d, struct upf_answer *answer)
{
	struct upf_rules *old = s->rules, *rules;

	if (!draft_allocate(upf, s, d) || !(rules = upf_rules_new(d)))
		return draft_abandon(upf, d);
	for (uint8_t i = 0; i < d->urr_count; i++) {
		struct upf_draft_urr *u = &d->urrs[i];

		if (u->created || u->changed) {
			u->urr->config = u->config;
			upf_urr_configure(upf, u->urr, u->created, u->new_quota);
			if (u->has_more)
				upf_urr_more_configure(upf, u->urr, u);
		}
	}
	upf_rules_fill(rules, d);
	count_flows(upf, s, old ? old->qfis : 0, rules->qfis);
	upf->rules_octets += rules->octets;
	__atomic_store_n(&s->rules, rules, __ATOMIC_SEQ_CST); /* before look_again */
	session_index(upf, s, rules);
	peer_count(upf, rules, 1);
	upf_routes_publish(upf, s, rules);
	upf_lan_join(upf, s, old ? old->teid : 0, rules);
	if (answer)
		upf_answer_send(answer);
	if (old)
		session_retire(upf, s, old, rules);
	if (old)
		look_again(upf, s);
	upf_session_arm(upf, s);
	return true;
}

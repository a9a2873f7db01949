/*
 * MAC addresses of the LANs: learnt of what workers note, forgotten when not seen, reported to the SMF
 * (29.244 5.13.3, reporting trigger MACAR). One that is seen at another place has moved there (23.501
 * 5.8.2.5.3).
 */
#include "core/upf/internal.h"

#include <stdlib.h>

enum { AGE_MS = 1000, AGE_PART = 8, AGE_MIN = 64 };

static uint32_t now_s(const struct upf *upf)
{
	return (uint32_t)(env_now_ns(upf->env) / NS_PER_S) + 1;
}

/* The URR that wants to know of addresses; NULL: none. */
static struct upf_urr *mac_urr(const struct upf_session *s)
{
	const struct upf_rules *r = s->rules;

	for (uint8_t i = 0; r && i < r->urr_count; i++)
		if (upf_rules_urrs(r)[i]->config.triggers & PFCP_TRIGGER_MACAR)
			return upf_rules_urrs(r)[i];
	return NULL;
}

/* Out of the table; an address that the SMF was told of stays until it is told of the end. */
static void mac_forget(struct upf *upf, struct upf_mac *m)
{
	struct upf_session *s = m->session;

	upf_table_remove(&upf->data.by_mac, m->key);
	if (!s || m->state == UPF_MAC_NEW || !mac_urr(s)) {
		if (s)
			s->port->mac_count--;
		upf_mac_free(upf, m);
	} else {
		m->state = UPF_MAC_GONE;
		upf_session_pend(upf, s, UPF_EVENT_MACS);
	}
	if (s)
		UPF_WRITE(s->port->macs_full, s->port->mac_count >= UPF_SESSION_MACS_MAX);
}

static void mac_add(struct upf *upf, struct upf_session *s, struct upf_key key)
{
	struct upf_mac *m;

	if ((s && s->port->mac_count >= UPF_SESSION_MACS_MAX) || !upf_table_reserve(&upf->data.by_mac, 1) ||
		!(m = pool_alloc(&upf->macs)))
		return;
	m->key = key;
	m->session = s;
	m->teid = s ? s->rules->teid : 0;
	m->worker = s ? s->worker : 0;
	m->last_s = now_s(upf);
	m->state = UPF_MAC_NEW;
	if (s) {
		list_append(&s->port->macs, &m->by_session);
		s->port->mac_count++;
		UPF_WRITE(s->port->macs_full, s->port->mac_count >= UPF_SESSION_MACS_MAX);
		upf_session_pend(upf, s, UPF_EVENT_MACS);
	}
	upf_table_put(&upf->data.by_mac, key, m);
	upf->stat[UPF_STAT_MACS]++;
}

static void mac_seen(struct upf *upf, const struct upf_mac_note *n)
{
	uint32_t index = (uint32_t)n->seid;
	struct upf_session *s = index ? pool_at(&upf->sessions, index - 1) : NULL;
	struct upf_mac *m = upf_table_find(&upf->data.by_mac, n->key);

	if (n->seid && (!s || s->seid != n->seid || !s->rules || !s->rules->lan))
		return; /* it has gone meanwhile */
	if (m && m->session == s)
		return;
	if (m)
		mac_forget(upf, m);
	mac_add(upf, s, n->key);
}

void upf_lan_collect(struct upf *upf)
{
	for (uint8_t i = 0; i < upf->data.worker_count && upf->config.lan_count; i++) {
		struct upf_ring *r = &upf->data.workers[i]->mac_notes;
		const struct upf_mac_note *n;

		while ((n = upf_ring_peek(r, 0))) {
			mac_seen(upf, n);
			upf_ring_pop(r, 1);
		}
	}
}

static uint32_t inactivity_s(const struct upf_mac *m)
{
	const struct upf_urr *u = m->session ? mac_urr(m->session) : NULL;

	return u && u->config.mac_inactivity_s ? u->config.mac_inactivity_s : (uint32_t)UPF_MAC_S;
}

/* All are looked at within a few seconds, some at a time. */
static void age(void *owner, struct timer *t)
{
	struct upf *upf = owner;
	struct upf_mac *m;

	for (uint32_t left = upf->macs.used / AGE_PART + AGE_MIN; left > 0; left--) {
		m = pool_next(&upf->macs, &upf->mac_at);
		if (!m) {
			upf->mac_at = 0;
			break;
		}
		upf->mac_at++;
		if (m->state != UPF_MAC_GONE && upf_table_find(&upf->data.by_mac, m->key) == m &&
			now_s(upf) - UPF_READ(m->last_s) >= inactivity_s(m))
			mac_forget(upf, m);
	}
	timer_set(&upf->timers, t, env_now_ns(upf->env) + (uint64_t)AGE_MS * NS_PER_MS, age);
}

bool upf_lan_init(struct upf *upf)
{
	for (uint8_t i = 0; i < upf->config.lan_count; i++) {
		upf->data.lans[i] = calloc(1, sizeof(*upf->data.lans[i]));
		if (!upf->data.lans[i])
			return false;
	}
	if (upf->config.lan_count)
		timer_set(&upf->timers, &upf->mac_ageing, env_now_ns(upf->env) + (uint64_t)AGE_MS * NS_PER_MS,
			age);
	return true;
}

void upf_lan_fini(struct upf *upf)
{
	for (uint8_t i = 0; i < UPF_LANS_MAX; i++)
		free(upf->data.lans[i]);
}

bool upf_lan_report(
	struct upf *upf, struct upf_session *s, struct upf_mac_report *at, struct pfcp_usage_report *out)
{
	struct upf_urr *u = mac_urr(s);

	if (!u || !s->smf->associated)
		return false;
	at->detected_list = (struct pfcp_mac_addresses){ .mac = at->detected };
	at->removed_list = (struct pfcp_mac_addresses){ .mac = at->removed };
	list_each(l, next, &s->port->macs)
	{
		struct upf_mac *m = container_of(l, struct upf_mac, by_session);

		if (m->state == UPF_MAC_NEW) {
			at->detected[at->detected_list.mac_count++] = m->key.ip.low;
			m->state = UPF_MAC_REPORTED;
		} else if (m->state == UPF_MAC_GONE) {
			at->removed[at->removed_list.mac_count++] = m->key.ip.low;
			s->port->mac_count--;
			upf_mac_free(upf, m);
		}
	}
	UPF_WRITE(s->port->macs_full, s->port->mac_count >= UPF_SESSION_MACS_MAX);
	if (!at->detected_list.mac_count && !at->removed_list.mac_count)
		return false;
	upf_urr_report(upf, u, PFCP_USAGE_MACAR, out);
	out->has_ethernet_traffic_information = true;
	out->ethernet_traffic_information =
		(struct pfcp_ethernet_traffic_information){ at->detected_list.mac_count > 0,
			&at->detected_list, at->removed_list.mac_count > 0, &at->removed_list };
	return true;
}

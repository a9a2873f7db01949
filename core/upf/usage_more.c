/*
 * What few URRs ask for, 29.244 5.2.2 and 7.5.2.4: quotas of time, what ends and begins by silence, the
 * monitoring time, dropped downlink, linked URRs. The worker sees none of it but the quota's end and what it
 * drops.
 */
#include "core/upf/internal.h"

#include <stdlib.h>

bool upf_urr_more_begin(struct upf_urr *u)
{
	struct upf_urr_more *more = u->more ? u->more : calloc(1, sizeof(*more));

	if (!u->more && more)
		more->holding_at_ns = more->validity_at_ns = more->silent_at_ns = more->monitoring_at_ns =
			NEVER;
	__atomic_store_n(&u->more, more, __ATOMIC_RELEASE);
	return more != NULL;
}

static uint64_t after_s(uint64_t from_ns, uint32_t s)
{
	return from_ns + s * NS_PER_S;
}

/* How long a silence is one: traffic has stopped, and time is not measured. */
static uint32_t silence_s(const struct upf_urr *u)
{
	const struct upf_urr_asked *a = &u->more->asked;

	if (a->inactivity_s)
		return a->inactivity_s;
	return u->config.triggers & PFCP_TRIGGER_STOPT ? UPF_STOP_S : 0;
}

/* The last packet came within the second that ends then. */
static uint64_t last_ns(const struct upf_urr *u)
{
	return UPF_READ(u->last_s) * NS_PER_S;
}

static uint64_t quota_at_ns(const struct upf_urr_more *m)
{
	return m->quota_from_ns ? m->quota_from_ns + m->quota_left_ns : NEVER;
}

/* Nothing passes any more. */
static void exhaust(struct upf_urr *u, uint32_t trigger)
{
	u->exhausted = true;
	for (int v = 0; v < UPF_VOLUMES; v++)
		UPF_WRITE(u->quota_at[v], 0);
	u->alarms |= trigger;
	u->more->quota_from_ns = 0;
	u->more->holding_at_ns = NEVER;
}

static void give_time(struct upf_urr *u, uint32_t s, uint64_t now_ns)
{
	struct upf_urr_more *m = u->more;

	m->quota_left_ns = s * NS_PER_S;
	m->quota_from_ns = u->start_ns && !u->exhausted ? now_ns : 0;
	if (s == 0)
		exhaust(u, 0);
}

/* From what has been reported on. */
static void arm_dropped(struct upf_urr *u)
{
	struct upf_urr_more *m = u->more;
	const struct upf_urr_asked *a = &m->asked;
	bool wanted = u->config.triggers & PFCP_TRIGGER_DROTH;

	UPF_WRITE(m->note_packets,
		wanted && a->drop_packets ? m->dropped_seen_packets + a->drop_packets : UINT64_MAX);
	UPF_WRITE(m->note_octets,
		wanted && a->drop_octets ? m->dropped_seen_octets + a->drop_octets : UINT64_MAX);
}

void upf_urr_more_configure(struct upf *upf, struct upf_urr *u, const struct upf_draft_urr *d)
{
	struct upf_urr_more *m = u->more;
	uint64_t now_ns = env_now_ns(upf->env);
	int64_t until_s = (int64_t)d->more.monitoring_time - (int64_t)pfcp_time(upf->env);
	bool quota = d->created || d->new_quota || d->new_time_quota;

	m->asked = d->more;
	if (quota && d->new_time_quota && !d->new_quota)
		upf_urr_set_quota(u); /* what time has ended goes on */
	if (d->created ? m->asked.has_time_quota : d->new_time_quota)
		give_time(u, m->asked.time_quota_s, now_ns);
	else if (quota && m->asked.has_time_quota && !m->quota_left_ns)
		exhaust(u, 0); /* another volume is no more time */
	if (quota)
		m->validity_at_ns = m->asked.validity_s ? after_s(now_ns, m->asked.validity_s) : NEVER;
	if (quota)
		m->holding_at_ns = m->asked.holding_s ? after_s(now_ns, m->asked.holding_s) : NEVER;
	if (d->new_monitoring)
		m->monitoring_at_ns = until_s > 0 ? after_s(now_ns, (uint32_t)until_s) : now_ns;
	if (u->start_ns && silence_s(u))
		m->silent_at_ns = after_s(now_ns, silence_s(u));
	arm_dropped(u);
	upf_urr_arm(u);
}

uint64_t upf_urr_more_next_ns(const struct upf_urr_more *m)
{
	const uint64_t at[] = { m->holding_at_ns, m->validity_at_ns, m->silent_at_ns, m->monitoring_at_ns,
		quota_at_ns(m) };
	uint64_t next = NEVER;

	for (size_t i = 0; i < ARRAY_LEN(at); i++)
		next = at[i] < next ? at[i] : next;
	return next;
}

/* What is due by silence: later, if there was none. */
static bool silent(const struct upf_urr *u, uint64_t *at_ns, uint32_t s, uint64_t now_ns)
{
	if (now_ns < *at_ns)
		return false;
	*at_ns = UPF_READ(u->last_s) && after_s(last_ns(u), s) > now_ns ? after_s(last_ns(u), s) : NEVER;
	return *at_ns == NEVER;
}

/* Time is not measured until the next packet (8.2.45), of which the worker leaves a note. */
static void pause_measurement(struct upf_urr *u, uint64_t now_ns)
{
	struct upf_urr_more *m = u->more;
	uint64_t until_ns = after_s(last_ns(u), silence_s(u));

	until_ns = until_ns < now_ns ? until_ns : now_ns;
	if (u->start_ns && until_ns > u->start_ns)
		m->active_ns += until_ns - u->start_ns;
	if (m->quota_from_ns)
		m->quota_left_ns -= until_ns > m->quota_from_ns ? until_ns - m->quota_from_ns : 0;
	m->quota_from_ns = 0;
	u->start_ns = 0;
	UPF_WRITE(u->mark, u->mark + 1);
	upf_urr_arm(u);
}

static void look_at_silence(struct upf_urr *u, uint64_t now_ns)
{
	struct upf_urr_more *m = u->more;

	if (silent(u, &m->holding_at_ns, m->asked.holding_s, now_ns)) {
		exhaust(u, u->config.triggers & PFCP_TRIGGER_QUHTI ? PFCP_USAGE_QUHTI : 0);
		upf_urr_arm(u);
	}
	if (!silent(u, &m->silent_at_ns, silence_s(u), now_ns))
		return;
	if (u->config.triggers & PFCP_TRIGGER_STOPT)
		u->alarms |= PFCP_USAGE_STOPT;
	u->wants_start = u->config.triggers & PFCP_TRIGGER_START;
	pause_measurement(u, now_ns);
}

/* What was counted until now is reported by itself, with the next report; other limits hold from now on. */
static void look_at_monitoring(struct upf *upf, struct upf_urr *u, uint64_t now_ns)
{
	struct upf_urr_more *m = u->more;
	const struct upf_urr_asked *a = &m->asked;

	if (now_ns < m->monitoring_at_ns)
		return;
	m->monitoring_at_ns = NEVER;
	m->split = true;
	m->before = upf_urr_read(u);
	m->before_ns = m->active_ns + (u->start_ns ? now_ns - u->start_ns : 0);
	m->split_time = pfcp_time(upf->env);
	m->active_ns = 0;
	u->start_ns = u->start_ns ? now_ns : 0;
	for (int v = 0; v < UPF_VOLUMES; v++)
		if (a->next_threshold[v])
			u->config.threshold[v] = a->next_threshold[v];
	if (a->next_time_threshold_s)
		u->config.time_threshold_s = a->next_time_threshold_s;
	for (int v = 0; a->has_next_quota && v < UPF_VOLUMES; v++)
		u->config.quota[v] = a->next_quota[v];
	u->config.has_quota |= a->has_next_quota;
	if (a->has_next_quota)
		upf_urr_set_quota(u);
	if (a->next_time_quota_s)
		give_time(u, a->next_time_quota_s, now_ns);
	upf_urr_arm(u);
}

static void look_at_dropped(struct upf_urr *u)
{
	struct upf_urr_more *m = u->more;
	uint64_t packets = UPF_READ(m->dropped_packets), octets = UPF_READ(m->dropped_octets);

	if (packets < m->note_packets && octets < m->note_octets)
		return;
	m->dropped_seen_packets = packets;
	m->dropped_seen_octets = octets;
	u->alarms |= PFCP_USAGE_DROTH;
	arm_dropped(u);
}

void upf_urr_more_look(struct upf *upf, struct upf_urr *u)
{
	uint64_t now_ns = env_now_ns(upf->env);
	struct upf_urr_more *m = u->more;

	look_at_dropped(u);
	if (now_ns >= quota_at_ns(m)) {
		m->quota_left_ns = 0;
		exhaust(u, u->config.triggers & PFCP_TRIGGER_TIMQU ? PFCP_USAGE_TIMQU : 0);
		upf_urr_arm(u);
	}
	if (now_ns >= m->validity_at_ns) {
		m->validity_at_ns = NEVER;
		u->alarms |= u->config.triggers & PFCP_TRIGGER_QUVTI ? PFCP_USAGE_QUVTI : 0;
	}
	look_at_silence(u, now_ns);
	look_at_monitoring(upf, u, now_ns);
}

void upf_urr_more_started(struct upf_urr *u, uint64_t now_ns)
{
	struct upf_urr_more *m = u->more;

	if (m->asked.has_time_quota && !m->quota_from_ns && !u->exhausted)
		m->quota_from_ns = now_ns;
	if (silence_s(u))
		m->silent_at_ns = after_s(now_ns, silence_s(u));
}

void upf_urr_more_reported(struct upf_urr *u)
{
	u->more->active_ns = 0;
	u->more->split = false;
}

bool upf_urr_is_linked(const struct upf_urr *u, uint32_t id)
{
	for (uint8_t i = 0;
		u->more && u->config.triggers & PFCP_TRIGGER_LIUSA && i < u->more->asked.linked_count; i++)
		if (u->more->asked.linked[i] == id)
			return true;
	return false;
}

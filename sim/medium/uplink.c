/* From the UEs to the gNB. */
#include "sim/medium/internal.h"

/* What has a lower number is too late. */
static void drop_before(struct medium *m, struct medium_ue *ue, uint64_t number)
{
	uint64_t late = ue->next < number ? number - ue->next : 0;
	size_t n = late < ue->len ? (size_t)late : ue->len;

	ue->next += n;
	ue->at += n;
	ue->len -= n;
	m->stat[MEDIUM_STAT_LOST] += n;
}

void medium_uplink_put(struct medium *m, struct medium_ue *ue, const struct phy_cf *in, size_t n)
{
	size_t room = MEDIUM_AHEAD_MAX - ue->len;

	if (n > room) {
		m->stat[MEDIUM_STAT_LOST] += n - room;
		n = room;
	}
	if (ue->at + ue->len + n > MEDIUM_AHEAD_MAX) {
		memmove(ue->queue, ue->queue + ue->at, ue->len * sizeof(*ue->queue));
		ue->at = 0;
	}
	if (n > 0)
		memcpy(ue->queue + ue->at + ue->len, in, n * sizeof(*in));
	ue->len += n;
	drop_before(m, ue, m->heard);
}

void medium_uplink_restart(struct medium *m)
{
	for (struct medium_ue *ue = m->ues; ue < m->ues + m->config.ue_count; ue++) {
		/* The next that it hears, which was to be number `given`, is the gNB's first. */
		drop_before(m, ue, m->given);
		ue->next -= ue->next < m->given ? ue->next : m->given;
	}
	m->given = m->heard = 0;
	m->pace_ns = env_now_ns(m->env);
	m->pace_heard = 0;
}

/* How many there are for the gNB of all who are there; of nobody as many silent ones as it sent. */
static uint64_t ready(const struct medium *m)
{
	uint64_t end = NEVER;

	for (const struct medium_ue *ue = m->ues; ue < m->ues + m->config.ue_count; ue++)
		if (ue->joined && ue->next + ue->len < end)
			end = ue->next + ue->len;
	if (end == NEVER)
		end = m->given;
	return m->gnb_joined && end > m->heard ? end - m->heard : 0;
}

static uint32_t pace(const struct medium *m)
{
	return m->config.rate_hz / MEDIUM_PACES_A_SECOND;
}

/* How many the clock lets through. */
static uint64_t due(struct medium *m)
{
	uint64_t now_ns = env_now_ns(m->env);
	uint64_t all =
		m->pace_heard + (uint64_t)((double)(now_ns - m->pace_ns) * m->config.rate_hz / NS_PER_S);

	if (!m->config.realtime)
		return NEVER;
	if (all > m->heard + m->config.rate_hz / MS_PER_S * MEDIUM_BEHIND_MS) {
		m->pace_ns = now_ns;
		m->pace_heard = m->heard;
		return pace(m);
	}
	return all > m->heard ? all - m->heard : 0;
}

uint64_t medium_uplink_next_ns(const struct medium *m)
{
	uint64_t n = ready(m), until = m->heard + (n < pace(m) ? n : pace(m)) - m->pace_heard;

	if (!m->config.realtime || n == 0)
		return NEVER;
	return m->pace_ns + (uint64_t)((double)until * NS_PER_S / m->config.rate_hz) + 1;
}

/* What one UE adds to the next n samples of the gNB. */
static void add(struct medium *m, struct medium_ue *ue, size_t n)
{
	uint64_t silent = ue->next > m->heard ? ue->next - m->heard : 0;
	struct phy_cf *in = ue->queue + ue->at, *out = m->part;
	size_t from = silent < n ? (size_t)silent : n;

	n -= from;
	channel_run(ue->uplink, &out, (const struct phy_cf *const *)&in, n);
	for (size_t i = 0; i < n; i++) {
		m->sum[from + i].re += ue->gain * out[i].re;
		m->sum[from + i].im += ue->gain * out[i].im;
	}
	ue->next += n;
	ue->len -= n;
	ue->at = ue->len ? ue->at + n : 0;
}

static void move(struct medium *m, size_t n)
{
	struct phy_cf *sum = m->sum;

	memset(sum, 0, n * sizeof(*sum));
	for (struct medium_ue *ue = m->ues; ue < m->ues + m->config.ue_count; ue++)
		if (ue->joined)
			add(m, ue, n);
	channel_run(m->noise, &sum, (const struct phy_cf *const *)&sum, n);
	if (!outbox_send(m->env->outbox, MEDIUM_PORT_GNB, 0, 0, bytes_of(sum, n * sizeof(*sum))))
		m->stat[MEDIUM_STAT_LOST] += n;
	m->heard += n;
	m->stat[MEDIUM_STAT_UPLINK] += n;
}

void medium_uplink_move(struct medium *m)
{
	uint64_t n = ready(m), most = n > 0 ? due(m) : 0;

	if (most < n && most < pace(m))
		return;
	for (n = n < most ? n : most; n > 0; n -= n < MEDIUM_CHUNK ? n : MEDIUM_CHUNK)
		move(m, n < MEDIUM_CHUNK ? (size_t)n : MEDIUM_CHUNK);
}

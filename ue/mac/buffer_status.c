/* Buffer status reports (38.321 5.4.5, 6.1.3.1). */
#include "ue/mac/entity.h"

/* What each group has, of all its channels; groups in the order of their highest priority. */
struct status {
	struct mac_bsr b; /* lcgs and known: those with data */
	uint8_t order[MAC_LCGS];
	uint8_t count;
};

static struct status look(const struct ue_mac *m, uint64_t now_ns)
{
	struct status s = { .count = 0 };
	uint8_t seen = 0, groups;

	for (uint8_t i = 0; i < m->count; i++) {
		const struct ue_mac_channel *c = &m->channels[m->by_priority[i]];
		size_t data = ue_mac_data(c, now_ns);

		if (c->c.lcg == UE_MAC_NO_LCG)
			continue;
		/* 5.4.5: in the order of the highest priority in the group, with or without data */
		if (!(seen >> c->c.lcg & 1))
			s.order[s.count++] = c->c.lcg;
		seen |= (uint8_t)(1 << c->c.lcg);
		if (data > 0)
			s.b.lcgs |= (uint8_t)(1 << c->c.lcg);
		s.b.octets[c->c.lcg] += (uint32_t)data;
	}
	groups = s.count;
	s.count = 0;
	for (uint8_t i = 0; i < groups; i++)
		if (s.b.lcgs >> s.order[i] & 1)
			s.order[s.count++] = s.order[i];
	s.b.known = s.b.lcgs;
	return s;
}

static void trigger_regular(struct ue_mac *m, uint8_t lcid, uint64_t now_ns)
{
	m->bsr.regular = true;
	m->bsr.lcid = lcid;
	if (m->channels[lcid].c.sr_delay && m->config.sr_delay_ms)
		m->bsr.sr_delay_ns = ue_mac_after(now_ns, m->config.sr_delay_ms);
	else
		m->bsr.sr_delay_ns = 0;
}

/* Data that was not there: of a channel above all that had some and have it still, or when none had. */
static void see_new_data(struct ue_mac *m, uint64_t now_ns)
{
	size_t data[UE_MAC_LCID_MAX];
	uint8_t highest = UINT8_MAX;

	for (uint8_t i = 0; i < m->count; i++) {
		const struct ue_mac_channel *c = &m->channels[m->by_priority[i]];

		data[i] = ue_mac_data(c, now_ns);
		if (c->c.lcg != UE_MAC_NO_LCG && c->seen > 0 && data[i] > 0 && c->c.priority < highest)
			highest = c->c.priority;
	}
	for (uint8_t i = 0; i < m->count; i++) {
		struct ue_mac_channel *c = &m->channels[m->by_priority[i]];

		if (c->c.lcg != UE_MAC_NO_LCG && data[i] > c->seen && c->c.priority < highest)
			trigger_regular(m, c->c.lcid, now_ns);
		c->seen = data[i];
	}
}

static uint8_t first_with_data(const struct ue_mac *m, uint64_t now_ns)
{
	for (uint8_t i = 0; i < m->count; i++) {
		const struct ue_mac_channel *c = &m->channels[m->by_priority[i]];

		if (c->c.lcg != UE_MAC_NO_LCG && ue_mac_data(c, now_ns) > 0)
			return c->c.lcid;
	}
	return 0;
}

void ue_mac_bsr_run(struct ue_mac *m, uint64_t now_ns)
{
	uint8_t lcid;

	see_new_data(m, now_ns);
	if (m->bsr.retx_ns <= now_ns) {
		m->bsr.retx_ns = UE_MAC_NEVER;
		lcid = first_with_data(m, now_ns);
		if (lcid)
			trigger_regular(m, lcid, now_ns);
	}
	if (m->bsr.periodic_ns <= now_ns) {
		m->bsr.periodic_ns = UE_MAC_NEVER;
		m->bsr.periodic = true;
	}
	/* No grant is at hand when this runs: a regular report asks for one. */
	if (m->bsr.regular && m->bsr.sr_delay_ns <= now_ns && m->channels[m->bsr.lcid].rlc)
		ue_mac_sr_trigger(m, m->bsr.lcid);
}

size_t ue_mac_bsr_size(const struct ue_mac *m, uint64_t now_ns)
{
	struct status s;

	if (!m->bsr.regular && !m->bsr.periodic)
		return 0;
	s = look(m, now_ns);
	return s.count > 1 ? mac_subpdu_size(MAC_UL_SCH, MAC_UL_LONG_BSR, 1u + s.count)
			   : mac_subpdu_size(MAC_UL_SCH, MAC_UL_SHORT_BSR, 1);
}

static void put(struct writer *w, uint8_t lcid, const struct status *s, size_t room)
{
	uint8_t octets[1 + MAC_LCGS];
	struct writer ce = writer_of(octets, room < sizeof(octets) ? room : sizeof(octets));
	struct mac_bsr one = s->b;

	switch (lcid) {
	case MAC_UL_LONG_BSR:
		mac_bsr_write_long(&ce, &s->b);
		break;
	case MAC_UL_LONG_TRUNCATED_BSR:
		mac_bsr_write_truncated(&ce, &s->b, s->order, s->count);
		break;
	default: /* short: of the first group, or of none */
		one.known = s->count ? (uint8_t)(1 << s->order[0]) : 0;
		mac_bsr_write_short(&ce, &one);
	}
	mac_write(w, MAC_UL_SCH, lcid, writer_bytes(&ce));
}

/* A report that says all: what was triggered before is answered, and so are requests for a grant. */
static void reported(struct ue_mac *m, uint8_t lcid, uint64_t now_ns)
{
	bool truncated = lcid == MAC_UL_LONG_TRUNCATED_BSR || lcid == MAC_UL_SHORT_TRUNCATED_BSR;

	m->bsr.retx_ns = ue_mac_after(now_ns, m->config.retx_bsr_ms);
	m->stats.bsr_truncated += truncated;
	if (truncated)
		return;
	m->stats.bsr_short += lcid == MAC_UL_SHORT_BSR;
	m->stats.bsr_long += lcid == MAC_UL_LONG_BSR;
	m->bsr.periodic_ns = ue_mac_after(now_ns, m->config.periodic_bsr_ms);
	m->bsr.regular = m->bsr.periodic = false;
	ue_mac_sr_cancel(m);
}

void ue_mac_bsr_put(struct ue_mac *m, struct writer *w, uint64_t now_ns)
{
	struct status s = look(m, now_ns);
	uint8_t lcid = s.count > 1 ? MAC_UL_LONG_BSR : MAC_UL_SHORT_BSR;

	put(w, lcid, &s, 1u + MAC_LCGS);
	reported(m, lcid, now_ns);
}

void ue_mac_bsr_pad(struct ue_mac *m, struct writer *w, uint64_t now_ns)
{
	struct status s = look(m, now_ns);
	size_t room = w->cap - w->len, whole = mac_subpdu_size(MAC_UL_SCH, MAC_UL_LONG_BSR, 1u + s.count);
	uint8_t lcid = MAC_UL_SHORT_BSR;

	if (m->count == 0 || room < mac_subpdu_size(MAC_UL_SCH, MAC_UL_SHORT_BSR, 1))
		return;
	if (room >= whole)
		lcid = MAC_UL_LONG_BSR;
	else if (s.count > 1)
		lcid = room == mac_subpdu_size(MAC_UL_SCH, MAC_UL_SHORT_BSR, 1) ? MAC_UL_SHORT_TRUNCATED_BSR
										: MAC_UL_LONG_TRUNCATED_BSR;
	put(w, lcid, &s, room - (lcid == MAC_UL_LONG_TRUNCATED_BSR ? 2 : 1));
	reported(m, lcid, now_ns);
}

void ue_mac_bsr_taken(struct ue_mac *m, uint64_t now_ns)
{
	for (uint8_t i = 0; i < m->count; i++) {
		struct ue_mac_channel *c = &m->channels[m->by_priority[i]];
		size_t data = ue_mac_data(c, now_ns);

		if (data < c->seen)
			c->seen = data;
	}
}

void ue_mac_bsr_reset(struct ue_mac *m)
{
	m->bsr.regular = m->bsr.periodic = false;
	m->bsr.periodic_ns = m->bsr.retx_ns = UE_MAC_NEVER;
	m->bsr.sr_delay_ns = 0;
	for (uint8_t lcid = 1; lcid <= UE_MAC_LCID_MAX; lcid++)
		m->channels[lcid].seen = 0;
}

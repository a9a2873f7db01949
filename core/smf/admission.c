/*
 * Admission of rules with a guaranteed rate, by ARP (23.501 5.7.2.2): where a data network is configured to
 * guarantee no more in all, a rule that may pre-empt takes the place of less important ones that may be
 * pre-empted. What goes is reported to the PCF like what a gNB gives up (29.512 4.2.4.15).
 */
#include "core/smf/modification.h"

static uint64_t lacks(uint64_t used, uint64_t had, uint64_t wanted, uint64_t most)
{
	uint64_t sum = used - had + wanted;

	return most && wanted > had && sum > most ? sum - most : 0;
}

static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

/* What pre-empts: the rule, or (old) as it is so far, which keeps its own. */
struct claim {
	struct smf_session *s;
	const struct smf_flow *old;
	uint8_t arp_priority;
	struct ambr lacks;
};

static bool gives_way(const struct claim *c, const struct smf_session *s, const struct smf_flow *f)
{
	return s->dnn == c->s->dnn && f != c->old && !f->leaving && f->arp.preemptable &&
	       f->arp.priority_level > c->arp_priority &&
	       (f->match->gbr.uplink_bps || f->match->gbr.downlink_bps);
}

/* Calls fn for all that may give way, of as many sessions as are looked at. */
static void each(struct smf *smf, const struct claim *c,
	void (*fn)(void *arg, struct smf_session *s, struct smf_flow *f), void *arg)
{
	struct smf_session *s;
	uint32_t looked = 0;

	for (uint32_t at = 0; looked < SMF_PRE_EMPTION_LOOK_MAX && (s = pool_next(&smf->sessions, &at));
		at++, looked++)
		for (uint8_t i = 1; !s->gone && i < s->flows.count; i++)
			if (gives_way(c, s, smf_flow_at(&s->flows, i)))
				fn(arg, s, smf_flow_at(&s->flows, i));
}

static void take_off(void *arg, struct smf_session *s, struct smf_flow *f)
{
	struct ambr *left = arg;

	left->uplink_bps = less(left->uplink_bps, f->match->gbr.uplink_bps);
	left->downlink_bps = less(left->downlink_bps, f->match->gbr.downlink_bps);
}

struct victim {
	struct smf_session *s;
	struct smf_flow *f;
};

/* The least important first. */
static void take_victim(void *arg, struct smf_session *s, struct smf_flow *f)
{
	struct victim *v = arg;

	if (!v->f || f->arp.priority_level > v->f->arp.priority_level)
		*v = (struct victim){ s, f };
}

static void give_way(struct smf *smf, const struct claim *c, const struct victim *v)
{
	smf->stat[SMF_STAT_FLOWS_PRE_EMPTED]++;
	smf_session_tell(smf, v->s, EVENT_FLOW_PRE_EMPTED, EVENT_NO_REASON, 0);
	smf_flow_fail(smf, v->s, v->f, FAILURE_CODE_RES_ALLO_FAIL);
	if (v->s == c->s)
		return; /* which is being modified */
	smf_session_dirty(smf, v->s);
	smf_session_event(smf, v->s, SM_EV_MODIFY, NULL);
}

bool smf_guarantee_admit(
	struct smf *smf, struct smf_session *s, const struct smf_flow *old, const struct smf_flow *wanted)
{
	const struct ambr *used = smf_guaranteed(smf, s), *most = &s->dnn->guaranteed;
	const struct ambr had = old ? old->match->gbr : (struct ambr){ 0 };
	const struct ambr *now = &wanted->match->gbr;
	struct claim c = {
		s, old, wanted->arp.priority_level,
		{ lacks(used->uplink_bps, had.uplink_bps, now->uplink_bps, most->uplink_bps),
			lacks(used->downlink_bps, had.downlink_bps, now->downlink_bps, most->downlink_bps) }
	};
	struct ambr left = c.lacks;

	if (!left.uplink_bps && !left.downlink_bps)
		return true;
	if (wanted->arp.may_preempt)
		each(smf, &c, take_off, &left);
	if (left.uplink_bps || left.downlink_bps) { /* nobody goes in vain */
		smf->stat[SMF_STAT_GUARANTEES_REFUSED]++;
		smf_session_tell(smf, s, EVENT_FLOW_REFUSED, EVENT_EXHAUSTED, 0);
		return false;
	}
	while (c.lacks.uplink_bps || c.lacks.downlink_bps) {
		struct victim v = { 0 };

		each(smf, &c, take_victim, &v);
		if (!v.f)
			return false;
		take_off(&c.lacks, v.s, v.f);
		give_way(smf, &c, &v);
	}
	return true;
}

/* The set of QoS flows of a session. */
#include <stdlib.h>
#include <string.h>

#include "core/smf/session.h"

void smf_flows_begin(struct smf_flows *f, const struct default_qos *qos)
{
	smf_flows_fini(f);
	f->count = 1;
	f->first = (struct smf_flow){ .qfi = SMF_DEFAULT_QFI,
		.rule_id = SMF_DEFAULT_RULE,
		.precedence = SMF_DEFAULT_PRECEDENCE,
		.five_qi = qos->five_qi,
		.priority_level = qos->priority_level,
		.arp = qos->arp };
}

void smf_flow_mark(struct smf_flow *f, const struct smf_config *c)
{
	f->dscp = 0;
	for (uint8_t i = 0; i < c->marking_count; i++)
		if (c->markings[i].five_qi == f->five_qi)
			f->dscp = c->markings[i].dscp;
}

struct smf_flow *smf_flows_find(struct smf_flows *f, uint8_t qfi)
{
	for (uint8_t i = 0; i < f->count; i++)
		if (smf_flow_at(f, i)->qfi == qfi)
			return smf_flow_at(f, i);
	return NULL;
}

struct smf_flow *smf_flows_of_rule(struct smf_flows *f, const char *pcc_rule_id)
{
	for (uint8_t i = 1; i < f->count; i++) {
		struct smf_flow *flow = smf_flow_at(f, i);

		if (!flow->leaving && !strcmp(flow->match->pcc_rule_id, pcc_rule_id))
			return flow;
	}
	return NULL;
}

struct smf_flow *smf_flows_of_rule_id(struct smf_flows *f, uint8_t rule_id)
{
	for (uint8_t i = 0; i < f->count; i++)
		if (smf_flow_at(f, i)->rule_id == rule_id)
			return smf_flow_at(f, i);
	return NULL;
}

bool smf_flows_is_shared(const struct smf_flows *f, const struct smf_flow *one)
{
	for (uint8_t i = 0; i < f->count; i++) {
		const struct smf_flow *other = smf_flow_get(f, i);

		if (other != one && other->qfi == one->qfi && !other->leaving)
			return true;
	}
	return false;
}

bool smf_flow_alike(const struct smf_flow *a, const struct smf_flow *b)
{
	return a->five_qi == b->five_qi && a->priority_level == b->priority_level &&
	       a->arp.priority_level == b->arp.priority_level && a->arp.may_preempt == b->arp.may_preempt &&
	       a->arp.preemptable == b->arp.preemptable && a->match->notify == b->match->notify &&
	       a->match->reflective == b->match->reflective;
}

const struct smf_flow *smf_flows_alike(const struct smf_flows *f, const struct smf_flow *wanted)
{
	for (uint8_t i = 1; i < f->count; i++)
		if (!smf_flow_get(f, i)->leaving && smf_flow_alike(smf_flow_get(f, i), wanted))
			return smf_flow_get(f, i);
	return NULL;
}

static void rates_add(struct ambr *sum, const struct ambr *a)
{
	sum->uplink_bps += a->uplink_bps;
	sum->downlink_bps += a->downlink_bps;
}

/* A rule without a bound leaves the flow without. */
static void bound_both(struct ambr *sum, const struct ambr *a, const struct ambr *before)
{
	if (!a->uplink_bps || !before->uplink_bps)
		sum->uplink_bps = 0;
	if (!a->downlink_bps || !before->downlink_bps)
		sum->downlink_bps = 0;
}

struct smf_rates smf_flows_rates(const struct smf_flows *f, uint8_t qfi)
{
	struct smf_rates sum = { 0 };
	bool any = false;

	for (uint8_t i = 1; i < f->count; i++) {
		const struct smf_flow *flow = smf_flow_get(f, i);
		struct ambr before = sum.mbr;

		if (flow->qfi != qfi || flow->leaving)
			continue;
		rates_add(&sum.gbr, &flow->match->gbr);
		rates_add(&sum.mbr, &flow->match->mbr);
		if (any)
			bound_both(&sum.mbr, &flow->match->mbr, &before);
		any = true;
	}
	return sum;
}

uint8_t smf_flows_free_id(const struct smf_flows *f)
{
	uint64_t taken = 1; /* there is no QFI 0 here */

	for (uint8_t i = 0; i < f->count; i++)
		taken |= UINT64_C(1) << (smf_flow_get(f, i)->qfi & 63) |
			 UINT64_C(1) << (smf_flow_get(f, i)->rule_id & 63);
	return (uint8_t)__builtin_ctzll(~taken);
}

uint64_t smf_flows_marked(const struct smf_flows *f, unsigned bits)
{
	uint64_t marked = 0;

	for (uint8_t i = 0; i < f->count; i++) {
		const struct smf_flow *flow = smf_flow_get(f, i);

		if (!flow->leaving && (!bits || flow->at & bits))
			marked |= UINT64_C(1) << flow->qfi;
	}
	return marked;
}

void smf_flows_mark(struct smf_flows *f, unsigned clear, unsigned set)
{
	for (uint8_t i = 0; i < f->count; i++) {
		struct smf_flow *flow = smf_flow_at(f, i);

		flow->at = (uint16_t)((flow->at & ~clear) | set);
	}
}

static void flows_ask(struct smf_flows *f, unsigned old, unsigned asked)
{
	for (uint8_t i = 0; i < f->count; i++) {
		struct smf_flow *flow = smf_flow_at(f, i);

		if (!flow->leaving)
			flow->at = (uint16_t)((flow->at & ~old) | asked);
	}
}

void smf_flows_ask_gnb(struct smf_flows *f)
{
	flows_ask(f, FLOW_GNB_OLD | FLOW_GNB_GOES | FLOW_HELD, FLOW_GNB_ASKED);
}

void smf_flows_ask_ue(struct smf_flows *f)
{
	flows_ask(f, FLOW_UE_OLD | FLOW_UE_GOES, FLOW_UE_ASKED);
}

void smf_flows_accepted(struct smf_flows *f)
{
	for (uint8_t i = 0; i < f->count; i++) {
		struct smf_flow *flow = smf_flow_at(f, i);

		if (flow->at & FLOW_UE_ASKED)
			flow->at = (uint16_t)((flow->at & ~FLOW_UE_ASKED) | FLOW_AT_UE);
	}
}

bool smf_flows_add(struct smf_flows *f, const struct smf_flow *flow)
{
	struct smf_match *match;

	if (f->count == 0 || f->count == SMF_FLOWS_MAX || flow->qfi == SMF_DEFAULT_QFI ||
		smf_flows_of_rule_id(f, flow->rule_id))
		return false;
	if (!f->more)
		f->more = calloc(SMF_FLOWS_MAX - 1, sizeof(*f->more));
	match = f->more ? malloc(sizeof(*match)) : NULL;
	if (!match)
		return false;
	*match = *flow->match;
	f->more[f->count - 1] = *flow;
	f->more[f->count - 1].match = match;
	f->count++;
	return true;
}

void smf_flows_purge(struct smf_flows *f)
{
	uint8_t kept = 1;

	for (uint8_t i = 1; i < f->count; i++) {
		struct smf_flow *flow = smf_flow_at(f, i);

		if (flow->leaving && !(flow->at & (FLOW_AT_UPF | FLOW_AT_GNB | FLOW_GNB_ASKED | FLOW_AT_UE |
							  FLOW_UE_ASKED)))
			free(flow->match);
		else
			*smf_flow_at(f, kept++) = *flow;
	}
	if (f->count > 0)
		f->count = kept;
}

void smf_flows_fini(struct smf_flows *f)
{
	for (uint8_t i = 1; i < f->count; i++)
		free(f->more[i - 1].match);
	free(f->more);
	*f = (struct smf_flows){ 0 };
}

static bool filter_equal(const struct smf_filter *a, const struct smf_filter *b)
{
	return a->id == b->id && a->direction == b->direction && a->protocol == b->protocol &&
	       a->remote_bits == b->remote_bits && ip_equal(a->remote, b->remote) &&
	       a->remote_low == b->remote_low && a->remote_high == b->remote_high &&
	       a->local_low == b->local_low && a->local_high == b->local_high;
}

bool smf_match_equal(const struct smf_match *a, const struct smf_match *b)
{
	if (!a || !b || a->filter_count != b->filter_count)
		return a == b;
	for (uint8_t i = 0; i < a->filter_count; i++)
		if (!filter_equal(&a->filters[i], &b->filters[i]))
			return false;
	return true;
}

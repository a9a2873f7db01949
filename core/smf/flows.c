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

struct smf_flow *smf_flows_find(struct smf_flows *f, uint8_t qfi)
{
	for (uint8_t i = 0; i < f->count; i++)
		if (smf_flow_at(f, i)->qfi == qfi)
			return smf_flow_at(f, i);
	return NULL;
}

bool smf_flows_add(struct smf_flows *f, const struct smf_flow *flow)
{
	struct smf_match *match;

	if (f->count == 0 || f->count == SMF_FLOWS_MAX || smf_flows_find(f, flow->qfi))
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

		if (flow->leaving && !(flow->at & FLOW_AT_UPF))
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

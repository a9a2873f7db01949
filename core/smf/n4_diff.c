/* The difference of two sets of PFCP rules, rule by rule. */
#include "core/smf/n4_rules.h"

static bool addresses_equal(const struct smf_addresses *a, const struct smf_addresses *b)
{
	return a->ipv4 == b->ipv4 && a->ipv6_prefix == b->ipv6_prefix && a->interface_id == b->interface_id &&
	       a->prefix_bits == b->prefix_bits;
}

static bool rates_equal(const struct ambr *a, const struct ambr *b)
{
	return a->uplink_bps == b->uplink_bps && a->downlink_bps == b->downlink_bps;
}

bool n4_pdr_equal(const struct n4_pdr *a, const struct n4_pdr *b)
{
	return a->id == b->id && a->precedence == b->precedence && a->source == b->source &&
	       a->qfi == b->qfi && smf_tunnel_equal(&a->local, &b->local) &&
	       addresses_equal(&a->ue, &b->ue) && a->ethernet == b->ethernet && a->removal == b->removal &&
	       smf_match_equal(a->match, b->match) && a->far == b->far && a->qer_session == b->qer_session &&
	       a->qer_flow == b->qer_flow && a->urr == b->urr && a->urr_flow == b->urr_flow;
}

bool n4_far_equal(const struct n4_far *a, const struct n4_far *b)
{
	return a->id == b->id && a->action == b->action && a->destination == b->destination &&
	       a->dscp == b->dscp && smf_tunnel_equal(&a->tunnel, &b->tunnel) &&
	       addr_equal(&a->far_end, &b->far_end);
}

bool n4_qer_equal(const struct n4_qer *a, const struct n4_qer *b)
{
	return a->id == b->id && a->gate == b->gate && a->qfi == b->qfi && a->rqi == b->rqi &&
	       rates_equal(&a->mbr, &b->mbr) && rates_equal(&a->gbr, &b->gbr);
}

bool n4_urr_equal(const struct n4_urr *a, const struct n4_urr *b)
{
	return a->id == b->id && a->macs == b->macs && a->period_s == b->period_s &&
	       a->volume_threshold == b->volume_threshold;
}

static uint32_t rule_id(const struct n4_rules *r, enum n4_kind kind, uint8_t i)
{
	switch (kind) {
	case N4_PDR:
		return r->pdr[i].id;
	case N4_FAR:
		return r->far[i].id;
	case N4_QER:
		return r->qer[i].id;
	default:
		return r->urr[i].id;
	}
}

static bool rule_equal(
	const struct n4_rules *a, uint8_t i, const struct n4_rules *b, uint8_t k, enum n4_kind kind)
{
	switch (kind) {
	case N4_PDR:
		return n4_pdr_equal(&a->pdr[i], &b->pdr[k]);
	case N4_FAR:
		return n4_far_equal(&a->far[i], &b->far[k]);
	case N4_QER:
		return n4_qer_equal(&a->qer[i], &b->qer[k]);
	default:
		return n4_urr_equal(&a->urr[i], &b->urr[k]);
	}
}

/* The index of the rule with this id; the count when there is none. */
static uint8_t rule_find(const struct n4_rules *r, enum n4_kind kind, uint32_t id)
{
	uint8_t i = 0;

	while (i < r->count[kind] && rule_id(r, kind, i) != id)
		i++;
	return i;
}

bool n4_rules_have(const struct n4_rules *r, enum n4_kind kind, uint32_t id)
{
	return rule_find(r, kind, id) < r->count[kind];
}

void n4_diff(const struct n4_rules *have, const struct n4_rules *wanted, struct n4_delta *out)
{
	*out = (struct n4_delta){ 0 };
	for (enum n4_kind kind = 0; kind < N4_KINDS; kind++) {
		for (uint8_t i = 0; i < wanted->count[kind]; i++) {
			uint8_t k = rule_find(have, kind, rule_id(wanted, kind, i));

			if (k == have->count[kind])
				out->create[kind] |= UINT32_C(1) << i;
			else if (!rule_equal(have, k, wanted, i, kind))
				out->update[kind] |= UINT32_C(1) << i;
		}
		for (uint8_t i = 0; i < have->count[kind]; i++)
			if (rule_find(wanted, kind, rule_id(have, kind, i)) == wanted->count[kind])
				out->remove[kind] |= UINT32_C(1) << i;
	}
}

bool n4_delta_is_shape(const struct n4_delta *d)
{
	uint32_t any = 0;

	for (int i = 0; i < N4_KINDS; i++)
		any |= d->create[i] | d->remove[i];
	return any != 0;
}

bool n4_delta_is_empty(const struct n4_delta *d)
{
	uint32_t any = 0;

	for (int i = 0; i < N4_KINDS; i++)
		any |= d->create[i] | d->update[i] | d->remove[i];
	return any == 0;
}

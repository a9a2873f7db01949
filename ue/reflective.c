/*
 * Reflective QoS, 24.501 6.2.5.1.4 and 23.501 5.7.5: what the UE sends back goes by the flow that it got the
 * other way by, as long as that is not longer ago than the RQ timer (T3583).
 */
#include "base/env.h"
#include "ue/qos.h"

enum { TCP = 6, UDP = 17 };

static bool same_flow(const struct ue_flow_key *a, const struct ue_flow_key *b)
{
	return a->protocol == b->protocol && ip_equal(a->remote, b->remote) && ip_equal(a->local, b->local) &&
	       a->remote_port == b->remote_port && a->local_port == b->local_port;
}

/* Rules that have lived long enough go. */
static void expire(struct ue_reflective *r, uint64_t now_ns)
{
	uint8_t kept = 0;

	for (uint8_t i = 0; i < r->count; i++)
		if (r->rules[i].until_ns > now_ns)
			r->rules[kept++] = r->rules[i];
	r->count = kept;
}

/* The rule of this flow; a new one, for which the oldest goes where there is no room. */
static struct ue_derived *rule_for(struct ue_reflective *r, const struct ue_flow_key *key)
{
	struct ue_derived *oldest = r->rules;

	for (uint8_t i = 0; i < r->count; i++) {
		if (same_flow(&r->rules[i].key, key))
			return &r->rules[i];
		if (r->rules[i].until_ns < oldest->until_ns)
			oldest = &r->rules[i];
	}
	return r->count < UE_DERIVED_MAX ? &r->rules[r->count++] : oldest;
}

void ue_reflective_derive(struct ue_reflective *r, struct bytes packet, uint8_t qfi, uint64_t now_ns)
{
	struct ue_flow_key key;

	if (!r->timer_s || !ue_flow_key_read(packet, false, &key) || !key.has_ports ||
		(key.protocol != TCP && key.protocol != UDP)) /* 6.2.5.1.4.2: of others nothing is derived */
		return;
	expire(r, now_ns);
	*rule_for(r, &key) = (struct ue_derived){ key, qfi, now_ns + r->timer_s * NS_PER_S };
}

uint8_t ue_reflective_match(struct ue_reflective *r, const struct ue_flow_key *key, uint64_t now_ns)
{
	expire(r, now_ns);
	for (uint8_t i = 0; i < r->count; i++)
		if (same_flow(&r->rules[i].key, key))
			return r->rules[i].qfi;
	return 0;
}

void ue_reflective_keep(struct ue_reflective *r, uint64_t flows)
{
	uint8_t kept = 0;

	for (uint8_t i = 0; i < r->count; i++)
		if (flows >> r->rules[i].qfi & 1)
			r->rules[kept++] = r->rules[i];
	r->count = kept;
}

/*
 * The configuration's rules have changed: each SM policy association is looked at again, some at a time, and
 * what differs goes to its SMF (29.512 4.2.3.1). Flows of operators, UEs and applications stay as they are.
 */
#include <string.h>

#include "core/pcf/internal.h"

enum { BATCH = 32, PAUSE_MS = 20 };

static const struct pcf_flow *flow_named(const struct pcf_association *a, const char *name)
{
	for (uint8_t i = 0; i < a->flow_count; i++)
		if (!strcmp(a->flows[i].name, name))
			return &a->flows[i];
	return NULL;
}

/* Flows of the configuration that it has no longer. */
static void drop_old(struct pcf_association *a, const struct pcf_association *wanted, struct pcf_decision *d)
{
	for (uint8_t i = a->flow_count; i-- > 0;) {
		if (a->flows[i].origin != PCF_FROM_CONFIGURATION || flow_named(wanted, a->flows[i].name))
			continue;
		pcf_decision_remove(d, a->flows[i].name);
		pcf_association_drop_at(a, i);
	}
}

/* Those that are new, or others than before; a name that somebody else has taken is left. */
static void take_new(struct pcf_association *a, const struct pcf_association *wanted, struct pcf_decision *d)
{
	for (uint8_t i = 0; i < wanted->flow_count; i++) {
		const struct pcf_flow *f = &wanted->flows[i];
		struct pcf_flow *is = pcf_association_flow(a, f->name);

		if (is && (is->origin != PCF_FROM_CONFIGURATION || pcf_flow_same(is, f)))
			continue;
		if (!is && a->flow_count == PCF_FLOWS_MAX)
			return;
		if (!is)
			is = &a->flows[a->flow_count++];
		*is = *f;
		is->touched = true;
	}
	for (uint8_t i = 0; i < a->flow_count; i++) {
		if (a->flows[i].touched)
			pcf_decision_flow(d, &a->flows[i]);
		a->flows[i].touched = false;
	}
}

static void review(struct pcf *pcf, struct pcf_association *a)
{
	struct pcf_association wanted = *a;
	struct pcf_decision d;

	wanted.flow_count = 0;
	pcf_configured_flows(pcf, &wanted);
	pcf_decision_begin(&d);
	drop_old(a, &wanted, &d);
	take_new(a, &wanted, &d);
	if (pcf->review_sessions)
		pcf_decision_session(pcf, &d, a);
	if (d.count == 0 && !pcf->review_sessions)
		return;
	if (!store_savepoint(pcf->nf.env->store))
		return;
	if (!pcf_association_put(pcf, a)) {
		store_rollback_to(pcf->nf.env->store);
		return;
	}
	store_release(pcf->nf.env->store);
	pcf_sm_policy_notify(pcf, a, &d);
}

/* Places of the next few. */
struct batch {
	size_t count;
	struct pcf_review_place places[BATCH];
};

static bool note(void *arg, struct bytes key, struct bytes value)
{
	struct batch *b = arg;
	struct pcf_review_place *to = &b->places[b->count];

	if (key.len <= sizeof(to->key)) {
		to->len = (uint8_t)key.len;
		bytes_copy(to->key, sizeof(to->key), key);
		b->count++;
	}
	return b->count < BATCH;
}

static void look(void *owner, struct timer *t)
{
	struct pcf *pcf = owner;
	struct batch b = { 0 };
	struct pcf_association a;

	if (!store_scan_after(pcf->nf.env->store, STORE_PCF_POLICY,
		    bytes_of(pcf->review_at.key, pcf->review_at.len), note, &b) ||
		b.count == 0) {
		pcf->review_sessions = false;
		return;
	}
	for (size_t i = 0; i < b.count; i++)
		if (pcf_association_at(pcf, bytes_of(b.places[i].key, b.places[i].len), &a))
			review(pcf, &a);
	pcf->review_at = b.places[b.count - 1];
	timer_set(&pcf->nf.timers, &pcf->review, env_now_ns(pcf->nf.env) + PAUSE_MS * NS_PER_MS, look);
}

static bool rules_differ(const struct pcf_config *a, const struct pcf_config *b)
{
	if (a->pcc_rule_count != b->pcc_rule_count)
		return true;
	for (uint8_t i = 0; i < a->pcc_rule_count; i++) {
		const struct pcf_pcc_rule *x = &a->pcc_rules[i], *y = &b->pcc_rules[i];

		if (!pcf_flow_same(&x->flow, &y->flow) || !dnn_equal(x->dnn, y->dnn) ||
			!snssai_equal(&x->snssai, &y->snssai) || strcmp(x->imsi, y->imsi) != 0)
			return true;
	}
	return false;
}

static bool ambr_same(const struct ambr *a, const struct ambr *b)
{
	return a->uplink_bps == b->uplink_bps && a->downlink_bps == b->downlink_bps;
}

/* What is asked for from now on is judged by the new limits; of sessions only the most that they get changes.
 */
static bool limits_differ(const struct pcf_config *a, const struct pcf_config *b)
{
	for (uint8_t i = 0; i < a->sm_rule_count && i < b->sm_rule_count; i++)
		if (!ambr_same(&a->sm_rules[i].max_session_ambr, &b->sm_rules[i].max_session_ambr))
			return true;
	return false;
}

void pcf_take_config(struct pcf *pcf, const struct pcf_config *config)
{
	bool rules = rules_differ(&pcf->config, config), limits = limits_differ(&pcf->config, config);

	pcf->config = *config;
	if (!rules && !limits)
		return;
	pcf->review_sessions |= limits;
	pcf->review_at = (struct pcf_review_place){ 0 };
	timer_set(&pcf->nf.timers, &pcf->review, env_now_ns(pcf->nf.env), look);
}

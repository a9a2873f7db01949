#include "core/upf/internal.h"
#include "core/upf/route.h"

#include <stdlib.h>

static void draft_pdr(struct upf_draft_pdr *to, const struct upf_rules *r, const struct upf_pdr *from)
{
	*to = (struct upf_draft_pdr){ .rule = *from,
		.has_far = true,
		.far_id = upf_rules_fars(r)[from->far].id,
		.ue_ip = upf_rules_ip(r),
		.ue_ip6 = upf_rules_ip6(r) };
	for (uint8_t i = 0; i < from->qer_count; i++)
		to->qer_ids[i] = upf_rules_qers(r)[from->qers[i]].id;
	for (uint8_t i = 0; i < from->urr_count; i++)
		to->urr_ids[i] = upf_rules_urrs(r)[from->urrs[i]]->config.id;
	for (uint8_t i = 0; i < from->filter_count; i++)
		to->filters[i] = upf_rules_filters(r)[from->filter_first + i];
	if (!upf_pdr_is_uplink(from))
		for (; to->route_count < r->route_count; to->route_count++)
			to->routes[to->route_count] = upf_rules_routes(r)[to->route_count];
	for (uint8_t i = 0; i < from->ether_count; i++)
		to->ethers[i] = upf_rules_ethers(r)[from->ether_first + i];
}

void upf_draft_init(struct upf_draft *d, struct upf *upf, struct upf_session *s)
{
	const struct upf_rules *r = s ? s->rules : NULL;

	d->upf = upf;
	d->session = s;
	d->smf = s ? s->smf : NULL;
	d->replaces = NULL;
	d->ue_ip = r ? upf_rules_ip(r) : IP_NONE;
	d->ue_ip6 = r ? upf_rules_ip6(r) : IP_NONE;
	d->dl_notice = r ? r->dl_notice : 1;
	d->discards = r ? r->discards : 0;
	d->worker = s ? s->worker : upf->next_worker;
	d->pdr_count = d->far_count = d->qer_count = d->urr_count = d->bar_count = d->chosen_count = 0;
	d->lan = r ? r->lan : 0;
	d->ethernet = d->lan != 0;
	d->unstructured = r && r->unstructured;
	d->restoring = d->has_failed = false;
	d->cause = 0;
	d->offending = 0;
	if (!r)
		return;
	for (; d->pdr_count < r->pdr_count; d->pdr_count++)
		draft_pdr(&d->pdrs[d->pdr_count], r, &r->pdrs[d->pdr_count]);
	for (; d->far_count < r->far_count; d->far_count++)
		d->fars[d->far_count] = upf_rules_fars(r)[d->far_count];
	for (; d->qer_count < r->qer_count; d->qer_count++) {
		const struct upf_qer *q = &upf_rules_qers(r)[d->qer_count];

		d->qers[d->qer_count] = (struct upf_draft_qer){ .rule = *q };
		if (q->has_mbr)
			d->qers[d->qer_count].rate = *upf_qer_rate(q);
	}
	for (; d->bar_count < r->bar_count; d->bar_count++)
		d->bars[d->bar_count] = upf_rules_bars(r)[d->bar_count];
	for (; d->urr_count < r->urr_count; d->urr_count++) {
		struct upf_urr *urr = upf_rules_urrs(r)[d->urr_count];

		d->urrs[d->urr_count] = (struct upf_draft_urr){
			.urr = urr, .config = urr->config, .has_more = urr->more != NULL
		};
		if (urr->more)
			d->urrs[d->urr_count].more = urr->more->asked;
	}
}

/* In the family that the session has an address of. */
static bool draft_leads_to_far_end(const struct upf_draft *d, const struct upf_far *far)
{
	bool v6 = ip_family(far->ip) == IP_FAMILY_V6;

	return far->destination != PFCP_INTERFACE_CORE ||
	       (far->to_far_end && !ip_is_none(v6 ? d->ue_ip6 : d->ue_ip));
}

/* The FAR, QERs and URRs of a PDR by their place. */
static bool draft_resolve(struct upf_draft *d, struct upf_draft_pdr *p)
{
	struct upf_far *far = upf_draft_far(d, p->far_id);

	if (!p->has_far)
		return upf_refuse(d, PFCP_CAUSE_CONDITIONAL_IE_MISSING, UPF_IE_FAR_ID);
	if (!far)
		return upf_refuse_rule(d, PFCP_RULE_PDR, p->rule.id);
	if (d->unstructured && p->rule.source == PFCP_INTERFACE_ACCESS && !draft_leads_to_far_end(d, far))
		return upf_refuse(d, PFCP_CAUSE_CONDITIONAL_IE_MISSING, UPF_IE_OUTER_HEADER_CREATION);
	p->rule.far = (uint8_t)(far - d->fars);
	p->rule.forwards =
		p->rule.source == PFCP_INTERFACE_ACCESS && far->destination == PFCP_INTERFACE_ACCESS;
	p->rule.qfi = 0;
	p->rule.rqi = false;
	for (uint8_t i = 0; i < p->rule.qer_count; i++) {
		struct upf_draft_qer *q = upf_draft_qer(d, p->qer_ids[i]);

		if (!q)
			return upf_refuse_rule(d, PFCP_RULE_PDR, p->rule.id);
		p->rule.qers[i] = (uint8_t)(q - d->qers);
		if (!p->rule.qfi)
			p->rule.qfi = q->rule.qfi;
		p->rule.rqi |= q->rule.rqi;
	}
	for (uint8_t i = 0; i < p->rule.urr_count; i++) {
		struct upf_draft_urr *u = upf_draft_urr(d, p->urr_ids[i]);

		if (!u)
			return upf_refuse_rule(d, PFCP_RULE_PDR, p->rule.id);
		p->rule.urrs[i] = (uint8_t)(u - d->urrs);
	}
	return true;
}

/* All PDRs of a session are of one UE address of each family, which no other SMF's session has. */
static bool draft_address(struct ip *of_session, struct ip of_pdr)
{
	if (ip_is_none(*of_session))
		*of_session = of_pdr;
	return ip_is_none(of_pdr) || ip_equal(*of_session, of_pdr);
}

static bool draft_ue_ip(struct upf_draft *d, const struct upf_draft_pdr *p)
{
	return (draft_address(&d->ue_ip, p->ue_ip) && draft_address(&d->ue_ip6, p->ue_ip6)) ||
	       upf_refuse_rule(d, PFCP_RULE_PDR, p->rule.id);
}

static int by_precedence(const void *a, const void *b)
{
	const struct upf_draft_pdr *p = a, *q = b;

	if (p->rule.precedence != q->rule.precedence)
		return p->rule.precedence < q->rule.precedence ? -1 : 1;
	return (int)p->rule.id - (int)q->rule.id;
}

/* An SDF Filter ID alone stands for the filter of that identity in another PDR (29.244 8.2.5). */
static bool draft_filter_by_id(const struct upf_draft *d, struct upf_filter *f)
{
	for (uint8_t i = 0; i < d->pdr_count; i++) {
		for (uint8_t k = 0; k < d->pdrs[i].rule.filter_count; k++) {
			const struct upf_filter *other = &d->pdrs[i].filters[k];

			if (other->has_id && other->id == f->id && other->has_description) {
				*f = *other;
				return true;
			}
		}
	}
	return false;
}

static bool draft_filters(struct upf_draft *d, struct upf_draft_pdr *p, unsigned *total)
{
	for (uint8_t i = 0; i < p->rule.filter_count; i++) {
		struct upf_filter *f = &p->filters[i];

		if (f->has_id && !f->has_description && !f->tos_mask && !f->has_spi &&
			!draft_filter_by_id(d, f))
			return upf_refuse_rule(d, PFCP_RULE_PDR, p->rule.id);
	}
	*total += p->rule.filter_count;
	return *total <= UPF_FILTERS_MAX || upf_refuse(d, PFCP_CAUSE_NO_RESOURCES, 0);
}

static bool draft_ethers(struct upf_draft *d, struct upf_draft_pdr *p, unsigned *total)
{
	*total += p->rule.ether_count;
	if (*total > UPF_ETHERNET_FILTERS_MAX)
		return upf_refuse(d, PFCP_CAUSE_NO_RESOURCES, 0);
	return upf_ether_filters_finish(d, p);
}

bool upf_draft_create(struct upf_draft *d, const struct upf_creation *c)
{
	if (c->bar && !upf_bar_create(d, c->bar))
		return false;
	for (size_t i = 0; i < c->far_count; i++)
		if (!upf_far_create(d, &c->far[i]))
			return false;
	for (size_t i = 0; i < c->qer_count; i++)
		if (!upf_qer_create(d, &c->qer[i]))
			return false;
	for (size_t i = 0; i < c->urr_count; i++)
		if (!upf_urr_create(d, &c->urr[i]))
			return false;
	for (size_t i = 0; i < c->pdr_count; i++)
		if (!upf_pdr_create(d, &c->pdr[i]))
			return false;
	return true;
}

bool upf_draft_finish(struct upf_draft *d)
{
	unsigned filters = 0, ethers = 0;

	d->ue_ip = d->ue_ip6 = IP_NONE;
	for (uint8_t i = 0; i < d->pdr_count; i++)
		if (!draft_ue_ip(d, &d->pdrs[i]) || !draft_filters(d, &d->pdrs[i], &filters) ||
			!draft_ethers(d, &d->pdrs[i], &ethers))
			return false;
	if (!upf_routes_finish(d))
		return false;
	for (uint8_t i = 0; i < d->far_count; i++)
		if (d->fars[i].has_bar && !upf_draft_bar(d, d->fars[i].bar))
			return upf_refuse_rule(d, PFCP_RULE_FAR, d->fars[i].id);
	qsort(d->pdrs, d->pdr_count, sizeof(d->pdrs[0]), by_precedence);
	for (uint8_t i = 0; i < d->pdr_count; i++)
		if (!draft_resolve(d, &d->pdrs[i]))
			return false;
	return true;
}

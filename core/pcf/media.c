/*
 * Media components as PCC rules (29.513 7.3): a sub-component, which is one set of IP flows, is a rule; what
 * it does not have itself it has of its component. An update (29.514 4.2.3) changes what it names.
 */
#include <stdio.h>
#include <string.h>

#include "core/pcf/internal.h"
#include "wire/five_qi.h"

enum { COMPONENT_MAX = UINT16_MAX };

/* 29.513 table 7.3.3-1: 5QI by media type, of those of a public network (23.501 table 5.7.4-1). */
static uint8_t five_qi_of(enum media_type type)
{
	static const uint8_t five_qis[MEDIA_TYPE_COUNT] = {
		[MEDIA_TYPE_AUDIO] = 1,   /* conversational voice */
		[MEDIA_TYPE_VIDEO] = 2,   /* conversational video */
		[MEDIA_TYPE_CONTROL] = 5, /* signalling */
		[MEDIA_TYPE_APPLICATION] = 7,
		[MEDIA_TYPE_DATA] = 8,
		[MEDIA_TYPE_TEXT] = 6,
		[MEDIA_TYPE_MESSAGE] = 6,
		[MEDIA_TYPE_OTHER] = 9,
	};

	return five_qis[type];
}

/* 23.501 5.7.2.2: levels 1 to 8 are for services that the operator has authorized for priority. PRIO_16 is
 * the highest (29.514 5.6.3.4). */
static uint8_t arp_of(enum reserv_priority p)
{
	unsigned level = RESERV_PRIORITY_PRIO_16 - (unsigned)p;

	return (uint8_t)(level < PCF_ARP ? PCF_ARP : level > 15 ? 15 : level);
}

static struct pcf_flow *flow_of(
	struct pcf_association *a, uint8_t application, uint16_t component, uint32_t sub)
{
	for (uint8_t i = 0; i < a->flow_count; i++) {
		struct pcf_flow *f = &a->flows[i];

		if (f->application == application && f->component == component && f->sub == sub)
			return f;
	}
	return NULL;
}

/* Any of the component: what is new in it is like that. */
static const struct pcf_flow *flow_like(
	const struct pcf_association *a, uint8_t application, uint16_t component)
{
	for (uint8_t i = 0; i < a->flow_count; i++)
		if (a->flows[i].application == application && a->flows[i].component == component)
			return &a->flows[i];
	return NULL;
}

static void swap_ends(struct ip_filter *f)
{
	struct ip_filter_end from = f->from;

	f->from = f->to;
	f->to = from;
}

/* The UE's own address is "assigned". */
static bool is_of_ue(struct ip_filter_end *end, const struct pcf_association *a)
{
	bool v4 = ip_family(end->ip) == IP_FAMILY_V4;

	if (end->bits == 0)
		return true;
	if (v4 ? !ip_equal(end->ip, a->ipv4) || end->bits != 32
	       : ip_is_none(a->ipv6) || end->ip.high != a->ipv6.high || end->bits < 64)
		return false;
	end->ip = IP_NONE;
	end->bits = 0;
	end->is_assigned = true;
	return true;
}

/* 29.514 5.3.8: "permit out" goes to the UE, "permit in" comes from it. Two that mirror each other are one.
 */
static bool take_description(struct pcf_flow *f, const struct pcf_association *a, const char *text)
{
	bool uplink = !strncmp(text, "permit in ", 10);
	char canonical[IP_FILTER_TEXT_MAX], towards[IP_FILTER_INPUT_MAX], error[PCF_ERROR_SIZE];
	struct writer w = writer_of((uint8_t *)canonical, sizeof(canonical) - 1);
	uint8_t direction = uplink ? FLOW_DIRECTION_UPLINK : FLOW_DIRECTION_DOWNLINK;
	struct ip_filter filter;

	if (snprintf(towards, sizeof(towards), "%s%s", uplink ? "permit out " : "",
		    uplink ? text + 10 : text) >= (int)sizeof(towards) ||
		ip_filter_read(bytes_of_str(towards), &filter))
		return false;
	if (uplink)
		swap_ends(&filter);
	if (!is_of_ue(&filter.to, a) || !ip_filter_write(&filter, &w))
		return false;
	canonical[w.len] = '\0';
	for (uint8_t i = 0; i < f->filter_count; i++) {
		if (strcmp(f->filters[i].text, canonical) != 0)
			continue;
		if (f->filters[i].direction != direction)
			f->filters[i].direction = FLOW_DIRECTION_BIDIRECTIONAL;
		return true;
	}
	return pcf_filter_take(f, writer_bytes(&w), direction, error);
}

static bool take_descriptions(
	struct pcf_flow *f, const struct pcf_association *a, const struct media_sub_component_rm *s)
{
	if (s->f_descs.count > 0)
		f->filter_count = 0;
	for (uint32_t i = 0; i < s->f_descs.count; i++)
		if (!take_description(f, a, s->f_descs.items[i]))
			return false;
	return true;
}

/* What the component says of all its flows. The bandwidth of one that has its own stays. */
static void take_component(struct pcf_flow *f, const struct media_component_rm *m)
{
	if (m->med_type)
		f->five_qi = five_qi_of(m->med_type);
	if (m->f_status)
		f->status = (uint8_t)m->f_status;
	if (m->res_prio)
		f->arp.priority_level = arp_of(m->res_prio);
	if (m->preempt_cap)
		f->arp.may_preempt = m->preempt_cap == PREEMPTION_CAPABILITY_MAY_PREEMPT;
	if (m->preempt_vuln)
		f->arp.preemptable = m->preempt_vuln == PREEMPTION_VULNERABILITY_PREEMPTABLE;
	if (m->has_mar_bw_ul && !f->own_rate)
		f->mbr.uplink_bps = m->mar_bw_ul;
	if (m->has_mar_bw_dl && !f->own_rate)
		f->mbr.downlink_bps = m->mar_bw_dl;
	if (m->has_mir_bw_ul)
		f->gbr.uplink_bps = m->mir_bw_ul;
	if (m->has_mir_bw_dl)
		f->gbr.downlink_bps = m->mir_bw_dl;
}

static void take_sub(struct pcf_flow *f, const struct media_sub_component_rm *s)
{
	if (s->f_status)
		f->status = (uint8_t)s->f_status;
	f->own_rate |= s->has_mar_bw_ul || s->has_mar_bw_dl;
	if (s->has_mar_bw_ul)
		f->mbr.uplink_bps = s->mar_bw_ul;
	if (s->has_mar_bw_dl)
		f->mbr.downlink_bps = s->mar_bw_dl;
}

static uint64_t guaranteed(uint64_t asked, uint64_t most, bool own)
{
	return asked && asked <= most && !own ? asked : most;
}

/* 29.513 table 7.3.3-1: what is guaranteed is the least that is wanted, or all. */
static enum sbi_cause complete(const struct pcf *pcf, const struct pcf_association *a, struct pcf_flow *f)
{
	const struct pcf_sm_rule *rule = pcf_sm_rule_for(pcf, a->dnn);
	const struct ambr *most = rule ? &rule->max_application_gbr : &(const struct ambr){ 0 };
	char error[PCF_ERROR_SIZE];

	if (five_qi_is_gbr(f->five_qi)) {
		f->gbr.uplink_bps = guaranteed(f->gbr.uplink_bps, f->mbr.uplink_bps, f->own_rate);
		f->gbr.downlink_bps = guaranteed(f->gbr.downlink_bps, f->mbr.downlink_bps, f->own_rate);
	} else {
		f->gbr = (struct ambr){ 0 };
	}
	if (!pcf_flow_good(f, error))
		return SBI_INVALID_SERVICE_INFORMATION;
	if ((most->uplink_bps && f->gbr.uplink_bps > most->uplink_bps) ||
		(most->downlink_bps && f->gbr.downlink_bps > most->downlink_bps))
		return SBI_REQUESTED_SERVICE_NOT_AUTHORIZED;
	return SBI_OK;
}

/* s NULL: the component has changed, and with it this flow. */
static enum sbi_cause change(const struct pcf *pcf, struct pcf_association *a, struct pcf_flow *f,
	const struct media_component_rm *m, const struct media_sub_component_rm *s)
{
	enum sbi_cause cause;

	take_component(f, m);
	if (s)
		take_sub(f, s);
	if (s && !take_descriptions(f, a, s))
		return SBI_FILTER_RESTRICTIONS;
	cause = complete(pcf, a, f);
	f->notify = cause == SBI_OK && (f->gbr.uplink_bps || f->gbr.downlink_bps);
	f->touched = true;
	return cause;
}

/* False: more goes at once than there may be. */
static bool drop(struct pcf_association *a, struct pcf_decision *d, const struct pcf_flow *f)
{
	if (d->gone_count == PCF_FLOWS_MAX)
		return false;
	pcf_decision_remove(d, f->name);
	pcf_association_drop_at(a, (uint8_t)(f - a->flows));
	return true;
}

static enum sbi_cause sub_take(const struct pcf *pcf, struct pcf_association *a, struct pcf_decision *d,
	uint8_t application, const struct media_component_rm *m, const struct media_sub_component_rm *s)
{
	uint16_t component = (uint16_t)m->med_comp_n;
	struct pcf_flow *f = flow_of(a, application, component, s->f_num);
	const struct pcf_flow *like = flow_like(a, application, component);

	if (s->f_status == FLOW_STATUS_REMOVED)
		return !f || drop(a, d, f) ? SBI_OK : SBI_INSUFFICIENT_RESOURCES;
	if (!f) {
		struct pcf_flow new = { .origin = PCF_FROM_APPLICATION,
			.precedence = PCF_PRECEDENCE,
			.five_qi = like ? like->five_qi : five_qi_of(MEDIA_TYPE_OTHER),
			.arp = like ? like->arp
				    : (struct arp){ .priority_level = PCF_ARP, .preemptable = true },
			.status = FLOW_STATUS_ENABLED,
			.application = application,
			.component = component,
			.sub = (uint16_t)s->f_num };

		if (a->flow_count == PCF_FLOWS_MAX)
			return SBI_INSUFFICIENT_RESOURCES;
		if (s->f_num > COMPONENT_MAX)
			return SBI_INVALID_SERVICE_INFORMATION;
		if (like && !like->own_rate)
			new.mbr = like->mbr;
		snprintf(new.name, sizeof(new.name), "app-%u-%u-%u", application, component, new.sub);
		f = &a->flows[a->flow_count++];
		*f = new;
	}
	return change(pcf, a, f, m, s);
}

bool pcf_media_drop(
	struct pcf_association *a, struct pcf_decision *d, uint8_t application, uint16_t component)
{
	for (uint8_t i = a->flow_count; i-- > 0;) {
		const struct pcf_flow *f = &a->flows[i];

		if (f->application == application && (!component || f->component == component) &&
			!drop(a, d, f))
			return false;
	}
	return true;
}

enum sbi_cause pcf_media_take(const struct pcf *pcf, struct pcf_association *a, struct pcf_decision *d,
	uint8_t application, const struct media_component_rm *m)
{
	enum sbi_cause cause = SBI_OK;

	if (m->med_comp_n == 0 || m->med_comp_n > COMPONENT_MAX)
		return SBI_INVALID_SERVICE_INFORMATION;
	if (m->f_status == FLOW_STATUS_REMOVED)
		return pcf_media_drop(a, d, application, (uint16_t)m->med_comp_n)
			       ? SBI_OK
			       : SBI_INSUFFICIENT_RESOURCES;
	/* of no known set of flows, and of no new one, nothing can be made */
	if (m->med_sub_comps.count == 0 && !flow_like(a, application, (uint16_t)m->med_comp_n))
		return SBI_INVALID_SERVICE_INFORMATION;
	for (uint32_t i = 0; cause == SBI_OK && i < m->med_sub_comps.count; i++) {
		const struct media_sub_component_rm *s = m->med_sub_comps.entries[i].value;

		cause = s ? sub_take(pcf, a, d, application, m, s) : SBI_INVALID_SERVICE_INFORMATION;
	}
	for (uint8_t i = 0; cause == SBI_OK && i < a->flow_count; i++) {
		struct pcf_flow *f = &a->flows[i];

		if (f->application == application && f->component == m->med_comp_n && !f->touched)
			cause = change(pcf, a, f, m, NULL);
	}
	return cause;
}

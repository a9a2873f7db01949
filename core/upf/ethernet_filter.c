/* Ethernet packet filters, 29.244 table 7.5.2.2-3, clauses 8.2.93 to 8.2.99. */
#include "core/upf/internal.h"

enum { BIDIRECTIONAL = 1, PCP_SHIFT = 13, DEI_SHIFT = 12 };

static bool mac_add(struct upf_mac_range *list, uint8_t *count, struct upf_mac_range r)
{
	if (*count == UPF_FILTER_MACS_MAX || (r.to && r.to < r.from))
		return false;
	list[(*count)++] = r;
	return true;
}

static bool macs_read(struct upf_ether_filter *f, const struct pfcp_ethernet_packet_filter *in)
{
	for (size_t i = 0; i < in->mac_address_count; i++) {
		const struct pfcp_mac_address *m = &in->mac_address[i];
		struct upf_mac_range source = { m->source, m->source_upper },
				     destination = { m->destination, m->destination_upper };

		if ((m->has_source_upper && !m->has_source) ||
			(m->has_destination_upper && !m->has_destination) ||
			(m->has_source && !mac_add(f->source, &f->source_count, source)) ||
			(m->has_destination && !mac_add(f->destination, &f->destination_count, destination)))
			return false;
	}
	return true;
}

static struct upf_tag_filter tag_of(bool has, const struct pfcp_vlan_tag *t)
{
	struct upf_tag_filter f = { 0 };

	if (!has)
		return f;
	f.tci = (uint16_t)(t->pcp << PCP_SHIFT | t->dei << DEI_SHIFT | t->vid);
	f.mask = (uint16_t)((t->has_pcp ? 7u << PCP_SHIFT : 0) | (t->has_dei ? 1u << DEI_SHIFT : 0) |
			    (t->has_vid ? 0xfff : 0));
	return f;
}

/* The SDF filters go among those of the PDR. */
static bool sdf_read(
	struct upf_draft_pdr *p, struct upf_ether_filter *f, const struct pfcp_ethernet_packet_filter *in)
{
	if (in->sdf_filter_count > ARRAY_LEN(p->filters) - p->rule.filter_count)
		return false;
	f->filter_first = p->rule.filter_count;
	for (; f->filter_count < in->sdf_filter_count; f->filter_count++)
		if (!upf_filter_read(&in->sdf_filter[f->filter_count], &p->filters[p->rule.filter_count++]))
			return false;
	return true;
}

static bool ether_read(struct upf_draft_pdr *p, const struct pfcp_ethernet_packet_filter *in)
{
	struct upf_ether_filter *f = &p->ethers[p->rule.ether_count++];
	bool narrow = in->mac_address_count || in->has_ethertype || in->has_c_tag || in->has_s_tag ||
		      in->sdf_filter_count;

	*f = (struct upf_ether_filter){ .has_id = in->has_filter_id,
		.id = in->filter_id,
		.only_id = in->has_filter_id && !narrow,
		.both_ways = in->has_filter_properties && in->filter_properties.bits & BIDIRECTIONAL,
		.ethertype = in->has_ethertype ? in->ethertype : 0 };
	f->c_tag = tag_of(in->has_c_tag, &in->c_tag);
	f->s_tag = tag_of(in->has_s_tag, &in->s_tag);
	return !in->wrong.type && (narrow || in->has_filter_id) && macs_read(f, in) && sdf_read(p, f, in);
}

bool upf_ether_filters_read(struct upf_draft *d, struct upf_draft_pdr *p, const struct pfcp_pdi *pdi)
{
	p->rule.ether_count = 0;
	if (pdi->ethernet_packet_filter_count > ARRAY_LEN(p->ethers))
		return upf_refuse(d, PFCP_CAUSE_NO_RESOURCES, 0);
	/* Beside them SDF filters of the PDR itself would be of another kind of packet. */
	if (pdi->ethernet_packet_filter_count && p->rule.filter_count)
		return upf_refuse_rule(d, PFCP_RULE_PDR, p->rule.id);
	for (size_t i = 0; i < pdi->ethernet_packet_filter_count; i++)
		if (!ether_read(p, &pdi->ethernet_packet_filter[i]))
			return upf_refuse_rule(d, PFCP_RULE_PDR, p->rule.id);
	return true;
}

static const struct upf_ether_filter *ether_by_id(
	const struct upf_draft *d, const struct upf_ether_filter *f, const struct upf_draft_pdr **of)
{
	for (uint8_t i = 0; i < d->pdr_count; i++)
		for (uint8_t k = 0; k < d->pdrs[i].rule.ether_count; k++) {
			const struct upf_ether_filter *other = &d->pdrs[i].ethers[k];

			*of = &d->pdrs[i];
			if (other->has_id && other->id == f->id && !other->only_id && other->both_ways)
				return other;
		}
	return NULL;
}

/* Takes over the other's SDF filters, which are written for the downlink and matched both ways. */
static bool sdf_share(struct upf_draft_pdr *p, struct upf_ether_filter *f, const struct upf_draft_pdr *of)
{
	uint8_t from = f->filter_first;

	if (f->filter_count > ARRAY_LEN(p->filters) - p->rule.filter_count)
		return false;
	f->filter_first = p->rule.filter_count;
	for (uint8_t i = 0; i < f->filter_count; i++)
		p->filters[p->rule.filter_count++] = of->filters[from + i];
	return true;
}

bool upf_ether_filters_finish(struct upf_draft *d, struct upf_draft_pdr *p)
{
	for (uint8_t i = 0; i < p->rule.ether_count; i++) {
		struct upf_ether_filter *f = &p->ethers[i];
		const struct upf_draft_pdr *of;
		const struct upf_ether_filter *other = f->only_id ? ether_by_id(d, f, &of) : NULL;

		if (!f->only_id)
			continue;
		if (!other)
			return upf_refuse_rule(d, PFCP_RULE_PDR, p->rule.id);
		*f = *other;
		f->both_ways = false; /* nobody refers to this one */
		for (int k = 0; k < UPF_FILTER_MACS_MAX; k++) {
			f->source[k] = other->destination[k];
			f->destination[k] = other->source[k];
		}
		f->source_count = other->destination_count;
		f->destination_count = other->source_count;
		if (!sdf_share(p, f, of))
			return upf_refuse(d, PFCP_CAUSE_NO_RESOURCES, 0);
	}
	return true;
}

/* A draft made into the block that the data path reads. */
#include <stdlib.h>

#include "core/upf/internal.h"

/* The offset after count elements, for an element that is aligned to 8. */
static uint32_t block_after(uint32_t at, size_t count, size_t size)
{
	return (uint32_t)((at + count * size + 7) & ~(size_t)7);
}

struct upf_rules *upf_rules_new(const struct upf_draft *d)
{
	unsigned filters = 0, ethers = 0, rates = 0;
	uint32_t far_at, qer_at, rate_at, urr_at, filter_at, bar_at, octets;
	struct upf_rules *r;

	for (uint8_t i = 0; i < d->pdr_count; i++) {
		filters += d->pdrs[i].rule.filter_count;
		ethers += d->pdrs[i].rule.ether_count;
	}
	for (uint8_t i = 0; i < d->qer_count; i++)
		rates += d->qers[i].rule.has_mbr;
	far_at = block_after(sizeof(*r), d->pdr_count, sizeof(struct upf_pdr));
	qer_at = block_after(far_at, d->far_count, sizeof(struct upf_far));
	rate_at = block_after(qer_at, d->qer_count, sizeof(struct upf_qer));
	urr_at = block_after(rate_at, rates, sizeof(struct upf_rate));
	filter_at = block_after(urr_at, d->urr_count, sizeof(struct upf_urr *));
	bar_at = block_after(filter_at, filters, sizeof(struct upf_filter));
	bar_at = block_after(bar_at, d->route_count, sizeof(struct prefix));
	bar_at = block_after(bar_at, ethers, sizeof(struct upf_ether_filter));
	octets = block_after(bar_at, d->bar_count, sizeof(struct upf_bar));
	r = malloc(octets);
	if (!r)
		return NULL;
	*r = (struct upf_rules){ .ue_prefix = d->ue_ip6.high,
		.ue_interface = d->ue_ip6.low,
		.ue_ipv4 = ip_v4(d->ue_ip),
		.dl_notice = d->dl_notice,
		.discards = d->discards,
		.octets = octets,
		.pdr_count = d->pdr_count,
		.far_count = d->far_count,
		.qer_count = d->qer_count,
		.urr_count = d->urr_count,
		.filter_count = (uint8_t)filters,
		.route_count = d->route_count,
		.lan = d->lan,
		.unstructured = d->unstructured,
		.far_at = (uint16_t)far_at,
		.qer_at = (uint16_t)qer_at,
		.urr_at = (uint16_t)urr_at,
		.bar_count = d->bar_count,
		.filter_at = (uint16_t)filter_at,
		.bar_at = (uint16_t)bar_at };
	return r;
}

/* The rates stand behind the QERs. */
static void fill_qers(struct upf_rules *r, const struct upf_draft *d)
{
	struct upf_qer *qers = (struct upf_qer *)upf_rules_qers(r);
	struct upf_rate *rate = (struct upf_rate *)(void *)(qers + d->qer_count);

	for (uint8_t i = 0; i < d->qer_count; i++) {
		qers[i] = d->qers[i].rule;
		r->qfis |= qers[i].qfi ? UINT64_C(1) << qers[i].qfi : 0;
		if (!qers[i].has_mbr)
			continue;
		qers[i].rate_at = (uint16_t)((char *)rate - (char *)&qers[i]);
		*rate++ = d->qers[i].rate;
	}
}

void upf_rules_fill(struct upf_rules *r, const struct upf_draft *d)
{
	uint8_t filter = 0, ether = 0;

	for (uint8_t i = 0; i < d->pdr_count; i++) {
		r->pdrs[i] = d->pdrs[i].rule;
		r->qfis |= d->pdrs[i].rule.qfis;
		r->forwards |= d->pdrs[i].rule.forwards;
		r->pdrs[i].filter_first = filter;
		for (uint8_t k = 0; k < d->pdrs[i].rule.filter_count; k++)
			((struct upf_filter *)upf_rules_filters(r))[filter++] = d->pdrs[i].filters[k];
		r->pdrs[i].ether_first = ether;
		for (uint8_t k = 0; k < d->pdrs[i].rule.ether_count; k++)
			((struct upf_ether_filter *)upf_rules_ethers(r))[ether++] = d->pdrs[i].ethers[k];
		if (r->pdrs[i].source == PFCP_INTERFACE_ACCESS && !r->pdrs[i].forwards)
			r->teid = r->pdrs[i].teid;
	}
	for (uint8_t i = 0; i < d->route_count; i++)
		((struct prefix *)upf_rules_routes(r))[i] = d->routes[i];
	for (uint8_t i = 0; i < d->far_count; i++)
		((struct upf_far *)upf_rules_fars(r))[i] = d->fars[i];
	for (uint8_t i = 0; i < d->bar_count; i++)
		((struct upf_bar *)upf_rules_bars(r))[i] = d->bars[i];
	fill_qers(r, d);
	for (uint8_t i = 0; i < d->urr_count; i++)
		((struct upf_urr **)upf_rules_urrs(r))[i] = d->urrs[i].urr;
}

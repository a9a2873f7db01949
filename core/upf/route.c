#include "core/upf/route.h"

#include "core/upf/internal.h"

/* "192.168.7.0/24 0.0.0.0 1", RFC 2865 5.22 and RFC 3162 2.5: the gateway is the UE, the metric nobody's. */
static bool route_read(struct bytes text, struct prefix *out)
{
	char word[PREFIX_STR_SIZE];
	size_t len = 0;

	while (len < text.len && text.data[len] != ' ')
		len++;
	if (len == 0 || len >= sizeof(word))
		return false;
	str_copy(word, len + 1, (const char *)text.data);
	return prefix_parse(word, out) && out->bits > 0;
}

static bool route_add(struct upf_draft *d, struct upf_draft_pdr *p, const struct prefix *route)
{
	if (p->route_count == UPF_ROUTES_MAX)
		return upf_refuse(d, PFCP_CAUSE_NO_RESOURCES, 0);
	p->routes[p->route_count++] = *route;
	return true;
}

static bool routes_of(
	struct upf_draft *d, struct upf_draft_pdr *p, const struct bytes *list, size_t count, uint8_t family)
{
	struct prefix route;

	for (size_t i = 0; i < count; i++) {
		if (!route_read(list[i], &route) || ip_family(route.ip) != family)
			return upf_refuse_rule(d, PFCP_RULE_PDR, p->rule.id);
		if (!route_add(d, p, &route))
			return false;
	}
	return true;
}

/* The prefix with more than a /64, of which that is the first (29.244 8.2.62, IPv6D). */
static bool delegated_of(struct upf_draft *d, struct upf_draft_pdr *p, const struct pfcp_ue_ip_address *a)
{
	uint8_t bits = a->has_prefix_delegation_bits ? (uint8_t)(64 - a->prefix_delegation_bits)
		       : a->has_prefix_length        ? a->prefix_length
						     : 64;
	struct prefix route = { p->ue_ip6, bits };

	return !a->has_ipv6 || bits == 64 || route_add(d, p, &route);
}

bool upf_routes_read(struct upf_draft *d, struct upf_draft_pdr *p, const struct pfcp_pdi *pdi)
{
	bool none = pdi->framed_route_count + pdi->framed_ipv6_route_count == 0;

	p->route_count = 0;
	if ((d->ethernet || upf_pdr_is_uplink(&p->rule)) && !none)
		return upf_refuse_rule(d, PFCP_RULE_PDR, p->rule.id);
	return (!pdi->has_ue_ip_address || delegated_of(d, p, &pdi->ue_ip_address)) &&
	       routes_of(d, p, pdi->framed_route, pdi->framed_route_count, IP_FAMILY_V4) &&
	       routes_of(d, p, pdi->framed_ipv6_route, pdi->framed_ipv6_route_count, IP_FAMILY_V6);
}

static bool has_route(const struct prefix *list, uint8_t count, const struct prefix *route)
{
	for (uint8_t i = 0; i < count; i++)
		if (prefix_equal(&list[i], route))
			return true;
	return false;
}

/* What leads to another SMF's session stays there; of its own the SMF says now where it leads. */
static bool route_is_free(const struct upf_draft *d, const struct prefix *route)
{
	const struct upf_session *s = upf_table_find(&d->upf->data.by_ue_ip, upf_key_route(route));

	return !s || s->smf == d->smf;
}

bool upf_routes_finish(struct upf_draft *d)
{
	d->route_count = 0;
	for (uint8_t i = 0; i < d->pdr_count; i++)
		for (uint8_t k = 0; k < d->pdrs[i].route_count; k++) {
			const struct prefix *route = &d->pdrs[i].routes[k];

			if (has_route(d->routes, d->route_count, route))
				continue;
			if (d->route_count == UPF_ROUTES_MAX)
				return upf_refuse(d, PFCP_CAUSE_NO_RESOURCES, 0);
			if (!route_is_free(d, route))
				return upf_refuse_rule(d, PFCP_RULE_PDR, d->pdrs[i].rule.id);
			d->routes[d->route_count++] = *route;
		}
	return true;
}

static void length_count(struct upf *upf, const struct prefix *route, int more)
{
	uint8_t bits = prefix_bits128(route);
	uint64_t *word = &upf->data.route_lengths[bits / 64], bit = UINT64_C(1) << (bits % 64);

	upf->route_counts[bits] += (uint32_t)more;
	UPF_WRITE(*word, upf->route_counts[bits] ? *word | bit : *word & ~bit);
}

void upf_routes_publish(struct upf *upf, struct upf_session *s, const struct upf_rules *r)
{
	for (uint8_t i = 0; i < r->route_count; i++) {
		upf_table_put(&upf->data.by_ue_ip, upf_key_route(&upf_rules_routes(r)[i]), s);
		length_count(upf, &upf_rules_routes(r)[i], 1);
	}
}

void upf_routes_retire(
	struct upf *upf, struct upf_session *s, const struct upf_rules *old, const struct upf_rules *rules)
{
	for (uint8_t i = 0; i < old->route_count; i++) {
		const struct prefix *route = &upf_rules_routes(old)[i];
		struct upf_key key = upf_key_route(route);

		length_count(upf, route, -1);
		if (!(rules && has_route(upf_rules_routes(rules), rules->route_count, route)) &&
			upf_table_find(&upf->data.by_ue_ip, key) == s)
			upf_table_remove(&upf->data.by_ue_ip, key);
	}
}

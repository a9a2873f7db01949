/* Forwarding action rules, 29.244 7.5.2.3. */
#include "core/upf/internal.h"

enum { DSCP_MASK = 0xfc };
enum { ACTIONS_KNOWN = PFCP_APPLY_DROP | PFCP_APPLY_FORW | PFCP_APPLY_BUFF | PFCP_APPLY_NOCP };

struct upf_far *upf_draft_far(struct upf_draft *d, uint32_t id)
{
	for (uint8_t i = 0; i < d->far_count; i++)
		if (d->fars[i].id == id)
			return &d->fars[i];
	return NULL;
}

/* Exactly one of DROP, FORW and BUFF, NOCP with BUFF only (29.244 8.2.26). */
static bool far_action(struct upf_draft *d, struct upf_far *f, const struct tlv_flags *action)
{
	uint64_t main_action = action->bits & (PFCP_APPLY_DROP | PFCP_APPLY_FORW | PFCP_APPLY_BUFF);

	if (action->bits & ~(uint64_t)ACTIONS_KNOWN || main_action == 0 || main_action & (main_action - 1) ||
		(action->bits & PFCP_APPLY_NOCP && main_action != PFCP_APPLY_BUFF))
		return upf_refuse_rule(d, PFCP_RULE_FAR, f->id);
	if (action->bits & PFCP_APPLY_NOCP && !(f->action & PFCP_APPLY_NOCP))
		d->dl_notice++;
	f->action = (uint16_t)action->bits;
	return true;
}

/* Where a tunnel may lead: to another host, no UE, and nothing of ours. */
static bool far_peer_allowed(const struct upf *upf, struct ip ip)
{
	const struct upf_config *c = &upf->config;

	for (uint8_t i = 0; i < c->pool_count; i++)
		if (prefix4_has(&c->pools[i], ip_v4(ip)))
			return false;
	for (uint8_t i = 0; i < c->pool6_count; i++)
		if (prefix_has(&c->pools6[i], ip))
			return false;
	return ip_is_tunnel_end(ip, ip_from_addr(&c->n3_address)) &&
	       !ip_equal(ip, ip_from_addr(&c->n4_address));
}

/* What an unstructured session carries on N6, 23.501 5.6.10.3. */
static bool far_to_far_end(struct upf_draft *d, struct upf_far *f, const struct pfcp_outer_header_creation *o)
{
	bool v6 = o->description == PFCP_OHC_UDP_IPV6;
	struct ip ip = v6 ? ip_from_v6(o->ipv6) : ip_from_v4(gtpu_be32(o->ipv4));

	if (!d->unstructured || f->destination != PFCP_INTERFACE_CORE ||
		(!v6 && o->description != PFCP_OHC_UDP_IPV4) || o->port == 0 || !far_peer_allowed(d->upf, ip))
		return upf_refuse_rule(d, PFCP_RULE_FAR, f->id);
	f->to_far_end = true;
	f->has_tunnel = false;
	f->teid = o->port;
	f->ip = ip;
	return true;
}

static bool far_tunnel(struct upf_draft *d, struct upf_far *f, const struct pfcp_outer_header_creation *o)
{
	uint16_t outer = o->description & 0xff00;

	if (outer & (PFCP_OHC_UDP_IPV4 | PFCP_OHC_UDP_IPV6))
		return far_to_far_end(d, f, o);
	/* Of a peer with addresses of both kinds the IPv4 one is taken (8.2.56). */
	if (!(outer & PFCP_OHC_GTPU_IPV4) || outer & ~(PFCP_OHC_GTPU_IPV4 | PFCP_OHC_GTPU_IPV6) ||
		!far_peer_allowed(d->upf, ip_from_v4(gtpu_be32(o->ipv4))))
		return upf_refuse_rule(d, PFCP_RULE_FAR, f->id);
	f->has_tunnel = true;
	f->to_far_end = false;
	f->teid = o->teid;
	f->ip = ip_from_v4(gtpu_be32(o->ipv4));
	return true;
}

/* 8.2.12: a traffic class and its mask. Of the class the DSCP counts; the ECN is the packet's own (RFC 6040).
 */
static void far_marking(struct upf_far *f, uint16_t marking)
{
	f->marking = (uint8_t)(marking >> 8 & marking & DSCP_MASK);
}

static bool far_destination(struct upf_draft *d, struct upf_far *f, uint8_t destination)
{
	if (destination > PFCP_INTERFACE_CP)
		return upf_refuse_rule(d, PFCP_RULE_FAR, f->id);
	f->destination = destination;
	return true;
}

/*
 * What forwards needs a destination. What forwards to the access needs a tunnel too, but some SMFs ask for it
 * before the gNB has sent it to them: until then packets are dropped.
 */
static bool far_check(struct upf_draft *d, const struct upf_far *f, bool has_parameters)
{
	if (!(f->action & PFCP_APPLY_FORW))
		return true;
	if (!has_parameters)
		return upf_refuse(d, PFCP_CAUSE_CONDITIONAL_IE_MISSING, UPF_IE_FORWARDING_PARAMETERS);
	return true;
}

bool upf_far_create(struct upf_draft *d, const struct pfcp_create_far *c)
{
	const struct pfcp_forwarding_parameters *p = &c->forwarding_parameters;
	struct upf_far *f = &d->fars[d->far_count];

	if (upf_draft_far(d, c->far_id))
		return upf_refuse_rule(d, PFCP_RULE_FAR, c->far_id);
	if (d->far_count == UPF_FARS_MAX)
		return upf_refuse(d, PFCP_CAUSE_NO_RESOURCES, 0);
	*f = (struct upf_far){
		.id = c->far_id, .destination = UINT8_MAX, .has_bar = c->has_bar_id, .bar = c->bar_id
	};
	d->far_count++;
	if (!far_action(d, f, &c->apply_action))
		return false;
	if (!c->has_forwarding_parameters)
		return far_check(d, f, false);
	if (p->has_forwarding_policy)
		return upf_refuse(d, PFCP_CAUSE_INVALID_FORWARDING_POLICY, UPF_IE_FORWARDING_POLICY);
	if (p->has_redirect_information || p->has_linked_traffic_endpoint_id || p->has_header_enrichment ||
		p->wrong.type)
		return upf_refuse_rule(d, PFCP_RULE_FAR, f->id);
	if (!far_destination(d, f, p->destination_interface) ||
		(p->has_outer_header_creation && !far_tunnel(d, f, &p->outer_header_creation)))
		return false;
	if (p->has_transport_level_marking)
		far_marking(f, p->transport_level_marking);
	return far_check(d, f, true);
}

bool upf_far_update(struct upf_draft *d, const struct pfcp_update_far *u)
{
	const struct pfcp_update_forwarding_parameters *p = &u->update_forwarding_parameters;
	struct upf_far *f = upf_draft_far(d, u->far_id);

	if (!f)
		return upf_refuse_rule(d, PFCP_RULE_FAR, u->far_id);
	if (u->has_apply_action && !far_action(d, f, &u->apply_action))
		return false;
	if (u->has_bar_id) {
		f->has_bar = true;
		f->bar = u->bar_id;
	}
	if (!u->has_update_forwarding_parameters)
		return far_check(d, f, f->destination != UINT8_MAX);
	if (p->has_forwarding_policy)
		return upf_refuse(d, PFCP_CAUSE_INVALID_FORWARDING_POLICY, UPF_IE_FORWARDING_POLICY);
	if (p->has_redirect_information || p->has_linked_traffic_endpoint_id || p->has_header_enrichment)
		return upf_refuse_rule(d, PFCP_RULE_FAR, f->id);
	if (p->has_transport_level_marking)
		far_marking(f, p->transport_level_marking);
	if ((p->has_destination_interface && !far_destination(d, f, p->destination_interface)) ||
		(p->has_outer_header_creation && !far_tunnel(d, f, &p->outer_header_creation)))
		return false;
	return far_check(d, f, f->destination != UINT8_MAX);
}

bool upf_far_remove(struct upf_draft *d, uint32_t id)
{
	struct upf_far *f = upf_draft_far(d, id);

	if (!f)
		return upf_refuse_rule(d, PFCP_RULE_FAR, id);
	*f = d->fars[--d->far_count];
	return true;
}

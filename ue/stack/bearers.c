/* RLC entities by logical channel, PDCP by DRB, SDAP by PDU session. */
#include "ue/stack/parts.h"

static void rlc_deliver(void *arg, struct sdu *sdu)
{
	struct stack_bearer *b = arg;
	struct ue_stack *s = b->stack;
	struct stack_drb *d = b->srb ? NULL : &s->drbs[b->rb_id];

	sdu->tag = b->rb_id;
	if (b->srb)
		sdu_queue_put(&s->heard, sdu);
	else if (d->pdcp && !d->suspended)
		pdcp_receive(d->pdcp, sdu, s->now_ns);
	else
		sdu_free(&s->memory.sdus, sdu);
}

static void rlc_delivered(void *arg, uint64_t tag)
{
	struct stack_bearer *b = arg;

	if (!b->srb && b->stack->drbs[b->rb_id].pdcp && tag != PDCP_CONTROL_TAG)
		pdcp_delivered(b->stack->drbs[b->rb_id].pdcp, tag);
}

static void rlc_failed(void *arg)
{
	struct stack_bearer *b = arg;

	b->stack->problem = true;
}

static void pdcp_submit(void *arg, struct sdu *pdu)
{
	struct stack_drb *d = arg;
	struct stack_bearer *b = stack_bearer_of(d->stack, false, d->drb);

	if (b)
		may_fail(rlc_send(b->rlc, pdu)); /* counted there */
	else
		sdu_free(&d->stack->memory.sdus, pdu);
}

static void pdcp_discard(void *arg, uint64_t tag)
{
	struct stack_drb *d = arg;
	struct stack_bearer *b = stack_bearer_of(d->stack, false, d->drb);

	if (b)
		may_fail(rlc_discard(b->rlc, tag));
}

static void pdcp_deliver(void *arg, struct sdu *sdu)
{
	struct stack_drb *d = arg;

	sdap_receive(&d->stack->sessions[d->psi].sdap, d->drb, sdu);
}

static void sdap_submit(void *arg, uint8_t drb, struct sdu *pdu)
{
	struct stack_session *p = arg;
	struct stack_drb *d = &p->stack->drbs[drb];

	if (d->pdcp)
		may_fail(pdcp_send(d->pdcp, pdu, p->stack->now_ns)); /* counted there */
	else
		sdu_free(&p->stack->memory.sdus, pdu);
}

static void sdap_reflective_qos(void *arg, uint8_t qfi, struct bytes packet)
{
	struct stack_session *p = arg;
	const struct ue_stack_config *c = &p->stack->config;

	if (c->reflective_qos)
		c->reflective_qos(c->arg, (uint8_t)(p - p->stack->sessions), qfi, packet);
}

static void sdap_deliver(void *arg, uint8_t qfi, struct sdu *sdu)
{
	struct stack_session *p = arg;
	struct ue_stack *s = p->stack;

	s->config.packet(s->config.arg, (uint8_t)(p - s->sessions), qfi, sdu_bytes(sdu));
	sdu_free(&s->memory.sdus, sdu);
}

struct stack_bearer *stack_bearer_of(struct ue_stack *s, bool srb, uint8_t rb_id)
{
	for (uint8_t lcid = 1; lcid <= UE_MAC_LCID_MAX; lcid++) {
		struct stack_bearer *b = &s->bearers[lcid];

		if (b->rlc && b->srb == srb && b->rb_id == rb_id)
			return b;
	}
	return NULL;
}

static void detach(struct ue_stack *s, uint8_t lcid)
{
	if (!s->phy)
		return;
	ue_mac_channel_release(ue_phy_mac(s->phy), lcid);
	ue_phy_downlink(s->phy)->rlc[lcid] = NULL;
}

void stack_bearer_end(struct ue_stack *s, uint8_t lcid)
{
	struct stack_bearer *b = &s->bearers[lcid];

	if (!b->rlc)
		return;
	detach(s, lcid);
	rlc_free(b->rlc);
	*b = (struct stack_bearer){ .rlc = NULL };
}

static bool bearer_begin(struct ue_stack *s, uint8_t lcid, const struct ue_cell_group_bearer *g)
{
	struct stack_bearer *b = &s->bearers[lcid];
	struct rlc *rlc = rlc_new(
		&g->rlc, &(struct rlc_upper){ b, rlc_deliver, rlc_delivered, rlc_failed }, &s->memory);

	if (!rlc || !ue_mac_channel_set(ue_phy_mac(s->phy), &g->mac, rlc, s->now_ns)) {
		rlc_free(rlc);
		return false;
	}
	*b = (struct stack_bearer){ s, rlc, g->srb, g->rb_id, g->mac };
	ue_phy_downlink(s->phy)->rlc[lcid] = rlc;
	return true;
}

static bool bearer_modify(struct ue_stack *s, uint8_t lcid, const struct ue_cell_group_bearer *g)
{
	struct stack_bearer *b = &s->bearers[lcid];

	b->channel = g->mac;
	b->suspended = false;
	ue_phy_downlink(s->phy)->rlc[lcid] = b->rlc;
	return ue_mac_channel_set(ue_phy_mac(s->phy), &b->channel, b->rlc, s->now_ns);
}

void stack_bearers_suspend(struct ue_stack *s)
{
	for (uint8_t lcid = 1; lcid <= UE_MAC_LCID_MAX; lcid++)
		if (s->bearers[lcid].rlc) {
			s->bearers[lcid].suspended = true;
			detach(s, lcid);
		}
}

void stack_bearers_resume(struct ue_stack *s)
{
	for (uint8_t lcid = 1; lcid <= UE_MAC_LCID_MAX; lcid++)
		s->bearers[lcid].suspended = false;
	stack_bearers_attach(s);
}

void stack_bearers_attach(struct ue_stack *s)
{
	for (uint8_t lcid = 1; lcid <= UE_MAC_LCID_MAX; lcid++) {
		struct stack_bearer *b = &s->bearers[lcid];

		if (b->rlc && !b->suspended &&
			ue_mac_channel_set(ue_phy_mac(s->phy), &b->channel, b->rlc, s->now_ns))
			ue_phy_downlink(s->phy)->rlc[lcid] = b->rlc;
	}
}

bool stack_bearers_set(
	struct ue_stack *s, const struct ue_cell_group *group, const struct ue_cell_group_change *change)
{
	for (uint8_t lcid = 1; lcid <= UE_MAC_LCID_MAX; lcid++) {
		const struct ue_cell_group_bearer *g = &group->bearers[lcid];
		uint64_t bit = UINT64_C(1) << lcid;

		if ((change->released | change->added) & bit)
			stack_bearer_end(s, lcid);
		if ((change->added & bit) && !bearer_begin(s, lcid, g))
			return false;
		if ((change->reestablished & bit) && s->bearers[lcid].rlc)
			rlc_reestablish(s->bearers[lcid].rlc);
		if ((change->modified & bit) && s->bearers[lcid].rlc && !bearer_modify(s, lcid, g))
			return false;
	}
	return true;
}

static bool set_flows(struct ue_stack *s, const struct ue_rrc_drb *drb)
{
	struct stack_session *p = &s->sessions[drb->psi];

	if (!p->there) {
		*p = (struct stack_session){ .stack = s, .there = true };
		sdap_init(&p->sdap, true,
			&(struct sdap_neighbours){ p, sdap_submit, sdap_deliver, sdap_reflective_qos, NULL },
			&s->memory.sdus);
	}
	if (!sdap_drb_set(&p->sdap, drb->drb, drb->pdcp.tx_sdap, drb->pdcp.rx_sdap, drb->is_default))
		return false;
	for (uint8_t qfi = 0; qfi < SDAP_QFIS; qfi++)
		if ((drb->flows >> qfi & 1) && !sdap_map(&p->sdap, qfi, drb->drb))
			return false;
	return true;
}

bool stack_drb_set(struct ue_stack *s, const struct ue_rrc_drb *drb, enum ue_rrc_drb_change change,
	const struct pdcp_security *keys)
{
	struct stack_drb *d = &s->drbs[drb->drb];

	if (drb->psi >= STACK_SESSIONS)
		return false;
	if (change == UE_RRC_DRB_NEW) {
		stack_drb_end(s, drb->drb);
		*d = (struct stack_drb){ .stack = s, .drb = drb->drb, .psi = drb->psi };
		d->pdcp = pdcp_new(&drb->pdcp,
			&(struct pdcp_neighbours){ d, pdcp_submit, pdcp_discard, pdcp_deliver, NULL },
			&s->memory.sdus, s->engine);
		if (!d->pdcp || !pdcp_secure(d->pdcp, keys, PDCP_ALL_SECURITY))
			return false;
	} else if (!d->pdcp) {
		return false;
	} else if (change == UE_RRC_DRB_REESTABLISHED) {
		if (!pdcp_reestablish(d->pdcp, keys, PDCP_ALL_SECURITY, s->now_ns))
			return false;
	} else if (change == UE_RRC_DRB_RECOVERED) {
		pdcp_recover(d->pdcp);
	}
	return set_flows(s, drb);
}

void stack_drb_end(struct ue_stack *s, uint8_t drb)
{
	struct stack_drb *d = &s->drbs[drb];

	if (!d->pdcp)
		return;
	sdap_drb_release(&s->sessions[d->psi].sdap, drb);
	pdcp_free(d->pdcp);
	*d = (struct stack_drb){ .pdcp = NULL };
}

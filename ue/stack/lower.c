/* What RRC has the layers below do (ue/rrc/neighbours.h). */
#include "ue/stack/parts.h"

static void random_access(void *arg, struct bytes ccch_sdu)
{
	struct ue_stack *s = arg;

	if (s->phy)
		may_fail(ue_phy_access(s->phy, ccch_sdu, s->now_ns)); /* RRC's timer notices */
}

static void srb_send(void *arg, uint8_t srb, struct sdu *pdu)
{
	struct ue_stack *s = arg;
	struct stack_bearer *b = stack_bearer_of(s, true, srb);

	if (b)
		may_fail(rlc_send(b->rlc, pdu)); /* counted there */
	else
		sdu_free(&s->memory.sdus, pdu);
}

/* Scheduling requests are on PUCCH where SpCellConfig gave them a resource. */
static bool cell_group_set(void *arg, const struct ue_cell_group *group,
	const struct ue_cell_group_change *change, const struct rrc_cell_group_config *config)
{
	struct ue_stack *s = arg;
	struct ue_mac_config mac = group->mac;
	struct cell_parts parts = s->parts;
	const char *wrong = config ? cell_parts_read(&parts, config) : NULL;

	if (wrong)
		log_warn(
			s->config.env->log, "the cell configures what this UE cannot comply with: %s", wrong);
	if (!s->phy || wrong)
		return false;
	for (uint8_t i = 0; i < UE_MAC_SR_CONFIGS; i++)
		mac.sr[i].on_pucch = mac.sr[i].there && cell_parts_have_sr(&parts, i);
	if (!stack_bearers_set(s, group, change))
		return false;
	ue_mac_configure(ue_phy_mac(s->phy), &mac, s->now_ns);
	s->parts = parts;
	ue_phy_configure(s->phy, &parts);
	ue_phy_alignment(s->phy, group->alignment_ms);
	ue_phy_sleep(s->phy, &group->drx);
	return true;
}

static bool drb_set(void *arg, const struct ue_rrc_drb *drb, enum ue_rrc_drb_change change,
	const struct pdcp_security *keys)
{
	return stack_drb_set(arg, drb, change, keys);
}

static void drb_released(void *arg, uint8_t drb)
{
	stack_drb_end(arg, drb);
}

static void mac_reset(void *arg)
{
	struct ue_stack *s = arg;

	if (s->phy)
		ue_phy_reset(s->phy);
}

static void forget_own(struct ue_stack *s)
{
	cell_parts_init(&s->parts, &s->found.cell);
}

static void suspended(void *arg)
{
	struct ue_stack *s = arg;

	forget_own(s);
	for (unsigned i = 0; i <= UE_RRC_DRBS_MAX; i++)
		s->drbs[i].suspended = s->drbs[i].pdcp != NULL;
	stack_bearers_suspend(s);
}

static void drb_resumed(void *arg, uint8_t drb)
{
	struct ue_stack *s = arg;

	s->drbs[drb].suspended = false;
	stack_bearers_resume(s);
}

static uint32_t last_count(uint32_t next)
{
	return next > 0 ? next - 1 : 0;
}

static void drb_counts(void *arg, uint8_t drb, uint32_t *uplink, uint32_t *downlink)
{
	struct ue_stack *s = arg;
	const struct pdcp *pdcp = s->drbs[drb].pdcp;

	*uplink = pdcp ? last_count(pdcp_tx_next(pdcp)) : 0;
	*downlink = pdcp ? last_count(pdcp_rx_next(pdcp)) : 0;
}

void stack_release_all(struct ue_stack *s)
{
	for (uint8_t i = 0; i <= UE_RRC_DRBS_MAX; i++)
		stack_drb_end(s, i);
	for (uint8_t lcid = 0; lcid <= UE_MAC_LCID_MAX; lcid++)
		stack_bearer_end(s, lcid);
	for (uint8_t i = 0; i < STACK_SESSIONS; i++)
		s->sessions[i].there = false;
	if (s->phy)
		ue_phy_reset(s->phy);
	forget_own(s);
}

static void all_released(void *arg)
{
	stack_release_all(arg);
}

/* 38.304 5.2.3: the UE stays where it is, if it hears the cell. */
static void cell_select(void *arg)
{
	struct ue_stack *s = arg;

	if (s->phy && s->in_sync)
		s->wants_cell = true;
	else
		stack_search(s);
}

struct ue_rrc_lower stack_lower(struct ue_stack *s)
{
	return (struct ue_rrc_lower){ s, random_access, srb_send, cell_group_set, drb_set, drb_released,
		mac_reset, suspended, drb_resumed, drb_counts, all_released, cell_select };
}

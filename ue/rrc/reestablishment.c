/* RRC connection re-establishment (38.331 5.3.7). */
#include "radio/uu_security.h"
#include "ue/rrc/internal.h"

static const enum rrc_rrc_reestablishment_complete_critical_extensions_tag is_complete =
	RRC_RRC_REESTABLISHMENT_COMPLETE_CRITICAL_EXTENSIONS_TAG_RRC_REESTABLISHMENT_COMPLETE;

static void t311_expired(void *owner, struct timer *t)
{
	ue_rrc_fail(owner, UE_RRC_FAILURE); /* 5.3.7.6 */
}

static void t301_expired(void *owner, struct timer *t)
{
	ue_rrc_fail(owner, UE_RRC_FAILURE); /* 5.3.7.7 */
}

static bool has_drb(const struct ue_rrc_connection *c)
{
	bool any = false;

	for (size_t i = 1; i <= UE_RRC_DRBS_MAX; i++)
		any = any || c->drbs[i].there;
	return any;
}

/* 5.3.5.8.2, 5.3.10.3: only a connection with AS security, SRB2 and a DRB is worth it. */
static enum ue_rrc_cause not_worth_it(const struct ue_rrc_connection *c)
{
	return c->as.active ? UE_RRC_FAILURE : UE_RRC_OTHER;
}

void ue_rrc_reestablish(struct ue_rrc_connection *c, enum rrc_reestablishment_cause cause)
{
	if (c->state == UE_RRC_REESTABLISHING) { /* it failed while it lasted */
		ue_rrc_fail(c, UE_RRC_FAILURE);
		return;
	}
	if (!c->as.active || !c->srb[2].pdcp || !has_drb(c)) {
		ue_rrc_fail(c, not_worth_it(c));
		return;
	}
	c->stats.reestablishments++;
	c->state = UE_RRC_REESTABLISHING;
	c->source = (struct ue_rrc_source){ c->cell.pci, cause };
	c->resume_due = false;
	ue_meas_restart(c);
	ue_rrc_link_watch_stop(c);
	ue_rrc_timer_stop(c, T_RELEASE);
	ue_rrc_timer_stop(c, T_DATA_INACTIVITY); /* 38.321 5.12 */
	ue_rrc_timer_start(c, T311, c->cell.t311_ms, t311_expired);
	c->srb[1].suspended = c->srb[2].suspended = true;
	c->config.lower.mac_reset(c->config.lower.arg);
	c->config.lower.suspended(c->config.lower.arg);
	c->config.lower.cell_select(c->config.lower.arg);
}

/* 5.3.7.4; VarShortMAC-Input has the identity of the cell where the UE asks. */
static bool request_send(struct ue_rrc_connection *c)
{
	struct rrc_ul_ccch_message m = { .message.tag = RRC_UL_CCCH_MESSAGE_TYPE_TAG_C1 };
	struct rrc_rrc_reestablishment_request_ies *ies =
		&m.message.u.c1.u.rrc_reestablishment_request.rrc_reestablishment_request;

	m.message.u.c1.tag = RRC_UL_CCCH_MESSAGE_TYPE_C1_TAG_RRC_REESTABLISHMENT_REQUEST;
	ies->reestablishment_cause = c->source.cause;
	ies->ue_identity.c_rnti = c->c_rnti;
	ies->ue_identity.phys_cell_id = c->source.pci;
	return uu_short_mac_i(c->as.chain.k_gnb, (uint8_t)c->as.ia, c->source.pci, c->c_rnti, c->cell.nci,
		       &ies->ue_identity.short_mac_i) &&
	       ue_rrc_send_ccch(c, &m);
}

/* 5.3.7.3, and SRB1 as 5.3.7.4 wants it: anew, without protection until the answer has brought the key. */
void ue_rrc_reestablishment_cell(struct ue_rrc_connection *c)
{
	struct ue_cell_group_change change;

	ue_rrc_timer_stop(c, T311);
	ue_rrc_barring_stop(c, false);
	ue_rrc_timer_start(c, T301, c->cell.t301_ms, t301_expired);
	if (!rrc_srb_begin_again(&c->srb[1]) ||
		!ue_cell_group_reestablish(&c->group, c->cell.alignment_ms, &change) ||
		!c->config.lower.cell_group_set(c->config.lower.arg, &c->group, &change, NULL) ||
		!request_send(c))
		ue_rrc_fail(c, UE_RRC_FAILURE);
}

static bool complete_send(struct ue_rrc_connection *c, uint8_t transaction)
{
	struct rrc_ul_dcch_message_type_c1 m = {
		.tag = RRC_UL_DCCH_MESSAGE_TYPE_C1_TAG_RRC_REESTABLISHMENT_COMPLETE,
		.u.rrc_reestablishment_complete = { .rrc_transaction_identifier = transaction,
			.critical_extensions.tag = is_complete }
	};

	return ue_rrc_send_on(c, 1, &m);
}

/* 5.3.7.5: the key of this cell, by which the message itself must be protected. SRB2 and DRBs wait for the
 * first reconfiguration. */
void ue_rrc_reestablishment(
	struct ue_rrc_connection *c, const struct rrc_rrc_reestablishment *m, const struct sdu *sdu)
{
	uint8_t ncc = m->critical_extensions.u.rrc_reestablishment.next_hop_chaining_count;
	struct ue_rrc_as *as = &c->as;
	struct pdcp_security keys;
	bool ok;

	if (m->critical_extensions.tag !=
		RRC_RRC_REESTABLISHMENT_CRITICAL_EXTENSIONS_TAG_RRC_REESTABLISHMENT) {
		c->stats.not_comprehended++;
		return;
	}
	if (!timer_is_set(&c->timer[T301])) {
		c->stats.out_of_state++;
		return;
	}
	ue_rrc_timer_stop(c, T301);
	ok = rrc_key_next(&as->chain, c->cell.pci, c->cell.ssb_arfcn, ncc) &&
	     rrc_srb_security(as->chain.k_gnb, as->ea, as->ia, &keys) &&
	     pdcp_verify(c->srb[1].pdcp, &keys, sdu) && pdcp_secure(c->srb[1].pdcp, &keys, PDCP_ALL_SECURITY);
	explicit_bzero(&keys, sizeof(keys));
	if (!ok) {
		c->stats.integrity_failures++;
		ue_rrc_fail(c, UE_RRC_FAILURE);
		return;
	}
	c->state = UE_RRC_CONNECTED;
	c->resume_due = true;
	may_fail(complete_send(c, m->rrc_transaction_identifier));
}

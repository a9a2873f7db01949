/* RRC reconfiguration (38.331 5.3.5): full and by delta, without sync. */
#include "ue/rrc/internal.h"

static const enum rrc_rrc_reconfiguration_complete_critical_extensions_tag is_complete =
	RRC_RRC_RECONFIGURATION_COMPLETE_CRITICAL_EXTENSIONS_TAG_RRC_RECONFIGURATION_COMPLETE;

/* Decoded and checked, before anything is changed. */
struct reconfiguration {
	struct rrc_cell_group_config group;
	bool has_group;
	struct ue_cell_group next;
	struct ue_cell_group_change change;
};

/* 5.3.5.8.2 */
static void not_complied(struct ue_rrc_connection *c)
{
	c->stats.not_complied++;
	ue_rrc_reestablish(c, RRC_REESTABLISHMENT_CAUSE_RECONFIGURATION_FAILURE);
}

/* What the delta is of. */
enum base { BASE_CURRENT, BASE_FULL, BASE_NOTHING };

static bool group_read(struct ue_rrc_connection *c, struct bytes octets, enum base base, struct arena *arena,
	struct reconfiguration *r)
{
	struct per_diag diag;

	r->next = c->group;
	if (base == BASE_FULL) /* 5.3.5.11: the default, and the SRBs that it comes by */
		ue_cell_group_full(&r->next, c->cell.alignment_ms);
	else if (base == BASE_NOTHING)
		ue_cell_group_init(&r->next, c->cell.alignment_ms);
	r->has_group = rrc_decode(&rrc_cell_group_config_type, octets, arena, &r->group, &diag) &&
		       ue_cell_group_apply(&r->next, &r->group, &r->change) &&
		       (!r->group.sp_cell_config || !r->group.sp_cell_config->reconfiguration_with_sync);
	for (size_t i = 1; i <= UE_MAC_LCID_MAX; i++)
		if (c->group.bearers[i].there && !r->next.bearers[i].there)
			r->change.released |= UINT64_C(1) << i;
	return r->has_group;
}

static bool group_commit(struct ue_rrc_connection *c, const struct reconfiguration *r)
{
	if (!r->has_group)
		return true;
	if (!c->config.lower.cell_group_set(c->config.lower.arg, &r->next, &r->change, &r->group))
		return false;
	c->group = r->next;
	return true;
}

bool ue_rrc_cell_group_begin(struct ue_rrc_connection *c, struct bytes octets, struct arena *arena)
{
	struct reconfiguration r = { .has_group = false };

	return group_read(c, octets, BASE_NOTHING, arena, &r) && group_commit(c, &r);
}

static bool complete_send(struct ue_rrc_connection *c, uint8_t transaction)
{
	struct rrc_ul_dcch_message_type_c1 m = {
		.tag = RRC_UL_DCCH_MESSAGE_TYPE_C1_TAG_RRC_RECONFIGURATION_COMPLETE,
		.u.rrc_reconfiguration_complete = { .rrc_transaction_identifier = transaction,
			.critical_extensions.tag = is_complete }
	};

	return ue_rrc_send_on(c, 1, &m);
}

/* 5.3.5.3: SRB2 and DRBs go on, with the keys of the re-establishment. */
static void resume(struct ue_rrc_connection *c)
{
	c->resume_due = false;
	c->srb[2].suspended = false;
	for (uint8_t i = 1; i <= UE_RRC_DRBS_MAX; i++)
		if (c->drbs[i].there)
			c->config.lower.drb_resumed(c->config.lower.arg, i);
}

/* What this UE does not do: another cell, another cell group, a key refresh (which comes with sync). */
static bool is_served(const struct rrc_rrc_reconfiguration_ies *ies)
{
	const struct rrc_rrc_reconfiguration_v1530_ies *more = ies->non_critical_extension;

	return !ies->has_secondary_cell_group && (!more || !more->master_key_update);
}

/* 5.3.5.11: DRBs that the message does not set up again go with their sessions' data. */
static void full_begin(struct ue_rrc_connection *c)
{
	for (uint8_t i = 1; i <= UE_RRC_DRBS_MAX; i++)
		ue_rrc_drb_drop(c, i);
	rrc_srb_end(&c->srb[2]);
	ue_meas_init(c);
}

static bool apply(struct ue_rrc_connection *c, const struct rrc_rrc_reconfiguration_ies *ies,
	const struct reconfiguration *r, bool full)
{
	if (!group_commit(c, r))
		return false;
	if (full)
		full_begin(c);
	if (ies->radio_bearer_config && !ue_rrc_radio_bearers_apply(c, ies->radio_bearer_config))
		return false;
	if (ies->meas_config)
		ue_meas_configure(c, ies->meas_config);
	return true;
}

void ue_rrc_reconfiguration(
	struct ue_rrc_connection *c, const struct rrc_rrc_reconfiguration *m, struct arena *arena)
{
	const struct rrc_rrc_reconfiguration_ies *ies = &m->critical_extensions.u.rrc_reconfiguration;
	const struct rrc_rrc_reconfiguration_v1530_ies *more = ies->non_critical_extension;
	const struct rrc_rrc_reconfiguration_v1530_ies_dedicated_nas_message_list *nas =
		more ? more->dedicated_nas_message_list : NULL;
	struct reconfiguration r = { .has_group = false };
	bool full = more && more->has_full_config;

	if (m->critical_extensions.tag !=
		RRC_RRC_RECONFIGURATION_CRITICAL_EXTENSIONS_TAG_RRC_RECONFIGURATION) {
		c->stats.not_comprehended++;
		return;
	}
	if (!is_served(ies) || (full && !c->as.active) ||
		(more && more->has_master_cell_group &&
			!group_read(
				c, more->master_cell_group, full ? BASE_FULL : BASE_CURRENT, arena, &r)) ||
		(ies->radio_bearer_config &&
			!ue_rrc_radio_bearers_check(c, ies->radio_bearer_config, full)) ||
		!apply(c, ies, &r, full)) {
		not_complied(c);
		return;
	}
	if (c->resume_due)
		resume(c);
	may_fail(complete_send(c, m->rrc_transaction_identifier));
	for (size_t i = 0; nas && i < nas->count; i++)
		if (c->state == UE_RRC_CONNECTED) /* the NAS may end it */
			c->config.upper.nas_received(c->config.upper.arg, nas->items[i]);
}

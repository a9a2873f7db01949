#include "ue/rrc/cell_group.h"

#include "wire/rrc/number.h"

enum { SRB_MAX = 3, POWER_CHANGE_NEVER = UINT8_MAX };

#define MAC_NUMBER(path, v, ok)     rrc_number_at(&rrc_mac_cell_group_config_type, path, v, ok)
#define CHANNEL_NUMBER(path, v, ok) rrc_number_at(&rrc_logical_channel_config_type, path, v, ok)

/* 9.2.1 */
static struct ue_mac_channel_config srb_channel(uint8_t lcid, uint8_t srb)
{
	return (struct ue_mac_channel_config){ .lcid = lcid,
		.priority = srb == 2 ? 3 : 1,
		.prioritised_octets_s = UE_MAC_INFINITY,
		.lcg = 0,
		.sr = UE_MAC_NO_SR };
}

void ue_cell_group_init(struct ue_cell_group *g, uint32_t alignment_ms)
{
	*g = (struct ue_cell_group){ .alignment_ms = alignment_ms,
		.data_inactivity_ms = UE_MAC_INFINITY,
		.mac = { .periodic_bsr_ms = 10,
			.retx_bsr_ms = 80,
			.phr = true,
			.phr_periodic_ms = 10,
			.phr_prohibit_ms = 10,
			.phr_change_db = 1 } };
}

void ue_cell_group_full(struct ue_cell_group *g, uint32_t alignment_ms)
{
	struct ue_cell_group next;

	ue_cell_group_init(&next, alignment_ms);
	for (uint8_t i = 1; i <= UE_MAC_LCID_MAX; i++) {
		if (!g->bearers[i].there || !g->bearers[i].srb)
			continue;
		next.bearers[i] = g->bearers[i];
		next.bearers[i].rlc = rrc_srb_rlc();
		next.bearers[i].mac = srb_channel(i, g->bearers[i].rb_id);
	}
	*g = next;
}

bool ue_cell_group_reestablish(
	struct ue_cell_group *g, uint32_t alignment_ms, struct ue_cell_group_change *change)
{
	struct ue_cell_group next;

	ue_cell_group_init(&next, alignment_ms);
	*change = (struct ue_cell_group_change){ .added = 0 };
	for (uint8_t i = 1; i <= UE_MAC_LCID_MAX; i++) {
		struct ue_cell_group_bearer *b = &next.bearers[i];

		*b = g->bearers[i];
		if (!b->there || !b->srb || b->rb_id != 1)
			continue;
		b->rlc = rrc_srb_rlc();
		b->mac = srb_channel(i, b->rb_id);
		change->modified = change->reestablished = UINT64_C(1) << i;
	}
	*g = next;
	return change->reestablished != 0;
}

/* LogicalChannelConfig: a whole one each time, its members have no delta but logicalChannelGroup and
 * schedulingRequestID, which are released by leaving them out (Need R). */
static bool channel_read(const struct rrc_logical_channel_config *in, struct ue_mac_channel_config *out)
{
	const struct rrc_logical_channel_config_ul_specific_parameters *ul = in->ul_specific_parameters;
	bool ok = true;

	if (!ul) /* condition UL: a channel without uplink */
		return true;
	out->priority = ul->priority;
	out->prioritised_octets_s =
		CHANNEL_NUMBER("ul-SpecificParameters/prioritisedBitRate", ul->prioritised_bit_rate, &ok);
	out->bucket_ms =
		CHANNEL_NUMBER("ul-SpecificParameters/bucketSizeDuration", ul->bucket_size_duration, &ok);
	out->lcg = ul->has_logical_channel_group ? ul->logical_channel_group : UE_MAC_NO_LCG;
	out->sr = ul->has_scheduling_request_id ? ul->scheduling_request_id : UE_MAC_NO_SR;
	out->sr_delay = ul->logical_channel_sr_delay_timer_applied;
	return ok;
}

/* 5.3.5.5.4: a bearer that is new. Its radio bearer is named, and a DRB's RLC and MAC are told whole. */
static bool bearer_begin(struct ue_cell_group_bearer *b, const struct rrc_rlc_bearer_config *in)
{
	const struct rrc_rlc_bearer_config_served_radio_bearer *served = in->served_radio_bearer;

	if (!served)
		return false;
	*b = (struct ue_cell_group_bearer){ .there = true,
		.srb = served->tag == RRC_RLC_BEARER_CONFIG_SERVED_RADIO_BEARER_TAG_SRB_IDENTITY };
	if (!b->srb) {
		b->rb_id = served->u.drb_identity;
		b->mac.lcid = in->logical_channel_identity;
		return in->rlc_config && in->mac_logical_channel_config;
	}
	b->rb_id = served->u.srb_identity;
	b->rlc = rrc_srb_rlc();
	b->mac = srb_channel(in->logical_channel_identity, b->rb_id);
	return b->rb_id <= SRB_MAX;
}

static bool serves(const struct ue_cell_group_bearer *b, const struct ue_cell_group_bearer *other)
{
	return b != other && b->there && b->srb == other->srb && b->rb_id == other->rb_id;
}

static bool bearer_apply(
	struct ue_cell_group *g, const struct rrc_rlc_bearer_config *in, struct ue_cell_group_change *change)
{
	struct ue_cell_group_bearer *b;
	uint64_t bit = UINT64_C(1) << in->logical_channel_identity;

	if (in->has_logical_channel_identity_ext_r17 || in->multicast_rlc_bearer_config_r17 ||
		in->has_served_radio_bearer_srb4_r17)
		return false;
	b = &g->bearers[in->logical_channel_identity];
	if (!b->there) {
		if (!bearer_begin(b, in))
			return false;
		change->added |= bit;
	} else {
		change->modified |= bit;
		if (in->has_reestablish_rlc)
			change->reestablished |= bit;
	}
	if (in->rlc_config && !rrc_rlc_read(in->rlc_config, &b->rlc))
		return false;
	if (in->mac_logical_channel_config && !channel_read(in->mac_logical_channel_config, &b->mac))
		return false;
	for (size_t i = 1; i <= UE_MAC_LCID_MAX; i++)
		if (serves(&g->bearers[i], b)) /* PDCP duplication: one carrier has none */
			return false;
	return b->rlc.mode != RLC_AM || b->rlc.tx_sn_bits == b->rlc.rx_sn_bits;
}

static bool bearers_apply(
	struct ue_cell_group *g, const struct rrc_cell_group_config *in, struct ue_cell_group_change *change)
{
	const struct rrc_cell_group_config_rlc_bearer_to_release_list *gone = in->rlc_bearer_to_release_list;
	const struct rrc_cell_group_config_rlc_bearer_to_add_mod_list *list = in->rlc_bearer_to_add_mod_list;

	for (size_t i = 0; gone && i < gone->count; i++) {
		if (!g->bearers[gone->items[i]].there) /* 5.3.5.5.3 is of those that are part of it */
			continue;
		change->released |= UINT64_C(1) << gone->items[i];
		g->bearers[gone->items[i]] = (struct ue_cell_group_bearer){ .there = false };
	}
	for (size_t i = 0; list && i < list->count; i++)
		if (!bearer_apply(g, &list->items[i], change))
			return false;
	return true;
}

static bool requests_apply(struct ue_mac_config *mac, const struct rrc_scheduling_request_config *in)
{
	bool ok = true;

	if (!in)
		return true;
	for (size_t i = 0;
		in->scheduling_request_to_release_list && i < in->scheduling_request_to_release_list->count;
		i++)
		mac->sr[in->scheduling_request_to_release_list->items[i]].there = false;
	for (size_t i = 0;
		in->scheduling_request_to_add_mod_list && i < in->scheduling_request_to_add_mod_list->count;
		i++) {
		const struct rrc_scheduling_request_to_add_mod *r =
			&in->scheduling_request_to_add_mod_list->items[i];
		struct ue_mac_sr_config *sr = &mac->sr[r->scheduling_request_id];

		sr->there = true;
		sr->trans_max = (uint8_t)MAC_NUMBER(
			"schedulingRequestConfig/schedulingRequestToAddModList/sr-TransMax", r->sr_trans_max,
			&ok);
		sr->prohibit_ms = 0; /* Need S: absent, there is none */
		if (r->has_sr_prohibit_timer)
			sr->prohibit_ms = MAC_NUMBER(
				"schedulingRequestConfig/schedulingRequestToAddModList/sr-ProhibitTimer",
				r->sr_prohibit_timer, &ok);
	}
	return ok;
}

static bool bsr_apply(struct ue_mac_config *mac, const struct rrc_bsr_config *in)
{
	bool ok = true;

	if (!in)
		return true;
	mac->periodic_bsr_ms = MAC_NUMBER("bsr-Config/periodicBSR-Timer", in->periodic_bsr_timer, &ok);
	mac->retx_bsr_ms = MAC_NUMBER("bsr-Config/retxBSR-Timer", in->retx_bsr_timer, &ok);
	mac->sr_delay_ms = 0; /* Need R */
	if (in->has_logical_channel_sr_delay_timer)
		mac->sr_delay_ms = MAC_NUMBER(
			"bsr-Config/logicalChannelSR-DelayTimer", in->logical_channel_sr_delay_timer, &ok);
	return ok;
}

/* PHR-Config, whose numbers the enumerations of PHR-Config's own type have. */
static bool phr_apply(struct ue_mac_config *mac, const struct rrc_setup_release_phr_config *in)
{
	const struct rrc_phr_config *phr;
	uint32_t change_db;
	bool ok = true;

	if (!in)
		return true;
	mac->phr = in->tag == RRC_SETUP_RELEASE_PHR_CONFIG_TAG_SETUP;
	if (!mac->phr)
		return true;
	phr = &in->u.setup;
	mac->phr_periodic_ms =
		rrc_number_at(&rrc_phr_config_type, "phr-PeriodicTimer", phr->phr_periodic_timer, &ok);
	mac->phr_prohibit_ms =
		rrc_number_at(&rrc_phr_config_type, "phr-ProhibitTimer", phr->phr_prohibit_timer, &ok);
	change_db = rrc_number_at(
		&rrc_phr_config_type, "phr-Tx-PowerFactorChange", phr->phr_tx_power_factor_change, &ok);
	mac->phr_change_db = change_db == RRC_INFINITY ? POWER_CHANGE_NEVER : (uint8_t)change_db;
	return ok && !phr->multiple_phr; /* one cell */
}

/* The one timing advance group that a cell group of one cell has. */
static bool tag_apply(struct ue_cell_group *g, const struct rrc_tag_config *in)
{
	bool ok = true;

	if (!in || !in->tag_to_add_mod_list)
		return true;
	if (in->tag_to_add_mod_list->count != 1)
		return false;
	g->tag_id = in->tag_to_add_mod_list->items[0].tag_id;
	g->alignment_ms = MAC_NUMBER("tag-Config/tag-ToAddModList/timeAlignmentTimer",
		in->tag_to_add_mod_list->items[0].time_alignment_timer, &ok);
	return ok;
}

static bool data_inactivity_apply(
	struct ue_cell_group *g, const struct rrc_setup_release_data_inactivity_timer *in)
{
	bool ok = true;

	if (!in)
		return true;
	g->data_inactivity_ms = UE_MAC_INFINITY;
	if (in->tag == RRC_SETUP_RELEASE_DATA_INACTIVITY_TIMER_TAG_SETUP)
		g->data_inactivity_ms = MAC_NUMBER("dataInactivityTimer/setup", in->u.setup, &ok);
	return ok;
}

static bool drx_apply(struct mac_drx_config *drx, const struct rrc_setup_release_drx_config *in)
{
	if (!in)
		return true;
	*drx = (struct mac_drx_config){ .there = false };
	return in->tag != RRC_SETUP_RELEASE_DRX_CONFIG_TAG_SETUP || rrc_drx_read(drx, &in->u.setup);
}

static bool mac_apply(struct ue_cell_group *g, const struct rrc_mac_cell_group_config *in)
{
	if (!in)
		return true;
	g->mac.skip_uplink_tx_dynamic = in->skip_uplink_tx_dynamic;
	return requests_apply(&g->mac, in->scheduling_request_config) && bsr_apply(&g->mac, in->bsr_config) &&
	       phr_apply(&g->mac, in->phr_config) && drx_apply(&g->drx, in->drx_config) &&
	       tag_apply(g, in->tag_config) && data_inactivity_apply(g, in->data_inactivity_timer);
}

bool ue_cell_group_apply(struct ue_cell_group *g, const struct rrc_cell_group_config *config,
	struct ue_cell_group_change *change)
{
	struct ue_cell_group next = *g;

	*change = (struct ue_cell_group_change){ .added = 0 };
	if (config->s_cell_to_add_mod_list || !bearers_apply(&next, config, change) ||
		!mac_apply(&next, config->mac_cell_group_config)) {
		*change = (struct ue_cell_group_change){ .added = 0 };
		return false;
	}
	*g = next;
	return true;
}

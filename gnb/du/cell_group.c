#include "gnb/du/cell_group.h"

#include "radio/rrc/bearer.h"
#include "radio/rrc/drx.h"
#include "wire/rrc/number.h"

/* The parts of the message, which point to one another. */
struct parts {
	struct cell_own_message own;
	struct rrc_mac_cell_group_config mac;
	struct rrc_scheduling_request_config requests;
	struct rrc_setup_release_phr_config phr;
	struct rrc_setup_release_drx_config drx;
	struct rrc_drx_config_short_drx short_drx;
	struct rrc_scheduling_request_config_scheduling_request_to_add_mod_list request_list;
	struct rrc_scheduling_request_to_add_mod request;
	struct rrc_bsr_config bsr;
	struct rrc_tag_config tags;
	struct rrc_tag_config_tag_to_add_mod_list tag_list;
	struct rrc_tag tag;
	struct rrc_cell_group_config_rlc_bearer_to_add_mod_list list;
	struct rrc_cell_group_config_rlc_bearer_to_release_list gone;
	struct rrc_rlc_bearer_config bearer[CELL_GROUP_BEARERS_MAX];
	struct rrc_rlc_bearer_config_served_radio_bearer served[CELL_GROUP_BEARERS_MAX];
	struct rrc_rlc_config rlc[CELL_GROUP_BEARERS_MAX];
	struct rrc_logical_channel_config channel[CELL_GROUP_BEARERS_MAX];
	struct rrc_logical_channel_config_ul_specific_parameters ul[CELL_GROUP_BEARERS_MAX];
};

static bool put_mac(struct parts *p, struct rrc_cell_group_config *g, const struct cell_group_change *change)
{
	const struct mac_drx_config *drx = change->drx;
	bool ok = true;

	p->request = (struct rrc_scheduling_request_to_add_mod){ .scheduling_request_id = CELL_GROUP_SR,
		.sr_trans_max = RRC_SCHEDULING_REQUEST_TO_ADD_MOD_SR_TRANS_MAX_N64 };
	p->request_list =
		(struct rrc_scheduling_request_config_scheduling_request_to_add_mod_list){ 1, &p->request };
	p->requests.scheduling_request_to_add_mod_list = &p->request_list;
	p->bsr = (struct rrc_bsr_config){ .periodic_bsr_timer = RRC_BSR_CONFIG_PERIODIC_BSR_TIMER_SF10,
		.retx_bsr_timer = RRC_BSR_CONFIG_RETX_BSR_TIMER_SF80 };
	p->phr = (struct rrc_setup_release_phr_config){ RRC_SETUP_RELEASE_PHR_CONFIG_TAG_SETUP,
		.u.setup = { .phr_periodic_timer = RRC_PHR_CONFIG_PHR_PERIODIC_TIMER_SF200,
			.phr_prohibit_timer = RRC_PHR_CONFIG_PHR_PROHIBIT_TIMER_SF20,
			.phr_tx_power_factor_change = RRC_PHR_CONFIG_PHR_TX_POWER_FACTOR_CHANGE_DB3 } };
	p->tag = (struct rrc_tag){ 0, RRC_TIME_ALIGNMENT_TIMER_INFINITY };
	if (change->alignment_ms > 0)
		p->tag.time_alignment_timer =
			rrc_value_at(&rrc_tag_type, "timeAlignmentTimer", change->alignment_ms, &ok);
	p->tag_list = (struct rrc_tag_config_tag_to_add_mod_list){ 1, &p->tag };
	p->tags.tag_to_add_mod_list = &p->tag_list;
	p->mac = (struct rrc_mac_cell_group_config){ .scheduling_request_config = &p->requests,
		.bsr_config = &p->bsr,
		.tag_config = &p->tags,
		.phr_config = &p->phr };
	g->mac_cell_group_config = &p->mac;
	if (!ok || !drx || !drx->there)
		return ok;
	p->drx.tag = RRC_SETUP_RELEASE_DRX_CONFIG_TAG_SETUP;
	p->mac.drx_config = &p->drx;
	return rrc_drx_make(drx, &p->drx.u.setup, &p->short_drx);
}

static bool put_bearer(struct parts *p, size_t i, const struct cell_group_bearer *b)
{
	p->bearer[i] = (struct rrc_rlc_bearer_config){ .logical_channel_identity = b->lcid };
	if (b->again) {
		p->bearer[i].has_reestablish_rlc = true;
		return true;
	}
	p->ul[i] = (struct rrc_logical_channel_config_ul_specific_parameters){ .priority = b->priority,
		.prioritised_bit_rate =
			RRC_LOGICAL_CHANNEL_CONFIG_UL_SPECIFIC_PARAMETERS_PRIORITISED_BIT_RATE_INFINITY,
		.bucket_size_duration =
			RRC_LOGICAL_CHANNEL_CONFIG_UL_SPECIFIC_PARAMETERS_BUCKET_SIZE_DURATION_MS100,
		.has_logical_channel_group = true,
		.logical_channel_group = b->lcg,
		.has_scheduling_request_id = true,
		.scheduling_request_id = CELL_GROUP_SR };
	if (!b->srb)
		p->ul[i].prioritised_bit_rate =
			RRC_LOGICAL_CHANNEL_CONFIG_UL_SPECIFIC_PARAMETERS_PRIORITISED_BIT_RATE_K_BPS8;
	p->channel[i].ul_specific_parameters = &p->ul[i];
	p->bearer[i].mac_logical_channel_config = &p->channel[i];
	if (b->channel_only)
		return true;
	p->served[i].tag = b->srb ? RRC_RLC_BEARER_CONFIG_SERVED_RADIO_BEARER_TAG_SRB_IDENTITY
				  : RRC_RLC_BEARER_CONFIG_SERVED_RADIO_BEARER_TAG_DRB_IDENTITY;
	if (b->srb)
		p->served[i].u.srb_identity = b->rb_id;
	else
		p->served[i].u.drb_identity = b->rb_id;
	p->bearer[i].served_radio_bearer = &p->served[i];
	p->bearer[i].rlc_config = &p->rlc[i];
	return rrc_rlc_make(&b->rlc, &p->rlc[i]);
}

bool cell_group_write(struct writer *w, const struct cell *c, const struct cell_own *own,
	const struct cell_group_change *change)
{
	struct parts p = { .list = { change->n, p.bearer }, .gone = { change->gone_n, change->gone } };
	struct rrc_cell_group_config g = { .rlc_bearer_to_add_mod_list = change->n ? &p.list : NULL,
		.rlc_bearer_to_release_list = change->gone_n ? &p.gone : NULL };

	if (change->n > CELL_GROUP_BEARERS_MAX)
		return false;
	if (own) {
		cell_own_write(&p.own, &g, c, own);
		p.own.serving.has_serving_cell_mo = change->measurement_object > 0;
		p.own.serving.serving_cell_mo = change->measurement_object;
		if (!put_mac(&p, &g, change))
			return false;
	}
	for (size_t i = 0; i < change->n; i++)
		if (!put_bearer(&p, i, &change->bearers[i]))
			return false;
	return rrc_encode(&rrc_cell_group_config_type, &g, w);
}

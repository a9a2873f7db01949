/* UE Context Setup and Modification (38.473 8.3.1, 8.3.4): the bearers that a UE is to have, at its DU. */
#include "gnb/cucp/internal.h"

enum { MEASUREMENT_OCTETS = 128 };

/* What an order for the DU points to. */
struct order {
	struct f1ap_drbs_to_be_setup_item_ies setup[CUCP_DRBS_MAX];
	struct f1ap_drbs_to_be_setup_mod_item_ies setup_mod[CUCP_DRBS_MAX];
	struct f1ap_drbs_to_be_released_item_ies released[CUCP_DRBS_MAX];
	struct f1ap_drbs_to_be_setup_list setup_list;
	struct f1ap_drbs_to_be_setup_mod_list setup_mod_list;
	struct f1ap_drbs_to_be_released_list released_list;
	struct f1ap_qos_information_ext_ies qos[CUCP_DRBS_MAX];
	struct f1ap_drbs_to_be_setup_item_ext_ies ext[CUCP_DRBS_MAX];
	struct f1ap_drbs_to_be_setup_mod_item_ext_ies ext_mod[CUCP_DRBS_MAX];
	struct f1ap_ul_up_tnl_information_to_be_setup_item tunnel[CUCP_DRBS_MAX];
	uint8_t teid[CUCP_DRBS_MAX][4], sd[CUCP_DRBS_MAX][3];
	uint8_t measurement[MEASUREMENT_OCTETS];
	size_t measurement_len;
};

bool cucp_context_due(const struct cucp_ue *ue)
{
	bool due = ue->restore || ue->confirm || (ue->has_context && ue->capability);

	for (uint8_t i = 1; i <= CUCP_DRBS_MAX; i++)
		due = due || cucp_bearer_is(ue, i, CUCP_BEARER_WANTED) ||
		      cucp_bearer_is(ue, i, CUCP_BEARER_UNWANTED);
	return due;
}

static struct f1ap_qos_flow_level_qos_parameters qos_of(const struct cucp_flow *f)
{
	return (struct f1ap_qos_flow_level_qos_parameters){
		.qos_characteristics = { .tag = F1AP_QOS_CHARACTERISTICS_TAG_NON_DYNAMIC_5_QI,
			.u.non_dynamic_5_qi.five_qi = f->five_qi },
		.ngranallocation_retention_priority = { .priority_level = f->priority },
	};
}

/* 9.3.1.45 and 9.3.1.19: false: no memory. */
static bool qos_fill(struct order *o, size_t n, const struct cucp_bearer *b, struct arena *arena)
{
	struct f1ap_drb_information *info = &o->qos[n].u.drb_information;
	struct f1ap_flows_mapped_to_drb_item *flows = arena_array(arena, b->flow_count, sizeof(*flows));
	struct writer w = writer_of(o->sd[n], sizeof(o->sd[n]));

	if (!flows || b->flow_count == 0)
		return false;
	for (size_t i = 0; i < b->flow_count; i++) {
		flows[i].qos_flow_identifier = b->flows[i].qfi;
		flows[i].qos_flow_level_qos_parameters = qos_of(&b->flows[i]);
	}
	o->qos[n].tag = F1AP_QOS_INFORMATION_EXT_IES_TAG_DRB_INFORMATION;
	info->drb_qos = qos_of(&b->flows[0]);
	info->snssai.sst = bytes_of(&b->snssai.sst, 1);
	info->snssai.has_sd = b->snssai.sd != SNSSAI_NO_SD;
	writer_u24(&w, b->snssai.sd);
	info->snssai.sd = writer_bytes(&w);
	info->flows_mapped_to_drb_list = (struct f1ap_flows_mapped_to_drb_list){ b->flow_count, flows };
	return true;
}

static enum f1ap_pdcp_sn_length sn_length(uint8_t bits)
{
	return bits == 12 ? F1AP_PDCP_SN_LENGTH_TWELVE_BITS : F1AP_PDCP_SN_LENGTH_EIGHTEEN_BITS;
}

static void tunnel_fill(struct order *o, size_t n, const struct cucp_tunnel *t)
{
	struct f1ap_up_transport_layer_information *info = &o->tunnel[n].ul_up_tnl_information;
	struct writer w = writer_of(o->teid[n], sizeof(o->teid[n]));

	writer_u32(&w, t->teid);
	info->tag = F1AP_UP_TRANSPORT_LAYER_INFORMATION_TAG_GTP_TUNNEL;
	info->u.gtp_tunnel = (struct f1ap_gtp_tunnel){
		{ t->address, (size_t)t->address_len * 8 },
		writer_bytes(&w),
	};
}

/* Item n of both lists: which one goes is the message's. */
static bool setup_fill(struct order *o, size_t n, const struct cucp_bearer *b, struct arena *arena)
{
	enum f1ap_rlc_mode mode =
		b->pdcp.bearer == PDCP_AM_DRB ? F1AP_RLC_MODE_RLC_AM : F1AP_RLC_MODE_RLC_UM_BIDIRECTIONAL;
	struct f1ap_qos_information qos = { .tag = F1AP_QOS_INFORMATION_TAG_CHOICE_EXTENSION };
	struct f1ap_ul_up_tnl_information_to_be_setup_list tunnels = { 1, &o->tunnel[n] };

	if (!qos_fill(o, n, b, arena))
		return false;
	qos.u.choice_extension = o->qos[n];
	tunnel_fill(o, n, &b->ul);
	o->ext[n] = (struct f1ap_drbs_to_be_setup_item_ext_ies){
		.dl_pdcp_sn_length = sn_length(b->pdcp.rx_sn_bits),
		.has_ul_pdcp_sn_length = true,
		.ul_pdcp_sn_length = sn_length(b->pdcp.tx_sn_bits),
	};
	o->ext_mod[n] = (struct f1ap_drbs_to_be_setup_mod_item_ext_ies){
		.has_dl_pdcp_sn_length = true,
		.dl_pdcp_sn_length = sn_length(b->pdcp.rx_sn_bits),
		.has_ul_pdcp_sn_length = true,
		.ul_pdcp_sn_length = sn_length(b->pdcp.tx_sn_bits),
	};
	o->setup[n].tag = F1AP_DRBS_TO_BE_SETUP_ITEM_IES_TAG_DRBS_TO_BE_SETUP_ITEM;
	o->setup[n].u.drbs_to_be_setup_item = (struct f1ap_drbs_to_be_setup_item){ .drbid = b->drb,
		.qos_information = qos,
		.ul_up_tnl_information_to_be_setup_list = tunnels,
		.rlc_mode = mode,
		.ie_extensions = &o->ext[n] };
	o->setup_mod[n].tag = F1AP_DRBS_TO_BE_SETUP_MOD_ITEM_IES_TAG_DRBS_TO_BE_SETUP_MOD_ITEM;
	o->setup_mod[n].u.drbs_to_be_setup_mod_item =
		(struct f1ap_drbs_to_be_setup_mod_item){ .drbid = b->drb,
			.qos_information = qos,
			.ul_up_tnl_information_to_be_setup_list = tunnels,
			.rlc_mode = mode,
			.ie_extensions = &o->ext_mod[n] };
	return true;
}

/* What waits for its turn goes to the DU. */
static bool order_fill(struct cucp_ue *ue, struct order *o, struct arena *arena)
{
	size_t setup = 0, released = 0;

	for (uint8_t i = 1; i <= CUCP_DRBS_MAX; i++) {
		struct cucp_bearer_slot *slot = ue->bearers[i];

		if (!slot)
			continue;
		if (slot->state == CUCP_BEARER_UNWANTED) {
			o->released[released].tag =
				F1AP_DRBS_TO_BE_RELEASED_ITEM_IES_TAG_DRBS_TO_BE_RELEASED_ITEM;
			o->released[released++].u.drbs_to_be_released_item.drbid = i;
			slot->state = CUCP_BEARER_RELEASING;
		} else if (slot->state == CUCP_BEARER_WANTED && slot->known) {
			slot->state = CUCP_BEARER_AT_DU; /* its PDCP and SDAP change, which the DU has not */
		} else if (slot->state == CUCP_BEARER_WANTED) {
			if (!setup_fill(o, setup++, &slot->b, arena))
				return false;
			slot->state = CUCP_BEARER_AT_DU;
		}
	}
	o->setup_list = (struct f1ap_drbs_to_be_setup_list){ setup, o->setup };
	o->setup_mod_list = (struct f1ap_drbs_to_be_setup_mod_list){ setup, o->setup_mod };
	o->released_list = (struct f1ap_drbs_to_be_released_list){ released, o->released };
	return true;
}

static struct f1ap_cu_to_du_rrc_information information_of(const struct cucp_ue *ue, struct order *o)
{
	return (struct f1ap_cu_to_du_rrc_information){ .has_ue_capability_rat_container_list = ue->capability,
		.ue_capability_rat_container_list = ue->capability ? sdu_bytes(ue->capability) : BYTES_NONE,
		.has_meas_config = o->measurement_len > 0,
		.meas_config = bytes_of(o->measurement, o->measurement_len) };
}

/* MeasConfig as the UE will get it; where it cannot be made the UE's reconfiguration fails for that. */
static void measurement_put(struct order *o, const struct cucp_ue *ue)
{
	struct writer w = writer_of(o->measurement, sizeof(o->measurement));
	struct cucp_measurement m;

	if (cucp_measurement_due(ue) && cucp_measurement_fill(&m, ue) &&
		rrc_encode(&rrc_meas_config_type, &m.config, &w))
		o->measurement_len = w.len;
}

static bool setup_send(struct cucp_ue *ue, struct order *o)
{
	uint8_t plmn[PLMN_OCTETS];
	struct f1ap_srbs_to_be_setup_item_ies srb2 = {
		.tag = F1AP_SRBS_TO_BE_SETUP_ITEM_IES_TAG_SRBS_TO_BE_SETUP_ITEM,
		.u.srbs_to_be_setup_item.srbid = 2
	};
	struct f1ap_srbs_to_be_setup_list srbs = { 1, &srb2 };
	struct f1ap_ue_context_setup_request m = { .gnb_cu_ue_f1ap_id = ue->cu_id,
		.has_gnb_du_ue_f1ap_id = true,
		.gnb_du_ue_f1ap_id = ue->du_id,
		.sp_cell_id = cucp_cgi(&cucp_cell_at(ue)->cgi, plmn),
		.cu_to_du_rrc_information = information_of(ue, o),
		.srbs_to_be_setup_list = &srbs,
		.drbs_to_be_setup_list = o->setup_list.count ? &o->setup_list : NULL,
		.has_gnb_du_ue_ambr_ul = o->setup_list.count > 0,
		.gnb_du_ue_ambr_ul = INT64_C(4000000000000) };

	return cucp_f1ap_send(ue->c, ue->du, F1AP_MSG_UE_CONTEXT_SETUP_REQUEST, &m);
}

static bool modification_send(struct cucp_ue *ue, struct order *o)
{
	struct f1ap_cu_to_du_rrc_information information = information_of(ue, o);
	bool informs = information.has_ue_capability_rat_container_list || information.has_meas_config;
	struct f1ap_ue_context_modification_request m = { .gnb_cu_ue_f1ap_id = ue->cu_id,
		.gnb_du_ue_f1ap_id = ue->du_id,
		.cu_to_du_rrc_information = informs ? &information : NULL,
		.drbs_to_be_setup_mod_list = o->setup_mod_list.count ? &o->setup_mod_list : NULL,
		.drbs_to_be_released_list = o->released_list.count ? &o->released_list : NULL,
		.has_rrc_reconfiguration_complete_indicator = ue->confirm,
		.rrc_reconfiguration_complete_indicator = F1AP_RRC_RECONFIGURATION_COMPLETE_INDICATOR_TRUE,
		.has_gnb_du_configuration_query = ue->restore,
		.gnb_du_configuration_query = F1AP_GNB_DU_CONFIGURATION_QUERY_TRUE };

	ue->confirm = false;
	return cucp_f1ap_send(ue->c, ue->du, F1AP_MSG_UE_CONTEXT_MODIFICATION_REQUEST, &m);
}

void cucp_context_begin(struct cucp_ue *ue)
{
	struct f1ap_cause cause = cucp_cause(F1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED);
	struct order *o;
	struct arena arena;
	bool ok;

	arena_init(&arena, NULL, 0, CUCP_ARENA_LIMIT);
	o = arena_alloc(&arena, sizeof(*o));
	if (o)
		measurement_put(o, ue);
	ok = o && order_fill(ue, o, &arena) &&
	     (ue->has_context ? modification_send(ue, o) : setup_send(ue, o));
	arena_fini(&arena);
	if (ue->capability)
		sdu_free(ue->c->config.pool, ue->capability);
	ue->capability = NULL;
	if (ok)
		cucp_guard(ue, CUCP_CONTEXT, CUCP_F1_MS);
	else
		cucp_lose(ue, &cause);
}

/* The DU's end of a tunnel; false: not what we can send to. */
static bool tunnel_read(const struct f1ap_dl_up_tnl_information_to_be_setup_list *in, struct cucp_tunnel *out)
{
	const struct f1ap_up_transport_layer_information *info =
		in->count ? &in->items[0].dl_up_tnl_information : NULL;
	const struct f1ap_gtp_tunnel *t;
	struct cursor c;

	if (!info || info->tag != F1AP_UP_TRANSPORT_LAYER_INFORMATION_TAG_GTP_TUNNEL)
		return false;
	t = &info->u.gtp_tunnel;
	c = cursor_of(t->gtp_teid);
	out->teid = cursor_u32(&c);
	out->address_len = (uint8_t)(t->transport_layer_address.len_bits / 8);
	return bytes_copy(out->address, sizeof(out->address),
		bytes_of(t->transport_layer_address.data, t->transport_layer_address.len_bits / 8));
}

static void bearer_at_ue(
	struct cucp_ue *ue, int64_t drb, const struct f1ap_dl_up_tnl_information_to_be_setup_list *dl)
{
	struct cucp_bearer_slot *slot = cucp_bearer_at(ue, drb);

	if (slot && slot->state == CUCP_BEARER_AT_DU && tunnel_read(dl, &slot->dl))
		slot->state = CUCP_BEARER_AT_UE;
}

/* Those that the DU has not answered for are refused; those it had already only change at the UE. */
static void settle(struct cucp_ue *ue, struct bytes cell_group)
{
	for (uint8_t i = 1; i <= CUCP_DRBS_MAX; i++) {
		if (!cucp_bearer_is(ue, i, CUCP_BEARER_AT_DU))
			continue;
		if (ue->bearers[i]->known)
			ue->bearers[i]->state = CUCP_BEARER_AT_UE;
		else
			cucp_bearer_end(ue, i);
	}
	if (ue->procedure == CUCP_CONTEXT) /* the upper may have ended it */
		cucp_reconfigure(ue, cell_group);
}

void cucp_context_setup(struct cucp *c, uint32_t du, const struct f1ap_ue_context_setup_response *m)
{
	struct cucp_ue *ue = cucp_ue_find(c, du, m->gnb_cu_ue_f1ap_id, m->gnb_du_ue_f1ap_id);
	const struct f1ap_drbs_setup_list *list = m->drbs_setup_list;

	if (!ue || ue->procedure != CUCP_CONTEXT || ue->has_context) {
		c->stats.not_comprehended += ue != NULL;
		return;
	}
	ue->has_context = true;
	for (size_t i = 0; list && i < list->count; i++)
		if (list->items[i].tag == F1AP_DRBS_SETUP_ITEM_IES_TAG_DRBS_SETUP_ITEM)
			bearer_at_ue(ue, list->items[i].u.drbs_setup_item.drbid,
				&list->items[i].u.drbs_setup_item.dl_up_tnl_information_to_be_setup_list);
	settle(ue, m->du_to_cu_rrc_information.cell_group_config);
}

void cucp_context_modified(struct cucp *c, uint32_t du, const struct f1ap_ue_context_modification_response *m)
{
	struct cucp_ue *ue = cucp_ue_find(c, du, m->gnb_cu_ue_f1ap_id, m->gnb_du_ue_f1ap_id);
	const struct f1ap_drbs_setup_mod_list *list = m->drbs_setup_mod_list;

	if (!ue || ue->procedure != CUCP_CONTEXT || !ue->has_context) {
		c->stats.not_comprehended += ue != NULL;
		return;
	}
	for (size_t i = 0; list && i < list->count; i++)
		if (list->items[i].tag == F1AP_DRBS_SETUP_MOD_ITEM_IES_TAG_DRBS_SETUP_MOD_ITEM)
			bearer_at_ue(ue, list->items[i].u.drbs_setup_mod_item.drbid,
				&list->items[i].u.drbs_setup_mod_item.dl_up_tnl_information_to_be_setup_list);
	settle(ue, m->du_to_cu_rrc_information ? m->du_to_cu_rrc_information->cell_group_config : BYTES_NONE);
}

/* 8.3.1.3, 8.3.4.3: nothing of the order is done. A UE without a context has nothing to stay for. */
void cucp_context_failed(struct cucp *c, uint32_t du, uint32_t cu_id, uint32_t du_id)
{
	struct cucp_ue *ue = cucp_ue_find(c, du, cu_id, du_id);
	struct f1ap_cause cause = cucp_cause(F1AP_CAUSE_RADIO_NETWORK_PROCEDURE_CANCELLED);

	if (!ue || ue->procedure != CUCP_CONTEXT) {
		c->stats.not_comprehended += ue != NULL;
		return;
	}
	if (!ue->has_context || ue->restore) {
		cucp_lose(ue, &cause);
		return;
	}
	settle(ue, BYTES_NONE);
}

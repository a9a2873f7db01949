/* UE Context Setup, Modification and Release at the DU (38.473 8.3.1, 8.3.3, 8.3.4). */
#include "gnb/du/f1ap_internal.h"

/* What the answer to an order points to. */
struct answer {
	struct du_f1ap_order order;
	uint8_t cell_group[DU_F1AP_CELL_GROUP_MAX];
	struct bytes configured; /* of cell_group */
	struct f1ap_dl_up_tnl_information_to_be_setup_item tunnel[DU_F1AP_DRBS_MAX];
	uint8_t teid[DU_F1AP_DRBS_MAX][4];
	struct f1ap_cause refused;
};

static const enum f1ap_drbs_failed_to_be_setup_mod_item_ies_tag is_failed_mod =
	F1AP_DRBS_FAILED_TO_BE_SETUP_MOD_ITEM_IES_TAG_DRBS_FAILED_TO_BE_SETUP_MOD_ITEM;
static enum f1ap_cause_radio_network const no_resources =
	F1AP_CAUSE_RADIO_NETWORK_NO_RADIO_RESOURCES_AVAILABLE;

static uint8_t sn_bits(bool there, enum f1ap_pdcp_sn_length length)
{
	return !there ? 0 : length == F1AP_PDCP_SN_LENGTH_TWELVE_BITS ? 12 : 18;
}

static bool tunnel_read(
	const struct f1ap_ul_up_tnl_information_to_be_setup_list *in, struct du_f1ap_tunnel *out)
{
	const struct f1ap_up_transport_layer_information *info =
		in->count ? &in->items[0].ul_up_tnl_information : NULL;
	struct cursor c;

	if (!info || info->tag != F1AP_UP_TRANSPORT_LAYER_INFORMATION_TAG_GTP_TUNNEL)
		return false;
	c = cursor_of(info->u.gtp_tunnel.gtp_teid);
	out->teid = cursor_u32(&c);
	out->address_len = (uint8_t)(info->u.gtp_tunnel.transport_layer_address.len_bits / 8);
	return bytes_copy(out->address, sizeof(out->address),
		bytes_of(info->u.gtp_tunnel.transport_layer_address.data, out->address_len));
}

/* 0: of a 5QI that is described in the message alone. */
static uint8_t five_qi_of(const struct f1ap_qos_information *q)
{
	const struct f1ap_qos_characteristics *c =
		&q->u.choice_extension.u.drb_information.drb_qos.qos_characteristics;

	if (q->tag != F1AP_QOS_INFORMATION_TAG_CHOICE_EXTENSION ||
		q->u.choice_extension.tag != F1AP_QOS_INFORMATION_EXT_IES_TAG_DRB_INFORMATION ||
		c->tag != F1AP_QOS_CHARACTERISTICS_TAG_NON_DYNAMIC_5_QI)
		return 0;
	return (uint8_t)c->u.non_dynamic_5_qi.five_qi;
}

/* A place for one more DRB; NULL: it is none, or named twice (8.3.1.2). */
static struct du_f1ap_drb *drb_add(struct du_f1ap_order *o, int64_t id, enum f1ap_rlc_mode mode,
	const struct f1ap_qos_information *qos, const struct f1ap_ul_up_tnl_information_to_be_setup_list *ul)
{
	struct du_f1ap_drb *d = &o->drbs[o->drb_count];

	if (id < 1 || id > DU_F1AP_DRBS_MAX || o->drb_count == DU_F1AP_DRBS_MAX || mode >= F1AP_RLC_MODE_N)
		return NULL;
	for (uint8_t i = 0; i < o->drb_count; i++)
		if (o->drbs[i].drb == id)
			return NULL;
	*d = (struct du_f1ap_drb){ .drb = (uint8_t)id, .mode = mode, .five_qi = five_qi_of(qos) };
	if (!tunnel_read(ul, &d->ul))
		return NULL;
	o->drb_count++;
	return d;
}

static struct bytes configure(struct du_f1ap *f, struct answer *a, bool *ok)
{
	struct writer w = writer_of(a->cell_group, sizeof(a->cell_group));

	*ok = f->config.lower.configure(f->config.lower.arg, &a->order, &w) && !w.failed;
	f->stats.refused += !*ok;
	return writer_bytes(&w);
}

static struct f1ap_dl_up_tnl_information_to_be_setup_list tunnel_fill(struct answer *a, uint8_t i)
{
	const struct du_f1ap_tunnel *t = &a->order.drbs[i].dl;
	struct writer w = writer_of(a->teid[i], sizeof(a->teid[i]));

	writer_u32(&w, t->teid);
	a->tunnel[i].dl_up_tnl_information = (struct f1ap_up_transport_layer_information){
		.tag = F1AP_UP_TRANSPORT_LAYER_INFORMATION_TAG_GTP_TUNNEL,
		.u.gtp_tunnel = { { t->address, (size_t)t->address_len * 8 }, writer_bytes(&w) },
	};
	return (struct f1ap_dl_up_tnl_information_to_be_setup_list){ 1, &a->tunnel[i] };
}

static void setup_failure_send(
	struct du_f1ap *f, uint32_t cu_id, const struct du_f1ap_ue *ue, enum f1ap_cause_radio_network cause)
{
	struct f1ap_ue_context_setup_failure m = { .gnb_cu_ue_f1ap_id = cu_id,
		.has_gnb_du_ue_f1ap_id = ue != NULL,
		.gnb_du_ue_f1ap_id = ue ? ue->id : 0,
		.cause = { .tag = F1AP_CAUSE_TAG_RADIO_NETWORK, .u.radio_network = cause } };

	may_fail(du_f1ap_send(f, F1AP_MSG_UE_CONTEXT_SETUP_FAILURE, &m));
}

/* 8.3.1.2: those that were set up, and those that were not. */
static void setup_response_send(
	struct du_f1ap *f, const struct du_f1ap_ue *ue, struct answer *a, struct bytes cell_group)
{
	struct f1ap_drbs_setup_item_ies done[DU_F1AP_DRBS_MAX];
	struct f1ap_drbs_failed_to_be_setup_item_ies failed[DU_F1AP_DRBS_MAX];
	struct f1ap_drbs_setup_list done_list = { 0, done };
	struct f1ap_drbs_failed_to_be_setup_list failed_list = { 0, failed };
	struct f1ap_ue_context_setup_response m = { .gnb_cu_ue_f1ap_id = ue->cu_id,
		.gnb_du_ue_f1ap_id = ue->id,
		.du_to_cu_rrc_information.cell_group_config = cell_group,
		.has_c_rnti = true,
		.c_rnti = ue->c_rnti };

	for (uint8_t i = 0; i < a->order.drb_count; i++) {
		const struct du_f1ap_drb *d = &a->order.drbs[i];

		if (d->accepted)
			done[done_list.count++] = (struct f1ap_drbs_setup_item_ies){
				.tag = F1AP_DRBS_SETUP_ITEM_IES_TAG_DRBS_SETUP_ITEM,
				.u.drbs_setup_item = { .drbid = d->drb,
					.has_lcid = true,
					.lcid = d->lcid,
					.dl_up_tnl_information_to_be_setup_list = tunnel_fill(a, i) },
			};
		else
			failed[failed_list.count++] = (struct f1ap_drbs_failed_to_be_setup_item_ies){
				.tag = F1AP_DRBS_FAILED_TO_BE_SETUP_ITEM_IES_TAG_DRBS_FAILED_TO_BE_SETUP_ITEM,
				.u.drbs_failed_to_be_setup_item = { .drbid = d->drb, .cause = &a->refused },
			};
	}
	m.drbs_setup_list = done_list.count ? &done_list : NULL;
	m.drbs_failed_to_be_setup_list = failed_list.count ? &failed_list : NULL;
	may_fail(du_f1ap_send(f, F1AP_MSG_UE_CONTEXT_SETUP_RESPONSE, &m));
}

/* Octets that the DU reads for itself (9.3.1.25). */
static void information_read(const struct f1ap_cu_to_du_rrc_information *i, struct du_f1ap_order *o)
{
	if (i->has_ue_capability_rat_container_list)
		o->capability = i->ue_capability_rat_container_list;
	if (i->has_meas_config)
		o->measurement = i->meas_config;
}

static bool setup_read(const struct f1ap_ue_context_setup_request *m, struct du_f1ap_order *o)
{
	const struct f1ap_srbs_to_be_setup_list *srbs = m->srbs_to_be_setup_list;
	const struct f1ap_drbs_to_be_setup_list *drbs = m->drbs_to_be_setup_list;

	information_read(&m->cu_to_du_rrc_information, o);
	for (size_t i = 0; srbs && i < srbs->count; i++)
		o->srb2 = o->srb2 ||
			  (srbs->items[i].tag == F1AP_SRBS_TO_BE_SETUP_ITEM_IES_TAG_SRBS_TO_BE_SETUP_ITEM &&
				  srbs->items[i].u.srbs_to_be_setup_item.srbid == 2);
	for (size_t i = 0; drbs && i < drbs->count; i++) {
		const struct f1ap_drbs_to_be_setup_item *in = &drbs->items[i].u.drbs_to_be_setup_item;
		struct du_f1ap_drb *d;

		if (drbs->items[i].tag != F1AP_DRBS_TO_BE_SETUP_ITEM_IES_TAG_DRBS_TO_BE_SETUP_ITEM)
			continue;
		d = drb_add(o, in->drbid, in->rlc_mode, &in->qos_information,
			&in->ul_up_tnl_information_to_be_setup_list);
		if (!d)
			return false;
		if (!in->ie_extensions)
			continue;
		d->dl_sn_bits = sn_bits(
			!in->ie_extensions->no_dl_pdcp_sn_length, in->ie_extensions->dl_pdcp_sn_length);
		d->ul_sn_bits = sn_bits(
			in->ie_extensions->has_ul_pdcp_sn_length, in->ie_extensions->ul_pdcp_sn_length);
	}
	return true;
}

void du_f1ap_context_setup(struct du_f1ap *f, const struct f1ap_ue_context_setup_request *m)
{
	struct du_f1ap_ue *ue = m->has_gnb_du_ue_f1ap_id
					? du_f1ap_ue_find(f, m->gnb_cu_ue_f1ap_id, m->gnb_du_ue_f1ap_id)
					: NULL; /* without one it is of a handover, which is not served */
	struct answer a = { .refused = {
				    .tag = F1AP_CAUSE_TAG_RADIO_NETWORK, .u.radio_network = no_resources } };
	bool ok;

	if (!ue) {
		setup_failure_send(f, m->gnb_cu_ue_f1ap_id, NULL,
			F1AP_CAUSE_RADIO_NETWORK_UNKNOWN_OR_INCONSISTENT_PAIR_OF_UE_F1AP_ID);
		return;
	}
	a.order.c_rnti = ue->c_rnti;
	if (!setup_read(m, &a.order)) {
		setup_failure_send(f, ue->cu_id, ue, F1AP_CAUSE_RADIO_NETWORK_MULTIPLE_DRB_ID_INSTANCES);
		return;
	}
	a.configured = configure(f, &a, &ok);
	if (!ok) {
		setup_failure_send(f, ue->cu_id, ue, no_resources);
		return;
	}
	setup_response_send(f, ue, &a, a.configured);
	if (m->has_rrc_container)
		f->config.lower.srb_send(f->config.lower.arg, ue->c_rnti, 1, m->rrc_container);
}

static void modification_failure_send(
	struct du_f1ap *f, uint32_t cu_id, uint32_t id, enum f1ap_cause_radio_network cause)
{
	struct f1ap_ue_context_modification_failure m = { .gnb_cu_ue_f1ap_id = cu_id,
		.gnb_du_ue_f1ap_id = id,
		.cause = { .tag = F1AP_CAUSE_TAG_RADIO_NETWORK, .u.radio_network = cause } };

	may_fail(du_f1ap_send(f, F1AP_MSG_UE_CONTEXT_MODIFICATION_FAILURE, &m));
}

static void modification_response_send(
	struct du_f1ap *f, const struct du_f1ap_ue *ue, struct answer *a, struct bytes cell_group)
{
	struct f1ap_drbs_setup_mod_item_ies done[DU_F1AP_DRBS_MAX];
	struct f1ap_drbs_failed_to_be_setup_mod_item_ies failed[DU_F1AP_DRBS_MAX];
	struct f1ap_drbs_setup_mod_list done_list = { 0, done };
	struct f1ap_drbs_failed_to_be_setup_mod_list failed_list = { 0, failed };
	struct f1ap_du_to_cu_rrc_information rrc = { .cell_group_config = cell_group };
	struct f1ap_ue_context_modification_response m = { .gnb_cu_ue_f1ap_id = ue->cu_id,
		.gnb_du_ue_f1ap_id = ue->id,
		.du_to_cu_rrc_information = cell_group.len > 0 ? &rrc : NULL };

	for (uint8_t i = 0; i < a->order.drb_count; i++) {
		const struct du_f1ap_drb *d = &a->order.drbs[i];

		if (d->accepted)
			done[done_list.count++] = (struct f1ap_drbs_setup_mod_item_ies){
				.tag = F1AP_DRBS_SETUP_MOD_ITEM_IES_TAG_DRBS_SETUP_MOD_ITEM,
				.u.drbs_setup_mod_item = { .drbid = d->drb,
					.has_lcid = true,
					.lcid = d->lcid,
					.dl_up_tnl_information_to_be_setup_list = tunnel_fill(a, i) },
			};
		else
			failed[failed_list.count++] = (struct f1ap_drbs_failed_to_be_setup_mod_item_ies){
				.tag = is_failed_mod,
				.u.drbs_failed_to_be_setup_mod_item = { .drbid = d->drb,
					.cause = &a->refused },
			};
	}
	m.drbs_setup_mod_list = done_list.count ? &done_list : NULL;
	m.drbs_failed_to_be_setup_mod_list = failed_list.count ? &failed_list : NULL;
	may_fail(du_f1ap_send(f, F1AP_MSG_UE_CONTEXT_MODIFICATION_RESPONSE, &m));
}

static bool modification_read(const struct f1ap_ue_context_modification_request *m, struct du_f1ap_order *o)
{
	const struct f1ap_drbs_to_be_setup_mod_list *drbs = m->drbs_to_be_setup_mod_list;
	const struct f1ap_drbs_to_be_released_list *gone = m->drbs_to_be_released_list;

	if (m->cu_to_du_rrc_information)
		information_read(m->cu_to_du_rrc_information, o);
	for (size_t i = 0; gone && i < gone->count && o->released_count < DU_F1AP_DRBS_MAX; i++)
		if (gone->items[i].tag == F1AP_DRBS_TO_BE_RELEASED_ITEM_IES_TAG_DRBS_TO_BE_RELEASED_ITEM)
			o->released[o->released_count++] =
				(uint8_t)gone->items[i].u.drbs_to_be_released_item.drbid;
	for (size_t i = 0; drbs && i < drbs->count; i++) {
		const struct f1ap_drbs_to_be_setup_mod_item *in = &drbs->items[i].u.drbs_to_be_setup_mod_item;
		struct du_f1ap_drb *d;

		if (drbs->items[i].tag != F1AP_DRBS_TO_BE_SETUP_MOD_ITEM_IES_TAG_DRBS_TO_BE_SETUP_MOD_ITEM)
			continue;
		d = drb_add(o, in->drbid, in->rlc_mode, &in->qos_information,
			&in->ul_up_tnl_information_to_be_setup_list);
		if (!d)
			return false;
		if (!in->ie_extensions)
			continue;
		d->dl_sn_bits = sn_bits(
			in->ie_extensions->has_dl_pdcp_sn_length, in->ie_extensions->dl_pdcp_sn_length);
		d->ul_sn_bits = sn_bits(
			in->ie_extensions->has_ul_pdcp_sn_length, in->ie_extensions->ul_pdcp_sn_length);
	}
	return true;
}

void du_f1ap_context_modification(struct du_f1ap *f, const struct f1ap_ue_context_modification_request *m)
{
	struct du_f1ap_ue *ue = du_f1ap_ue_find(f, m->gnb_cu_ue_f1ap_id, m->gnb_du_ue_f1ap_id);
	struct answer a = { .refused = {
				    .tag = F1AP_CAUSE_TAG_RADIO_NETWORK, .u.radio_network = no_resources } };
	bool ok = true;

	if (!ue) {
		modification_failure_send(f, m->gnb_cu_ue_f1ap_id, m->gnb_du_ue_f1ap_id,
			F1AP_CAUSE_RADIO_NETWORK_UNKNOWN_OR_INCONSISTENT_PAIR_OF_UE_F1AP_ID);
		return;
	}
	if (m->has_rrc_reconfiguration_complete_indicator)
		f->config.lower.reconfigured(f->config.lower.arg, ue->c_rnti,
			m->rrc_reconfiguration_complete_indicator ==
				F1AP_RRC_RECONFIGURATION_COMPLETE_INDICATOR_TRUE);
	a.order.c_rnti = ue->c_rnti;
	a.order.whole = m->has_gnb_du_configuration_query;
	if (!modification_read(m, &a.order)) {
		modification_failure_send(
			f, ue->cu_id, ue->id, F1AP_CAUSE_RADIO_NETWORK_MULTIPLE_DRB_ID_INSTANCES);
		return;
	}
	if (a.order.whole || a.order.drb_count || a.order.released_count || a.order.capability.len > 0 ||
		a.order.measurement.len > 0)
		a.configured = configure(f, &a, &ok);
	if (!ok) {
		modification_failure_send(f, ue->cu_id, ue->id, no_resources);
		return;
	}
	modification_response_send(f, ue, &a, a.configured);
	if (m->has_rrc_container)
		f->config.lower.srb_send(f->config.lower.arg, ue->c_rnti, 1, m->rrc_container);
}

/* 8.3.3.2: the last message, if there is one, and then nothing. */
void du_f1ap_context_release(struct du_f1ap *f, const struct f1ap_ue_context_release_command *m)
{
	struct du_f1ap_ue *ue = du_f1ap_ue_find(f, m->gnb_cu_ue_f1ap_id, m->gnb_du_ue_f1ap_id);
	struct f1ap_ue_context_release_complete complete = { .gnb_cu_ue_f1ap_id = m->gnb_cu_ue_f1ap_id,
		.gnb_du_ue_f1ap_id = m->gnb_du_ue_f1ap_id };
	const struct du_f1ap_lower *lower = &f->config.lower;
	uint16_t c_rnti;

	if (ue) {
		c_rnti = ue->c_rnti;
		if (m->has_rrc_container && m->has_srbid && m->srbid == 0)
			lower->ccch_send(lower->arg, c_rnti, m->rrc_container);
		else if (m->has_rrc_container && m->has_srbid && m->srbid <= 2)
			lower->srb_send(lower->arg, c_rnti, (uint8_t)m->srbid, m->rrc_container);
		du_f1ap_ue_release(f, ue);
	}
	/* Also of one that is not there: the CU wants it gone, and it is (10.6 leaves that to the class). */
	may_fail(du_f1ap_send(f, F1AP_MSG_UE_CONTEXT_RELEASE_COMPLETE, &complete));
}

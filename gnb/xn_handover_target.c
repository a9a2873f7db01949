/*
 * Handover Preparation by Xn at the target, 38.423 8.2.1, with SN Status Transfer (8.2.2) and cancel (8.2.3).
 *
 *   source                                   target
 *    |-- HANDOVER REQUEST -------------------->|    an AMF of its GUAMI, an algorithm, a session, room
 *    |<- HANDOVER REQUEST ACKNOWLEDGE ---------|    the UE is expected
 *    |<- HANDOVER PREPARATION FAILURE ---------|
 *    |-- SN STATUS TRANSFER ------------------>|
 *    |-- HANDOVER CANCEL --------------------->|    it is not expected any more
 */
#include "gnb/xn.h"

static const enum xnap_cause_radio_network_layer no_common_algorithm =
	XNAP_CAUSE_RADIO_NETWORK_LAYER_ENCRYPTION_AND_OR_INTEGRITY_PROTECTION_ALGORITHMS_NOT_SUPPORTED;

struct allocation {
	const struct xnap_handover_request *m;
	enum xnap_cause_radio_network_layer cause; /* why it fails */
	struct gnb_ue *ue;
	struct xnap_pdu_session_resources_admitted_item admitted[PDU_SESSIONS_MAX];
	struct xnap_pdu_session_resources_not_admitted_item failed[GNB_ITEMS_MAX];
	struct xnap_cause causes[GNB_ITEMS_MAX];
	struct xnap_pdu_session_resources_admitted_list admitted_list;
	struct xnap_pdu_session_resources_not_admitted_list failed_list;
};

static bool cell_find(const struct gnb *gnb, const struct xnap_target_cgi *cgi, uint8_t *cell)
{
	struct plmn plmn;

	if (cgi->tag != XNAP_TARGET_CGI_TAG_NR)
		return false;
	plmn = ngap_plmn(cgi->u.nr.plmn_id);
	for (*cell = 0; *cell < gnb->config.cell_count; ++*cell)
		if (gnb->places[*cell].ncgi.nci == cgi->u.nr.nr_ci &&
			plmn_equal(&gnb->places[*cell].ncgi.plmn, &plmn))
			return true;
	return false;
}

static struct gnb_amf *amf_find(struct gnb *gnb, const struct guami *guami)
{
	for (uint8_t i = 0; i < gnb->config.amf_count; i++)
		for (uint8_t k = 0; gnb->amfs[i].state == NG_READY && k < gnb->amfs[i].guami_count; k++)
			if (guami_equal(&gnb->amfs[i].guamis[k], guami))
				return &gnb->amfs[i];
	return NULL;
}

/* The same as NGAP has it. */
static struct ngap_qos_flow_level_qos_parameters parameters_of(
	const struct xnap_qos_flow_level_qos_parameters *q, struct ngap_gbr_qos_information *gbr)
{
	const struct xnap_dynamic5_qi_descriptor *d = &q->qos_characteristics.u.dynamic;
	const struct xnap_gbr_qos_flow_info *g = q->gbr_qos_flow_info;
	struct ngap_qos_flow_level_qos_parameters out = {
		.allocation_and_retention_priority = { (uint8_t)q->allocation_and_retention_prio
							       .priority_level,
			(enum ngap_pre_emption_capability)
				q->allocation_and_retention_prio.pre_emption_capability,
			(enum ngap_pre_emption_vulnerability)
				q->allocation_and_retention_prio.pre_emption_vulnerability },
	};

	if (q->qos_characteristics.tag == XNAP_QOS_CHARACTERISTICS_TAG_DYNAMIC) {
		out.qos_characteristics.tag = NGAP_QOS_CHARACTERISTICS_TAG_DYNAMIC5_QI;
		out.qos_characteristics.u.dynamic5_qi = (struct ngap_dynamic5_qi_descriptor){
			.priority_level_qos = d->priority_level_qos,
			.packet_delay_budget = d->packet_delay_budget,
			.packet_error_rate = { d->packet_error_rate.per_scalar,
				d->packet_error_rate.per_exponent },
			.has_five_qi = d->has_five_qi,
			.five_qi = d->five_qi,
		};
	} else if (q->qos_characteristics.tag == XNAP_QOS_CHARACTERISTICS_TAG_NON_DYNAMIC) {
		out.qos_characteristics.tag = NGAP_QOS_CHARACTERISTICS_TAG_NON_DYNAMIC5_QI;
		out.qos_characteristics.u.non_dynamic5_qi.five_qi =
			q->qos_characteristics.u.non_dynamic.five_qi;
	}
	if (g) {
		*gbr = (struct ngap_gbr_qos_information){ .maximum_flow_bit_rate_dl = g->max_flow_bit_rate_dl,
			.maximum_flow_bit_rate_ul = g->max_flow_bit_rate_ul,
			.guaranteed_flow_bit_rate_dl = g->guaranteed_flow_bit_rate_dl,
			.guaranteed_flow_bit_rate_ul = g->guaranteed_flow_bit_rate_ul };
		out.gbr_qos_information = gbr;
	}
	return out;
}

/* False: the session cannot be taken, with the cause. */
static struct gnb_session *session_make(struct gnb *gnb, struct allocation *a,
	const struct xnap_pdu_session_resources_to_be_setup_item *in,
	enum xnap_cause_radio_network_layer *cause)
{
	const struct xnap_qos_flows_to_be_setup_list *list = &in->qos_flows_to_be_setup_list;
	struct gnb_session *s;
	uint64_t flows = 0;
	struct addr upf;
	uint32_t teid;

	*cause = XNAP_CAUSE_RADIO_NETWORK_LAYER_UNKNOWN_PDU_SESSION_ID;
	if (in->pdu_session_id < 1 || in->pdu_session_id > PDU_SESSIONS_MAX)
		return NULL;
	*cause = XNAP_CAUSE_RADIO_NETWORK_LAYER_MULTIPLE_PDU_SESSION_ID_INSTANCES;
	if (a->ue->sessions[in->pdu_session_id])
		return NULL;
	*cause = XNAP_CAUSE_RADIO_NETWORK_LAYER_MULTIPLE_QOS_FLOW_ID_INSTANCES;
	for (size_t i = 0; i < list->count; i++) {
		int64_t qfi = list->items[i].qfi;

		if (qfi < 0 || qfi > GNB_QFI_MAX || flows >> qfi & 1)
			return NULL;
		flows |= UINT64_C(1) << qfi;
	}
	*cause = XNAP_CAUSE_RADIO_NETWORK_LAYER_UP_INTEGRITY_PROTECTION_NOT_POSSIBLE;
	if (in->security_indication &&
		in->security_indication->integrity_protection_indication ==
			XNAP_SECURITY_INDICATION_INTEGRITY_PROTECTION_INDICATION_REQUIRED)
		return NULL;
	*cause = XNAP_CAUSE_RADIO_NETWORK_LAYER_NO_RADIO_RESOURCES_AVAILABLE_IN_TARGET_CELL;
	if (!gnb_xn_tunnel_read(gnb, &in->ul_ng_u_tnl_at_upf, &upf, &teid))
		return NULL;
	s = gnb_session_new(gnb, a->ue, in->pdu_session_id, &upf, teid);
	if (s)
		s->flows = flows;
	return s;
}

static void session_fill(
	struct gnb *gnb, struct gnb_session *s, const struct xnap_pdu_session_resources_to_be_setup_item *in)
{
	const struct xnap_dataforwardingand_offloading_infofrom_source *f = in->dataforwardinginfofrom_source;
	const struct ngap_s_nssai slice = { in->s_nssai.sst, in->s_nssai.has_sd, in->s_nssai.sd };

	s->snssai = ngap_snssai(&slice);
	s->type = (uint8_t)in->pdu_session_type;
	if (in->pdu_session_ambr) {
		s->ambr_dl_bps = (uint64_t)in->pdu_session_ambr->downlink_session_ambr;
		s->ambr_ul_bps = (uint64_t)in->pdu_session_ambr->uplink_session_ambr;
	}
	for (size_t i = 0; i < in->qos_flows_to_be_setup_list.count; i++) {
		const struct xnap_qos_flows_to_be_setup_item *flow = &in->qos_flows_to_be_setup_list.items[i];
		struct ngap_gbr_qos_information gbr;
		struct ngap_qos_flow_level_qos_parameters q =
			parameters_of(&flow->qos_flow_level_qos_parameters, &gbr);

		may_fail(gnb_flow_take(gnb, s, (uint8_t)flow->qfi, &q));
	}
	if (f && f->source_drb_to_qos_flow_mapping)
		gnb_drb_set(s, f->source_drb_to_qos_flow_mapping->items[0].drb_id);
	if (f)
		may_fail(gnb_forward_expect(gnb, s)); /* without it, packets are lost */
}

/* 9.2.1.2 */
static bool admit(
	struct gnb *gnb, const struct gnb_session *s, struct xnap_pdu_session_resources_admitted_item *out)
{
	struct parts {
		struct xnap_qos_flows_admitted_item flows[GNB_QFI_MAX + 1];
		struct xnap_qos_f_lows_accepted_to_be_forwarded_item accepted[GNB_QFI_MAX + 1];
		struct xnap_data_forwarding_info_from_target_ngrannode forwarding;
		struct xnap_up_transport_layer_information tunnel;
	} *p = arena_alloc(&gnb->arena, sizeof(*p));
	size_t n = 0;

	if (!p)
		return false;
	*p = (struct parts){ .flows = { { 0 } } };
	for (uint8_t qfi = 0; qfi <= GNB_QFI_MAX; qfi++)
		if (s->flows >> qfi & 1)
			p->flows[n].qfi = p->accepted[n].qos_flow_identifier = qfi, n++;
	*out = (struct xnap_pdu_session_resources_admitted_item){ .pdu_session_id = s->psi };
	out->pdu_session_resource_admitted_info.qos_flows_admitted_list =
		(struct xnap_qos_flows_admitted_list){ n, p->flows };
	if (!s->reception)
		return true;
	p->forwarding.qos_flows_accepted_for_data_forwarding_list =
		(struct xnap_qos_f_lows_accepted_to_be_forwarded_list){ n, p->accepted };
	p->forwarding.pdu_session_level_dl_data_forwarding_info = &p->tunnel;
	out->pdu_session_resource_admitted_info.data_forwarding_info_from_target = &p->forwarding;
	return gnb_xn_tunnel_write(gnb, gnb_reception_teid(s), &p->tunnel);
}

static bool sessions_allocate(struct gnb *gnb, struct allocation *a)
{
	const struct xnap_pdu_session_resources_to_be_setup_list *list =
		&a->m->ue_context_info_ho_request.pdu_session_resources_to_be_setup_list;

	for (size_t i = 0; i < list->count && i < GNB_ITEMS_MAX; i++) {
		enum xnap_cause_radio_network_layer cause;
		struct gnb_session *s = session_make(gnb, a, &list->items[i], &cause);
		struct xnap_pdu_session_resources_not_admitted_item *failed =
			&a->failed[a->failed_list.count];

		if (s) {
			session_fill(gnb, s, &list->items[i]);
			if (!admit(gnb, s, &a->admitted[a->admitted_list.count++]))
				return false;
			continue;
		}
		a->causes[a->failed_list.count] = xnap_cause_radio(cause);
		failed->pdu_session_id = list->items[i].pdu_session_id;
		failed->cause = &a->causes[a->failed_list.count++];
	}
	return a->admitted_list.count > 0;
}

static bool security_take(struct gnb *gnb, struct allocation *a)
{
	const struct xnap_ue_context_info_ho_request *c = &a->m->ue_context_info_ho_request;
	const struct ngap_ue_security_capabilities have = {
		c->ue_security_capabilities.nr_encyption_algorithms,
		c->ue_security_capabilities.nr_integrity_protection_algorithms,
		c->ue_security_capabilities.e_utra_encyption_algorithms,
		c->ue_security_capabilities.e_utra_integrity_protection_algorithms
	};

	gnb_capabilities_take(a->ue, &have);
	if (!gnb_algorithms_choose(gnb, a->ue)) {
		a->cause = no_common_algorithm;
		return false;
	}
	a->ue->ncc = c->security_information.ncc;
	return bytes_copy(a->ue->k_gnb, GNB_KEY_LEN,
		bytes_of(c->security_information.key_ng_ran_star.data,
			c->security_information.key_ng_ran_star.len_bits / 8));
}

static bool acknowledge_send(struct gnb *gnb, struct gnb_handover *h, struct allocation *a)
{
	struct xnap_handover_request_acknowledge m = { .source_ng_ran_node_ue_xnap_id = h->peer_id,
		.target_ng_ran_node_ue_xnap_id = a->ue->ran_ue_ngap_id,
		.pdu_session_resources_admitted_list = a->admitted_list,
		.pdu_session_resources_not_admitted_list = a->failed_list.count ? &a->failed_list : NULL,
		.target2_source_ng_ran_node_transp_container = gnb_handover_command(gnb, a->ue, false) };

	return m.target2_source_ng_ran_node_transp_container.data &&
	       gnb_xn_send(gnb, h->xn, h->stream, XNAP_MSG_HANDOVER_REQUEST_ACKNOWLEDGE, &m);
}

/* a->ue is there; on false it goes again. */
static bool allocate(struct gnb *gnb, struct gnb_xn *xn, struct allocation *a)
{
	const struct xnap_ue_context_info_ho_request *c = &a->m->ue_context_info_ho_request;
	struct gnb_handover *h;

	a->ue->has_amf_ue_ngap_id = true;
	a->ue->amf_ue_ngap_id = c->ng_c_ue_reference;
	a->ue->guami = (struct guami){ ngap_plmn(a->m->guami.plmn_id), a->m->guami.amf_region_id,
		a->m->guami.amf_set_id, a->m->guami.amf_pointer };
	a->ue->masked_imeisv = a->m->has_masked_imeisv ? a->m->masked_imeisv : 0;
	a->ue->ambr_dl_bps = (uint64_t)c->ue_ambr.dl_ue_ambr;
	a->ue->ambr_ul_bps = (uint64_t)c->ue_ambr.ul_ue_ambr;
	if (!security_take(gnb, a))
		return false;
	a->cause = XNAP_CAUSE_RADIO_NETWORK_LAYER_NO_RADIO_RESOURCES_AVAILABLE_IN_TARGET_CELL;
	h = sessions_allocate(gnb, a) && gnb_restrictions_take_xn(gnb, a->ue, c)
		    ? gnb_handover_new(gnb, a->ue, &gnb_by_xn, true)
		    : NULL;
	if (!h)
		return false;
	h->xn = xn;
	h->stream = gnb_xn_stream(xn);
	h->has_peer_id = true;
	h->peer_id = a->m->source_ng_ran_node_ue_xnap_id;
	gnb_handover_expect(gnb, h);
	return acknowledge_send(gnb, h, a);
}

static bool request_take(struct gnb *gnb, struct gnb_xn *xn, struct allocation *a)
{
	const struct guami guami = { ngap_plmn(a->m->guami.plmn_id), a->m->guami.amf_region_id,
		a->m->guami.amf_set_id, a->m->guami.amf_pointer };
	struct gnb_amf *amf = amf_find(gnb, &guami);
	uint8_t cell;

	a->cause = XNAP_CAUSE_RADIO_NETWORK_LAYER_CELL_NOT_AVAILABLE;
	if (!cell_find(gnb, &a->m->target_cell_global_id, &cell))
		return false;
	a->cause = XNAP_CAUSE_RADIO_NETWORK_LAYER_UNKNOWN_GUAMI_ID;
	if (!amf)
		return false;
	a->cause = XNAP_CAUSE_RADIO_NETWORK_LAYER_UNSPECIFIED;
	if (!gnb_preparation_information_read(gnb, a->m->ue_context_info_ho_request.rrc_context))
		return false;
	a->cause = XNAP_CAUSE_RADIO_NETWORK_LAYER_NO_RADIO_RESOURCES_AVAILABLE_IN_TARGET_CELL;
	a->ue = gnb_ue_expected(gnb, amf, cell);
	if (a->ue && allocate(gnb, xn, a))
		return true;
	if (a->ue)
		gnb_ue_free(gnb, a->ue);
	return false;
}

void gnb_xn_handover_request(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	const struct xnap_handover_request *m = pdu->u.handover_request;
	struct allocation *a = arena_alloc(&gnb->arena, sizeof(*a));
	struct xnap_handover_preparation_failure failure = { .source_ng_ran_node_ue_xnap_id =
								     m->source_ng_ran_node_ue_xnap_id };
	char text[XNAP_CAUSE_TEXT_SIZE];

	gnb->stat[GNB_STAT_HO_ALLOC_REQ]++;
	if (!a) {
		gnb->stat[GNB_STAT_EXHAUSTED]++;
		return;
	}
	*a = (struct allocation){
		.m = m, .admitted_list.items = a->admitted, .failed_list.items = a->failed
	};
	if (request_take(gnb, xn, a)) {
		gnb->stat[GNB_STAT_HO_ALLOC_SUCC]++;
		log_info(gnb->env->log, "RAN UE %u is expected by Xn from %s, %zu sessions",
			a->ue->ran_ue_ngap_id, gnb_xn_neighbour(gnb, xn)->name, a->admitted_list.count);
		return;
	}
	failure.cause = xnap_cause_radio(a->cause);
	gnb->figures.by_cause[NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED][GNB_CAUSE_HO_ALLOC]++;
	log_warn(gnb->env->log, "%s: no handover to this gNB: %s", gnb_xn_neighbour(gnb, xn)->name,
		gnb_xn_cause_text(&failure.cause, text));
	gnb_xn_send(gnb, xn, 0, XNAP_MSG_HANDOVER_PREPARATION_FAILURE, &failure);
}

static bool is_over(struct gnb *gnb, uint32_t own_id)
{
	const struct gnb_ue *ue = pool_at(&gnb->ues, own_id & ((1u << GNB_UE_INDEX_BITS) - 1));

	return ue && ue->ran_ue_ngap_id == own_id && !ue->handover;
}

void gnb_xn_sn_status_transfer(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	const struct xnap_sn_status_transfer *m = pdu->u.sn_status_transfer;
	const struct xnap_drbs_subject_to_status_transfer_list *list =
		&m->drbs_subject_to_status_transfer_list;
	struct gnb_handover *h;

	if (is_over(gnb, m->target_ng_ran_node_ue_xnap_id)) { /* the UE was quicker, and its path too */
		gnb->stat[GNB_STAT_XNAP_UNEXPECTED]++;
		return;
	}
	h = gnb_xn_handover_find(
		gnb, xn, true, m->target_ng_ran_node_ue_xnap_id, &m->source_ng_ran_node_ue_xnap_id);

	for (size_t i = 0; h && i < list->count; i++) {
		const struct xnap_drbb_status_transfer_choice *ul = &list->items[i].pdcp_status_transfer_ul,
							      *dl = &list->items[i].pdcp_status_transfer_dl;
		struct gnb_session *s = gnb_session_of_drb(h->ue, list->items[i].drb_id);

		if (s && ul->tag == XNAP_DRBB_STATUS_TRANSFER_CHOICE_TAG_PDCP_SN_18BITS)
			s->ul_count = (uint32_t)ul->u.pdcp_sn_18bits.count_value.hfn_pdcp_sn18 << 18 |
				      ul->u.pdcp_sn_18bits.count_value.pdcp_sn18;
		if (s && dl->tag == XNAP_DRBB_STATUS_TRANSFER_CHOICE_TAG_PDCP_SN_18BITS)
			s->dl_count = (uint32_t)dl->u.pdcp_sn_18bits.count_value.hfn_pdcp_sn18 << 18 |
				      dl->u.pdcp_sn_18bits.count_value.pdcp_sn18;
	}
}

/* 8.2.3: by the source's id alone where it never had ours. */
void gnb_xn_handover_cancel(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	const struct xnap_handover_cancel *m = pdu->u.handover_cancel;

	for (uint32_t i = 0;; i++) {
		struct gnb_handover *h = pool_next(&gnb->handovers, &i);

		if (!h)
			break;
		if (h->xn != xn || !h->is_target || h->state != TARGET_EXPECTING ||
			h->peer_id != m->source_ng_ran_node_ue_xnap_id)
			continue;
		log_info(gnb->env->log, "RAN UE %u is not expected any more", h->ue->ran_ue_ngap_id);
		gnb_ue_free(gnb, h->ue);
		return;
	}
	gnb->stat[GNB_STAT_XNAP_UNEXPECTED]++;
}

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
		struct gnb_session *s = gnb_xn_session_make(gnb, a->ue, &list->items[i], &cause);
		struct xnap_pdu_session_resources_not_admitted_item *failed =
			&a->failed[a->failed_list.count];

		if (s) {
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

	a->ue->guami = gnb_xn_guami(&a->m->guami);
	a->ue->masked_imeisv = a->m->has_masked_imeisv ? a->m->masked_imeisv : 0;
	if (!gnb_xn_context_take(gnb, a->ue, c))
		return false;
	if (!gnb_algorithms_choose(gnb, a->ue)) {
		a->cause = no_common_algorithm;
		return false;
	}
	a->cause = XNAP_CAUSE_RADIO_NETWORK_LAYER_NO_RADIO_RESOURCES_AVAILABLE_IN_TARGET_CELL;
	h = sessions_allocate(gnb, a) ? gnb_handover_new(gnb, a->ue, &gnb_by_xn, true) : NULL;
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
	const struct guami guami = gnb_xn_guami(&a->m->guami);
	struct gnb_amf *amf = gnb_xn_amf(gnb, &guami);
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

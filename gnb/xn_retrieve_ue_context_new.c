/*
 * Retrieve UE Context, 38.423 8.2.4, at the new gNB: a UE whose radio link has failed in a neighbour's cell
 * asks for re-establishment here (38.300 9.2.3.3).
 *
 *   UE                       new                               old
 *    |-- Reestablishment      |                                 |
 *    |   Request ------------>|-- RETRIEVE UE CONTEXT REQUEST ->|    by the PCI of the cell where it was
 *    |<- Reestablishment -----|<- ... RESPONSE -----------------|    by the key for this cell
 *    |                        |-- XN-U ADDRESS INDICATION ----->|    8.2.6
 *    |                        |-- PATH SWITCH REQUEST (AMF)          and so on, as after a handover
 *    |<- (lost) --------------|<- ... FAILURE, or nothing ------|    the UE's NAS begins again
 */
#include "gnb/xn.h"

/* Of two neighbours with one PCI the first is asked; the UE is not known there then, and its NAS begins
 * again. */
static struct gnb_xn *neighbour_of(struct gnb *gnb, uint16_t pci)
{
	for (uint8_t i = 0; i < gnb->config.neighbour_count; i++)
		for (uint8_t k = 0; gnb->xns[i].state == XN_READY && k < gnb->config.neighbours[i].cell_count;
			k++)
			if (gnb->config.neighbours[i].cells[k].pci == pci)
				return &gnb->xns[i];
	return NULL;
}

static bool request_send(struct gnb *gnb, const struct gnb_handover *h, const struct gnb_rrc_return *r)
{
	struct xnap_retrieve_ue_context_request m = { .new_ng_ran_node_ue_xnap_id = h->ue->ran_ue_ngap_id,
		.mac_i = r->short_mac };
	struct xnap_ue_context_id_for_rrc_reestablishment *id = &m.ue_context_id.u.rrrc_reestablishment;

	m.ue_context_id.tag = XNAP_UE_CONTEXT_ID_TAG_RRRC_REESTABLISHMENT;
	id->c_rnti = r->c_rnti;
	id->failure_cell_pci.tag = XNAP_NG_RAN_CELL_PCI_TAG_NR;
	id->failure_cell_pci.u.nr = r->pci;
	m.new_ng_ran_cell_identity.tag = XNAP_NG_RAN_CELL_IDENTITY_TAG_NR;
	m.new_ng_ran_cell_identity.u.nr = gnb->places[r->at.cell].ncgi.nci;
	return gnb_xn_send(gnb, h->xn, h->stream, XNAP_MSG_RETRIEVE_UE_CONTEXT_REQUEST, &m);
}

/* The AMF is known by the context alone; until then any stands for it. */
static struct gnb_amf *any_amf(struct gnb *gnb)
{
	for (uint8_t i = 0; i < gnb->config.amf_count; i++)
		if (gnb->amfs[i].state == NG_READY)
			return &gnb->amfs[i];
	return NULL;
}

bool gnb_ue_came(struct gnb *gnb, const struct gnb_rrc_return *r)
{
	struct gnb_xn *xn = neighbour_of(gnb, r->pci);
	struct gnb_amf *amf = any_amf(gnb);
	struct gnb_ue *ue = xn && amf ? gnb_ue_new(gnb, amf, &r->at) : NULL;
	struct gnb_handover *h = ue ? gnb_handover_new(gnb, ue, &gnb_by_retrieval, true) : NULL;

	if (h) {
		h->state = TARGET_RETRIEVING;
		h->xn = xn;
		h->stream = gnb_xn_stream(xn);
		gnb_handover_timer_set(gnb, h, GNB_RETRIEVAL_MS);
		if (request_send(gnb, h, r))
			return true;
	}
	if (ue)
		gnb_ue_free(gnb, ue);
	return false;
}

static struct gnb_handover *retrieving(struct gnb *gnb, struct gnb_xn *xn, uint32_t own_id)
{
	struct gnb_handover *h = gnb_xn_handover_find(gnb, xn, true, own_id, NULL);

	if (!h || h->state == TARGET_RETRIEVING)
		return h;
	gnb->stat[GNB_STAT_XNAP_UNEXPECTED]++;
	return NULL;
}

/* 33.501 6.7.3: those that the UE has; the first reconfiguration could change them. */
static bool algorithms_take(struct gnb *gnb, struct gnb_ue *ue, struct bytes rrc_context)
{
	return gnb_preparation_algorithms_read(gnb, rrc_context, &ue->ea, &ue->ia) &&
	       gnb_algorithms_allowed(gnb, ue);
}

static int64_t drb_of(const struct xnap_pdu_session_resources_to_be_setup_item *in)
{
	const struct xnap_dataforwardingand_offloading_infofrom_source *f = in->dataforwardinginfofrom_source;

	return f && f->source_drb_to_qos_flow_mapping ? f->source_drb_to_qos_flow_mapping->items[0].drb_id
						      : 0;
}

/* Those that cannot be taken lose their bearer; false: none can. */
static bool sessions_take(
	struct gnb *gnb, struct gnb_ue *ue, const struct xnap_pdu_session_resources_to_be_setup_list *list)
{
	enum xnap_cause_radio_network_layer cause;
	bool any = false;

	for (size_t i = 0; i < list->count; i++)
		any |= gnb_xn_session_make(gnb, ue, &list->items[i], &cause) != NULL;
	return any;
}

static void bearers_release(
	struct gnb *gnb, struct gnb_ue *ue, const struct xnap_pdu_session_resources_to_be_setup_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		int64_t drb = drb_of(&list->items[i]);

		if (drb > 0 && drb <= GNB_DRBS_MAX && !gnb_session_of_drb(ue, drb))
			gnb_rrc_release_bearer(gnb, ue, (uint8_t)drb, BYTES_NONE);
	}
}

static bool context_take(
	struct gnb *gnb, struct gnb_handover *h, const struct xnap_retrieve_ue_context_response *m)
{
	const struct xnap_ue_context_info_retr_ue_ctxt_resp *in = &m->ue_context_info_retr_ue_ctxt_resp;
	struct xnap_ue_context_info_ho_request_ext_ies more = { 0 };
	const struct xnap_ue_context_info_ho_request c = { .ng_c_ue_reference = in->ng_c_ue_signalling_ref,
		.ue_security_capabilities = in->ue_security_capabilities,
		.security_information = in->security_information,
		.ue_ambr = in->ue_ambr,
		.mrl = in->mobility_restriction_list,
		.ie_extensions = in->ie_extension ? &more : NULL };
	struct gnb_ue *ue = h->ue;
	struct gnb_radio at = ue->radio;
	struct gnb_amf *amf;

	if (in->ie_extension) {
		more.has_five_gc_mobility_restriction_list_container =
			in->ie_extension->has_five_gc_mobility_restriction_list_container;
		more.five_gc_mobility_restriction_list_container =
			in->ie_extension->five_gc_mobility_restriction_list_container;
	}
	ue->guami = gnb_xn_guami(&m->guami);
	ue->masked_imeisv = m->has_masked_imeisv ? m->masked_imeisv : 0;
	amf = gnb_xn_amf(gnb, &ue->guami);
	if (!amf)
		return false;
	gnb_ue_set_amf(ue, amf);
	if (!gnb_xn_context_take(gnb, ue, &c) || !algorithms_take(gnb, ue, in->rrc_context) ||
		!sessions_take(gnb, ue, &in->pdu_session_resources_to_be_setup_list) ||
		!gnb_rrc_reestablish(gnb, ue, &at))
		return false;
	bearers_release(gnb, ue, &in->pdu_session_resources_to_be_setup_list);
	return true;
}

void gnb_xn_retrieve_ue_context_response(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	const struct xnap_retrieve_ue_context_response *m = pdu->u.retrieve_ue_context_response;
	struct gnb_handover *h = m->no_new_ng_ran_node_ue_xnap_id || m->no_old_ng_ran_node_ue_xnap_id
					 ? NULL
					 : retrieving(gnb, xn, m->new_ng_ran_node_ue_xnap_id);

	if (!h)
		return;
	h->has_peer_id = true;
	h->peer_id = m->old_ng_ran_node_ue_xnap_id;
	if (!context_take(gnb, h, m)) {
		log_warn(gnb->env->log, "RAN UE %u: its context from %s cannot be taken",
			h->ue->ran_ue_ngap_id, gnb_xn_neighbour(gnb, xn)->name);
		gnb_target_event(gnb, h, TARGET_EV_FAILED, NULL);
		return;
	}
	gnb->stat[GNB_STAT_REESTABLISHED]++;
	gnb->stat[GNB_STAT_CONTEXTS_RETRIEVED]++;
	gnb_target_event(gnb, h, TARGET_EV_RETRIEVED, NULL);
}

void gnb_xn_retrieve_ue_context_failure(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	const struct xnap_retrieve_ue_context_failure *m = pdu->u.retrieve_ue_context_failure;
	struct gnb_handover *h =
		m->no_new_ng_ran_node_ue_xnap_id ? NULL : retrieving(gnb, xn, m->new_ng_ran_node_ue_xnap_id);

	if (h)
		gnb_target_event(gnb, h, TARGET_EV_FAILED, NULL);
}

/* Of each session for which the old gNB has offered to forward. */
static void address_indication_send(struct gnb *gnb, const struct gnb_handover *h)
{
	struct part {
		struct xnap_data_forwarding_info_from_target_ngrannode info;
		struct xnap_up_transport_layer_information tunnel;
		struct xnap_qos_f_lows_accepted_to_be_forwarded_item flows[GNB_QFI_MAX + 1];
	} *parts = arena_array(&gnb->arena, PDU_SESSIONS_MAX, sizeof(*parts));
	struct xnap_xn_u_address_infoper_pdu_session_item items[PDU_SESSIONS_MAX] = { 0 };
	struct xnap_xn_u_address_indication m = { .new_ng_ran_node_ue_xnap_id = h->ue->ran_ue_ngap_id,
		.old_ng_ran_node_ue_xnap_id = h->peer_id,
		.xn_u_address_infoper_pdu_session_list = { 0, items } };
	size_t n = 0;

	for (uint8_t psi = 1; parts && psi <= PDU_SESSIONS_MAX; psi++) {
		const struct gnb_session *s = h->ue->sessions[psi];
		struct part *p = &parts[n];
		size_t flows = 0;

		if (!s || !s->reception || !gnb_xn_tunnel_write(gnb, gnb_reception_teid(s), &p->tunnel))
			continue;
		for (uint8_t qfi = 0; qfi <= GNB_QFI_MAX; qfi++)
			if (s->flows >> qfi & 1)
				p->flows[flows++] =
					(struct xnap_qos_f_lows_accepted_to_be_forwarded_item){ qfi };
		p->info = (struct xnap_data_forwarding_info_from_target_ngrannode){ { flows, p->flows },
			&p->tunnel };
		items[n++] = (struct xnap_xn_u_address_infoper_pdu_session_item){ psi, &p->info };
	}
	m.xn_u_address_infoper_pdu_session_list.count = n;
	if (n > 0) /* without it packets are lost */
		gnb_xn_send(gnb, h->xn, h->stream, XNAP_MSG_XN_U_ADDRESS_INDICATION, &m);
}

static bool arrived(struct gnb *gnb, struct gnb_handover *h)
{
	address_indication_send(gnb, h);
	return gnb_path_switch_request_send(gnb, h);
}

/* The old gNB asks for nothing, and what has been given cannot be called back. */
static bool nothing_to_cancel(struct gnb *gnb, struct gnb_handover *h, const struct ngap_cause *cause)
{
	return false;
}

static void status_transfer(struct gnb *gnb, struct gnb_handover *h)
{
	gnb_by_xn.status_transfer(gnb, h);
}

const struct handover_way gnb_by_retrieval = {
	.name = "retrieval of its context",
	.triggered = NGAP_CAUSE_RADIO_NETWORK_XN_HANDOVER_TRIGGERED,
	.overall_expiry = NGAP_CAUSE_RADIO_NETWORK_TXNRELOCOVERALL_EXPIRY,
	.cancel = nothing_to_cancel,
	.status_transfer = status_transfer,
	.arrived = arrived,
};

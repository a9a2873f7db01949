/*
 * Retrieve UE Context, 38.423 8.2.4, and XN-U Address Indication, 8.2.6, at the old gNB: a UE has come to a
 * neighbour and wants to go on with a connection that it had here.
 *
 *   new                                       old
 *    |-- RETRIEVE UE CONTEXT REQUEST --------->|    by C-RNTI and PCI; the ShortMAC-I proves the UE
 *    |<- RETRIEVE UE CONTEXT RESPONSE ---------|    the whole context, and K_NG-RAN*; downlink is held
 *    |<- RETRIEVE UE CONTEXT FAILURE ----------|    8.2.4.3
 *    |<- SN STATUS TRANSFER -------------------|    8.2.2
 *    |-- XN-U ADDRESS INDICATION ------------->|    downlink goes there, what was held first
 *    |-- UE CONTEXT RELEASE ------------------>|    8.2.7; the AMF has the UE there
 *
 * From the response on the UE is the neighbour's, as after a handover command; it may still come back. A
 * proof that is wrong is told from a UE that is not here by nothing. There is no RRC_INACTIVE: an I-RNTI
 * names nobody.
 */
#include "gnb/xn.h"
#include "radio/uu_security.h"

static bool is_proved(
	struct gnb *gnb, const struct gnb_ue *ue, const struct xnap_retrieve_ue_context_request *m)
{
	uint16_t mac;

	return uu_short_mac_i(ue->k_gnb, ue->ia, gnb->config.cells[ue->radio.cell].pci, ue->c_rnti,
		       m->new_ng_ran_cell_identity.u.nr, &mac) &&
	       mac == m->mac_i;
}

static struct gnb_ue *ue_of(struct gnb *gnb, const struct xnap_retrieve_ue_context_request *m)
{
	const struct xnap_ue_context_id_for_rrc_reestablishment *id =
		&m->ue_context_id.u.rrrc_reestablishment;

	if (m->ue_context_id.tag != XNAP_UE_CONTEXT_ID_TAG_RRRC_REESTABLISHMENT ||
		id->failure_cell_pci.tag != XNAP_NG_RAN_CELL_PCI_TAG_NR ||
		m->new_ng_ran_cell_identity.tag != XNAP_NG_RAN_CELL_IDENTITY_TAG_NR)
		return NULL;
	for (uint32_t i = 0;; i++) {
		struct gnb_ue *ue = pool_next(&gnb->ues, &i);

		if (!ue)
			return NULL;
		if (ue->context && ue->c_rnti == id->c_rnti &&
			gnb->config.cells[ue->radio.cell].pci == id->failure_cell_pci.u.nr &&
			is_proved(gnb, ue, m))
			return ue;
	}
}

static bool cell_of(const struct gnb_neighbour *n, uint64_t nci, uint8_t *cell)
{
	for (*cell = 0; *cell < n->cell_count; ++*cell)
		if (gnb_neighbour_nci(n, *cell) == nci)
			return true;
	return false;
}

/* A handover by Xn that is under way, to whatever cell, is over: the UE is elsewhere. */
static bool is_free(struct gnb *gnb, struct gnb_ue *ue)
{
	const struct ngap_cause cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_HANDOVER_CANCELLED);
	struct gnb_handover *h = gnb_handover_from(ue);

	if (h && (h->way == &gnb_by_xn || h->way == &gnb_by_retrieval))
		gnb_source_event(gnb, h, SOURCE_EV_CANCEL, &cause);
	return !ue->handover && !ue->releasing && list_empty(&ue->procedures) && gnb_n2_is_open(ue->amf);
}

static bool response_send(struct gnb *gnb, struct gnb_handover *h)
{
	const struct gnb_ue *ue = h->ue;
	uint8_t key[GNB_KEY_LEN], capability[4][2];
	struct xnap_ue_context_info_ho_request c;
	struct xnap_ue_context_info_retr_ue_ctxt_resp_ext_ies more = { 0 };
	struct xnap_retrieve_ue_context_response m = { .new_ng_ran_node_ue_xnap_id = h->peer_id,
		.old_ng_ran_node_ue_xnap_id = ue->ran_ue_ngap_id,
		.has_masked_imeisv = ue->masked_imeisv != 0,
		.masked_imeisv = ue->masked_imeisv };
	bool ok = gnb_xn_guami_write(gnb, &ue->guami, &m.guami) &&
		  gnb_xn_context_give(gnb, ue, h->to, h->to_cell, key, capability, &c);

	if (ok) {
		m.ue_context_info_retr_ue_ctxt_resp =
			(struct xnap_ue_context_info_retr_ue_ctxt_resp){ c.ng_c_ue_reference,
				c.cp_tnl_info_source, c.ue_security_capabilities, c.security_information,
				c.ue_ambr, c.pdu_session_resources_to_be_setup_list, c.rrc_context, c.mrl };
		more.has_five_gc_mobility_restriction_list_container = c.ie_extensions != NULL;
		if (c.ie_extensions) {
			more.five_gc_mobility_restriction_list_container =
				c.ie_extensions->five_gc_mobility_restriction_list_container;
			m.ue_context_info_retr_ue_ctxt_resp.ie_extension = &more;
		}
		ok = gnb_xn_send(gnb, h->xn, h->stream, XNAP_MSG_RETRIEVE_UE_CONTEXT_RESPONSE, &m);
	}
	explicit_bzero(key, sizeof(key));
	return ok;
}

/* It is as if the UE had been sent there. False: it has no session, or memory is out. */
static bool give(struct gnb *gnb, struct gnb_xn *xn, struct gnb_ue *ue, uint32_t peer_id, uint8_t cell)
{
	struct gnb_handover *h = gnb_handover_new(gnb, ue, &gnb_by_retrieval, false);

	if (!h)
		return false;
	h->state = SOURCE_EXECUTING;
	h->to = gnb_xn_neighbour(gnb, xn);
	h->to_cell = cell;
	h->xn = xn;
	h->stream = gnb_xn_stream(xn);
	h->has_peer_id = true;
	h->peer_id = peer_id;
	if (!response_send(gnb, h)) {
		gnb_handover_free(gnb, h);
		return false;
	}
	gnb_handover_timer_set(gnb, h, GNB_RELOCATION_MS);
	timer_stop(&gnb->timers, &ue->timer); /* its signs of life are others' now */
	gnb_rrc_end(gnb, ue, GNB_RRC_AWAY);
	gnb_hold_begin(gnb, ue);
	h->way->status_transfer(gnb, h);
	gnb->stat[GNB_STAT_CONTEXTS_GIVEN]++;
	log_info(gnb->env->log, "RAN UE %u has gone to %s by itself; its context is given",
		ue->ran_ue_ngap_id, h->to->name);
	return true;
}

void gnb_xn_retrieve_ue_context_request(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	const struct xnap_retrieve_ue_context_request *m = pdu->u.retrieve_ue_context_request;
	const struct gnb_neighbour *to = gnb_xn_neighbour(gnb, xn);
	struct xnap_retrieve_ue_context_failure answer = { .new_ng_ran_node_ue_xnap_id =
								   m->new_ng_ran_node_ue_xnap_id };
	struct gnb_ue *ue = ue_of(gnb, m);
	uint8_t cell;

	if (!ue)
		answer.cause = xnap_cause_radio(XNAP_CAUSE_RADIO_NETWORK_LAYER_UE_CONTEXT_ID_NOT_KNOWN);
	else if (!cell_of(to, m->new_ng_ran_cell_identity.u.nr, &cell))
		answer.cause = xnap_cause_radio(XNAP_CAUSE_RADIO_NETWORK_LAYER_CELL_NOT_AVAILABLE);
	else if (gnb_restrictions_forbid(gnb, ue, &(struct tai){ to->plmn, to->cells[cell].tac }))
		answer.cause = xnap_cause_radio(XNAP_CAUSE_RADIO_NETWORK_LAYER_HANDOVER_TARGET_NOT_ALLOWED);
	else if (gnb->config.radio != GNB_RADIO_DUS && is_free(gnb, ue) &&
		 give(gnb, xn, ue, m->new_ng_ran_node_ue_xnap_id, cell))
		return;
	else
		answer.cause = xnap_cause_radio(XNAP_CAUSE_RADIO_NETWORK_LAYER_NON_RELOCATION_OF_CONTEXT);
	gnb->stat[GNB_STAT_CONTEXTS_NOT_GIVEN]++;
	gnb_xn_send(gnb, xn, 0, XNAP_MSG_RETRIEVE_UE_CONTEXT_FAILURE, &answer);
}

static void forward(struct gnb *gnb, struct gnb_session *s,
	const struct xnap_data_forwarding_info_from_target_ngrannode *info)
{
	struct gnb_forwarding to = { .psi = s->psi };

	if (s->forward || !info || !info->pdu_session_level_dl_data_forwarding_info ||
		!gnb_xn_tunnel_read(gnb, info->pdu_session_level_dl_data_forwarding_info, &to.peer, &to.teid))
		return;
	gnb_forward_begin(gnb, s, &to);
	gnb_forward_held(gnb, s);
}

/* What a session without an address has waiting goes with it. */
void gnb_xn_u_address_indication(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	const struct xnap_xn_u_address_indication *m = pdu->u.xn_u_address_indication;
	const struct xnap_xn_u_address_infoper_pdu_session_list *list =
		&m->xn_u_address_infoper_pdu_session_list;
	struct gnb_handover *h = gnb_xn_handover_find(
		gnb, xn, false, m->old_ng_ran_node_ue_xnap_id, &m->new_ng_ran_node_ue_xnap_id);

	if (!h)
		return;
	if (h->way != &gnb_by_retrieval || h->state != SOURCE_EXECUTING) {
		gnb->stat[GNB_STAT_XNAP_UNEXPECTED]++;
		return;
	}
	for (size_t i = 0; i < list->count; i++) {
		uint8_t psi = list->items[i].pdu_session_id;

		if (psi <= PDU_SESSIONS_MAX && h->ue->sessions[psi])
			forward(gnb, h->ue->sessions[psi],
				list->items[i].data_forwarding_info_from_target_ngrannode);
	}
}

/*
 * Handover Preparation by Xn, 38.423 8.2.1, and its cancellation, 8.2.3, at the source.
 *
 *   source                                   target
 *    |-- HANDOVER REQUEST -------------------->|    TXnRELOCprep; the whole context, and K_NG-RAN*
 *    |<- HANDOVER REQUEST ACKNOWLEDGE ---------|    HandoverCommand for the UE, tunnels for forwarding
 *    |<- HANDOVER PREPARATION FAILURE ---------|
 *    |-- SN STATUS TRANSFER ------------------>|    8.2.2; TXnRELOCoverall
 *    |-- HANDOVER CANCEL --------------------->|    the UE stays, or is back
 *    |<- UE CONTEXT RELEASE -------------------|    8.2.7; the AMF has the UE there
 */
#include "gnb/xn.h"
#include "radio/uu.h"

static bool request_send(struct gnb *gnb, struct gnb_handover *h)
{
	const struct gnb_ue *ue = h->ue;
	uint8_t key[GNB_KEY_LEN], capability[4][2];
	struct xnap_last_visited_cell_item visited = { .tag = XNAP_LAST_VISITED_CELL_ITEM_TAG_NG_RAN_CELL };
	struct xnap_handover_request m = { .source_ng_ran_node_ue_xnap_id = ue->ran_ue_ngap_id,
		.cause =
			xnap_cause_radio(XNAP_CAUSE_RADIO_NETWORK_LAYER_HANDOVER_DESIRABLE_FOR_RADIO_REASONS),
		.ue_history_information = { 1, &visited },
		.has_masked_imeisv = ue->masked_imeisv != 0,
		.masked_imeisv = ue->masked_imeisv };
	bool ok;

	m.target_cell_global_id.tag = XNAP_TARGET_CGI_TAG_NR;
	m.target_cell_global_id.u.nr = (struct xnap_nr_cgi){ ngap_plmn_of(&h->to->plmn, &gnb->arena),
		gnb_neighbour_nci(h->to, h->to_cell) };
	visited.u.ng_ran_cell = gnb_visited_cell(gnb, ue);
	h->stream = gnb_xn_stream(h->xn);
	ok = gnb_xn_guami_write(gnb, &ue->guami, &m.guami) && m.target_cell_global_id.u.nr.plmn_id.data &&
	     visited.u.ng_ran_cell.data &&
	     gnb_xn_context_give(
		     gnb, ue, h->to, h->to_cell, key, capability, &m.ue_context_info_ho_request) &&
	     gnb_xn_send(gnb, h->xn, h->stream, XNAP_MSG_HANDOVER_REQUEST, &m);
	explicit_bzero(key, sizeof(key));
	return ok;
}

static bool cancel_send(struct gnb *gnb, struct gnb_handover *h, const struct ngap_cause *cause)
{
	struct xnap_handover_cancel m = { .source_ng_ran_node_ue_xnap_id = h->ue->ran_ue_ngap_id,
		.has_target_ng_ran_node_ue_xnap_id = h->has_peer_id,
		.target_ng_ran_node_ue_xnap_id = h->peer_id,
		.cause = xnap_cause_radio(
			cause->u.radio_network == NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED ||
					cause->u.radio_network == gnb_by_xn.prep_expiry
				? XNAP_CAUSE_RADIO_NETWORK_LAYER_T_XN_RELO_CPREP_EXPIRY
				: XNAP_CAUSE_RADIO_NETWORK_LAYER_FAILURE_IN_THE_RADIO_INTERFACE_PROCEDURE) };

	gnb_xn_send(gnb, h->xn, h->stream, XNAP_MSG_HANDOVER_CANCEL, &m);
	return false; /* 8.2.3: nobody answers */
}

static void status_transfer_send(struct gnb *gnb, struct gnb_handover *h)
{
	struct xnap_drbs_subject_to_status_transfer_item items[PDU_SESSIONS_MAX] = { 0 };
	struct xnap_sn_status_transfer m = { .source_ng_ran_node_ue_xnap_id = h->ue->ran_ue_ngap_id,
		.target_ng_ran_node_ue_xnap_id = h->peer_id,
		.drbs_subject_to_status_transfer_list = { 0, items } };
	size_t *n = &m.drbs_subject_to_status_transfer_list.count;

	for (uint8_t drb = 1; drb <= GNB_DRBS_MAX; drb++) {
		const struct gnb_session *s = gnb_session_of_drb(h->ue, drb);
		struct xnap_drbs_subject_to_status_transfer_item *item = &items[*n];

		if (!s)
			continue;
		item->drb_id = drb;
		item->pdcp_status_transfer_ul.tag = item->pdcp_status_transfer_dl.tag =
			XNAP_DRBB_STATUS_TRANSFER_CHOICE_TAG_PDCP_SN_18BITS;
		item->pdcp_status_transfer_ul.u.pdcp_sn_18bits.count_value =
			(struct xnap_count_pdcp_sn18){ s->ul_count & 0x3ffff, (uint16_t)(s->ul_count >> 18) };
		item->pdcp_status_transfer_dl.u.pdcp_sn_18bits.count_value =
			(struct xnap_count_pdcp_sn18){ s->dl_count & 0x3ffff, (uint16_t)(s->dl_count >> 18) };
		++*n;
	}
	if (*n > 0) /* its sessions may have been released meanwhile */
		gnb_xn_send(gnb, h->xn, h->stream, XNAP_MSG_SN_STATUS_TRANSFER, &m);
}

const struct handover_way gnb_by_xn = {
	.name = "Xn",
	.triggered = NGAP_CAUSE_RADIO_NETWORK_XN_HANDOVER_TRIGGERED,
	.prep_expiry = NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED,
	.overall_expiry = NGAP_CAUSE_RADIO_NETWORK_TXNRELOCOVERALL_EXPIRY,
	.require = request_send,
	.cancel = cancel_send,
	.status_transfer = status_transfer_send,
	.arrived = gnb_path_switch_request_send,
};

static struct gnb_forwarding forwarding_read(
	struct gnb *gnb, const struct xnap_pdu_session_resources_admitted_item *item)
{
	const struct xnap_data_forwarding_info_from_target_ngrannode *d =
		item->pdu_session_resource_admitted_info.data_forwarding_info_from_target;
	struct gnb_forwarding f = { .psi = item->pdu_session_id };

	if (d && d->pdu_session_level_dl_data_forwarding_info &&
		!gnb_xn_tunnel_read(gnb, d->pdu_session_level_dl_data_forwarding_info, &f.peer, &f.teid))
		f.peer.len = 0;
	return f;
}

void gnb_xn_handover_request_acknowledge(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	const struct xnap_handover_request_acknowledge *m = pdu->u.handover_request_acknowledge;
	const struct xnap_pdu_session_resources_admitted_list *list = &m->pdu_session_resources_admitted_list;
	struct gnb_handover *h =
		m->no_source_ng_ran_node_ue_xnap_id || m->no_target_ng_ran_node_ue_xnap_id
			? NULL
			: gnb_xn_handover_find(gnb, xn, false, m->source_ng_ran_node_ue_xnap_id, NULL);
	struct gnb_command command = { .container = m->target2_source_ng_ran_node_transp_container };

	if (!h)
		return;
	h->has_peer_id = true;
	h->peer_id = m->target_ng_ran_node_ue_xnap_id;
	for (size_t i = 0; i < list->count && command.count < PDU_SESSIONS_MAX; i++)
		if (list->items[i].pdu_session_id >= 1 && list->items[i].pdu_session_id <= PDU_SESSIONS_MAX)
			command.forwarding[command.count++] = forwarding_read(gnb, &list->items[i]);
	if (gnb_source_event(gnb, h, SOURCE_EV_COMMAND, &command) == FSM_UNLISTED)
		gnb->stat[GNB_STAT_XNAP_UNEXPECTED]++;
}

static const enum xnap_cause_radio_network_layer xn_algorithms =
	XNAP_CAUSE_RADIO_NETWORK_LAYER_ENCRYPTION_AND_OR_INTEGRITY_PROTECTION_ALGORITHMS_NOT_SUPPORTED;
static const enum ngap_cause_radio_network ng_algorithms =
	NGAP_CAUSE_RADIO_NETWORK_ENCRYPTION_AND_OR_INTEGRITY_PROTECTION_ALGORITHMS_NOT_SUPPORTED;

/* The figures go by NGAP's causes. */
static enum ngap_cause_radio_network counted_as(const struct xnap_cause *cause)
{
	const struct {
		enum xnap_cause_radio_network_layer xn;
		enum ngap_cause_radio_network ng;
	} same[] = {
		{ XNAP_CAUSE_RADIO_NETWORK_LAYER_CELL_NOT_AVAILABLE,
			NGAP_CAUSE_RADIO_NETWORK_CELL_NOT_AVAILABLE },
		{ XNAP_CAUSE_RADIO_NETWORK_LAYER_HANDOVER_TARGET_NOT_ALLOWED,
			NGAP_CAUSE_RADIO_NETWORK_HO_TARGET_NOT_ALLOWED },
		{ XNAP_CAUSE_RADIO_NETWORK_LAYER_NO_RADIO_RESOURCES_AVAILABLE_IN_TARGET_CELL,
			NGAP_CAUSE_RADIO_NETWORK_NO_RADIO_RESOURCES_AVAILABLE_IN_TARGET_CELL },
		{ xn_algorithms, ng_algorithms },
	};

	for (size_t i = 0; cause->tag == XNAP_CAUSE_TAG_RADIO_NETWORK && i < ARRAY_LEN(same); i++)
		if (same[i].xn == cause->u.radio_network)
			return same[i].ng;
	return NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED;
}

void gnb_xn_handover_preparation_failure(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	const struct xnap_handover_preparation_failure *m = pdu->u.handover_preparation_failure;
	struct gnb_handover *h =
		m->no_source_ng_ran_node_ue_xnap_id
			? NULL
			: gnb_xn_handover_find(gnb, xn, false, m->source_ng_ran_node_ue_xnap_id, NULL);
	char text[XNAP_CAUSE_TEXT_SIZE];

	if (!h)
		return;
	gnb->figures.by_cause[counted_as(&m->cause)][GNB_CAUSE_HO_PREP]++;
	gnb_source_event(gnb, h, SOURCE_EV_FAILED, gnb_xn_cause_text(m->no_cause ? NULL : &m->cause, text));
}

/* 8.2.7: the UE is the target's; what is being forwarded goes on. */
void gnb_xn_ue_context_release(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	const struct xnap_ue_context_release *m = pdu->u.ue_context_release;
	struct gnb_handover *h = gnb_xn_handover_find(
		gnb, xn, false, m->source_ng_ran_node_ue_xnap_id, &m->target_ng_ran_node_ue_xnap_id);

	if (!h)
		return;
	gnb->stat[GNB_STAT_HO_EXE_SUCC] += h->way == &gnb_by_xn;
	gnb_ue_free(gnb, h->ue);
}

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
#include "crypto/kdf.h"
#include "gnb/xn.h"
#include "radio/uu.h"

static bool tunnel_write(struct gnb *gnb, const struct addr *at, uint32_t teid,
	struct xnap_up_transport_layer_information *out)
{
	uint8_t *octets = arena_alloc(&gnb->arena, 4);
	struct writer w = writer_of(octets, octets ? 4 : 0);

	writer_u32(&w, teid);
	out->tag = XNAP_UP_TRANSPORT_LAYER_INFORMATION_TAG_GTP_TUNNEL;
	out->u.gtp_tunnel =
		(struct xnap_gt_ptunnel_transport_layer_information){ { at->ip, (size_t)at->len * 8 },
			writer_bytes(&w) };
	return octets;
}

bool gnb_xn_tunnel_write(struct gnb *gnb, uint32_t teid, struct xnap_up_transport_layer_information *out)
{
	return tunnel_write(gnb, &gnb->config.n3_address, teid, out);
}

bool gnb_xn_tunnel_read(const struct gnb *gnb, const struct xnap_up_transport_layer_information *t,
	struct addr *peer, uint32_t *teid)
{
	struct ngap_up_transport_layer_information n = {
		.tag = NGAP_UP_TRANSPORT_LAYER_INFORMATION_TAG_GTP_TUNNEL
	};

	if (t->tag != XNAP_UP_TRANSPORT_LAYER_INFORMATION_TAG_GTP_TUNNEL)
		return false;
	n.u.gtp_tunnel.transport_layer_address = t->u.gtp_tunnel.tnl_address;
	n.u.gtp_tunnel.gtp_teid = t->u.gtp_tunnel.gtp_teid;
	return gnb_tunnel_read(gnb, &n, peer, teid);
}

/* 9.2.3.5 of a flow; of one that nothing is known of, a default. */
static void flow_write(const struct gnb_flow *f, struct xnap_gbr_qos_flow_info *gbr,
	struct xnap_qos_flow_level_qos_parameters *q)
{
	static const struct gnb_flow plain = { .five_qi = 9, .arp_priority = 15 };
	struct xnap_qos_characteristics *c = &q->qos_characteristics;

	f = f ? f : &plain;
	if (f->dynamic) {
		c->tag = XNAP_QOS_CHARACTERISTICS_TAG_DYNAMIC;
		c->u.dynamic = (struct xnap_dynamic5_qi_descriptor){ .priority_level_qos = f->priority_level,
			.packet_delay_budget = f->packet_delay_budget,
			.packet_error_rate = { f->per_scalar, f->per_exponent },
			.has_five_qi = f->five_qi != 0,
			.five_qi = f->five_qi };
	} else {
		c->tag = XNAP_QOS_CHARACTERISTICS_TAG_NON_DYNAMIC;
		c->u.non_dynamic.five_qi = f->five_qi;
	}
	q->allocation_and_retention_prio = (struct xnap_allocationand_retention_priority){
		.priority_level = f->arp_priority,
		.pre_emption_capability =
			(enum xnap_allocationand_retention_priority_pre_emption_capability)f->may_pre_empt,
		.pre_emption_vulnerability =
			(enum xnap_allocationand_retention_priority_pre_emption_vulnerability)f->pre_emptable,
	};
	if (!f->is_gbr)
		return;
	*gbr = (struct xnap_gbr_qos_flow_info){ .max_flow_bit_rate_dl = (int64_t)f->mfbr_dl_bps,
		.max_flow_bit_rate_ul = (int64_t)f->mfbr_ul_bps,
		.guaranteed_flow_bit_rate_dl = (int64_t)f->gfbr_dl_bps,
		.guaranteed_flow_bit_rate_ul = (int64_t)f->gfbr_ul_bps };
	q->gbr_qos_flow_info = gbr;
}

/* A session as 9.2.1.1 has it; its parts live in the arena. */
struct described {
	struct xnap_qos_flows_to_be_setup_item flows[GNB_QFI_MAX + 1];
	struct xnap_gbr_qos_flow_info gbr[GNB_QFI_MAX + 1];
	struct xnap_qos_f_lows_to_be_forwarded_item forwarded[GNB_QFI_MAX + 1];
	struct xnap_qos_flow_item mapped[GNB_QFI_MAX + 1];
	struct xnap_drb_to_qos_flow_mapping_item drb;
	struct xnap_drb_to_qos_flow_mapping_list drbs;
	struct xnap_dataforwardingand_offloading_infofrom_source forwarding;
	struct xnap_pdu_session_aggregate_maximum_bit_rate ambr;
};

static void flows_describe(const struct gnb_session *s, struct described *d, size_t *n)
{
	for (uint8_t qfi = 0; qfi <= GNB_QFI_MAX; qfi++) {
		const struct gnb_flow *f = s->first_flow;

		if (!(s->flows >> qfi & 1))
			continue;
		while (f && f->qfi != qfi)
			f = f->next;
		d->flows[*n].qfi = d->mapped[*n].qfi = d->forwarded[*n].qos_flow_identifier = qfi;
		d->forwarded[*n].dl_dataforwarding = XNAP_DL_FORWARDING_DL_FORWARDING_PROPOSED;
		d->forwarded[*n].ul_dataforwarding = XNAP_UL_FORWARDING_UL_FORWARDING_PROPOSED;
		flow_write(f, &d->gbr[*n], &d->flows[*n].qos_flow_level_qos_parameters);
		++*n;
	}
}

static bool session_describe(
	struct gnb *gnb, const struct gnb_session *s, struct xnap_pdu_session_resources_to_be_setup_item *out)
{
	struct described *d = arena_alloc(&gnb->arena, sizeof(*d));
	struct ngap_s_nssai slice;
	size_t n = 0;

	if (!d || !ngap_s_nssai_of(&s->snssai, &gnb->arena, &slice))
		return false;
	*d = (struct described){ .drbs = { 1, &d->drb } };
	flows_describe(s, d, &n);
	d->drb.drb_id = s->drb;
	d->drb.qos_flows_list = (struct xnap_qos_flows_list){ n, d->mapped };
	d->forwarding =
		(struct xnap_dataforwardingand_offloading_infofrom_source){ { n, d->forwarded }, &d->drbs };
	d->ambr = (struct xnap_pdu_session_aggregate_maximum_bit_rate){ (int64_t)s->ambr_dl_bps,
		(int64_t)s->ambr_ul_bps };
	*out = (struct xnap_pdu_session_resources_to_be_setup_item){ .pdu_session_id = s->psi,
		.s_nssai = { slice.sst, slice.has_sd, slice.sd },
		.pdu_session_ambr = s->ambr_dl_bps || s->ambr_ul_bps ? &d->ambr : NULL,
		.pdu_session_type = (enum xnap_pdu_session_type)s->type,
		.qos_flows_to_be_setup_list = { n, d->flows },
		.dataforwardinginfofrom_source = &d->forwarding };
	return tunnel_write(gnb, &s->upf, s->ul_teid, &out->ul_ng_u_tnl_at_upf);
}

/* 33.501 6.9.2.3.2: vertically with an NH that is not in use yet, else horizontally. */
static bool key_for(const struct gnb_handover *h, uint8_t key[GNB_KEY_LEN], uint8_t *ncc)
{
	const struct gnb_ue *ue = h->ue;

	*ncc = ue->has_nh ? ue->nh_ncc : ue->ncc;
	return kdf_k_ngran_star(
		ue->has_nh ? ue->nh : ue->k_gnb, h->to->cells[h->to_cell].pci, UU_SSB_ARFCN, key);
}

static bool context_fill(struct gnb *gnb, const struct gnb_handover *h, uint8_t key[GNB_KEY_LEN],
	uint8_t capability[4][2], struct xnap_ue_context_info_ho_request *c)
{
	const struct gnb_ue *ue = h->ue;
	struct ngap_ue_security_capabilities have = gnb_capabilities(ue, capability);
	struct xnap_pdu_session_resources_to_be_setup_list *list = &c->pdu_session_resources_to_be_setup_list;

	*c = (struct xnap_ue_context_info_ho_request){ .ng_c_ue_reference = ue->amf_ue_ngap_id,
		.cp_tnl_info_source = { XNAP_CP_TRANSPORT_LAYER_INFORMATION_TAG_ENDPOINT_IP_ADDRESS,
			{ { ue->amf->addr.ip, (size_t)ue->amf->addr.len * 8 } } },
		.ue_security_capabilities = { have.nr_encryption_algorithms,
			have.nr_integrity_protection_algorithms, have.eutra_encryption_algorithms,
			have.eutra_integrity_protection_algorithms },
		.ue_ambr = { (int64_t)ue->ambr_dl_bps, (int64_t)ue->ambr_ul_bps },
		.rrc_context = gnb_preparation_information(gnb, ue, gnb_neighbour_nci(h->to, h->to_cell)) };
	list->items = arena_array(&gnb->arena, PDU_SESSIONS_MAX, sizeof(*list->items));
	if (!list->items || !c->rrc_context.data || !key_for(h, key, &c->security_information.ncc))
		return false;
	c->security_information.key_ng_ran_star = (struct per_bits){ key, GNB_KEY_LEN * 8 };
	for (uint8_t psi = 1; psi <= PDU_SESSIONS_MAX; psi++)
		if (ue->sessions[psi] &&
			!session_describe(gnb, ue->sessions[psi], &list->items[list->count++]))
			return false;
	return list->count > 0 && gnb_restrictions_give(gnb, ue, c);
}

static bool request_send(struct gnb *gnb, struct gnb_handover *h)
{
	const struct gnb_ue *ue = h->ue;
	uint8_t key[GNB_KEY_LEN], capability[4][2];
	struct xnap_last_visited_cell_item visited = { .tag = XNAP_LAST_VISITED_CELL_ITEM_TAG_NG_RAN_CELL };
	struct xnap_handover_request m = { .source_ng_ran_node_ue_xnap_id = ue->ran_ue_ngap_id,
		.cause =
			xnap_cause_radio(XNAP_CAUSE_RADIO_NETWORK_LAYER_HANDOVER_DESIRABLE_FOR_RADIO_REASONS),
		.guami = { ngap_plmn_of(&ue->guami.plmn, &gnb->arena), ue->guami.amf_region_id,
			ue->guami.amf_set_id, ue->guami.amf_pointer },
		.ue_history_information = { 1, &visited },
		.has_masked_imeisv = ue->masked_imeisv != 0,
		.masked_imeisv = ue->masked_imeisv };
	bool ok;

	m.target_cell_global_id.tag = XNAP_TARGET_CGI_TAG_NR;
	m.target_cell_global_id.u.nr = (struct xnap_nr_cgi){ ngap_plmn_of(&h->to->plmn, &gnb->arena),
		gnb_neighbour_nci(h->to, h->to_cell) };
	visited.u.ng_ran_cell = gnb_visited_cell(gnb, ue);
	h->stream = gnb_xn_stream(h->xn);
	ok = m.guami.plmn_id.data && m.target_cell_global_id.u.nr.plmn_id.data &&
	     visited.u.ng_ran_cell.data &&
	     context_fill(gnb, h, key, capability, &m.ue_context_info_ho_request) &&
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
	gnb->stat[GNB_STAT_HO_EXE_SUCC]++;
	gnb_ue_free(gnb, h->ue);
}

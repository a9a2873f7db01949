/*
 * Handover Preparation by N2, 38.413 8.4.1, at the source.
 *
 *   UE           gNB                                   AMF
 *    |            |-- HANDOVER REQUIRED ---------------->|    TNGRELOCprep; sessions, what the target is to
 * know
 *    |<- command -|<- HANDOVER COMMAND ------------------|    tunnels for forwarding; TNGRELOCoverall
 *    |            |<- HANDOVER PREPARATION FAILURE ------|    the UE stays
 */
#include "gnb/handover.h"

static bool global_gnb_id(struct gnb *gnb, const struct gnb_neighbour *n, struct ngap_global_ran_node_id *out,
	uint8_t octets[4])
{
	struct writer w = writer_of(octets, 4);
	struct ngap_global_gnb_id *id = &out->u.global_gnb_id;

	writer_u32(&w, n->gnb_id << (32 - n->gnb_id_bits));
	out->tag = NGAP_GLOBAL_RAN_NODE_ID_TAG_GLOBAL_GNB_ID;
	id->plmn_identity = ngap_plmn_of(&n->plmn, &gnb->arena);
	id->gnb_id.tag = NGAP_GNB_ID_TAG_GNB_ID;
	id->gnb_id.u.gnb_id = (struct per_bits){ octets, n->gnb_id_bits };
	return id->plmn_identity.data;
}

struct source_session {
	struct ngap_qos_flow_information_item flows[GNB_QFI_MAX + 1];
	struct ngap_associated_qos_flow_item mapped[GNB_QFI_MAX + 1];
	struct ngap_drbs_to_qos_flows_mapping_item drb;
	struct ngap_drbs_to_qos_flows_mapping_list drbs;
};

/* Forwarding is proposed for each flow (38.413 9.3.1.29). */
static bool session_describe(
	struct gnb *gnb, const struct gnb_session *s, struct ngap_pdu_session_resource_information_item *out)
{
	struct source_session *d = arena_alloc(&gnb->arena, sizeof(*d));
	size_t n = 0;

	if (!d)
		return false;
	*d = (struct source_session){ .drbs = { 1, &d->drb } };
	for (uint8_t qfi = 0; qfi <= GNB_QFI_MAX; qfi++) {
		if (!(s->flows >> qfi & 1))
			continue;
		d->flows[n] = (struct ngap_qos_flow_information_item){ .qos_flow_identifier = qfi,
			.has_dl_forwarding = true,
			.dl_forwarding = NGAP_DL_FORWARDING_DL_FORWARDING_PROPOSED };
		d->mapped[n++].qos_flow_identifier = qfi;
	}
	d->drb.drb_id = s->drb;
	d->drb.associated_qos_flow_list = (struct ngap_associated_qos_flow_list){ n, d->mapped };
	*out = (struct ngap_pdu_session_resource_information_item){ .pdu_session_id = s->psi,
		.qos_flow_information_list = { n, d->flows },
		.drbs_to_qos_flows_mapping_list = &d->drbs };
	return true;
}

/* 9.3.1.20, 9.3.1.29: for the target, of which the AMF reads nothing. */
struct bytes gnb_source_container(struct gnb *gnb, const struct gnb_handover *h)
{
	const struct gnb_ue *ue = h->ue;
	uint64_t nci = gnb_neighbour_nci(h->to, h->to_cell);
	struct ngap_pdu_session_resource_information_item items[PDU_SESSIONS_MAX];
	struct ngap_pdu_session_resource_information_list list = { 0, items };
	struct ngap_last_visited_cell_item visited = {
		.last_visited_cell_information.tag = NGAP_LAST_VISITED_CELL_INFORMATION_TAG_NGRAN_CELL
	};
	struct ngap_source_ngran_node_to_target_ngran_node_transparent_container t = {
		.rrc_container = gnb_preparation_information(gnb, ue, nci),
		.ue_history_information = { 1, &visited },
		.pdu_session_resource_information_list = &list,
	};
	struct bytes plmn = ngap_plmn_of(&h->to->plmn, &gnb->arena);

	t.target_cell_id.tag = NGAP_NGRAN_CGI_TAG_NR_CGI;
	t.target_cell_id.u.nr_cgi = (struct ngap_nr_cgi){ plmn, nci };
	visited.last_visited_cell_information.u.ngran_cell = gnb_visited(gnb, ue);
	for (uint8_t psi = 1; psi <= PDU_SESSIONS_MAX; psi++)
		if (ue->sessions[psi] && !session_describe(gnb, ue->sessions[psi], &items[list.count++]))
			return BYTES_NONE;
	if (!t.rrc_container.data || !plmn.data)
		return BYTES_NONE;
	return ngap_value_bytes(
		&ngap_source_ngran_node_to_target_ngran_node_transparent_container_type, &t, &gnb->arena);
}

static bool required_send(struct gnb *gnb, struct gnb_handover *h)
{
	struct gnb_ue *ue = h->ue;
	struct ngap_handover_required_transfer transfer = { h->direct, 0 };
	struct ngap_pdu_session_resource_item_ho_rqd items[PDU_SESSIONS_MAX] = { 0 };
	struct ngap_pdu_session_resource_list_ho_rqd *list;
	struct ngap_handover_required m = { .amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->ran_ue_ngap_id,
		.handover_type = NGAP_HANDOVER_TYPE_INTRA5GS,
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_HANDOVER_DESIRABLE_FOR_RADIO_REASON),
		.has_direct_forwarding_path_availability = h->direct };
	struct ngap_target_ran_node_id *target = &m.target_id.u.target_ran_node_id;
	struct tai tai = { h->to->plmn, h->to->cells[h->to_cell].tac };
	struct bytes octets = ngap_value_bytes(&ngap_handover_required_transfer_type, &transfer, &gnb->arena);
	uint8_t id[4];

	list = &m.pdu_session_resource_list_ho_rqd;
	list->items = items;
	for (uint8_t psi = 1; psi <= PDU_SESSIONS_MAX; psi++)
		if (ue->sessions[psi])
			items[list->count++] = (struct ngap_pdu_session_resource_item_ho_rqd){ psi, octets };
	m.target_id.tag = NGAP_TARGET_ID_TAG_TARGET_RAN_NODE_ID;
	m.source_to_target_transparent_container = gnb_source_container(gnb, h);
	return list->count > 0 && octets.data && m.source_to_target_transparent_container.data &&
	       global_gnb_id(gnb, h->to, &target->global_ran_node_id, id) &&
	       ngap_tai_of(&tai, &gnb->arena, &target->selected_tai) &&
	       gnb_n2_send_ue(gnb, ue, NGAP_MSG_HANDOVER_REQUIRED, &m);
}

const struct handover_way gnb_by_n2 = {
	.name = "N2",
	.triggered = NGAP_CAUSE_RADIO_NETWORK_NG_INTRA_SYSTEM_HANDOVER_TRIGGERED,
	.prep_expiry = NGAP_CAUSE_RADIO_NETWORK_TNGRELOCPREP_EXPIRY,
	.overall_expiry = NGAP_CAUSE_RADIO_NETWORK_TNGRELOCOVERALL_EXPIRY,
	.require = required_send,
	.cancel = gnb_handover_cancel_send,
	.status_transfer = gnb_uplink_ran_status_transfer,
	.arrived = gnb_handover_notify_send,
};

/* 9.3.4.10: where the session's downlink is to go meanwhile; false: malformed. */
static bool forwarding_read(struct gnb *gnb, const struct ngap_pdu_session_resource_handover_item *item,
	struct gnb_forwarding *out)
{
	struct ngap_handover_command_transfer t;
	struct per_diag diag;

	*out = (struct gnb_forwarding){ .psi = item->pdu_session_id };
	if (item->pdu_session_id < 1 || item->pdu_session_id > PDU_SESSIONS_MAX ||
		!ngap_value_decode(&ngap_handover_command_transfer_type, item->handover_command_transfer,
			&gnb->arena, &t, &diag))
		return false;
	return !t.dl_forwarding_up_tnl_information ||
	       gnb_tunnel_read(gnb, t.dl_forwarding_up_tnl_information, &out->peer, &out->teid);
}

/* The handover of the UE that the message is about, in the state of being prepared. */
static struct gnb_handover *handover_find(
	struct gnb *gnb, struct gnb_amf *amf, uint64_t amf_ue_ngap_id, uint32_t ran_ue_ngap_id)
{
	struct gnb_ue *ue = gnb_n2_ue_find(gnb, amf, amf_ue_ngap_id, ran_ue_ngap_id);
	struct gnb_handover *h = ue ? gnb_handover_from(ue) : NULL;

	if (h && h->way == &gnb_by_n2)
		return h;
	gnb->stat[GNB_STAT_NGAP_UNEXPECTED] += ue != NULL; /* late: it was cancelled */
	return NULL;
}

void gnb_n2_handover_command(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_handover_command *m = pdu->u.handover_command;
	const struct ngap_pdu_session_resource_handover_list *list = m->pdu_session_resource_handover_list;
	struct gnb_handover *h = handover_find(gnb, amf, m->amf_ue_ngap_id, m->ran_ue_ngap_id);
	struct ngap_target_ngran_node_to_source_ngran_node_transparent_container t = { 0 };
	struct gnb_command command = { 0 };
	struct per_diag diag;

	if (!h)
		return;
	/* What cannot be read is as if nothing were to be forwarded, or, of the command, as if there were
	 * none. */
	for (size_t i = 0; list && i < list->count && command.count < PDU_SESSIONS_MAX; i++)
		command.count += forwarding_read(gnb, &list->items[i], &command.forwarding[command.count]);
	if (ngap_value_decode(&ngap_target_ngran_node_to_source_ngran_node_transparent_container_type,
		    m->target_to_source_transparent_container, &gnb->arena, &t, &diag))
		command.container = t.rrc_container;
	if (gnb_source_event(gnb, h, SOURCE_EV_COMMAND, &command) == FSM_UNLISTED)
		gnb->stat[GNB_STAT_NGAP_UNEXPECTED]++;
}

void gnb_n2_handover_preparation_failure(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_handover_preparation_failure *m = pdu->u.handover_preparation_failure;
	struct gnb_handover *h = m->no_amf_ue_ngap_id || m->no_ran_ue_ngap_id
					 ? NULL
					 : handover_find(gnb, amf, m->amf_ue_ngap_id, m->ran_ue_ngap_id);
	char text[NGAP_CAUSE_TEXT_SIZE];

	if (!h)
		return;
	if (!m->no_cause && m->cause.tag == NGAP_CAUSE_TAG_RADIO_NETWORK)
		gnb->figures.by_cause[m->cause.u.radio_network][GNB_CAUSE_HO_PREP]++;
	else
		gnb->figures.by_cause[NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED][GNB_CAUSE_HO_PREP]++;
	gnb_source_event(gnb, h, SOURCE_EV_FAILED, ngap_cause_text(m->no_cause ? NULL : &m->cause, text));
}

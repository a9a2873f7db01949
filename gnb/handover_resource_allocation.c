/*
 * Handover Resource Allocation by N2, 38.413 8.4.2, at the target.
 *
 *   gNB                                        AMF
 *    |<- HANDOVER REQUEST ----------------------|    {NH, NCC}, capabilities, sessions, the source's
 * container
 *    |-- HANDOVER REQUEST ACKNOWLEDGE --------->|    tunnels, HandoverCommand for the UE; the UE is expected
 *    |-- HANDOVER FAILURE --------------------->|    no such cell, no algorithm, no session, no room
 */
#include "gnb/handover.h"
#include "radio/uu.h"

static const enum ngap_cause_radio_network no_common_algorithm =
	NGAP_CAUSE_RADIO_NETWORK_ENCRYPTION_AND_OR_INTEGRITY_PROTECTION_ALGORITHMS_NOT_SUPPORTED;

/* Its parts live in the arena. */
struct allocation {
	const struct ngap_handover_request *m;
	struct ngap_source_ngran_node_to_target_ngran_node_transparent_container source;
	enum ngap_cause_radio_network cause; /* why it fails */
	struct gnb_ue *ue;
	struct ngap_pdu_session_resource_admitted_item admitted[PDU_SESSIONS_MAX];
	struct ngap_pdu_session_resource_failed_to_setup_item_ho_ack failed[GNB_ITEMS_MAX];
	struct ngap_pdu_session_resource_admitted_list admitted_list;
	struct ngap_pdu_session_resource_failed_to_setup_list_ho_ack failed_list;
};

static void failure_send(struct gnb *gnb, struct gnb_amf *amf, const struct allocation *a)
{
	struct ngap_handover_failure m = { .amf_ue_ngap_id = a->m->amf_ue_ngap_id,
		.cause = ngap_cause_radio(a->cause) };
	char text[NGAP_CAUSE_TEXT_SIZE];

	gnb->figures.by_cause[a->cause][GNB_CAUSE_HO_ALLOC]++;
	log_warn(gnb->env->log, "AMF %s: no handover to this gNB: %s", amf->name,
		ngap_cause_text(&m.cause, text));
	gnb_n2_send(gnb, amf, 0, NGAP_MSG_HANDOVER_FAILURE, &m);
}

/* The source's container, and the cell that it asks for. */
static bool source_read(struct gnb *gnb, struct allocation *a, uint8_t *cell)
{
	const struct ngap_nr_cgi *cgi = &a->source.target_cell_id.u.nr_cgi;
	struct per_diag diag;
	struct plmn plmn;

	a->cause = NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED;
	if (!ngap_value_decode(&ngap_source_ngran_node_to_target_ngran_node_transparent_container_type,
		    a->m->source_to_target_transparent_container, &gnb->arena, &a->source, &diag) ||
		!gnb_preparation_information_read(gnb, a->source.rrc_container))
		return false;
	a->cause = NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_TARGET_ID;
	if (a->source.target_cell_id.tag != NGAP_NGRAN_CGI_TAG_NR_CGI)
		return false;
	plmn = ngap_plmn(cgi->plmn_identity);
	for (*cell = 0; *cell < gnb->config.cell_count; ++*cell)
		if (gnb->places[*cell].ncgi.nci == cgi->nr_cell_identity &&
			plmn_equal(&gnb->places[*cell].ncgi.plmn, &plmn))
			return true;
	return false;
}

static bool forwarding_is_proposed(const struct allocation *a, uint8_t psi)
{
	const struct ngap_pdu_session_resource_information_list *list =
		a->source.pdu_session_resource_information_list;

	for (size_t i = 0; list && i < list->count; i++) {
		const struct ngap_qos_flow_information_list *flows =
			&list->items[i].qos_flow_information_list;

		for (size_t k = 0; list->items[i].pdu_session_id == psi && k < flows->count; k++)
			if (flows->items[k].has_dl_forwarding)
				return true;
	}
	return false;
}

/* The bearer keeps its number, where it is free: it is named by it in RAN STATUS TRANSFER. */
static void bearer_keep(struct gnb_session *s, const struct allocation *a)
{
	const struct ngap_pdu_session_resource_information_list *list =
		a->source.pdu_session_resource_information_list;

	for (size_t i = 0; list && i < list->count; i++) {
		const struct ngap_drbs_to_qos_flows_mapping_list *drbs =
			list->items[i].drbs_to_qos_flows_mapping_list;
		int64_t drb = drbs ? drbs->items[0].drb_id : 0;

		if (list->items[i].pdu_session_id == s->psi)
			gnb_drb_set(s, drb);
	}
}

/* 9.3.4.11 */
/* 9.3.1.63: the SMF knows no way for it, so no tunnel is kept. */
static bool forwarding_is_possible(struct gnb *gnb, struct bytes transfer)
{
	struct ngap_pdu_session_resource_setup_request_transfer t;
	struct per_diag diag;

	return ngap_value_decode(&ngap_pdu_session_resource_setup_request_transfer_type, transfer,
		       &gnb->arena, &t, &diag) &&
	       !t.has_data_forwarding_not_possible;
}

static struct bytes acknowledge_transfer(struct gnb *gnb, const struct gnb_session *s)
{
	struct ngap_qos_flow_item_with_data_forwarding flows[GNB_QFI_MAX + 1] = { 0 };
	struct ngap_up_transport_layer_information forwarding;
	struct ngap_security_result result;
	struct ngap_handover_request_acknowledge_transfer t = { .qos_flow_setup_response_list = {
									0, flows } };

	t.security_result = gnb_protection_result(&s->protection, &result) ? &result : NULL;
	for (uint8_t qfi = 0; qfi <= GNB_QFI_MAX; qfi++) {
		if (!(s->flows >> qfi & 1))
			continue;
		flows[t.qos_flow_setup_response_list.count++] =
			(struct ngap_qos_flow_item_with_data_forwarding){
				.qos_flow_identifier = qfi,
				.has_data_forwarding_accepted = s->reception != NULL,
				.data_forwarding_accepted =
					NGAP_DATA_FORWARDING_ACCEPTED_DATA_FORWARDING_ACCEPTED,
			};
	}
	if (!gnb_tunnel_write(gnb, &s->dl, s->dl_teid, &t.dl_ngu_up_tnl_information))
		return BYTES_NONE;
	if (s->reception) {
		if (!gnb_tunnel_write(gnb, &s->dl, gnb_reception_teid(s), &forwarding))
			return BYTES_NONE;
		t.dl_forwarding_up_tnl_information = &forwarding;
	}
	return ngap_value_bytes(&ngap_handover_request_acknowledge_transfer_type, &t, &gnb->arena);
}

static struct bytes unsuccessful_transfer(struct gnb *gnb, uint8_t cause)
{
	struct ngap_handover_resource_allocation_unsuccessful_transfer t = {
		.cause = ngap_cause_radio((enum ngap_cause_radio_network)cause)
	};

	return ngap_value_bytes(
		&ngap_handover_resource_allocation_unsuccessful_transfer_type, &t, &gnb->arena);
}

static void session_allocate(
	struct gnb *gnb, struct allocation *a, const struct ngap_pdu_session_resource_setup_item_ho_req *in)
{
	struct gnb_item item = { .psi = in->pdu_session_id, .slice_row = gnb_slice_row(gnb, &in->s_nssai) };
	struct gnb_session *s = gnb_session_make(
		gnb, a->ue, item.psi, &in->s_nssai, in->handover_request_transfer, &item.flows, &item.cause);

	gnb_count_setup(gnb, item.slice_row);
	item.state = s ? ITEM_DONE : ITEM_FAILED;
	gnb_count_set_up(gnb, &item);
	if (!s) {
		a->failed[a->failed_list.count].pdu_session_id = item.psi;
		a->failed[a->failed_list.count++].handover_resource_allocation_unsuccessful_transfer =
			unsuccessful_transfer(gnb, item.cause);
		return;
	}
	bearer_keep(s, a);
	if (forwarding_is_proposed(a, item.psi) && forwarding_is_possible(gnb, in->handover_request_transfer))
		may_fail(gnb_forward_expect(gnb, s)); /* without it, packets are lost */
	a->admitted[a->admitted_list.count].pdu_session_id = item.psi;
	a->admitted[a->admitted_list.count++].handover_request_acknowledge_transfer =
		acknowledge_transfer(gnb, s);
}

/* 33.501 6.9.2.3.3: the AMF's NH is fresh, or K_gNB of another K_AMF, which its New Security Context
 * Indicator says. */
static bool security_take(struct gnb *gnb, struct allocation *a)
{
	const struct ngap_security_context *c = &a->m->security_context;
	uint8_t nh[GNB_KEY_LEN];
	bool ok;

	gnb_capabilities_take(a->ue, &a->m->ue_security_capabilities);
	ok = gnb_algorithms_choose(gnb, a->ue);
	if (!ok)
		a->cause = no_common_algorithm;
	ok = ok && bytes_copy(nh, sizeof(nh), bytes_of(c->next_hop_nh.data, c->next_hop_nh.len_bits / 8)) &&
	     gnb_key_next(a->ue, nh, gnb->config.cells[a->ue->radio.cell].pci, UU_SSB_ARFCN,
		     c->next_hop_chaining_count);
	explicit_bzero(nh, sizeof(nh));
	return ok;
}

static bool acknowledge_send(struct gnb *gnb, const struct allocation *a)
{
	struct ngap_target_ngran_node_to_source_ngran_node_transparent_container t = {
		.rrc_container = gnb_handover_command(gnb, a->ue, a->m->has_new_security_context_ind)
	};
	struct ngap_handover_request_acknowledge m = {
		.amf_ue_ngap_id = a->ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = a->ue->ran_ue_ngap_id,
		.pdu_session_resource_admitted_list = a->admitted_list,
	};
	struct ngap_pdu_session_resource_failed_to_setup_list_ho_ack failed = a->failed_list;

	if (failed.count)
		m.pdu_session_resource_failed_to_setup_list_ho_ack = &failed;
	if (!t.rrc_container.data)
		return false;
	m.target_to_source_transparent_container = ngap_value_bytes(
		&ngap_target_ngran_node_to_source_ngran_node_transparent_container_type, &t, &gnb->arena);
	return m.target_to_source_transparent_container.data &&
	       gnb_n2_send_ue(gnb, a->ue, NGAP_MSG_HANDOVER_REQUEST_ACKNOWLEDGE, &m);
}

/* a->ue is there; on false it goes again. */
static bool allocate(struct gnb *gnb, struct allocation *a)
{
	const struct ngap_pdu_session_resource_setup_list_ho_req *list =
		&a->m->pdu_session_resource_setup_list_ho_req;
	struct gnb_handover *h;

	a->ue->has_amf_ue_ngap_id = true;
	a->ue->amf_ue_ngap_id = a->m->amf_ue_ngap_id;
	a->ue->guami = ngap_guami(&a->m->guami);
	a->ue->masked_imeisv = a->m->has_masked_imeisv ? a->m->masked_imeisv : 0;
	a->ue->ambr_dl_bps = (uint64_t)a->m->ue_aggregate_maximum_bit_rate.ue_aggregate_maximum_bit_rate_dl;
	a->ue->ambr_ul_bps = (uint64_t)a->m->ue_aggregate_maximum_bit_rate.ue_aggregate_maximum_bit_rate_ul;
	if (!security_take(gnb, a))
		return false;
	for (size_t i = 0; i < list->count && i < GNB_ITEMS_MAX; i++)
		session_allocate(gnb, a, &list->items[i]);
	a->cause = NGAP_CAUSE_RADIO_NETWORK_NO_RADIO_RESOURCES_AVAILABLE_IN_TARGET_CELL;
	h = a->admitted_list.count && gnb_restrictions_take(gnb, a->ue, a->m->mobility_restriction_list)
		    ? gnb_handover_new(gnb, a->ue, &gnb_by_n2, true)
		    : NULL;
	if (!h)
		return false;
	gnb_handover_expect(gnb, h);
	return acknowledge_send(gnb, a);
}

void gnb_n2_handover_request(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	struct allocation *a = arena_alloc(&gnb->arena, sizeof(*a));
	uint8_t cell;

	gnb->stat[GNB_STAT_HO_ALLOC_REQ]++;
	if (!a) {
		gnb->stat[GNB_STAT_EXHAUSTED]++;
		return;
	}
	*a = (struct allocation){ .m = pdu->u.handover_request,
		.admitted_list.items = a->admitted,
		.failed_list.items = a->failed };
	if (source_read(gnb, a, &cell)) {
		a->cause = NGAP_CAUSE_RADIO_NETWORK_NO_RADIO_RESOURCES_AVAILABLE_IN_TARGET_CELL;
		a->ue = gnb_ue_expected(gnb, amf, cell);
		if (a->ue && allocate(gnb, a)) {
			gnb->stat[GNB_STAT_HO_ALLOC_SUCC]++;
			log_info(gnb->env->log, "RAN UE %u is expected by N2 from AMF %s, %zu sessions",
				a->ue->ran_ue_ngap_id, amf->name, a->admitted_list.count);
			return;
		}
		if (a->ue)
			gnb_ue_free(gnb, a->ue);
	}
	failure_send(gnb, amf, a);
}

/*
 * Path Switch Request, 38.413 8.4.4, at the target of a handover by Xn.
 *
 *   UE              target                                 AMF              source
 *    |-- complete -->|-- PATH SWITCH REQUEST ---------------->|                |    downlink comes here
 *    |               |<- PATH SWITCH REQUEST ACKNOWLEDGE -----|                |    {NH, NCC}, uplink tunnels
 *    |               |-- UE CONTEXT RELEASE (Xn) --------------------------- ->|
 *    |<- (lost) -----|<- PATH SWITCH REQUEST FAILURE ---------|
 */
#include "gnb/xn.h"

/* 9.3.4.8 */
static struct bytes switch_transfer(struct gnb *gnb, const struct gnb_session *s)
{
	struct ngap_qos_flow_accepted_item flows[GNB_QFI_MAX + 1] = { 0 };
	struct ngap_path_switch_request_transfer t = { .qos_flow_accepted_list = { 0, flows } };
	struct ngap_user_plane_security_information protection = { gnb_protection_done(&s->protection) };

	for (uint8_t qfi = 0; qfi <= GNB_QFI_MAX; qfi++)
		if (s->flows >> qfi & 1)
			flows[t.qos_flow_accepted_list.count++].qos_flow_identifier = qfi;
	t.user_plane_security_information = s->protection.wanted ? &protection : NULL;
	if (!gnb_protection_write(&s->protection, &gnb->arena, &protection.security_indication) ||
		!gnb_tunnel_write(gnb, &s->dl, s->dl_teid, &t.dl_ngu_up_tnl_information))
		return BYTES_NONE;
	return ngap_value_bytes(&ngap_path_switch_request_transfer_type, &t, &gnb->arena);
}

bool gnb_path_switch_request_send(struct gnb *gnb, struct gnb_handover *h)
{
	struct gnb_ue *ue = h->ue;
	struct ngap_pdu_session_resource_to_be_switched_dl_item items[PDU_SESSIONS_MAX] = { 0 };
	struct ngap_path_switch_request m = { .ran_ue_ngap_id = ue->ran_ue_ngap_id,
		.source_amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.pdu_session_resource_to_be_switched_dl_list = { 0, items } };
	size_t *n = &m.pdu_session_resource_to_be_switched_dl_list.count;
	uint8_t capability[4][2];

	gnb->stat[GNB_STAT_PATH_SWITCH_REQ]++;
	m.ue_security_capabilities = gnb_capabilities(ue, capability);
	for (uint8_t psi = 1; psi <= PDU_SESSIONS_MAX; psi++)
		if (ue->sessions[psi])
			items[(*n)++] = (struct ngap_pdu_session_resource_to_be_switched_dl_item){ psi,
				switch_transfer(gnb, ue->sessions[psi]) };
	if (gnb_cell_location(gnb, ue->radio.cell, &m.user_location_information))
		gnb_n2_send_ue(gnb, ue, NGAP_MSG_PATH_SWITCH_REQUEST, &m);
	gnb_handover_timer_set(gnb, h, GNB_PREPARATION_MS);
	return true;
}

static struct gnb_handover *switching(struct gnb *gnb, struct gnb_amf *amf, uint32_t ran_ue_ngap_id)
{
	struct gnb_ue *ue = gnb_ue_of_ran_id(gnb, amf, ran_ue_ngap_id);
	struct gnb_handover *h = ue ? ue->handover : NULL;

	if (h && h->is_target && h->state == TARGET_SWITCHING)
		return h;
	gnb->stat[GNB_STAT_NGAP_UNEXPECTED]++;
	return NULL;
}

/* 33.501 6.6.1: the SMF has another policy than the source had told, and what cannot be met ends. */
static void policy_take(
	struct gnb *gnb, struct gnb_session *s, const struct ngap_security_indication *indication)
{
	struct gnb_protection wanted;
	uint8_t cause;

	if (gnb_protection_read(gnb, indication, &wanted, &cause))
		s->protection = wanted;
	else
		gnb_session_end(gnb, s,
			(struct ngap_cause){ NGAP_CAUSE_TAG_RADIO_NETWORK, { .radio_network = cause } });
}

/* 9.3.4.9: the UPF's tunnel may be another one. */
static void session_switched(
	struct gnb *gnb, struct gnb_ue *ue, const struct ngap_pdu_session_resource_switched_item *item)
{
	struct ngap_path_switch_request_acknowledge_transfer t;
	struct gnb_session *s =
		item->pdu_session_id <= PDU_SESSIONS_MAX ? ue->sessions[item->pdu_session_id] : NULL;
	struct per_diag diag;
	struct addr upf;
	uint32_t teid;

	if (!s || !ngap_value_decode(&ngap_path_switch_request_acknowledge_transfer_type,
			  item->path_switch_request_acknowledge_transfer, &gnb->arena, &t, &diag))
		return;
	if (t.ul_ngu_up_tnl_information && gnb_tunnel_read(gnb, t.ul_ngu_up_tnl_information, &upf, &teid))
		gnb_session_set_upf(gnb, s, &upf, teid);
	if (t.security_indication)
		policy_take(gnb, s, t.security_indication);
}

static void session_released(struct gnb *gnb, struct gnb_ue *ue, uint8_t psi)
{
	struct gnb_session *s = psi <= PDU_SESSIONS_MAX ? ue->sessions[psi] : NULL;

	if (!s)
		return;
	gnb_rrc_release_bearer(gnb, ue, s->drb, BYTES_NONE);
	gnb_session_free(gnb, s);
}

/* 33.501 6.9.2.3.2: for the next handover. */
static void next_hop_take(struct gnb_ue *ue, const struct ngap_security_context *c)
{
	ue->nh_ncc = c->next_hop_chaining_count;
	ue->has_nh = bytes_copy(
		ue->nh, sizeof(ue->nh), bytes_of(c->next_hop_nh.data, c->next_hop_nh.len_bits / 8));
}

static void context_release_send(struct gnb *gnb, struct gnb_handover *h)
{
	struct xnap_ue_context_release m = { .source_ng_ran_node_ue_xnap_id = h->peer_id,
		.target_ng_ran_node_ue_xnap_id = h->ue->ran_ue_ngap_id };

	if (h->xn->state == XN_READY)
		gnb_xn_send(gnb, h->xn, h->stream, XNAP_MSG_UE_CONTEXT_RELEASE, &m);
}

void gnb_n2_path_switch_request_acknowledge(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_path_switch_request_acknowledge *m = pdu->u.path_switch_request_acknowledge;
	const struct ngap_pdu_session_resource_released_list_ps_ack *released =
		m->pdu_session_resource_released_list_ps_ack;
	struct gnb_handover *h = m->no_ran_ue_ngap_id ? NULL : switching(gnb, amf, m->ran_ue_ngap_id);
	struct gnb_ue *ue = h ? h->ue : NULL;

	if (!h)
		return;
	if (!m->no_amf_ue_ngap_id)
		ue->amf_ue_ngap_id = m->amf_ue_ngap_id;
	next_hop_take(ue, &m->security_context);
	if (m->ue_security_capabilities) /* the source had others: 33.501 6.7.3.1 */
		gnb_capabilities_take(ue, m->ue_security_capabilities);
	for (size_t i = 0;
		!m->no_pdu_session_resource_switched_list && i < m->pdu_session_resource_switched_list.count;
		i++)
		session_switched(gnb, ue, &m->pdu_session_resource_switched_list.items[i]);
	for (size_t i = 0; released && i < released->count; i++)
		session_released(gnb, ue, released->items[i].pdu_session_id);
	context_release_send(gnb, h);
	gnb_target_event(gnb, h, TARGET_EV_SWITCHED, NULL);
}

void gnb_n2_path_switch_request_failure(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_path_switch_request_failure *m = pdu->u.path_switch_request_failure;
	struct gnb_handover *h = m->no_ran_ue_ngap_id ? NULL : switching(gnb, amf, m->ran_ue_ngap_id);

	if (h)
		gnb_target_event(gnb, h, TARGET_EV_FAILED, m);
}

/*
 * PDU Session Resource Modify, 38.413 8.2.3.
 *
 *   UE             gNB                                         AMF
 *    |              |<- PDU SESSION RESOURCE MODIFY REQUEST ----|
 *    |<- bearers ---|                                           |
 *    |-- complete ->|-- PDU SESSION RESOURCE MODIFY RESPONSE -->|    what was modified and what was not
 */
#include "gnb/admission.h"
#include "gnb/handover.h"

struct change {
	uint64_t added, released; /* QFIs */
	bool has_upf;
	struct addr upf;
	uint32_t ul_teid;
	const struct ngap_qos_flow_add_or_modify_request_list *wishes; /* NULL: none */
};

static bool transfer_read(struct gnb *gnb, struct bytes octets, struct change *c)
{
	struct ngap_pdu_session_resource_modify_request_transfer t;
	struct per_diag diag;

	*c = (struct change){ 0 };
	if (!ngap_value_decode(
		    &ngap_pdu_session_resource_modify_request_transfer_type, octets, &gnb->arena, &t, &diag))
		return false;
	c->wishes = t.qos_flow_add_or_modify_request_list;
	if (t.ul_ngu_up_tnl_modify_list) {
		c->has_upf = true;
		if (!gnb_tunnel_read(gnb, &t.ul_ngu_up_tnl_modify_list->items[0].ul_ngu_up_tnl_information,
			    &c->upf, &c->ul_teid))
			return false;
	}
	for (size_t i = 0;
		t.qos_flow_add_or_modify_request_list && i < t.qos_flow_add_or_modify_request_list->count;
		i++) {
		int64_t qfi = t.qos_flow_add_or_modify_request_list->items[i].qos_flow_identifier;

		if (qfi < 0 || qfi > GNB_QFI_MAX)
			return false;
		c->added |= UINT64_C(1) << qfi;
	}
	for (size_t i = 0; t.qos_flow_to_release_list && i < t.qos_flow_to_release_list->count; i++) {
		int64_t qfi = t.qos_flow_to_release_list->items[i].qos_flow_identifier;

		if (qfi < 0 || qfi > GNB_QFI_MAX)
			return false;
		c->released |= UINT64_C(1) << qfi;
	}
	return true;
}

static void wishes_take(struct gnb *gnb, struct gnb_session *s, const struct change *c)
{
	for (size_t i = 0; c->wishes && i < c->wishes->count; i++) {
		const struct ngap_qos_flow_add_or_modify_request_item *w = &c->wishes->items[i];

		uint8_t qfi = (uint8_t)w->qos_flow_identifier;

		if (!w->qos_flow_level_qos_parameters)
			continue;
		if (gnb_flow_admit(gnb, s, qfi, w->qos_flow_level_qos_parameters))
			may_fail(gnb_flow_take(gnb, s, qfi, w->qos_flow_level_qos_parameters));
		else
			s->refused |= UINT64_C(1) << qfi;
	}
	for (uint8_t qfi = 0; qfi <= GNB_QFI_MAX; qfi++)
		if (c->released >> qfi & 1)
			gnb_flow_drop(gnb, s, qfi);
}

static void modify_one(
	struct gnb *gnb, struct gnb_procedure *p, uint8_t psi, struct bytes transfer, struct bytes nas)
{
	struct gnb_item *item = &p->items[p->count++];
	struct gnb_session *s = psi <= PDU_SESSIONS_MAX ? p->ue->sessions[psi] : NULL;
	struct change c;

	*item = (struct gnb_item){ .psi = psi, .state = ITEM_FAILED };
	item->cause = NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_PDU_SESSION_ID;
	if (!s)
		return;
	item->cause = (uint8_t)gnb_handover_refuses(p->ue);
	if (item->cause != NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED)
		return;
	if (!transfer_read(gnb, transfer, &c))
		return;
	/* 8.2.3.4: at least one flow must stay. */
	item->cause = NGAP_CAUSE_RADIO_NETWORK_INVALID_QOS_COMBINATION;
	if (((s->flows | c.added) & ~c.released) == 0)
		return;
	item->flows_before = s->flows;
	s->flows = (s->flows | c.added) & ~c.released;
	item->flows = c.added;
	s->refused = 0;
	wishes_take(gnb, s, &c);
	item->refused = s->refused; /* what there was of them stays (8.2.3.2) */
	item->flows &= ~s->refused;
	s->flows &= ~(s->refused & ~item->flows_before);
	if (c.has_upf) {
		item->upf_before = s->upf;
		item->ul_teid_before = s->ul_teid;
		gnb_session_set_upf(gnb, s, &c.upf, c.ul_teid);
	}
	item->cause = NGAP_CAUSE_RADIO_NETWORK_RADIO_CONNECTION_WITH_UE_LOST;
	if (gnb_rrc_set_bearer(gnb, s, nas))
		item->state = ITEM_WAITING;
}

/* 9.3.4.4 */
static struct bytes response_transfer(struct gnb *gnb, const struct gnb_item *item)
{
	struct ngap_qos_flow_add_or_modify_response_item flows[GNB_QFI_MAX + 1] = { 0 };
	struct ngap_qos_flow_add_or_modify_response_list list = { 0, flows };
	struct ngap_qos_flow_with_cause_item failed[GNB_QFI_MAX + 1];
	struct ngap_qos_flow_list_with_cause noes = { 0, failed };
	struct ngap_pdu_session_resource_modify_response_transfer t = { 0 };

	for (uint8_t qfi = 0; qfi <= GNB_QFI_MAX; qfi++)
		if (item->flows >> qfi & 1)
			flows[list.count++].qos_flow_identifier = qfi;
	t.qos_flow_add_or_modify_response_list = list.count ? &list : NULL;
	noes.count = gnb_refused_list(item->refused, failed);
	t.qos_flow_failed_to_add_or_modify_list = noes.count ? &noes : NULL;
	return ngap_value_bytes(&ngap_pdu_session_resource_modify_response_transfer_type, &t, &gnb->arena);
}

static struct bytes failure_transfer(struct gnb *gnb, uint8_t cause)
{
	struct ngap_pdu_session_resource_modify_unsuccessful_transfer t = {
		.cause = ngap_cause_radio((enum ngap_cause_radio_network)cause)
	};

	return ngap_value_bytes(
		&ngap_pdu_session_resource_modify_unsuccessful_transfer_type, &t, &gnb->arena);
}

/* 8.2.3.3: the session is as it was. */
static void modify_undo(struct gnb *gnb, struct gnb_ue *ue, const struct gnb_item *item)
{
	struct gnb_session *s = item->psi <= PDU_SESSIONS_MAX ? ue->sessions[item->psi] : NULL;

	if (s && item->flows_before)
		s->flows = item->flows_before;
	if (s && item->upf_before.len)
		gnb_session_set_upf(gnb, s, &item->upf_before, item->ul_teid_before);
}

static void modify_answer(struct gnb *gnb, struct gnb_procedure *p)
{
	struct gnb_ue *ue = p->ue;
	struct ngap_pdu_session_resource_modify_item_mod_res done[GNB_ITEMS_MAX] = { 0 };
	struct ngap_pdu_session_resource_failed_to_modify_item_mod_res failed[GNB_ITEMS_MAX] = { 0 };
	struct ngap_pdu_session_resource_modify_list_mod_res done_list = { 0, done };
	struct ngap_pdu_session_resource_failed_to_modify_list_mod_res failed_list = { 0, failed };
	struct ngap_pdu_session_resource_modify_response m = {
		.amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->ran_ue_ngap_id,
	};

	for (uint8_t i = 0; i < p->count; i++) {
		const struct gnb_item *item = &p->items[i];

		if (item->state == ITEM_DONE) {
			done[done_list.count].pdu_session_id = item->psi;
			done[done_list.count++].pdu_session_resource_modify_response_transfer =
				response_transfer(gnb, item);
		} else {
			modify_undo(gnb, ue, item);
			failed[failed_list.count].pdu_session_id = item->psi;
			failed[failed_list.count++].pdu_session_resource_modify_unsuccessful_transfer =
				failure_transfer(gnb, item->cause);
		}
	}
	m.pdu_session_resource_modify_list_mod_res = done_list.count ? &done_list : NULL;
	m.pdu_session_resource_failed_to_modify_list_mod_res = failed_list.count ? &failed_list : NULL;
	gnb_n2_send_ue(gnb, ue, NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_RESPONSE, &m);
}

static const struct procedure_kind session_modification = { modify_answer, false };

void gnb_n2_pdu_session_resource_modify_request(
	struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_pdu_session_resource_modify_request *m = pdu->u.pdu_session_resource_modify_request;
	const struct ngap_pdu_session_resource_modify_list_mod_req *list =
		&m->pdu_session_resource_modify_list_mod_req;
	struct gnb_ue *ue = gnb_n2_ue_find(gnb, amf, m->amf_ue_ngap_id, m->ran_ue_ngap_id);
	struct gnb_procedure *p;

	if (!ue)
		return;
	p = list->count <= GNB_ITEMS_MAX ? gnb_procedure_new(gnb, ue, &session_modification) : NULL;
	if (!p) {
		gnb_n2_send_error_indication(gnb, amf, &m->amf_ue_ngap_id, &m->ran_ue_ngap_id,
			ngap_cause_of_misc(NGAP_CAUSE_MISC_CONTROL_PROCESSING_OVERLOAD));
		return;
	}
	for (size_t i = 0; i < list->count; i++)
		modify_one(gnb, p, list->items[i].pdu_session_id,
			list->items[i].pdu_session_resource_modify_request_transfer,
			list->items[i].has_nas_pdu ? list->items[i].nas_pdu : BYTES_NONE);
	gnb_procedure_check(gnb, p);
}

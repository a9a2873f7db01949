/*
 * PDU Session Resource Modify Indication, 38.413 8.2.5: a UE's sessions are to have other tunnels at the gNB.
 *
 *   UPF             gNB                                            AMF
 *    |               |-- PDU SESSION RESOURCE MODIFY INDICATION --->|    with tunnels beside those there are
 *    |== other ======|<- PDU SESSION RESOURCE MODIFY CONFIRM -------|
 *    |-- end marker >|    the tunnel before goes
 *
 * Both ends of a move are heard until one has shown that it is not used: the confirmation may be lost, or the
 * AMF have given up what the SMF did all the same. So a session that failed goes on as it was (8.2.5.2).
 */
#include "gnb/other_tunnel.h"

/* 9.3.4.6 */
static struct bytes indication_transfer(struct gnb *gnb, const struct gnb_session *s)
{
	struct ngap_associated_qos_flow_item flows[GNB_QFI_MAX + 1] = { 0 };
	struct ngap_pdu_session_resource_modify_indication_transfer t = { 0 };

	if (!gnb_session_tunnel(gnb, s, s->other_teid, flows, &t.dl_qos_flow_per_tnl_information))
		return BYTES_NONE;
	return ngap_value_bytes(&ngap_pdu_session_resource_modify_indication_transfer_type, &t, &gnb->arena);
}

static bool indication_send(struct gnb *gnb, struct gnb_ue *ue)
{
	struct ngap_pdu_session_resource_modify_item_mod_ind items[PDU_SESSIONS_MAX];
	struct ngap_pdu_session_resource_modify_indication m = { .amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->ran_ue_ngap_id,
		.pdu_session_resource_modify_list_mod_ind = { 0, items } };
	size_t *n = &m.pdu_session_resource_modify_list_mod_ind.count;

	for (uint8_t psi = 1; psi <= PDU_SESSIONS_MAX; psi++) {
		struct gnb_session *s = ue->sessions[psi];

		if (!s)
			continue;
		if (!s->indicated) /* else it is asked again */
			gnb_other_tunnel_indicate(gnb, s, gnb_teid_new(gnb));
		items[*n].pdu_session_id = psi;
		items[*n].pdu_session_resource_modify_indication_transfer = indication_transfer(gnb, s);
		if (!items[(*n)++].pdu_session_resource_modify_indication_transfer.data)
			return false;
	}
	return *n > 0 && gnb_n2_send_ue(gnb, ue, NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_INDICATION, &m);
}

const char *gnb_tunnels_move(struct gnb *gnb, const struct addr *at, uint32_t index)
{
	struct gnb_ue *ue = gnb_rrc_find(gnb, at, &index);
	bool sent;

	if (!ue)
		return "no such UE is connected";
	if (!ue->context || ue->releasing || ue->handover || !list_empty(&ue->procedures) ||
		!gnb_n2_is_open(ue->amf))
		return "something else is under way for the UE";
	sent = indication_send(gnb, ue);
	arena_reset(&gnb->arena); /* beside the room's own turns */
	return sent ? NULL : "the UE has no session, or memory is out";
}

static void session_confirmed(
	struct gnb *gnb, struct gnb_ue *ue, const struct ngap_pdu_session_resource_modify_item_mod_cfm *item)
{
	struct ngap_pdu_session_resource_modify_confirm_transfer t;
	struct gnb_session *s =
		item->pdu_session_id <= PDU_SESSIONS_MAX ? ue->sessions[item->pdu_session_id] : NULL;
	struct per_diag diag;
	struct addr upf;
	uint32_t teid;

	if (!s || !s->indicated ||
		!ngap_value_decode(&ngap_pdu_session_resource_modify_confirm_transfer_type,
			item->pdu_session_resource_modify_confirm_transfer, &gnb->arena, &t, &diag) ||
		!gnb_tunnel_read(gnb, &t.ul_ngu_up_tnl_information, &upf, &teid))
		return;
	gnb_session_set_upf(gnb, s, &upf, teid);
	gnb_other_tunnel_use(gnb, s);
}

void gnb_n2_pdu_session_resource_modify_confirm(
	struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_pdu_session_resource_modify_confirm *m = pdu->u.pdu_session_resource_modify_confirm;
	const struct ngap_pdu_session_resource_modify_list_mod_cfm *done =
		m->pdu_session_resource_modify_list_mod_cfm;
	struct gnb_ue *ue = m->no_amf_ue_ngap_id || m->no_ran_ue_ngap_id
				    ? NULL
				    : gnb_n2_ue_find(gnb, amf, m->amf_ue_ngap_id, m->ran_ue_ngap_id);

	for (size_t i = 0; ue && done && i < done->count; i++)
		session_confirmed(gnb, ue, &done->items[i]);
}

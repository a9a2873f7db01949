/*
 * N2 information of PDU sessions from the gNB, 38.413 8.2: item by item to the SMF of the session.
 *
 *   gNB -> AMF  PDU SESSION RESOURCE SETUP RESPONSE     8.2.1
 *   gNB -> AMF  PDU SESSION RESOURCE RELEASE RESPONSE   8.2.2
 *   gNB -> AMF  PDU SESSION RESOURCE MODIFY RESPONSE    8.2.3
 *   gNB -> AMF  PDU SESSION RESOURCE NOTIFY             8.2.4
 *               AMF -> SMF  Nsmf_PDUSession_UpdateSMContext
 */
#include "core/amf/internal.h"

void amf_session_n2_info(struct amf *amf, struct amf_connection *c, uint8_t pdu_session_id,
	enum n2_sm_info_type type, struct bytes info)
{
	const struct amf_session *s = amf_session_find(c->ue, pdu_session_id);

	if (type != N2_SM_PDU_RES_NTY_REL && type != N2_SM_PDU_RES_NTY && type != N2_SM_SECONDARY_RAT_USAGE)
		amf_connection_set_pending(amf, c, pdu_session_id, false);
	if (s && s->sm_context_ref[0])
		amf_session_update(amf, c->ue, s, BYTES_NONE, type, info);
	else
		amf->stat[AMF_STAT_NGAP_UNEXPECTED]++;
}

void amf_pdu_session_resource_setup_response(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_pdu_session_resource_setup_response *m = body;
	const struct ngap_pdu_session_resource_setup_list_su_res *done =
		m->pdu_session_resource_setup_list_su_res;
	const struct ngap_pdu_session_resource_failed_to_setup_list_su_res *failed =
		m->pdu_session_resource_failed_to_setup_list_su_res;

	for (size_t i = 0; done && i < done->count; i++)
		amf_session_n2_info(amf, c, done->items[i].pdu_session_id, N2_SM_PDU_RES_SETUP_RSP,
			done->items[i].pdu_session_resource_setup_response_transfer);
	for (size_t i = 0; failed && i < failed->count; i++)
		amf_session_n2_info(amf, c, failed->items[i].pdu_session_id, N2_SM_PDU_RES_SETUP_FAIL,
			failed->items[i].pdu_session_resource_setup_unsuccessful_transfer);
}

void amf_pdu_session_resource_modify_response(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_pdu_session_resource_modify_response *m = body;
	const struct ngap_pdu_session_resource_modify_list_mod_res *done =
		m->pdu_session_resource_modify_list_mod_res;
	const struct ngap_pdu_session_resource_failed_to_modify_list_mod_res *failed =
		m->pdu_session_resource_failed_to_modify_list_mod_res;

	for (size_t i = 0; done && i < done->count; i++)
		amf_session_n2_info(amf, c, done->items[i].pdu_session_id, N2_SM_PDU_RES_MOD_RSP,
			done->items[i].pdu_session_resource_modify_response_transfer);
	for (size_t i = 0; failed && i < failed->count; i++)
		amf_session_n2_info(amf, c, failed->items[i].pdu_session_id, N2_SM_PDU_RES_MOD_FAIL,
			failed->items[i].pdu_session_resource_modify_unsuccessful_transfer);
}

/* 38.413 8.2.4: flows and sessions whose resources the gNB gave up by itself, GFBRs that it cannot meet. */
void amf_pdu_session_resource_notify(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_pdu_session_resource_notify *m = body;
	const struct ngap_pdu_session_resource_notify_list *flows = m->pdu_session_resource_notify_list;
	const struct ngap_pdu_session_resource_released_list_not *gone =
		m->pdu_session_resource_released_list_not;

	for (size_t i = 0; flows && i < flows->count; i++)
		amf_session_n2_info(amf, c, flows->items[i].pdu_session_id, N2_SM_PDU_RES_NTY,
			flows->items[i].pdu_session_resource_notify_transfer);
	for (size_t i = 0; gone && i < gone->count; i++)
		amf_session_n2_info(amf, c, gone->items[i].pdu_session_id, N2_SM_PDU_RES_NTY_REL,
			gone->items[i].pdu_session_resource_notify_released_transfer);
}

void amf_pdu_session_resource_release_response(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_pdu_session_resource_release_response *m = body;
	const struct ngap_pdu_session_resource_released_list_rel_res *list =
		&m->pdu_session_resource_released_list_rel_res;

	for (size_t i = 0; !m->no_pdu_session_resource_released_list_rel_res && i < list->count; i++)
		amf_session_n2_info(amf, c, list->items[i].pdu_session_id, N2_SM_PDU_RES_REL_RSP,
			list->items[i].pdu_session_resource_release_response_transfer);
}

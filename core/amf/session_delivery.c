/* What an SMF has for UE and gNB about a session goes on its way (23.502 4.3.2.2.1 steps 11 and 12, 4.3.4).
 */
#include "core/amf/internal.h"

/* 5.4.5.3.1 and 5.4.5.2.5: gives a payload back that went nowhere. */
void amf_session_not_forwarded(
	struct amf *amf, struct amf_ue *ue, uint8_t pdu_session_id, struct bytes payload, uint8_t cause)
{
	struct nas_msg m = { .type = NAS_DL_NAS_TRANSPORT };
	struct nas_dl_nas_transport *t = &m.dl_nas_transport;

	t->payload_container_type = NAS_PAYLOAD_N1_SM;
	t->payload_container = payload;
	t->has_pdu_session_id = true;
	t->pdu_session_id = pdu_session_id;
	t->has_cause = true;
	t->cause = cause;
	amf_n1_send(amf, ue, NAS_INTEGRITY_CIPHERED, &m);
}

static struct bytes session_n1(
	struct amf *amf, struct amf_ue *ue, uint8_t pdu_session_id, struct bytes n1_sm_msg)
{
	struct nas_msg m = { .type = NAS_DL_NAS_TRANSPORT };
	struct nas_dl_nas_transport *t = &m.dl_nas_transport;

	t->payload_container_type = NAS_PAYLOAD_N1_SM;
	t->payload_container = n1_sm_msg;
	t->has_pdu_session_id = true;
	t->pdu_session_id = pdu_session_id;
	return amf_n1_protected(amf, ue, NAS_INTEGRITY_CIPHERED, &m);
}

static bool n2_setup(
	struct amf *amf, struct amf_ue *ue, const struct amf_session *s, struct bytes nas, struct bytes info)
{
	struct amf_connection *c = amf_connection_for(ue, AMF_FOR_SESSION);
	struct ngap_pdu_session_resource_setup_item_su_req item = {
		.pdu_session_id = s->pdu_session_id,
		.has_pdu_session_nas_pdu = nas.len > 0,
		.pdu_session_nas_pdu = nas,
		.pdu_session_resource_setup_request_transfer = info,
	};
	struct ngap_ue_aggregate_maximum_bit_rate ambr = { (int64_t)ue->ambr.downlink_bps,
		(int64_t)ue->ambr.uplink_bps };
	struct ngap_pdu_session_resource_setup_request m = {
		.amf_ue_ngap_id = c->amf_ue_ngap_id,
		.ran_ue_ngap_id = c->ran_ue_ngap_id,
		.pdu_session_resource_setup_list_su_req = { 1, &item },
		.ue_aggregate_maximum_bit_rate = &ambr,
	};

	return ngap_s_nssai_of(&s->snssai, &amf->arena, &item.s_nssai) &&
	       amf_n2_send_ue(amf, c, NGAP_MSG_PDU_SESSION_RESOURCE_SETUP_REQUEST, &m);
}

static bool n2_release(
	struct amf *amf, struct amf_ue *ue, const struct amf_session *s, struct bytes nas, struct bytes info)
{
	struct amf_connection *c = amf_connection_for(ue, AMF_FOR_SESSION);
	struct ngap_pdu_session_resource_to_release_item_rel_cmd item = { s->pdu_session_id, info };
	struct ngap_pdu_session_resource_release_command m = {
		.amf_ue_ngap_id = c->amf_ue_ngap_id,
		.ran_ue_ngap_id = c->ran_ue_ngap_id,
		.has_nas_pdu = nas.len > 0,
		.nas_pdu = nas,
		.pdu_session_resource_to_release_list_rel_cmd = { 1, &item },
	};

	return amf_n2_send_ue(amf, c, NGAP_MSG_PDU_SESSION_RESOURCE_RELEASE_COMMAND, &m);
}

static bool n2_modify(
	struct amf *amf, struct amf_ue *ue, const struct amf_session *s, struct bytes nas, struct bytes info)
{
	struct amf_connection *c = amf_connection_for(ue, AMF_FOR_SESSION);
	struct ngap_s_nssai s_nssai = { 0 };
	struct ngap_pdu_session_resource_modify_item_mod_req_ext_ies ext = { .s_nssai = &s_nssai };
	struct ngap_pdu_session_resource_modify_item_mod_req item = {
		.pdu_session_id = s->pdu_session_id,
		.has_nas_pdu = nas.len > 0,
		.nas_pdu = nas,
		.pdu_session_resource_modify_request_transfer = info,
		.ie_extensions = &ext,
	};
	struct ngap_pdu_session_resource_modify_request m = {
		.amf_ue_ngap_id = c->amf_ue_ngap_id,
		.ran_ue_ngap_id = c->ran_ue_ngap_id,
		.pdu_session_resource_modify_list_mod_req = { 1, &item },
	};

	return ngap_s_nssai_of(&s->snssai, &amf->arena, &s_nssai) &&
	       amf_n2_send_ue(amf, c, NGAP_MSG_PDU_SESSION_RESOURCE_MODIFY_REQUEST, &m);
}

typedef bool n2_sender(
	struct amf *amf, struct amf_ue *ue, const struct amf_session *s, struct bytes nas, struct bytes info);

/* 38.413 8.2: by which message the gNB gets it. What belongs to handover and path switch is not served. */
static n2_sender *const n2_senders[N2_SM_COUNT] = {
	[N2_SM_PDU_RES_SETUP_REQ] = n2_setup,
	[N2_SM_PDU_RES_MOD_REQ] = n2_modify,
	[N2_SM_PDU_RES_REL_CMD] = n2_release,
};

bool amf_session_deliverable(enum n2_sm_info_type type)
{
	return type == N2_SM_ABSENT || n2_senders[type];
}

bool amf_session_deliver(struct amf *amf, struct amf_ue *ue, const struct amf_session *s,
	struct bytes n1_sm_msg, enum n2_sm_info_type type, struct bytes info)
{
	struct bytes nas = BYTES_NONE;

	if (!amf_session_deliverable(type)) {
		amf->stat[AMF_STAT_N2_INFO_REFUSED]++;
		log_warn(amf->nf.env->log,
			"imsi-%s: N2 information of type %d about session %u is not served", ue->supi.imsi,
			(int)type, s->pdu_session_id);
		return false;
	}
	if (!amf_connection_for(ue, AMF_FOR_SESSION))
		return false;
	if (n1_sm_msg.len > 0) {
		nas = session_n1(amf, ue, s->pdu_session_id, n1_sm_msg);
		if (nas.len == 0)
			return false;
	}
	if (!n2_senders[type])
		return nas.len == 0 || amf_n1_transport(amf, ue, nas);
	if (!n2_senders[type](amf, ue, s, nas, info))
		return false;
	amf_connection_set_pending(amf, amf_connection_for(ue, AMF_FOR_SESSION), s->pdu_session_id, true);
	return true;
}

void amf_session_deliver_held(struct amf *amf, struct amf_ue *ue)
{
	for (struct amf_session *s = ue->sessions; s && !amf_gnb_is_busy(ue); s = s->next) {
		if (s->creating || s->held_len == 0)
			continue;
		amf_session_deliver(
			amf, ue, s, BYTES_NONE, N2_SM_PDU_RES_SETUP_REQ, bytes_of(s->held, s->held_len));
		amf_session_hold(s, BYTES_NONE);
	}
}

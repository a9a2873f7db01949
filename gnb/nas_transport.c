/* NAS PDUs between UE and AMF, 38.413 8.6. */
#include "gnb/internal.h"

static void reject(struct gnb *gnb, const struct addr *peer, uint32_t ue_index)
{
	struct uu_msg m = { .type = UU_RELEASE, .ue = ue_index, .cause = UU_RELEASE_REJECTED };

	gnb->stat[GNB_STAT_REJECTED]++;
	gnb_air_send(gnb, peer, &m);
}

static bool initial_ue_message_send(struct gnb *gnb, struct gnb_ue *ue, const struct uu_msg *in)
{
	struct ngap_five_g_s_tmsi s_tmsi;
	struct ngap_initial_ue_message m = {
		.ran_ue_ngap_id = ue->ran_ue_ngap_id,
		.nas_pdu = in->payload,
		.rrc_establishment_cause = (enum ngap_rrc_establishment_cause)in->cause,
		.has_ue_context_request = true,
		.ue_context_request = NGAP_UE_CONTEXT_REQUEST_REQUESTED,
	};
	uint8_t tmsi[4];
	struct writer w = writer_of(tmsi, sizeof(tmsi));

	writer_u32(&w, in->s_tmsi.tmsi);
	if (in->has_s_tmsi) {
		s_tmsi = (struct ngap_five_g_s_tmsi){ in->s_tmsi.amf_set_id, in->s_tmsi.amf_pointer,
			BYTES(tmsi) };
		m.five_g_s_tmsi = &s_tmsi;
	}
	return ngap_nr_location_of(&gnb->tai, &gnb->ncgi, &gnb->arena, &m.user_location_information) &&
	       gnb_n2_send_ue(gnb, ue, NGAP_MSG_INITIAL_UE_MESSAGE, &m);
}

/* 8.6.1. A UE that sets up a connection has none: what it had before is given up. */
void gnb_initial_ue_message(struct gnb *gnb, const struct addr *peer, const struct uu_msg *m)
{
	struct gnb_ue *old = gnb_ue_earlier(gnb, peer, m->ue), *ue;
	struct gnb_amf *amf = gnb_ng_select(gnb, m->has_s_tmsi ? &m->s_tmsi : NULL);

	gnb->stat[GNB_STAT_CONNECTIONS]++;
	if (old) {
		old->on_air = false;
		hash_remove(&gnb->ue_by_link, &old->by_link);
		gnb_ue_release_request(gnb, old, NGAP_CAUSE_RADIO_NETWORK_RADIO_CONNECTION_WITH_UE_LOST);
	}
	ue = amf ? gnb_ue_new(gnb, amf, peer, m->ue) : NULL;
	if (!ue) {
		reject(gnb, peer, m->ue);
	} else if (!initial_ue_message_send(gnb, ue, m)) {
		gnb_ue_leave_air(gnb, ue, UU_RELEASE_REJECTED);
		gnb_ue_free(gnb, ue);
	}
}

/* 8.6.3 */
void gnb_uplink_nas_transport(struct gnb *gnb, struct gnb_ue *ue, struct bytes pdu)
{
	struct ngap_uplink_nas_transport m = {
		.amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->ran_ue_ngap_id,
		.nas_pdu = pdu,
	};

	if (!ue->has_amf_ue_ngap_id) { /* the AMF has not answered yet; NAS repeats */
		gnb->stat[GNB_STAT_AIR_REFUSED]++;
		return;
	}
	if (ngap_nr_location_of(&gnb->tai, &gnb->ncgi, &gnb->arena, &m.user_location_information))
		gnb_n2_send_ue(gnb, ue, NGAP_MSG_UPLINK_NAS_TRANSPORT, &m);
}

/* 8.6.4 */
static void non_delivery(struct gnb *gnb, struct gnb_ue *ue, struct bytes pdu)
{
	struct ngap_nas_non_delivery_indication m = {
		.amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->ran_ue_ngap_id,
		.nas_pdu = pdu,
		.cause = ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_RADIO_CONNECTION_WITH_UE_LOST),
	};

	gnb_n2_send_ue(gnb, ue, NGAP_MSG_NAS_NON_DELIVERY_INDICATION, &m);
}

void gnb_downlink_nas(struct gnb *gnb, struct gnb_ue *ue, struct bytes pdu)
{
	struct uu_msg m = { .type = UU_DOWNLINK_NAS, .ue = ue->ue_index, .payload = pdu };

	ue->active_ns = env_now_ns(gnb->env);
	if (!ue->on_air || !gnb_air_send(gnb, &ue->peer, &m))
		non_delivery(gnb, ue, pdu);
}

/* 8.6.2 */
void gnb_n2_downlink_nas_transport(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_downlink_nas_transport *m = pdu->u.downlink_nas_transport;
	struct gnb_ue *ue = gnb_n2_ue_find(gnb, amf, m->amf_ue_ngap_id, m->ran_ue_ngap_id);

	if (ue)
		gnb_downlink_nas(gnb, ue, m->nas_pdu);
}

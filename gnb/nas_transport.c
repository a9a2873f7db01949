/*
 * NAS PDUs between UE and AMF, 38.413 8.6.
 *
 *   UE         gNB                                  AMF
 *    |-- NAS -->|-- INITIAL UE MESSAGE -------------->|    8.6.1, the first one of a connection
 *    |<- NAS ---|<- DOWNLINK NAS TRANSPORT -----------|    8.6.2
 *    |-- NAS -->|-- UPLINK NAS TRANSPORT ------------>|    8.6.3
 *    |          |-- NAS NON DELIVERY INDICATION ----->|    8.6.4, what the radio did not take
 */
#include "gnb/handover.h"

static bool initial_ue_message_send(struct gnb *gnb, struct gnb_ue *ue, const struct gnb_rrc_request *in)
{
	struct ngap_five_g_s_tmsi s_tmsi;
	struct ngap_initial_ue_message m = {
		.ran_ue_ngap_id = ue->ran_ue_ngap_id,
		.nas_pdu = in->nas,
		.rrc_establishment_cause = in->cause,
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
	return gnb_cell_location(gnb, ue->radio.cell, &m.user_location_information) &&
	       gnb_n2_send_ue(gnb, ue, NGAP_MSG_INITIAL_UE_MESSAGE, &m);
}

/* Before the UE has said to which AMF: nobody serves it without one. */
bool gnb_connection_permitted(struct gnb *gnb, uint8_t *wait_s)
{
	if (gnb_ng_select(gnb, NULL))
		return true;
	gnb->stat[GNB_STAT_REJECTED]++;
	*wait_s = gnb_overload_wait_s(gnb);
	return false;
}

/* 8.6.1. A UE that sets up a connection has none: what it had before is given up. */
void gnb_initial_ue_message(struct gnb *gnb, const struct gnb_rrc_request *r)
{
	struct gnb_amf *amf = gnb_ng_select(gnb, r->has_s_tmsi ? &r->s_tmsi : NULL);
	struct gnb_ue *ue;

	gnb->stat[GNB_STAT_RRC_ATT]++;
	if (amf && !gnb_overload_permits(amf, r->cause)) {
		gnb->stat[GNB_STAT_OVERLOAD_REJECTED]++;
		gnb_rrc_reject(gnb, &r->at, gnb_overload_wait_s(gnb));
		return;
	}
	gnb->stat[GNB_STAT_CONNECTIONS]++;
	if (r->earlier) {
		gnb_rrc_end(gnb, r->earlier, GNB_RRC_FORGOTTEN);
		gnb_ue_release_request(
			gnb, r->earlier, NGAP_CAUSE_RADIO_NETWORK_RADIO_CONNECTION_WITH_UE_LOST);
	}
	ue = amf ? gnb_ue_new(gnb, amf, &r->at) : NULL;
	if (ue && initial_ue_message_send(gnb, ue, r)) {
		gnb->stat[GNB_STAT_RRC_SUCC]++;
		gnb->stat[GNB_STAT_UECNTX_ATT]++;
		gnb_ue_watch(gnb, ue);
		return;
	}
	gnb->stat[GNB_STAT_REJECTED]++;
	gnb_rrc_reject(gnb, &r->at, 0);
	if (ue)
		gnb_ue_free(gnb, ue);
}

/* 8.6.3 */
void gnb_uplink_nas_transport(struct gnb *gnb, struct gnb_ue *ue, struct bytes pdu)
{
	struct ngap_uplink_nas_transport m = {
		.amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->ran_ue_ngap_id,
		.nas_pdu = pdu,
	};

	ue->active_ns = ue->heard_ns;
	/* The AMF has not answered yet, or is away: NAS repeats. */
	if (!ue->has_amf_ue_ngap_id || !gnb_n2_is_open(ue->amf)) {
		gnb->stat[GNB_STAT_AIR_REFUSED]++;
		return;
	}
	if (gnb_cell_location(gnb, ue->radio.cell, &m.user_location_information))
		gnb_n2_send_ue(gnb, ue, NGAP_MSG_UPLINK_NAS_TRANSPORT, &m);
}

/* 8.6.4 */
static void non_delivery(struct gnb *gnb, struct gnb_ue *ue, struct bytes pdu)
{
	enum ngap_cause_radio_network handover = gnb_handover_refuses(ue);
	struct ngap_nas_non_delivery_indication m = {
		.amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->ran_ue_ngap_id,
		.nas_pdu = pdu,
		.cause = ngap_cause_radio(
			handover ? handover : NGAP_CAUSE_RADIO_NETWORK_RADIO_CONNECTION_WITH_UE_LOST),
	};

	gnb_n2_send_ue(gnb, ue, NGAP_MSG_NAS_NON_DELIVERY_INDICATION, &m);
}

void gnb_downlink_nas(struct gnb *gnb, struct gnb_ue *ue, struct bytes pdu)
{
	ue->active_ns = env_now_ns(gnb->env);
	if (!gnb_rrc_send_nas(gnb, ue, pdu))
		non_delivery(gnb, ue, pdu);
}

/* 8.6.2 */
void gnb_n2_downlink_nas_transport(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_downlink_nas_transport *m = pdu->u.downlink_nas_transport;
	struct gnb_ue *ue = gnb_n2_ue_find(gnb, amf, m->amf_ue_ngap_id, m->ran_ue_ngap_id);

	if (!ue)
		return;
	if (m->mobility_restriction_list) /* 8.6.2.2; else those before stand */
		may_fail(gnb_restrictions_take(gnb, ue, m->mobility_restriction_list));
	gnb_downlink_nas(gnb, ue, m->nas_pdu);
}

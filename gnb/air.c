/* The gNB's end of the air link: what RRC will do. */
#include "gnb/internal.h"

bool gnb_air_send(struct gnb *gnb, const struct addr *peer, const struct uu_msg *m)
{
	struct writer w = writer_of(gnb->buffer, sizeof(gnb->buffer));

	return uu_encode(m, &w) && outbox_send_to(gnb->env->outbox, GNB_PORT_AIR, peer, writer_bytes(&w));
}

/* A UE that believes in a connection that there is not is told so. */
static void air_unknown(struct gnb *gnb, const struct addr *peer, uint8_t type, uint32_t ue_index)
{
	struct uu_msg m = { .type = UU_RELEASE, .ue = ue_index, .cause = UU_RELEASE_FAILURE };

	gnb->stat[GNB_STAT_AIR_REFUSED]++;
	if (type == UU_UPLINK_NAS || type == UU_KEEPALIVE || type == UU_DATA)
		gnb_air_send(gnb, peer, &m);
}

/* The UE left on its own account. */
static void air_left(struct gnb *gnb, struct gnb_ue *ue)
{
	hash_remove(&gnb->ue_by_link, &ue->by_link);
	ue->on_air = false;
	gnb_ue_release_request(gnb, ue, NGAP_CAUSE_RADIO_NETWORK_RADIO_CONNECTION_WITH_UE_LOST);
}

static void air_receive(struct gnb *gnb, struct gnb_ue *ue, const struct uu_msg *m)
{
	switch (m->type) {
	case UU_UPLINK_NAS:
		ue->active_ns = ue->heard_ns;
		gnb_uplink_nas_transport(gnb, ue, m->payload);
		break;
	case UU_SECURITY_COMPLETE:
		gnb_procedure_security_complete(gnb, ue);
		break;
	case UU_BEARER_SETUP_RESPONSE:
		gnb_procedure_bearer_answer(gnb, ue, m->pdu_session_id, m->accepted);
		break;
	case UU_RELEASE:
		air_left(gnb, ue);
		break;
	case UU_KEEPALIVE:
		gnb_air_send(gnb, &ue->peer, m);
		break;
	case UU_CAPABILITY: /* nothing to tell the AMF */
		break;
	default:
		gnb->stat[GNB_STAT_AIR_REFUSED]++;
	}
}

/* User data that came by the way of messages: as a burst of one. */
static void air_on_data(struct gnb *gnb, const struct msg *m)
{
	struct gnb_packet p = { .data = gnb->packet + GNB_HEADROOM, .len = m->data.len, .peer = m->peer };

	if (bytes_copy(p.data, GNB_DATAGRAM_MAX, m->data) && gnb_uplink(gnb, &p, 1) == 1)
		outbox_send_to(gnb->env->outbox, GNB_PORT_N3, &p.peer, bytes_of(p.data, p.len));
}

void gnb_air_on_msg(struct gnb *gnb, const struct msg *m)
{
	struct gnb_ue *ue;
	struct uu_msg uu;
	uint32_t index;
	uint8_t type;

	if (!uu_peek(m->data, &type, &index)) {
		gnb->stat[GNB_STAT_AIR_REFUSED]++;
		return;
	}
	ue = gnb_ue_by_link(gnb, &m->peer, index);
	if (!ue && type != UU_SETUP_REQUEST) {
		air_unknown(gnb, &m->peer, type, index);
		return;
	}
	if (type == UU_DATA) {
		air_on_data(gnb, m);
		return;
	}
	if (!uu_decode(m->data, &uu)) {
		gnb->stat[GNB_STAT_AIR_REFUSED]++;
		return;
	}
	if (uu.type == UU_SETUP_REQUEST) {
		gnb_initial_ue_message(gnb, &m->peer, &uu);
		return;
	}
	ue->heard_ns = env_now_ns(gnb->env);
	air_receive(gnb, ue, &uu);
}

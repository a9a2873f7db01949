/*
 * GTP-U signalling on N3, 29.281 clause 7.
 *
 *   gNB                  UPF
 *    |<- Echo Request ----|    7.2.1
 *    |-- Echo Response -->|    7.2.2
 *    |<- G-PDU -----------|
 *    |-- Error Ind. ----->|    7.3.1: no bearer has its TEID
 *    |<- Error Ind. ------|    23.527 5.3.3.1: PDU SESSION RESOURCE NOTIFY to the AMF
 */
#include "gnb/other_tunnel.h"

static void n3_send(struct gnb *gnb, const struct addr *peer, const struct gtpu_msg *m)
{
	uint8_t octets[128];
	struct writer w = writer_of(octets, sizeof(octets));

	if (gtpu_encode(m, &w))
		may_fail(outbox_send_to(
			gnb->env->outbox, GNB_PORT_N3, peer, writer_bytes(&w))); /* as if lost on the way */
}

/* Strangers do not make us talk without end. sent: n3_echoes or n3_errors. */
static bool n3_may_answer(struct gnb *gnb, uint32_t *sent)
{
	uint64_t second = env_now_ns(gnb->env) / NS_PER_S;

	if (gnb->n3_second != second) {
		gnb->n3_second = second;
		gnb->n3_echoes = gnb->n3_errors = 0;
	}
	return (*sent)++ < GNB_N3_ANSWERS_MAX;
}

/* 7.2.2: to where the request came from, with its sequence number. */
static void n3_echo(struct gnb *gnb, const struct addr *peer, const struct gtpu_header *h)
{
	struct gtpu_msg m = {
		.header = { .type = GTPU_ECHO_RESPONSE, .has_sequence = true, .sequence = h->sequence }
	};

	if (n3_may_answer(gnb, &gnb->n3_echoes))
		n3_send(gnb, peer, &m);
}

/* 7.3.1: there is no bearer for the TEID. Answers go to the registered port. */
static void n3_unknown_teid(struct gnb *gnb, const struct addr *peer, uint32_t teid)
{
	struct gtpu_msg m = { .header = { .type = GTPU_ERROR_INDICATION, .has_sequence = true } };
	struct addr to = *peer;

	gnb->stat[GNB_STAT_N3_UNKNOWN_TEID]++;
	to.port = GTPU_UDP_PORT;
	m.error_indication.teid = teid;
	m.error_indication.peer.len = gnb->config.n3_address.len;
	bytes_copy(m.error_indication.peer.octets, 16,
		bytes_of(gnb->config.n3_address.ip, gnb->config.n3_address.len));
	if (n3_may_answer(gnb, &gnb->n3_errors))
		n3_send(gnb, &to, &m);
}

/* 7.2.3: the extension header types known here. */
static void n3_not_comprehended(struct gnb *gnb, const struct addr *peer, const struct gtpu_header *h)
{
	static const uint8_t types[] = { GTPU_EXT_PDU_SESSION_CONTAINER };
	struct gtpu_msg m = { .header = { .type = GTPU_SUPPORTED_EXTENSION_HEADERS,
				      .has_sequence = h->has_sequence,
				      .sequence = h->sequence } };

	m.supported_extension_headers.types = BYTES(types);
	if (n3_may_answer(gnb, &gnb->n3_errors))
		n3_send(gnb, peer, &m);
}

void gnb_session_end(struct gnb *gnb, struct gnb_session *s, struct ngap_cause cause)
{
	struct gnb_ue *ue = s->ue;
	uint8_t psi = s->psi;
	struct ngap_pdu_session_resource_notify_released_transfer t = { .cause = cause };
	struct ngap_pdu_session_resource_released_item_not item = { .pdu_session_id = s->psi };
	struct ngap_pdu_session_resource_released_list_not list = { 1, &item };
	struct ngap_pdu_session_resource_notify m = {
		.amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->ran_ue_ngap_id,
		.pdu_session_resource_released_list_not = &list,
	};

	item.pdu_session_resource_notify_released_transfer =
		ngap_value_bytes(&ngap_pdu_session_resource_notify_released_transfer_type, &t, &gnb->arena);
	if (!gnb_n2_send_ue(gnb, ue, NGAP_MSG_PDU_SESSION_RESOURCE_NOTIFY, &m)) /* without it they differ */
		gnb_ue_release_request(
			gnb, ue, NGAP_CAUSE_RADIO_NETWORK_RELEASE_DUE_TO_NGRAN_GENERATED_REASON);
	gnb_rrc_release_bearer(gnb, ue, s->drb, BYTES_NONE);
	gnb_procedure_session_gone(gnb, ue, psi);
	if (ue->sessions[psi])
		gnb_session_free(gnb, ue->sessions[psi]);
}

void gnb_session_lost(struct gnb *gnb, struct gnb_session *s)
{
	gnb_session_end(gnb, s,
		(struct ngap_cause){ NGAP_CAUSE_TAG_TRANSPORT,
			{ .transport = NGAP_CAUSE_TRANSPORT_TRANSPORT_RESOURCE_UNAVAILABLE } });
}

/* 7.3.1: only the peer of a tunnel may report that it is gone. */
static void n3_error_indicated(struct gnb *gnb, const struct msg *m)
{
	struct gnb_session *s;
	struct tlv_fault fault;
	struct gtpu_msg e;

	gnb->stat[GNB_STAT_N3_ERROR_INDICATIONS]++;
	if (!gtpu_decode(m->data, &gnb->arena, &e, &fault)) {
		gnb->stat[GNB_STAT_N3_MALFORMED]++;
		return;
	}
	s = gnb_session_by_remote(gnb, &m->peer, e.error_indication.teid);
	if (s)
		gnb_session_lost(gnb, s);
}

static void n3_signalling(struct gnb *gnb, const struct msg *m)
{
	struct gtpu_header h;
	struct bytes payload;

	switch (gtpu_header_decode(m->data, &h, &payload)) {
	case GTPU_OK:
		break;
	case GTPU_NOT_COMPREHENDED:
		n3_not_comprehended(gnb, &m->peer, &h);
		return;
	default:
		gnb->stat[GNB_STAT_N3_MALFORMED]++;
		return;
	}
	switch (h.type) {
	case GTPU_ECHO_REQUEST:
		n3_echo(gnb, &m->peer, &h);
		break;
	case GTPU_ERROR_INDICATION:
		n3_error_indicated(gnb, m);
		break;
	case GTPU_END_MARKER:
		gnb->stat[GNB_STAT_N3_END_MARKERS]++;
		if (!gnb_other_tunnel_end_marker(gnb, &m->peer, h.teid))
			gnb_forward_end_marker(gnb, &m->peer, h.teid);
		break;
	case GTPU_G_PDU:
		n3_unknown_teid(gnb, &m->peer, h.teid);
		break;
	default: /* 7.1: unknown messages are discarded; responses are to nothing of ours */
		break;
	}
}

void gnb_n3_on_msg(struct gnb *gnb, const struct msg *m)
{
	struct gnb_packet p = { .data = gnb->packet + GNB_HEADROOM, .len = m->data.len, .peer = m->peer };

	if (!bytes_copy(p.data, GNB_DATAGRAM_MAX, m->data))
		return;
	if (gnb_downlink(gnb, &p, 1) == 1)
		may_fail(outbox_send_to(gnb->env->outbox,
			p.forwarded ? GNB_PORT_N3 : (uint16_t)(GNB_PORT_AIR + p.cell), &p.peer,
			bytes_of(p.data, p.len))); /* as if lost on the way */
	else if (p.verdict == GNB_CONTROL)
		n3_signalling(gnb, m);
}

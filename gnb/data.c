/* User packets: the path of every packet, in place. */
#include "gnb/other_tunnel.h"

/* A packet of a session towards its UPF. */
static enum gnb_verdict to_n3(struct gnb *gnb, struct gnb_session *s, uint8_t qfi, struct gnb_packet *p)
{
	struct gtpu_header h = { .type = GTPU_G_PDU,
		.has_pdu_session = true,
		.pdu_session = { .pdu_type = GTPU_PDU_UL, .qfi = qfi } };
	uint8_t header[GTPU_HEADER_MAX];
	struct writer w;
	size_t size;

	if (!s || !(s->flows >> qfi & 1)) {
		gnb->stat[GNB_STAT_UPLINK_DROPPED]++;
		return GNB_DROP;
	}
	s->ue->active_ns = s->ue->heard_ns;
	h.teid = s->ul_teid;
	size = gtpu_header_size(&h);
	if (gtpu_header_encode(&h, p->len, header) != size) {
		gnb->stat[GNB_STAT_UPLINK_DROPPED]++;
		return GNB_DROP;
	}
	s->ul_count++;
	gnb->stat[GNB_STAT_UPLINK_PACKETS]++;
	gnb->stat[GNB_STAT_UPLINK_OCTETS] += p->len;
	p->data -= size;
	p->len += size;
	w = writer_of(p->data, size);
	writer_put(&w, bytes_of(header, size));
	p->peer = s->upf;
	return GNB_SEND;
}

static enum gnb_verdict uplink_one(struct gnb *gnb, struct gnb_packet *p)
{
	struct gnb_rrc_data d;
	enum gnb_verdict verdict = gnb_rrc_data_take(gnb, p, &d);
	struct gnb_session *s = NULL;

	if (verdict == GNB_CONTROL)
		return verdict;
	if (verdict == GNB_SEND)
		s = gnb_session_of_drb(d.ue, d.drb);
	return to_n3(gnb, s, d.qfi, p);
}

size_t gnb_uplink(struct gnb *gnb, struct gnb_packet *packets, size_t count)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		packets[i].verdict = uplink_one(gnb, &packets[i]);
		n += packets[i].verdict == GNB_SEND;
	}
	return n;
}

static enum gnb_verdict downlink_one(struct gnb *gnb, struct gnb_packet *p)
{
	struct gtpu_header h;
	struct bytes payload;
	struct gnb_session *s;

	p->forwarded = p->rqi = false;
	if (gtpu_header_decode(bytes_of(p->data, p->len), &h, &payload) != GTPU_OK || h.type != GTPU_G_PDU)
		return GNB_CONTROL;
	s = hash_get(&gnb->session_by_teid, h.teid, 0, struct gnb_session, by_teid);
	if (!s)
		s = gnb_session_of_other_tunnel(gnb, &p->peer, h.teid);
	if (s && s->forward)
		h.teid = s->dl_teid;
	if (!s || s->forward)
		return gnb_forward_packet(gnb, p, &h, payload);
	if (!addr_same_host(&s->upf, &p->peer)) { /* only the tunnel's other end */
		gnb->stat[GNB_STAT_N3_FOREIGN]++;
		return GNB_DROP;
	}
	if (h.has_pdu_session && h.pdu_session.pdu_type != GTPU_PDU_DL) {
		gnb->stat[GNB_STAT_DOWNLINK_DROPPED]++;
		return GNB_DROP;
	}
	if (s->reception)
		return gnb_forward_hold(gnb, s, payload, gnb_session_qfi(s, &h));
	p->rqi = h.has_pdu_session && h.pdu_session.rqi;
	/* The radio's header is shorter than any GTP-U header before the payload. */
	p->data += (size_t)(payload.data - p->data);
	p->len = payload.len;
	return gnb_session_deliver(gnb, s, gnb_session_qfi(s, &h), p);
}

size_t gnb_downlink(struct gnb *gnb, struct gnb_packet *packets, size_t count)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		packets[i].verdict = downlink_one(gnb, &packets[i]);
		n += packets[i].verdict == GNB_SEND;
	}
	return n;
}

/* What came by the way of messages: as a burst of one; else it is RRC's. */
void gnb_air_on_msg(struct gnb *gnb, const struct msg *m)
{
	struct gnb_packet p = { .data = gnb->packet + GNB_HEADROOM, .len = m->data.len, .peer = m->peer };

	if (!bytes_copy(p.data, GNB_DATAGRAM_MAX, m->data))
		return;
	if (gnb_uplink(gnb, &p, 1) == 1)
		may_fail(outbox_send_to(gnb->env->outbox, GNB_PORT_N3, &p.peer,
			bytes_of(p.data, p.len))); /* packets may be lost */
	else if (p.verdict == GNB_CONTROL)
		gnb_rrc_on_msg(gnb, m);
}

/* User packets: the path of every packet, in place. */
#include "gnb/internal.h"

static struct gnb_session *uplink_session(
	struct gnb *gnb, const struct gnb_packet *p, uint8_t *qfi, bool *known)
{
	struct gnb_session *s;
	struct gnb_ue *ue;
	uint32_t index;
	uint8_t psi;

	*known = true;
	if (!uu_data_read(bytes_of(p->data, p->len), &index, &psi, qfi))
		return NULL;
	ue = gnb_ue_by_link(gnb, &p->peer, index);
	*known = ue != NULL;
	if (!ue)
		return NULL;
	ue->heard_ns = ue->active_ns = env_now_ns(gnb->env);
	s = ue->sessions[psi];
	return s && s->flows >> *qfi & 1 ? s : NULL;
}

static enum gnb_verdict uplink_one(struct gnb *gnb, struct gnb_packet *p)
{
	struct gtpu_header h = { .type = GTPU_G_PDU, .has_pdu_session = true };
	uint8_t header[GTPU_HEADER_MAX];
	struct writer w;
	struct gnb_session *s;
	uint32_t index;
	uint8_t type;
	size_t size;
	bool known;

	if (!uu_peek(bytes_of(p->data, p->len), &type, &index) || type != UU_DATA)
		return GNB_CONTROL;
	s = uplink_session(gnb, p, &h.pdu_session.qfi, &known);
	if (!known)
		return GNB_CONTROL;
	h.pdu_session.pdu_type = GTPU_PDU_UL;
	size = s ? gtpu_header_size(&h) : 0;
	h.teid = s ? s->ul_teid : 0;
	if (!s || gtpu_header_encode(&h, p->len - UU_DATA_HEADER_LEN, header) != size) {
		gnb->stat[GNB_STAT_UPLINK_DROPPED]++;
		return GNB_DROP;
	}
	p->data += UU_DATA_HEADER_LEN;
	p->len -= UU_DATA_HEADER_LEN;
	gnb->stat[GNB_STAT_UPLINK_PACKETS]++;
	gnb->stat[GNB_STAT_UPLINK_OCTETS] += p->len;
	p->data -= size;
	p->len += size;
	w = writer_of(p->data, size);
	writer_put(&w, bytes_of(header, size));
	p->peer = s->upf;
	return GNB_SEND;
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
	uint8_t qfi;

	if (gtpu_header_decode(bytes_of(p->data, p->len), &h, &payload) != GTPU_OK || h.type != GTPU_G_PDU)
		return GNB_CONTROL;
	s = hash_get(&gnb->session_by_teid, h.teid, 0, struct gnb_session, by_teid);
	if (!s)
		return GNB_CONTROL;
	/* 29.281 5.2.2.7: the container tells the QoS flow; without one it is the first. */
	qfi = h.has_pdu_session ? h.pdu_session.qfi : (uint8_t)__builtin_ctzll(s->flows);
	if (!(s->flows >> qfi & 1) || !s->ue->on_air || payload.len == 0 ||
		(h.has_pdu_session && h.pdu_session.pdu_type != GTPU_PDU_DL)) {
		gnb->stat[GNB_STAT_DOWNLINK_DROPPED]++;
		return GNB_DROP;
	}
	/* The Uu header is shorter than any GTP-U header before the payload. */
	p->data += (size_t)(payload.data - p->data) - UU_DATA_HEADER_LEN;
	p->len = payload.len + UU_DATA_HEADER_LEN;
	uu_data_header_write(p->data, s->ue->ue_index, s->psi, qfi);
	p->peer = s->ue->peer;
	s->ue->active_ns = env_now_ns(gnb->env);
	gnb->stat[GNB_STAT_DOWNLINK_PACKETS]++;
	gnb->stat[GNB_STAT_DOWNLINK_OCTETS] += payload.len;
	return GNB_SEND;
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

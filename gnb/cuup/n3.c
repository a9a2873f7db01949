/* N3 at the CU-UP: packets of PDU sessions, in GTP-U with a PDU Session Container (29.281, 38.415). */
#include "gnb/cuup/parts.h"

/* Uplink, out of the air. */
void cuup_n3_packet(void *arg, uint64_t tag, uint8_t qfi, struct bytes packet)
{
	struct cuup_node *n = arg;
	const struct cuup_pdu_session *s = (const struct cuup_pdu_session *)(uintptr_t)tag;
	struct gtpu_header h = { .type = GTPU_G_PDU,
		.teid = s->upf.teid,
		.has_pdu_session = true,
		.pdu_session = { .pdu_type = GTPU_PDU_UL, .qfi = qfi } };
	size_t size = gtpu_header_encode(&h, packet.len, n->packet);
	struct writer w = writer_of(n->packet + size, sizeof(n->packet) - size);

	writer_put(&w, packet);
	if (qfi == 0 || size == 0 || w.failed) { /* whose flow it is would be a guess */
		n->stats.ul_dropped++;
		return;
	}
	n->stats.ul_packets++;
	n->stats.ul_octets += packet.len;
	n->config.n3_send(n->config.arg, &s->upf.addr, bytes_of(n->packet, size + packet.len));
}

static struct cuup_bearer *bearer_for(const struct cuup_pdu_session *s, uint8_t qfi)
{
	for (uint8_t d = 0; d < CUUP_DRBS_MAX; d++)
		if (s->bearers[d] && s->bearers[d]->flows >> qfi & 1)
			return s->bearers[d];
	return s->default_drb ? cuup_bearer_of(s, s->default_drb) : NULL;
}

static void packet_received(
	struct cuup_node *n, const struct addr *from, const struct gtpu_header *h, struct bytes packet)
{
	struct cuup_pdu_session *s = hash_get(&n->n3, h->teid, 0, struct cuup_pdu_session, by_teid);
	struct cuup_bearer *b;

	if (!s) {
		gtpu_path_unknown_teid(&n->n3_path, from, h->teid);
		return;
	}
	if (!addr_same_host(from, &s->upf.addr)) {
		n->stats.foreign++;
		return;
	}
	b = bearer_for(s, h->pdu_session.qfi);
	if (!b || (h->has_pdu_session && h->pdu_session.pdu_type != GTPU_PDU_DL)) {
		n->stats.dl_dropped++;
		return;
	}
	cuup_downlink(b, h->pdu_session.qfi, h->pdu_session.rqi, packet);
}

void cuup_node_n3_received(struct cuup_node *n, const struct addr *from, struct bytes datagram)
{
	struct gtpu_header h;
	struct bytes packet;
	struct hash_node *found;

	switch (gtpu_path_receive(&n->n3_path, from, datagram, &h, &packet)) {
	case GTPU_PATH_PACKET:
		packet_received(n, from, &h, packet);
		break;
	case GTPU_PATH_ERROR: /* 23.527 5.3.3.1 */
		found = cuup_remote_find(&n->upfs, from, h.teid);
		if (!found)
			break;
		n->stats.n3_errors++;
		cuup_session_lost(container_of(found, struct cuup_pdu_session, upf.node));
		break;
	default: /* End Markers: nothing is forwarded here that they would end */
		break;
	}
}

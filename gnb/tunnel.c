/* GTP-U tunnels: their TEIDs, and how NGAP writes them (38.413 9.3.2.2). */
#include "gnb/internal.h"

bool gnb_tunnel_read(const struct gnb *gnb, const struct ngap_up_transport_layer_information *t,
	struct addr *peer, uint32_t *teid)
{
	const struct ngap_gtp_tunnel *g = &t->u.gtp_tunnel;
	struct cursor c = cursor_of(g->gtp_teid);
	size_t len_bits = g->transport_layer_address.len_bits;

	/* 38.414 5.1: 32 bits IPv4, 128 IPv6, 160 IPv4 then IPv6. */
	if (t->tag != NGAP_UP_TRANSPORT_LAYER_INFORMATION_TAG_GTP_TUNNEL ||
		(len_bits != 32 && len_bits != 128 && len_bits != 160))
		return false;
	*peer = addr_from_bytes(
		bytes_of(g->transport_layer_address.data, len_bits == 128 ? 16 : 4), GTPU_UDP_PORT);
	*teid = cursor_u32(&c);
	/* N3 of a gNB that is split is its CU-UPs', which look at it. */
	return !c.failed &&
	       (gnb->config.n3_address.len == 0 ||
		       ip_is_tunnel_end(ip_from_addr(peer), ip_from_addr(&gnb->config.n3_address)));
}

bool gnb_tunnel_write(struct gnb *gnb, const struct addr *us, uint32_t teid,
	struct ngap_up_transport_layer_information *out)
{
	uint8_t *octets = arena_alloc(&gnb->arena, 4);
	struct writer w = writer_of(octets, 4);

	if (!octets)
		return false;
	writer_u32(&w, teid);
	out->tag = NGAP_UP_TRANSPORT_LAYER_INFORMATION_TAG_GTP_TUNNEL;
	out->u.gtp_tunnel.transport_layer_address = (struct per_bits){ us->ip, (size_t)us->len * 8 };
	out->u.gtp_tunnel.gtp_teid = writer_bytes(&w);
	return true;
}

/* A TEID that nobody can guess. */
uint32_t gnb_teid_new(struct gnb *gnb)
{
	uint32_t teid;

	do {
		teid = env_random_u32(gnb->env);
	} while (teid == 0 || hash_find(&gnb->session_by_teid, teid, 0) ||
		 hash_find(&gnb->session_by_other, teid, 0) || hash_find(&gnb->forward_by_teid, teid, 0) ||
		 hash_find(&gnb->reception_by_teid, teid, 0));
	return teid;
}

#include "io/sctp/user.h"

/* Packets of no association: RFC 9260 clause 8.4. Nothing is kept of them. */
static void sctp_demux_ootb(
	struct sctp_user *u, const struct sctp_wire_route *from, const struct sctp_packet *p)
{
	uint8_t reply[SCTP_REPLY_SIZE];
	size_t len = sctp_packet_reply(p, reply);

	u->base.stats.out_of_the_blue++;
	if (len > 0)
		sctp_wire_send(&u->wire, from, bytes_of(reply, len));
}

/* The peer's other addresses, to be heard on when the association is up. */
static void sctp_demux_note_addresses(
	struct sctp_peer *peer, const struct addr *from, const struct sctp_packet *p)
{
	if (p->chunk == SCTP_CHUNK_INIT_ACK && p->tag != peer->offered_tag)
		return;
	peer->pending_count =
		(uint8_t)sctp_packet_addresses(p, from->port, peer->pending, ARRAY_LEN(peer->pending));
}

/* The peer of an INIT: known, or made if somebody listens. NULL: answered here. */
static struct sctp_peer *sctp_demux_init(struct sctp_user *u, const struct sctp_wire_route *from,
	const struct sctp_packet *p, struct sctp_peer *known)
{
	struct sctp_peer *peer = known;

	if (p->tag != 0) { /* clause 8.5.1 (A) */
		u->base.stats.bad_packets++;
		return NULL;
	}
	if (!peer && !sctp_wire_has_port(&u->wire, from->socket, p->destination_port, true)) {
		sctp_demux_ootb(u, from, p);
		return NULL;
	}
	if (!peer)
		peer = sctp_peers_add(&u->peers, SCTP_PEER_HALF_OPEN, &from->peer, p->source_port,
			sctp_wire_local_end(&u->wire, from->socket, p->destination_port));
	if (!peer) {
		u->base.stats.assocs_refused++;
		return NULL;
	}
	sctp_peers_stay(&u->peers, peer);
	if (peer->state == SCTP_PEER_HALF_OPEN) {
		peer->socket = from->socket;
		peer->local = from->local;
	}
	sctp_demux_note_addresses(peer, &from->peer, p);
	return peer;
}

/* Answers go where a packet with the right tag came from last. */
static void sctp_demux_follow(struct sctp_user *u, struct sctp_peer *peer, struct sctp_path *path,
	const struct sctp_wire_route *from)
{
	struct sctp_user_assoc *a = peer->assoc;
	uint8_t index = (uint8_t)(path - peer->paths);

	peer->socket = from->socket;
	peer->local = from->local;
	if (index == peer->current)
		return;
	peer->current = index;
	if (a && a->up && a->socket->user.addr_change) {
		struct addr now = path->addr;

		now.port = peer->remote_port;
		a->socket->user.addr_change(a->socket->user.arg, a->handle, &now);
	}
}

static struct sctp_peer *sctp_demux_find(struct sctp_user *u, const struct sctp_wire_route *from,
	const struct sctp_packet *p, struct sctp_path **path)
{
	uint32_t local_end = sctp_wire_local_end(&u->wire, from->socket, p->destination_port);
	struct sctp_peer *peer = sctp_peers_find(&u->peers, &from->peer, p->source_port, local_end, path);

	if (!peer && p->tag != 0) {
		peer = sctp_peers_find_tag(&u->peers, p->tag, p->source_port, local_end);
		*path = peer ? sctp_peers_add_path(&u->peers, peer, &from->peer) : NULL;
	}
	return peer;
}

void sctp_demux_input(void *arg, const struct sctp_wire_route *from, struct bytes packet)
{
	struct sctp_user *u = arg;
	struct sctp_path *path;
	struct sctp_peer *peer;
	struct sctp_packet p;

	if (!sctp_packet_parse(packet, &p)) {
		u->base.stats.bad_packets++;
		return;
	}
	if (!sctp_wire_has_port(&u->wire, from->socket, p.destination_port, false))
		return; /* from before the filter, or another process's */
	if (!sctp_packet_checksum_good(packet)) {
		u->base.stats.bad_checksums++;
		return;
	}
	peer = sctp_demux_find(u, from, &p, &path);
	if (p.chunk == SCTP_CHUNK_INIT) {
		peer = sctp_demux_init(u, from, &p, peer);
	} else if (!peer || (peer->state == SCTP_PEER_HALF_OPEN && p.chunk != SCTP_CHUNK_COOKIE_ECHO)) {
		sctp_demux_ootb(u, from, &p);
		return;
	} else if (p.chunk == SCTP_CHUNK_COOKIE_ECHO) {
		peer->offered_tag = p.tag; /* ours, if the cookie is good */
	} else if (p.chunk == SCTP_CHUNK_INIT_ACK) {
		sctp_demux_note_addresses(peer, &from->peer, &p);
	}
	if (!peer)
		return;
	if (path && p.tag != 0 && (p.tag == peer->tag || peer->state == SCTP_PEER_HALF_OPEN))
		sctp_demux_follow(u, peer, path, from);
	if (p.has_data)
		sctp_user_owe_sack(u, peer, true);
	sctp_stack_input(u, peer, packet);
}

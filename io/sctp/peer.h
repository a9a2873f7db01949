/*
 * Who is at the other end of which packets. libusrsctp knows a peer as one opaque address; here
 * it has several IP addresses, and answers go to the one heard last. Peers that have only sent an
 * INIT are few and make room for newer ones: the cookie, not this table, is their memory.
 */
#pragma once

#include "io/sctp/sctp.h"
#include "io/sctp/packet.h"

enum sctp_peer_state { SCTP_PEER_FREE, SCTP_PEER_HALF_OPEN, SCTP_PEER_LIVE };

struct sctp_peer;

struct sctp_path {
	struct addr addr; /* port: the UDP port of encapsulation, or 0 */
	struct sctp_path *next;
	struct sctp_peer *peer;
};

struct sctp_peer {
	enum sctp_peer_state state;
	uint16_t remote_port;
	uint32_t local_end; /* sctp_wire_local_end() */
	uint16_t socket;    /* that it was last heard on */
	struct addr local;  /* our address that it sends to, where the socket does not give it */
	uint8_t path_count; /* in the table */
	uint8_t current;    /* path answered to */
	uint8_t pending_count;
	bool registered; /* this slot is known to libusrsctp */
	bool owes_sack;  /* DATA came, and no SACK has gone since */
	bool leaving;    /* its association is over; goes at the turn's end, when all is sent to it */
	uint32_t slot;
	uint32_t tag;         /* what its packets carry, 0 until known */
	uint32_t offered_tag; /* of our last INIT or INIT ACK to it */
	void *assoc;
	struct sctp_peer *older, *newer;        /* of the half-open */
	struct addr pending[IO_SCTP_ADDRS_MAX]; /* of its last INIT: in use when the association is up */
	struct sctp_path paths[IO_SCTP_ADDRS_MAX];
};

struct sctp_peers {
	struct sctp_peer *peers;
	struct sctp_path **table;
	uint32_t table_mask;
	uint32_t max, half_open_max;
	uint32_t used, half_open; /* not free; of them half-open */
	uint32_t high;            /* slots ever used */
	uint32_t leaving;
	uint32_t *free_slots;
	uint32_t free_count;
	struct sctp_peer *oldest, *newest;
	uint64_t recycled;
	uint64_t seed;
};

/* max: live and half-open peers together. */
MUST_USE bool sctp_peers_init(struct sctp_peers *t, uint32_t max, uint32_t half_open_max, uint64_t seed);
void sctp_peers_fini(struct sctp_peers *t);

/* By address and ports; NULL for none. *path may be NULL. */
struct sctp_peer *sctp_peers_find(struct sctp_peers *t, const struct addr *from, uint16_t remote_port,
	uint32_t local_end, struct sctp_path **path);

/* By the tag that only the peer knows (RFC 9260 clause 8.5), for packets from an address not listed before.
 */
struct sctp_peer *sctp_peers_find_tag(
	struct sctp_peers *t, uint32_t tag, uint16_t remote_port, uint32_t local_end);

/* A new peer with one path; a half-open one may take the oldest half-open one's place. NULL when full. */
struct sctp_peer *sctp_peers_add(struct sctp_peers *t, enum sctp_peer_state state, const struct addr *from,
	uint16_t remote_port, uint32_t local_end);

struct sctp_peer *sctp_peers_at(struct sctp_peers *t, uint32_t slot);

/* Adds a path unless it is another's or the peer has its fill; the path or NULL. */
struct sctp_path *sctp_peers_add_path(struct sctp_peers *t, struct sctp_peer *peer, const struct addr *addr);

/* The association is up: the peer stays, and the addresses of its INIT replace those before. */
void sctp_peers_promote(struct sctp_peers *t, struct sctp_peer *peer);

void sctp_peers_remove(struct sctp_peers *t, struct sctp_peer *peer);

/* Its association is over: it is removed by the next sctp_peers_sweep, or, if it starts again, half-open
 * again. */
void sctp_peers_leave(struct sctp_peers *t, struct sctp_peer *peer);
void sctp_peers_stay(struct sctp_peers *t, struct sctp_peer *peer);
void sctp_peers_sweep(struct sctp_peers *t);

/*
 * SCTP packets in and out of raw IP sockets (protocol 132) or UDP encapsulation (RFC 6951), in
 * batches. A raw socket has a filter that passes only our own ports, so processes that share a
 * network namespace do not answer one another's packets.
 */
#pragma once

#include "io/sctp/sctp.h"

enum {
	SCTP_WIRE_SOCKETS_MAX = 16, /* local addresses */
	SCTP_WIRE_PORTS_MAX = 1024, /* of one local address */
	SCTP_WIRE_BATCH = 64,
	SCTP_WIRE_ROUNDS = 4, /* batches read from one socket a turn */
};

struct sctp_wire;

struct sctp_wire_port {
	uint16_t port;
	uint16_t uses;
	bool listening;
	bool reserved;    /* stays ours between its uses */
	uint64_t dropped; /* when it was last, in the order of such */
	uint16_t service; /* distinguishes those that listen on the port at several addresses; 0: the first,
			     or alone */
	int claim_fd;     /* shows other processes of this namespace that the port is taken */
};

struct sctp_wire_socket {
	struct sctp_wire *wire;
	struct loop_watch watch;
	struct addr local; /* port: of UDP, as bound */
	bool any;          /* local is all zeros */
	uint32_t port_count;
	struct sctp_wire_port *ports;
};

/* Between whom a packet goes. local is known, and needed, where the socket is bound to no address: else len
 * 0. */
struct sctp_wire_route {
	uint16_t socket;
	struct addr peer; /* port: of UDP, or 0 */
	struct addr local;
};

struct sctp_wire_out {
	struct sctp_wire_route route;
	size_t len;
};

struct sctp_wire {
	enum io_sctp_mode mode;
	uint16_t udp_port;
	size_t packet_max; /* to send */
	struct loop *loop;
	struct io_sctp_stats *stats;
	/* Called for each packet received, its IP and UDP headers taken off. */
	void (*input)(void *arg, const struct sctp_wire_route *from, struct bytes packet);
	void *arg;
	struct sctp_wire_socket sockets[SCTP_WIRE_SOCKETS_MAX];
	uint16_t socket_count;
	uint64_t drops;     /* of reserved ports, so far */
	uint32_t waited_us; /* how long the packet at hand waited in the kernel */
	uint8_t *in_buf, *out_buf;
	struct sctp_wire_out out[SCTP_WIRE_BATCH];
	size_t out_count;
};

MUST_USE bool sctp_wire_init(struct sctp_wire *w, struct loop *l, const struct io_sctp_config *config,
	struct io_sctp_stats *stats);
void sctp_wire_fini(struct sctp_wire *w);
/* Its socket has something to read. */
void sctp_wire_ready(void *sctp_wire_socket, uint32_t events);

/* Takes a port on a local address (its port field), 0 for a free one given back in *port; the socket or -1.
 */
int sctp_wire_take_port(struct sctp_wire *w, const struct addr *local, bool listening, uint16_t *port);
/* Opens the socket of a local address and keeps `count` free ports of it, one of which those that connect
 * take from now on: so they need open and claim nothing later. False with errno. */
MUST_USE bool sctp_wire_reserve(struct sctp_wire *w, const struct addr *local, uint16_t count);
void sctp_wire_set_service(struct sctp_wire *w, uint16_t socket, uint16_t port, uint16_t service);
void sctp_wire_drop_port(struct sctp_wire *w, uint16_t socket, uint16_t port);

/* Whether one of ours is bound to the port on that socket; and, with listening, waits for INITs. */
bool sctp_wire_has_port(const struct sctp_wire *w, uint16_t socket, uint16_t port, bool listening);

/* Whom of ours a packet to the port on that socket is for: the port, with the service above it. */
uint32_t sctp_wire_local_end(const struct sctp_wire *w, uint16_t socket, uint16_t port);

/* Queues a packet for the next flush, its checksum made here. */
void sctp_wire_send(struct sctp_wire *w, const struct sctp_wire_route *to, struct bytes packet);
void sctp_wire_flush(struct sctp_wire *w);

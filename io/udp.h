/* UDP sockets read and written in bursts; the user plane calls these directly. */
#pragma once

#include "base/addr.h"

enum {
	UDP_BURST = 64,
	UDP_DATAGRAM_MAX = 65507, /* octets that fit IPv4 */
	UDP_HEADROOM = 64,        /* octets before each received datagram that the caller may overwrite */
};

/*
 * One datagram. Received ones are views into the socket's buffers, valid until its next
 * udp_recv_burst. Those to send are head followed by data; head may be empty.
 */
struct udp_packet {
	struct addr peer;
	struct bytes head;
	struct bytes data;
	uint8_t tos; /* the IP header's traffic class; received ones have it where udp_config.tos asks for it
		      */
};

/* A field of 0 takes the value in brackets. */
struct udp_config {
	uint32_t recv_buffer, send_buffer; /* octets in the kernel [4 MiB, as far as it allows] */
	uint32_t datagram_max;             /* longer ones are dropped and counted [UDP_DATAGRAM_MAX] */
	bool offload;                      /* UDP_GRO and UDP_SEGMENT where the kernel has them */
	bool join;                         /* UDP_SEGMENT alone, of datagrams that no path fragments */
	bool tos;                          /* tell the traffic class of what is received */
	bool reuse_port;                   /* further sockets of ours share the address (SO_REUSEPORT) */
};

struct udp_stats {
	uint64_t in, out;
	uint64_t truncated;   /* longer than datagram_max */
	uint64_t send_failed; /* refused by the kernel */
};

struct udp;

/* Non-blocking, bound to local (port 0: any). NULL with errno. */
MUST_USE struct udp *udp_open(const struct addr *local, const struct udp_config *config);
void udp_free(struct udp *u);
int udp_fd(const struct udp *u);
/* The address bound, with the real port. */
struct addr udp_local(const struct udp *u);
/* What of the offload asked for the kernel has. */
bool udp_has_gro(const struct udp *u);
bool udp_has_gso(const struct udp *u);

/* Reads what waits, at most max (up to UDP_BURST with, up to max without GRO); the count. */
size_t udp_recv_burst(struct udp *u, struct udp_packet *packets, size_t max);

/* Datagrams already read wait for the next udp_recv_burst: the descriptor does not show it. */
MUST_USE bool udp_recv_pending(const struct udp *u);

/* Sends in order; runs to one peer of one size leave as one GSO message. The count that the kernel took. */
size_t udp_send_burst(struct udp *u, const struct udp_packet *packets, size_t count);

/* Sends one datagram at once, uncounted: any thread may, while another one uses u. */
MUST_USE bool udp_send_one(const struct udp *u, const struct addr *to, struct bytes data);

/* Of the count sockets that share u's address, in the order of their opening, a datagram goes to that of the
 * number in its four octets at offset, modulo count. Call it when all are open. False: the kernel chooses by
 * its hash. */
MUST_USE bool udp_steer(struct udp *u, uint32_t offset, uint32_t count);

struct udp_stats udp_stats(const struct udp *u);

/* The address the kernel would send from to reach `to`; false when there is no route. The port is 0. */
MUST_USE bool udp_route_source(const struct addr *to, struct addr *source);

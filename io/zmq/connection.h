/* One end of a ZMTP connection on a TCP socket of a loop: what came is read into the owner's buffer, and what
 * goes is bounded by it. Nothing is called back but `ready` of the owner. */
#pragma once

#include "base/addr.h"
#include "io/loop.h"
#include "io/zmq/zmtp.h"

enum {
	/* Where reading begins, so that the body of a long reply is aligned to ZMQ_ALIGN without being moved.
	 */
	ZMQ_ALIGN = 64,
	ZMQ_BEGIN = ZMQ_ALIGN - ZMTP_REPLY_HEAD,
	ZMQ_CONTROL_MAX = 512, /* octets of greeting, handshake and heads that wait to be sent */
	ZMQ_SILENT_S = 10,     /* a peer that the network no longer reaches is given up */
};

struct zmq_connection {
	struct loop *loop;
	struct loop_watch watch;
	struct zmtp zmtp;
	uint8_t *in; /* of in_cap octets, aligned to ZMQ_ALIGN */
	size_t in_cap, in_at, in_len;
	struct writer control;
	size_t control_at;
	uint64_t body_left; /* of the message that is being sent */
	bool pong;          /* is owed */
	size_t pong_len;
	uint8_t pong_context[ZMTP_CONTEXT_MAX];
	uint8_t control_octets[ZMQ_CONTROL_MAX];
};

/* A socket for either end: does not block, sends at once, and finds out when the peer's machine is gone. -1
 * with errno. */
int zmq_socket(const struct addr *a);
void zmq_socket_options(int fd);

/* Greets on c->watch.fd, which is connected and watched; loop, in and in_cap are set. */
void zmq_connection_begin(struct zmq_connection *c, enum zmtp_role role, size_t message_max);

/* Reads once what has come. False: the peer is gone. */
MUST_USE bool zmq_connection_read(struct zmq_connection *c);

/* The next of what was read: ZMTP_READY, ZMTP_MESSAGE with its body, which the owner may change until the
 * next zmq_connection_read(), ZMTP_MORE or ZMTP_BAD. */
enum zmtp_got zmq_connection_next(struct zmq_connection *c, uint8_t **body, size_t *len);

/* Begins a message of len octets; the one before must have left (body_left is 0). */
void zmq_connection_message(struct zmq_connection *c, uint64_t len);

/* Sends what waits and then of the message's body, of which the next octets are given; *taken of them left.
 * Waits for EPOLLOUT where the kernel took less. False: the peer is gone. */
MUST_USE bool zmq_connection_send(struct zmq_connection *c, struct bytes body, size_t *taken);

/* Inside the user-space SCTP: libusrsctp above, sctp_wire below, sctp_peer between. */
#pragma once

#include "io/sctp/impl.h"
#include "io/sctp/peer.h"
#include "io/sctp/queue.h"
#include "io/sctp/wire.h"

enum { SCTP_ASSOCS_SPARE = 64 }; /* over assocs_max, for those about to be aborted */

struct socket; /* libusrsctp's */

struct sctp_user_socket {
	struct sctp_user *stack;
	struct sctp_user_socket *next;
	struct socket *so;
	struct sctp_user_socket
		*first; /* that listens on the port, at other addresses, and has `so`; NULL: itself */
	struct io_sctp_user user;
	struct sctp_user_assoc *client; /* the one association of a connecting socket; NULL for listeners */
	bool listener;
	bool closing; /* to be closed outside of callbacks */
	uint16_t port;
	uint16_t service; /* of the port: sctp_wire_local_end() */
	uint16_t wire_sockets[IO_SCTP_ADDRS_MAX];
	uint16_t wire_count;
};

struct sctp_user_assoc {
	uint64_t handle;
	struct sctp_user_socket *socket;
	struct sctp_peer *peer;
	uint32_t id; /* libusrsctp's, once it is up */
	struct sctp_queue queue;
	uint16_t out_streams;
	bool up;
	bool abort_wanted;
	bool untold;      /* its user has not heard of it, and will not */
	uint8_t *partial; /* the pieces so far of a message that comes in pieces */
	size_t partial_len;
};

struct sctp_user {
	struct io_sctp base;
	struct sctp_wire wire;
	struct sctp_peers peers;
	struct loop_hook hook;
	struct sctp_user_socket *sockets;
	uint16_t services;               /* given to those that share a port */
	struct sctp_user_assoc **assocs; /* by slot */
	uint32_t assocs_high, assoc_count;
	uint64_t serial;
	uint64_t ticked_ns, active_ns; /* timers last run, traffic last seen */
	uint32_t owing;                /* peers that are owed a SACK */
	uint32_t ahead_ms;             /* of the clock of the stack before ours */
	bool pending;                  /* aborts or closings wait */
	bool shutting_down;            /* no callbacks any more */
	struct sctp_peer *input_peer;  /* of the packet in the stack now */
};

/* A packet from the wire: finds or makes its peer, or answers it here. */
void sctp_demux_input(void *arg, const struct sctp_wire_route *from, struct bytes packet);

/* Keeps account of the SACKs owed. */
static inline void sctp_user_owe_sack(struct sctp_user *u, struct sctp_peer *peer, bool owes)
{
	if (owes == peer->owes_sack)
		return;
	peer->owes_sack = owes;
	u->owing += owes ? 1 : -1u;
}

/*
 * libusrsctp, which is one per process: sctp_stack_start is false (EBUSY) when it is taken. A socket
 * may not be closed inside its callbacks.
 */
MUST_USE bool sctp_stack_start(struct sctp_user *u);
void sctp_stack_stop(void);
struct socket *sctp_stack_socket(struct sctp_user_socket *s, const struct io_sctp_config *config);
void sctp_stack_close(struct socket *so);
MUST_USE bool sctp_stack_bind(struct socket *so, uint16_t port);
MUST_USE bool sctp_stack_listen(struct socket *so);
MUST_USE bool sctp_stack_connect(struct socket *so, struct sctp_peer *peer);
MUST_USE bool sctp_stack_send(struct sctp_user_assoc *a, uint16_t stream, uint32_t ppid, struct bytes data);
MUST_USE bool sctp_stack_shutdown(struct sctp_user_assoc *a);
void sctp_stack_abort(struct sctp_user_assoc *a);
void sctp_stack_tick(uint32_t elapsed_ms);
/* Hands a packet to the stack as coming from, and to, the peer; callbacks follow from inside. */
void sctp_stack_input(struct sctp_user *u, struct sctp_peer *peer, struct bytes packet);

/* What libusrsctp reports of an association. */
void sctp_assoc_up(struct sctp_user_socket *s, struct sctp_peer *peer, uint32_t id, uint16_t out_streams,
	uint16_t in_streams);
void sctp_assoc_restart(
	struct sctp_user_socket *s, struct sctp_peer *peer, uint16_t out_streams, uint16_t in_streams);
void sctp_assoc_gone(struct sctp_user_socket *s, struct sctp_peer *peer, enum io_sctp_down why);
/* A message, or with last false a piece of one. */
void sctp_assoc_message(struct sctp_user_socket *s, struct sctp_peer *peer, struct bytes data,
	uint16_t stream, uint32_t ppid, bool last);

/* NULL when the table is full. */
MUST_USE struct sctp_user_assoc *sctp_assoc_new(
	struct sctp_user *u, struct sctp_user_socket *s, struct sctp_peer *peer);
/* Forgets it and its peer, reports it to the user if `tell`. */
void sctp_assoc_end(struct sctp_user *u, struct sctp_user_assoc *a, enum io_sctp_down why, bool tell);
struct sctp_user_assoc *sctp_assoc_find(struct sctp_user *u, uint64_t handle);

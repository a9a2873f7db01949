/*
 * Binds rooms to sockets: messages in by room->on_msg, deadlines, and at each turn's end the store's
 * commit, then the outbox. When the commit fails the outbox is dropped: nothing was sent about what is
 * not kept (law 2). Rooms of one binding share its env (store, outbox); their port numbers must differ.
 */
#pragma once

#include "base/env.h"
#include "base/room.h"
#include "io/loop.h"
#include "io/sctp/sctp.h"
#include "io/sdr/device.h"
#include "io/tun.h"
#include "io/udp.h"
#include "io/unix_socket.h"
#include "io/zmq/samples.h"

enum {
	BIND_PORTS_MAX = 72,
	BIND_ROOMS_MAX = 16,
	BIND_TURN_MAX = 256, /* datagrams of one socket a turn: the size of a group commit */
	BIND_TAPS_MAX = 2,
	BIND_WIRED_MAX = 64 << 20, /* octets between rooms of one binding, a turn */
};

struct bind_stats { /* the figures of bind_stat_group, in their order */
	uint64_t in, out;
	uint64_t dropped;    /* with a failed commit */
	uint64_t unsendable; /* no such port, association or route, or refused by the transport */
	uint64_t commits_failed;
	uint64_t foreign_ppid; /* messages of a payload protocol that is not the port's, dropped */
	uint64_t turns;        /* that had anything to commit or send */
};

struct bind;

/* env's outbox must be set, its store may be NULL. */
MUST_USE struct bind *bind_new(struct loop *l, struct env *env);
/* Closes the sockets that it opened; rooms, env, sctp and tun stay the caller's. */
void bind_free(struct bind *b);

/* Gives the room its deadlines. The ops and self are copied. False when the table is full. */
MUST_USE bool bind_room(struct bind *b, const struct room *room);

/* The room hears MSG_UP, MSG_DOWN and MSG_DATA of associations to `local` (count addresses, one port). */
MUST_USE bool bind_sctp_server(struct bind *b, const struct room *room, uint16_t port, struct io_sctp *sctp,
	const struct addr *local, size_t count, uint32_t ppid);
/* The room opens associations with MSG_UP {port, token, peer}: `count` from local, one after the other or at
 * once, need nothing that a confined process has not (io_sctp_reserve). */
MUST_USE bool bind_sctp_client(struct bind *b, const struct room *room, uint16_t port, struct io_sctp *sctp,
	const struct addr *local, uint16_t count, uint32_t ppid);
/* Opens a socket on local. False with errno. */
MUST_USE bool bind_udp(struct bind *b, const struct room *room, uint16_t port, const struct addr *local,
	const struct udp_config *config);
/*
 * A stream of samples (io/zmq/samples.h). MSG_UP: who we ask is there, and both sides begin anew. MSG_DATA: a
 * block of whole samples, aligned to 64 octets and none of them absurd. MSG_DOWN: the stream broke; it is
 * joined again by itself. What the room sends is of whole samples, and waits until it is asked for; before
 * MSG_UP, after MSG_DOWN and beyond SAMPLES_QUEUE_MAX it counts as unsendable. Where nothing is received
 * there is no MSG_UP, and it may always send. A confined process needs SANDBOX_ACCEPT to be asked and
 * SANDBOX_CONNECT to ask. False with errno.
 */
MUST_USE bool bind_samples(
	struct bind *b, const struct room *room, uint16_t port, const struct samples_config *c);
/*
 * A radio device (io/sdr/device.h), as a stream of samples with a clock of its own: the n-th sample that the
 * room sends since MSG_UP goes out as the n-th comes. Before the process is confined. False, logged.
 */
MUST_USE bool bind_device(
	struct bind *b, const struct room *room, uint16_t port, const struct device_config *c);
/* Each packet is a MSG_DATA of no peer. */
MUST_USE bool bind_tun(struct bind *b, const struct room *room, uint16_t port, struct tun *tun, size_t mtu);
/* Listens at path: a message of a client is a MSG_DATA whose assoc is the client, with its uid and pid;
 * answers go by it. A client that is gone is a MSG_DOWN. False with errno. */
MUST_USE bool bind_unix(struct bind *b, const struct room *room, uint16_t port, const char *path);

/* One end of a wire between rooms of this binding. */
struct bind_wire_end {
	struct room room;
	uint16_t port;
	struct addr local; /* whom datagrams of it come from, and which reaches it */
};
/* Joins two ports: an association that `from` opens by MSG_UP, or datagrams by address. Several may be joined
 * to one `to`. What is sent is heard in the next turn, like all else once the turn is kept. False: no room,
 * or errno. */
MUST_USE bool bind_wire(struct bind *b, const struct bind_wire_end *from, const struct bind_wire_end *to);
/* The same where `from` is of one binding and `to` of another, whose loops are threads of their own: before
 * either runs, and freed when neither does. Ports that are joined have numbers that neither binding has else.
 * What does not fit into 4 MiB under way counts as unsendable. */
MUST_USE bool bind_wire_between(struct bind *from_bind, const struct bind_wire_end *from,
	struct bind *to_bind, const struct bind_wire_end *to);

/* send takes what the rooms send on that port (false: counted as unsendable); what comes in goes by
 * bind_deliver. */
MUST_USE bool bind_custom(struct bind *b, const struct room *room, uint16_t port,
	bool (*send)(void *arg, const struct msg *m), void *arg);

/* Hands m to the room of m->port, as if a socket had received it. Call it in the loop's callbacks only. */
void bind_deliver(struct bind *b, const struct msg *m);

/* Sees what the rooms hear and what leaves, before it does: for logs and recordings. All but msg may be NULL.
 */
struct bind_tap {
	void (*msg)(void *arg, bool in, const struct msg *m);
	void (*deadline)(void *arg, uint64_t now_ns); /* a room's deadline is due */
	void (*turn)(void *arg, bool kept); /* a turn that had something to keep or send has ended */
	void *arg;
};

/* The tap is copied. False when there are too many. */
bool bind_tap_add(struct bind *b, const struct bind_tap *tap);

/* The local address of a UDP port, or where samples are sent from, with its real port; len 0 for others. */
struct addr bind_local(const struct bind *b, uint16_t port);

struct bind_stats bind_stats(const struct bind *b);

extern const struct stat_group bind_stat_group, bind_udp_group;
/* What passed it, its UDP sockets, its streams of samples and radio devices (samples_ and device_stat_group);
 * valid until the next call. */
void bind_figures(struct bind *b, struct stats_list *l);
/* The last two alone. */
void bind_radio_figures(struct bind *b, struct stats_list *l);

/* Answers requests of a Unix port that are not the room's; BYTES_NONE: they are. The answer is valid until
 * the next call. */
typedef struct bytes bind_own_fn(void *arg, struct bytes request);
void bind_unix_own(struct bind *b, uint16_t port, bind_own_fn *own, void *arg);

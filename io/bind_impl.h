/* Inside io/bind: the table of ports, and what passes through it. */
#pragma once

#include "base/commit.h"
#include "io/bind.h"
#include "io/octet_ring.h"

enum bind_kind {
	BIND_SCTP_SERVER,
	BIND_SCTP_CLIENT,
	BIND_UDP,
	BIND_TUN,
	BIND_UNIX,
	BIND_SAMPLES,
	BIND_DEVICE,
	BIND_WIRE,
	BIND_CUSTOM
};

enum {
	BIND_TUN_BUF = 256 << 10,
	BIND_TOKENS_MAX = 4096, /* associations that rooms opened */
	BIND_FAILED_MAX = 256,  /* of one turn */
};

struct bind_port {
	struct bind *bind;
	struct room room;
	uint16_t port;
	enum bind_kind kind;
	struct io_sctp *sctp;
	struct addr local;
	uint32_t ppid;
	struct udp *udp;
	struct tun *tun;
	struct unix_server *unix_server;
	struct samples *samples;
	struct device *device;
	struct bind_port *far; /* of a wire, at the end that opens; NULL: it is the other */
	struct bind_cross *outgoing,
		*incoming; /* of a wire, where this end stands for one of another binding */
	bind_own_fn *own;  /* requests that it answers; NULL: none */
	void *own_arg;
	size_t mtu;
	uint8_t *tun_buf;
	struct loop_watch watch;
	bool watched;
	bool (*send)(void *arg, const struct msg *m);
	void *send_arg;
};

/* An association that a room opened, and the token that it goes by there. */
struct bind_token {
	uint64_t assoc;
	uint32_t token;
};

/* A MSG_UP of a room that could not even be tried. */
struct bind_failed {
	struct bind_port *port;
	uint32_t token;
};

struct bind {
	struct loop *loop;
	struct env *env;
	struct loop_hook hook;
	struct turn turn;
	struct bind_port *ports[BIND_PORTS_MAX];
	size_t port_count;
	struct room rooms[BIND_ROOMS_MAX];
	size_t room_count;
	struct bind_token *tokens;
	size_t token_count, token_cap;
	struct bind_failed failed[BIND_FAILED_MAX];
	size_t failed_count;
	struct outbox wired; /* between rooms, for the next turn */
	struct bind_tap taps[BIND_TAPS_MAX];
	size_t tap_count;
	struct bind_stats stats, shown;
	struct udp_stats shown_udp;
	struct samples_stats shown_samples;
};

/* bind_hand.c */
struct bind_port *bind_find(const struct bind *b, uint16_t port);
void bind_tell_taps(struct bind *b, bool in, const struct msg *m);
void bind_hand(struct bind_port *p, const struct msg *m);

/* bind_wire.c */
bool bind_wire_say(struct bind_port *p, const struct msg *m);
void bind_wire_due(struct bind *b);
/* What is for either of two ports goes to the binding of the other. False: no memory, or descriptors. */
MUST_USE bool bind_wire_cross(struct bind_port *near, struct bind_port *far);
void bind_cross_free(struct bind_cross *c);

/* What a port's socket calls. */
struct io_sctp_user bind_sctp_user(struct bind_port *p);
struct samples_user bind_samples_user(struct bind_port *p);
struct device_user bind_device_user(struct bind_port *p);
void bind_udp_ready(void *arg, uint32_t events);
void bind_tun_ready(void *arg, uint32_t events);
void bind_unix_request(void *arg, uint32_t client, struct bytes message);
void bind_unix_closed(void *arg, uint32_t client);

/* Gives to the sockets what the rooms want sent. */
void bind_leave(void *arg, struct outbox *o);

/* The loop's hook. */
uint64_t bind_next_ns(void *arg);
void bind_due(void *arg, uint64_t now_ns);
void bind_turn_end(void *arg);

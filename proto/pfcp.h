/*
 * One end of PFCP paths (TS 29.244), the CP or the UP function: sequence numbers, requests with their
 * repetitions (6.4), responses kept for repeated requests, heart-beats (6.2.2) and the peers' restarts
 * (Recovery Time Stamp, 19A). What the messages mean is the owner's. Only configured peers are listened to.
 */
#pragma once

#include "base/env.h"
#include "base/stats.h"
#include "base/timers.h"
#include "wire/pfcp/pfcp.h"

enum pfcp_limit {
	PFCP_PEERS_MAX = 64,
	PFCP_REQUESTS_MAX = 131072,         /* own requests without a response */
	PFCP_REQUEST_OCTETS_MAX = 64 << 20, /* kept for repetition */
	PFCP_RESPONSES_MAX = 131072,        /* responses kept for repeated requests */
	PFCP_RESPONSE_OCTETS_MAX = 32 << 20,
	PFCP_MSG_MAX = 16384,      /* octets of a message sent */
	PFCP_STRANGERS_PER_S = 10, /* heart-beats answered of who is not configured */
	PFCP_MSGS_PER_DATAGRAM_MAX = 64,
	/* 6.4: T1 follows the peer's round trip, and doubles with each repetition; N1 is all sendings of a
	 * request, so many that one gets through where three of ten datagrams are lost each way. */
	PFCP_T1_MS = 200, /* before the round trip is known; where the configuration has 0, as N1 */
	PFCP_T1_MIN_MS = 100,
	PFCP_T1_MAX_MS = 500,
	PFCP_N1 = 16,
	PFCP_GIVE_UP_MS = 8000, /* by then a request is answered or given up */
	PFCP_HEARTBEAT_MS = 10000,
	PFCP_HEARTBEAT_N1 = 8,    /* sendings of a heart-beat */
	PFCP_HEARTBEATS_LOST = 2, /* one after the other, until the peer is */
};

struct pfcp_node;

/* A configured peer. The owner reads it, and writes `user` only. */
struct pfcp_peer {
	struct pfcp_node *node;
	struct addr addr;
	uint32_t index; /* 0 to PFCP_PEERS_MAX - 1, in the order of adding */
	bool has_recovery;
	uint32_t recovery; /* its Recovery Time Stamp, seconds since 1900 */
	bool alive;        /* answered the last heart-beat or any request since */
	bool beating;
	uint8_t heartbeats_lost;
	uint64_t answered_ns;        /* any request, last */
	uint32_t rtt_us, rtt_var_us; /* its round trip, smoothed (RFC 6298); 0: not known */
	struct timer heartbeat;
	void *user;
};

/* The request a response belongs to. May be kept and answered in a later turn. */
struct pfcp_origin {
	struct pfcp_peer *peer;
	uint32_t sequence;
	uint16_t port;  /* the peer's, which may differ from that of its address */
	uint8_t type;   /* enum pfcp_msg_type of the request */
	uint64_t whose; /* pfcp_node_ops.whose */
};

/* Whom a response is for: chosen with the request, handed back. */
struct pfcp_token {
	uint64_t context;
	uint32_t generation;
	uint32_t step;
	uint64_t whose; /* whom the request concerns, for traces; 0: nobody */
};

enum pfcp_peer_event {
	PFCP_PEER_RESTARTED, /* another Recovery Time Stamp: its sessions are lost */
	PFCP_PEER_LOST,      /* heart-beats were not answered, nor anything else; they stop */
};

struct pfcp_node_ops {
	/* A request, new, well-formed and of a configured peer. m is valid during the call. */
	void (*on_request)(void *owner, const struct pfcp_origin *from, const struct pfcp_msg *m);
	/* The response to an own request of type `request`; m is NULL when there is none to use. */
	void (*on_response)(void *owner, struct pfcp_peer *peer, enum pfcp_msg_type request,
		struct pfcp_token token, const struct pfcp_msg *m);
	void (*on_peer)(void *owner, struct pfcp_peer *peer, enum pfcp_peer_event event);
	/* The peer's SEID of the session with this SEID here, for error responses; 0: none. May be NULL. */
	uint64_t (*remote_seid)(void *owner, struct pfcp_peer *peer, uint64_t seid);
	/* A request is about to be sent again, in this turn. May be NULL. */
	void (*on_repeat)(void *owner, struct pfcp_peer *peer, struct pfcp_token token);
	/* Whom the session with this SEID here concerns, for traces; 0: nobody. May be NULL. */
	uint64_t (*whose)(void *owner, struct pfcp_peer *peer, uint64_t seid);
};

/* A message as it comes from the peer, or goes to it. */
typedef void pfcp_tap_fn(void *arg, bool in, uint64_t whose, const struct addr *peer, struct bytes message);

struct pfcp_node_config {
	uint16_t port; /* the owner's outbox port of N4 */
	struct pfcp_node_id node_id;
	uint32_t recovery; /* own Recovery Time Stamp */
	uint32_t t1_ms, heartbeat_ms;
	uint8_t n1;
};

enum pfcp_stat {
	PFCP_STAT_RECEIVED,
	PFCP_STAT_SENT,       /* without repetitions */
	PFCP_STAT_REPEATED,   /* own requests sent again */
	PFCP_STAT_UNANSWERED, /* own requests given up */
	PFCP_STAT_DUPLICATES, /* requests received again */
	PFCP_STAT_FOREIGN,    /* datagrams of peers that are not configured */
	PFCP_STAT_UNMATCHED,  /* responses to nothing asked */
	PFCP_STAT_MALFORMED,
	PFCP_STAT_VERSION, /* messages of another version */
	PFCP_STAT_PEER_RESTARTS,
	PFCP_STAT_EXHAUSTED, /* requests or responses for which there was no room */
	PFCP_STAT_COUNT
};

/* timers' owner is that of the ops. NULL when memory is refused. */
MUST_USE struct pfcp_node *pfcp_node_new(const struct pfcp_node_config *config,
	const struct pfcp_node_ops *ops, void *owner, struct env *env, struct timers *timers);
void pfcp_node_free(struct pfcp_node *n);

/* fn sees each; NULL: nobody looks. */
void pfcp_node_set_tap(struct pfcp_node *n, pfcp_tap_fn *fn, void *arg);

/* addr's port 0 means 8805. NULL at the limit. */
struct pfcp_peer *pfcp_peer_add(struct pfcp_node *n, const struct addr *addr);
struct pfcp_peer *pfcp_peer_at(struct pfcp_node *n, uint32_t index);

/* A datagram of N4. */
void pfcp_receive(struct pfcp_node *n, const struct msg *m);

/*
 * Sends m, whose sequence it sets, and repeats it by T1 until the response. False, with nothing sent and no
 * response to come, when it cannot be encoded or there is no room.
 */
MUST_USE bool pfcp_request(struct pfcp_peer *p, struct pfcp_msg *m, struct pfcp_token token);

/* What was asked of the peer by requests of this type is settled otherwise: they are not repeated, and no
 * response to them is used. */
void pfcp_withdraw(struct pfcp_peer *p, enum pfcp_msg_type request);

/* Answers a request with m, whose sequence and type it sets. */
void pfcp_respond(const struct pfcp_origin *to, struct pfcp_msg *m);

/* Answers with a cause alone; offending_ie 0: none. seid is the peer's, in session messages. */
void pfcp_respond_cause(const struct pfcp_origin *to, uint64_t seid, uint8_t cause, uint16_t offending_ie);

/* Heart-beats from now on; and no more. */
void pfcp_heartbeat_start(struct pfcp_peer *p);
void pfcp_heartbeat_stop(struct pfcp_peer *p);

/* What the store remembers of a peer: later stamps are compared with it. */
void pfcp_peer_set_recovery(struct pfcp_peer *p, uint32_t recovery);

/* Now, as a Recovery Time Stamp: seconds since 1900, RFC 5905. */
uint32_t pfcp_time(struct env *env);

/* Own requests still unanswered. */
uint32_t pfcp_pending(const struct pfcp_node *n);

extern const struct stat_group pfcp_stat_group;
void pfcp_stats(const struct pfcp_node *n, struct stats *out);

/* Inside the bus: instances, peers, exchanges and the queue of events. */
#pragma once

#include "base/arena.h"
#include "base/list.h"
#include "base/pool.h"
#include "proto/sbi_transport.h"

#define LOG_ROOM "sbi"

struct sbi_nf {
	struct sbi_bus *bus;
	const struct sbi_peer *peer;
	const struct sbi_nf_ops *ops;
	void *self;
};

enum sbi_event_kind { SBI_EVENT_REQUEST, SBI_EVENT_ANSWER };

/* Something to be delivered. That of an answer stands in its exchange, so that it always has room. */
struct sbi_event {
	struct sbi_event *next;
	enum sbi_event_kind kind;
	struct sbi_nf *to;
	struct sbi_request request;
	struct sbi_answer answer;
	size_t octets; /* of the body: sbi_seen */
};

/* A body in the turn's arena. */
struct sbi_body {
	void *at;      /* NULL: none */
	size_t octets; /* sbi_seen */
};

enum sbi_exchange_state {
	SBI_WAITING,  /* for the answer */
	SBI_ANSWERED, /* its event is queued; then it ends */
	SBI_EXPIRED,  /* the time-out is reported; a resource may still come */
};

/* A request and its answer. Deadlines of a list are in order, since all of it wait equally long. */
struct sbi_exchange {
	struct link link;
	uint64_t deadline_ns;
	enum sbi_exchange_state state;
	enum sbi_op_id op;
	uint32_t generation;
	struct sbi_nf *consumer;   /* NULL: it came by a transport, under its route */
	struct sbi_transport *via; /* where the request came from, when not from here */
	uint64_t route;
	const struct sbi_peer *to;
	struct sbi_token token;
	uint64_t whose;
	struct sbi_event answer;
};

/* The local transport: a queue of events with copies of their bodies. */
struct sbi_local {
	struct arena arena;
	struct sbi_event *head;
	struct sbi_event **tail;
	bool wire; /* bodies go through their HTTP form */
};

struct sbi_bus {
	struct env *env;
	struct sbi_local local;
	struct sbi_transport *transports[SBI_TRANSPORTS_MAX];
	size_t transport_count;
	struct pool exchanges;
	struct link waiting, expired;
	uint32_t generation;
	bool running;
	uint64_t whose; /* whom what is being delivered concerns */
	sbi_tap_fn *tap;
	void *tap_arg;
	uint64_t stat[SBI_STAT_COUNT];
	uint64_t by_op[SBI_OP_COUNT][SBI_OP_STAT_COUNT];
	size_t nf_count;
	struct sbi_nf nfs[SBI_NFS_MAX];
	size_t peer_count;
	struct sbi_peer *peers[SBI_PEERS_MAX];
	uint8_t callback_key[SEAL_KEY_LEN];
};

/* sbi_log.c: at level debug */
void sbi_log_event(struct sbi_bus *bus, const struct sbi_event *e);

/* sbi_local.c */
void sbi_local_init(struct sbi_local *l, size_t limit);
void sbi_local_fini(struct sbi_local *l);
void sbi_local_wipe(struct sbi_local *l);
/* Copies a body into the turn's arena; NULL when it does not fit. */
struct sbi_body sbi_local_request_body(struct sbi_bus *bus, enum sbi_op_id op, const void *req);
/* The same of an answer's; *fits is false when there was one and it does not. */
struct sbi_body sbi_local_response_body(
	struct sbi_bus *bus, enum sbi_op_id op, enum sbi_cause cause, const void *rsp, bool *fits);
struct sbi_event *sbi_local_event(struct sbi_local *l);
void sbi_local_queue(struct sbi_local *l, struct sbi_event *e);
struct sbi_event *sbi_local_next(struct sbi_local *l);

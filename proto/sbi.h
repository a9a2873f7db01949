/*
 * The bus of service operations. A function calls an operation of a peer; the request, and later the answer,
 * reach the other side as queued events, never as nested calls. A function cannot tell whether the other is
 * in this process: a transport carries both (proto/sbi_transport.h), the local one or another.
 *
 *   consumer: sbi_call(self, peer, SBI_AUSF_AUTHENTICATE, &req, token)
 *   producer: on_request(self, r) ... sbi_answer(bus, r->id, cause, &rsp)   at once or in a later turn
 *   consumer: on_answer(self, a) with its token; a->from is whom the resource belongs to
 */
#pragma once

#include "base/env.h"
#include "base/stats.h"
#include "crypto/seal.h"
#include "wire/sbi/sbi.h"

struct sbi_bus;
struct sbi_nf; /* an instance attached to the bus */

enum sbi_limit {
	SBI_PENDING_MAX = 131072,  /* unanswered requests */
	SBI_REFUSALS_MAX = 131072, /* and refused ones, of one turn, whose answers are to be delivered */
	SBI_TURN_OCTETS_MAX = 256 << 20, /* bodies queued in one turn */
	SBI_TIMEOUT_MS = 10000,
	SBI_LATE_MS =
		60000, /* after a time-out: an answer that brings a resource is handed over to release it */
	SBI_PEERS_MAX = 1024,
	SBI_NFS_MAX = 64,
	SBI_TRANSPORTS_MAX = 8,
	SBI_API_ROOT_SIZE = 64,
	SBI_BINDING_SIZE = 64,
	SBI_PEER_STR_SIZE = 8 + UUID_STR_SIZE + SBI_API_ROOT_SIZE + SBI_BINDING_SIZE,
	SBI_URI_SIZE = 128,
	SBI_CALLBACK_OCTETS = 40, /* of a callback's last segment, which has them as digits */
};

/*
 * Whom to call. The bus keeps one of each kind and value, for its life: users keep the pointer beside the
 * name of a resource. An empty instance id is any instance of the type (what is configured or local).
 */
struct sbi_peer {
	enum nf_type type;
	char instance_id[UUID_STR_SIZE];
	char api_root[SBI_API_ROOT_SIZE]; /* empty: the transport's own choice */
	char binding[SBI_BINDING_SIZE];   /* 29.500 6.12 binding indication; empty: none */
};

/* Whom an answer is for: chosen by the consumer, handed back with the answer. */
struct sbi_token {
	uint64_t context;    /* e.g. the AMF UE NGAP ID */
	uint32_t generation; /* of the procedure: a late answer finds another one */
	uint32_t step;
	uint64_t whose; /* whom the call concerns, for traces; 0: whoever what is being delivered concerns */
};

/* Valid during the call; the id stays valid until answered or timed out. */
struct sbi_request {
	enum sbi_op_id op;
	const struct sbi_peer *from;
	uint64_t id;
	const void *body; /* the operation's request struct */
};

struct sbi_answer {
	enum sbi_op_id op;
	struct sbi_token token;
	enum sbi_cause cause;
	const struct sbi_peer *from; /* who answered; of an error of the bus, who was called */
	bool late;        /* after its time-out was reported: what was created is the consumer's to release */
	const void *body; /* the response struct, also with an error that has one; NULL: none */
};

struct sbi_nf_ops {
	void (*on_request)(void *self, const struct sbi_request *r);
	void (*on_answer)(void *self, const struct sbi_answer *a); /* NULL: never calls */
};

enum sbi_stat {
	SBI_STAT_REQUESTS,
	SBI_STAT_ERRORS, /* answers with a cause */
	SBI_STAT_TIMEOUTS,
	SBI_STAT_REFUSED,           /* no room for the request */
	SBI_STAT_BODYLESS,          /* answers whose body had no room: an error took its place */
	SBI_STAT_LATE,              /* answers to what is no longer pending */
	SBI_STAT_WIRE_ERRORS,       /* bodies that did not survive their HTTP form: our bug */
	SBI_STAT_CALLBACKS_REFUSED, /* callback URIs that are not of this owner */
	SBI_STAT_COUNT
};

/*
 * What the bus delivers, for traces: a request, or the answer to it. whose is that of the call's token, or,
 * of a call that was made while another one was delivered, that one's; 0: nobody's.
 */
struct sbi_seen {
	bool request;
	enum sbi_op_id op;
	enum sbi_cause cause; /* of an answer */
	enum nf_type consumer, producer;
	uint64_t whose;
	uint64_t id;      /* of the exchange */
	const void *body; /* NULL: none */
	size_t octets; /* that it lies in, from there on, with all that it points to; 0: not in one piece */
};
typedef void sbi_tap_fn(void *arg, const struct sbi_seen *seen);

/* env must outlive the bus. NULL when memory is refused. */
MUST_USE struct sbi_bus *sbi_bus_new(struct env *env);
void sbi_bus_free(struct sbi_bus *bus);

/*
 * With on, every body is handed over locally as what its HTTP message holds (encoded and decoded,
 * wire/sbi/sbi_json.h) instead of a copy: proof that processes could be between the functions. A body that
 * does not come through is logged, counted (SBI_STAT_WIRE_ERRORS) and copied.
 */
void sbi_bus_set_wire(struct sbi_bus *bus, bool on);

/* fn sees each before it is delivered; NULL: nobody looks. */
void sbi_bus_set_tap(struct sbi_bus *bus, sbi_tap_fn *fn, void *arg);

/* Octets that the queued bodies of one turn may take, for tests; SBI_TURN_OCTETS_MAX otherwise. */
void sbi_bus_set_limit(struct sbi_bus *bus, size_t octets);

/* What callback URIs are sealed with: the same for all the lives of the instances. False: none can be made.
 */
MUST_USE bool sbi_bus_set_callback_key(struct sbi_bus *bus, const uint8_t key[SEAL_KEY_LEN]);

/* Several instances of a type may be attached. NULL at the limit. */
MUST_USE struct sbi_nf *sbi_attach(struct sbi_bus *bus, enum nf_type type, const char *instance_id,
	const struct sbi_nf_ops *ops, void *self);

/* The peer of these values; NULL, counted, at the limit. Calls to NULL are refused like others. */
const struct sbi_peer *sbi_peer(struct sbi_bus *bus, const struct sbi_peer *values);
const struct sbi_peer *sbi_any(struct sbi_bus *bus, enum nf_type type);
const struct sbi_peer *sbi_instance(struct sbi_bus *bus, enum nf_type type, const char *instance_id);

/* A peer as text, for records; NULL is "". Of the bus's own instances one that is alone of its type is
 * written as any of it, but for AMFs. */
void sbi_peer_print(const struct sbi_bus *bus, const struct sbi_peer *peer, char out[SBI_PEER_STR_SIZE]);
/* NULL for "" and for what is none. */
const struct sbi_peer *sbi_peer_read(struct sbi_bus *bus, const char *text);

/*
 * Queues a request (copied, with its binaries). Where it cannot be taken, or nobody serves it, the answer
 * is an error event like any other, so there is one way for a call to fail.
 */
void sbi_call(struct sbi_nf *from, const struct sbi_peer *to, enum sbi_op_id op, const void *req,
	struct sbi_token token);

/*
 * Answers a request once. rsp may be NULL with a cause other than SBI_OK. A body that has no room becomes
 * an error without one, which always has. Late answers are counted.
 */
void sbi_answer(struct sbi_bus *bus, uint64_t id, enum sbi_cause cause, const void *rsp);

/* Delivers events until none is queued. Called by core/core.c after each message or deadline. */
void sbi_run(struct sbi_bus *bus);

uint64_t sbi_next_deadline_ns(const struct sbi_bus *bus);
void sbi_on_deadline(struct sbi_bus *bus, uint64_t now_ns);

enum sbi_op_stat { SBI_OP_CALLED, SBI_OP_FAILED, SBI_OP_STAT_COUNT };

extern const struct stat_group sbi_stat_group, sbi_op_group;
/* All figures, also by operation. */
void sbi_figures(const struct sbi_bus *bus, struct stats_list *l);
/* enum sbi_stat */
void sbi_stats(const struct sbi_bus *bus, struct stats *out);

/* What a callback URI that we gave out stands for: the owner's context and its generation. */
struct sbi_callback {
	uint64_t context;
	uint32_t generation;
};

enum sbi_callback_kind {
	SBI_CALLBACK_SM_CONTEXT_STATUS,
	SBI_CALLBACK_DEREG_NOTIFY,
	SBI_CALLBACK_AM_POLICY,
	SBI_CALLBACK_SM_POLICY,
	SBI_CALLBACK_N1N2_FAILURE,
	SBI_CALLBACK_APPLICATION,
};

/* An opaque URI below the owner's apiRoot, which nobody can guess or change. False when it cannot be made. */
MUST_USE bool sbi_callback_uri(struct sbi_nf *owner, enum sbi_callback_kind kind,
	const struct sbi_callback *c, char out[SBI_URI_SIZE]);
/* The last segment of a callback URI, which a notification carries in its path; false when it has none. */
MUST_USE bool sbi_callback_segment(const char *uri, char out[SBI_CALLBACK_SIZE]);
/* The segment as octets, for who keeps many; all 0: it is none that we gave out. */
void sbi_callback_octets(const char *uri, uint8_t out[SBI_CALLBACK_OCTETS]);
/* The segment again; false: there was none. */
MUST_USE bool sbi_callback_of_octets(const uint8_t octets[SBI_CALLBACK_OCTETS], char out[SBI_CALLBACK_SIZE]);
/* Opens a segment that came back; false, counted, when it is not of this owner and kind. */
MUST_USE bool sbi_callback_open(
	struct sbi_nf *owner, enum sbi_callback_kind kind, const char *segment, struct sbi_callback *out);

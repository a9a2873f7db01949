/*
 * The bus of service operations. A function calls an operation by name; the request, and later the
 * answer, reach the other side as queued events, never as nested calls. A function cannot tell whether
 * the other is in this process.
 *
 *   consumer: sbi_call(bus, NF_AMF, SBI_AUSF_AUTHENTICATE, &req, token)
 *   producer: on_request(self, r) ... sbi_answer(bus, r->id, cause, &rsp)   at once or in a later turn
 *   consumer: on_answer(self, a) with its token
 */
#pragma once

#include "base/env.h"
#include "base/stats.h"
#include "wire/sbi/sbi.h"

struct sbi_bus;

/* Whom an answer is for: chosen by the consumer, handed back with the answer. */
struct sbi_token {
	uint64_t context;    /* e.g. the AMF UE NGAP ID */
	uint32_t generation; /* of the procedure: a late answer finds another one and is dropped */
	uint32_t step;
};

/* Valid during the call; the id stays valid until answered or timed out. */
struct sbi_request {
	enum sbi_op_id op;
	enum nf_type consumer;
	uint64_t id;
	const void *body; /* the operation's request struct */
};

struct sbi_answer {
	enum sbi_op_id op;
	struct sbi_token token;
	enum sbi_cause cause;
	const void *body; /* the response struct, also with an error that has one; NULL: none */
};

struct sbi_nf_ops {
	void (*on_request)(void *self, const struct sbi_request *r);
	void (*on_answer)(void *self, const struct sbi_answer *a); /* NULL: never calls */
};

enum sbi_limit {
	SBI_PENDING_MAX = 131072,        /* unanswered requests */
	SBI_TURN_OCTETS_MAX = 256 << 20, /* bodies queued in one turn */
	SBI_TIMEOUT_MS = 10000,
};

enum sbi_stat {
	SBI_STAT_REQUESTS,
	SBI_STAT_ERRORS, /* answers with a cause */
	SBI_STAT_TIMEOUTS,
	SBI_STAT_REFUSED,     /* no room for the request */
	SBI_STAT_LATE,        /* answers to what is no longer pending */
	SBI_STAT_WIRE_ERRORS, /* bodies that did not survive their HTTP form: our bug */
	SBI_STAT_COUNT
};

/* env must outlive the bus. NULL when memory is refused. */
struct sbi_bus *sbi_bus_new(struct env *env);
void sbi_bus_free(struct sbi_bus *bus);

/*
 * With on, every body is handed over as what its HTTP message says (encoded and decoded, wire/sbi/sbi_json.h)
 * instead of a copy: proof that processes could be between the functions. A body that does not come through
 * is logged, counted (SBI_STAT_WIRE_ERRORS) and copied.
 */
void sbi_bus_set_wire(struct sbi_bus *bus, bool on);

void sbi_attach(struct sbi_bus *bus, enum nf_type type, const struct sbi_nf_ops *ops, void *self);

/*
 * Queues a request (copied, with its binaries). Where it cannot be taken, or nobody serves it, the answer
 * is an error event like any other, so there is one way for a call to fail.
 */
void sbi_call(struct sbi_bus *bus, enum nf_type consumer, enum sbi_op_id op, const void *req,
	struct sbi_token token);

/* Answers a request once. rsp may be NULL with a cause other than SBI_OK. Late answers are dropped, counted.
 */
void sbi_answer(struct sbi_bus *bus, uint64_t id, enum sbi_cause cause, const void *rsp);

/* Delivers events until none is queued. Called by core/core.c after each message or deadline. */
void sbi_run(struct sbi_bus *bus);

uint64_t sbi_next_deadline_ns(const struct sbi_bus *bus);
void sbi_on_deadline(struct sbi_bus *bus, uint64_t now_ns);

void sbi_stats(const struct sbi_bus *bus, struct stats *out);

/*
 * A stream of radio samples to and from another process, as open radio stacks join theirs for tests: fc32
 * (float I and Q one after the other, in the machine's order) over ZeroMQ. The transmit side listens as REP:
 * a request is answered with a block of samples; the receive side asks as REQ for one block after the other.
 * There are no time stamps: two ends in lock step each send as many samples as they take, plus a lead.
 */
#pragma once

#include "base/addr.h"
#include "base/log.h"
#include "base/stats.h"
#include "io/loop.h"

enum {
	SAMPLES_OCTETS = 8,             /* of one: float I, float Q */
	SAMPLES_BLOCK_MAX = 1 << 20,    /* octets of a block that is received */
	SAMPLES_ANSWER_MAX = 256 << 10, /* and of one that is sent */
	SAMPLES_QUEUE_MAX = 4 << 20,    /* octets that wait to be asked for */
};

/* Either may be of length 0: that side is not there. Port 0 of transmit: any. */
struct samples_config {
	struct addr transmit; /* where we listen */
	struct addr receive;  /* whom we ask */
};

struct samples_stats { /* the figures of samples_stat_group, in their order */
	uint64_t blocks_in, in;
	uint64_t blocks_out, out;
	uint64_t tamed;           /* values that were no number, or absurd */
	uint64_t joined, broken;  /* the stream from whom we ask */
	uint64_t clients;         /* who asked us */
	uint64_t clients_refused; /* while another was there */
	uint64_t malformed;       /* connections that ended for what came on them */
	uint64_t timed_out;       /* before their handshake was done */
};

extern const struct stat_group samples_stat_group;

/* Calls of the loop's callbacks; data is aligned to 64 octets, of whole samples, and valid during the call.
 */
struct samples_user {
	void (*up)(void *arg);
	void (*data)(void *arg, struct bytes data);
	void (*down)(void *arg);
	void *arg;
};

/* Blocks of samples come and go each turn: from now on the heap keeps what they leave, where it else gave it
 * back to the kernel and had it made again. samples_open() sees to it. */
void samples_keep_memory(void);

struct samples;

/* NULL with errno. */
MUST_USE struct samples *samples_open(
	struct loop *l, struct log *log, const struct samples_config *c, const struct samples_user *user);
void samples_free(struct samples *s);

/* Whole samples for who asks. False: whom we ask is not there, or no more are kept. */
MUST_USE bool samples_send(struct samples *s, struct bytes data);

/* Where it listens, with the real port; len 0: nowhere. */
struct addr samples_local(const struct samples *s);
struct samples_stats samples_stats(const struct samples *s);

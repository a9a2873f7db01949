/* The receive side of a stream of samples: a REQ that asks for one block after the other, and connects again.
 */
#pragma once

#include "base/log.h"
#include "io/zmq/connection.h"
#include "io/zmq/samples.h"

enum {
	RECEIVE_RETRY_MIN_MS = 50, /* before it connects again; doubled each time that it was in vain */
	RECEIVE_RETRY_MAX_MS = 1000,
	RECEIVE_HANDSHAKE_MS = 2000, /* from the call to connect until it may ask */
	RECEIVE_BUFFER = SAMPLES_BLOCK_MAX + 2048,
};

enum receive_state { RECEIVE_WAITING, RECEIVE_CONNECTING, RECEIVE_HANDSHAKE, RECEIVE_UP };

struct receive {
	struct zmq_connection connection; /* its socket is one for all time */
	struct addr peer;
	struct log *log;
	struct samples_stats *stats;
	struct samples_user user;
	uint8_t state; /* enum receive_state */
	bool told;     /* the log has that nobody is there */
	uint32_t retry_ms;
	uint64_t due_ns; /* of the state */
};

/* False with errno. */
MUST_USE bool receive_open(struct receive *r, struct loop *l, const struct addr *peer);
void receive_close(struct receive *r);

/* Ends what there is, and connects again. */
void receive_restart(struct receive *r);

uint64_t receive_next_ns(const struct receive *r);
void receive_due(struct receive *r, uint64_t now_ns);

/* The transmit side of a stream of samples: a REP that answers one client, and what waits for its requests.
 */
#pragma once

#include "base/log.h"
#include "io/zmq/connection.h"
#include "io/zmq/samples.h"

enum {
	TRANSMIT_CLIENTS = 4,         /* connections, of which one has done its handshake */
	TRANSMIT_HANDSHAKE_MS = 2000, /* that a connection may take for it */
	TRANSMIT_REQUEST_MAX = 256,   /* octets of a request */
	TRANSMIT_BUFFER = 2048,
};

struct transmit;

struct transmit_client {
	struct zmq_connection connection;
	struct transmit *transmit;
	bool used;
	uint64_t due_ns; /* of its handshake; NEVER: it is done */
	_Alignas(ZMQ_ALIGN) uint8_t in[TRANSMIT_BUFFER];
};

struct transmit {
	struct loop *loop;
	struct loop_watch watch;
	struct addr local;
	struct log *log;
	struct samples_stats *stats;
	void (*lost)(void *arg); /* the client of the stream is gone; what waited for it, too */
	void *arg;
	uint64_t listen_at_ns;          /* when a listener that rests goes on; NEVER: it does not rest */
	struct transmit_client *client; /* whose handshake is done; NULL: none's */
	bool told;                      /* the log has that another one came */
	uint8_t *queue;
	size_t queue_cap, queue_at, queue_len; /* of it [queue_at, queue_len) waits */
	struct transmit_client clients[TRANSMIT_CLIENTS];
};

/* False with errno. */
MUST_USE bool transmit_open(struct transmit *t, struct loop *l, const struct addr *local);
void transmit_close(struct transmit *t);

/* Whole samples; false, with nothing done, when no more are kept. */
MUST_USE bool transmit_put(struct transmit *t, struct bytes data);
/* Forgets what waits, but for what is left of a block that has begun. */
void transmit_drop(struct transmit *t);

uint64_t transmit_next_ns(const struct transmit *t);
void transmit_due(struct transmit *t, uint64_t now_ns);

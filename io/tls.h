/*
 * A server of TLS 1.3 alone, for the console: connections as associations whose octets come and go by
 * bind_custom(). Who connects first has no claim: where all places are taken, the connection that has been
 * silent longest gives way. A peer that neither finishes its handshake nor takes what it is sent is closed.
 */
#pragma once

#include "base/addr.h"
#include "base/stats.h"
#include "io/loop.h"

enum tls_limit {
	TLS_CLIENTS_MAX = 512,
	TLS_HANDSHAKE_S = 10,
	TLS_STALLED_S = 20,        /* without the peer's taking anything of what waits for it */
	TLS_LINGER_S = 2,          /* for the peer to close, once it has all */
	TLS_LINGER_MAX = 1 << 20,  /* octets that it may still send */
	TLS_WAITING_MAX = 4 << 20, /* octets that wait for one peer */
};

enum tls_stat {
	TLS_STAT_CONNECTIONS,
	TLS_STAT_HANDSHAKES_FAILED,
	TLS_STAT_YIELDED,
	TLS_STAT_TIMED_OUT,
	TLS_STAT_COUNT
};

extern const struct stat_group tls_stat_group;

/* What becomes of a connection; `down` is its last word, also where tls_close() was the reason. */
struct tls_user {
	void (*up)(void *arg, uint64_t assoc, const struct addr *peer);
	void (*data)(void *arg, uint64_t assoc, struct bytes data);
	void (*down)(void *arg, uint64_t assoc);
	void *arg;
};

struct tls_server;

/* Certificate chain and key in PEM; error says what is wrong. NULL: refused. */
MUST_USE struct tls_server *tls_listen(struct loop *l, const struct addr *local, const char *certificate,
	const char *key, const struct tls_user *user, char *error, size_t error_size);
void tls_free(struct tls_server *s);

/* Copies the octets. False: there is no such connection, or it takes too little (it is then closed). */
MUST_USE bool tls_send(struct tls_server *s, uint64_t assoc, struct bytes data);
/* Closes it once what waits has been taken. */
void tls_close(struct tls_server *s, uint64_t assoc);

void tls_stats(const struct tls_server *s, struct stats *out);

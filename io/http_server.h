/*
 * An HTTP server of one document that is made as it is sent, a part a turn, for as long as the client takes
 * it: neither a long document nor a slow client holds up the loop. GET and HEAD, one request a connection.
 * Clients, octets and times are bounded; where there are too many clients, the one that has waited longest
 * for its own request gives way.
 */
#pragma once

#include "base/addr.h"
#include "base/stats.h"
#include "io/loop.h"
#include "proto/http/http.h"

enum http_limit {
	HTTP_CLIENTS_MAX = 16,
	HTTP_PART_MAX = 32768,  /* octets made at a time */
	HTTP_REQUEST_S = 5,     /* for a request to come */
	HTTP_ANSWER_S = 30,     /* for the answer to be taken, */
	HTTP_STALLED_S = 5,     /* and without the client's taking anything of it */
	HTTP_LINGER_S = 2,      /* for the client to close */
	HTTP_LINGER_MAX = 65536 /* octets that it may still send */
};

/* The document: writes what fits from *place on (0: the start), and moves *place on; false: that was all. */
struct http_document {
	const char *path, *type;
	bool (*part)(void *arg, uint64_t *place, struct writer *w);
	void *arg;
};

enum http_stat {
	HTTP_STAT_CONNECTIONS,
	HTTP_STAT_ANSWERS,
	HTTP_STAT_REFUSED, /* answered with an error */
	HTTP_STAT_YIELDED, /* closed for want of room */
	HTTP_STAT_TIMED_OUT,
	HTTP_STAT_COUNT
};

extern const struct stat_group http_stat_group;

struct http_server;

/* Listens on the address. NULL with errno. */
MUST_USE struct http_server *http_listen(
	struct loop *l, const struct addr *local, const struct http_document *document);
void http_free(struct http_server *s);
void http_stats(const struct http_server *s, struct stats *out);

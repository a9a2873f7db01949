/*
 * HTTP/2 (RFC 9113) as octets, by nghttp2: what comes in becomes requests as http.h has them, answers become
 * frames, and nothing is sent or waited for. Streams, heads and what is held for a slow client are bounded.
 */
#pragma once

#include "proto/http/http.h"

enum http2_limit {
	HTTP2_PREFACE_LEN = 24,
	HTTP2_STREAMS_MAX = 16,   /* at a time */
	HTTP2_HELD_MAX = 4 << 20, /* octets of bodies, in and out, of a connection */
	HTTP2_OUT_MAX = 1 << 20,  /* octets of frames that wait to be taken at once */
};

/* How a connection begins that speaks it (RFC 9113 3.4). */
extern const char http2_preface[];

struct http2;

struct http2_user {
	/* A whole request; views are valid during the call. It is answered then or later. */
	void (*request)(void *arg, uint32_t stream, const struct http1_request *r);
	/* The client has given a stream up, or it is answered; nothing more of it. */
	void (*closed)(void *arg, uint32_t stream);
	void *arg;
};

/* NULL: memory is out. */
MUST_USE struct http2 *http2_new(const struct http2_user *user, size_t body_max);
void http2_free(struct http2 *h);

/* What came, from the preface on. False: the connection is to be closed once what http2_take() has is sent.
 */
MUST_USE bool http2_receive(struct http2 *h, struct bytes in);
/* An answer: fields as "Name: value" lines, and a body, which is copied. ends: else http2_more() follows.
 * False: the stream is not there, or memory is out: it is reset. */
MUST_USE bool http2_answer(struct http2 *h, uint32_t stream, enum http_code code, struct bytes fields,
	struct bytes body, bool ends);
MUST_USE bool http2_more(struct http2 *h, uint32_t stream, struct bytes body, bool ends);
bool http2_has(const struct http2 *h, uint32_t stream);
/* The next octets to send, valid until the next call; BYTES_NONE: none. */
struct bytes http2_take(struct http2 *h);

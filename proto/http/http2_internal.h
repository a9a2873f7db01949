/* A stream of HTTP/2, and its head as it comes. Internal to proto/http/. */
#pragma once

#include <nghttp2/nghttp2.h>

#include "proto/http/http2.h"

struct body {
	uint8_t *octets; /* owned */
	size_t len, cap, at;
};

struct stream {
	struct stream *next;
	uint32_t id;
	bool asked, too_large, bad, ends; /* ends: the answer's body is whole */
	size_t head_len, field_count;
	uint16_t names[HTTP1_FIELDS_MAX], name_lens[HTTP1_FIELDS_MAX], values[HTTP1_FIELDS_MAX],
		value_lens[HTTP1_FIELDS_MAX];
	struct body in, out;
	uint8_t head[HTTP1_HEAD_MAX];
};

struct http2 {
	nghttp2_session *session;
	struct http2_user user;
	size_t body_max, held;
	struct stream *streams;
};

/* http2_request.c */
/* A field of the head; false: there is no more room. */
MUST_USE bool http2_keep_field(struct stream *s, struct bytes name, struct bytes value);
/* The head as a request; false: it is none. */
MUST_USE bool http2_take_request(const struct stream *s, struct http1_request *r);

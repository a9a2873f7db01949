/*
 * HTTP/1.1 (RFC 9110, RFC 9112) as octets: requests are read and answers begun here, and nothing is sent or
 * waited for. What two readers might understand differently is refused: a length told twice, a length beside
 * chunks, a line that does not end with CR LF, a field that is continued.
 */
#pragma once

#include "base/arena.h"
#include "base/cursor.h"

enum http_message_limit {
	HTTP1_HEAD_MAX = 8192, /* octets up to the body */
	HTTP1_TARGET_MAX = 2048,
	HTTP1_FIELDS_MAX = 64,
	HTTP1_CHUNK_LINE_MAX = 64, /* octets of a chunk's size and what comes with it */
};

enum http_code {
	HTTP1_MORE = 0, /* it is not complete yet */
	HTTP1_CONTINUE = 100,
	HTTP1_OK = 200,
	HTTP1_CREATED = 201,
	HTTP1_NO_CONTENT = 204,
	HTTP1_NOT_MODIFIED = 304,
	HTTP1_BAD_REQUEST = 400,
	HTTP1_UNAUTHORIZED = 401,
	HTTP1_FORBIDDEN = 403,
	HTTP1_NOT_FOUND = 404,
	HTTP1_METHOD_NOT_ALLOWED = 405,
	HTTP1_TIMEOUT = 408,
	HTTP1_CONFLICT = 409,
	HTTP1_CONTENT_TOO_LARGE = 413,
	HTTP1_TARGET_TOO_LONG = 414,
	HTTP1_UNSUPPORTED_TYPE = 415,
	HTTP1_EXPECTATION_FAILED = 417,
	HTTP1_TOO_MANY = 429,
	HTTP1_FIELDS_TOO_LARGE = 431,
	HTTP1_INTERNAL_ERROR = 500,
	HTTP1_NOT_IMPLEMENTED = 501,
	HTTP1_BAD_GATEWAY = 502,
	HTTP1_UNAVAILABLE = 503,
	HTTP1_GATEWAY_TIMEOUT = 504,
	HTTP1_VERSION_NOT_SUPPORTED = 505,
};

enum http_method {
	HTTP_GET,
	HTTP_HEAD,
	HTTP_POST,
	HTTP_PUT,
	HTTP_PATCH,
	HTTP_DELETE,
	HTTP_OTHER, /* a method all the same */
};

struct http1_field {
	struct bytes name, value; /* the value without the blanks around it */
};

/* Views of the octets that were read. */
struct http1_request {
	enum http_method method;
	struct bytes path, query; /* as they were sent; the query without its '?' */
	struct bytes host;
	bool keep_alive; /* another request may follow */
	bool expects;    /* the body comes once HTTP1_CONTINUE is answered */
	bool chunked;
	bool http10;             /* the client knows no chunks */
	size_t head_len, octets; /* of the head; of all of the request, once it is complete */
	struct bytes content;    /* as it was sent: http1_body() */
	size_t field_count;
	struct http1_field fields[HTTP1_FIELDS_MAX];
};

/*
 * Of the octets that have come so far: HTTP1_MORE, HTTP1_OK, or what to answer before the connection is
 * closed. head_len is not 0 once the head is complete and good, whatever is returned.
 */
enum http_code http1_request_read(struct bytes in, size_t body_max, struct http1_request *out);

/* The body; a chunked one is put together in the arena. False: the arena is at its limit. */
MUST_USE bool http1_body(const struct http1_request *r, struct arena *arena, struct bytes *out);

/* The first field of that name; BYTES_NONE: there is none. Names are compared without case. */
struct bytes http1_field(const struct http1_request *r, const char *name);

/* "404 Not Found" */
const char *http1_code_text(enum http_code code);
const char *http_method_name(enum http_method method);

/*
 * The value of NAME in "a=b&NAME=value" (application/x-www-form-urlencoded), or of a cookie in "a=b; NAME=c":
 * as it was sent. False: there is none, or it stands twice.
 */
MUST_USE bool http_query_value(struct bytes query, const char *name, struct bytes *out);
MUST_USE bool http_cookie(struct bytes cookies, const char *name, struct bytes *out);

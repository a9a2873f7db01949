/*
 * A request of HTTP/1.0 or 1.1 (RFC 9112) that asks for one document: what is wrong with it, if anything, as
 * the status to answer. Its fields are checked, not used, but for Host.
 */
#pragma once

#include "base/bytes.h"

enum {
	HTTP_REQUEST_MAX = 8192, /* octets, its fields and all */
	HTTP_PATH_MAX = 256,
};

enum http_status {
	HTTP_MORE = 0, /* it is not complete yet */
	HTTP_OK = 200,
	HTTP_BAD_REQUEST = 400,
	HTTP_NOT_FOUND = 404,
	HTTP_METHOD_NOT_ALLOWED = 405,
	HTTP_REQUEST_TIMEOUT = 408,
	HTTP_URI_TOO_LONG = 414,
	HTTP_FIELDS_TOO_LARGE = 431,
	HTTP_VERSION_NOT_SUPPORTED = 505,
};

struct http_request {
	bool head; /* HEAD: the answer's fields alone */
	bool http10;
};

/* Of the octets that have come so far: a request for the document at path. */
enum http_status http_request_read(struct bytes in, const char *path, struct http_request *out);

/* "404 Not Found" */
const char *http_status_text(enum http_status status);

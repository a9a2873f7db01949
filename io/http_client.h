/* A document from an HTTP server, by one who can wait. */
#pragma once

#include "base/addr.h"

enum { HTTP_DOCUMENT_MAX = 64 << 20, HTTP_CLIENT_S = 30 };

/* The body of GET path; the caller frees body->data. False with a message in error. */
MUST_USE bool http_get(
	const struct addr *to, const char *path, struct bytes *body, char *error, size_t error_size);

/* A document to an HTTP server, by one who can wait. */
#pragma once

#include "base/url.h"

enum { HTTP_POST_S = 10 /* for each step: name, connection, answer */ };

/*
 * POSTs JSON to the URL; with https over TLS 1.2 or later, whose certificate must be the host's, by an
 * authority of ca (a PEM file; NULL: those of this host). token: a bearer token, NULL: none. False with a
 * message: it was not taken (a status of 2xx).
 */
MUST_USE bool http_post(const struct url *to, const char *ca, const char *token, struct bytes json,
	char *error, size_t error_size);
/* Has libraries read what they need of the file system, while this process still may. */
void http_post_prepare(void);

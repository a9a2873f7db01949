/* An address of HTTP, RFC 3986: https://HOST[:PORT][/PATH], without user and fragment. */
#pragma once

#include "base/bytes.h"

enum { URL_SIZE = 256, URL_HOST_SIZE = 128 };

struct url {
	bool tls; /* https */
	char host[URL_HOST_SIZE];
	uint16_t port;
	const char *path; /* in the text that was read; "/" where it has none */
};

/* False on anything else, also on characters that would end a line of HTTP. */
MUST_USE bool url_read(const char *text, struct url *out);

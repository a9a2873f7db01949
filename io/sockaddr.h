/* struct addr as the kernel wants it. */
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/addr.h"

union sockaddr_any {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

/* The length of what was put in out; 0 when a has no address. */
socklen_t sockaddr_from(const struct addr *a, union sockaddr_any *out);
struct addr sockaddr_to(const union sockaddr_any *s);

/* All octets zero. */
bool sockaddr_is_any(const struct addr *a);

#include "io/sockaddr.h"

#include <arpa/inet.h>

socklen_t sockaddr_from(const struct addr *a, union sockaddr_any *out)
{
	memset(out, 0, sizeof(*out));
	if (a->len == 4) {
		out->in.sin_family = AF_INET;
		out->in.sin_port = htons(a->port);
		memcpy(&out->in.sin_addr, a->ip, 4);
		return sizeof(out->in);
	}
	if (a->len == 16) {
		out->in6.sin6_family = AF_INET6;
		out->in6.sin6_port = htons(a->port);
		memcpy(&out->in6.sin6_addr, a->ip, 16);
		return sizeof(out->in6);
	}
	return 0;
}

struct addr sockaddr_to(const union sockaddr_any *s)
{
	struct addr a = { 0 };

	if (s->sa.sa_family == AF_INET) {
		a.len = 4;
		a.port = ntohs(s->in.sin_port);
		memcpy(a.ip, &s->in.sin_addr, 4);
	} else if (s->sa.sa_family == AF_INET6) {
		a.len = 16;
		a.port = ntohs(s->in6.sin6_port);
		memcpy(a.ip, &s->in6.sin6_addr, 16);
	}
	return a;
}

bool sockaddr_is_any(const struct addr *a)
{
	static const uint8_t zeros[16];

	return memcmp(a->ip, zeros, a->len) == 0;
}

#include "base/url.h"

#include "base/text.h"

/* What a URL is made of (RFC 3986 2), without "#". */
static bool is_plain(const char *text)
{
	for (; *text; text++)
		if (*text <= ' ' || *text > '~' || strchr("\"<>\\^`{|}#@", *text))
			return false;
	return true;
}

static bool read_host(struct bytes host, struct url *out)
{
	bool v6 = host.len > 2 && host.data[0] == '[' && host.data[host.len - 1] == ']';

	if (v6)
		host = bytes_of(host.data + 1, host.len - 2);
	if (host.len == 0 || host.len >= sizeof(out->host))
		return false;
	str_copy(out->host, host.len + 1, (const char *)host.data);
	return v6 || !strpbrk(out->host, ":[]?");
}

bool url_read(const char *text, struct url *out)
{
	static const char https[] = "https://", http[] = "http://";
	const char *host, *colon;
	size_t len, literal;
	uint64_t port;

	*out = (struct url){ .tls = !strncmp(text, https, sizeof(https) - 1) };
	if (!is_plain(text) || (!out->tls && strncmp(text, http, sizeof(http) - 1) != 0))
		return false;
	host = text + (out->tls ? sizeof(https) : sizeof(http)) - 1;
	len = strcspn(host, "/");
	out->path = host[len] ? host + len : "/";
	port = out->tls ? 443 : 80;
	literal = *host == '[' ? strcspn(host, "]/") : 0;
	colon = memchr(host + literal, ':', len - literal);
	if (colon) {
		size_t host_len = (size_t)(colon - host);

		if (!text_uint(bytes_of(colon + 1, len - host_len - 1), 65535, &port) || port == 0)
			return false;
		len = host_len;
	}
	out->port = (uint16_t)port;
	return read_host(bytes_of(host, len), out);
}

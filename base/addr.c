#include "base/addr.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

uint32_t addr_v4(const struct addr *a)
{
	if (a->len != 4)
		return 0;
	return (uint32_t)a->ip[0] << 24 | (uint32_t)a->ip[1] << 16 | (uint32_t)a->ip[2] << 8 | a->ip[3];
}

struct addr addr_from_v4(uint32_t ip, uint16_t port)
{
	return (struct addr){
		.ip = { (uint8_t)(ip >> 24), (uint8_t)(ip >> 16), (uint8_t)(ip >> 8), (uint8_t)ip },
		.len = 4,
		.port = port,
	};
}

struct addr addr_from_bytes(struct bytes ip, uint16_t port)
{
	struct addr a = { .port = port };

	if (ip.len == 4 || ip.len == 16) {
		memcpy(a.ip, ip.data, ip.len);
		a.len = (uint8_t)ip.len;
	}
	return a;
}

bool addr_parse(const char *text, struct addr *out)
{
	*out = (struct addr){ 0 };
	if (inet_pton(AF_INET, text, out->ip) == 1)
		out->len = 4;
	else if (inet_pton(AF_INET6, text, out->ip) == 1)
		out->len = 16;
	return out->len != 0;
}

const char *addr_str(const struct addr *a, char buf[ADDR_STR_SIZE])
{
	char ip[ADDR_STR_SIZE];

	if (a->len == 0) {
		str_copy(buf, ADDR_STR_SIZE, "none");
		return buf;
	}
	inet_ntop(a->len == 4 ? AF_INET : AF_INET6, a->ip, ip, sizeof(ip));
	if (a->port == 0)
		str_copy(buf, ADDR_STR_SIZE, ip);
	else
		snprintf(buf, ADDR_STR_SIZE, a->len == 4 ? "%.40s:%u" : "[%.46s]:%u", ip, a->port);
	return buf;
}

bool prefix4_parse(const char *text, struct prefix4 *out)
{
	const char *slash = strchr(text, '/');
	char ip[ADDR_STR_SIZE];
	struct addr a;
	char *end;
	long bits;

	if (!slash || slash == text || (size_t)(slash - text) >= sizeof(ip) || slash[1] < '0' ||
		slash[1] > '9')
		return false;
	str_copy(ip, (size_t)(slash - text) + 1, text);
	bits = strtol(slash + 1, &end, 10);
	if (*end || bits < 0 || bits > 32 || !addr_parse(ip, &a) || a.len != 4)
		return false;
	*out = (struct prefix4){ addr_v4(&a), (uint8_t)bits };
	return (out->ip & ~prefix4_mask(out)) == 0;
}

#include "base/prefix.h"

#include <stdio.h>

#include "base/text.h"

bool prefix_parse(const char *text, struct prefix *out)
{
	const char *slash = strchr(text, '/');
	char ip[ADDR_STR_SIZE];
	struct prefix4 v4;
	struct addr a;
	uint64_t bits;

	if (prefix4_parse(text, &v4)) {
		*out = prefix_of4(&v4);
		return true;
	}
	if (!slash || (size_t)(slash - text) >= sizeof(ip) || !text_uint(bytes_of_str(slash + 1), 128, &bits))
		return false;
	str_copy(ip, (size_t)(slash - text) + 1, text);
	if (!addr_parse(ip, &a) || a.len != 16)
		return false;
	*out = (struct prefix){ ip_from_v6(a.ip), (uint8_t)bits };
	if (bits == 0)
		return memcmp(a.ip, (uint8_t[16]){ 0 }, sizeof(a.ip)) == 0;
	return ip_family(out->ip) == IP_FAMILY_V6 && ip_equal(ip_masked(out->ip, out->bits), out->ip);
}

const char *prefix_str(const struct prefix *p, char buf[PREFIX_STR_SIZE])
{
	struct addr a = ip_to_addr(p->ip, 0);
	char text[ADDR_STR_SIZE];

	snprintf(buf, PREFIX_STR_SIZE, "%s/%u", addr_str(&a, text), p->bits);
	return buf;
}

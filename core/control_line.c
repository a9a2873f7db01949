/* Lines of a request; one that is a subscriber: whether it may be one here. */
#include <stdio.h>

#include "core/internal.h"
#include "core/subscriber_line.h"

struct bytes core_control_line(struct cursor *c)
{
	const uint8_t *start = c->at;
	const uint8_t *end = cursor_left(c) > 0 ? memchr(start, '\n', cursor_left(c)) : NULL;
	struct bytes line = cursor_bytes(c, end ? (size_t)(end - start) : cursor_left(c));

	if (end)
		cursor_skip(c, 1);
	return line;
}

static bool address_free(
	struct core *core, const struct subscriber *s, struct ip ip, char error[SUBSCRIBER_LINE_ERROR])
{
	struct addr a = ip_to_addr(ip, 0);
	char text[ADDR_STR_SIZE];
	struct supi owner;

	if (ip_is_none(ip) || !core_static_owner(core, ip, &owner) || !strcmp(owner.imsi, s->imsi))
		return true;
	snprintf(error, SUBSCRIBER_LINE_ERROR, "ip: %s is the static address of imsi-%s", addr_str(&a, text),
		owner.imsi);
	return false;
}

static bool routes_free(struct core *core, const struct subscriber *s, const struct subscriber_dnn *dnn,
	char error[SUBSCRIBER_LINE_ERROR])
{
	char text[PREFIX_STR_SIZE];
	struct supi owner;

	for (uint8_t i = 0; i < dnn->route_count; i++) {
		if (!core_route_owner(core, &dnn->routes[i], &owner) || !strcmp(owner.imsi, s->imsi))
			continue;
		snprintf(error, SUBSCRIBER_LINE_ERROR, "framed_route: %s is that of imsi-%s",
			prefix_str(&dnn->routes[i], text), owner.imsi);
		return false;
	}
	return true;
}

bool core_subscriber_addresses_free(
	struct core *core, const struct subscriber *s, char error[SUBSCRIBER_LINE_ERROR])
{
	for (uint8_t i = 0; i < s->slice_count; i++)
		for (uint8_t d = 0; d < s->slices[i].dnn_count; d++) {
			const struct subscriber_dnn *dnn = &s->slices[i].dnns[d];

			if (!address_free(core, s, ip_from_v4(dnn->static_ipv4), error) ||
				!address_free(core, s, (struct ip){ dnn->static_ipv6, 0 }, error) ||
				!routes_free(core, s, dnn, error))
				return false;
		}
	return true;
}

bool core_subscriber_line(struct core *core, struct bytes text, char error[SUBSCRIBER_LINE_ERROR])
{
	return subscriber_line_read(text, &core->config, core->line, error) &&
	       core_subscriber_addresses_free(core, &core->line->subscriber, error);
}

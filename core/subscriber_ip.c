#include "core/subscriber_ip.h"

#include "base/text.h"
#include "wire/nas/nas.h"

enum { WORD_SIZE = 64 };

/* Types that a session may have, by number (24.501 9.11.4.11). */
static const char *const type_names[] = { [NAS_PDU_IPV4] = "IPv4",
	[NAS_PDU_IPV6] = "IPv6",
	[NAS_PDU_IPV4V6] = "IPv4v6",
	[NAS_PDU_UNSTRUCTURED] = "Unstructured",
	[NAS_PDU_ETHERNET] = "Ethernet" };

/* The next of a list with + between, without the brackets around all of it; false at its end. */
static bool next_word(const char **at, char word[WORD_SIZE], bool *ok)
{
	size_t len;

	*at += **at == '[' || **at == '+';
	len = strcspn(*at, "+]");
	*ok = len < WORD_SIZE;
	if (len == 0 || !*ok)
		return false;
	str_copy(word, len + 1, *at);
	*at += len;
	return true;
}

bool subscriber_read_ip(const char *text, struct subscriber_dnn *out)
{
	struct addr a;

	out->static_ipv4 = 0;
	if (!strcmp(text, "none"))
		return true;
	if (!addr_parse(text, &a) || a.len != 4)
		return false;
	out->static_ipv4 = addr_v4(&a);
	return true;
}

bool subscriber_read_prefix(const char *text, struct subscriber_dnn *out)
{
	char word[WORD_SIZE];
	struct prefix p;
	bool ok;

	out->static_ipv6 = 0;
	if (!strcmp(text, "none"))
		return true;
	if (!next_word(&text, word, &ok) || !prefix_parse(word, &p) || ip_family(p.ip) != IP_FAMILY_V6 ||
		p.bits != 64)
		return false;
	out->static_ipv6 = p.ip.high;
	return true;
}

/* The first is the default. */
bool subscriber_read_types(const char *text, struct subscriber_dnn *out)
{
	char word[WORD_SIZE];
	bool ok = true;

	out->session_types = out->default_session_type = 0;
	if (!strcmp(text, "all"))
		return true;
	while (next_word(&text, word, &ok)) {
		uint8_t type = NAS_PDU_ETHERNET;

		while (type > 0 && strcmp(word, type_names[type]) != 0)
			type--;
		if (type == 0)
			return false;
		out->default_session_type = out->default_session_type ? out->default_session_type : type;
		out->session_types |= (uint8_t)(1u << type);
	}
	return ok && out->session_types;
}

bool subscriber_read_routes(const char *text, struct subscriber_dnn *out)
{
	char word[WORD_SIZE];
	bool ok = true;

	out->route_count = 0;
	if (!strcmp(text, "none"))
		return true;
	while (next_word(&text, word, &ok)) {
		struct prefix *route = &out->routes[out->route_count];

		if (out->route_count == SUBSCRIBER_ROUTES_MAX || !prefix_parse(word, route) ||
			route->bits == 0)
			return false;
		out->route_count++;
	}
	return ok && out->route_count > 0;
}

bool subscriber_read_ssc(const char *text, struct subscriber_dnn *out)
{
	char word[WORD_SIZE];
	bool ok = true;

	out->ssc_modes = out->default_ssc_mode = 0;
	while (next_word(&text, word, &ok)) {
		if (word[0] < '1' || word[0] > '3' || word[1])
			return false;
		out->default_ssc_mode = out->ssc_modes ? out->default_ssc_mode : (uint8_t)(word[0] - '0');
		out->ssc_modes |= (uint8_t)(1u << (word[0] - '0'));
	}
	return ok && out->ssc_modes;
}

static void print_ssc(const struct subscriber_dnn *d, struct writer *w)
{
	text_put(w, ":ssc=%u", d->default_ssc_mode);
	for (unsigned mode = 1; mode <= 3; mode++)
		if (d->ssc_modes >> mode & 1 && mode != d->default_ssc_mode)
			text_put(w, "+%u", mode);
}

static void print_routes(const struct subscriber_dnn *d, struct writer *w)
{
	char text[PREFIX_STR_SIZE];

	for (uint8_t i = 0; i < d->route_count; i++)
		text_put(w, "%s%s", i ? "+" : ":framed_route=[", prefix_str(&d->routes[i], text));
	text_put(w, "]");
}

static void print_types(const struct subscriber_dnn *d, struct writer *w)
{
	text_put(w, ":types=%s", type_names[d->default_session_type]);
	for (uint8_t type = NAS_PDU_IPV4; type <= NAS_PDU_ETHERNET; type++)
		if (d->session_types >> type & 1 && type != d->default_session_type)
			text_put(w, "+%s", type_names[type]);
}

void subscriber_print_ip(const struct subscriber_dnn *d, struct writer *w)
{
	struct prefix prefix = { { d->static_ipv6, 0 }, 64 };
	struct addr ip = addr_from_v4(d->static_ipv4, 0);
	char text[PREFIX_STR_SIZE];

	if (d->static_ipv4)
		text_put(w, ":ip=%s", addr_str(&ip, text));
	if (d->static_ipv6)
		text_put(w, ":prefix=[%s]", prefix_str(&prefix, text));
	if (d->default_session_type > 0 && d->default_session_type <= NAS_PDU_ETHERNET)
		print_types(d, w);
	if (d->ssc_modes)
		print_ssc(d, w);
	if (d->route_count)
		print_routes(d, w);
}

_Static_assert((int)PREFIX_STR_SIZE >= (int)ADDR_STR_SIZE, "one text has room for either");

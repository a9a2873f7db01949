/* SDF filters: IPFilterRule text (RFC 6733 4.3.1 as 29.212 5.4.2 allows it), of the form
 * "permit out ip from 10.0.0.0/8 80,443 to assigned 1000-2000". */
#include "core/upf/internal.h"

#include "base/text.h"

struct words {
	struct bytes rest;
	struct bytes word; /* the current one; empty at the end */
	uint8_t family;    /* of the prefixes so far; 0: there was none */
};

static void next_word(struct words *w)
{
	while (w->rest.len && w->rest.data[0] == ' ')
		w->rest = bytes_of(w->rest.data + 1, w->rest.len - 1);
	w->word = bytes_of(w->rest.data, 0);
	while (w->rest.len && w->rest.data[0] != ' ') {
		w->word.len++;
		w->rest = bytes_of(w->rest.data + 1, w->rest.len - 1);
	}
}

/* Consumes the word when it is this one. */
static bool take_word(struct words *w, const char *text)
{
	if (!bytes_equal(w->word, bytes_of_str(text)))
		return false;
	next_word(w);
	return true;
}

/* "10.0.0.1", "10.0.0.0/8", "ff02::2/128" */
static bool read_prefix(struct bytes word, struct ip *ip, struct ip *mask)
{
	char text[PREFIX_STR_SIZE];
	bool v6 = memchr(word.data, ':', word.len);
	struct prefix p;

	if (word.len + 5 > sizeof(text))
		return false;
	bytes_copy(text, sizeof(text), word);
	text[word.len] = '\0';
	if (!memchr(text, '/', word.len))
		str_copy(text + word.len, 5, v6 ? "/128" : "/32");
	if (!prefix_parse(text, &p))
		return false;
	*ip = p.ip;
	*mask = p.bits ? ip_mask(prefix_bits128(&p)) : IP_NONE;
	return true;
}

/* "80", "1000-2000", separated by commas. */
static bool read_ranges(struct bytes word, struct upf_filter_end *end)
{
	while (word.len) {
		const uint8_t *comma = memchr(word.data, ',', word.len);
		struct bytes one = bytes_of(word.data, comma ? (size_t)(comma - word.data) : word.len);
		const uint8_t *dash = one.len ? memchr(one.data, '-', one.len) : NULL;
		struct bytes from = bytes_of(one.data, dash ? (size_t)(dash - one.data) : one.len);
		struct bytes to = dash ? bytes_of(dash + 1, one.len - from.len - 1) : from;
		uint64_t a, b;

		if (end->range_count == UPF_FILTER_RANGES_MAX || !text_uint(from, 65535, &a) ||
			!text_uint(to, 65535, &b) || a > b)
			return false;
		end->ranges[end->range_count++] = (struct upf_range){ (uint16_t)a, (uint16_t)b };
		if (comma && one.len + 1 == word.len)
			return false;
		word = bytes_of(word.data + one.len + (comma ? 1 : 0), word.len - one.len - (comma ? 1 : 0));
	}
	return true;
}

static bool read_end(struct words *w, struct upf_filter_end *end)
{
	if (!take_word(w, "any") && !take_word(w, "assigned")) {
		uint8_t family = memchr(w->word.data, ':', w->word.len) ? IP_FAMILY_V6 : IP_FAMILY_V4;

		if (!read_prefix(w->word, &end->ip, &end->mask) || (w->family && w->family != family))
			return false;
		w->family = family;
		next_word(w);
	}
	if (w->word.len && w->word.data[0] >= '0' && w->word.data[0] <= '9') {
		if (!read_ranges(w->word, end))
			return false;
		next_word(w);
	}
	return true;
}

/* "out" is towards the UE; uplink packets are matched with the ends exchanged (29.244 5.2.1A.2A). */
static bool read_description(struct bytes text, struct upf_filter *f)
{
	struct words w = { .rest = text };
	uint64_t protocol;

	next_word(&w);
	if (!take_word(&w, "permit") || !take_word(&w, "out"))
		return false;
	f->any_protocol = take_word(&w, "ip");
	if (!f->any_protocol) {
		if (!text_uint(w.word, 255, &protocol))
			return false;
		f->protocol = (uint8_t)protocol;
		next_word(&w);
	}
	if (!take_word(&w, "from") || !read_end(&w, &f->remote) || !take_word(&w, "to") ||
		!read_end(&w, &f->ue))
		return false;
	f->family = w.family;
	return w.word.len == 0;
}

bool upf_filter_read(const struct pfcp_sdf_filter *in, struct upf_filter *out)
{
	*out = (struct upf_filter){ .any_protocol = true,
		.has_id = in->has_filter_id,
		.id = in->filter_id,
		.has_spi = in->has_security_parameter_index,
		.spi = in->security_parameter_index };
	out->flow_label = in->has_flow_label;
	if (in->has_tos_traffic_class) {
		out->tos = (uint8_t)(in->tos_traffic_class >> 8);
		out->tos_mask = (uint8_t)in->tos_traffic_class;
	}
	out->has_description = in->has_flow_description;
	if (in->has_flow_description && !read_description(in->flow_description, out))
		return false;
	return out->has_description || out->has_id || out->has_spi || in->has_tos_traffic_class ||
	       in->has_flow_label;
}

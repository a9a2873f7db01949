#include "base/ip_filter.h"

#include <string.h>

#include "base/text.h"

struct words {
	struct bytes rest, word; /* the word is empty at the end */
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

static bool take_word(struct words *w, const char *text)
{
	if (!bytes_equal(w->word, bytes_of_str(text)))
		return false;
	next_word(w);
	return true;
}

/* What stands before the separator, which is taken out of rest with it. *more: there was one. */
static struct bytes take_until(struct bytes *rest, uint8_t separator, bool *more)
{
	const uint8_t *at = rest->len ? memchr(rest->data, separator, rest->len) : NULL;
	struct bytes head = bytes_of(rest->data, at ? (size_t)(at - rest->data) : rest->len);

	*more = at != NULL;
	*rest = bytes_of(rest->data + head.len + *more, rest->len - head.len - *more);
	return head;
}

static void clear_below(struct ip *ip, unsigned host_bits)
{
	if (host_bits >= 64)
		ip->low = 0;
	else if (host_bits > 0)
		ip->low &= UINT64_MAX << host_bits;
	if (host_bits >= 128)
		ip->high = 0;
	else if (host_bits > 64)
		ip->high &= UINT64_MAX << (host_bits - 64);
}

/* "10.0.0.1", "10.0.0.0/8", "2001:db8::/32"; bits of the host are taken for zeros. /0 is any address. */
static bool read_prefix(struct bytes word, struct ip_filter_end *end)
{
	bool has_bits;
	struct bytes address = take_until(&word, '/', &has_bits);
	char text[ADDR_STR_SIZE];
	struct addr a;
	uint64_t bits;

	if (address.len == 0 || address.len >= sizeof(text))
		return false;
	str_copy(text, address.len + 1, (const char *)address.data);
	if (!addr_parse(text, &a) || a.port)
		return false;
	bits = 8u * a.len;
	if (has_bits && !text_uint(word, bits, &bits))
		return false;
	end->ip = ip_from_addr(&a);
	if (ip_family(end->ip) == IP_FAMILY_NONE && bits > 0)
		return false;
	clear_below(&end->ip, (unsigned)(8u * a.len - bits));
	end->bits = (uint8_t)bits;
	if (bits == 0)
		end->ip = IP_NONE;
	else if (a.len == 4)
		end->ip.low |= UINT64_C(0xffff) << 32;
	return true;
}

/* "80", "1000-2000", separated by commas. */
static bool read_ranges(struct bytes word, struct ip_filter_end *end)
{
	bool more = true;

	while (more) {
		struct bytes one = take_until(&word, ',', &more);
		bool is_range;
		struct bytes low = take_until(&one, '-', &is_range);
		uint64_t a, b;

		if (end->range_count == IP_FILTER_RANGES_MAX || !text_uint(low, UINT16_MAX, &a))
			return false;
		b = a;
		if ((is_range && !text_uint(one, UINT16_MAX, &b)) || a > b)
			return false;
		end->ranges[end->range_count++] = (struct ip_filter_range){ (uint16_t)a, (uint16_t)b };
	}
	return true;
}

static enum ip_filter_fault read_end(struct words *w, struct ip_filter_end *end)
{
	end->is_assigned = take_word(w, "assigned");
	if (!end->is_assigned && !take_word(w, "any")) {
		if (!read_prefix(w->word, end))
			return IP_FILTER_ADDRESS;
		next_word(w);
	}
	if (w->word.len && w->word.data[0] >= '0' && w->word.data[0] <= '9') {
		if (!read_ranges(w->word, end))
			return IP_FILTER_PORTS;
		next_word(w);
	}
	return IP_FILTER_GOOD;
}

static enum ip_filter_fault read_protocol(struct words *w, struct ip_filter *f)
{
	uint64_t protocol;

	f->any_protocol = take_word(w, "ip");
	if (f->any_protocol)
		return IP_FILTER_GOOD;
	if (!text_uint(w->word, UINT8_MAX, &protocol))
		return IP_FILTER_PROTOCOL;
	f->protocol = (uint8_t)protocol;
	next_word(w);
	return IP_FILTER_GOOD;
}

static enum ip_filter_fault read_ends(struct words *w, struct ip_filter *f)
{
	enum ip_filter_fault fault;

	if (!take_word(w, "from"))
		return IP_FILTER_WORDS;
	fault = read_end(w, &f->from);
	if (fault)
		return fault;
	if (!take_word(w, "to"))
		return IP_FILTER_WORDS;
	fault = read_end(w, &f->to);
	if (fault)
		return fault;
	if (w->word.len > 0)
		return IP_FILTER_WORDS;
	if (f->from.bits && f->to.bits && ip_family(f->from.ip) != ip_family(f->to.ip))
		return IP_FILTER_FAMILIES;
	return IP_FILTER_GOOD;
}

enum ip_filter_fault ip_filter_read(struct bytes text, struct ip_filter *out)
{
	struct words w = { .rest = text };
	enum ip_filter_fault fault;

	*out = (struct ip_filter){ 0 };
	if (text.len == 0 || text.len > IP_FILTER_INPUT_MAX)
		return IP_FILTER_LENGTH;
	next_word(&w);
	if (!take_word(&w, "permit"))
		return IP_FILTER_ACTION;
	if (!take_word(&w, "out"))
		return IP_FILTER_DIRECTION;
	fault = read_protocol(&w, out);
	return fault ? fault : read_ends(&w, out);
}

static void write_end(const struct ip_filter_end *e, struct writer *w)
{
	struct addr a = ip_to_addr(e->ip, 0);
	char text[ADDR_STR_SIZE];

	if (e->is_assigned)
		text_put(w, "assigned");
	else if (e->bits == 0)
		text_put(w, "any");
	else if (e->bits == 8u * a.len)
		text_put(w, "%s", addr_str(&a, text));
	else
		text_put(w, "%s/%u", addr_str(&a, text), e->bits);
	for (uint8_t i = 0; i < e->range_count; i++) {
		const struct ip_filter_range *r = &e->ranges[i];

		text_put(w, "%c%u", i ? ',' : ' ', r->low);
		if (r->low != r->high)
			text_put(w, "-%u", r->high);
	}
}

bool ip_filter_write(const struct ip_filter *f, struct writer *w)
{
	if (f->any_protocol)
		text_put(w, "permit out ip from ");
	else
		text_put(w, "permit out %u from ", f->protocol);
	write_end(&f->from, w);
	text_put(w, " to ");
	write_end(&f->to, w);
	return !w->failed;
}

const char *ip_filter_fault_text(enum ip_filter_fault fault)
{
	static const char *const texts[IP_FILTER_FAULTS] = {
		"",
		"expected 1 to 512 characters",
		"expected \"permit\" first",
		"expected \"out\" after \"permit\": filters are written as packets go to the UE",
		"expected \"ip\" or the number of a protocol, 0 to 255",
		"expected an address, a prefix, \"any\" or \"assigned\"",
		"expected ports as 80, 1000-2000 or a list of them with commas",
		"expected \"permit out PROTOCOL from ADDRESS [PORTS] to ADDRESS [PORTS]\"",
		"expected both ends of one IP version",
	};

	return texts[fault < IP_FILTER_FAULTS ? fault : IP_FILTER_WORDS];
}

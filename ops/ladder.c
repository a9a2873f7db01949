#include "ops/ladder.h"

#include <stdio.h>

#include "base/cursor.h"
#include "wire/ngap/ngap.h"
#include "wire/pfcp/pfcp.h"

enum { IP_PROTOCOL_UDP = 17, IP_PROTOCOL_SCTP = 132, GTPU_PORT = 2152, IP_HEADER_MIN = 20, UDP_HEADER = 8 };

/* RFC 9260 3.2 and 3.3.1 */
enum { SCTP_DATA = 0, SCTP_INIT = 1, SCTP_ABORT = 6, SCTP_SHUTDOWN = 7, SCTP_WHOLE_MESSAGE = 3 };

struct ladder {
	struct ladder_event *events;
	size_t count;
	struct addr from, to;
};

static void add(struct ladder *l, const char *protocol, const char *text)
{
	struct ladder_event *e = &l->events[l->count];

	if (l->count == LADDER_EVENTS_MAX)
		return;
	*e = (struct ladder_event){ l->from, l->to, protocol, "" };
	str_copy(e->text, sizeof(e->text), text);
	l->count++;
}

static void add_ngap(struct ladder *l, struct bytes pdu)
{
	struct arena arena;
	struct ngap_pdu m;
	struct per_diag diag;

	arena_init(&arena, NULL, 0, 1 << 20);
	if (ngap_decode(pdu, &arena, &m, &diag))
		add(l, "NGAP", ngap_message_name(m.message));
	else
		add(l, "NGAP", "(not decodable)");
	arena_fini(&arena);
}

static void add_sctp(struct ladder *l, struct cursor c)
{
	cursor_skip(&c, 12);
	while (!c.failed && cursor_left(&c) >= 4) {
		uint8_t type = cursor_u8(&c), flags = cursor_u8(&c);
		uint16_t len = cursor_u16(&c);
		struct cursor chunk = cursor_sub(&c, len < 4 ? SIZE_MAX : len - 4u);

		if (type == SCTP_DATA && (flags & SCTP_WHOLE_MESSAGE) == SCTP_WHOLE_MESSAGE) {
			cursor_skip(&chunk, 12);
			add_ngap(l, cursor_rest(&chunk));
		} else if (type == SCTP_INIT) {
			add(l, "SCTP", "INIT");
		} else if (type == SCTP_ABORT) {
			add(l, "SCTP", "ABORT");
		} else if (type == SCTP_SHUTDOWN) {
			add(l, "SCTP", "SHUTDOWN");
		}
		if (len % 4 && cursor_left(&c) > 0)
			cursor_skip(&c, 4u - len % 4);
	}
}

static void add_pfcp(struct ladder *l, struct bytes datagram)
{
	const char *name = datagram.len > 1 ? pfcp_msg_name(datagram.data[1]) : NULL;

	if (name)
		add(l, "PFCP", name);
}

/* Reads an IPv4 header; c is left at its payload. */
static bool ip_header(struct cursor *c, struct ladder *l, uint8_t *protocol)
{
	struct bytes head = cursor_bytes(c, IP_HEADER_MIN);
	size_t len;

	if (c->failed || head.data[0] >> 4 != 4)
		return false;
	len = (size_t)(head.data[0] & 15) * 4;
	if (len < IP_HEADER_MIN)
		return false;
	cursor_skip(c, len - IP_HEADER_MIN);
	*protocol = head.data[9];
	l->from = addr_from_bytes(bytes_of(head.data + 12, 4), 0);
	l->to = addr_from_bytes(bytes_of(head.data + 16, 4), 0);
	return !c->failed;
}

size_t ladder_events(struct bytes ip, struct ladder_event events[LADDER_EVENTS_MAX])
{
	struct ladder l = { .events = events };
	struct cursor c = cursor_of(ip);
	uint8_t protocol;
	uint16_t from, to;

	if (!ip_header(&c, &l, &protocol))
		return 0;
	if (protocol == IP_PROTOCOL_SCTP)
		add_sctp(&l, c);
	if (protocol == IP_PROTOCOL_UDP) {
		from = cursor_u16(&c);
		to = cursor_u16(&c);
		cursor_skip(&c, 4);
		if (from == PFCP_UDP_PORT || to == PFCP_UDP_PORT)
			add_pfcp(&l, cursor_rest(&c));
	}
	return l.count;
}

void ladder_line(char line[LADDER_LINE_SIZE], double time_ms, size_t count, size_t width, size_t from,
	size_t to, const char *text)
{
	size_t left = from < to ? from : to, right = from < to ? to : from, all = count * width;
	char body[LADDER_LINE_SIZE];

	if (all > LADDER_LINE_SIZE - 100)
		all = LADDER_LINE_SIZE - 100;
	memset(body, ' ', sizeof(body));
	for (size_t i = 0; i < count; i++)
		body[i * width + 2] = '|';
	for (size_t i = left * width + 3; i < right * width + 2; i++)
		body[i] = '-';
	if (from < to)
		body[right * width + 1] = '>';
	else if (to < from)
		body[left * width + 3] = '<';
	else
		body[left * width + 2] = '*';
	body[all] = '\0';
	snprintf(line, LADDER_LINE_SIZE, "%10.3f  %s%s", time_ms, body, text);
}

static void put16(uint8_t *at, uint16_t v)
{
	struct writer w = writer_of(at, 2);

	writer_u16(&w, v);
}

/* RFC 1071, of an IPv4 header whose checksum field is zero. */
static uint16_t ip_checksum(struct bytes header)
{
	struct cursor c = cursor_of(header);
	uint32_t sum = 0;

	while (cursor_left(&c) >= 2)
		sum += cursor_u16(&c);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* One datagram of the super-packet, with the headers made to fit it. */
static struct bytes make_segment(struct bytes ip, size_t headers, size_t at, size_t len, uint8_t *buf)
{
	struct writer w = writer_of(buf, headers + len);

	writer_put(&w, bytes_of(ip.data, headers));
	writer_put(&w, bytes_of(ip.data + at, len));
	put16(buf + 2, (uint16_t)(headers + len));
	put16(buf + 10, 0);
	put16(buf + 10, ip_checksum(bytes_of(buf, headers - UDP_HEADER)));
	put16(buf + headers - UDP_HEADER + 4, (uint16_t)(UDP_HEADER + len));
	put16(buf + headers - UDP_HEADER + 6, 0);
	return bytes_of(buf, headers + len);
}

void ladder_split(struct bytes ip, void *buf, size_t cap, void (*fn)(void *arg, struct bytes ip), void *arg)
{
	struct ladder l = { 0 };
	struct cursor c = cursor_of(ip);
	size_t headers, segment;
	uint8_t protocol;

	if (!ip_header(&c, &l, &protocol) || protocol != IP_PROTOCOL_UDP ||
		cursor_left(&c) < UDP_HEADER + 8) {
		fn(arg, ip);
		return;
	}
	headers = ip.len - cursor_left(&c) + UDP_HEADER;
	cursor_skip(&c, 2);
	if (cursor_u16(&c) != GTPU_PORT) {
		fn(arg, ip);
		return;
	}
	cursor_skip(&c, 6); /* to the length of the first GTP-U message */
	segment = 8 + (size_t)cursor_u16(&c);
	if (headers + segment >= ip.len || headers + segment > cap) {
		fn(arg, ip);
		return;
	}
	for (size_t at = headers; at < ip.len; at += segment)
		fn(arg, make_segment(ip, headers, at, ip.len - at < segment ? ip.len - at : segment, buf));
}

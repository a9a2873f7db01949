#include "wire/ip/dhcp.h"

#include "wire/ip/checksum.h"

enum {
	IPV4_HEADER = 20,
	UDP = 17,
	UDP_HEADER = 8,
	SERVER_PORT = 67,
	CLIENT_PORT = 68,
	BOOTREQUEST = 1,
	BOOTREPLY = 2,
	NAMES = 64 + 128, /* sname and file */
	BOOTP_MIN = 300,  /* RFC 951: shorter ones are not taken everywhere */
	BROADCAST_FLAG = 0x8000,
	LOCAL_TTL = 64,
	OPTION_PAD = 0,
	OPTION_MASK = 1,
	OPTION_ROUTER = 3,
	OPTION_DNS = 6,
	OPTION_MTU = 26,
	OPTION_REQUESTED = 50,
	OPTION_LEASE = 51,
	OPTION_TYPE = 53,
	OPTION_SERVER = 54,
	OPTION_CLIENT_ID = 61,
	OPTION_END = 255,
};
#define MAGIC UINT32_C(0x63825363)

/* The message in a packet to the server's port, which is no fragment; the UDP checksum is the UE's business.
 */
static bool message_of(struct bytes packet, struct cursor *out)
{
	struct cursor c = cursor_of(packet);
	uint8_t first = cursor_u8(&c);
	size_t header = (first & 15u) * 4, len;
	uint16_t fragment;

	cursor_u8(&c);
	len = cursor_u16(&c);
	cursor_u16(&c);
	fragment = cursor_u16(&c) & 0x3fff; /* more to come, or not the first */
	cursor_u8(&c);
	if (first >> 4 != 4 || header < IPV4_HEADER || len > packet.len || len < header + UDP_HEADER ||
		fragment || cursor_u8(&c) != UDP)
		return false;
	c = cursor_of(bytes_of(packet.data + header, len - header));
	cursor_u16(&c);
	if (cursor_u16(&c) != SERVER_PORT)
		return false;
	len = cursor_u16(&c);
	cursor_u16(&c);
	if (len < UDP_HEADER || len - UDP_HEADER > cursor_left(&c))
		return false;
	*out = cursor_sub(&c, len - UDP_HEADER);
	return true;
}

static void take_option(uint8_t code, struct bytes value, struct dhcp_request *r)
{
	struct cursor c = cursor_of(value);

	if (code == OPTION_TYPE && value.len == 1)
		r->type = cursor_u8(&c);
	else if (code == OPTION_REQUESTED && value.len == 4)
		r->requested = cursor_u32(&c);
	else if (code == OPTION_SERVER && value.len == 4)
		r->server = cursor_u32(&c);
	else if (code == OPTION_CLIENT_ID && bytes_copy(r->client_id, sizeof(r->client_id), value))
		r->client_id_len = (uint8_t)value.len;
}

static bool is_of_client(uint8_t type)
{
	return type == DHCP_DISCOVER || type == DHCP_REQUEST || type == DHCP_DECLINE ||
	       type == DHCP_RELEASE || type == DHCP_INFORM;
}

static bool take_options(struct cursor *c, struct dhcp_request *r)
{
	while (!c->failed && cursor_left(c) > 0) {
		uint8_t code = cursor_u8(c), len;

		if (code == OPTION_END)
			break;
		if (code == OPTION_PAD)
			continue;
		len = cursor_u8(c);
		take_option(code, cursor_bytes(c, len), r);
	}
	return !c->failed && is_of_client(r->type);
}

bool dhcp_request_decode(struct bytes packet, struct dhcp_request *out)
{
	struct cursor c;

	*out = (struct dhcp_request){ 0 };
	if (!message_of(packet, &c) || cursor_u8(&c) != BOOTREQUEST)
		return false;
	out->hardware_type = cursor_u8(&c);
	out->hardware_len = cursor_u8(&c);
	cursor_u8(&c);
	out->id = cursor_u32(&c);
	cursor_u16(&c);
	out->flags = cursor_u16(&c);
	out->client = cursor_u32(&c);
	cursor_u64(&c); /* yiaddr, siaddr */
	out->relay = cursor_u32(&c);
	cursor_copy(&c, out->hardware, DHCP_CHADDR);
	cursor_skip(&c, NAMES);
	return out->hardware_len <= DHCP_CHADDR && cursor_u32(&c) == MAGIC && take_options(&c, out);
}

static void put_u32(struct writer *w, uint8_t code, uint32_t value)
{
	writer_u8(w, code);
	writer_u8(w, 4);
	writer_u32(w, value);
}

static void put_configuration(const struct dhcp_answer *a, struct writer *w)
{
	put_u32(w, OPTION_MASK, UINT32_MAX);
	put_u32(w, OPTION_ROUTER, a->server);
	if (a->dns_count) {
		writer_u8(w, OPTION_DNS);
		writer_u8(w, (uint8_t)(4 * a->dns_count));
		for (uint8_t i = 0; i < a->dns_count; i++)
			writer_u32(w, a->dns[i]);
	}
	writer_u8(w, OPTION_MTU);
	writer_u8(w, 2);
	writer_u16(w, a->mtu);
	if (a->lease_s)
		put_u32(w, OPTION_LEASE, a->lease_s);
}

static void put_message(const struct dhcp_request *r, const struct dhcp_answer *a, struct writer *w)
{
	size_t from = w->len;

	writer_u8(w, BOOTREPLY);
	writer_u8(w, r->hardware_type);
	writer_u8(w, r->hardware_len);
	writer_u8(w, 0);
	writer_u32(w, r->id);
	writer_u16(w, 0);
	writer_u16(w, r->flags);
	writer_u32(w, a->type == DHCP_NAK ? 0 : r->client);
	writer_u32(w, a->lease_s ? a->address : 0); /* an INFORM is given none (RFC 2131 table 3) */
	writer_u32(w, 0);
	writer_u32(w, r->relay);
	writer_put(w, BYTES(r->hardware));
	for (int i = 0; i < NAMES; i++)
		writer_u8(w, 0);
	writer_u32(w, MAGIC);
	writer_u8(w, OPTION_TYPE);
	writer_u8(w, 1);
	writer_u8(w, a->type);
	put_u32(w, OPTION_SERVER, a->server);
	if (r->client_id_len) {
		writer_u8(w, OPTION_CLIENT_ID);
		writer_u8(w, r->client_id_len);
		writer_put(w, bytes_of(r->client_id, r->client_id_len));
	}
	if (a->type != DHCP_NAK)
		put_configuration(a, w);
	writer_u8(w, OPTION_END);
	while (!w->failed && w->len - from < BOOTP_MIN)
		writer_u8(w, OPTION_PAD);
}

/* RFC 2131 4.1: to the address, but where the client wants a broadcast, or is told that it has none. */
static uint32_t destination(const struct dhcp_request *r, const struct dhcp_answer *a)
{
	if (a->type == DHCP_NAK || (!r->client && r->flags & BROADCAST_FLAG))
		return UINT32_MAX;
	return r->client ? r->client : a->address;
}

static void put_u16_at(uint8_t *at, uint32_t v)
{
	struct writer w = writer_of(at, 2);

	writer_u16(&w, (uint16_t)v);
}

bool dhcp_answer_encode(const struct dhcp_request *r, const struct dhcp_answer *a, struct writer *w)
{
	size_t from = w->len, len;
	uint8_t *ip;
	uint16_t sum;

	writer_u32(w, UINT32_C(0x45000000));
	writer_u32(w, UINT32_C(0x4000)); /* it is no fragment */
	writer_u32(w, (uint32_t)LOCAL_TTL << 24 | (uint32_t)UDP << 16);
	writer_u32(w, a->server);
	writer_u32(w, destination(r, a));
	writer_u16(w, SERVER_PORT);
	writer_u16(w, CLIENT_PORT);
	writer_u32(w, 0);
	put_message(r, a, w);
	if (w->failed)
		return false;
	ip = w->data + from;
	len = w->len - from;
	put_u16_at(ip + 2, (uint32_t)len);
	put_u16_at(ip + 10, ip_sum_fold(ip_sum(bytes_of(ip, IPV4_HEADER), 0)));
	put_u16_at(ip + IPV4_HEADER + 4, (uint32_t)len - IPV4_HEADER);
	sum = ip_sum_fold(ip_sum(bytes_of(ip + 12, len - 12), UDP + len - IPV4_HEADER));
	put_u16_at(ip + IPV4_HEADER + 6, sum ? sum : UINT16_MAX);
	return true;
}

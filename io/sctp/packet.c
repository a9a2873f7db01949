#include "io/sctp/packet.h"

#include "base/cursor.h"
#include "io/sctp/crc32c.h"

enum {
	SCTP_PARAM_IPV4 = 5, /* RFC 9260 clause 3.3.2.1 */
	SCTP_PARAM_IPV6 = 6,
	SCTP_INIT_FIXED = 16, /* octets of INIT before its parameters */
	SCTP_FLAG_T = 1,      /* the tag is the receiver's own, reflected: clause 3.3.7 */
	SCTP_CHUNKS_MAX = 64, /* looked at in one packet */
};

/* One chunk or parameter with its padding: a length that counts its own four octets. */
static struct bytes sctp_packet_tlv(struct cursor *c, size_t len)
{
	struct bytes body;

	if (len < 4) {
		c->failed = true;
		return BYTES_NONE;
	}
	body = cursor_bytes(c, len - 4);
	if (len % 4 && cursor_left(c) >= 4 - len % 4)
		cursor_skip(c, 4 - len % 4);
	return body;
}

bool sctp_packet_parse(struct bytes packet, struct sctp_packet *out)
{
	struct cursor c = cursor_of(packet);

	out->source_port = cursor_u16(&c);
	out->destination_port = cursor_u16(&c);
	out->tag = cursor_u32(&c);
	cursor_skip(&c, 4);
	out->chunk = cursor_u8(&c);
	out->flags = cursor_u8(&c);
	out->body = sctp_packet_tlv(&c, cursor_u16(&c));
	out->has_abort = out->chunk == SCTP_CHUNK_ABORT;
	out->has_data = out->chunk == SCTP_CHUNK_DATA;
	out->initiate_tag = 0;
	if (c.failed || out->source_port == 0 || out->destination_port == 0)
		return false;
	if (out->chunk == SCTP_CHUNK_INIT || out->chunk == SCTP_CHUNK_INIT_ACK) {
		struct cursor body = cursor_of(out->body);

		out->initiate_tag = cursor_u32(&body);
		return out->body.len >= SCTP_INIT_FIXED && out->initiate_tag != 0;
	}
	for (int i = 0; i < SCTP_CHUNKS_MAX && cursor_left(&c) >= 4 && !c.failed; i++) {
		uint8_t type = cursor_u8(&c);

		cursor_skip(&c, 1);
		sctp_packet_tlv(&c, cursor_u16(&c));
		out->has_abort |= type == SCTP_CHUNK_ABORT;
		out->has_data |= type == SCTP_CHUNK_DATA;
	}
	return true;
}

/* Over the packet with zeros in the checksum's place. */
static uint32_t sctp_packet_checksum(struct bytes packet)
{
	static const uint8_t zeros[4];
	uint32_t crc = crc32c(0, bytes_of(packet.data, SCTP_CHECKSUM_AT));

	crc = crc32c(crc, BYTES(zeros));
	return crc32c(crc, bytes_of(packet.data + SCTP_HEADER_SIZE, packet.len - SCTP_HEADER_SIZE));
}

/* The CRC goes out least significant octet first: RFC 9260 appendix A. */
bool sctp_packet_checksum_good(struct bytes packet)
{
	struct cursor c = cursor_of(packet);

	if (packet.len < SCTP_HEADER_SIZE)
		return false;
	cursor_skip(&c, SCTP_CHECKSUM_AT);
	return cursor_u32(&c) == __builtin_bswap32(sctp_packet_checksum(packet));
}

void sctp_packet_set_checksum(uint8_t *data, size_t len)
{
	uint32_t crc = sctp_packet_checksum(bytes_of(data, len));
	struct writer w = writer_of(data, len);

	writer_reserve(&w, SCTP_CHECKSUM_AT);
	writer_u32(&w, __builtin_bswap32(crc));
}

size_t sctp_packet_addresses(const struct sctp_packet *p, uint16_t port, struct addr *out, size_t max)
{
	struct cursor c = cursor_of(p->body);
	size_t count = 0;

	cursor_skip(&c, SCTP_INIT_FIXED);
	while (cursor_left(&c) >= 4 && !c.failed && count < max) {
		uint16_t type = cursor_u16(&c);
		struct bytes value = sctp_packet_tlv(&c, cursor_u16(&c));

		if ((type == SCTP_PARAM_IPV4 && value.len == 4) ||
			(type == SCTP_PARAM_IPV6 && value.len == 16))
			out[count++] = addr_from_bytes(value, port);
	}
	return count;
}

size_t sctp_packet_reply(const struct sctp_packet *p, uint8_t out[SCTP_REPLY_SIZE])
{
	struct writer w = writer_of(out, SCTP_REPLY_SIZE);
	uint8_t chunk = SCTP_CHUNK_ABORT;
	uint8_t flags = SCTP_FLAG_T;
	uint32_t tag = p->tag;

	if (p->has_abort)
		return 0;
	switch (p->chunk) {
	case SCTP_CHUNK_INIT: /* nobody listens: the tag is the one it asks for, no T bit */
		if (p->tag != 0)
			return 0;
		flags = 0;
		tag = p->initiate_tag;
		break;
	case SCTP_CHUNK_SHUTDOWN_ACK:
		chunk = SCTP_CHUNK_SHUTDOWN_COMPLETE;
		break;
	case SCTP_CHUNK_SHUTDOWN_COMPLETE:
	case SCTP_CHUNK_COOKIE_ECHO: /* of a cookie that is not ours: clause 5.1.5 */
	case SCTP_CHUNK_COOKIE_ACK:
	case SCTP_CHUNK_ERROR:
		return 0;
	default:
		break;
	}
	writer_u16(&w, p->destination_port);
	writer_u16(&w, p->source_port);
	writer_u32(&w, tag);
	writer_u32(&w, 0);
	writer_u8(&w, chunk);
	writer_u8(&w, flags);
	writer_u16(&w, 4);
	sctp_packet_set_checksum(out, w.len);
	return w.len;
}

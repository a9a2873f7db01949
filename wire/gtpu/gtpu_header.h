/* The header in front of every user packet: hand-written and in line. Included by gtpu.h only. */
#pragma once

/* Bits of octet 1. */
enum { GTPU_VERSION_1 = 0x20, GTPU_PROTOCOL = 0x10, GTPU_FLAG_E = 4, GTPU_FLAG_S = 2, GTPU_FLAG_PN = 1 };

static inline uint16_t gtpu_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t gtpu_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Known here, or discardable by an endpoint: bits 8 and 7 of the type are 00 or 01 (29.281 figure 5.2.1-2).
 */
static inline bool gtpu_extension_ok(uint8_t type)
{
	return type < 0x80 || (type >= GTPU_EXT_RAN_CONTAINER && type <= GTPU_EXT_PDU_SESSION_CONTAINER) ||
	       type == GTPU_EXT_PDCP_NUMBER;
}

/* One extension header of len octets at p, its length octet first and the next type last. */
static inline bool gtpu_extension_read(struct gtpu_header *h, uint8_t type, const uint8_t *p, size_t len)
{
	if (type == GTPU_EXT_UDP_PORT) {
		h->has_udp_port = true;
		h->udp_port = gtpu_be16(p + 1);
	}
	if (type == GTPU_EXT_NR_RAN_CONTAINER && h->nr_ran_container.len == 0)
		h->nr_ran_container = bytes_of(p + 1, len - 2);
	if (type != GTPU_EXT_PDU_SESSION_CONTAINER || h->has_pdu_session)
		return true;
	h->has_pdu_session = true;
	h->pdu_session = (struct gtpu_pdu_session){ .pdu_type = p[1] >> 4, .qfi = p[2] & 0x3f };
	if (h->pdu_session.pdu_type != GTPU_PDU_DL)
		return true;
	h->pdu_session.rqi = p[2] & 0x40;
	h->pdu_session.has_ppi = p[2] & 0x80;
	if (!h->pdu_session.has_ppi)
		return true;
	if (len < 8) /* the PPI octet needs a second group of four */
		return false;
	h->pdu_session.ppi = p[3] >> 5;
	return true;
}

/*
 * Reads the header and the chain of extension headers of one datagram. On GTPU_OK *payload is what follows
 * them, up to the length in the header; octets after that length are ignored.
 */
static inline enum gtpu_result gtpu_header_decode(
	struct bytes datagram, struct gtpu_header *h, struct bytes *payload)
{
	const uint8_t *p = datagram.data;
	size_t at = 8, end;
	uint8_t next = GTPU_EXT_NONE;

	if (datagram.len < 8)
		return GTPU_MALFORMED;
	if ((p[0] & 0xf0) != (GTPU_VERSION_1 | GTPU_PROTOCOL))
		return GTPU_BAD_VERSION;
	end = 8 + (size_t)gtpu_be16(p + 2);
	*h = (struct gtpu_header){ .type = p[1], .teid = gtpu_be32(p + 4) };
	if (end > datagram.len)
		return GTPU_MALFORMED;
	if (p[0] & (GTPU_FLAG_E | GTPU_FLAG_S | GTPU_FLAG_PN)) {
		if (end < 12)
			return GTPU_MALFORMED;
		h->has_sequence = p[0] & GTPU_FLAG_S;
		if (h->has_sequence)
			h->sequence = gtpu_be16(p + 8);
		if (p[0] & GTPU_FLAG_E)
			next = p[11];
		at = 12;
	}
	while (next != GTPU_EXT_NONE) {
		size_t len = at < end ? (size_t)p[at] * 4 : 0;

		if (len == 0 || len > end - at || !gtpu_extension_read(h, next, p + at, len))
			return GTPU_MALFORMED;
		if (!gtpu_extension_ok(next)) {
			h->extension = next;
			return GTPU_NOT_COMPREHENDED;
		}
		next = p[at + len - 1];
		at += len;
	}
	*payload = bytes_of(p + at, end - at);
	return GTPU_OK;
}

/* Octets gtpu_header_encode will write: 8 to GTPU_HEADER_MAX. */
static inline size_t gtpu_header_size(const struct gtpu_header *h)
{
	if (h->nr_ran_container.len > 0)
		return 12 + 2 + h->nr_ran_container.len;
	if (h->has_pdu_session)
		return h->pdu_session.has_ppi ? 20 : 16;
	return h->has_sequence ? 12 : 8;
}

/* Writes the PDU Session Container at p, with no extension header after it. */
static inline void gtpu_pdu_session_write(const struct gtpu_pdu_session *s, uint8_t *p)
{
	memset(p, 0, s->has_ppi ? 8 : 4);
	p[0] = s->has_ppi ? 2 : 1;
	p[1] = (uint8_t)(s->pdu_type << 4);
	p[2] = s->qfi & 0x3f;
	if (s->pdu_type != GTPU_PDU_DL)
		return;
	p[2] |= (uint8_t)((s->rqi ? 0x40 : 0) | (s->has_ppi ? 0x80 : 0));
	if (s->has_ppi)
		p[3] = (uint8_t)(s->ppi << 5);
}

/* Likewise the NR RAN Container. */
static inline void gtpu_nr_ran_container_write(struct bytes container, uint8_t *p)
{
	struct writer w = writer_of(p, container.len + 2);

	writer_u8(&w, (uint8_t)((container.len + 2) / 4));
	writer_put(&w, container);
	writer_u8(&w, GTPU_EXT_NONE);
}

/*
 * Writes the header for payload_len octets into p, which has GTPU_HEADER_MAX octets of room, and returns its
 * size; 0 when a length does not fit. Type, TEID, sequence, and PDU session or NR RAN container are sent,
 * other extensions not.
 */
static inline size_t gtpu_header_encode(const struct gtpu_header *h, size_t payload_len, uint8_t *p)
{
	size_t size = gtpu_header_size(h), len = size - 8 + payload_len;

	bool nr = h->nr_ran_container.len > 0;

	if (len > UINT16_MAX || size > GTPU_HEADER_MAX || (nr && h->nr_ran_container.len % 4 != 2))
		return 0;
	p[0] = GTPU_VERSION_1 | GTPU_PROTOCOL;
	p[0] |= (uint8_t)((h->has_sequence ? GTPU_FLAG_S : 0) | (nr || h->has_pdu_session ? GTPU_FLAG_E : 0));
	p[1] = h->type;
	p[2] = (uint8_t)(len >> 8);
	p[3] = (uint8_t)len;
	for (int i = 0; i < 4; i++)
		p[4 + i] = (uint8_t)(h->teid >> (24 - 8 * i));
	if (size == 8)
		return size;
	p[8] = h->has_sequence ? (uint8_t)(h->sequence >> 8) : 0;
	p[9] = h->has_sequence ? (uint8_t)h->sequence : 0;
	p[10] = 0;
	p[11] = nr                   ? GTPU_EXT_NR_RAN_CONTAINER
		: h->has_pdu_session ? GTPU_EXT_PDU_SESSION_CONTAINER
				     : GTPU_EXT_NONE;
	if (nr)
		gtpu_nr_ran_container_write(h->nr_ran_container, p + 12);
	else if (h->has_pdu_session)
		gtpu_pdu_session_write(&h->pdu_session, p + 12);
	return size;
}

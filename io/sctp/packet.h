/*
 * The few octets of an SCTP packet (RFC 9260 clause 3) that the packet layer reads itself: ports,
 * tag, checksum, the first chunk, the addresses in INIT and INIT ACK; and the replies to packets
 * of no association (clause 8.4).
 */
#pragma once

#include "base/addr.h"

/* RFC 9260 clause 3.2 */
enum sctp_chunk {
	SCTP_CHUNK_DATA = 0,
	SCTP_CHUNK_INIT = 1,
	SCTP_CHUNK_INIT_ACK = 2,
	SCTP_CHUNK_SACK = 3,
	SCTP_CHUNK_ABORT = 6,
	SCTP_CHUNK_SHUTDOWN_ACK = 8,
	SCTP_CHUNK_ERROR = 9,
	SCTP_CHUNK_COOKIE_ECHO = 10,
	SCTP_CHUNK_COOKIE_ACK = 11,
	SCTP_CHUNK_SHUTDOWN_COMPLETE = 14,
};

enum {
	SCTP_HEADER_SIZE = 12,
	SCTP_CHECKSUM_AT = 8,
	SCTP_REPLY_SIZE = 16,
};

struct sctp_packet {
	uint16_t source_port, destination_port;
	uint32_t tag;
	uint8_t chunk; /* type of the first */
	uint8_t flags;
	struct bytes body;     /* of the first chunk, after its length */
	uint32_t initiate_tag; /* of INIT and INIT ACK, else 0 */
	bool has_abort;        /* an ABORT is among the chunks */
	bool has_data;
};

/* False: shorter than a header and a chunk, or a length that does not fit. The checksum is not looked at. */
MUST_USE bool sctp_packet_parse(struct bytes packet, struct sctp_packet *out);

MUST_USE bool sctp_packet_checksum_good(struct bytes packet);
/* Computes and writes the checksum of the packet at data. */
void sctp_packet_set_checksum(uint8_t *data, size_t len);

/* The IPv4 and IPv6 address parameters of an INIT or INIT ACK, at most max, with that port. */
size_t sctp_packet_addresses(const struct sctp_packet *p, uint16_t port, struct addr *out, size_t max);

/* The answer to a packet of no association: its length in out, checksum included, or 0 for none. */
size_t sctp_packet_reply(const struct sctp_packet *p, uint8_t out[SCTP_REPLY_SIZE]);

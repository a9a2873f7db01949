/* GTP-U, TS 29.281: the header of every packet, in line, and the signalling messages through the engine. */
#pragma once

#include "wire/tlv/tlv.h"

enum { GTPU_UDP_PORT = 2152, GTPU_HEADER_MAX = 96 };

enum gtpu_type {
	GTPU_ECHO_REQUEST = 1,
	GTPU_ECHO_RESPONSE = 2,
	GTPU_ERROR_INDICATION = 26,
	GTPU_SUPPORTED_EXTENSION_HEADERS = 31,
	GTPU_TUNNEL_STATUS = 253,
	GTPU_END_MARKER = 254,
	GTPU_G_PDU = 255,
};

/* Figure 5.2.1-3 */
enum gtpu_extension_type {
	GTPU_EXT_NONE = 0,
	GTPU_EXT_SERVICE_CLASS = 0x20,
	GTPU_EXT_UDP_PORT = 0x40,
	GTPU_EXT_RAN_CONTAINER = 0x81,
	GTPU_EXT_LONG_PDCP_NUMBER = 0x82,
	GTPU_EXT_XW_RAN_CONTAINER = 0x83,
	GTPU_EXT_NR_RAN_CONTAINER = 0x84,
	GTPU_EXT_PDU_SESSION_CONTAINER = 0x85,
	GTPU_EXT_PDCP_NUMBER = 0xc0,
};

enum gtpu_pdu_type { GTPU_PDU_DL = 0, GTPU_PDU_UL = 1 };

/* DL and UL PDU SESSION INFORMATION, TS 38.415 clauses 5.5.2.1 and 5.5.2.2: the fields in use here. */
struct gtpu_pdu_session {
	uint8_t pdu_type; /* enum gtpu_pdu_type */
	uint8_t qfi;
	bool rqi;     /* DL: reflective QoS */
	bool has_ppi; /* DL */
	uint8_t ppi;  /* 3 bits */
};

struct gtpu_header {
	uint8_t type; /* enum gtpu_type */
	bool has_sequence;
	bool has_pdu_session;
	bool has_udp_port;
	uint16_t sequence;
	uint16_t udp_port;
	uint32_t teid;
	struct gtpu_pdu_session pdu_session;
	struct bytes nr_ran_container; /* 29.281 5.2.2.6, wire/gtpu/nr_up.h; empty: none. Sent in place of a
					  PDU session's; 4n + 2 octets then */
	uint8_t extension;             /* on GTPU_NOT_COMPREHENDED: the extension header type not known */
};

enum gtpu_result {
	GTPU_OK,
	GTPU_MALFORMED,   /* shorter than its length, or extension headers out of bounds: drop */
	GTPU_BAD_VERSION, /* not GTP version 1: drop (29.281 clause 7.3.1: no message for another version) */
	GTPU_NOT_COMPREHENDED, /* answer Supported Extension Headers Notification and drop */
};

#include "wire/gtpu/gtpu_header.h"

/* Clause 8.4 (TEID Data I), 8.4 GSN address: of Error Indication. */
struct gtpu_peer_address {
	uint8_t len; /* 4 or 16 */
	uint8_t octets[16];
};

struct gtpu_echo_request {
	TLV_OPT(uint32_t, recovery_time_stamp);
	TLV_OPT(struct bytes, private_extension);
};

struct gtpu_echo_response {
	uint8_t recovery; /* always 0 in GTP-U, ignored by the receiver */
	TLV_OPT(uint32_t, recovery_time_stamp);
	TLV_OPT(struct bytes, private_extension);
};

struct gtpu_error_indication {
	uint32_t teid; /* of the G-PDU that has no context */
	struct gtpu_peer_address peer;
	TLV_OPT(uint32_t, recovery_time_stamp);
	TLV_OPT(struct bytes, private_extension);
};

struct gtpu_supported_extension_headers {
	struct bytes types; /* enum gtpu_extension_type, an octet each */
};

struct gtpu_tunnel_status {
	struct bytes information;
	TLV_OPT(struct bytes, private_extension);
};

struct gtpu_end_marker {
	TLV_OPT(struct bytes, private_extension);
};

struct gtpu_msg {
	struct gtpu_header header;
	union {
		struct gtpu_echo_request echo_request;
		struct gtpu_echo_response echo_response;
		struct gtpu_error_indication error_indication;
		struct gtpu_supported_extension_headers supported_extension_headers;
		struct gtpu_tunnel_status tunnel_status;
		struct gtpu_end_marker end_marker;
		struct bytes payload; /* G-PDU */
	};
};

/* Any GTP-U message; faults have no cause (29.281 has none): the message is dropped. */
MUST_USE bool gtpu_decode(
	struct bytes octets, struct arena *arena, struct gtpu_msg *out, struct tlv_fault *fault);

/* Appends header and elements, length filled in. */
MUST_USE bool gtpu_encode(const struct gtpu_msg *msg, struct writer *w);

/* For people (base/printer.h). */
void gtpu_print(const struct gtpu_msg *msg, struct printer *p);

/* Packet Forwarding Control Protocol messages, TS 29.244: octets to structs and back. */
#pragma once

#include "wire/pfcp/pfcp_messages.h"
#include "wire/pfcp/pfcp_values.h"

enum { PFCP_UDP_PORT = 8805, PFCP_VERSION = 1, PFCP_SEQUENCE_MAX = 0xffffff };

/*
 * Decodes one message; octets after its length belong to the next message of a bundle (follows) and are
 * otherwise an error. Views point into the input; lists, DNNs and FQDNs are in `arena`. On false the header
 * fields of *out are set as far as they were read, fault->cause is the PFCP cause, fault->ie the Offending
 * IE, and fault->answer is true when a request is to be answered with them. TLV_BAD_VERSION: answer Version
 * Not Supported.
 */
MUST_USE bool pfcp_decode(
	struct bytes octets, struct arena *arena, struct pfcp_msg *out, struct tlv_fault *fault);

/* Appends the message with its header and length; false when w is full or a value is out of its range. */
MUST_USE bool pfcp_encode(const struct pfcp_msg *msg, struct writer *w);

/* The message for people (base/printer.h). */
void pfcp_print(const struct pfcp_msg *msg, struct printer *p);

/* "Session Establishment Request", or NULL for a type there is not. */
const char *pfcp_msg_name(enum pfcp_msg_type type);
const char *pfcp_cause_name(uint8_t cause);

/* Requests are answered, responses are not. Message types 1 to 57: requests are odd up to 9, then even. */
static inline bool pfcp_is_request(enum pfcp_msg_type type)
{
	return type < PFCP_VERSION_NOT_SUPPORTED_RESPONSE ? type % 2 == 1 : type % 2 == 0;
}

static inline struct tlv_flags pfcp_flags(uint64_t bits)
{
	return (struct tlv_flags){ .bits = bits };
}

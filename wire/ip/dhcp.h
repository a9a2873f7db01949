/*
 * DHCPv4 as a PDU session needs it (RFC 2131, RFC 2132): what a client asks in a whole IPv4 packet, and what
 * the server of its link answers.
 */
#pragma once

#include "base/cursor.h"
#include "base/ip.h"

enum dhcp_type {
	DHCP_DISCOVER = 1,
	DHCP_OFFER = 2,
	DHCP_REQUEST = 3,
	DHCP_DECLINE = 4,
	DHCP_ACK = 5,
	DHCP_NAK = 6,
	DHCP_RELEASE = 7,
	DHCP_INFORM = 8,
};

enum { DHCP_DNS_MAX = 4, DHCP_PACKET_MAX = 400, DHCP_CHADDR = 16, DHCP_CLIENT_ID_MAX = 32 };

/* Addresses in host order, 0: none. */
struct dhcp_request {
	uint8_t type; /* enum dhcp_type */
	uint8_t hardware_type, hardware_len;
	uint8_t hardware[DHCP_CHADDR];
	uint32_t id; /* xid */
	uint16_t flags;
	uint32_t client, relay;     /* ciaddr, giaddr */
	uint32_t requested, server; /* options 50 and 54 */
	uint8_t client_id_len;      /* option 61, RFC 6842 */
	uint8_t client_id[DHCP_CLIENT_ID_MAX];
};

struct dhcp_answer {
	uint8_t type;
	uint32_t server; /* from, and identifier of */
	uint32_t address;
	uint32_t lease_s;
	uint16_t mtu;
	uint8_t dns_count;
	uint32_t dns[DHCP_DNS_MAX];
};

/* False: it is no request of a client. */
bool dhcp_request_decode(struct bytes packet, struct dhcp_request *out);
/* The answer to r, as an IPv4 packet. A router is the server itself, the mask that of the address alone. */
bool dhcp_answer_encode(const struct dhcp_request *r, const struct dhcp_answer *a, struct writer *w);

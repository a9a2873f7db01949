/*
 * DHCPv6 as a PDU session needs it: prefix delegation (RFC 8415) without a prefix in use (RFC 6603), DNS
 * servers (RFC 3646). Messages of both ends as whole IPv6 packets.
 */
#pragma once

#include "base/cursor.h"
#include "base/prefix.h"

enum dhcp6_type {
	DHCP6_SOLICIT = 1,
	DHCP6_ADVERTISE = 2,
	DHCP6_REQUEST = 3,
	DHCP6_CONFIRM = 4,
	DHCP6_RENEW = 5,
	DHCP6_REBIND = 6,
	DHCP6_REPLY = 7,
	DHCP6_RELEASE = 8,
	DHCP6_DECLINE = 9,
	DHCP6_INFORMATION_REQUEST = 11,
};

enum dhcp6_status { DHCP6_SUCCESS = 0, DHCP6_NO_ADDRESSES = 2, DHCP6_NO_BINDING = 3, DHCP6_NO_PREFIX = 6 };

enum {
	DHCP6_DUID_MAX = 130,
	DHCP6_IAS_MAX = 4,
	DHCP6_DNS_MAX = 4,
	DHCP6_PACKET_MAX = 800,
	DHCP6_PREFIX_BITS_MAX = 64, /* that are read and written */
};

/* "ff02::1:2" */
#define DHCP6_SERVERS  ((struct ip){ UINT64_C(0xff02) << 48, 0x10002 })
#define DHCP6_INFINITE UINT32_MAX

/* DHCP Unique Identifier, RFC 8415 11; len 0: none. */
struct dhcp6_duid {
	uint8_t len;
	uint8_t octets[DHCP6_DUID_MAX];
};

/* An identity association: IA_PD, or (of addresses, of which there are none) IA_NA. */
struct dhcp6_ia {
	bool of_addresses;
	uint32_t id;
	uint16_t status;        /* enum dhcp6_status */
	struct prefix prefix;   /* bits 0: none */
	struct prefix excluded; /* within that, RFC 6603; bits 0: none */
	struct prefix gone;     /* sent with lifetimes of 0; bits 0: none. Of what is read, it is in none */
};

struct dhcp6_message {
	uint8_t type;
	uint32_t id; /* of the transaction, 24 bits */
	struct ip src, dst;
	struct dhcp6_duid client, server;
	bool rapid_commit, wants_dns, wants_exclusion;
	bool has_status; /* of the message: success */
	uint8_t ia_count;
	struct dhcp6_ia ias[DHCP6_IAS_MAX]; /* those above it are left out */
	uint8_t dns_count;
	struct ip dns[DHCP6_DNS_MAX];
};

static inline bool dhcp6_is_of_server(uint8_t type)
{
	return type == DHCP6_ADVERTISE || type == DHCP6_REPLY;
}

/* False: no room. Prefixes live as long as the session: for ever, as far as DHCP goes. */
bool dhcp6_encode(const struct dhcp6_message *m, struct writer *w);
/* False: it is none, or not sound; relayed ones are none. */
bool dhcp6_decode(struct bytes packet, struct dhcp6_message *out);

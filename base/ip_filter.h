/*
 * IPFilterRule (RFC 6733 4.3.1) as flows of UEs are described with it (29.212 5.4.2, 29.514 5.3.8, 29.244
 * 8.2.5): "permit out 17 from 192.0.2.0/24 5060 to assigned 1000-2000". The one reader of such texts.
 */
#pragma once

#include "base/bytes.h"
#include "base/cursor.h"
#include "base/ip.h"

enum ip_filter_limit {
	IP_FILTER_TEXT_MAX = 160,  /* octets of a text that is written here, its end included */
	IP_FILTER_INPUT_MAX = 512, /* of one that is read */
	IP_FILTER_RANGES_MAX = 8,  /* of ports, an end */
};

struct ip_filter_range {
	uint16_t low, high;
};

/* An end of the packets: IP_NONE is any address. */
struct ip_filter_end {
	struct ip ip;
	uint8_t bits;        /* of the prefix: 1 to 32, or to 128 */
	bool is_assigned;    /* the UE's own address */
	uint8_t range_count; /* 0: any port */
	struct ip_filter_range ranges[IP_FILTER_RANGES_MAX];
};

struct ip_filter {
	bool any_protocol;
	uint8_t protocol;
	struct ip_filter_end from, to; /* from is the remote side, as packets go to the UE */
};

/* What was wrong with a text. */
enum ip_filter_fault {
	IP_FILTER_GOOD,
	IP_FILTER_LENGTH,    /* empty or longer than IP_FILTER_INPUT_MAX */
	IP_FILTER_ACTION,    /* "permit" is expected */
	IP_FILTER_DIRECTION, /* "out" is expected: towards the UE */
	IP_FILTER_PROTOCOL,
	IP_FILTER_ADDRESS,
	IP_FILTER_PORTS,
	IP_FILTER_WORDS,    /* "from" or "to" is missing, or there is more */
	IP_FILTER_FAMILIES, /* the ends are of IPv4 and of IPv6 */
	IP_FILTER_FAULTS
};

/* "expected \"permit\"", for people. */
const char *ip_filter_fault_text(enum ip_filter_fault fault);

enum ip_filter_fault ip_filter_read(struct bytes text, struct ip_filter *out);

/* False when it does not fit. */
MUST_USE bool ip_filter_write(const struct ip_filter *f, struct writer *w);

/* What a subscriber's line has of PDU session types and addresses: its words, both ways. */
#pragma once

#include "base/cursor.h"
#include "core/udr/subscriber.h"

/* "10.45.0.9", "2001:db8:45:7::/64", "IPv4v6+IPv4"; "none", of types "all".
 * Brackets around the whole are taken off. False: it is none. */
MUST_USE bool subscriber_read_ip(const char *text, struct subscriber_dnn *out);
MUST_USE bool subscriber_read_prefix(const char *text, struct subscriber_dnn *out);
MUST_USE bool subscriber_read_types(const char *text, struct subscriber_dnn *out);
/* "192.168.7.0/24+2001:db8:7::/56", "2+1": the first SSC mode is the default. */
MUST_USE bool subscriber_read_routes(const char *text, struct subscriber_dnn *out);
MUST_USE bool subscriber_read_ssc(const char *text, struct subscriber_dnn *out);
/* ":types=..." and so on, of those that there are. */
void subscriber_print_ip(const struct subscriber_dnn *d, struct writer *w);

/* A line to a syslog collector, by one who can wait: a socket is opened for each. */
#pragma once

#include "base/addr.h"

enum { SYSLOG_S = 10, SYSLOG_LINE_MAX = 4096 };

/* RFC 5424 6: a message with the time and this host's name; severity from 0 to 7, facility local0. data:
 * structured data with its brackets, "-" for none. The length; 0: it does not fit. */
size_t syslog_line(
	unsigned severity, const char *id, const char *data, const char *text, char line[SYSLOG_LINE_MAX]);

/* False with errno. UDP: one datagram (RFC 5426); a refusal of the one before may be what is heard. TCP: with
 * its length before it (RFC 6587 3.4.1). */
MUST_USE bool syslog_send_udp(const struct addr *to, struct bytes line);
MUST_USE bool syslog_send_tcp(const struct addr *to, struct bytes line);
/* To this host's /dev/log, in the form that all readers of it know (RFC 3164). */
MUST_USE bool syslog_send_local(unsigned severity, const char *text);

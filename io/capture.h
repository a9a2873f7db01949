/* What a trace needs from the system: packets of an interface as they pass, and copies of PDUs from other
 * processes. */
#pragma once

#include "base/bytes.h"

enum { CAPTURE_PACKET_MAX = 65536 };

/* All IP packets in and out of interface `name` of the current network namespace: a descriptor, or -1 with
 * errno. */
int capture_open(const char *name);

/* One packet, from its IP header on, into buf; false when none waits. utc_ns: when the kernel saw it. */
MUST_USE bool capture_read(int fd, void *buf, size_t cap, struct bytes *packet, uint64_t *utc_ns);

/* A socket at path that PDUs are sent to, one a datagram; -1 with errno. The path is replaced if it exists.
 */
int capture_tap_listen(const char *path);

/* The other end; -1 with errno. */
int capture_tap_connect(const char *path);

/* Never waits: a PDU that the other end has no room for is lost. */
void capture_tap_send(int fd, uint8_t label, struct bytes pdu);

/* One PDU with its label; false when none waits. */
MUST_USE bool capture_tap_read(
	int fd, void *buf, size_t cap, uint8_t *label, struct bytes *pdu, uint64_t *utc_ns);

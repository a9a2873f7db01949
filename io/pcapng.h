/*
 * Captures in pcapng (draft-ietf-opsawg-pcapng): IP packets, and single PDUs that Wireshark hands to
 * a dissector by name. The demo writes its trace.pcapng with it.
 */
#pragma once

#include "base/bytes.h"

enum {
	PCAPNG_LINK_RAW = 101, /* LINKTYPE_RAW: IPv4 or IPv6 packets */
	PCAPNG_LINK_IPV4 = 228,
	PCAPNG_LINK_UPPER_PDU = 252, /* LINKTYPE_WIRESHARK_UPPER_PDU */
	PCAPNG_PACKET_MAX = 262144,
};

struct pcapng {
	int fd;
	uint32_t interfaces;
	size_t used; /* of buf, not yet written */
	bool failed; /* sticks; what follows is dropped */
	uint64_t packets;
	uint8_t buf[65536];
};

/* Creates or truncates path and writes the section header; application may be NULL. False: errno. */
MUST_USE bool pcapng_open(struct pcapng *p, const char *path, const char *application);
/* Adds an interface; its number for pcapng_packet, or -1. */
int pcapng_interface(struct pcapng *p, uint16_t link_type, const char *name);
/* utc_ns since 1970; comment may be NULL. */
MUST_USE bool pcapng_packet(
	struct pcapng *p, int interface, uint64_t utc_ns, struct bytes packet, const char *comment);
/* A PDU for the dissector of that name ("nas-5gs", "ngap"), on an interface of PCAPNG_LINK_UPPER_PDU. */
MUST_USE bool pcapng_pdu(struct pcapng *p, int interface, uint64_t utc_ns, const char *dissector,
	struct bytes pdu, const char *comment);
MUST_USE bool pcapng_flush(struct pcapng *p);
/* Flushes and closes; false when anything failed. */
MUST_USE bool pcapng_close(struct pcapng *p);

/*
 * Segmentation and its reverse on IP packets, so that a run of one flow passes the kernel as one
 * super-packet. Pure: octets in, octets out; what does not fit exactly is left alone.
 */
#pragma once

#include "core/upf/data.h"

enum {
	UPF_GSO_HEAD_SPACE = 24,   /* before a segment's IP header, for the tunnel's */
	UPF_GSO_HEADERS_MAX = 100, /* IPv4 without options, or IPv6; TCP with them */
	UPF_GSO_SEGMENTS_MAX = 64,
	UPF_GSO_OCTETS_MAX = 65535,
};

enum upf_gso_kind { UPF_GSO_NONE, UPF_GSO_TCP, UPF_GSO_UDP };

/* A super-packet to be cut. */
struct upf_super {
	struct bytes packet;
	uint8_t kind;     /* enum upf_gso_kind */
	uint16_t segment; /* octets of payload in each but the last */
};

/* A segment: headers of its own at head + UPF_GSO_HEAD_SPACE, payload in the super-packet. */
struct upf_segment {
	uint8_t head[UPF_GSO_HEAD_SPACE + UPF_GSO_HEADERS_MAX];
	uint16_t head_len; /* of the IP and transport headers */
	struct bytes payload;
};

/* Cuts from the at-th octet of the payload on; at moves to where it stopped. The count, 0 at the end or when
 * the packet is not one of its kind. Checksums are complete. */
size_t upf_gso_split(const struct upf_super *in, size_t *at, struct upf_segment *out, size_t max);

/* A run of packets as one. */
struct upf_run {
	uint8_t head[UPF_GSO_HEADERS_MAX]; /* IP and transport header; its checksum is of the pseudo-header
					      alone */
	uint16_t head_len;
	uint16_t segment;         /* octets of payload in each but the last */
	uint16_t checksum_start;  /* of the transport header */
	uint16_t checksum_offset; /* in it */
	uint8_t kind;
	bool ipv6;
};

/* How many packets from the first on make a run; 1: it goes alone, and *run is not set. */
size_t upf_gso_run(const struct upf_packet *packets, size_t count, struct upf_run *run);

/* Completes the checksum at start + offset of a packet whose pseudo-header is summed already. */
bool upf_checksum_complete(uint8_t *packet, size_t len, size_t start, size_t offset);

/* The ones' complement sum of len octets, in the byte order of memory; to be folded. */
uint64_t upf_sum(const uint8_t *p, size_t len);
uint16_t upf_fold(uint64_t sum);

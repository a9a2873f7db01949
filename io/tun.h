/* TUN interfaces: IP packets (TAP: Ethernet frames) in and out of the kernel, with its segmentation offload
 * left to the caller. */
#pragma once

#include <linux/virtio_net.h>

#include "base/bytes.h"

enum {
	TUN_NAME_SIZE = 16,
	TUN_PACKET_MAX = 65536,
	TUN_ANY_PROTOCOL = 0x88b5, /* an Ethertype for experiments: the kernel itself takes none of it */
};

struct tun_config {
	const char *name; /* "" or NULL: the kernel chooses */
	bool vnet_hdr;    /* packets carry a struct virtio_net_hdr; needed for offload */
	bool offload;     /* accept TSO and, from Linux 6.2, USO super-packets and partial checksums */
	bool multi_queue;
	bool tap; /* frames of Ethernet, not packets of IP */
	bool any; /* anything, for packet sockets (packet(7)) of TUN_ANY_PROTOCOL; without vnet_hdr */
};

struct tun {
	int fd;
	char name[TUN_NAME_SIZE];
	bool vnet_hdr, any;
	bool tso, uso; /* what the kernel granted */
	uint64_t in, out, write_failed;
};

/* One packet; vnet is all zeros when the interface was opened without. */
struct tun_packet {
	struct virtio_net_hdr vnet;
	struct bytes data;
};

/* Opens, creating it if need be, the interface in the current network namespace, non-blocking. False: errno.
 */
MUST_USE bool tun_open(struct tun *t, const struct tun_config *config);
void tun_close(struct tun *t);

/* Of count queues, in the order of their opening, a packet that the kernel sends goes to that of its
 * destination modulo count: the address of IPv4, the second word of that of IPv6. False: the kernel chooses,
 * by which queue packets of the flow were last written to. */
MUST_USE bool tun_steer(struct tun *t, uint32_t count);

/*
 * Reads up to max packets into buf, one after the other; ends when buf has no room for the longest
 * packet (TUN_PACKET_MAX with offload, else `mtu`). The count; views into buf.
 */
size_t tun_read_burst(
	struct tun *t, void *buf, size_t cap, size_t mtu, struct tun_packet *packets, size_t max);

/* Writes one packet of up to 72 pieces; false (counted) when the kernel does not take it. */
MUST_USE bool tun_write(struct tun *t, const struct virtio_net_hdr *vnet, struct bytes packet);
MUST_USE bool tun_write_pieces(
	struct tun *t, const struct virtio_net_hdr *vnet, const struct bytes *pieces, size_t count);

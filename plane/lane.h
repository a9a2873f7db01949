/* One thread of the UPF's data path: a worker between an N3 socket and a queue of the TUN interface. */
#pragma once

#include <pthread.h>

#include "core/upf/gso.h"
#include "plane/upf.h"

enum {
	LANE_BURST = 256,
	LANE_TUN_READS = 64,
	LANE_FRAME_HEADER_MAX = 22,           /* of Ethernet, with two VLAN tags */
	LANE_TUN_BUFFER = 4 * TUN_PACKET_MAX, /* what one round of TUN reads may hold */
	LANE_STATS = sizeof(struct plane_upf_stats) / sizeof(uint64_t),
};

/* What one thread owns: a worker of the UPF between two sockets. */
struct lane {
	struct lane *const *lanes; /* all of them, by the index of their worker */
	uint8_t lane_count;
	int noted_fd; /* to be rung when the worker has left notes */
	struct log *log;
	struct upf_worker *worker;
	uint8_t index;
	pthread_t thread;
	struct loop *loop;
	struct loop_hook turn;
	struct udp *n3;
	struct tun tun;
	struct loop_watch n3_watch, tun_watch, wake;
	/* Each LAN's TAP is read by one lane, and written by all. */
	uint8_t lan_count;
	struct lane_lan {
		struct lane *lane;
		struct tun tun;
		struct loop_watch watch;
		uint32_t mtu;
	} lans[UPF_LANS_MAX];
	uint32_t mtu;
	bool started, stop; /* stop: set by the control plane's thread */
	bool failed;        /* set when the thread ends of itself */
	uint64_t n6_writes, n6_reads, n6_in, n6_out;
	uint64_t shown[LANE_STATS]; /* struct plane_upf_stats, for the control plane's thread */
	struct udp_packet in[LANE_BURST], out[LANE_BURST];
	struct upf_packet packets[LANE_BURST];
	struct upf_segment segments[LANE_BURST];
	struct upf_segment *segment_of[LANE_BURST];
	size_t gathered;
	struct tun_packet read[LANE_TUN_READS];
	uint8_t buffer[LANE_TUN_BUFFER];
};

/* Opens the sockets of a lane whose index, worker, lanes and so on are set. False: errno. */
bool lane_open(struct lane *d, const struct plane_upf_config *c);
/* errno, 0 when the thread runs. */
int lane_start(struct lane *d);
/* Ends the thread. */
void lane_free(struct lane *d);

/* An eventfd: rings it, and takes back what rang. */
void lane_ring_bell(int fd);
void lane_hear_bell(int fd);

/*
 * The UPF's data path on real sockets: N3 a UDP socket, N6 a queue of a TUN interface, for each worker one of
 * both and a thread. Bursts go from one to the other without the outbox; runs of one flow pass the kernel as
 * one (GRO and GSO, TSO and USO).
 */
#pragma once

#include "core/upf/upf.h"
#include "io/bind.h"

struct plane_upf;

struct plane_upf_config {
	struct addr n3_address; /* port 0: 2152 */
	const char *tun;        /* name of the interface; made, and gone with the process */
	uint32_t mtu;
	uint8_t lan_count;
	const char *lans[UPF_LANS_MAX]; /* TAP interfaces, as the UPF's configuration has LANs */
	uint32_t lan_mtu[UPF_LANS_MAX];
	uint8_t workers; /* as in the UPF's configuration; 0: one */
	bool plain;      /* no offload: for comparison */
};

struct plane_upf_stats {                       /* the figures of plane_upf_group, in their order */
	uint64_t n3_in, n3_out, n6_in, n6_out; /* packets */
	uint64_t n6_writes, n6_reads;          /* calls, each perhaps of many packets */
	uint64_t n3_failed, n6_failed;         /* refused by the kernel */
};

/* Opens the sockets. The threads start in the first turn of the control plane's loop, when the process has
 * been confined: it must be allowed to start threads. NULL: errno. */
struct plane_upf *plane_upf_new(const struct plane_upf_config *config, struct upf *upf, struct loop *loop,
	struct bind *bind, struct log *log);
/* Ends the threads. */
void plane_upf_free(struct plane_upf *p);

/* What the kernel granted, for the log: "GRO GSO TSO USO". */
const char *plane_upf_offload(const struct plane_upf *p, char buf[32]);
/* The sums over all workers, as of the end of their last turn. */
struct plane_upf_stats plane_upf_stats(const struct plane_upf *p);

extern const struct stat_group plane_upf_group;
/* Valid until the next call. */
void plane_upf_figures(struct plane_upf *p, struct stats_list *l);

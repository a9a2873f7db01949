/*
 * The UPF's data path on real sockets: N3 a UDP socket, N6 a TUN interface. Bursts go from one to the other
 * without the outbox; runs of one flow pass the kernel as one (GRO and GSO, TSO and USO).
 */
#pragma once

#include "core/upf/upf.h"
#include "io/bind.h"

struct upf_data;

struct upf_data_config {
	struct addr n3_address; /* port 0: 2152 */
	const char *tun;        /* name of the interface; made, and gone with the process */
	uint32_t mtu;
	bool plain; /* no offload: for comparison */
};

struct upf_data_stats {
	uint64_t n3_in, n3_out, n6_in, n6_out; /* packets */
	uint64_t n6_writes, n6_reads;          /* calls, each perhaps of many packets */
	uint64_t n3_failed, n6_failed;         /* refused by the kernel */
};

/* Opens both and binds them: from now on the loop feeds upf. False in errno: NULL. */
struct upf_data *upf_data_new(
	const struct upf_data_config *config, struct upf *upf, struct loop *loop, struct bind *bind);
void upf_data_free(struct upf_data *d);

/* What the kernel granted, for the log: "GRO GSO TSO USO". */
const char *upf_data_offload(const struct upf_data *d, char buf[32]);
struct upf_data_stats upf_data_stats(const struct upf_data *d);

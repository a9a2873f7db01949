/* The demo's trace: packets of N2, N4 and N3 and plain NAS messages into trace.pcapng, and the ladder beside
 * it. */
#pragma once

#include <stdio.h>

#include "demo/demo_network.h"
#include "io/pcapng.h"

enum { DEMO_N3_PACKETS_MAX = 3000, DEMO_TRACE_FDS = 3 };

/* A line of the ladder: what went from column to column. */
struct demo_step {
	uint64_t at_ns; /* UTC */
	size_t number;  /* as it was read */
	uint8_t from, to;
	char text[96];
};

struct demo_trace {
	struct pcapng file;
	FILE *ladder;
	struct demo_step *steps; /* in the order of reading: captures are read in turn */
	size_t step_count, step_cap;
	bool out_of_memory;
	int fds[DEMO_TRACE_FDS]; /* core's link, UPF's link, NAS tap; -1: closed */
	int interfaces[DEMO_TRACE_FDS];
	uint64_t at_ns;
	uint32_t n3_packets;
	uint32_t ngap, pfcp, nas; /* messages seen */
};

/* Opens the captures in the hosts' namespaces. tap: path of the NAS tap's socket. False with a message. */
bool demo_trace_open(struct demo_trace *t, const struct demo_network *n, const char *dir, const char *tap);

/* Takes what waits on descriptor i. */
void demo_trace_read(struct demo_trace *t, size_t i);
bool demo_trace_close(struct demo_trace *t);

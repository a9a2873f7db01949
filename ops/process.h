/* What every process of the network has: a loop, an env, a log on stderr, an outbox and a binding. */
#pragma once

#include "io/bind.h"
#include "io/env.h"
#include "io/sandbox.h"

enum { PROCESS_OUTBOX_MAX = 64 << 20 };

struct process {
	struct loop *loop;
	struct io_env env;
	struct io_log log;
	struct outbox outbox;
	struct bind *bind;
};

/* False with a message on stderr. */
bool process_begin(struct process *p, enum log_level level);
void process_end(struct process *p);

/* Gives up what `may` does not name (law 7), then runs until SIGINT or SIGTERM. */
bool process_run(struct process *p, const char *name, const struct sandbox *may);

/* SCTP as configured (enum network_transport); NULL with a message on stderr. udp_peer_port 0: the
 * standard's. */
struct io_sctp *process_sctp(struct process *p, uint8_t transport, uint16_t udp_port, uint16_t udp_peer_port);

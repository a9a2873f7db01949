/* What every process of the network has: a loop, an env, a log on stderr, an outbox and a binding. */
#pragma once

#include "io/bind.h"
#include "io/env.h"
#include "io/record.h"
#include "io/sandbox.h"
#include "ops/message_log.h"

enum { PROCESS_OUTBOX_MAX = 64 << 20, PROCESS_CONFIG_MAX = 1 << 20 };

struct process {
	struct loop *loop;
	struct io_env env;
	struct io_log log;
	struct outbox outbox;
	struct bind *bind;
	struct recorder recorder;
	struct message_log messages;
};

/* False with a message on stderr. */
bool process_begin(struct process *p, enum log_level level);
void process_end(struct process *p);

/* At level debug, each message of these ports is a line of the log. */
bool process_show_messages(struct process *p, const struct port_text *ports);

/*
 * Records from now on into a new file at path (NULL: not at all), right before the room is made; head without
 * its configuration, which is read from file. process_made follows once the room is. False with a message on
 * stderr.
 */
bool process_record(struct process *p, const char *path, struct record_head *head, const char *file);
void process_made(struct process *p);

/* Gives up what `may` does not name (law 7), then runs until SIGINT or SIGTERM. */
bool process_run(struct process *p, const char *name, const struct sandbox *may);

/* SCTP as configured (enum network_transport); NULL with a message on stderr. udp_peer_port 0: the
 * standard's. */
struct io_sctp *process_sctp(struct process *p, uint8_t transport, uint16_t udp_port, uint16_t udp_peer_port);

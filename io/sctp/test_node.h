/* One SCTP end in a test: records what it hears; and forked echo servers. */
#pragma once

#include <sys/types.h>

#include "base/room.h"
#include "io/sctp/sctp.h"

enum { NODE_ECHO_STREAMS = 8 };

struct node {
	struct loop *loop;
	struct io_sctp *sctp;
	struct io_sctp_user user;
	uint64_t assoc; /* the last that came up */
	struct io_sctp_up up;
	unsigned ups, downs, messages, disorder, moves;
	enum io_sctp_down why;
	uint32_t next[NODE_ECHO_STREAMS]; /* expected number of each stream */
	uint32_t ppid;
	size_t last_len;
	struct addr moved_to;
	bool echo;
};

bool node_open(struct node *n, const struct io_sctp_config *config);
void node_close(struct node *n);

/* Turns until *counter reaches value; false after timeout_ms. */
bool node_wait(struct node *n, const unsigned *counter, unsigned value, unsigned timeout_ms);

void node_run(struct node *n, unsigned ms);

struct addr node_addr(const char *text, uint16_t port);

/* Before SCTP is opened, which does not survive a fork: children come from there. */
bool node_zygote_start(void);

/* A child at work; -1 when it could not start. */
pid_t node_fork(const struct io_sctp_config *config, const struct addr *local, const struct addr *peer);

/* Returns when it is gone. */
void node_kill(pid_t pid);

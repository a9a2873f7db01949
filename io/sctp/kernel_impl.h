/* Inside the SCTP by the kernel: its associations (kernel_assoc.c), and what makes them (kernel.c). */
#pragma once

#include "io/sctp/kernel_sock.h"
#include "io/sctp/queue.h"

enum {
	SCTP_KERNEL_BACKLOG = 64,
	SCTP_KERNEL_TURN_MAX = 256, /* messages of one association a turn */
	SCTP_KERNEL_LISTENERS = 8,
	SCTP_KERNEL_DRAIN_NS = 100000000,
};

struct kernel_sctp;

struct kernel_listener {
	struct kernel_sctp *stack;
	struct loop_watch watch;
	struct io_sctp_user user;
};

struct kernel_assoc {
	struct kernel_sctp *stack;
	uint64_t handle;
	struct loop_watch watch;
	struct io_sctp_user user;
	struct addr peer;
	uint16_t out_streams;
	struct sctp_queue queue;
	bool up;
	bool abort_wanted;
	uint8_t *partial;
	size_t partial_len;
};

struct kernel_sctp {
	struct io_sctp base;
	struct loop_hook hook;
	struct kernel_listener *listeners[SCTP_KERNEL_LISTENERS];
	size_t listener_count;
	struct kernel_assoc **assocs;
	uint32_t assocs_high;
	uint64_t serial;
	uint64_t drain_at_ns;  /* queues are looked at again */
	uint64_t listen_at_ns; /* listeners pause until then; 0: they do not */
	bool pending;
	uint8_t buf[65536];
};

/* NULL when the table is full (counted), with errno. */
MUST_USE struct kernel_assoc *sctp_kernel_assoc_new(struct kernel_sctp *k, int fd,
	const struct io_sctp_user *user, const struct addr *peer, void (*ready)(void *, uint32_t),
	uint32_t events);
/* The association is up: its user is informed. */
void sctp_kernel_come_up(struct kernel_assoc *a);
/* Its socket can be read or written. */
void sctp_kernel_ready(void *arg, uint32_t events);

struct kernel_assoc *sctp_kernel_find(struct kernel_sctp *k, uint64_t handle);
/* Closes with an ABORT if anything is left to abort. */
void sctp_kernel_assoc_end(struct kernel_assoc *a, enum io_sctp_down why, bool tell);
sctp_try_fn sctp_kernel_try;
/* While something waits, the socket is to report that there is room. */
void sctp_kernel_watch(struct kernel_assoc *a);
void sctp_kernel_drain(struct kernel_assoc *a);

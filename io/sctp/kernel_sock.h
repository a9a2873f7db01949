/*
 * One socket of the kernel's SCTP: options and messages (RFC 6458, linux/sctp.h; no libsctp). Apart
 * from the associations of io/sctp/kernel.c, because its header clashes with libusrsctp's.
 */
#pragma once

#include "io/sctp/sctp.h"

enum sctp_kernel_event {
	SCTP_KERNEL_NONE,    /* a notification of no interest, or nothing to read */
	SCTP_KERNEL_DATA,    /* a message, or a piece of one */
	SCTP_KERNEL_RESTART, /* the peer restarted */
	SCTP_KERNEL_FAILED,  /* never came up */
	SCTP_KERNEL_LOST,    /* ABORT or too many retransmissions: the socket's error shows which */
	SCTP_KERNEL_CLOSED,
};

struct sctp_kernel_message {
	enum sctp_kernel_event event;
	uint16_t stream;
	uint32_t ppid;
	uint32_t waited_us; /* DATA: in the kernel */
	bool last;          /* DATA: the message ends here */
	struct bytes data;
	uint16_t out_streams, in_streams; /* RESTART */
};

/* A non-blocking one-to-one socket with all options; -1 with errno. */
int sctp_kernel_socket(uint8_t ip_len, const struct io_sctp_config *config);

/* The options again, for an accepted socket. */
MUST_USE bool sctp_kernel_options(int fd, const struct io_sctp_config *config);

/* Binds all addresses, with the port of the first. */
MUST_USE bool sctp_kernel_bind(int fd, const struct addr *local, size_t count);

MUST_USE bool sctp_kernel_send(int fd, uint16_t stream, uint32_t ppid, struct bytes data);

/* Reads one message or notification into buf; false when there is none now (EAGAIN) or the socket failed
 * (errno). */
MUST_USE bool sctp_kernel_recv(int fd, void *buf, size_t cap, struct sctp_kernel_message *out);

/* What a notification reports. */
void sctp_kernel_notification(struct bytes notification, struct sctp_kernel_message *out);

MUST_USE bool sctp_kernel_streams(int fd, uint16_t *out_streams, uint16_t *in_streams);

/* What the socket died of, once; 0 when nothing. */
int sctp_kernel_error(int fd);

/* Aborts the association and closes. */
void sctp_kernel_abort_fd(int fd);

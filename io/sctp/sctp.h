/*
 * SCTP (RFC 9260) for rooms: the kernel's where there is one (a kernel SCTP would abort the
 * associations of any other), otherwise libusrsctp in user space over raw IP sockets or UDP
 * encapsulation (RFC 6951). Which one is chosen when it is opened; its users see no difference.
 * Names begin with io_ because libusrsctp exports plain sctp_ names, which ours would replace.
 *
 * Callbacks run inside the loop's callbacks; they may call any io_sctp_ function.
 */
#pragma once

#include "base/addr.h"
#include "base/log.h"
#include "io/loop.h"

enum io_sctp_mode { IO_SCTP_AUTO, IO_SCTP_KERNEL, IO_SCTP_RAW, IO_SCTP_UDP };

enum {
	IO_SCTP_PPID_NGAP = 60, /* TS 38.412 clause 7 */
	IO_SCTP_PPID_XNAP = 61,
	IO_SCTP_PPID_F1AP = 62,
	IO_SCTP_PPID_E1AP = 64,
	IO_SCTP_PORT_NGAP = 38412,
	IO_SCTP_PORT_XNAP = 38422,
	IO_SCTP_UDP_PORT = 9899, /* RFC 6951 clause 4.1 */
	IO_SCTP_ADDRS_MAX = 8,   /* addresses of one end */
	IO_SCTP_MSG_MAX = 262144,
};

/* A field of 0 takes the value in brackets. */
struct io_sctp_config {
	enum io_sctp_mode mode;
	uint16_t udp_port;                /* own encapsulation port [9899 to listen, any to connect] */
	uint16_t udp_peer_port;           /* where io_sctp_connect sends encapsulated packets [9899] */
	uint16_t out_streams, in_streams; /* offered and accepted at most [16, 64] */
	uint16_t assoc_retrans_max, init_retrans_max;    /* [5, 5] */
	uint32_t rto_initial_ms, rto_min_ms, rto_max_ms; /* [1000, 200, 10000] */
	uint32_t heartbeat_ms;                           /* [5000] */
	uint32_t mtu;                                    /* of the path, with IP header [1500] */
	uint32_t send_buffer, recv_buffer;               /* octets an association may hold [262144, 262144] */
	uint32_t assocs_max;                             /* [2048] */
	uint32_t half_open_max; /* handshakes remembered; the oldest makes room [256] */
	uint32_t queue_max,
		queues_max; /* octets that wait for the peer, of an association, of all [16 MiB, 128 MiB] */
	uint32_t queue_ms;  /* of them none sent for so long: the association is aborted [10000] */
};

enum io_sctp_down {
	IO_SCTP_DOWN_CLOSED,  /* shut down by either end */
	IO_SCTP_DOWN_ABORTED, /* ABORT by the peer, or by us */
	IO_SCTP_DOWN_LOST,    /* too many retransmissions */
	IO_SCTP_DOWN_FAILED,  /* never came up */
	IO_SCTP_DOWN_RESTART, /* the peer restarted: `up` with a new handle follows */
};

struct io_sctp_up {
	struct addr peer;
	uint16_t out_streams, in_streams; /* as negotiated */
};

/* Who hears of an association. addr_change may be NULL. */
struct io_sctp_user {
	void (*up)(void *arg, uint64_t assoc, const struct io_sctp_up *up);
	void (*down)(void *arg, uint64_t assoc, enum io_sctp_down why);
	void (*data)(void *arg, uint64_t assoc, uint16_t stream, uint32_t ppid, struct bytes data);
	void (*addr_change)(void *arg, uint64_t assoc, const struct addr *now_used);
	void *arg;
};

struct io_sctp_stats { /* the figures of io_sctp_group, in their order */
	uint64_t packets_in, packets_out, messages_in, messages_out;
	uint64_t bad_packets, bad_checksums; /* dropped */
	uint64_t out_of_the_blue;            /* answered as RFC 9260 clause 8.4 demands */
	uint64_t half_open_recycled;         /* INITs forgotten for newer ones */
	uint64_t assocs_refused;             /* over assocs_max */
	uint64_t sends_refused;              /* full buffer, too long, no such stream or association */
	uint64_t output_dropped;             /* packets the kernel did not take; SCTP sends them again */
	uint64_t restarts;
	uint64_t assocs; /* up now */
	uint64_t peers;  /* known to the packet layer now, half-open ones too */
};

struct io_sctp;

/* One a process for the user-space modes. log may be NULL. NULL with errno when the mode cannot work here. */
MUST_USE struct io_sctp *io_sctp_open(struct loop *l, const struct io_sctp_config *config, struct log *log);
/* Aborts what is still up (without callbacks) and frees all. */
void io_sctp_free(struct io_sctp *s);
/* The mode in use; never IO_SCTP_AUTO. */
enum io_sctp_mode io_sctp_mode(const struct io_sctp *s);
const char *io_sctp_mode_name(enum io_sctp_mode mode);

/* Listens on `count` addresses, all with the port of the first. False with errno. */
MUST_USE bool io_sctp_listen(
	struct io_sctp *s, const struct addr *local, size_t count, const struct io_sctp_user *user);

/* Has ready what `count` associations from a local address need, one after the other or at once: a confined
 * process then connects without opening sockets, but for those of the kernel's SCTP. False with errno. */
MUST_USE bool io_sctp_reserve(struct io_sctp *s, const struct addr *local, uint16_t count);

/*
 * Opens an association; its handle, or 0 when that fails at once (errno). local may be NULL, and its
 * port 0 for a free one. `up` or `down` follows later, never from inside this call.
 */
uint64_t io_sctp_connect(struct io_sctp *s, const struct addr *local, const struct addr *peer,
	const struct io_sctp_user *user);

/* Sends one ordered message, now or when the peer has acknowledged what is before it. False (counted) when it
 * is refused; nothing of it is sent then. */
MUST_USE bool io_sctp_send(
	struct io_sctp *s, uint64_t assoc, uint16_t stream, uint32_t ppid, struct bytes data);

/* Graceful: what is queued is sent first; `down` follows. */
void io_sctp_shutdown(struct io_sctp *s, uint64_t assoc);
/* At once; `down` (ABORTED) follows at the latest at the turn's end. */
void io_sctp_abort(struct io_sctp *s, uint64_t assoc);

/* In the data callback: how long that message waited in the kernel for this process. */
uint32_t io_sctp_waited_us(const struct io_sctp *s);

struct io_sctp_stats io_sctp_stats(const struct io_sctp *s);

extern const struct stat_group io_sctp_group;
void io_sctp_figures(const struct io_sctp *s, struct stats_list *l);

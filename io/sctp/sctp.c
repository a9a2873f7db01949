#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/stats.h"
#include "io/sctp/impl.h"

#define LOG_ROOM "sctp"

#define SCTP_DEFAULT(field, value)                                                                           \
	do {                                                                                                 \
		if (c->field == 0)                                                                           \
			c->field = (value);                                                                  \
	} while (0)

static void sctp_config_fill(struct io_sctp_config *c)
{
	SCTP_DEFAULT(udp_peer_port, IO_SCTP_UDP_PORT);
	SCTP_DEFAULT(out_streams, 16);
	SCTP_DEFAULT(in_streams, 64);
	SCTP_DEFAULT(assoc_retrans_max, 5);
	SCTP_DEFAULT(init_retrans_max, 5);
	SCTP_DEFAULT(rto_initial_ms, 1000);
	SCTP_DEFAULT(rto_min_ms, 200);
	SCTP_DEFAULT(rto_max_ms, 10000);
	SCTP_DEFAULT(heartbeat_ms, 5000);
	SCTP_DEFAULT(mtu, 1500);
	SCTP_DEFAULT(send_buffer, IO_SCTP_MSG_MAX);
	SCTP_DEFAULT(recv_buffer, IO_SCTP_MSG_MAX);
	SCTP_DEFAULT(assocs_max, 2048);
	SCTP_DEFAULT(half_open_max, 256);
	SCTP_DEFAULT(queue_max, 16 << 20);
	SCTP_DEFAULT(queues_max, 128 << 20);
	SCTP_DEFAULT(queue_ms, 10000);
	if (c->assocs_max > 1u << (SCTP_SLOT_BITS - 1))
		c->assocs_max = 1u << (SCTP_SLOT_BITS - 1);
}

static bool sctp_raw_present(void)
{
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_SCTP);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

const char *io_sctp_mode_name(enum io_sctp_mode mode)
{
	static const char *const names[] = { "auto", "kernel", "raw", "udp" };
	_Static_assert(ARRAY_LEN(names) == IO_SCTP_UDP + 1, "a name for each");

	return (size_t)mode < ARRAY_LEN(names) ? names[mode] : "unknown";
}

static void sctp_no_sink(void *arg, enum log_level level, const char *room, const char *line)
{
}

static uint64_t sctp_no_clock(void *arg)
{
	return 0;
}

/* Where lines go when the opener has no log. */
static struct log *sctp_no_log(void)
{
	static struct log log;

	log_init(&log, LOG_ERROR, sctp_no_sink, sctp_no_clock, NULL);
	return &log;
}

struct io_sctp *io_sctp_open(struct loop *l, const struct io_sctp_config *config, struct log *log)
{
	struct io_sctp_config c = *config;
	struct io_sctp *s;

	log = log ? log : sctp_no_log();
	sctp_config_fill(&c);
	if (c.mode == IO_SCTP_AUTO)
		c.mode = sctp_kernel_usable(&c) ? IO_SCTP_KERNEL
			 : sctp_raw_present()   ? IO_SCTP_RAW
						: IO_SCTP_UDP;
	/* A kernel with SCTP answers what our own would answer with ABORTs. */
	if (c.mode == IO_SCTP_RAW && sctp_kernel_present()) {
		errno = EADDRINUSE;
		return NULL;
	}
	s = c.mode == IO_SCTP_KERNEL ? sctp_kernel_open(l, &c, log) : sctp_user_open(l, &c, log);
	if (s)
		log_debug(log, "SCTP by %s", io_sctp_mode_name(c.mode));
	return s;
}

void io_sctp_free(struct io_sctp *s)
{
	if (s)
		s->ops->free(s);
}

enum io_sctp_mode io_sctp_mode(const struct io_sctp *s)
{
	return s->mode;
}

bool io_sctp_listen(
	struct io_sctp *s, const struct addr *local, size_t count, const struct io_sctp_user *user)
{
	if (count == 0 || count > IO_SCTP_ADDRS_MAX || local[0].port == 0) {
		errno = EINVAL;
		return false;
	}
	return s->ops->listen(s, local, count, user);
}

bool io_sctp_reserve(struct io_sctp *s, const struct addr *local, uint16_t count)
{
	return !s->ops->reserve || s->ops->reserve(s, local, count);
}

uint64_t io_sctp_connect(
	struct io_sctp *s, const struct addr *local, const struct addr *peer, const struct io_sctp_user *user)
{
	if (peer->len == 0 || peer->port == 0 || (local && local->len && local->len != peer->len)) {
		errno = EINVAL;
		return 0;
	}
	return s->ops->connect(s, local && local->len ? local : NULL, peer, user);
}

bool io_sctp_send(struct io_sctp *s, uint64_t assoc, uint16_t stream, uint32_t ppid, struct bytes data)
{
	if (data.len > 0 && data.len <= IO_SCTP_MSG_MAX && s->ops->send(s, assoc, stream, ppid, data)) {
		s->stats.messages_out++;
		return true;
	}
	s->stats.sends_refused++;
	return false;
}

void io_sctp_shutdown(struct io_sctp *s, uint64_t assoc)
{
	s->ops->shutdown(s, assoc);
}

void io_sctp_abort(struct io_sctp *s, uint64_t assoc)
{
	s->ops->abort(s, assoc);
}

uint32_t io_sctp_waited_us(const struct io_sctp *s)
{
	return s->waited_us;
}

struct io_sctp_stats io_sctp_stats(const struct io_sctp *s)
{
	return s->stats;
}

static const struct stat_def stat_defs[] = {
	{ "packets_in", "packets received (SCTP in user space)" },
	{ "packets_out", "packets sent (SCTP in user space)" },
	{ "messages_in", "messages received" },
	{ "messages_out", "messages sent" },
	{ "bad_packets", "packets that are not well-formed, dropped" },
	{ "bad_checksums", "packets with a wrong checksum, dropped" },
	{ "out_of_the_blue", "packets of no association, answered as RFC 9260 8.4 has it" },
	{ "half_open_recycled", "INITs forgotten for newer ones" },
	{ "associations_refused", "associations refused for want of room" },
	{ "sends_refused", "messages without room, stream or association" },
	{ "output_dropped", "packets that the kernel did not take; they are sent again" },
	{ "restarts", "associations begun again by the peer" },
	{ "associations", "associations that are up", NULL, STAT_GAUGE },
	{ "peers", "peers that the packet layer knows, half-open ones too", NULL, STAT_GAUGE },
};
const struct stat_group io_sctp_group = { "sctp", stat_defs, ARRAY_LEN(stat_defs) };
_Static_assert(sizeof(struct io_sctp_stats) == sizeof(uint64_t) * ARRAY_LEN(stat_defs), "a row for each");

void io_sctp_figures(const struct io_sctp *s, struct stats_list *l)
{
	stats_add(l, (struct stats){
			     .group = &io_sctp_group, .values = (const uint64_t *)(const void *)&s->stats });
}

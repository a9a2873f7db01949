#include "io/sctp/kernel_sock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/sctp.h>
#include <netinet/in.h>
#include <unistd.h>

#include "io/arrival.h"
#include "io/sctp/impl.h"
#include "io/sockaddr.h"

bool sctp_kernel_present(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_SCTP);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

bool sctp_kernel_usable(const struct io_sctp_config *config)
{
	int fd = sctp_kernel_socket(4, config);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static bool sctp_kernel_set(int fd, int option, const void *value, socklen_t len)
{
	return setsockopt(fd, IPPROTO_SCTP, option, value, len) == 0;
}

/*
 * Association changes by SCTP_EVENT, or by the older SCTP_EVENTS of kernels before 5.0. Such a kernel takes
 * no more octets than its structure has, which has grown since: what comes after the event that counts is
 * left out.
 */
static bool sctp_kernel_subscribe(int fd)
{
	struct sctp_event change = {
		.se_assoc_id = SCTP_FUTURE_ASSOC, .se_type = SCTP_ASSOC_CHANGE, .se_on = 1
	};
	struct sctp_event_subscribe old = { .sctp_association_event = 1 };

	return sctp_kernel_set(fd, SCTP_EVENT, &change, sizeof(change)) ||
	       sctp_kernel_set(
		       fd, SCTP_EVENTS, &old, offsetof(struct sctp_event_subscribe, sctp_address_event));
}

/* Kernels before 4.20 know neither flow label nor DSCP, and refuse what is longer than theirs. */
static void sctp_kernel_set_path(int fd, const struct sctp_paddrparams *path)
{
	size_t old = (offsetof(struct sctp_paddrparams, spp_ipv6_flowlabel) + 3) & ~(size_t)3;

	if (!sctp_kernel_set(fd, SCTP_PEER_ADDR_PARAMS, path, sizeof(*path)))
		sctp_kernel_set(fd, SCTP_PEER_ADDR_PARAMS, path, (socklen_t)old);
}

bool sctp_kernel_options(int fd, const struct io_sctp_config *c)
{
	int on = 1, send_buffer = (int)c->send_buffer, recv_buffer = (int)c->recv_buffer;
	struct sctp_initmsg init = { c->out_streams, c->in_streams, c->init_retrans_max,
		(uint16_t)c->rto_max_ms };
	struct sctp_sack_info sack = { .sack_delay = 0, .sack_freq = 1 };
	struct sctp_rtoinfo rto = { 0, c->rto_initial_ms, c->rto_max_ms, c->rto_min_ms };
	struct sctp_assocparams assoc = { .sasoc_asocmaxrxt = c->assoc_retrans_max };
	struct sctp_paddrparams path = { .spp_hbinterval = c->heartbeat_ms,
		.spp_pathmaxrxt = c->assoc_retrans_max,
		.spp_flags = SPP_HB_ENABLE };

	/* Best effort: their defaults serve too. */
	sctp_kernel_set(fd, SCTP_RTOINFO, &rto, sizeof(rto));
	sctp_kernel_set(fd, SCTP_ASSOCINFO, &assoc, sizeof(assoc));
	sctp_kernel_set_path(fd, &path);
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof(send_buffer));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &recv_buffer, sizeof(recv_buffer));
	arrival_ask(fd);
	return sctp_kernel_set(fd, SCTP_INITMSG, &init, sizeof(init)) &&
	       sctp_kernel_set(fd, SCTP_NODELAY, &on, sizeof(on)) &&
	       sctp_kernel_set(fd, SCTP_DELAYED_SACK, &sack, sizeof(sack)) &&
	       sctp_kernel_set(fd, SCTP_RECVRCVINFO, &on, sizeof(on)) && sctp_kernel_subscribe(fd);
}

int sctp_kernel_socket(uint8_t ip_len, const struct io_sctp_config *config)
{
	int fd = socket(
		ip_len == 16 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_SCTP);
	int on = 1;

	if (fd < 0)
		return fd;
	/* Associations of a process that died may live on in the kernel until their peers answer: the port is
	 * not theirs alone. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	/* Or :: would take 0.0.0.0 of the port too, which may be another listener's. */
	if (ip_len == 16)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	if (sctp_kernel_options(fd, config))
		return fd;
	close(fd);
	errno = EPROTONOSUPPORT;
	return -1;
}

bool sctp_kernel_bind(int fd, const struct addr *local, size_t count)
{
	union sockaddr_any sa;
	socklen_t len = sockaddr_from(&local[0], &sa);

	if (bind(fd, &sa.sa, len) != 0)
		return false;
	for (size_t i = 1; i < count; i++) {
		struct addr a = local[i];

		a.port = local[0].port;
		len = sockaddr_from(&a, &sa);
		if (!sctp_kernel_set(fd, SCTP_SOCKOPT_BINDX_ADD, &sa, len))
			return false;
	}
	return true;
}

bool sctp_kernel_send(int fd, uint16_t stream, uint32_t ppid, struct bytes data)
{
	union {
		struct cmsghdr header;
		uint8_t buf[CMSG_SPACE(sizeof(struct sctp_sndinfo))];
	} control = { 0 };
	struct iovec iov = { (void *)data.data, data.len };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)
	};
	struct sctp_sndinfo info = { .snd_sid = stream, .snd_ppid = htonl(ppid) };

	control.header = (struct cmsghdr){ CMSG_LEN(sizeof(info)), IPPROTO_SCTP, SCTP_SNDINFO };
	memcpy(CMSG_DATA(&control.header), &info, sizeof(info));
	return sendmsg(fd, &m, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)data.len;
}

void sctp_kernel_notification(struct bytes notification, struct sctp_kernel_message *out)
{
	struct sctp_assoc_change c;

	if (notification.len < sizeof(c))
		return;
	memcpy(&c, notification.data, sizeof(c));
	if (c.sac_type != SCTP_ASSOC_CHANGE)
		return;
	out->out_streams = c.sac_outbound_streams;
	out->in_streams = c.sac_inbound_streams;
	switch (c.sac_state) {
	case SCTP_RESTART:
		out->event = SCTP_KERNEL_RESTART;
		break;
	case SCTP_COMM_LOST:
		out->event = SCTP_KERNEL_LOST;
		break;
	case SCTP_SHUTDOWN_COMP:
		out->event = SCTP_KERNEL_CLOSED;
		break;
	case SCTP_CANT_STR_ASSOC:
		out->event = SCTP_KERNEL_FAILED;
		break;
	default: /* COMM_UP: the socket being connected or accepted shows it */
		break;
	}
}

bool sctp_kernel_recv(int fd, void *buf, size_t cap, struct sctp_kernel_message *out)
{
	union {
		struct cmsghdr header;
		uint8_t buf[CMSG_SPACE(sizeof(struct sctp_rcvinfo)) +
			    CMSG_SPACE(sizeof(struct sctp_sndrcvinfo)) + ARRIVAL_CONTROL];
	} control;
	struct iovec iov = { buf, cap };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)
	};
	ssize_t n = recvmsg(fd, &m, MSG_DONTWAIT);

	*out = (struct sctp_kernel_message){ .event = SCTP_KERNEL_NONE };
	if (n < 0)
		return false;
	if (n == 0) { /* the end of an orderly shutdown */
		out->event = SCTP_KERNEL_CLOSED;
		return true;
	}
	if (m.msg_flags & MSG_NOTIFICATION) {
		sctp_kernel_notification(bytes_of(buf, (size_t)n), out);
		return true;
	}
	out->event = SCTP_KERNEL_DATA;
	out->data = bytes_of(buf, (size_t)n);
	out->last = (m.msg_flags & MSG_EOR) != 0;
	out->waited_us = arrival_waited_us(&m);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		struct sctp_rcvinfo info;

		if (c->cmsg_level != IPPROTO_SCTP || c->cmsg_type != SCTP_RCVINFO)
			continue;
		memcpy(&info, CMSG_DATA(c), sizeof(info));
		out->stream = info.rcv_sid;
		out->ppid = ntohl(info.rcv_ppid);
	}
	return true;
}

bool sctp_kernel_streams(int fd, uint16_t *out_streams, uint16_t *in_streams)
{
	struct sctp_status status = { 0 };
	socklen_t len = sizeof(status);

	if (getsockopt(fd, IPPROTO_SCTP, SCTP_STATUS, &status, &len) != 0)
		return false;
	*out_streams = status.sstat_outstrms;
	*in_streams = status.sstat_instrms;
	return true;
}

int sctp_kernel_error(int fd)
{
	int error = 0;
	socklen_t len = sizeof(error);

	return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 ? error : errno;
}

void sctp_kernel_abort_fd(int fd)
{
	struct linger abort_it = { .l_onoff = 1 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort_it, sizeof(abort_it));
	close(fd);
}

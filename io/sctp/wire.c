#include "io/sctp/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "io/arrival.h"
#include "io/sctp/packet.h"
#include "io/sctp/port.h"
#include "io/sockaddr.h"

enum {
	SCTP_WIRE_SLOT = 65536,         /* octets a received packet may have */
	SCTP_WIRE_SOCKET_BUF = 4 << 20, /* in the kernel, either way */
	SCTP_WIRE_EPHEMERAL = 49152,    /* RFC 6335 clause 6 */
	SCTP_WIRE_EPHEMERAL_TRIES = 64,
};

bool sctp_wire_init(
	struct sctp_wire *w, struct loop *l, const struct io_sctp_config *config, struct io_sctp_stats *stats)
{
	*w = (struct sctp_wire){
		.mode = config->mode, .udp_port = config->udp_port, .loop = l, .stats = stats
	};
	w->packet_max = config->mtu + 512; /* the stack rounds up where it bundles */
	w->in_buf = malloc((size_t)SCTP_WIRE_BATCH * SCTP_WIRE_SLOT);
	w->out_buf = malloc(SCTP_WIRE_BATCH * w->packet_max);
	if (w->in_buf && w->out_buf)
		return true;
	sctp_wire_fini(w);
	errno = ENOMEM;
	return false;
}

void sctp_wire_fini(struct sctp_wire *w)
{
	for (uint16_t i = 0; i < w->socket_count; i++) {
		struct sctp_wire_socket *s = &w->sockets[i];

		loop_unwatch(w->loop, &s->watch);
		close(s->watch.fd);
		for (uint32_t p = 0; p < s->port_count; p++)
			if (s->ports[p].claim_fd >= 0)
				close(s->ports[p].claim_fd);
		free(s->ports);
	}
	free(w->in_buf);
	free(w->out_buf);
	w->in_buf = w->out_buf = NULL;
	w->socket_count = 0;
}

/* Takes the IP header off what a raw IPv4 socket gave; empty when it is cut short. */
static struct bytes sctp_wire_strip_ip(struct bytes packet)
{
	size_t header = packet.len > 0 ? (packet.data[0] & 15u) * 4 : 0;

	if (header < 20 || header > packet.len)
		return BYTES_NONE;
	return bytes_of(packet.data + header, packet.len - header);
}

union sctp_wire_control {
	struct cmsghdr header;
	uint8_t buf[ARRIVAL_CONTROL + CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

/* The address that a packet was sent to, for sockets bound to any. */
static struct addr sctp_wire_local(struct msghdr *m)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			struct in_pktinfo info;

			memcpy(&info, CMSG_DATA(c), sizeof(info));
			return addr_from_bytes(BYTES(&info.ipi_addr.s_addr), 0);
		}
		if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			struct in6_pktinfo info;

			memcpy(&info, CMSG_DATA(c), sizeof(info));
			return addr_from_bytes(BYTES(info.ipi6_addr.s6_addr), 0);
		}
	}
	return (struct addr){ 0 };
}

static int sctp_wire_read(struct sctp_wire_socket *s)
{
	struct sctp_wire *w = s->wire;
	struct mmsghdr msgs[SCTP_WIRE_BATCH];
	struct iovec iov[SCTP_WIRE_BATCH];
	union sockaddr_any from[SCTP_WIRE_BATCH];
	union sctp_wire_control control[SCTP_WIRE_BATCH];
	int n;

	for (int i = 0; i < SCTP_WIRE_BATCH; i++) {
		iov[i] = (struct iovec){ w->in_buf + (size_t)i * SCTP_WIRE_SLOT, SCTP_WIRE_SLOT };
		msgs[i].msg_hdr = (struct msghdr){ .msg_name = &from[i],
			.msg_namelen = sizeof(from[i]),
			.msg_iov = &iov[i],
			.msg_iovlen = 1,
			.msg_control = &control[i],
			.msg_controllen = sizeof(control[i]) };
	}
	n = recvmmsg(s->watch.fd, msgs, SCTP_WIRE_BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < n; i++) {
		struct bytes packet = bytes_of(iov[i].iov_base, msgs[i].msg_len);
		struct sctp_wire_route route = { .socket = (uint16_t)(s - w->sockets),
			.peer = sockaddr_to(&from[i]) };

		if (s->any)
			route.local = sctp_wire_local(&msgs[i].msg_hdr);
		if (w->mode == IO_SCTP_RAW) {
			route.peer.port = 0;
			if (s->local.len == 4)
				packet = sctp_wire_strip_ip(packet);
		}
		w->stats->packets_in++;
		w->waited_us = arrival_waited_us(&msgs[i].msg_hdr);
		w->input(w->arg, &route, packet);
	}
	return n;
}

static void sctp_wire_ready(void *arg, uint32_t events)
{
	for (int i = 0; i < SCTP_WIRE_ROUNDS; i++)
		if (sctp_wire_read(arg) < SCTP_WIRE_BATCH)
			break;
}

static void sctp_wire_size_buffers(int fd)
{
	int size = SCTP_WIRE_SOCKET_BUF;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) != 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)) != 0)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
}

/* A raw socket hears nothing before its filter knows a port; a UDP socket hears its own port only. */
static int sctp_wire_open_fd(struct sctp_wire *w, struct addr *local, bool listening)
{
	bool raw = w->mode == IO_SCTP_RAW;
	int domain = local->len == 4 ? AF_INET : AF_INET6;
	int fd = socket(
		domain, (raw ? SOCK_RAW : SOCK_DGRAM) | SOCK_CLOEXEC | SOCK_NONBLOCK, raw ? IPPROTO_SCTP : 0);
	int yes = 1, fragment = IP_PMTUDISC_DONT;
	union sockaddr_any sa;
	socklen_t sa_len;

	if (fd < 0)
		return -1;
	local->port = raw ? 0 : w->udp_port ? w->udp_port : listening ? IO_SCTP_UDP_PORT : 0;
	sa_len = sockaddr_from(local, &sa);
	if (domain == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof(yes));
	else /* the path's MTU is configured; what is longer after all is for IP to cut */
		setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &fragment, sizeof(fragment));
	if (sockaddr_is_any(local)) {
		setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &yes, sizeof(yes));
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &yes, sizeof(yes));
	}
	sctp_wire_size_buffers(fd);
	arrival_ask(fd);
	if ((raw && !sctp_port_filter(fd, local->len, NULL, 0)) || bind(fd, &sa.sa, sa_len) != 0) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

static int sctp_wire_open_socket(struct sctp_wire *w, const struct addr *local, bool listening)
{
	struct sctp_wire_socket *s = &w->sockets[w->socket_count];

	if (w->socket_count >= SCTP_WIRE_SOCKETS_MAX) {
		errno = EMFILE;
		return -1;
	}
	*s = (struct sctp_wire_socket){ .wire = w, .local = *local, .any = sockaddr_is_any(local) };
	s->ports = calloc(SCTP_WIRE_PORTS_MAX, sizeof(*s->ports));
	if (!s->ports)
		return -1;
	s->watch = (struct loop_watch){ .events = EPOLLIN, .ready = sctp_wire_ready, .arg = s };
	s->watch.fd = sctp_wire_open_fd(w, &s->local, listening);
	if (s->watch.fd < 0 || !loop_watch(w->loop, &s->watch)) {
		int error = errno;

		if (s->watch.fd >= 0)
			close(s->watch.fd);
		free(s->ports);
		errno = error;
		return -1;
	}
	return w->socket_count++;
}

/* The socket of that local address, or of any address, which hears its packets too. */
static int sctp_wire_find_socket(struct sctp_wire *w, const struct addr *local)
{
	for (uint16_t i = 0; i < w->socket_count; i++)
		if (addr_same_host(&w->sockets[i].local, local))
			return i;
	for (uint16_t i = 0; i < w->socket_count; i++)
		if (w->sockets[i].local.len == local->len && sockaddr_is_any(&w->sockets[i].local))
			return i;
	return -1;
}

static struct sctp_wire_port *sctp_wire_find_port(const struct sctp_wire_socket *s, uint16_t port)
{
	for (uint32_t i = 0; i < s->port_count; i++)
		if (s->ports[i].port == port)
			return &s->ports[i];
	return NULL;
}

static bool sctp_wire_apply_filter(struct sctp_wire *w, struct sctp_wire_socket *s)
{
	uint16_t ports[SCTP_WIRE_PORTS_MAX];

	for (uint32_t i = 0; i < s->port_count; i++)
		ports[i] = s->ports[i].port;
	return w->mode != IO_SCTP_RAW || sctp_port_filter(s->watch.fd, s->local.len, ports, s->port_count);
}

/* False with EADDRINUSE when the port is another's, here or in another process. */
static bool sctp_wire_claim(struct sctp_wire *w, struct sctp_wire_socket *s, uint16_t port, bool listening)
{
	struct sctp_wire_port *p = &s->ports[s->port_count];

	if (sctp_wire_find_port(s, port) || s->port_count >= SCTP_WIRE_PORTS_MAX) {
		errno = EADDRINUSE;
		return false;
	}
	*p = (struct sctp_wire_port){ .port = port, .uses = 1, .listening = listening, .claim_fd = -1 };
	if (w->mode == IO_SCTP_RAW) {
		p->claim_fd = sctp_port_claim(&s->local, port);
		if (p->claim_fd < 0)
			return false;
	}
	s->port_count++;
	if (sctp_wire_apply_filter(w, s))
		return true;
	sctp_wire_drop_port(w, (uint16_t)(s - w->sockets), port);
	return false;
}

int sctp_wire_take_port(struct sctp_wire *w, const struct addr *local, bool listening, uint16_t *port)
{
	int index = sctp_wire_find_socket(w, local);
	uint16_t udp_port = w->udp_port ? w->udp_port : IO_SCTP_UDP_PORT;

	/* One that connects has any UDP port; who listens has to be found. */
	if (index >= 0 && w->mode == IO_SCTP_UDP && listening && w->sockets[index].local.port != udp_port)
		index = -1;
	if (index < 0)
		index = sctp_wire_open_socket(w, local, listening);
	if (index < 0)
		return -1;
	if (*port)
		return sctp_wire_claim(w, &w->sockets[index], *port, listening) ? index : -1;
	for (int i = 0; i < SCTP_WIRE_EPHEMERAL_TRIES; i++) {
		if (getrandom(port, sizeof(*port), 0) != sizeof(*port))
			continue;
		*port |= SCTP_WIRE_EPHEMERAL;
		if (sctp_wire_claim(w, &w->sockets[index], *port, listening))
			return index;
	}
	return -1;
}

void sctp_wire_drop_port(struct sctp_wire *w, uint16_t socket, uint16_t port)
{
	struct sctp_wire_socket *s = &w->sockets[socket];
	struct sctp_wire_port *p = sctp_wire_find_port(s, port);

	if (!p || --p->uses > 0)
		return;
	if (p->claim_fd >= 0)
		close(p->claim_fd);
	*p = s->ports[--s->port_count];
	sctp_wire_apply_filter(w, s);
}

bool sctp_wire_has_port(const struct sctp_wire *w, uint16_t socket, uint16_t port, bool listening)
{
	const struct sctp_wire_port *p = sctp_wire_find_port(&w->sockets[socket], port);

	return p && (p->listening || !listening);
}

void sctp_wire_set_service(struct sctp_wire *w, uint16_t socket, uint16_t port, uint16_t service)
{
	struct sctp_wire_port *p = sctp_wire_find_port(&w->sockets[socket], port);

	if (p)
		p->service = service;
}

uint32_t sctp_wire_local_end(const struct sctp_wire *w, uint16_t socket, uint16_t port)
{
	const struct sctp_wire_port *p = sctp_wire_find_port(&w->sockets[socket], port);

	return (p ? (uint32_t)p->service << 16 : 0) | port;
}

void sctp_wire_send(struct sctp_wire *w, const struct sctp_wire_route *to, struct bytes packet)
{
	struct sctp_wire_out *o;
	uint8_t *buf;

	if (w->out_count == SCTP_WIRE_BATCH)
		sctp_wire_flush(w);
	o = &w->out[w->out_count];
	buf = w->out_buf + w->out_count * w->packet_max;
	if (packet.len < SCTP_HEADER_SIZE || !bytes_copy(buf, w->packet_max, packet)) {
		w->stats->output_dropped++;
		return;
	}
	sctp_packet_set_checksum(buf, packet.len);
	*o = (struct sctp_wire_out){ *to, packet.len };
	w->out_count++;
}

/* Sends from the address that the peer sent to. */
static void sctp_wire_set_local(struct msghdr *m, union sctp_wire_control *control, const struct addr *local)
{
	if (local->len == 0)
		return;
	memset(control, 0, sizeof(*control));
	m->msg_control = control;
	if (local->len == 4) {
		struct in_pktinfo info = { 0 };

		memcpy(&info.ipi_spec_dst, local->ip, 4);
		m->msg_controllen = CMSG_SPACE(sizeof(info));
		control->header = (struct cmsghdr){ CMSG_LEN(sizeof(info)), IPPROTO_IP, IP_PKTINFO };
		memcpy(CMSG_DATA(&control->header), &info, sizeof(info));
	} else {
		struct in6_pktinfo info = { 0 };

		memcpy(&info.ipi6_addr, local->ip, 16);
		m->msg_controllen = CMSG_SPACE(sizeof(info));
		control->header = (struct cmsghdr){ CMSG_LEN(sizeof(info)), IPPROTO_IPV6, IPV6_PKTINFO };
		memcpy(CMSG_DATA(&control->header), &info, sizeof(info));
	}
}

/* Sends the run of packets [first, end), all of one socket. */
static void sctp_wire_flush_run(struct sctp_wire *w, size_t first, size_t end)
{
	struct mmsghdr msgs[SCTP_WIRE_BATCH];
	struct iovec iov[SCTP_WIRE_BATCH];
	union sockaddr_any to[SCTP_WIRE_BATCH];
	union sctp_wire_control control[SCTP_WIRE_BATCH];
	int fd = w->sockets[w->out[first].route.socket].watch.fd;

	for (size_t i = first; i < end; i++) {
		iov[i] = (struct iovec){ w->out_buf + i * w->packet_max, w->out[i].len };
		msgs[i].msg_hdr = (struct msghdr){ .msg_name = &to[i], .msg_iov = &iov[i], .msg_iovlen = 1 };
		msgs[i].msg_hdr.msg_namelen = sockaddr_from(&w->out[i].route.peer, &to[i]);
		sctp_wire_set_local(&msgs[i].msg_hdr, &control[i], &w->out[i].route.local);
	}
	while (first < end) {
		int n = sendmmsg(fd, msgs + first, (unsigned)(end - first), MSG_DONTWAIT);

		/* What the kernel refuses is lost like on any network; the stack repeats it. */
		if (n <= 0) {
			w->stats->output_dropped++;
			first++;
			continue;
		}
		w->stats->packets_out += (uint64_t)n;
		first += (size_t)n;
	}
}

void sctp_wire_flush(struct sctp_wire *w)
{
	size_t first = 0;

	while (first < w->out_count) {
		size_t end = first + 1;

		while (end < w->out_count && w->out[end].route.socket == w->out[first].route.socket)
			end++;
		sctp_wire_flush_run(w, first, end);
		first = end;
	}
	w->out_count = 0;
}

#include "io/sctp/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/arrival.h"
#include "io/sctp/packet.h"
#include "io/sockaddr.h"

enum {
	SCTP_WIRE_SLOT = 65536, /* octets a received packet may have */
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

void sctp_wire_ready(void *arg, uint32_t events)
{
	for (int i = 0; i < SCTP_WIRE_ROUNDS; i++)
		if (sctp_wire_read(arg) < SCTP_WIRE_BATCH)
			break;
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

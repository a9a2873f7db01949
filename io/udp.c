#include "io/udp.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/udp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/sockaddr.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

enum {
	UDP_GRO_SLOT = 65536,
	UDP_GRO_SLOTS = 16,    /* super-datagrams read at once */
	UDP_GSO_MAX = 60000,   /* octets of a GSO message, its headers not counted */
	UDP_GSO_SEGMENTS = 64, /* UDP_MAX_SEGMENTS of older kernels */
	UDP_JOIN_MAX = 1200, /* octets that IPv6 carries whole on any path, with room for extension headers */
	UDP_IOV_MAX = 2 * UDP_BURST,
	UDP_CONTROL_OCTETS = 2 * CMSG_SPACE(sizeof(int)), /* a segment's size and a traffic class */
};

struct udp {
	int fd;
	struct addr local;
	bool gro, gso, tos;
	size_t segment_max; /* octets of a datagram that leaves with others */
	uint32_t slot_size; /* with headroom */
	uint32_t slots;
	uint8_t *buf;
	struct udp_stats stats;
	/* With GRO: what is left of the last burst, handed out first by the next. */
	struct udp_packet kept[UDP_GRO_SLOTS];
	uint32_t kept_segment[UDP_GRO_SLOTS];
	uint32_t kept_at, kept_count;
};

static void udp_size_buffers(int fd, const struct udp_config *c)
{
	int recv_size = c->recv_buffer ? (int)c->recv_buffer : 4 << 20;
	int send_size = c->send_buffer ? (int)c->send_buffer : 4 << 20;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &recv_size, sizeof(recv_size)) != 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &recv_size, sizeof(recv_size));
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &send_size, sizeof(send_size)) != 0)
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &send_size, sizeof(send_size));
}

static bool udp_bind(struct udp *u, const struct addr *local)
{
	union sockaddr_any sa;
	socklen_t len = sockaddr_from(local, &sa);
	int yes = 1;

	if (local->len == 16)
		setsockopt(u->fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof(yes));
	if (bind(u->fd, &sa.sa, len) != 0)
		return false;
	len = sizeof(sa);
	if (getsockname(u->fd, &sa.sa, &len) != 0)
		return false;
	u->local = sockaddr_to(&sa);
	return true;
}

struct udp *udp_open(const struct addr *local, const struct udp_config *config)
{
	static const struct udp_config none;
	const struct udp_config *c = config ? config : &none;
	struct udp *u = calloc(1, sizeof(*u));
	int yes = 1, no = 0, error;

	if (!u)
		return NULL;
	u->fd = socket(local->len == 16 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (u->fd < 0 ||
		(c->reuse_port && setsockopt(u->fd, SOL_SOCKET, SO_REUSEPORT, &yes, sizeof(yes)) != 0) ||
		!udp_bind(u, local))
		goto failed;
	udp_size_buffers(u->fd, c);
	if (c->tos && setsockopt(u->fd, local->len == 16 ? IPPROTO_IPV6 : IPPROTO_IP,
			      local->len == 16 ? IPV6_RECVTCLASS : IP_RECVTOS, &yes, sizeof(yes)) != 0)
		goto failed;
	u->tos = c->tos;
	if (c->offload)
		u->gro = setsockopt(u->fd, IPPROTO_UDP, UDP_GRO, &yes, sizeof(yes)) == 0;
	if (c->offload || c->join)
		u->gso = setsockopt(u->fd, IPPROTO_UDP, UDP_SEGMENT, &no, sizeof(no)) == 0;
	u->segment_max = c->offload ? UDP_GSO_MAX : UDP_JOIN_MAX;
	u->slots = u->gro ? UDP_GRO_SLOTS : UDP_BURST;
	u->slot_size = UDP_HEADROOM + (u->gro                   ? UDP_GRO_SLOT
					      : c->datagram_max ? c->datagram_max
								: UDP_DATAGRAM_MAX);
	u->buf = malloc((size_t)u->slots * u->slot_size);
	if (u->buf)
		return u;
	errno = ENOMEM;
failed:
	error = errno;
	udp_free(u);
	errno = error;
	return NULL;
}

void udp_free(struct udp *u)
{
	if (!u)
		return;
	if (u->fd >= 0)
		close(u->fd);
	free(u->buf);
	free(u);
}

int udp_fd(const struct udp *u)
{
	return u->fd;
}

struct addr udp_local(const struct udp *u)
{
	return u->local;
}

bool udp_has_gro(const struct udp *u)
{
	return u->gro;
}

bool udp_has_gso(const struct udp *u)
{
	return u->gso;
}

bool udp_send_one(const struct udp *u, const struct addr *to, struct bytes data)
{
	union sockaddr_any sa;
	socklen_t len = sockaddr_from(to, &sa);

	return sendto(u->fd, data.data, data.len, MSG_DONTWAIT, &sa.sa, len) == (ssize_t)data.len;
}

bool udp_steer(struct udp *u, uint32_t offset, uint32_t count)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			offset), /* of the datagram; a shorter one goes to socket 0 */
		BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, count),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};
	struct sock_fprog prog = { ARRAY_LEN(code), code };

	return setsockopt(u->fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &prog, sizeof(prog)) == 0;
}

struct udp_stats udp_stats(const struct udp *u)
{
	return u->stats;
}

/* What the kernel says beside a datagram. */
struct udp_control {
	uint16_t segment; /* of a super-datagram; 0: a single one */
	uint8_t tos;      /* of all of it: GRO joins none that differ */
};

static struct udp_control udp_control_read(struct msghdr *m)
{
	struct udp_control out = { 0 };
	int class;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level == IPPROTO_UDP && c->cmsg_type == UDP_GRO) {
			memcpy(&out.segment, CMSG_DATA(c), sizeof(out.segment));
		} else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TOS) {
			memcpy(&out.tos, CMSG_DATA(c), sizeof(out.tos));
		} else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_TCLASS) {
			memcpy(&class, CMSG_DATA(c), sizeof(class));
			out.tos = (uint8_t)class;
		}
	}
	return out;
}

/* Cuts the super-datagrams kept into datagrams. */
static size_t udp_recv_kept(struct udp *u, struct udp_packet *packets, size_t max)
{
	size_t n = 0;

	while (n < max && u->kept_at < u->kept_count) {
		struct udp_packet *k = &u->kept[u->kept_at];
		size_t len = u->kept_segment[u->kept_at];

		len = len && len < k->data.len ? len : k->data.len;
		packets[n++] =
			(struct udp_packet){ k->peer, BYTES_NONE, bytes_of(k->data.data, len), k->tos };
		k->data = bytes_of(k->data.data + len, k->data.len - len);
		if (k->data.len == 0)
			u->kept_at++;
	}
	u->stats.in += n;
	return n;
}

static int udp_recv_slots(struct udp *u, struct udp_packet *packets, uint32_t *segments, size_t max)
{
	struct mmsghdr msgs[UDP_BURST];
	struct iovec iov[UDP_BURST];
	union sockaddr_any from[UDP_BURST];
	char control[UDP_BURST][UDP_CONTROL_OCTETS] __attribute__((aligned(8)));
	int kept = 0;
	int n;

	max = max < u->slots ? max : u->slots;
	for (size_t i = 0; i < max; i++) {
		iov[i] = (struct iovec){ u->buf + i * u->slot_size + UDP_HEADROOM,
			u->slot_size - UDP_HEADROOM };
		msgs[i].msg_hdr = (struct msghdr){ .msg_name = &from[i],
			.msg_namelen = sizeof(from[i]),
			.msg_iov = &iov[i],
			.msg_iovlen = 1 };
		if (u->gro || u->tos) {
			msgs[i].msg_hdr.msg_control = control[i];
			msgs[i].msg_hdr.msg_controllen = sizeof(control[i]);
		}
	}
	n = recvmmsg(u->fd, msgs, (unsigned)max, MSG_DONTWAIT, NULL);
	for (int i = 0; i < n && (size_t)i < max; i++) {
		struct udp_control c = { 0 };

		if (msgs[i].msg_hdr.msg_flags & MSG_TRUNC) {
			u->stats.truncated++;
			continue;
		}
		if (msgs[i].msg_hdr.msg_controllen)
			c = udp_control_read(&msgs[i].msg_hdr);
		packets[kept] = (struct udp_packet){ sockaddr_to(&from[i]), BYTES_NONE,
			bytes_of(iov[i].iov_base, msgs[i].msg_len), c.tos };
		if (segments)
			segments[kept] = c.segment ? c.segment : msgs[i].msg_len;
		kept++;
	}
	return kept;
}

size_t udp_recv_burst(struct udp *u, struct udp_packet *packets, size_t max)
{
	size_t n;

	if (u->gro) {
		if (u->kept_at == u->kept_count) {
			u->kept_at = 0;
			u->kept_count = (uint32_t)udp_recv_slots(u, u->kept, u->kept_segment, UDP_GRO_SLOTS);
		}
		return udp_recv_kept(u, packets, max);
	}
	n = (size_t)udp_recv_slots(u, packets, NULL, max < UDP_BURST ? max : UDP_BURST);
	u->stats.in += n;
	return n;
}

bool udp_recv_pending(const struct udp *u)
{
	return u->kept_at < u->kept_count;
}

static size_t udp_packet_len(const struct udp_packet *p)
{
	return p->head.len + p->data.len;
}

/* How many of the packets from the first on may leave as one GSO message: one peer, one traffic
 * class, one size, the last shorter. */
static size_t udp_gso_run(const struct udp *u, const struct udp_packet *p, size_t count)
{
	size_t size = udp_packet_len(p), total = size, n = 1;

	count = count < UDP_GSO_SEGMENTS ? count : UDP_GSO_SEGMENTS;
	while (u->gso && size > 0 && size <= u->segment_max && n < count && udp_packet_len(&p[n]) <= size &&
		udp_packet_len(&p[n]) > 0 && total + udp_packet_len(&p[n]) <= UDP_GSO_MAX &&
		p[n].tos == p[0].tos && addr_equal(&p[n].peer, &p[0].peer)) {
		total += udp_packet_len(&p[n]);
		if (udp_packet_len(&p[n++]) < size)
			break;
	}
	return n;
}

struct udp_batch {
	struct mmsghdr msgs[UDP_BURST];
	struct iovec iov[UDP_IOV_MAX];
	union sockaddr_any to[UDP_BURST];
	char control[UDP_BURST][UDP_CONTROL_OCTETS] __attribute__((aligned(8)));
	uint32_t packets[UDP_BURST]; /* in each message */
	unsigned count;
	size_t iov_count;
};

/* A control message behind those that there are. */
static void udp_control_add(
	struct msghdr *m, char *control, int level, int type, const void *value, size_t len)
{
	struct cmsghdr *c = (struct cmsghdr *)(void *)(control + m->msg_controllen);

	*c = (struct cmsghdr){ CMSG_LEN(len), level, type };
	memcpy(CMSG_DATA(c), value, len);
	m->msg_control = control;
	m->msg_controllen += CMSG_SPACE(len);
}

static void udp_batch_add(struct udp_batch *b, const struct udp_packet *p, size_t run)
{
	struct msghdr *m = &b->msgs[b->count].msg_hdr;
	uint16_t size = (uint16_t)udp_packet_len(p);
	bool v6 = p->peer.len == 16;
	int class = p->tos;

	*m = (struct msghdr){ .msg_name = &b->to[b->count], .msg_iov = &b->iov[b->iov_count] };
	m->msg_namelen = sockaddr_from(&p->peer, &b->to[b->count]);
	for (size_t i = 0; i < run; i++) {
		if (p[i].head.len > 0)
			b->iov[b->iov_count++] = (struct iovec){ (void *)p[i].head.data, p[i].head.len };
		b->iov[b->iov_count++] = (struct iovec){ (void *)p[i].data.data, p[i].data.len };
	}
	m->msg_iovlen = (size_t)(&b->iov[b->iov_count] - m->msg_iov);
	if (run > 1)
		udp_control_add(m, b->control[b->count], IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size));
	if (p->tos)
		udp_control_add(m, b->control[b->count], v6 ? IPPROTO_IPV6 : IPPROTO_IP,
			v6 ? IPV6_TCLASS : IP_TOS, &class, sizeof(class));
	b->packets[b->count++] = (uint32_t)run;
}

/* The packets sent; those that the kernel refuses are skipped, all of them once its buffer is full. */
static size_t udp_batch_send(struct udp *u, struct udp_batch *b)
{
	size_t sent = 0;

	for (unsigned at = 0; at < b->count;) {
		int n = sendmmsg(u->fd, b->msgs + at, b->count - at, MSG_DONTWAIT);

		if (n <= 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			while (at < b->count)
				u->stats.send_failed += b->packets[at++];
			break;
		}
		if (n <= 0)
			u->stats.send_failed += b->packets[at++];
		for (int i = 0; i < n; i++)
			sent += b->packets[at++];
	}
	return sent;
}

size_t udp_send_burst(struct udp *u, const struct udp_packet *packets, size_t count)
{
	size_t sent = 0, at = 0;

	while (at < count) {
		struct udp_batch b;

		b.count = 0;
		b.iov_count = 0;
		while (at < count && b.count < UDP_BURST) {
			size_t run = udp_gso_run(u, packets + at, count - at);

			if (b.iov_count + 2 * run > UDP_IOV_MAX)
				break;
			udp_batch_add(&b, packets + at, run);
			at += run;
		}
		sent += udp_batch_send(u, &b);
	}
	u->stats.out += sent;
	return sent;
}

bool udp_route_source(const struct addr *to, struct addr *source)
{
	union sockaddr_any sa;
	socklen_t len = sockaddr_from(to, &sa);
	int fd = socket(sa.sa.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool ok;

	if (fd < 0)
		return false;
	ok = connect(fd, &sa.sa, len) == 0;
	len = sizeof(sa);
	ok = ok && getsockname(fd, &sa.sa, &len) == 0;
	close(fd);
	*source = sockaddr_to(&sa);
	source->port = 0;
	return ok;
}

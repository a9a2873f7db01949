/* The sockets of local addresses, and the SCTP ports on them. */
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "io/arrival.h"
#include "io/sctp/port.h"
#include "io/sctp/wire.h"
#include "io/sockaddr.h"

enum {
	SCTP_WIRE_SOCKET_BUF = 4 << 20, /* in the kernel, either way */
	SCTP_WIRE_EPHEMERAL = 49152,    /* RFC 6335 clause 6 */
	SCTP_WIRE_EPHEMERAL_TRIES = 64,
};

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

/* The socket of a local address, opened if need be. */
static int sctp_wire_socket(struct sctp_wire *w, const struct addr *local, bool listening)
{
	int index = sctp_wire_find_socket(w, local);
	uint16_t udp_port = w->udp_port ? w->udp_port : IO_SCTP_UDP_PORT;

	/* One that connects has any UDP port; who listens has to be found. */
	if (index >= 0 && w->mode == IO_SCTP_UDP && listening && w->sockets[index].local.port != udp_port)
		index = -1;
	return index < 0 ? sctp_wire_open_socket(w, local, listening) : index;
}

static bool sctp_wire_claim_free(struct sctp_wire *w, struct sctp_wire_socket *s, uint16_t *port)
{
	for (int i = 0; i < SCTP_WIRE_EPHEMERAL_TRIES; i++) {
		if (getrandom(port, sizeof(*port), 0) != sizeof(*port))
			continue;
		*port |= SCTP_WIRE_EPHEMERAL;
		if (sctp_wire_claim(w, s, *port, false))
			return true;
	}
	return false;
}

/* The reserved port that is unused for the longest: what of its last association is still on its way is gone.
 */
static struct sctp_wire_port *sctp_wire_reserved(struct sctp_wire_socket *s)
{
	struct sctp_wire_port *oldest = NULL;

	for (uint32_t i = 0; i < s->port_count; i++) {
		struct sctp_wire_port *p = &s->ports[i];

		if (p->reserved && p->uses == 0 && (!oldest || p->dropped < oldest->dropped))
			oldest = p;
	}
	return oldest;
}

bool sctp_wire_reserve(struct sctp_wire *w, const struct addr *local, uint16_t count)
{
	int index = sctp_wire_socket(w, local, false);
	struct sctp_wire_socket *s;
	uint16_t port;

	if (index < 0)
		return false;
	s = &w->sockets[index];
	for (uint16_t i = 0; i < count; i++) {
		if (!sctp_wire_claim_free(w, s, &port))
			return false;
		s->ports[s->port_count - 1].uses = 0;
		s->ports[s->port_count - 1].reserved = true;
	}
	return true;
}

int sctp_wire_take_port(struct sctp_wire *w, const struct addr *local, bool listening, uint16_t *port)
{
	int index = sctp_wire_socket(w, local, listening);
	struct sctp_wire_port *reserved;

	if (index < 0)
		return -1;
	if (*port)
		return sctp_wire_claim(w, &w->sockets[index], *port, listening) ? index : -1;
	reserved = sctp_wire_reserved(&w->sockets[index]);
	if (!reserved)
		return sctp_wire_claim_free(w, &w->sockets[index], port) ? index : -1;
	reserved->uses = 1;
	*port = reserved->port;
	return index;
}

void sctp_wire_drop_port(struct sctp_wire *w, uint16_t socket, uint16_t port)
{
	struct sctp_wire_socket *s = &w->sockets[socket];
	struct sctp_wire_port *p = sctp_wire_find_port(s, port);

	if (!p || --p->uses > 0)
		return;
	p->dropped = ++w->drops;
	if (p->reserved)
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

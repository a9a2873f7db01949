#include "apps/ue_interface.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/netlink.h"
#include "ops/confinement.h"

struct ue_interface_request {
	uint32_t ue, mtu;
	struct addr address;
	bool up, default_route;
};

static bool serve_up(const char *tun, const struct ue_interface_request *r)
{
	return netlink_link_mtu(tun, r->mtu) && netlink_link_up(tun) &&
	       (r->address.len == 0 || netlink_addr_add(tun, &r->address, (uint8_t)(8 * r->address.len))) &&
	       (!r->default_route || netlink_route_add(&(struct addr){ .len = r->address.len == 16 ? 16 : 0 },
					     0, NULL, tun));
}

/* What the parent asks for is checked too: it is the one that strangers speak to. */
static int serve_one(const struct network *n, const struct ue_interface_request *r)
{
	const char *tun = r->ue < n->ue_count ? n->ues[r->ue].tun : NULL;

	if (!tun || (r->address.len != 4 && r->address.len != 16 && !(r->up && r->address.len == 0)) ||
		(r->up && r->mtu > NETWORK_MTU_MAX))
		return EINVAL;
	if (r->up ? serve_up(tun, r) : netlink_addr_del(tun, &r->address, (uint8_t)(8 * r->address.len)))
		return 0;
	return errno ? errno : EIO;
}

static _Noreturn void serve(int fd, const struct network *n)
{
	struct sandbox may = confinement(CONFINED_UE_INTERFACE);
	struct sandbox_result result;
	struct ue_interface_request r;

	signal(SIGINT, SIG_IGN); /* it ends when its parent's end of the socket closes */
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	if (!sandbox_enter(&may, &result)) {
		fprintf(stderr, "freehold ue: its interfaces' process cannot be confined: %m\n");
		_exit(1);
	}
	while (recv(fd, &r, sizeof(r), 0) == (ssize_t)sizeof(r)) {
		int error = serve_one(n, &r);

		if (send(fd, &error, sizeof(error), MSG_NOSIGNAL) != (ssize_t)sizeof(error))
			break;
	}
	_exit(0);
}

bool ue_interfaces_begin(struct ue_interfaces *i, struct network *n)
{
	int pair[2];
	pid_t pid;

	i->fd = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return false;
	pid = fork();
	if (pid == 0) {
		close(pair[0]);
		for (uint8_t u = 0; u < n->ue_count; u++) /* the keys are not its business */
			explicit_bzero(&n->ues[u].config, sizeof(n->ues[u].config));
		serve(pair[1], n);
	}
	close(pair[1]);
	i->fd = pair[0];
	if (pid > 0)
		return true;
	ue_interfaces_end(i);
	return false;
}

void ue_interfaces_end(struct ue_interfaces *i)
{
	if (i->fd >= 0)
		close(i->fd);
	i->fd = -1;
}

static bool ask(struct ue_interfaces *i, const struct ue_interface_request *r)
{
	int error = EPIPE;

	if (send(i->fd, r, sizeof(*r), MSG_NOSIGNAL) != (ssize_t)sizeof(*r) ||
		recv(i->fd, &error, sizeof(error), 0) != (ssize_t)sizeof(error))
		error = EPIPE;
	errno = error;
	return error == 0;
}

bool ue_interface_up(
	struct ue_interfaces *i, uint32_t ue, const struct addr *address, uint32_t mtu, bool default_route)
{
	struct ue_interface_request r = {
		.ue = ue, .mtu = mtu, .address = *address, .up = true, .default_route = default_route
	};

	return ask(i, &r);
}

bool ue_interface_down(struct ue_interfaces *i, uint32_t ue, const struct addr *address)
{
	struct ue_interface_request r = { .ue = ue, .address = *address };

	return ask(i, &r);
}

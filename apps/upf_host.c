#include "apps/upf_host.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "io/netlink.h"
#include "io/unix_socket.h"
#include "ops/confinement.h"

enum {
	NFT_SCRIPT_MAX = 8192,
	NAT_PORT_MIN = 40000, /* above all ports on which a network listens: 2152, 8805, 38412 and the like */
	LOCK_TRIES_MAX = 100,
	LOCK_AGAIN_MS = 50,
	ANSWER_MS = 10000,
};

/* What is wanted of the host. */
struct order {
	char tun[16];
	bool nat;
	uint16_t mtu; /* of the interface */
	uint8_t pool_count, pool6_count;
	struct prefix4 pools[UPF_POOLS_MAX];
	struct prefix pools6[UPF_POOLS_MAX];
};

/* Runs nft with a script on its standard input. */
static bool nft(const char *script)
{
	int in[2], status = -1;
	size_t len = strlen(script);
	pid_t pid;

	if (pipe2(in, O_CLOEXEC) != 0)
		return false;
	pid = fork();
	if (pid == 0) {
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		dup2(in[0], STDIN_FILENO);
		execlp("nft", "nft", "-f", "-", (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	if (write(in[1], script, len) != (ssize_t)len && pid > 0)
		fprintf(stderr, "freehold upf: nft: %m\n");
	close(in[1]);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return false;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		fprintf(stderr, "freehold upf: nat needs the program nft, which is not here (package "
				"nftables); or set nat: no\n");
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool script_write(const struct order *o, struct writer *w)
{
	const char *tun = o->tun;
	char text[ADDR_STR_SIZE];

	text_put(w,
		"add table ip freehold_%s\ndelete table ip freehold_%s\ntable ip freehold_%s {\n chain "
		"postrouting {\n"
		"  type nat hook postrouting priority 100\n",
		tun, tun, tun);
	for (uint8_t i = 0; i < o->pool_count; i++) {
		struct addr pool = addr_from_v4(o->pools[i].ip, 0);

		addr_str(&pool, text);
		text_put(w,
			"  ip saddr %s/%u oifname != \"%s\" meta l4proto { tcp, udp, sctp } masquerade to "
			":%u-65535\n"
			"  ip saddr %s/%u oifname != \"%s\" masquerade\n",
			text, o->pools[i].bits, tun, NAT_PORT_MIN, text, o->pools[i].bits, tun);
	}
	/* What the connection tracking does not know would leave with the UE's own address. */
	text_put(w,
		" }\n chain forward {\n  type filter hook forward priority 0\n"
		"  iifname \"%s\" ct state invalid drop\n }\n}\n",
		tun);
	return !w->failed;
}

static bool nat_on(const struct order *o)
{
	char script[NFT_SCRIPT_MAX];
	struct writer w = writer_of(script, sizeof(script) - 1);

	if (!script_write(o, &w))
		return false;
	script[w.len] = '\0';
	return nft(script);
}

static bool nat_off(const struct order *o)
{
	char script[128];

	snprintf(script, sizeof(script), "delete table ip freehold_%s\n", o->tun);
	return nft(script);
}

/* Those there are already stay. A host without IPv6 serves the rest of its UEs, which the UPF said at its
 * start. */
static bool add_addresses(const struct order *o)
{
	bool ok = true;

	for (uint8_t i = 0; ok && i < o->pool_count; i++) {
		struct addr gateway = addr_from_v4(o->pools[i].ip + 1, 0);

		ok = netlink_addr_add(o->tun, &gateway, o->pools[i].bits);
	}
	for (uint8_t i = 0; i < o->pool6_count; i++) {
		struct addr gateway = ip_to_addr((struct ip){ o->pools6[i].ip.high, 1 }, 0);

		may_fail(netlink_addr_add(o->tun, &gateway, o->pools6[i].bits));
	}
	if (!ok)
		fprintf(stderr, "freehold upf: addresses of %s: %m\n", o->tun);
	return ok;
}

/* The pool, or one that has grown out of it. */
static bool is_wanted(const struct order *o, const struct prefix *p)
{
	for (uint8_t i = 0; i < o->pool_count; i++) {
		struct prefix pool = { ip_from_v4(o->pools[i].ip), o->pools[i].bits };

		if (ip_family(p->ip) == IP_FAMILY_V4 && pool.bits <= p->bits && prefix_has(&pool, p->ip))
			return true;
	}
	for (uint8_t i = 0; i < o->pool6_count; i++)
		if (ip_family(p->ip) == IP_FAMILY_V6 && o->pools6[i].bits <= p->bits &&
			prefix_has(&o->pools6[i], p->ip))
			return true;
	return false;
}

/* Of pools that are no more, and with them their routes. */
static void drop_addresses(const struct order *wanted, const struct order *is)
{
	for (uint8_t i = 0; i < is->pool_count; i++) {
		struct prefix pool = { ip_from_v4(is->pools[i].ip), is->pools[i].bits };
		struct addr gateway = addr_from_v4(is->pools[i].ip + 1, 0);

		if (!is_wanted(wanted, &pool) && !netlink_addr_del(is->tun, &gateway, pool.bits))
			fprintf(stderr, "freehold upf: an address of %s stays: %m\n", is->tun);
	}
	for (uint8_t i = 0; i < is->pool6_count; i++) {
		struct addr gateway = ip_to_addr((struct ip){ is->pools6[i].ip.high, 1 }, 0);

		if (!is_wanted(wanted, &is->pools6[i]))
			may_fail(netlink_addr_del(is->tun, &gateway, is->pools6[i].bits));
	}
}

/* is: what the host has by now. */
static bool apply(const struct order *wanted, struct order *is)
{
	bool ok = add_addresses(wanted);

	drop_addresses(wanted, is);
	if (wanted->mtu != is->mtu)
		ok &= netlink_link_mtu(wanted->tun, wanted->mtu);
	if (wanted->nat)
		ok &= nat_on(wanted);
	else if (is->nat)
		ok &= nat_off(is);
	*is = *wanted;
	return ok;
}

/*
 * The child: takes the table away when the UPF has ended, however that was, and changes the host when it is
 * told to: the UPF itself may run no programs once it is confined.
 */
static void serve(int fd)
{
	struct sandbox may = confinement(CONFINED_UPF_HOST);
	struct order is = { .nat = false }, wanted;
	struct sandbox_result result;

	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	if (!sandbox_enter(&may, &result))
		_exit(1);
	while (unix_recv(fd, &wanted, sizeof(wanted), -1) == sizeof(wanted))
		if (!unix_send(fd, bytes_of(apply(&wanted, &is) ? "y" : "n", 1)))
			break;
	_exit(!is.nat || nat_off(&is) ? 0 : 1);
}

/*
 * A name that one process of the network namespace can have at a time, here the child: the next UPF with this
 * interface waits until the table of the one before is away.
 */
static int lock(const char *tun)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int tries = 0;

	snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1, "freehold-nat-%s", tun);
	while (fd >= 0 && bind(fd, (const struct sockaddr *)(const void *)&name, sizeof(name)) != 0) {
		if (errno == EADDRINUSE && ++tries < LOCK_TRIES_MAX && poll(NULL, 0, LOCK_AGAIN_MS) == 0)
			continue;
		close(fd);
		fd = -1;
		errno = EADDRINUSE;
	}
	return fd;
}

bool upf_host_prepare(struct upf_host *h, const struct network_upf *is)
{
	int pair[2], held = lock(is->tun);
	pid_t pid;

	h->fd = -1;
	if (held < 0) {
		fprintf(stderr, "freehold upf: another UPF has the interface %s\n", is->tun);
		return false;
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
		close(held);
		return false;
	}
	pid = fork();
	if (pid == 0) {
		close(pair[0]);
		serve(pair[1]);
	}
	close(held);
	close(pair[1]);
	h->fd = pair[0]; /* open as long as this process lives */
	if (pid < 0)
		fprintf(stderr, "freehold upf: who changes its host: %m\n");
	return pid > 0;
}

bool upf_host_apply(struct upf_host *h, const struct network_upf *is)
{
	const struct upf_config *c = &is->config;
	struct order o = {
		.nat = is->nat, .mtu = is->mtu, .pool_count = c->pool_count, .pool6_count = c->pool6_count
	};
	char answer = 'n';

	str_copy(o.tun, sizeof(o.tun), is->tun);
	for (uint8_t i = 0; i < c->pool_count; i++)
		o.pools[i] = c->pools[i];
	for (uint8_t i = 0; i < c->pool6_count; i++)
		o.pools6[i] = c->pools6[i];
	if (h->fd >= 0 && unix_send(h->fd, bytes_of(&o, sizeof(o))) &&
		unix_recv(h->fd, &answer, 1, ANSWER_MS) == 1 && answer == 'y')
		return true;
	fprintf(stderr, "freehold upf: %s\n",
		is->nat ? "no NAT" : "its host is not as the configuration wants it");
	return false;
}

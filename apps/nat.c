#include "apps/nat.h"

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
#include "ops/confinement.h"

enum {
	NFT_SCRIPT_MAX = 8192,
	NAT_PORT_MIN = 40000, /* above all ports on which a network listens: 2152, 8805, 38412 and the like */
	LOCK_TRIES_MAX = 100,
	LOCK_AGAIN_MS = 50,
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

/* An octet, or -1 when the other end is closed. */
static int pipe_read(int fd)
{
	uint8_t octet;
	ssize_t n;

	while ((n = read(fd, &octet, 1)) < 0 && errno == EINTR)
		;
	return n == 1 ? octet : -1;
}

/*
 * A child of its own takes the table away when the UPF has ended, however that was: the UPF itself may run no
 * programs once it is confined. Nothing is to be taken away before the UPF has put it there.
 */
static void janitor(const char *tun, int alive)
{
	struct sandbox may = confinement(CONFINED_UPF_NAT);
	struct sandbox_result result;
	char script[128];

	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	if (!sandbox_enter(&may, &result))
		_exit(1);
	if (pipe_read(alive) < 0)
		_exit(0);
	while (pipe_read(alive) >= 0)
		;
	snprintf(script, sizeof(script), "delete table ip freehold_%s\n", tun);
	_exit(nft(script) ? 0 : 1);
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

bool nat_prepare(struct nat *nat, const struct network_upf *is)
{
	int alive[2], held;
	pid_t pid;

	nat->janitor = -1;
	if (!is->nat)
		return true;
	held = lock(is->tun);
	if (held < 0) {
		fprintf(stderr, "freehold upf: NAT: another UPF has the interface %s\n", is->tun);
		return false;
	}
	if (pipe2(alive, O_CLOEXEC) != 0) {
		close(held);
		return false;
	}
	pid = fork();
	if (pid == 0) {
		close(alive[1]);
		janitor(is->tun, alive[0]);
	}
	close(held);
	close(alive[0]);
	nat->janitor = alive[1]; /* open as long as this process lives */
	if (pid < 0)
		fprintf(stderr, "freehold upf: NAT: %m\n");
	return pid > 0;
}

static bool script_write(const struct network_upf *is, struct writer *w)
{
	const char *tun = is->tun;
	char text[ADDR_STR_SIZE];

	text_put(w,
		"add table ip freehold_%s\ndelete table ip freehold_%s\ntable ip freehold_%s {\n chain "
		"postrouting {\n"
		"  type nat hook postrouting priority 100\n",
		tun, tun, tun);
	for (uint8_t i = 0; i < is->config.pool_count; i++) {
		struct addr pool = addr_from_v4(is->config.pools[i].ip, 0);

		addr_str(&pool, text);
		text_put(w,
			"  ip saddr %s/%u oifname != \"%s\" meta l4proto { tcp, udp, sctp } masquerade to "
			":%u-65535\n"
			"  ip saddr %s/%u oifname != \"%s\" masquerade\n",
			text, is->config.pools[i].bits, tun, NAT_PORT_MIN, text, is->config.pools[i].bits,
			tun);
	}
	/* What the connection tracking does not know would leave with the UE's own address. */
	text_put(w,
		" }\n chain forward {\n  type filter hook forward priority 0\n"
		"  iifname \"%s\" ct state invalid drop\n }\n}\n",
		tun);
	return !w->failed;
}

bool nat_begin(struct nat *nat, const struct network_upf *is)
{
	char script[NFT_SCRIPT_MAX];
	struct writer w = writer_of(script, sizeof(script) - 1);

	if (!is->nat)
		return true;
	if (script_write(is, &w)) {
		script[w.len] = '\0';
		if (nft(script) && write(nat->janitor, "", 1) == 1)
			return true;
	}
	fprintf(stderr, "freehold upf: no NAT\n");
	return false;
}

#include "ops/children.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "io/netlink.h"

#define READY_VARIABLE  "FREEHOLD_READY_FD"
#define ORDERS_VARIABLE "FREEHOLD_ORDERS_FD"
#define NOTIFY_VARIABLE "NOTIFY_SOCKET"

/* To systemd. */
static struct {
	int fd;            /* connected; -1: it does not ask */
	uint64_t every_ns; /* how often it wants to hear that we live; 0: never */
} notify = { .fd = -1 };

/* In the child: a descriptor that the program finds by a variable. */
static bool hand_over(const char *variable, int fd)
{
	char number[12];

	snprintf(number, sizeof(number), "%d", fd);
	return setenv(variable, number, 1) == 0;
}

/* In the child, before the program takes over. */
static void child_become(const struct child *c, int ready)
{
	const char *argv[CHILD_ARGS_MAX + 2] = { "freehold" };
	sigset_t none;
	int log;

	for (size_t i = 0; i < CHILD_ARGS_MAX && c->args[i]; i++)
		argv[i + 1] = c->args[i];
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGTERM); /* no part outlives the network */
	if (c->log) {
		log = open(c->log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
		if (log >= 0)
			dup2(log, STDERR_FILENO);
	}
	if (c->out >= 0)
		dup2(c->out, STDOUT_FILENO);
	if (c->orders > 0 && fcntl(c->orders, F_SETFD, 0) == 0)
		hand_over(ORDERS_VARIABLE, c->orders);
	unsetenv(NOTIFY_VARIABLE); /* what systemd started is the parent */
	if ((ready < 0 || hand_over(READY_VARIABLE, ready)) && (c->netns < 0 || netns_enter(c->netns)))
		execv("/proc/self/exe", (char **)argv);
	fprintf(stderr, "freehold %s: cannot start: %m\n", c->name);
	_exit(127);
}

/* ready: a pipe for it to report to, or -1. */
static bool child_fork(struct child *c, const int ready[2])
{
	c->pid = fork();
	if (c->pid < 0) {
		c->pid = 0;
		return false;
	}
	if (c->pid == 0) {
		if (ready[0] >= 0)
			close(ready[0]);
		child_become(c, ready[1]);
	}
	c->started = true;
	return true;
}

static bool child_wait_ready(struct child *c, int ready, int timeout_ms, const volatile sig_atomic_t *ended)
{
	struct pollfd p = { .fd = ready, .events = POLLIN };
	char octet;

	while (poll(&p, 1, timeout_ms) < 0 && errno == EINTR && !(ended && *ended))
		;
	if (ended && *ended)
		return false;
	if ((p.revents & POLLIN) && read(ready, &octet, 1) == 1)
		return true;
	fprintf(stderr, "freehold: %s %s%s%s\n", c->name,
		child_alive(c) ? "is not ready in time" : "ended at its start", c->log ? "; see " : "",
		c->log ? c->log : "");
	return false;
}

bool child_start(struct child *c, int timeout_ms, const volatile sig_atomic_t *ended)
{
	int ready[2] = { -1, -1 };
	bool ok;

	if (timeout_ms == 0)
		return child_fork(c, ready);
	if (pipe(ready) < 0)
		return false;
	ok = child_fork(c, ready);
	close(ready[1]);
	ok = ok && child_wait_ready(c, ready[0], timeout_ms, ended);
	close(ready[0]);
	return ok;
}

bool child_alive(struct child *c)
{
	if (c->pid && waitpid(c->pid, &c->status, WNOHANG) == c->pid)
		c->pid = 0;
	return c->pid != 0;
}

static void sleep_ms(long ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&t, NULL);
}

void children_stop(struct child *children, size_t count, int timeout_ms)
{
	for (size_t i = count; i-- > 0;) {
		struct child *c = &children[i];

		if (!child_alive(c))
			continue;
		kill(c->pid, SIGTERM);
		for (int waited_ms = 0; child_alive(c) && waited_ms < timeout_ms; waited_ms += 10)
			sleep_ms(10);
		if (child_alive(c)) {
			kill(c->pid, SIGKILL);
			waitpid(c->pid, &c->status, 0);
			c->pid = 0;
		}
	}
}

uint64_t child_memory_kib(const struct child *c)
{
	char path[64], line[128];
	unsigned long long kib = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)c->pid);
	f = fopen(path, "re");
	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f) && sscanf(line, "Pss: %llu", &kib) != 1)
		;
	fclose(f);
	return kib;
}

/* sd_watchdog_enabled(3). We report twice as often as it asks for. */
static uint64_t watchdog_ns(void)
{
	const char *us = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	uint64_t value;

	if (!us || !text_uint(bytes_of_str(us), UINT64_MAX / 1000, &value))
		return 0;
	if (pid && strtol(pid, NULL, 10) != getpid())
		return 0;
	return value * 1000 / 2;
}

/* sd_notify(3): a path, or an abstract name behind "@". */
void child_ready_begin(void)
{
	const char *path = getenv(NOTIFY_VARIABLE);
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	size_t len = path ? strlen(path) : 0;

	if (len == 0 || len >= sizeof(name.sun_path))
		return;
	str_copy(name.sun_path, sizeof(name.sun_path), path);
	if (path[0] == '@')
		name.sun_path[0] = '\0';
	notify.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (notify.fd >= 0 && connect(notify.fd, (const struct sockaddr *)&name,
				      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) == 0) {
		notify.every_ns = watchdog_ns();
		return;
	}
	fprintf(stderr, "freehold: %s %s: %m\n", NOTIFY_VARIABLE, path);
	if (notify.fd >= 0)
		close(notify.fd);
	notify.fd = -1;
}

static void notify_send(const char *what)
{
	if (notify.fd >= 0 && send(notify.fd, what, strlen(what), MSG_NOSIGNAL) < 0)
		fprintf(stderr, "freehold: systemd does not hear %s: %m\n", what);
}

uint64_t child_alive_every_ns(void)
{
	return notify.every_ns;
}

void child_say_alive(void)
{
	notify_send("WATCHDOG=1");
}

int child_orders(void)
{
	const char *number = getenv(ORDERS_VARIABLE);
	uint64_t fd;

	return number && text_uint(bytes_of_str(number), 1 << 20, &fd) ? (int)fd : -1;
}

void child_orders_forget(void)
{
	int fd = child_orders();

	unsetenv(ORDERS_VARIABLE);
	if (fd >= 0)
		close(fd);
}

void child_say_ready(void)
{
	const char *number = getenv(READY_VARIABLE);
	uint64_t fd;

	notify_send("READY=1");
	if (!number || !text_uint(bytes_of_str(number), 1 << 20, &fd))
		return;
	unsetenv(READY_VARIABLE);
	if (write((int)fd, "r", 1) != 1)
		fprintf(stderr, "freehold: nobody waits for readiness\n");
	close((int)fd);
}

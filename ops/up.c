/* freehold up: a network until Ctrl-C. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ops/ops.h"
#include "ops/children.h"
#include "io/netlink.h"

static const char help[] =
	"freehold up [-c network.yaml] [--gnb] [--ue]\n\n"
	"Runs core and UPF (and, when asked, the configured gNB and UE) as processes until Ctrl-C. A part "
	"that dies is\n"
	"started again; what it must remember is in its store. gNBs connect to core.amf.n2_address and\n"
	"upf.n3_address.\n";

enum { READY_MS = 10000, STOP_MS = 3000, RESTART_MS = 500 };

static volatile sig_atomic_t ended;

static void on_signal(int signal)
{
	ended = 1;
}

static int part_netns(const char *name)
{
	int fd;

	if (!name[0])
		return -1;
	fd = netns_open(name);
	if (fd < 0)
		fprintf(stderr, "freehold up: network namespace %s: %m\n", name);
	return fd;
}

static size_t parts(const struct network *n, const char *file, bool gnb, bool ue, struct child *children)
{
	const struct {
		const char *name, *netns;
		bool wanted;
	} all[] = {
		{ "upf", n->upf.netns, true },
		{ "core", n->core.netns, true },
		{ "gnb", n->gnb.netns, gnb },
		{ "ue", n->ue.netns, ue },
	};
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		if (!all[i].wanted)
			continue;
		children[count++] = (struct child){ .name = all[i].name,
			.args = { all[i].name, "-c", file },
			.netns = part_netns(all[i].netns),
			.out = -1 };
	}
	return count;
}

/* Waits for the end; meanwhile parts that die are started again. */
static void watch(struct child *children, size_t count)
{
	struct timespec pause = { 0, RESTART_MS * 1000000 };

	while (!ended) {
		nanosleep(&pause, NULL);
		for (size_t i = 0; i < count && !ended; i++) {
			if (child_alive(&children[i]))
				continue;
			fprintf(stderr, "freehold up: %s ended (%s %d); starting it again\n",
				children[i].name, WIFSIGNALED(children[i].status) ? "signal" : "status",
				WIFSIGNALED(children[i].status) ? WTERMSIG(children[i].status)
								: WEXITSTATUS(children[i].status));
			child_start(&children[i], READY_MS);
		}
	}
}

int ops_up(struct options *args)
{
	struct child children[CHILDREN_MAX];
	struct sigaction action = { .sa_handler = on_signal };
	struct network *n;
	bool gnb, ue, ok = true;
	const char *file;
	size_t count;

	if (options_help(args, help))
		return 0;
	gnb = options_flag(args, "--gnb");
	ue = options_flag(args, "--ue");
	file = options_network_file(args);
	n = calloc(1, sizeof(*n));
	if (!n || !options_network(args, n)) {
		free(n);
		return 2;
	}
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	count = parts(n, file, gnb, ue, children);
	explicit_bzero(n, sizeof(*n));
	free(n);
	for (size_t i = 0; ok && i < count && !ended; i++)
		ok = child_start(&children[i], READY_MS);
	if (ok && !ended) {
		fprintf(stderr, "freehold up: the network is up; Ctrl-C ends it\n");
		watch(children, count);
	}
	children_stop(children, count, STOP_MS);
	return ok ? 0 : 1;
}

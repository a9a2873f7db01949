/* freehold up: a network until Ctrl-C. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ops/ops.h"
#include "io/file.h"
#include "ops/children.h"
#include "ops/confinement.h"
#include "ops/process.h"
#include "io/netlink.h"

static const char help[] =
	"freehold up [-c network.yaml] [--gnbs] [--ues]\n\n"
	"Runs the core, each of upfs, the console if it has an address (and, when asked, each of gnbs - "
	"where one is split\n"
	"its CU-CP and each of cuups and dus - and ues) as processes until Ctrl-C. A\n"
	"part that dies is started again; what it must remember is in its store. SIGHUP: all\n"
	"read the file again, and a UPF more is started. gNBs connect to the n2_address of\n"
	"core.amfs and to the n3_address of upfs.\n";

/* A large store takes its time: as long as its unit gives a part (TimeoutStartSec). */
enum { CHILD_NAME = 3, ASKED = -2, READY_MS = 300000, STOP_MS = 3000, RESTART_MS = 500, LOOK_MS = 20 };

static volatile sig_atomic_t ended, hung_up;

static void on_signal(int signal)
{
	if (signal == SIGHUP)
		hung_up = 1;
	else if (signal != SIGUSR1 && signal != SIGUSR2)
		ended = 1;
}

/* SIGHUP goes on to the parts: what they can take live of the configuration they take. */
static void hang_up(struct child *children, size_t count)
{
	hung_up = 0;
	for (size_t i = 0; i < count; i++)
		if (child_alive(&children[i]))
			kill(children[i].pid, SIGHUP);
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

/* Names outlive the configuration, which holds keys and is wiped. */
static char names[CHILDREN_MAX][NETWORK_NAME_SIZE];

/* The next child; none is added when the table is full. */
static void add_part(struct child *children, size_t *count, const char *kind, const char *name,
	const char *netns, const char *file)
{
	struct child *c = &children[*count];

	if (*count == CHILDREN_MAX)
		return;
	if (name)
		str_copy(names[*count], sizeof(names[0]), name);
	*c = (struct child){ .name = kind,
		.args = { kind, "-c", file, [CHILD_NAME] = name ? names[*count] : NULL },
		.netns = part_netns(netns),
		.out = -1 };
	++*count;
}

/* A process each: the UPFs, the core, and of gNBs and UEs those that are wanted. */
static size_t parts(const struct network *n, const char *file, bool gnbs, bool ues, struct child *children)
{
	size_t count = 0;

	for (uint8_t i = 0; i < n->upf_count; i++)
		add_part(children, &count, "upf", n->upfs[i].name, n->upfs[i].netns, file);
	add_part(children, &count, "core", NULL, n->core.netns, file);
	if (n->console.config.address.len > 0)
		add_part(children, &count, "console", NULL, "", file);
	for (uint8_t i = 0; gnbs && i < n->gnb_count; i++)
		add_part(children, &count, n->gnbs[i].f1_address.len > 0 ? "cucp" : "gnb",
			n->gnbs[i].config.name, n->gnbs[i].netns, file);
	for (uint8_t i = 0; gnbs && i < n->cuup_count; i++)
		add_part(children, &count, "cuup", n->cuups[i].name, n->cuups[i].netns, file);
	for (uint8_t i = 0; gnbs && i < n->du_count; i++)
		add_part(children, &count, "du", n->dus[i].name, n->dus[i].netns, file);
	for (uint8_t i = 0; ues && i < n->ue_count; i++)
		add_part(children, &count, "ue", n->ues[i].name, n->ues[i].netns, file);
	return count;
}

static bool is_part(const struct child *children, size_t count, const char *kind, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(children[i].name, kind) && children[i].args[CHILD_NAME] &&
			!strcmp(children[i].args[CHILD_NAME], name))
			return true;
	return false;
}

/* UPFs that have come into the configuration. Of one that cannot be read the parts tell what is wrong. */
static void add_upfs(struct child *children, size_t *count, const char *file)
{
	struct network *n = calloc(1, sizeof(*n));
	struct bytes text = BYTES_NONE;
	char error[CONFIG_ERROR_SIZE];
	size_t before;

	if (n && file_read(file, PROCESS_CONFIG_MAX, &text) && network_load(file, text, n, error)) {
		for (uint8_t i = 0; i < n->upf_count; i++) {
			before = *count;
			if (is_part(children, *count, "upf", n->upfs[i].name))
				continue;
			fprintf(stderr, "freehold up: UPF %s has come\n", n->upfs[i].name);
			add_part(children, count, "upf", n->upfs[i].name, n->upfs[i].netns, file);
			if (*count > before)
				child_start(&children[before], 0, NULL);
		}
	}
	if (n)
		explicit_bzero(n, sizeof(*n));
	file_free(&text);
	free(n);
}

/* What the console orders: octets of its pipe. */
struct ordered {
	bool reload, restore;
};

static struct ordered take_orders(int orders)
{
	struct ordered o = { false, false };
	char octets[64];
	ssize_t n = orders >= 0 ? read(orders, octets, sizeof(octets)) : 0;

	for (ssize_t i = 0; i < n; i++) {
		o.reload |= octets[i] == ORDER_RELOAD;
		o.restore |= octets[i] == ORDER_RESTORE;
	}
	return o;
}

/* The core ends, its store is replaced, it begins anew; without success with the one it had. */
static void restore(struct child *children, size_t count, struct child *restorer)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(children[i].name, "core") != 0)
			continue;
		fprintf(stderr, "freehold up: the core ends, to begin anew with a backup\n");
		children_stop(&children[i], 1, STOP_MS);
		if (child_start(restorer, 0, NULL))
			while (child_alive(restorer) && !ended)
				nanosleep(&(struct timespec){ 0, LOOK_MS * 1000000 }, NULL);
		if (!WIFEXITED(restorer->status) || WEXITSTATUS(restorer->status) != 0)
			fprintf(stderr, "freehold up: nothing is restored\n");
		child_start(&children[i], 0, NULL);
	}
}

/* The console may ask that all parts read their configuration again: the end that we read, or -1. */
static int give_orders(struct child *children, size_t count)
{
	int pair[2];

	for (size_t i = 0; i < count; i++) {
		if (strcmp(children[i].name, "console") != 0)
			continue;
		if (pipe2(pair, O_CLOEXEC | O_NONBLOCK) != 0)
			return -1;
		children[i].orders = pair[1];
		return pair[0];
	}
	return -1;
}

/* When the file was written last. */
static int64_t written_ns(const char *file)
{
	struct stat s;

	return stat(file, &s) == 0 ? (int64_t)s.st_mtim.tv_sec * INT64_C(1000000000) + s.st_mtim.tv_nsec : -1;
}

/* Started again; one for which the configuration has nothing, or a wrong word (status 2), once that is
 * another than at waits_ns (0: it does not wait). */
static void begin_again(struct child *c, const char *file, int64_t *waits_ns)
{
	bool wrong = *waits_ns == 0 && WIFEXITED(c->status) && WEXITSTATUS(c->status) == 2;

	if (*waits_ns != 0 && *waits_ns == written_ns(file))
		return;
	if (*waits_ns == 0)
		fprintf(stderr, "freehold up: %s ended (%s %d); %s\n", c->name,
			WIFSIGNALED(c->status) ? "signal" : "status",
			WIFSIGNALED(c->status) ? WTERMSIG(c->status) : WEXITSTATUS(c->status),
			wrong ? "it waits for another configuration" : "starting it again");
	*waits_ns = wrong ? written_ns(file) : 0;
	if (!wrong)
		child_start(c, 0, NULL); /* the others are watched meanwhile */
}

/* Waits for the end; meanwhile parts that die are started again. */
static void watch(struct child *children, size_t *count, const char *file, int orders, struct child *restorer)
{
	struct ordered o;
	struct timespec pause = { 0, RESTART_MS * 1000000 };
	uint64_t alive_ns = 0; /* since systemd heard that we live */
	static int64_t waits_ns[CHILDREN_MAX];

	while (!ended) {
		nanosleep(&pause, NULL);
		alive_ns += RESTART_MS * UINT64_C(1000000);
		if (child_alive_every_ns() && alive_ns >= child_alive_every_ns()) {
			child_say_alive();
			alive_ns = 0;
		}
		o = take_orders(orders);
		for (size_t i = 0; (hung_up || o.reload) && i < *count; i++)
			waits_ns[i] = waits_ns[i] ? ASKED : 0; /* that is another time than the file's */
		if (hung_up || o.reload) {
			hang_up(children, *count);
			add_upfs(children, count, file);
		}
		if (o.restore)
			restore(children, *count, restorer);
		for (size_t i = 0; i < *count && !ended; i++) {
			if (!child_alive(&children[i]))
				begin_again(&children[i], file, &waits_ns[i]);
		}
	}
}

int ops_up(struct options *args)
{
	static const int taken[] = { SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2 };
	static struct child children[CHILDREN_MAX];
	struct sigaction action = { .sa_handler = on_signal };
	static char staged[NETWORK_PATH_SIZE + 32];
	struct child restorer = { .name = "restore", .netns = -1, .out = -1 };
	struct sandbox may = confinement(CONFINED_UP);
	struct sandbox_result result;
	struct network *n;
	bool gnbs, ues, ok = true;
	const char *file;
	size_t count;
	int orders;

	if (options_help(args, help))
		return 0;
	gnbs = options_flag(args, "--gnbs");
	ues = options_flag(args, "--ues");
	file = options_network_file(args);
	n = options_memory(sizeof(*n));
	if (!n || !options_network(args, n) || ((gnbs || ues) && !options_air_of_processes(args, n))) {
		free(n);
		return 2;
	}
	for (size_t i = 0; i < ARRAY_LEN(taken); i++)
		sigaction(taken[i], &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	count = parts(n, file, gnbs, ues, children);
	orders = give_orders(children, count);
	snprintf(staged, sizeof(staged), "%s/backups/restoring", n->console.config.store);
	restorer.args[0] = "restore";
	restorer.args[1] = "--staged";
	restorer.args[2] = staged;
	restorer.args[3] = "--replace";
	restorer.args[4] = "-c";
	restorer.args[5] = file;
	child_ready_begin();
	ok = sandbox_enter(&may, &result);
	if (!ok)
		fprintf(stderr, "freehold up: cannot be confined: %m\n");
	explicit_bzero(n, sizeof(*n));
	free(n);
	for (size_t i = 0; ok && i < count && !ended; i++)
		ok = child_start(&children[i], READY_MS, &ended);
	if (ok && !ended) {
		child_say_ready();
		fprintf(stderr, "freehold up: the network is up; Ctrl-C ends it\n");
		watch(children, &count, file, orders, &restorer);
	}
	children_stop(children, count, STOP_MS);
	return ok ? 0 : 1;
}

/* freehold replay: a recorded process run again, and where it does what it did not do. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "apps/app.h"
#include "apps/ports.h"
#include "apps/secrets.h"
#include "io/file.h"
#include "ops/network.h"
#include "sim/replay.h"

static const char help[] = "freehold replay FILE [--until STEP] [--full] [--quiet] [--gdb]\n\n"
			   "Runs the process that FILE records (--record of core, gnb and ue) again over "
			   "what it heard, shows its messages, and\n"
			   "compares what it sends with what it sent. A step is a message that came in, or a "
			   "deadline. With --until it stops\n"
			   "before that step; with --gdb that is a breakpoint in gdb. Status 0: equal; 1: it "
			   "differs; 2: FILE is no recording.\n";

enum { REPLAY_FILE_MAX = INT32_MAX, LINE_SIZE = 512, FULL_SIZE = 1 << 20 };

struct replay_command {
	struct replay r; /* first: its env */
	struct network network;
	const struct port_text *ports;
	enum print_form form;
	bool quiet;
	struct core *core;
	struct gnb *gnb;
	struct ue_host *host;
	char text[FULL_SIZE];
};

void replay_stop(void);

/* Where gdb stops: what comes next is the step that was asked for. */
__attribute__((noinline)) void replay_stop(void)
{
	__asm__ volatile("");
}

static void show(void *arg, const struct replay *r, bool in, const struct msg *m)
{
	struct replay_command *c = arg;
	const struct port_text *p = port_text_find(c->ports, m->port);
	struct writer w = writer_of(c->text, c->form == PRINT_LINE ? LINE_SIZE : sizeof(c->text));

	if (c->quiet)
		return;
	printf("%6" PRIu64 " %12.6f %s ", r->step, (double)(r->now_ns - r->head.start_ns) / 1e9,
		in ? "->" : "<-");
	if (p && m->kind == MSG_DATA && p->fn(c->form, m->data, &w))
		printf("%s %.*s\n", p->name, (int)w.len, c->text);
	else
		printf("port %u, %s %zu octets\n", m->port,
			m->kind == MSG_UP     ? "up"
			: m->kind == MSG_DOWN ? "down"
					      : "data",
			m->data.len);
}

static void show_nas(void *arg, bool uplink, struct bytes plain)
{
	struct replay_command *c = arg;
	struct writer w = writer_of(c->text, c->form == PRINT_LINE ? LINE_SIZE : sizeof(c->text));

	nas_text(c->form, plain, &w);
	if (!c->quiet)
		printf("%6" PRIu64 "              %s N1 %.*s\n", c->r.step, uplink ? "->" : "<-", (int)w.len,
			c->text);
}

static bool make_core(struct replay_command *c, struct room *room)
{
	static struct core_config config;
	const char *unknown;

	network_core_config(&c->network, &config);
	if (!network_trace_users(&c->network, &config, &unknown))
		fprintf(stderr, "freehold replay: there is no user \"%s\" here: its traces differ\n",
			unknown);
	if (!secrets_take(c->r.head.secrets, c->network.core.udm.hn_key_count == 0, &config))
		return false;
	c->core = core_new(&config, c->r.head.counts_lost, &c->r.env);
	core_wipe_secrets(&config);
	if (!c->core)
		return false;
	core_set_nas_tap(c->core, show_nas, c);
	*room = core_room(c->core);
	c->ports = core_ports;
	return true;
}

static bool make_gnb(struct replay_command *c, struct room *room)
{
	if (c->r.head.part >= c->network.gnb_count)
		return false;
	c->gnb = gnb_new(&c->network.gnbs[c->r.head.part].config, &c->r.env);
	if (c->gnb)
		*room = gnb_room(c->gnb);
	c->ports = gnb_ports;
	return c->gnb != NULL;
}

static bool make_ue(struct replay_command *c, struct room *room)
{
	struct network_ue *u = &c->network.ues[c->r.head.part];
	bool ok = false;

	if (c->r.head.part >= c->network.ue_count)
		return false;
	u->config.profile = &u->profile;
	c->host = ue_host_new(&c->r.env, 1);
	ok = c->host && ue_new(c->host, &u->config);
	if (ok)
		*room = ue_host_room(c->host);
	return ok;
}

/* The room as the process made it. */
static bool make_room(struct replay_command *c, struct room *room)
{
	char error[CONFIG_ERROR_SIZE];

	if (!network_load("the recording", c->r.head.config, &c->network, error)) {
		fprintf(stderr, "freehold replay: %s\n", error);
		return false;
	}
	if (!strcmp(c->r.head.role, "core"))
		return make_core(c, room);
	if (!strcmp(c->r.head.role, "gnb"))
		return make_gnb(c, room);
	return !strcmp(c->r.head.role, "ue") && make_ue(c, room);
}

static int tell(const struct replay_command *c, enum replay_verdict v)
{
	switch (v) {
	case REPLAY_EQUAL:
		printf("equal: %" PRIu64 " steps%s\n", c->r.step,
			c->r.full ? ", up to the limit of the recording" : "");
		return 0;
	case REPLAY_STOPPED:
		printf("equal up to step %" PRIu64 "\n", c->r.step);
		return 0;
	case REPLAY_DIFFERS:
		printf("differs at step %" PRIu64 ": %s\n", c->r.step, c->r.text);
		return 1;
	case REPLAY_DAMAGED:
		printf("equal for %" PRIu64 " steps; the recording is cut short or damaged after them\n",
			c->r.step);
		return 2;
	}
	return 2;
}

static int replay_file(struct replay_command *c, struct bytes file, uint64_t until)
{
	enum replay_verdict v;
	struct room room;

	if (!replay_init(&c->r, file)) {
		fprintf(stderr, "freehold replay: the file is no recording of this version\n");
		return 2;
	}
	c->r.show = show;
	c->r.show_arg = c;
	if (!make_room(c, &room)) {
		fprintf(stderr, "freehold replay: a %s cannot be made of the recording%s%s\n", c->r.head.role,
			c->r.differs ? ": " : "", c->r.text);
		return 2;
	}
	v = replay_run(&c->r, &room, until);
	if (v == REPLAY_STOPPED) {
		replay_stop();
		v = replay_go_on(&c->r, until + 1);
	}
	return tell(c, v);
}

/* The same command below gdb, stopped at the step. */
static int exec_gdb(const char *file, const char *until)
{
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);

	if (n < 0)
		return 2;
	self[n] = '\0';
	execlp("gdb", "gdb", "-q", "-ex", "break replay_stop", "-ex", "run", "--args", self, "replay", file,
		"--until", until, (char *)NULL);
	fprintf(stderr, "freehold replay: --gdb needs the program gdb: %m\n");
	return 2;
}

int app_replay(struct options *args)
{
	struct replay_command *c;
	const char *until;
	double step = 0;
	struct bytes file;
	char number[32];
	bool gdb;
	int status;

	if (options_help(args, help))
		return 0;
	gdb = options_flag(args, "--gdb");
	if (!options_number(args, "--until", 1, 1e15, &step))
		return 2;
	snprintf(number, sizeof(number), "%.0f", step);
	until = number;
	c = options_memory(sizeof(*c));
	if (!c)
		return 1;
	c->form = options_flag(args, "--full") ? PRINT_FULL : PRINT_LINE;
	c->quiet = options_flag(args, "--quiet");
	if (args->argc != 2 || !file_read(args->argv[1], REPLAY_FILE_MAX, &file)) {
		fprintf(stderr,
			args->argc == 2 ? "freehold replay: %s: %m\n"
					: "freehold replay: expected one file\n",
			args->argv[args->argc > 1 ? 1 : 0]);
		free(c);
		return 2;
	}
	if (gdb) {
		file_free(&file);
		free(c);
		return exec_gdb(args->argv[1], until);
	}
	status = replay_file(c, file, (uint64_t)step);
	core_free(c->core);
	gnb_free(c->gnb);
	ue_host_free(c->host);
	replay_fini(&c->r);
	file_free(&file);
	explicit_bzero(c, sizeof(*c));
	free(c);
	return status;
}

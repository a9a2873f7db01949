/* freehold demo: the whole network on one machine, shown step by step, with real traffic through it. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "demo/demo.h"
#include "demo/internal.h"
#include "base/text.h"
#include "io/file.h"
#include "io/unix_socket.h"

static const char help[] =
	"freehold demo [--air samples | messages] [--dir build/demo] [--size MEGABYTES]\n\n"
	"Makes five hosts as network namespaces and starts core, UPF, gNB and UE in them as processes. The "
	"UE "
	"registers\n"
	"(SUCI by Profile A, 5G-AKA, NEA2, NIA2) and gets a PDU session; then ping and a download by curl go "
	"through\n"
	"it. By samples, gNB and UE have a whole radio each, a cell of 10 MHz at 15 kHz, joined by a fading "
	"channel\n"
	"(freehold air); by messages a simulated link. The directory gets trace.pcapng, ladder.txt, the "
	"configuration\n"
	"and the logs. Exits 0 when all of it works.\n";

static bool parts_alive(struct demo *d)
{
	for (size_t i = 0; i < PARTS; i++) {
		if (!d->parts[i].started || child_alive(&d->parts[i]))
			continue;
		fprintf(stderr, "freehold demo: %s died; see %s\n", d->parts[i].name, d->parts[i].log);
		return false;
	}
	return true;
}

/* The value of a line "name value" of the core's status; -1 when the core does not answer. */
static long core_status(struct demo *d, const char *name)
{
	static char text[UNIX_MSG_MAX + 1];
	size_t len = strlen(name);
	int fd = unix_connect(d->control);
	int64_t n = -1;

	if (fd < 0)
		return -1;
	if (unix_send(fd, bytes_of_str("status\n")))
		n = unix_recv(fd, text, sizeof(text) - 1, 1000);
	close(fd);
	if (n <= 0)
		return -1;
	text[n] = '\0';
	for (char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		if (!strncmp(line, name, len) && line[len] == ' ')
			return strtol(line + len, NULL, 10);
	return -1;
}

static bool wait_for_status(struct demo *d, const char *name, const char *what)
{
	double end = demo_now_ms() + STEP_MS;

	while (demo_now_ms() < end && parts_alive(d)) {
		if (core_status(d, name) > 0)
			return true;
		demo_pump(d, 5);
	}
	fprintf(stderr, "freehold demo: %s did not happen; see the logs in %s\n", what, d->dir);
	return false;
}

static bool wait_for_flag(struct demo *d, const bool *flag, const char *what)
{
	double end = demo_now_ms() + STEP_MS;

	while (!*flag && demo_now_ms() < end && parts_alive(d))
		demo_pump(d, 20);
	if (!*flag)
		fprintf(stderr, "freehold demo: %s did not happen; see the logs in %s\n", what, d->dir);
	return *flag;
}

static bool start(struct demo *d, enum part part)
{
	double before = demo_now_ms();

	if (!child_start(&d->parts[part], STEP_MS, NULL))
		return false;
	demo_say(d, "%s is up after %.1f ms", d->parts[part].name, demo_now_ms() - before);
	return true;
}

static void prepare_parts(struct demo *d)
{
	static const char *const names[PARTS] = { "upf", "core", "gnb", "air", "ue" };
	static const enum demo_host hosts[PARTS] = { DEMO_UPF, DEMO_CORE, DEMO_GNB, DEMO_GNB, DEMO_UE };

	for (size_t i = 0; i < PARTS; i++) {
		snprintf(d->logs[i], sizeof(d->logs[i]), "%s/%s.log", d->dir, names[i]);
		d->parts[i] = (struct child){ .name = names[i],
			.args = { names[i], "-c", d->yaml },
			.log = d->logs[i],
			.netns = d->network.host[hosts[i]],
			.out = -1 };
	}
	if (d->samples) {
		snprintf(d->radio, sizeof(d->radio), "%s/radio.pcapng", d->dir);
		d->parts[PART_GNB].args[3] = "--trace";
		d->parts[PART_GNB].args[4] = d->radio;
		snprintf(d->schedule, sizeof(d->schedule), "%s/schedule.csv", d->dir);
		d->parts[PART_GNB].args[5] = "--schedule";
		d->parts[PART_GNB].args[6] = d->schedule;
	}
	d->parts[PART_CORE].args[3] = "--nas-tap";
	d->parts[PART_CORE].args[4] = d->tap;
}

static bool prepare(struct demo *d)
{
	int pipes[2];

	snprintf(d->yaml, sizeof(d->yaml), "%s/network.yaml", d->dir);
	snprintf(d->control, sizeof(d->control), "%s/core.sock", d->dir);
	snprintf(d->tap, sizeof(d->tap), "%s/nas.tap", d->dir);
	if (!demo_network_configure(d->dir, d->samples, d->subscriber, sizeof(d->subscriber)) ||
		!demo_network_make(&d->network) || !demo_trace_open(&d->trace, &d->network, d->dir, d->tap))
		return false;
	prepare_parts(d);
	if (pipe2(pipes, O_CLOEXEC) < 0)
		return false;
	d->ue_out = pipes[0];
	d->parts[PART_UE].out = pipes[1];
	demo_say(d, "five hosts (core, upf, gnb, ue, dn) are made as network namespaces");
	return true;
}

static bool add_subscriber(struct demo *d)
{
	char request[300], reply[256];
	int fd = unix_connect(d->control);
	int64_t n = -1;

	snprintf(request, sizeof(request), "subscriber add\n%s", d->subscriber);
	if (fd >= 0 && unix_send(fd, bytes_of_str(request)))
		n = unix_recv(fd, reply, sizeof(reply) - 1, 5000);
	if (fd >= 0)
		close(fd);
	explicit_bzero(request, sizeof(request));
	if (n > 2 && !memcmp(reply, "ok", 2))
		return true;
	fprintf(stderr, "freehold demo: the subscriber was not added\n");
	return false;
}

/* The main job, phase by phase. */
static bool play(struct demo *d)
{
	double t = demo_now_ms();

	if (!start(d, PART_UPF) || !start(d, PART_CORE) ||
		!wait_for_status(d, "upfs_associated", "the N4 association") || !add_subscriber(d))
		return false;
	d->phase_ms[0] = demo_now_ms() - t;
	demo_say(d, "core and UPF are associated on N4; subscriber %s added", DEMO_IMSI);
	t = demo_now_ms();
	if (!start(d, PART_GNB) || !wait_for_status(d, "gnbs", "NG Setup"))
		return false;
	d->phase_ms[1] = demo_now_ms() - t;
	demo_say(d, "NG Setup done");
	t = demo_now_ms();
	if (d->samples && !start(d, PART_AIR))
		return false;
	if (!start(d, PART_UE) || !wait_for_flag(d, &d->registered, "the registration"))
		return false;
	d->phase_ms[2] = demo_now_ms() - t;
	t = demo_now_ms();
	if (!wait_for_flag(d, &d->session, "the PDU session"))
		return false;
	d->phase_ms[3] = demo_now_ms() - t;
	t = demo_now_ms();
	if (!demo_ping(d))
		return false;
	d->phase_ms[4] = demo_now_ms() - t;
	return demo_download(d);
}

static void summary(struct demo *d)
{
	static const char *const phases[] = { "core and UPF up and associated", "gNB up, NG Setup",
		"UE up, registration", "PDU session", "ping, 5 packets", "download" };

	printf("\nphase                               ms\n");
	for (size_t i = 0; i < ARRAY_LEN(phases); i++)
		printf("  %-30s%8.1f\n", phases[i], d->phase_ms[i]);
	printf("throughput %25.0f Mb/s\n\nprocess          memory (proportional set size)\n",
		d->size_mb * 8e3 / d->phase_ms[5]);
	for (size_t i = 0; i < PARTS; i++)
		if (d->parts[i].started)
			printf("  %-10s%10llu KiB\n", d->parts[i].name,
				(unsigned long long)child_memory_kib(&d->parts[i]));
}

static void finish(struct demo *d, bool ok)
{
	if (ok)
		summary(d);
	children_stop(d->parts, PARTS, STOP_MS);
	demo_pump(d, 100);
	if (!d->trace.ladder)
		return;
	if (!demo_trace_close(&d->trace))
		fprintf(stderr, "freehold demo: the trace could not be written whole\n");
	else if (ok)
		printf("\n%s/trace.pcapng: %u NGAP, %u PFCP, %u NAS messages, %u N3 packets; %s/ladder.txt\n",
			d->dir, d->trace.ngap, d->trace.pfcp, d->trace.nas, d->trace.n3_packets, d->dir);
}

int demo_run(struct options *args)
{
	struct demo *d;
	const char *dir, *size, *air;
	uint64_t mb;
	char *real;
	bool ok;

	if (options_help(args, help))
		return 0;
	dir = options_text(args, "--dir");
	size = options_text(args, "--size");
	air = options_text(args, "--air");
	d = calloc(1, sizeof(*d));
	mb = air && !strcmp(air, "messages") ? SIZE_DEFAULT_MB : SIZE_SAMPLES_MB;
	if (!d || (air && strcmp(air, "messages") != 0 && strcmp(air, "samples") != 0) ||
		(size && !text_uint(bytes_of_str(size), 100000, &mb)) || args->argc > 1) {
		fputs(help, stderr);
		free(d);
		return 2;
	}
	d->start_ms = demo_now_ms();
	d->size_mb = (double)mb;
	d->samples = !air || strcmp(air, "messages") != 0;
	d->ue_out = -1;
	signal(SIGPIPE, SIG_IGN);
	dir = dir ? dir : "build/demo";
	real = file_make_dirs(dir) ? realpath(dir, NULL) : NULL;
	if (!real || strlen(real) >= sizeof(d->dir) - 24) {
		fprintf(stderr, "freehold demo: %s: %m\n", dir);
		free(real);
		free(d);
		return 1;
	}
	str_copy(d->dir, sizeof(d->dir), real);
	free(real);
	ok = prepare(d) && play(d);
	finish(d, ok);
	demo_network_remove(&d->network);
	printf(ok ? "\nThe demo succeeded.\n" : "\nThe demo failed.\n");
	free(d);
	return ok ? 0 : 1;
}

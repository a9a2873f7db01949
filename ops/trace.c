/*
 * freehold trace: one subscriber's signalling, as the core keeps it (core/trace.h): a ladder on the terminal,
 * and a capture for dissectors.
 */
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "core/trace.h"
#include "io/pcapng.h"
#include "ops/control_client.h"
#include "ops/ladder.h"
#include "ops/ops.h"
#include "ops/trace_head.h"
#include "ops/trace_line.h"

static const char help[] =
	"freehold trace IMSI|imei-IMEI [-o FILE.pcapng] [--last 10m] [--follow] [--for 60s] [--no-ladder]\n\n"
	"Shows the signalling of one subscriber as it happens, until Ctrl-C: N1 in plain, N2, N4 and the "
	"core's\n"
	"service operations; -o writes them into a capture for Wireshark, N1 also as it was sent. --last "
	"shows what\n"
	"the core has in memory (core.trace_ring_mib) of the last seconds (s), minutes (m) or hours (h), and "
	"ends;\n"
	"with --follow it goes on. --for ends it after that time. Keys are zeros.\n"
	"It takes root, or a user of core.trace_users, and each use is written down in the core's log.\n"
	"Options: -c network.yaml (for core.control), or --control SOCKET\n";

enum { PAUSE_MS = 200, COLUMN_WIDTH = 7 };

enum { CAPTURE_N1, CAPTURE_N1_PLAIN, CAPTURE_N2, CAPTURE_N4, CAPTURE_SBI, CAPTURES };

struct tracing {
	struct supi whose;
	char name[SUPI_STR_SIZE]; /* as messages have it */
	const char *path;         /* path: of the capture; NULL: none */
	bool follow, no_ladder;
	double last_s, for_s; /* 0: not given */
	struct pcapng file;
	int interfaces[CAPTURES];
	uint64_t messages, first_ns;
	unsigned width; /* of the terminal; 0: it is none */
	bool warned;
};

/* "10m", "90 s", "2h", "45": seconds. */
static bool take_duration(struct options *args, const char *name, double *seconds)
{
	const char *text = options_text(args, name);
	char *end;
	double v;

	if (!text)
		return true;
	v = strtod(text, &end);
	if (end != text && (!strcmp(end, "m") || !strcmp(end, "h")))
		v *= *end++ == 'm' ? 60 : 3600;
	else if (end != text && !strcmp(end, "s"))
		end++;
	*seconds = v;
	if (end != text && *end == '\0' && v >= 1 && v <= CORE_TRACE_LAST_S_MAX)
		return true;
	return options_refuse(args, name, "a time like 90s, 10m or 2h, up to 168h", text);
}

static void print_ladder(struct tracing *t, const struct trace_message *m)
{
	char text[LADDER_LINE_SIZE], line[LADDER_LINE_SIZE];
	enum trace_column from, to;

	if (t->messages == 0) {
		printf("%12s", "ms  ");
		for (size_t i = 0; i < TRACE_COLUMNS; i++)
			printf("%-*s", COLUMN_WIDTH, trace_column_names[i]);
		printf("\n");
	}
	trace_line_ends(m, &from, &to);
	trace_line_text(m, text, sizeof(text));
	ladder_line(line, (double)(int64_t)(m->utc_ns - t->first_ns) / 1e6, TRACE_COLUMNS, COLUMN_WIDTH, from,
		to, text);
	printf("%.*s\n", t->width ? (int)t->width : LADDER_LINE_SIZE, line);
	fflush(stdout); /* it is seen as it happens */
}

static bool write_pdu(struct tracing *t, int capture, const char *dissector, const struct trace_message *m,
	struct bytes octets, const char *comment)
{
	return octets.len == 0 ||
	       pcapng_pdu(&t->file, t->interfaces[capture], m->utc_ns, dissector, octets, comment);
}

static bool write_n1(struct tracing *t, const struct trace_message *m)
{
	bool ciphered = !bytes_equal(m->octets, m->plain);

	if (ciphered && !write_pdu(t, CAPTURE_N1, "nas-5gs", m, m->octets,
				m->in ? "N1 uplink, as it was sent" : "N1 downlink, as it was sent"))
		return false;
	return write_pdu(t, CAPTURE_N1_PLAIN, "nas-5gs", m, m->plain,
		m->in ? "N1 uplink, in plain" : "N1 downlink, in plain");
}

static bool write_message(struct tracing *t, const struct trace_message *m)
{
	char comment[256], peer[ADDR_STR_SIZE];

	if (m->kind == TRACE_N1)
		return write_n1(t, m);
	if (m->kind == TRACE_SBI) {
		snprintf(comment, sizeof(comment), "%.*s: %s to %s", (int)m->title.len,
			(const char *)m->title.data, nf_type_name(m->in ? m->consumer : m->producer),
			nf_type_name(m->in ? m->producer : m->consumer));
		return write_pdu(t, CAPTURE_SBI, "http", m, m->octets, comment);
	}
	snprintf(comment, sizeof(comment), "%s %s %s%s", m->kind == TRACE_N2 ? "N2" : "N4",
		m->in ? "from" : "to", addr_str(&m->peer, peer), m->lost ? ", not sent" : "");
	return m->kind == TRACE_N2 ? write_pdu(t, CAPTURE_N2, "ngap", m, m->octets, comment)
				   : write_pdu(t, CAPTURE_N4, "pfcp", m, m->octets, comment);
}

static bool take_message(struct tracing *t, const struct trace_message *m)
{
	if (t->messages == 0)
		t->first_ns = m->utc_ns;
	if (!t->no_ladder)
		print_ladder(t, m);
	t->messages++;
	if (!t->path || (write_message(t, m) && pcapng_flush(&t->file))) /* the file is whole after each */
		return true;
	fprintf(stderr, "freehold trace: %s: %m\n", t->path);
	return false;
}

/* The core has not all of the time asked for. */
static void warn_of_time(const struct tracing *t, uint64_t back_ms)
{
	struct timespec now;
	double ago_s;

	clock_gettime(CLOCK_REALTIME, &now);
	ago_s = (double)now.tv_sec + (double)now.tv_nsec / 1e9 - (double)back_ms / 1e3;
	if (back_ms && ago_s < t->last_s)
		fprintf(stderr,
			"freehold trace: what is in memory begins %.0f seconds ago (core.trace_ring_mib)\n",
			ago_s);
}

static void warn_of(struct tracing *t, const struct trace_head *h)
{
	if (h->lost)
		fprintf(stderr,
			"freehold trace: %llu messages of the network are lost, and those of %s among "
			"them: the core's "
			"memory for them went round (core.trace_ring_mib)\n",
			(unsigned long long)h->lost, t->name);
	if (!h->known && !t->warned && !supi_is_imei(&t->whose))
		fprintf(stderr,
			"freehold trace: %s is no subscriber here; what it tries is traced all the "
			"same\n",
			t->name);
	if (!t->warned)
		warn_of_time(t, h->back_ms);
	t->warned = true;
}

/* One page from place on, which moves on with it. False with a message: it is over. */
static bool take_page(struct tracing *t, int fd, char place[24], bool *more)
{
	struct trace_message m;
	struct trace_head head;
	struct bytes body;
	struct cursor c;
	char line[64], name[SUPI_STR_SIZE];

	snprintf(line, sizeof(line), "%s\n%s", supi_plain(&t->whose, name), place);
	if (!control_ask_line(fd, "trace", line, &body))
		return false;
	c = cursor_of(body);
	if (!trace_head_read(&c, &head)) {
		fprintf(stderr, "freehold trace: the core's answer is none\n");
		return false;
	}
	warn_of(t, &head);
	while (cursor_left(&c) > 0) {
		if (!trace_message_read(&c, &m)) {
			fprintf(stderr, "freehold trace: the core is of another version\n");
			return false;
		}
		if (!take_message(t, &m))
			return false;
	}
	snprintf(place, 24, "%llu", (unsigned long long)head.place);
	*more = head.more;
	return true;
}

static double now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* Signals wait for the pause between two pages, so what is written is whole. */
static bool run(struct tracing *t, int fd)
{
	const struct timespec pause = { 0, PAUSE_MS * 1000000L }, none = { 0 };
	double until_s = t->for_s > 0 ? now_s() + t->for_s : 0;
	char place[24] = "";
	sigset_t ends;
	bool more;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	if (t->last_s > 0)
		snprintf(place, sizeof(place), "-%.0f", t->last_s);
	for (;;) {
		if (!take_page(t, fd, place, &more))
			return false;
		if (!more && !t->follow)
			return true;
		if (sigtimedwait(&ends, NULL, more ? &none : &pause) > 0)
			return true;
		if (until_s > 0 && now_s() >= until_s)
			return true;
	}
}

static bool open_file(struct tracing *t)
{
	static const char *const names[CAPTURES] = { "N1 as it was sent", "N1 in plain", "N2", "N4",
		"service operations" };

	if (!t->path)
		return true;
	if (!pcapng_open(&t->file, t->path, "freehold trace")) {
		fprintf(stderr, "freehold trace: %s: %m\n", t->path);
		return false;
	}
	for (size_t i = 0; i < CAPTURES; i++)
		t->interfaces[i] = pcapng_interface(&t->file, PCAPNG_LINK_UPPER_PDU, names[i]);
	return pcapng_flush(&t->file);
}

/* Why there may be nothing of it: it would look like a fault of the trace. */
static void say_nothing(const struct tracing *t)
{
	fprintf(stderr, "freehold trace: the core has no messages of %s %s\n", t->name,
		t->last_s > 0 ? "from that time" : "from now on");
	if (supi_is_imei(&t->whose))
		fprintf(stderr,
			"freehold trace: only a UE without SIM, or whose SIM is not served, registered for "
			"emergency services,\n"
			"goes by its IMEI; any other by its IMSI\n");
}

static int trace(struct tracing *t, const struct control_place *place)
{
	int fd = control_connect(place);
	bool ok;

	if (fd < 0)
		return 1;
	ok = open_file(t) && run(t, fd);
	if (ok && t->messages == 0)
		say_nothing(t);
	if (t->path)
		ok = pcapng_close(&t->file) && ok;
	close(fd);
	if (t->path)
		fprintf(stderr, "freehold trace: %s: %llu messages\n", t->path,
			(unsigned long long)t->messages);
	return ok ? 0 : 1;
}

int ops_trace(struct options *args)
{
	struct control_place place;
	struct winsize size;
	struct tracing *t;
	int status = 2;

	if (options_help(args, help))
		return 0;
	t = options_memory(sizeof(*t));
	if (!t)
		return 1;
	t->file.fd = -1;
	t->path = options_text(args, "-o");
	t->no_ladder = options_flag(args, "--no-ladder");
	t->follow = options_flag(args, "--follow");
	place = control_take(args);
	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		t->width = size.ws_col;
	if (take_duration(args, "--last", &t->last_s) && take_duration(args, "--for", &t->for_s)) {
		t->follow |= t->last_s == 0;
		if (control_whose(args, &t->whose) && control_words(args, 2)) {
			supi_str(&t->whose, t->name);
			status = trace(t, &place);
		}
	}
	free(t);
	return status;
}

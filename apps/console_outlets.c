#include "apps/console_outlets.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/room.h"
#include "base/text.h"
#include "io/http_post.h"
#include "ops/alarm_outlet.h"
#include "ops/children.h"
#include "ops/confinement.h"

enum {
	QUEUE_MAX = 256,
	TRIES_MAX = 12, /* some 25 minutes */
	WAIT_MS = 1000, /* after the first that failed; twice as long each time, and between two commands */
	WAIT_MAX_MS = 300000,
	ERROR_SIZE = 160,
};

/* Notices that wait, the oldest first. */
struct outlet {
	const struct notice_config *config;
	enum notice_outlet kind;
	int fd;
	char lines[QUEUE_MAX][NOTICE_SIZE];
	uint16_t lens[QUEUE_MAX];
	size_t first, count;
	unsigned tries; /* of the first */
	uint64_t next_ms;
	uint64_t sent, lost;
	char error[ERROR_SIZE];
	bool failing;
};

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void drop_first(struct outlet *o)
{
	o->first = (o->first + 1) % QUEUE_MAX;
	o->count--;
	o->tries = 0;
}

static void queue(struct outlet *o, const char *line, size_t len)
{
	size_t at;

	if (o->count == QUEUE_MAX) {
		drop_first(o);
		o->lost++;
	}
	at = (o->first + o->count++) % QUEUE_MAX;
	bytes_copy(o->lines[at], NOTICE_SIZE, bytes_of(line, len));
	o->lens[at] = (uint16_t)len;
}

/* What the console shows; where it does not read it hears the next. */
static void tell(const struct outlet *o)
{
	char text[ERROR_SIZE + 128];
	struct writer w = writer_of(text, sizeof(text));

	text_put(&w, "%s\t%llu\t%zu\t%llu\t%s", notice_outlet_names[o->kind], (unsigned long long)o->sent,
		o->count, (unsigned long long)o->lost, o->error);
	if (send(o->fd, w.data, w.failed ? 0 : w.len, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		return;
}

/* Once when it begins to fail, once when it goes again: the log has no line a notice. */
static void say(struct outlet *o, bool ok)
{
	if (!ok && !o->failing)
		fprintf(stderr, "freehold console: alarms do not reach %s: %s; tried again\n",
			notice_outlet_names[o->kind], o->error);
	else if (ok && o->failing)
		fprintf(stderr, "freehold console: alarms reach %s again\n", notice_outlet_names[o->kind]);
	o->failing = !ok;
}

static void attempt(struct outlet *o)
{
	struct notice n;
	bool ok = notice_read(bytes_of(o->lines[o->first], o->lens[o->first]), &n) &&
		  alarm_outlet_send(o->config, o->kind, &n, o->error, sizeof(o->error));
	uint64_t wait_ms = (uint64_t)WAIT_MS << o->tries;

	say(o, ok);
	o->next_ms = now_ms() + (!ok ? wait_ms < WAIT_MAX_MS ? wait_ms : WAIT_MAX_MS
					: o->kind == NOTICE_COMMAND ? WAIT_MS
								    : 0);
	if (ok) {
		o->sent++;
		o->error[0] = '\0';
		drop_first(o);
	} else if (++o->tries == TRIES_MAX) {
		o->lost++;
		drop_first(o);
	}
	tell(o);
}

/* Until the console has ended. */
static void serve(struct outlet *o)
{
	static char line[NOTICE_SIZE];

	for (;;) {
		struct pollfd p = { .fd = o->fd, .events = POLLIN };
		uint64_t now = now_ms(), left_ms = o->next_ms > now ? o->next_ms - now : 0;
		int ready = poll(&p, 1, o->count == 0 ? -1 : (int)left_ms);

		if (ready < 0 && errno != EINTR)
			return;
		if (ready > 0) {
			ssize_t n = recv(o->fd, line, sizeof(line), MSG_TRUNC);

			if (n <= 0)
				return;
			if ((size_t)n <= sizeof(line))
				queue(o, line, (size_t)n);
		} else if (ready == 0 && o->count > 0) {
			attempt(o);
		}
	}
}

static void confine(const struct notice_config *c, enum notice_outlet kind)
{
	struct sandbox_path paths[] = { { "/etc", SANDBOX_TO_READ },
		{ "/run/systemd/resolve", SANDBOX_TO_READ },
		{ "/usr/share/ca-certificates", SANDBOX_TO_READ }, { "/usr/lib/ssl", SANDBOX_TO_READ },
		{ "/dev/log", SANDBOX_TO_WRITE }, { c->webhook_ca, SANDBOX_TO_READ } };
	struct sandbox may =
		confinement(kind == NOTICE_COMMAND ? CONFINED_CONSOLE_RUNNER : CONFINED_CONSOLE_SENDER);
	struct sandbox_result result;

	http_post_prepare();
	may.paths = paths;
	may.path_count = ARRAY_LEN(paths) - !c->webhook_ca[0];
	if (!sandbox_enter(&may, &result))
		_exit(1);
}

static void run(const struct notice_config *c, enum notice_outlet kind, int fd)
{
	static struct outlet o;

	o = (struct outlet){ .config = c, .kind = kind, .fd = fd };
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	confine(c, kind);
	serve(&o);
	_exit(0);
}

static bool begin(struct console_outlets *o, const struct notice_config *c, enum notice_outlet kind)
{
	int pair[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
		return false;
	pid = fork();
	if (pid == 0) {
		child_orders_forget();
		for (unsigned i = 0; i < NOTICE_OUTLETS; i++)
			if (o->fds[i] >= 0)
				close(o->fds[i]);
		close(pair[0]);
		run(c, kind, pair[1]);
	}
	close(pair[1]);
	if (pid > 0)
		o->fds[kind] = pair[0];
	else
		close(pair[0]);
	return pid > 0;
}

bool console_outlets_begin(struct console_outlets *o, const struct notice_config *c)
{
	*o = CONSOLE_OUTLETS_NONE;
	for (unsigned i = 0; i < NOTICE_OUTLETS; i++) {
		if (!notice_outlet_is_set(c, (enum notice_outlet)i) || begin(o, c, (enum notice_outlet)i))
			continue;
		fprintf(stderr, "freehold console: who sends alarms to %s: %m\n", notice_outlet_names[i]);
		return false;
	}
	return true;
}

bool console_outlets_send(const struct console_outlets *o, uint64_t only, struct bytes line)
{
	bool ok = true;

	for (unsigned i = 0; i < NOTICE_OUTLETS; i++)
		if (o->fds[i] >= 0 && (only == 0 || only == i + 1))
			ok &= send(o->fds[i], line.data, line.len, MSG_DONTWAIT | MSG_NOSIGNAL) ==
			      (ssize_t)line.len;
	return ok;
}

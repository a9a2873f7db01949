#include "io/env.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "io/file.h"

static uint64_t io_env_now_ns(struct env *env)
{
	return loop_now_ns(((struct io_env *)env)->loop);
}

static uint64_t io_env_utc_ms(struct env *env)
{
	return loop_utc_ms(((struct io_env *)env)->loop);
}

/* getrandom of more than 256 octets may be cut short by a signal; it does not fail otherwise. */
static void io_env_getrandom(void *buf, size_t len)
{
	uint8_t *at = buf;

	while (len > 0) {
		ssize_t n = getrandom(at, len, 0);

		if (n > 0) {
			at += n;
			len -= (size_t)n;
		}
	}
}

static void io_env_random(struct env *env, void *buf, size_t len)
{
	struct io_env *e = (struct io_env *)env;
	uint8_t *from;

	if (len > IO_RANDOM_POOL / 4) {
		io_env_getrandom(buf, len);
		return;
	}
	if (len > e->pool_left) {
		io_env_getrandom(e->pool, sizeof(e->pool));
		e->pool_left = sizeof(e->pool);
	}
	from = e->pool + sizeof(e->pool) - e->pool_left;
	memcpy(buf, from, len);
	explicit_bzero(from, len);
	e->pool_left -= len;
}

static const struct env_ops io_env_ops = {
	.now_ns = io_env_now_ns,
	.utc_ms = io_env_utc_ms,
	.random = io_env_random,
};

void io_env_init(
	struct io_env *e, struct loop *l, struct store *store, struct log *log, struct outbox *outbox)
{
	*e = (struct io_env){ .env = { &io_env_ops, store, log, outbox }, .loop = l };
}

void io_env_fini(struct io_env *e)
{
	explicit_bzero(e->pool, sizeof(e->pool));
	e->pool_left = 0;
}

static uint64_t io_log_now_ns(void *arg)
{
	struct io_log *g = arg;
	struct timespec ts;

	if (g->loop)
		return loop_now_ns(g->loop);
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

/* "<6>" of a line for the journal: err, warning, info, debug of syslog(3). */
static void io_log_priority(const struct io_log *g, enum log_level level, struct writer *w)
{
	if (g->journal && g->fd == STDERR_FILENO)
		text_put(w, "<%c>", "3467"[level & 3]);
}

static void io_log_time(struct writer *w)
{
	struct timespec ts;
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &ts);
	gmtime_r(&ts.tv_sec, &tm);
	text_put(w, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
		tm.tm_hour, tm.tm_min, tm.tm_sec, (int)(ts.tv_nsec / 1000000));
}

/* A line that a debug message has within it begins with the priority too. */
static void io_log_text(
	const struct io_log *g, enum log_level level, const char *room, const char *line, struct writer *w)
{
	io_log_priority(g, level, w);
	if (!g->journal || g->fd != STDERR_FILENO) {
		io_log_time(w);
		text_put(w, " %c ", "EWID"[level & 3]);
	}
	text_put(w, "%.16s: ", room);
	for (; *line; line++) {
		writer_u8(w, (uint8_t)*line);
		if (*line == '\n')
			io_log_priority(g, level, w);
	}
	writer_u8(w, '\n');
}

/* The log has escaped all but printable ASCII and, in debug messages, the ends of lines. */
static void io_log_json(
	const struct io_log *g, enum log_level level, const char *room, const char *line, struct writer *w)
{
	io_log_priority(g, level, w);
	text_put(w, "{\"time\":\"");
	io_log_time(w);
	text_put(w, "\",\"level\":\"%s\",\"room\":\"%.16s\",\"text\":\"", log_level_name(level), room);
	for (; *line; line++) {
		if (*line == '"' || *line == '\\' || *line == '\n')
			writer_u8(w, '\\');
		writer_u8(w, *line == '\n' ? 'n' : (uint8_t)*line);
	}
	text_put(w, "\"}\n");
}

static void io_log_sink(void *arg, enum log_level level, const char *room, const char *line)
{
	uint8_t text[4 * LOG_LINE_MAX + 128]; /* each octet may be a line's end, with a priority behind it */
	struct writer w = writer_of(text, sizeof(text));
	struct io_log *g = arg;

	if (g->format == IO_LOG_JSON)
		io_log_json(g, level, room, line, &w);
	else
		io_log_text(g, level, room, line, &w);
	/* A log that cannot be written is no reason to stop. */
	if (write(g->fd, text, w.len) < 0)
		errno = 0;
}

/* JOURNAL_STREAM names the device and inode of what systemd reads (systemd.exec(5)): a descriptor that was
 * redirected since is not it. */
static bool io_log_to_journal(int fd)
{
	const char *stream = getenv("JOURNAL_STREAM");
	unsigned long long device, inode;
	struct stat st;

	return fd == STDERR_FILENO && stream && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
	       fstat(fd, &st) == 0 && st.st_dev == device && st.st_ino == inode;
}

void io_log_init(struct io_log *g, struct loop *l, enum log_level level, int fd)
{
	g->loop = l;
	g->fd = fd;
	g->format = IO_LOG_TEXT;
	g->journal = io_log_to_journal(fd);
	log_init(&g->log, level, io_log_sink, io_log_now_ns, g);
}

uint64_t io_memory_octets(void)
{
	struct sysinfo info;
	uint64_t machine = sysinfo(&info) == 0 ? (uint64_t)info.totalram * info.mem_unit : 0, group = 0;
	struct bytes text;

	if (!file_read("/sys/fs/cgroup/memory.max", 64, &text))
		return machine;
	if (sscanf((const char *)text.data, "%" SCNu64, &group) != 1) /* "max" */
		group = 0;
	file_free(&text);
	return group > 0 && group < machine ? group : machine;
}

bool io_log_file(struct io_log *g, const char *path)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0640);
	bool first = g->fd == STDERR_FILENO;

	if (fd < 0)
		return false;
	if (first) {
		g->fd = fd;
		return true;
	}
	/* In one step: other threads write too. */
	first = dup3(fd, g->fd, O_CLOEXEC) >= 0;
	close(fd);
	return first;
}

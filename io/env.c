#include "io/env.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/sysinfo.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

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

static void io_log_sink(void *arg, enum log_level level, const char *room, const char *line)
{
	struct io_log *g = arg;
	struct timespec ts;
	struct tm tm;
	char head[64];
	int len;
	struct iovec iov[3] = { { head, 0 }, { (char *)line, strlen(line) }, { (char *)"\n", 1 } };

	clock_gettime(CLOCK_REALTIME, &ts);
	gmtime_r(&ts.tv_sec, &tm);
	len = snprintf(head, sizeof(head),
		"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ %c %.16s: ", tm.tm_year + 1900, tm.tm_mon + 1,
		tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (int)(ts.tv_nsec / 1000000), "EWID"[level & 3],
		room);
	iov[0].iov_len = len > 0 && (size_t)len < sizeof(head) ? (size_t)len : 0;
	/* A log that cannot be written is no reason to stop. */
	if (writev(g->fd, iov, 3) < 0)
		errno = 0;
}

void io_log_init(struct io_log *g, struct loop *l, enum log_level level, int fd)
{
	g->loop = l;
	g->fd = fd;
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

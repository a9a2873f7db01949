#include "io/process.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/room.h"

enum { FDS_AT_A_TIME = 1024 };

static const struct stat_def defs[IO_PROCESS_FIGURES] = {
	[IO_PROCESS_START] = { "start_time_seconds", "when the process began, UTC", NULL, STAT_GAUGE,
		"seconds", 3 },
	[IO_PROCESS_CPU] = { "cpu_seconds", "time of processors that it took", NULL, STAT_COUNTER, "seconds",
		6 },
	[IO_PROCESS_RESIDENT] = { "resident_memory_bytes", "memory in use", NULL, STAT_GAUGE, "bytes" },
	[IO_PROCESS_VIRTUAL] = { "virtual_memory_bytes", "address space", NULL, STAT_GAUGE, "bytes" },
	[IO_PROCESS_FDS] = { "open_fds", "open descriptors", NULL, STAT_GAUGE },
};
const struct stat_group io_process_group = { "process", defs, IO_PROCESS_FIGURES };

void io_process_open(struct io_process *p)
{
	struct rlimit limit;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	p->values[IO_PROCESS_START] =
		(uint64_t)now.tv_sec * MS_PER_S + (uint64_t)now.tv_nsec / (uint64_t)NS_PER_MS;
	p->statm = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	p->fds_max = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < UINT32_MAX
			     ? (uint32_t)limit.rlim_cur
			     : FDS_AT_A_TIME;
}

void io_process_close(struct io_process *p)
{
	if (p->statm >= 0)
		close(p->statm);
	p->statm = -1;
}

static uint64_t time_us(const struct timeval *t)
{
	return (uint64_t)t->tv_sec * 1000000 + (uint64_t)t->tv_usec;
}

/* "size resident ...", in pages. */
static void read_memory(struct io_process *p)
{
	char text[128], *end;
	ssize_t n = p->statm >= 0 ? pread(p->statm, text, sizeof(text) - 1, 0) : -1;
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);

	if (n <= 0)
		return;
	text[n] = '\0';
	p->values[IO_PROCESS_VIRTUAL] = strtoull(text, &end, 10) * page;
	p->values[IO_PROCESS_RESIDENT] = strtoull(end, NULL, 10) * page;
}

/* Descriptors count up from 0, the lowest free one first: where so many in a row are closed, none is left. A
 * confined process cannot list its own in /proc; poll() names those that are closed. */
static uint64_t count_fds(uint32_t max)
{
	struct pollfd fds[FDS_AT_A_TIME];
	uint64_t open = 0;

	for (uint32_t from = 0; from < max; from += FDS_AT_A_TIME) {
		uint32_t n = max - from < FDS_AT_A_TIME ? max - from : FDS_AT_A_TIME, here = 0;

		for (uint32_t i = 0; i < n; i++)
			fds[i] = (struct pollfd){ .fd = (int)(from + i) };
		if (poll(fds, n, 0) < 0)
			break;
		for (uint32_t i = 0; i < n; i++)
			here += !(fds[i].revents & POLLNVAL);
		open += here;
		if (here == 0)
			break;
	}
	return open;
}

void io_process_figures(struct io_process *p, struct stats_list *l)
{
	struct rusage usage;

	if (getrusage(RUSAGE_SELF, &usage) == 0)
		p->values[IO_PROCESS_CPU] = time_us(&usage.ru_utime) + time_us(&usage.ru_stime);
	read_memory(p);
	p->values[IO_PROCESS_FDS] = count_fds(p->fds_max);
	stats_add(l, (struct stats){ .group = &io_process_group, .values = p->values });
}

/*
 * What goes to the operating system beside messages: chance, lines of the log, syslog, commands, and what it
 * knows of the process. The time of day and poll() are the test's, by the linker's --wrap.
 */
#include "base/test.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <time.h>
#include <unistd.h>

#include "base/room.h"
#include "io/command.h"
#include "io/env.h"
#include "io/process.h"
#include "io/sockaddr.h"
#include "io/syslog.h"

#define LOG_ROOM "a-room-of-more-than-sixteen"
#define TIME     "2024-02-29T12:34:56.789Z"

enum { UTC_S = 1709210096, UTC_MS = 789, PORT = 18475, OUT_MAX = 16384 };

int __real_clock_gettime(clockid_t id, struct timespec *t);
int __wrap_clock_gettime(clockid_t id, struct timespec *t);
int __real_poll(struct pollfd *fds, nfds_t n, int ms);
int __wrap_poll(struct pollfd *fds, nfds_t n, int ms);

static bool hurry;
static int waited_ms;

int __wrap_clock_gettime(clockid_t id, struct timespec *t)
{
	if (id != CLOCK_REALTIME)
		return __real_clock_gettime(id, t);
	*t = (struct timespec){ UTC_S, UTC_MS * 1000000 + 999 };
	return 0;
}

int __wrap_poll(struct pollfd *fds, nfds_t n, int ms)
{
	if (!hurry || n > 0)
		return __real_poll(fds, n, ms);
	waited_ms += ms;
	return 0;
}

/* --- the log */

static int read_end;
static char out[OUT_MAX];

static void log_to_pipe(struct io_log *g)
{
	int fds[2];

	assert_int_equal(pipe2(fds, O_CLOEXEC | O_NONBLOCK), 0);
	read_end = fds[0];
	io_log_init(g, NULL, LOG_DEBUG, fds[1]);
}

static const char *written(void)
{
	ssize_t n = read(read_end, out, sizeof(out) - 1);

	out[n > 0 ? n : 0] = '\0';
	return out;
}

static void test_log_text(void **state)
{
	struct io_log g;

	log_to_pipe(&g);
	log_error(&g.log, "one");
	assert_string_equal(written(), TIME " E a-room-of-more-t: one\n");
	log_warn(&g.log, "two %d", 2);
	assert_string_equal(written(), TIME " W a-room-of-more-t: two 2\n");
	log_info(&g.log, "a\nb");
	assert_string_equal(written(), TIME " I a-room-of-more-t: a\\x0ab\n");
	log_debug(&g.log, "three");
	assert_string_equal(written(), TIME " D a-room-of-more-t: three\n");
	close(g.fd);
	log_error(&g.log, "into nothing");
	assert_int_equal(errno, 0);
	close(read_end);
}

static void test_log_json(void **state)
{
	struct io_log g;

	log_to_pipe(&g);
	g.format = IO_LOG_JSON;
	log_warn(&g.log, "say \"%s\"", "a\\b");
	assert_string_equal(written(),
		"{\"time\":\"" TIME "\",\"level\":\"warn\",\"room\":\"a-room-of-more-t\",\"text\":"
		"\"say \\\"a\\\\b\\\"\"}\n");
	g.log.sink(g.log.arg, LOG_DEBUG, "room", "a\nb");
	assert_string_equal(written(),
		"{\"time\":\"" TIME "\",\"level\":\"debug\",\"room\":\"room\",\"text\":\"a\\nb\"}\n");
	close(g.fd);
	close(read_end);
}

/* systemd.exec(5): JOURNAL_STREAM is what standard error is. */
static void test_log_journal(void **state)
{
	int stderr_kept = dup(STDERR_FILENO);
	struct io_log g;
	struct stat st;
	char stream[64];

	log_to_pipe(&g);
	assert_int_equal(dup2(g.fd, STDERR_FILENO), STDERR_FILENO);
	assert_int_equal(fstat(STDERR_FILENO, &st), 0);
	for (int wrong = 0; wrong <= 3; wrong++) {
		snprintf(stream, sizeof(stream), "%llu:%llu", (unsigned long long)st.st_dev + (wrong == 1),
			(unsigned long long)st.st_ino + (wrong == 2));
		setenv("JOURNAL_STREAM", wrong == 3 ? "7" : stream, 1);
		io_log_init(&g, NULL, LOG_DEBUG, STDERR_FILENO);
		assert_int_equal(g.journal, !wrong);
	}
	snprintf(stream, sizeof(stream), "%llu:%llu", (unsigned long long)st.st_dev,
		(unsigned long long)st.st_ino);
	setenv("JOURNAL_STREAM", stream, 1);
	io_log_init(&g, NULL, LOG_DEBUG, STDERR_FILENO);
	g.log.sink(g.log.arg, LOG_ERROR, "r", "x");
	g.log.sink(g.log.arg, LOG_WARN, "r", "x");
	g.log.sink(g.log.arg, LOG_INFO, "r", "x");
	g.log.sink(g.log.arg, LOG_DEBUG, "r", "x\ny");
	dup2(stderr_kept, STDERR_FILENO);
	close(stderr_kept);
	unsetenv("JOURNAL_STREAM");
	assert_string_equal(written(), "<3>r: x\n<4>r: x\n<6>r: x\n<7>r: x\n<7>y\n");
	close(read_end);
}

static void test_log_file(void **state)
{
	char path[] = "/tmp/operating_XXXXXX", other[64];
	int fd = mkstemp(path);
	struct io_log g;
	struct stat st;

	assert_true(fd >= 0);
	umask(022);
	snprintf(other, sizeof(other), "%s.log", path);
	io_log_init(&g, NULL, LOG_INFO, STDERR_FILENO);
	assert_false(io_log_file(&g, "/nowhere/at/all"));
	assert_int_equal(g.fd, STDERR_FILENO);
	assert_true(io_log_file(&g, path));
	assert_int_not_equal(g.fd, STDERR_FILENO);
	log_info(&g.log, "one");
	assert_true(io_log_file(&g, other)); /* the descriptor stays */
	log_info(&g.log, "two");
	assert_int_equal(stat(other, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(pread(fd, out, sizeof(out), 0), st.st_size);
	assert_memory_equal(out + st.st_size - 4, "one\n", 4);
	close(g.fd);
	close(fd);
	unlink(path);
	unlink(other);
}

/* --- chance and memory */

static void test_random(void **state)
{
	static uint8_t large[IO_RANDOM_POOL + 7], zeros[IO_RANDOM_POOL];
	struct loop *loop = loop_new();
	struct io_env e;
	uint8_t last[16] = { 0 }, now[16];

	assert_non_null(loop);
	io_env_init(&e, loop, NULL, NULL, NULL);
	for (int i = 0; i < 4 * IO_RANDOM_POOL / 16; i++) {
		env_random(&e.env, now, sizeof(now));
		assert_memory_not_equal(now, last, sizeof(now));
		assert_memory_not_equal(now, zeros, sizeof(now));
		assert_true(e.pool_left <= sizeof(e.pool) - sizeof(now));
		assert_memory_equal(e.pool, zeros, sizeof(e.pool) - e.pool_left); /* what was given is gone */
		memcpy(last, now, sizeof(now));
	}
	env_random(&e.env, large, sizeof(large));
	assert_memory_not_equal(large + sizeof(large) - 16, zeros, 16);
	env_random(&e.env, large, IO_RANDOM_POOL / 4);
	assert_true(env_utc_ms(&e.env) == (uint64_t)UTC_S * 1000 + UTC_MS);
	assert_true(env_now_ns(&e.env) == loop_now_ns(loop));
	io_env_fini(&e);
	assert_memory_equal(e.pool, zeros, sizeof(e.pool));
	assert_int_equal(e.pool_left, 0);
	loop_free(loop);
}

static void test_memory(void **state)
{
	struct sysinfo info;

	assert_int_equal(sysinfo(&info), 0);
	assert_true(io_memory_octets() > 1 << 20);
	assert_true(io_memory_octets() <= (uint64_t)info.totalram * info.mem_unit);
}

/* --- syslog */

static void test_syslog_line(void **state)
{
	static char text[SYSLOG_LINE_MAX], line[SYSLOG_LINE_MAX];
	char host[64] = "", wanted[256];
	size_t head;

	assert_int_equal(gethostname(host, sizeof(host) - 1), 0);
	snprintf(wanted, sizeof(wanted), "<131>1 " TIME " %s freehold %d ALARM [a b=\"c\"] text",
		host[0] ? host : "-", (int)getpid());
	assert_int_equal(syslog_line(3, "ALARM", "[a b=\"c\"]", "text", line), strlen(wanted));
	assert_string_equal(line, wanted);
	head = strlen(wanted) - 4;
	memset(text, 't', SYSLOG_LINE_MAX - 1 - head);
	assert_int_equal(syslog_line(0, "ALARM", "[a b=\"c\"]", text, line), SYSLOG_LINE_MAX - 1);
	memcpy(wanted, "<128>", 5);
	assert_memory_equal(line, wanted, head);
	text[SYSLOG_LINE_MAX - 1 - head] = 't';
	assert_int_equal(syslog_line(0, "ALARM", "[a b=\"c\"]", text, line), 0);
}

static void test_syslog_sent(void **state)
{
	const struct addr here = addr_from_v4(0x7f000001, PORT);
	union sockaddr_any sa;
	socklen_t len = sockaddr_from(&here, &sa);
	int on = 1, udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0),
	    tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), fd;

	assert_true(udp >= 0 && tcp >= 0);
	errno = 0;
	assert_false(syslog_send_tcp(&here, bytes_of_str("x")));
	assert_int_equal(errno, ECONNREFUSED);
	assert_int_equal(bind(udp, &sa.sa, len), 0);
	assert_int_equal(setsockopt(tcp, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)), 0);
	assert_true(bind(tcp, &sa.sa, len) == 0 && listen(tcp, 1) == 0);
	assert_true(syslog_send_udp(&here, bytes_of_str("a line")));
	assert_int_equal(recv(udp, out, sizeof(out), 0), 6);
	assert_memory_equal(out, "a line", 6);
	assert_true(syslog_send_tcp(&here, bytes_of_str("another line")));
	fd = accept(tcp, NULL, NULL);
	assert_true(fd >= 0);
	assert_int_equal(recv(fd, out, sizeof(out), MSG_WAITALL), 15);
	assert_memory_equal(out, "12 another line", 15);
	close(fd);
	close(udp);
	close(tcp);
}

/* --- commands */

static bool runs(const char *script, struct bytes input)
{
	char shell[] = "/bin/sh", option[] = "-c", *const argv[] = { shell, option, (char *)script, NULL };

	str_copy(out, sizeof(out), "");
	return command_run(argv, input, out, 256);
}

static void test_command(void **state)
{
	static const int ours[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
	static uint8_t most[4097];
	char name[] = "/bin/none-of-that-name", *const missing[] = { name, NULL };
	struct sigaction before, ignored = { .sa_handler = SIG_IGN };
	sigset_t blocked, old;

	assert_true(runs("test \"$(cat)\" = input", bytes_of_str("input\n")));
	assert_string_equal(out, "");
	assert_true(runs("exit 0", BYTES_NONE));
	assert_false(runs("exit 3", BYTES_NONE));
	assert_string_equal(out, "/bin/sh ended with 3");
	assert_false(runs("kill -9 $$", BYTES_NONE));
	assert_string_equal(out, "/bin/sh ended by signal 9");
	assert_false(command_run(missing, BYTES_NONE, out, 256));
	assert_string_equal(out, "/bin/none-of-that-name cannot be run");
	memset(most, 'i', sizeof(most));
	assert_true(runs("test $(wc -c) = 4096", bytes_of(most, 4096)));
	assert_false(runs("true", bytes_of(most, 4097)));
	assert_string_equal(out, "/bin/sh: too much input");
	/* PATH alone; what it writes goes to the standard error, and nothing else of ours is open. */
	setenv("SECRET", "1", 1);
	assert_true(runs("test -z \"$SECRET\" && test \"$PATH\" = "
			 "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		BYTES_NONE));
	unsetenv("SECRET");
	assert_true(runs("test $(readlink /proc/$$/fd/1) = $(readlink /proc/$$/fd/2)", BYTES_NONE));
	/* It ends by the signals that we do not. */
	for (size_t i = 0; i < ARRAY_LEN(ours); i++) {
		char script[32], wanted[64];

		sigemptyset(&blocked);
		sigaddset(&blocked, ours[i]);
		sigprocmask(SIG_BLOCK, &blocked, &old);
		sigaction(ours[i], &ignored, &before);
		snprintf(script, sizeof(script), "kill -%d $$", ours[i]);
		assert_false(runs(script, BYTES_NONE));
		snprintf(wanted, sizeof(wanted), "/bin/sh ended by signal %d", ours[i]);
		assert_string_equal(out, wanted);
		sigaction(ours[i], &before, NULL);
		sigprocmask(SIG_SETMASK, &old, NULL);
	}
	/* Nor do we wait for ever. */
	hurry = true;
	waited_ms = 0;
	assert_false(runs("exec sleep 100", BYTES_NONE));
	hurry = false;
	assert_string_equal(out, "/bin/sh has not ended within 30 s");
	assert_int_equal(waited_ms, 30000);
}

/* --- figures of the process */

static uint64_t figure(struct io_process *p, enum io_process_figure f)
{
	struct stats_list l = { 0 };

	io_process_figures(p, &l);
	assert_int_equal(l.count, 1);
	assert_ptr_equal(l.items[0].group, &io_process_group);
	return l.items[0].values[f];
}

static void test_process(void **state)
{
	unsigned long size, resident;
	struct io_process p = { .statm = -1 };
	struct rusage usage;
	uint64_t open_fds, cpu_us;
	int fds[3];
	FILE *f;

	io_process_open(&p);
	assert_true(figure(&p, IO_PROCESS_START) == (uint64_t)UTC_S * 1000 + UTC_MS);
	f = fopen("/proc/self/statm", "r");
	assert_true(f && fscanf(f, "%lu %lu", &size, &resident) == 2);
	fclose(f);
	size *= (unsigned long)sysconf(_SC_PAGESIZE);
	resident *= (unsigned long)sysconf(_SC_PAGESIZE);
	assert_in_range(figure(&p, IO_PROCESS_VIRTUAL), size - (1 << 20), size + (1 << 20));
	assert_in_range(figure(&p, IO_PROCESS_RESIDENT), resident / 2, resident * 2);
	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	cpu_us = (uint64_t)usage.ru_utime.tv_sec * 1000000 + (uint64_t)usage.ru_utime.tv_usec +
		 (uint64_t)usage.ru_stime.tv_sec * 1000000 + (uint64_t)usage.ru_stime.tv_usec;
	assert_in_range(figure(&p, IO_PROCESS_CPU), cpu_us, cpu_us + 1000000);
	open_fds = figure(&p, IO_PROCESS_FDS);
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		fds[i] = dup(0);
	assert_int_equal(figure(&p, IO_PROCESS_FDS), open_fds + 3);
	assert_int_equal(dup2(0, 1100), 1100); /* behind more than are asked for at a time */
	assert_int_equal(figure(&p, IO_PROCESS_FDS), open_fds + 4);
	assert_int_equal(dup2(0, 4000), 4000); /* behind a row where none is open */
	assert_int_equal(figure(&p, IO_PROCESS_FDS), open_fds + 4);
	close(1100);
	close(4000);
	for (size_t i = 0; i < ARRAY_LEN(fds); i++)
		close(fds[i]);
	assert_int_equal(figure(&p, IO_PROCESS_FDS), open_fds);
	io_process_close(&p);
	assert_int_equal(p.statm, -1);
	assert_true(figure(&p, IO_PROCESS_VIRTUAL) > 0); /* as it was last */
	io_process_close(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_log_text),
		cmocka_unit_test(test_log_json),
		cmocka_unit_test(test_log_journal),
		cmocka_unit_test(test_log_file),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_syslog_line),
		cmocka_unit_test(test_syslog_sent),
		cmocka_unit_test(test_command),
		cmocka_unit_test(test_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

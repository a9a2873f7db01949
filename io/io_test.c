/* The loop, the environment, files, captures, the control socket. */
#include "base/test.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/room.h"
#include "io/arrival.h"
#include "io/env.h"
#include "io/file.h"
#include "io/pcapng.h"
#include "io/udp.h"
#include "io/unix_socket.h"

static char dir[64];

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static int setup(void **state)
{
	str_copy(dir, sizeof(dir), "/tmp/freehold-io-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	static const char *const names[] = { "file", "trace.pcapng", "socket", "a/b" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		unlink(path_of(names[i]));
	rmdir(path_of("a/b"));
	rmdir(path_of("a"));
	rmdir(dir);
	return 0;
}

struct seen {
	struct loop *loop;
	struct loop_watch watch[2];
	unsigned ready[2], due, ends[LOOP_PHASES];
	uint64_t at;
};

static void ready_first(void *arg, uint32_t events)
{
	struct seen *s = arg;

	s->ready[0]++;
	loop_unwatch(s->loop, &s->watch[1]); /* it is ready too, and must not be called */
}

static void ready_second(void *arg, uint32_t events)
{
	struct seen *s = arg;

	s->ready[1]++;
	loop_unwatch(s->loop, &s->watch[0]);
}

static uint64_t next_ns(void *arg)
{
	return ((struct seen *)arg)->at;
}

static void due(void *arg, uint64_t now_ns)
{
	struct seen *s = arg;

	s->due++;
	s->at = NEVER;
}

static void end_commit(void *arg)
{
	struct seen *s = arg;

	assert_int_equal(s->ends[LOOP_FLUSH], s->ends[LOOP_COMMIT]);
	s->ends[LOOP_COMMIT]++;
}

static void end_flush(void *arg)
{
	struct seen *s = arg;

	s->ends[LOOP_FLUSH]++;
	assert_int_equal(s->ends[LOOP_FLUSH], s->ends[LOOP_COMMIT]);
}

static void test_loop(void **state)
{
	struct loop *l = loop_new();
	struct seen s = { .loop = l, .at = NEVER };
	struct loop_hook flush = { next_ns, due, end_flush, LOOP_FLUSH, &s, NULL };
	struct loop_hook commit = { NULL, NULL, end_commit, LOOP_COMMIT, &s, NULL };
	int pipes[2];
	uint64_t start = loop_now_ns(l);

	assert_int_equal(pipe(pipes), 0);
	loop_hook_add(l, &flush);
	loop_hook_add(l, &commit);
	s.at = start + 5 * NS_PER_MS;
	while (s.due == 0)
		assert_true(loop_turn(l, NEVER));
	assert_true(loop_now_ns(l) - start >= 5 * NS_PER_MS);
	assert_true(loop_now_ns(l) - start < 500 * NS_PER_MS);
	s.watch[0] = (struct loop_watch){ pipes[1], EPOLLOUT, ready_first, &s };
	s.watch[1] = (struct loop_watch){ dup(pipes[1]), EPOLLOUT, ready_second, &s };
	assert_true(loop_watch(l, &s.watch[0]) && loop_watch(l, &s.watch[1]));
	assert_true(loop_turn(l, 0));
	assert_int_equal(s.ready[0] + s.ready[1], 1);
	loop_hook_remove(l, &flush);
	loop_hook_remove(l, &commit);
	loop_free(l);
	close(pipes[0]);
	close(pipes[1]);
	close(s.watch[1].fd);
}

static void test_signal_stops(void **state)
{
	struct loop *l = loop_new();

	assert_true(loop_take_signals(l, NULL, NULL));
	kill(getpid(), SIGTERM);
	assert_true(loop_run(l));
	loop_free(l);
}

static void count_signal(void *arg, int signal)
{
	*(int *)arg += signal;
}

/* What is sent to a process by habit, and a log whose reader has gone, do not end it. */
static void test_signal_stays(void **state)
{
	struct loop *l = loop_new();
	int pipes[2], seen = 0;

	assert_true(loop_take_signals(l, count_signal, &seen));
	kill(getpid(), SIGHUP);
	kill(getpid(), SIGUSR1);
	kill(getpid(), SIGUSR2);
	assert_true(loop_turn(l, 0));
	assert_int_equal(seen, SIGHUP + SIGUSR1 + SIGUSR2);
	assert_return_code(pipe(pipes), errno);
	close(pipes[0]);
	assert_int_equal(write(pipes[1], "x", 1), -1);
	assert_int_equal(errno, EPIPE);
	close(pipes[1]);
	loop_free(l);
}

static void test_env(void **state)
{
	struct loop *l = loop_new();
	struct io_env e;
	uint8_t a[32], b[32], big[IO_RANDOM_POOL];

	io_env_init(&e, l, NULL, NULL, NULL);
	assert_int_equal(env_now_ns(&e.env), loop_now_ns(l));
	assert_true(env_utc_ms(&e.env) > UINT64_C(1700000000000));
	for (int i = 0; i < 300; i++) {
		env_random(&e.env, a, sizeof(a));
		env_random(&e.env, b, sizeof(b));
		assert_memory_not_equal(a, b, sizeof(a));
	}
	env_random(&e.env, big, sizeof(big));
	/* What was handed out is not in the pool any more. */
	for (size_t i = 0; i < IO_RANDOM_POOL - e.pool_left; i++)
		assert_int_equal(e.pool[i], 0);
	io_env_fini(&e);
	loop_free(l);
}

static void test_file(void **state)
{
	struct bytes b;
	struct stat st;

	assert_true(file_write_atomic(path_of("file"), bytes_of_str("first"), 0600));
	assert_true(file_write_atomic(path_of("file"), bytes_of_str("second time"), 0600));
	assert_int_equal(symlink("/dev/null", path_of("link")), 0);
	assert_false(file_write_atomic(path_of("link"), bytes_of_str("x"), 0600));
	assert_int_equal(errno, EEXIST);
	assert_int_equal(unlink(path_of("link")), 0);
	assert_true(file_sync_parent("/of-the-root") && file_sync_parent("of-here"));
	assert_true(file_sync_parent(path_of("file")));
	assert_false(file_sync_parent("/nowhere/at/all"));
	assert_true(file_read(path_of("file"), 11, &b));
	assert_true(bytes_equal(b, bytes_of_str("second time")));
	assert_int_equal(b.data[b.len], 0);
	file_free(&b);
	assert_false(file_read(path_of("file"), 10, &b));
	assert_false(file_read(path_of("none"), 10, &b));
	assert_true(file_read("/proc/self/stat", 4096, &b)); /* of a size not given */
	assert_true(b.len > 20);
	file_free(&b);
	assert_true(file_make_dirs(path_of("a/b")));
	assert_true(file_make_dirs(path_of("a/b")));
	assert_int_equal(stat(path_of("a/b"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_false(file_make_dirs(path_of("file/x")));
}

static void test_file_stream(void **state)
{
	struct file_stream s = FILE_STREAM_NONE;
	struct bytes b;

	for (int i = 0; i < 2; i++) { /* the second replaces the first */
		assert_true(file_stream_open(&s, path_of("stream")));
		assert_true(file_stream_put(&s, bytes_of_str(i ? "one " : "more than ")));
		assert_true(file_stream_put(&s, bytes_of_str("piece")));
		assert_true(file_stream_close(&s));
	}
	assert_true(file_read(path_of("stream"), 100, &b));
	assert_true(bytes_equal(b, bytes_of_str("one piece")));
	file_free(&b);
	assert_false(file_stream_open(&s, path_of("no/stream")));
	assert_true(file_stream_open(&s, "/dev/full"));
	assert_false(file_stream_put(&s, bytes_of_str("x")));
	assert_true(file_stream_close(&s));
}

/* Runs a command; its output in a static buffer. */
static const char *output_of(const char *command)
{
	static char out[8192];
	FILE *p = popen(command, "r");
	size_t n = p ? fread(out, 1, sizeof(out) - 1, p) : 0;

	if (p)
		pclose(p);
	out[n] = '\0';
	return out;
}

/* A UDP packet and a NAS Registration Request, as tshark sees them. */
static void test_pcapng(void **state)
{
	static struct pcapng p;
	uint8_t buf[256];
	char command[256];
	struct bytes udp =
		test_hex("45000020 00010000 40110000 7f000001 7f000002 1388 1389 000c 0000 74657374", buf,
			sizeof(buf));
	uint8_t nas_buf[64];
	struct bytes nas =
		test_hex("7e004179000d0100f1100000000000000000f0 2e02f0f0", nas_buf, sizeof(nas_buf));
	const char *out;
	int ip, upper;

	assert_true(pcapng_open(&p, path_of("trace.pcapng"), "freehold test"));
	ip = pcapng_interface(&p, PCAPNG_LINK_RAW, "n3");
	upper = pcapng_interface(&p, PCAPNG_LINK_UPPER_PDU, "nas");
	assert_int_equal(upper, 1);
	assert_true(pcapng_packet(&p, ip, UINT64_C(1700000000123456789), udp, "a comment"));
	assert_true(pcapng_pdu(&p, upper, UINT64_C(1700000001000000000), "nas-5gs", nas, NULL));
	assert_false(pcapng_packet(&p, 7, 0, udp, NULL));
	for (int i = 0; i < 2000; i++) /* more than the buffer */
		assert_true(pcapng_packet(&p, ip, UINT64_C(1700000002000000000), udp, NULL));
	assert_true(pcapng_close(&p));
	if (access("/usr/bin/tshark", X_OK) != 0)
		skip();
	snprintf(command, sizeof(command),
		"tshark -n -r %s -c 2 -T fields -e frame.time_epoch -e frame.protocols -e frame.comment "
		"-e udp.port -e nas_5gs.mm.message_type 2>/dev/null",
		path_of("trace.pcapng"));
	out = output_of(command);
	assert_non_null(strstr(out, "1700000000.123456789"));
	assert_non_null(strstr(out, "a comment"));
	assert_non_null(strstr(out, "5000,5001"));
	assert_non_null(strstr(out, "nas-5gs"));
	assert_non_null(strstr(out, "0x41"));
	snprintf(command, sizeof(command), "tshark -n -r %s 2>/dev/null | wc -l", path_of("trace.pcapng"));
	assert_int_equal(strtol(output_of(command), NULL, 10), 2002);
}

struct control {
	struct unix_server *server;
	unsigned requests, closed;
};

static void control_request(void *arg, uint32_t client, struct bytes message)
{
	struct control *c = arg;

	c->requests++;
	assert_true(unix_reply(c->server, client, message));
	if (bytes_equal(message, bytes_of_str("bye")))
		unix_drop(c->server, client);
}

static void control_closed(void *arg, uint32_t client)
{
	((struct control *)arg)->closed++;
}

static void test_unix_socket(void **state)
{
	struct loop *l = loop_new();
	struct control c = { 0 };
	struct unix_user user = { control_request, control_closed, &c };
	char buf[64];
	struct stat st;
	int fd;

	c.server = unix_listen(l, path_of("socket"), &user);
	assert_non_null(c.server);
	assert_null(unix_listen(l, path_of("socket"), &user)); /* somebody lives there */
	assert_int_equal(stat(path_of("socket"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	fd = unix_connect(path_of("socket"));
	assert_true(fd >= 0);
	assert_true(unix_send(fd, bytes_of_str("hello")));
	assert_true(unix_send(fd, bytes_of_str("bye")));
	for (int i = 0; i < 5; i++)
		assert_true(loop_turn(l, 10 * NS_PER_MS));
	assert_int_equal(unix_recv(fd, buf, sizeof(buf), 100), 5);
	assert_int_equal(unix_recv(fd, buf, sizeof(buf), 100), 3);
	assert_int_equal(unix_recv(fd, buf, sizeof(buf), 100), 0);
	assert_int_equal(c.requests, 2);
	/* One that was only ever tried by unix_listen, and this one. */
	assert_int_equal(c.closed, 2);
	close(fd);
	unix_free(c.server);
	/* The name stays, since a confined process could not remove it: nobody answers, and the next takes
	 * it. */
	assert_int_equal(unix_connect(path_of("socket")), -1);
	assert_int_equal(errno, ECONNREFUSED);
	c.server = unix_listen(l, path_of("socket"), &user);
	assert_non_null(c.server);
	unix_free(c.server);
	unlink(path_of("socket"));
	loop_free(l);
}

/* Without a descriptor for it a client waits, and the loop does not spin on it. */
static void test_unix_socket_out_of_descriptors(void **state)
{
	struct loop *l = loop_new();
	struct control c = { 0 };
	struct unix_user user = { control_request, control_closed, &c };
	struct rlimit before, none;
	unsigned turns = 0;
	uint64_t until;
	int fd;

	c.server = unix_listen(l, path_of("socket"), &user);
	assert_non_null(c.server);
	assert_true(loop_turn(l, 0));
	fd = unix_connect(path_of("socket"));
	assert_true(fd >= 0 && unix_send(fd, bytes_of_str("hello")));
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = (struct rlimit){ (rlim_t)fd + 1, before.rlim_max }; /* what is open stays */
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	for (until = loop_now_ns(l) + NS_PER_S / 5; loop_now_ns(l) < until; turns++)
		assert_true(loop_turn(l, 50 * NS_PER_MS));
	assert_true(turns < 20);
	assert_int_equal(c.requests, 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	for (until = loop_now_ns(l) + 3 * NS_PER_S; c.requests == 0 && loop_now_ns(l) < until;)
		assert_true(loop_turn(l, 50 * NS_PER_MS));
	assert_int_equal(c.requests, 1);
	close(fd);
	unix_free(c.server);
	loop_free(l);
}

static void hears_nothing(void *arg, uint32_t events)
{
	++*(unsigned *)arg;
}

/* A descriptor whose error nobody can clear ends the loop; it is not spun on. */
static void test_loop_faulty(void **state)
{
	struct loop *l = loop_new();
	unsigned heard = 0;
	int fds[2];
	struct loop_watch w = { .events = EPOLLOUT, .ready = hears_nothing, .arg = &heard };

	assert_int_equal(pipe(fds), 0);
	close(fds[0]); /* the other end: EPOLLERR from now on */
	w.fd = fds[1];
	assert_true(loop_watch(l, &w));
	assert_false(loop_run(l));
	assert_int_equal(errno, EBADFD);
	assert_int_equal(heard, LOOP_FAULTS_MAX - 1);
	close(fds[1]);
	loop_free(l);
}

/* What a socket received is as old as it is; a loop that works all the time shows it. */
static void test_age_and_share(void **state)
{
	struct addr any = addr_from_v4(0x7f000001, 0);
	struct udp *u = udp_open(&any, NULL);
	struct addr to = udp_local(u);
	union {
		struct cmsghdr header;
		uint8_t octets[ARRIVAL_CONTROL];
	} control;
	uint8_t octet;
	struct iovec iov = { &octet, 1 };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)
	};
	struct loop *l = loop_new();

	arrival_ask(udp_fd(u));
	usleep(200000); /* the kernel begins to stamp a little later, if nobody wanted it before */
	assert_true(udp_send_one(u, &to, bytes_of("x", 1)));
	usleep(30000);
	assert_int_equal(recvmsg(udp_fd(u), &m, MSG_DONTWAIT), 1);
	assert_in_range(arrival_waited_us(&m), 30000, 10000000);
	m.msg_controllen = 0;
	assert_int_equal(arrival_waited_us(&m), 0);
	for (int i = 0; i < 12; i++) {
		usleep(10000);
		assert_true(loop_turn(l, 0));
	}
	assert_in_range(loop_busy_permille(l), 900, 1000);
	for (int i = 0; i < 3; i++)
		assert_true(loop_turn(l, 60 * NS_PER_MS));
	assert_in_range(loop_busy_permille(l), 0, 500);
	loop_free(l);
	udp_free(u);
}

static void nothing(void *arg, uint32_t events)
{
}

/* Turns that nanoseconds long, while something is always ready; how many. */
static unsigned turns_in(struct loop *l, uint64_t ns)
{
	uint64_t until = loop_now_ns(l) + ns;
	unsigned turns = 0;

	for (; loop_now_ns(l) < until; turns++)
		assert_true(loop_turn(l, NEVER));
	return turns;
}

/* A loop that works all the time gathers what comes: its turns begin so far apart. One that has little to do
 * does not wait, and one of which nobody asked it never does. */
static void test_pace(void **state)
{
	enum { PACE_MS = 20, FOR_MS = 400 };
	struct loop *l = loop_new();
	struct loop_watch w = { .events = EPOLLOUT, .ready = nothing };
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	w.fd = ends[1]; /* writable, always */
	assert_true(loop_watch(l, &w));
	assert_true(turns_in(l, FOR_MS * NS_PER_MS / 4) > FOR_MS / PACE_MS);
	loop_pace(l, PACE_MS * NS_PER_MS);
	for (int i = 0; i < 12; i++) { /* busy all the time */
		usleep(10000);
		assert_true(loop_turn(l, 0));
	}
	assert_in_range(turns_in(l, LOOP_SHARE_MS * NS_PER_MS / 2), 1, LOOP_SHARE_MS / PACE_MS);
	loop_unwatch(l, &w);
	for (int i = 0; i < 4; i++)
		assert_true(loop_turn(l, 60 * NS_PER_MS));
	assert_true(loop_watch(l, &w));
	assert_true(turns_in(l, PACE_MS * NS_PER_MS / 2) > 1);
	loop_free(l);
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pace),
		cmocka_unit_test(test_loop_faulty),
		cmocka_unit_test(test_loop),
		cmocka_unit_test(test_age_and_share),
		cmocka_unit_test(test_signal_stops),
		cmocka_unit_test(test_signal_stays),
		cmocka_unit_test(test_env),
		cmocka_unit_test_setup_teardown(test_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_file_stream, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pcapng, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unix_socket, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unix_socket_out_of_descriptors, setup, teardown),
	};

	return cmocka_run_group_tests_name("io/io", tests, NULL, NULL);
}

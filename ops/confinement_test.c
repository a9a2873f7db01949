/* What a back door in a confined process could try, in each process of the table. */
#include "base/test.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ops/confinement.h"

/* Open before the process is confined, as its own sockets and files are. */
static int udp, tcp, file, page_len;
static void *page;
static pid_t parent;
static char dir[] = "/tmp/freehold-confinement-XXXXXX", path[64];

static bool took(long result)
{
	return result >= 0;
}

static bool socket_of(int domain, int type, int protocol)
{
	int fd = socket(domain, type, protocol);

	if (fd >= 0)
		close(fd);
	return fd >= 0 || errno == EPROTONOSUPPORT; /* the kernel was asked */
}

static bool executable_memory(void)
{
	return mmap(NULL, (size_t)page_len, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
		       -1, 0) != MAP_FAILED;
}

static bool memory_made_executable(void)
{
	return took(mprotect(page, (size_t)page_len, PROT_READ | PROT_EXEC));
}

static bool memory_made_executable_with_key(void)
{
	return took(syscall(SYS_pkey_mprotect, page, page_len, PROT_READ | PROT_EXEC, -1));
}

static bool file_in_memory(void)
{
	return took(memfd_create("x", 0));
}

static bool mode_of_file(void)
{
	return took(chmod(path, 0777));
}

static bool mode_of_open_file(void)
{
	return took(fchmod(file, 0777));
}

static bool owner_of_file(void)
{
	return took(chown(path, 1, 1));
}

static bool dumpable(void)
{
	return took(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

static bool privileges_again(void)
{
	return took(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 21, 0, 0)); /* CAP_SYS_ADMIN */
}

static bool udp_socket(void)
{
	return socket_of(AF_INET, SOCK_DGRAM, 0);
}

static bool tcp_socket(void)
{
	return socket_of(AF_INET6, SOCK_STREAM, 0);
}

static bool raw_socket(void)
{
	return socket_of(AF_INET, SOCK_RAW, IPPROTO_ICMP);
}

static bool packet_socket(void)
{
	return socket_of(AF_PACKET, SOCK_RAW, 0);
}

static bool unix_socket(void)
{
	return socket_of(AF_UNIX, SOCK_STREAM, 0);
}

static bool audit_socket(void)
{
	return socket_of(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT);
}

static bool routing_socket(void)
{
	return socket_of(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
}

static bool sctp_socket(void)
{
	return socket_of(AF_INET, SOCK_STREAM, IPPROTO_SCTP);
}

static bool listening(void)
{
	return took(listen(tcp, 1));
}

static bool connecting(void)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET, .sin_port = htons(9), .sin_addr = { htonl(0x7f000001) }
	};

	return took(connect(udp, (struct sockaddr *)&to, sizeof(to)));
}

static bool foreign_file_read(void)
{
	return took(open("/etc/passwd", O_RDONLY));
}

static bool file_made(void)
{
	char name[96];

	snprintf(name, sizeof(name), "%s/made", dir);
	return took(open(name, O_WRONLY | O_CREAT, 0600)) && unlink(name) == 0;
}

static bool file_removed(void)
{
	char name[96];

	snprintf(name, sizeof(name), "%s/spare", dir);
	return took(unlink(name)) && took(open(name, O_WRONLY | O_CREAT, 0600));
}

static void *nothing(void *arg)
{
	return arg;
}

static bool thread(void)
{
	pthread_t t;

	return pthread_create(&t, NULL, nothing, NULL) == 0 && pthread_join(t, NULL) == 0;
}

static bool child(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid > 0 && waitpid(pid, NULL, 0) == pid;
}

static bool program(void)
{
	char *argv[] = { NULL };

	return execve("/nowhere", argv, argv) < 0 && errno == ENOENT;
}

static bool signal_to_another(void)
{
	return took(kill(parent, 0));
}

static bool signal_to_anothers_thread(void)
{
	return took(syscall(SYS_tgkill, parent, parent, 0));
}

static bool trace_itself(void)
{
	return took(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static bool memory_of_another(void)
{
	struct iovec to = { page, 1 }, from = { page, 1 };

	return took(process_vm_readv(parent, &to, 1, &from, 1, 0));
}

static bool namespace_of_its_own(void)
{
	return took(unshare(CLONE_NEWUSER)) || took(unshare(CLONE_NEWNET));
}

static bool mounted(void)
{
	return took(mount("none", dir, "tmpfs", 0, NULL));
}

static bool another_root(void)
{
	return took(chroot(dir));
}

static bool ring_of_calls(void)
{
	uint8_t params[256] = { 0 };

	return took(syscall(SYS_io_uring_setup, 4, params));
}

static bool key_of_kernel(void)
{
	return took(syscall(SYS_add_key, "user", "x", "x", 1, -4));
}

static bool page_faults(void)
{
	return took(syscall(SYS_userfaultfd, O_CLOEXEC | 1));
}

static bool performance_events(void)
{
	uint8_t attr[128] = { 0 };

	return took(syscall(SYS_perf_event_open, attr, 0, -1, -1, 0));
}

static bool kernel_module(void)
{
	return syscall(SYS_init_module, page, 1, "") == 0 || errno != EPERM;
}

static bool old_personality(void)
{
	return took(syscall(SYS_personality, 0x0400000)); /* READ_IMPLIES_EXEC */
}

/* Which processes may, by what they declare; 0: none. */
static const struct attempt {
	const char *what;
	bool (*try)(void);
	uint32_t may;
} attempts[] = {
	{ "executable memory", executable_memory, SANDBOX_PROGRAMS },
	{ "memory made executable", memory_made_executable, SANDBOX_PROGRAMS },
	{ "memory made executable, with a key", memory_made_executable_with_key, 0 },
	{ "a file in memory", file_in_memory, 0 },
	{ "a file's mode", mode_of_file, SANDBOX_PROGRAMS },
	{ "an open file's mode", mode_of_open_file, SANDBOX_PROGRAMS },
	{ "a file's owner", owner_of_file, 0 },
	{ "being dumpable", dumpable, SANDBOX_PROGRAMS },
	{ "privileges again", privileges_again, SANDBOX_PROGRAMS },
	{ "a UDP socket", udp_socket, SANDBOX_REACH | SANDBOX_PROGRAMS },
	{ "a TCP socket", tcp_socket, SANDBOX_REACH | SANDBOX_PROGRAMS },
	{ "a raw socket", raw_socket, SANDBOX_PROGRAMS },
	{ "a packet socket", packet_socket, SANDBOX_PROGRAMS },
	{ "a Unix socket", unix_socket, SANDBOX_ASK | SANDBOX_REACH | SANDBOX_PROGRAMS },
	{ "an audit socket", audit_socket, SANDBOX_PROGRAMS },
	{ "a routing socket", routing_socket, SANDBOX_NETLINK | SANDBOX_PROGRAMS },
	{ "an SCTP socket", sctp_socket, SANDBOX_SCTP | SANDBOX_PROGRAMS },
	{ "listening", listening, SANDBOX_PROGRAMS },
	{ "connecting", connecting,
		SANDBOX_SCTP | SANDBOX_CONNECT | SANDBOX_ASK | SANDBOX_REACH | SANDBOX_PROGRAMS },
	{ "reading a foreign file", foreign_file_read, SANDBOX_PROGRAMS },
	{ "making a file", file_made, SANDBOX_PROGRAMS },
	{ "removing a file", file_removed, SANDBOX_PROGRAMS },
	{ "a thread", thread, SANDBOX_THREADS | SANDBOX_PROGRAMS },
	{ "a child", child, SANDBOX_PROGRAMS },
	{ "a program", program, SANDBOX_PROGRAMS },
	{ "a signal to another", signal_to_another, SANDBOX_PROGRAMS },
	{ "a signal to another's thread", signal_to_anothers_thread, SANDBOX_PROGRAMS },
	{ "tracing", trace_itself, 0 },
	{ "reading another's memory", memory_of_another, 0 },
	{ "a namespace", namespace_of_its_own, 0 },
	{ "mounting", mounted, 0 },
	{ "another root", another_root, 0 },
	{ "a ring of calls", ring_of_calls, 0 },
	{ "a key of the kernel", key_of_kernel, 0 },
	{ "page faults", page_faults, 0 },
	{ "performance events", performance_events, 0 },
	{ "a kernel module", kernel_module, 0 },
	{ "an old personality", old_personality, 0 },
};

/* Capabilities decide beside the system calls, of those that run programs. */
static bool is_privileged(bool (*try)(void))
{
	return try == raw_socket || try == packet_socket || try == privileges_again || try == audit_socket;
}

/* In a process of its own, for an attempt may end it. */
static int attempt(const struct attempt *a, const struct sandbox *may)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		struct sandbox_result r;

		if (!sandbox_enter(may, &r))
			_exit(2);
		_exit(a->try() ? 1 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

static void check(const struct attempt *a, const struct sandbox *s)
{
	int expected = (s->may & a->may) != 0, got = attempt(a, s);

	if (got == expected || (expected && is_privileged(a->try)))
		return;
	if (expected && geteuid() != 0)
		return;
	fail_msg("%s, %s: %s (%d)", s->name, a->what, expected ? "refused" : "not refused", got);
}

static void test_attempts(void **state)
{
	for (int who = 0; who < CONFINED_COUNT; who++) {
		struct sandbox s = confinement((enum confined)who);

		for (size_t i = 0; i < ARRAY_LEN(attempts); i++)
			check(&attempts[i], &s);
	}
}

/* Connecting by the kernel's SCTP needs sockets of it, and of nothing else. */
static void test_kernel_sctp(void **state)
{
	struct sandbox s = confinement_by_sctp(CONFINED_GNB, IO_SCTP_KERNEL);

	assert_int_equal(confinement_by_sctp(CONFINED_GNB, IO_SCTP_RAW).may, SANDBOX_OPEN);
	for (size_t i = 0; i < ARRAY_LEN(attempts); i++)
		check(&attempts[i], &s);
}

/* Each attempt can be made at all: outside of a sandbox those of the unprivileged kind are taken. */
static void test_without(void **state)
{
	static bool (*const open_to_all[])(void) = { executable_memory, memory_made_executable,
		file_in_memory, mode_of_file, mode_of_open_file, dumpable, udp_socket, tcp_socket,
		unix_socket, routing_socket, listening, connecting, foreign_file_read, file_made,
		file_removed, thread, child, program, signal_to_another, signal_to_anothers_thread,
		trace_itself };

	for (size_t i = 0; i < ARRAY_LEN(open_to_all); i++) {
		int status;
		pid_t pid = fork();

		if (pid == 0)
			_exit(open_to_all[i]() ? 1 : 0);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	}
}

static int setup(void **state)
{
	char spare[96];

	parent = getpid();
	page_len = (int)sysconf(_SC_PAGESIZE);
	page = mmap(NULL, (size_t)page_len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!mkdtemp(dir) || page == MAP_FAILED)
		return -1;
	snprintf(path, sizeof(path), "%s/file", dir);
	snprintf(spare, sizeof(spare), "%s/spare", dir);
	file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return file < 0 || udp < 0 || tcp < 0 || open(spare, O_WRONLY | O_CREAT | O_CLOEXEC, 0600) < 0;
}

static int teardown(void **state)
{
	char spare[96];

	snprintf(spare, sizeof(spare), "%s/spare", dir);
	unlink(spare);
	unlink(path);
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without),
		cmocka_unit_test(test_attempts),
		cmocka_unit_test(test_kernel_sctp),
	};

	return cmocka_run_group_tests_name("ops/confinement", tests, setup, teardown);
}

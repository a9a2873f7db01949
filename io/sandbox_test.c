#include "base/test.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/file.h"
#include "io/sandbox.h"

static char dir[64];

static bool in_file(const char *name, int flags)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, flags, 0600);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static void *no_work(void *arg)
{
	return arg;
}

static bool can_thread(void)
{
	pthread_t t;

	return pthread_create(&t, NULL, no_work, NULL) == 0 && pthread_join(t, NULL) == 0;
}

static bool can_fork(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid > 0 && waitpid(pid, NULL, 0) == pid;
}

static bool can_socket(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static bool can_kill(void)
{
	return kill(getpid(), 0) == 0;
}

/* What is wrong inside, as an exit code; 0 for nothing. */
static int inside_strict(void)
{
	char path[128];
	struct sandbox_path paths[2] = { { dir, SANDBOX_TO_WRITE }, { "/nowhere/at/all", SANDBOX_TO_READ } };
	struct sandbox s = { .paths = paths, .path_count = 2, .may = SANDBOX_OPEN | SANDBOX_FILES };
	struct sandbox_result r;

	snprintf(path, sizeof(path), "%s/before", dir);
	if (!file_write_atomic(path, bytes_of_str("x"), 0600) || !sandbox_enter(&s, &r))
		return 1;
	if (!r.no_new_privs || !r.caps || !r.seccomp || (r.landlock_abi > 0) != r.landlock)
		return 2;
	if (!in_file("before", O_RDONLY) || !in_file("after", O_WRONLY | O_CREAT))
		return 3;
	if (r.landlock && access("/etc/passwd", F_OK) == 0 && open("/etc/passwd", O_RDONLY) >= 0)
		return 4;
	if (can_fork() || can_socket() || can_kill() || can_thread())
		return 5;
	if (setuid(0) == 0 && getuid() != 0)
		return 6;
	return 0;
}

static int inside_loose(void)
{
	static const int caps[] = { CAP_NET_RAW };
	struct sandbox_path paths[1] = { { dir, SANDBOX_TO_READ } };
	struct sandbox s = { .paths = paths,
		.path_count = 1,
		.caps = caps,
		.cap_count = 1,
		.may = SANDBOX_OPEN | SANDBOX_FILES | SANDBOX_THREADS };
	struct sandbox_result r;

	if (!sandbox_enter(&s, &r))
		return 1;
	if (!can_thread() || can_socket())
		return 2;
	if (can_fork())
		return 3;
	if (r.landlock && in_file("new", O_WRONLY | O_CREAT))
		return 4;
	return 0;
}

/* More than there is room for is refused before anything is given up; the most is taken. */
static int inside_limits(void)
{
	static int caps[SANDBOX_CAPS_MAX + 1];
	struct sandbox_path paths[SANDBOX_PATHS_MAX + 1];
	struct sandbox s = { .paths = paths, .caps = caps, .may = SANDBOX_OPEN | SANDBOX_FILES };
	struct sandbox_result r;

	for (size_t i = 0; i < ARRAY_LEN(paths); i++)
		paths[i] = (struct sandbox_path){ dir, SANDBOX_TO_READ };
	s.path_count = SANDBOX_PATHS_MAX + 1;
	if (sandbox_enter(&s, &r) || errno != E2BIG || r.no_new_privs || !can_fork())
		return 1;
	s.path_count = SANDBOX_PATHS_MAX;
	s.cap_count = SANDBOX_CAPS_MAX + 1;
	errno = 0;
	if (sandbox_enter(&s, &r) || errno != E2BIG || r.no_new_privs || !can_fork())
		return 2;
	s.cap_count = SANDBOX_CAPS_MAX;
	if (!sandbox_enter(&s, &r) || can_fork())
		return 3;
	return 0;
}

static int inside_killed(void)
{
	struct sandbox s = { .kill_on_violation = true };
	struct sandbox_result r;

	if (!sandbox_enter(&s, &r))
		return 1;
	can_socket();
	return 2;
}

static int run(int (*inside)(void))
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		signal(SIGSYS, SIG_DFL);
		_exit(inside());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static void test_strict(void **state)
{
	assert_int_equal(run(inside_strict), 0);
}

static void test_loose(void **state)
{
	assert_int_equal(run(inside_loose), 0);
	assert_int_equal(run(inside_limits), 0);
}

static void test_killed(void **state)
{
	assert_int_equal(run(inside_killed), 1000 + SIGSYS);
}

static int setup(void **state)
{
	str_copy(dir, sizeof(dir), "/tmp/freehold-sandbox-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/before", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/after", dir);
	unlink(path);
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strict),
		cmocka_unit_test(test_loose),
		cmocka_unit_test(test_killed),
	};

	return cmocka_run_group_tests_name("io/sandbox", tests, setup, teardown);
}

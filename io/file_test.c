/* Whole files: their limits, and what is left behind where something fails. */
#include "base/test.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/file.h"

static char dir[64];

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static int setup(void **state)
{
	str_copy(dir, sizeof(dir), "/tmp/freehold-file-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	static const char *const names[] = { "a", "a.tmp", "link", "s", "d/e/f", "d/e", "d" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (unlink(path_of(names[i])) != 0)
			rmdir(path_of(names[i]));
	return rmdir(dir);
}

static bool there(const char *name)
{
	struct stat st;

	return lstat(path_of(name), &st) == 0;
}

static void check(const char *name, const char *text)
{
	struct bytes b;

	assert_true(file_read(path_of(name), 100, &b));
	assert_int_equal(b.len, strlen(text));
	assert_string_equal((const char *)b.data, text); /* with a zero behind it */
	file_free(&b);
	assert_null(b.data);
	assert_int_equal(b.len, 0);
}

static void refused(const char *path, size_t limit, int error)
{
	struct bytes b;

	errno = 0;
	assert_false(file_read(path, limit, &b));
	assert_int_equal(errno, error);
}

static void test_read(void **state)
{
	uint8_t octets[8] = { 0 };
	struct bytes b;
	int fd;

	assert_true(file_write_atomic(path_of("a"), bytes_of_str("0123456789"), 0600));
	check("a", "0123456789");
	assert_true(file_read(path_of("a"), 10, &b));
	assert_int_equal(b.len, 10);
	file_free(&b);
	refused(path_of("a"), 9, EFBIG);
	refused(path_of("none"), 9, ENOENT);
	refused(dir, 100, EISDIR);
	refused("/proc/self/status", 10, EFBIG); /* whose size is 0 */
	assert_true(file_read("/proc/self/status", 1 << 16, &b));
	assert_true(b.len > 10);
	assert_int_equal(b.data[b.len], 0);
	file_free(&b);
	refused("/proc/self/mem", 100, EIO);
	assert_true(file_write_atomic(path_of("a"), BYTES_NONE, 0600));
	check("a", "");
	/* no more than there is room for, and what there is */
	assert_true(file_write_atomic(path_of("a"), bytes_of_str("0123456789"), 0600));
	fd = open(path_of("a"), O_RDONLY);
	assert_int_equal(file_read_all(fd, octets, 7), 7);
	assert_memory_equal(octets, "0123456\0", 8);
	assert_int_equal(file_read_all(fd, octets, 7), 3);
	assert_memory_equal(octets, "7893456\0", 8);
	close(fd);
	assert_int_equal(file_read_all(-1, octets, 7), -1);
	assert_int_equal(errno, EBADF);
}

/* No file is longer than this, for the rest of the test. */
static struct rlimit was;

static void limit_size(rlim_t octets)
{
	struct rlimit now;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	now = (struct rlimit){ octets, was.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &now), 0);
}

static void test_write_atomic(void **state)
{
	char longest[PATH_MAX + 1];
	struct stat st;
	bool written;

	umask(0);
	assert_true(file_write_atomic(path_of("a"), bytes_of_str("one"), 0640));
	assert_int_equal(stat(path_of("a"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_false(there("a.tmp"));
	/* what does not fit leaves the old one, and nothing beside it */
	limit_size(4);
	written = file_write_atomic(path_of("a"), bytes_of_str("much longer"), 0600);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	assert_false(written);
	assert_int_equal(errno, EFBIG);
	assert_false(there("a.tmp"));
	check("a", "one");
	/* neither a link nor a folder is replaced */
	assert_int_equal(symlink("a", path_of("link")), 0);
	assert_false(file_write_atomic(path_of("link"), bytes_of_str("two"), 0600));
	assert_int_equal(errno, EEXIST);
	assert_false(file_write_atomic(dir, bytes_of_str("two"), 0600));
	assert_int_equal(errno, EEXIST);
	check("a", "one");
	assert_false(file_write_atomic(path_of("none/a"), bytes_of_str("two"), 0600));
	assert_int_equal(errno, ENOENT);
	memset(longest, 'a', sizeof(longest));
	longest[PATH_MAX - 4] = '\0'; /* with ".tmp" and its zero one too long */
	assert_false(file_write_atomic(longest, BYTES_NONE, 0600));
	assert_int_equal(errno, ENAMETOOLONG);
}

static void test_sync(void **state)
{
	char here[PATH_MAX];

	assert_true(file_write_atomic(path_of("a"), bytes_of_str("one"), 0600));
	assert_true(file_sync(path_of("a")));
	assert_true(file_sync_dir(dir));
	assert_false(file_sync_dir(path_of("a")));
	assert_int_equal(errno, ENOTDIR);
	assert_false(file_sync(path_of("none")));
	assert_true(file_sync_parent(path_of("none")));
	assert_false(file_sync_parent(path_of("none/a")));
	assert_true(file_sync_parent("/none"));
	assert_non_null(getcwd(here, sizeof(here)));
	assert_int_equal(chdir(dir), 0);
	assert_true(file_sync_parent("none"));
	assert_int_equal(chdir(here), 0);
	assert_false(file_sync("/proc/self/status")); /* which cannot be */
	assert_int_equal(errno, EINVAL);
}

static void test_make_dirs(void **state)
{
	char longest[PATH_MAX + 1];
	struct stat st;

	umask(0);
	assert_true(file_make_dirs(path_of("d/e/f")));
	assert_int_equal(stat(path_of("d/e/f"), &st), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_true(file_make_dirs(path_of("d/e/f")));
	assert_true(file_make_dirs("/"));
	assert_true(file_write_atomic(path_of("a"), bytes_of_str("one"), 0600));
	assert_false(file_make_dirs(path_of("a")));
	assert_int_equal(errno, ENOTDIR);
	assert_false(file_make_dirs(path_of("a/b")));
	assert_int_equal(errno, ENOTDIR);
	assert_false(file_make_dirs(""));
	memset(longest, 'a', sizeof(longest));
	longest[PATH_MAX] = '\0';
	assert_false(file_make_dirs(longest));
	assert_int_equal(errno, ENAMETOOLONG);
}

static void test_write_existing(void **state)
{
	assert_false(file_write_existing(path_of("a"), "one"));
	assert_false(there("a"));
	assert_true(file_write_atomic(path_of("a"), bytes_of_str("0123"), 0600));
	assert_true(file_write_existing(path_of("a"), "one"));
	check("a", "one3");
}

/* What failed first is the reason, though it is closed well. */
static void test_stream(void **state)
{
	struct file_stream s;
	bool first, second;

	assert_false(file_stream_open(&s, path_of("none/s")));
	assert_true(file_stream_open(&s, path_of("s")));
	assert_true(file_stream_put(&s, bytes_of_str("one ")));
	assert_true(file_stream_put(&s, bytes_of_str("two")));
	assert_true(file_stream_close(&s));
	assert_int_equal(s.fd, -1);
	check("s", "one two");
	assert_true(file_stream_open(&s, path_of("s")));
	limit_size(4);
	first = file_stream_put(&s, bytes_of_str("1234"));
	second = file_stream_put(&s, bytes_of_str("5"));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	assert_true(first);
	assert_false(second);
	assert_true(file_stream_close(&s));
	assert_int_equal(errno, EFBIG);
	check("s", "1234");
	assert_false(file_stream_close(&s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_read, setup, teardown),
		cmocka_unit_test_setup_teardown(test_write_atomic, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sync, setup, teardown),
		cmocka_unit_test_setup_teardown(test_make_dirs, setup, teardown),
		cmocka_unit_test_setup_teardown(test_write_existing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_stream, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "base/commit.h"
#include "base/test.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/file.h"
#include "io/store/lmdb.h"

static char dir[64];

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void remove_files(void)
{
	static const char *const names[] = { "store.mdb", "store.checkpoint", "store.state", "store.lock",
		"store.mdb-lock", "store.damaged" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		unlink(path_of(names[i]));
}

static int setup(void **state)
{
	str_copy(dir, sizeof(dir), "/tmp/freehold-store-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	remove_files();
	rmdir(dir);
	return 0;
}

static struct store *open_sized(enum store_lmdb_found want, size_t size)
{
	struct store_lmdb_config config = { .dir = dir, .map_size = size };
	enum store_lmdb_found found;
	char error[256] = "";
	struct store *s = store_lmdb_open(&config, &found, error, sizeof(error));

	if (!s)
		fail_msg("%s", error);
	assert_string_equal(store_lmdb_found_name(found), store_lmdb_found_name(want));
	return s;
}

static struct store *open_as(enum store_lmdb_found want)
{
	return open_sized(want, 0);
}

static struct store *open_lost(void)
{
	struct store_lmdb_config config = { .dir = dir, .may_be_lost = true };
	enum store_lmdb_found found;
	char error[512] = "";
	struct store *s = store_lmdb_open(&config, &found, error, sizeof(error));

	if (!s)
		fail_msg("%s", error);
	assert_int_equal(found, STORE_LMDB_LOST);
	return s;
}

static void refused(const char *why)
{
	struct store_lmdb_config config = { .dir = dir };
	enum store_lmdb_found found;
	char error[512] = "";

	assert_null(store_lmdb_open(&config, &found, error, sizeof(error)));
	assert_non_null(strstr(error, why));
}

static bool put_number(struct store *s, const char *key, uint32_t n)
{
	return store_put(s, STORE_AMF_UE, bytes_of_str(key), bytes_of(&n, sizeof(n)));
}

static uint32_t number(struct store *s, const char *key)
{
	struct bytes v;
	uint32_t n = UINT32_MAX;

	if (store_get(s, STORE_AMF_UE, bytes_of_str(key), &v) && v.len == sizeof(n))
		memcpy(&n, v.data, sizeof(n));
	return n;
}

static void test_transactions(void **state)
{
	struct store *s = open_as(STORE_LMDB_NEW);

	assert_true(put_number(s, "a", 1));
	assert_int_equal(number(s, "a"), 1);
	assert_int_equal(store_commit(s, 1), STORE_KEPT);
	assert_true(put_number(s, "a", 2));
	assert_true(store_del(s, STORE_AMF_UE, bytes_of_str("none")));
	store_rollback(s);
	assert_int_equal(number(s, "a"), 1);
	assert_int_equal(store_commit(s, 1), STORE_KEPT);
	assert_true(store_del(s, STORE_AMF_UE, bytes_of_str("a")));
	assert_int_equal(number(s, "a"), UINT32_MAX);
	assert_true(put_number(s, "b", 3));
	assert_int_equal(store_commit(s, 1), STORE_KEPT);
	assert_true(store_lmdb_close(s));
	s = open_as(STORE_LMDB_CLEAN);
	assert_int_equal(number(s, "a"), UINT32_MAX);
	assert_int_equal(number(s, "b"), 3);
	assert_true(store_lmdb_close(s));
}

/* What fails behind a savepoint takes nothing else with it. */
static void test_savepoints(void **state)
{
	struct store *s = open_as(STORE_LMDB_NEW);
	static const uint8_t big[STORE_VALUE_MAX + 1];

	assert_true(put_number(s, "a", 1));
	assert_true(store_savepoint(s));
	assert_true(put_number(s, "a", 2));
	assert_true(store_savepoint(s));
	assert_true(put_number(s, "b", 2));
	store_release(s);
	assert_int_equal(number(s, "b"), 2);
	assert_false(store_put(s, STORE_AMF_UE, bytes_of("x", 1), BYTES(big)));
	store_rollback_to(s);
	assert_int_equal(number(s, "a"), 1);
	assert_int_equal(number(s, "b"), UINT32_MAX);
	assert_true(put_number(s, "d", 4)); /* what was refused is forgotten with it */
	assert_true(store_savepoint(s));
	assert_true(put_number(s, "c", 3));
	store_release(s);
	assert_int_equal(store_commit(s, 1), STORE_KEPT);
	assert_true(store_savepoint(s));
	assert_true(store_savepoint(s));
	assert_true(put_number(s, "c", 4));
	assert_true(store_lmdb_close(s)); /* with savepoints open */
	s = open_as(STORE_LMDB_CLEAN);
	assert_int_equal(number(s, "a"), 1);
	assert_int_equal(number(s, "b"), UINT32_MAX);
	assert_int_equal(number(s, "c"), 3);
	assert_int_equal(number(s, "d"), 4);
	assert_true(store_lmdb_close(s));
}

static void test_second_open_refused(void **state)
{
	struct store *s = open_as(STORE_LMDB_NEW);
	struct store_lmdb_config config = { .dir = dir };
	enum store_lmdb_found found;
	char error[256] = "";

	assert_null(store_lmdb_open(&config, &found, error, sizeof(error)));
	assert_non_null(strstr(error, "another process"));
	assert_true(store_lmdb_close(s));
}

/* Writes numbers in pairs, with other values around them, until it is killed. */
static void write_until_killed(int ready)
{
	struct store_lmdb_config config = { .dir = dir };
	enum store_lmdb_found found;
	char error[256];
	struct store *s = store_lmdb_open(&config, &found, error, sizeof(error));
	uint8_t filler[3000] = { 0 };
	uint32_t n;

	if (!s || write(ready, "r", 1) != 1)
		_exit(1);
	for (n = number(s, "first") + 1;; n++) {
		if (!put_number(s, "first", n))
			_exit(2);
		for (uint8_t i = 0; i < 6; i++) {
			filler[0] = i;
			if (!store_put(s, STORE_SMF_SESSION, bytes_of(filler, 1),
				    bytes_of(filler, (n * 37 + i * 100) % sizeof(filler))))
				_exit(2);
		}
		if (!put_number(s, "second", n) || store_commit(s, 1) != STORE_KEPT)
			_exit(3);
	}
}

/* Killed at any instruction, a transaction is there whole or not at all. */
static void test_kill(void **state)
{
	uint32_t last = 0;

	assert_true(store_lmdb_close(open_as(STORE_LMDB_NEW)));
	for (int round = 0; round < 15; round++) {
		int ready[2], status;
		char octet;
		struct store *s;
		pid_t pid;

		assert_int_equal(pipe(ready), 0);
		pid = fork();
		if (pid == 0)
			write_until_killed(ready[1]);
		close(ready[1]);
		assert_int_equal(read(ready[0], &octet, 1), 1);
		close(ready[0]);
		usleep(5000 + (useconds_t)round * 1700);
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		assert_true(WIFSIGNALED(status));
		s = open_as(STORE_LMDB_RECOVERED);
		assert_int_equal(number(s, "first"), number(s, "second"));
		assert_true(round == 0 || number(s, "first") >= last);
		last = number(s, "first");
		assert_true(last > 0);
		assert_true(store_lmdb_close(s));
	}
}

/* The map grows with what is in it, within its limit; then puts are refused and deletions are not. */
static void test_full(void **state)
{
	struct store *s = open_sized(STORE_LMDB_NEW, 8 << 20);
	static uint8_t value[30000];
	uint32_t stored = 0;

	for (uint32_t i = 0; i < 1000; i++) {
		bool ok = store_put(s, STORE_AMF_UE, bytes_of(&i, sizeof(i)), BYTES(value));

		assert_int_equal(store_commit(s, 1), ok ? STORE_KEPT : STORE_LOST);
		if (!ok)
			break;
		stored++;
	}
	assert_true(stored > 150 && stored < 260);
	assert_true(store_lmdb_stats(s).puts_refused > 0);
	for (uint32_t i = 0; i < stored; i++) {
		assert_true(store_del(s, STORE_AMF_UE, bytes_of(&i, sizeof(i))));
		assert_int_equal(store_commit(s, 1), STORE_KEPT);
	}
	assert_true(store_put(s, STORE_AMF_UE, bytes_of("x", 1), BYTES(value)));
	assert_int_equal(store_commit(s, 1), STORE_KEPT);
	assert_true(store_lmdb_close(s));
}

/* As if the machine had died: another boot, the store left open. */
static void pretend_reboot(void)
{
	assert_true(
		file_write_atomic(path_of("store.state"), bytes_of_str("boot other open process\n"), 0600));
}

static void damage(const char *name)
{
	int fd = open(path_of(name), O_WRONLY);
	uint8_t junk[4096];

	assert_true(fd >= 0);
	memset(junk, 0x5a, sizeof(junk));
	for (off_t at = 2 * 4096; at < 64 * 4096; at += 2 * 4096)
		assert_int_equal(pwrite(fd, junk, sizeof(junk), at), sizeof(junk));
	close(fd);
}

static void fill(struct store *s, uint32_t first, uint32_t count)
{
	uint8_t value[300] = { 1 };

	for (uint32_t i = first; i < first + count; i++)
		assert_true(store_put(s, STORE_SUBSCRIBER, bytes_of(&i, sizeof(i)), BYTES(value)));
	assert_int_equal(store_commit(s, 1), STORE_KEPT);
}

static void test_checkpoint_fallback(void **state)
{
	struct store *s = open_as(STORE_LMDB_NEW);

	fill(s, 0, 1000);
	put_number(s, "when", 1);
	assert_int_equal(store_commit(s, 1), STORE_KEPT);
	assert_true(store_lmdb_checkpoint(s));
	put_number(s, "when", 2);
	assert_int_equal(store_commit(s, 1), STORE_KEPT);
	assert_true(store_lmdb_close(s));

	pretend_reboot();
	s = open_as(STORE_LMDB_CHECKED);
	assert_int_equal(number(s, "when"), 2);
	assert_true(store_lmdb_checkpoint(s));
	put_number(s, "when", 3);
	assert_int_equal(store_commit(s, 1), STORE_KEPT);
	assert_true(store_lmdb_close(s));

	pretend_reboot();
	damage("store.mdb");
	s = open_as(STORE_LMDB_CHECKPOINT);
	assert_int_equal(number(s, "when"), 3); /* the checkpoint of the clean end */
	assert_true(store_lmdb_close(s));

	pretend_reboot();
	damage("store.mdb");
	damage("store.checkpoint");
	refused("--empty-store");
	s = open_lost();
	assert_int_equal(number(s, "when"), UINT32_MAX);
	fill(s, 0, 10);
	assert_true(store_lmdb_close(s));
}

static bool note_when(void *arg, struct bytes key, struct bytes value)
{
	if (bytes_equal(key, bytes_of_str("when")))
		*(bool *)arg = true;
	return true;
}

/* A checkpoint that stands alone is a backup that was restored: it is older than what was sent. */
static void test_restored(void **state)
{
	struct store *s = open_as(STORE_LMDB_NEW);
	bool when = false;

	fill(s, 0, 1000);
	put_number(s, "when", 7);
	assert_int_equal(store_commit(s, 1), STORE_KEPT);
	assert_true(store_lmdb_close(s));
	assert_true(store_lmdb_file_sound(path_of("store.checkpoint")));
	assert_true(store_lmdb_file_scan(path_of("store.checkpoint"), STORE_AMF_UE, note_when, &when));
	assert_true(when);

	unlink(path_of("store.mdb"));
	unlink(path_of("store.state"));
	s = open_as(STORE_LMDB_RESTORED);
	assert_int_equal(number(s, "when"), 7);
	assert_true(store_lmdb_close(s));
	s = open_as(STORE_LMDB_CHECKED); /* nobody has drawn the consequences: still older */
	put_number(s, "when", 8);
	assert_int_equal(store_commit(s, 1), STORE_KEPT);
	assert_true(store_lmdb_close(s));
	s = open_as(STORE_LMDB_CLEAN);
	assert_true(store_lmdb_close(s));

	unlink(path_of("store.mdb"));
	unlink(path_of("store.state"));
	damage("store.checkpoint");
	assert_false(store_lmdb_file_sound(path_of("store.checkpoint")));
	refused("no sound checkpoint");
}

/* The longest keys and values there may be are found again, and sound where every entry is looked at. */
static void test_longest(void **state)
{
	static const uint8_t value[STORE_VALUE_MAX] = { 1 };
	struct store *s = open_as(STORE_LMDB_NEW);
	uint8_t key[STORE_KEY_MAX + 1];
	struct bytes got;

	memset(key, 0xff, sizeof(key));
	assert_true(store_put(s, STORE_AMF_UE, bytes_of(key, STORE_KEY_MAX), BYTES(value)));
	assert_true(store_put(s, STORE_AMF_UE, bytes_of(key, STORE_KEY_MAX - 1), bytes_of(value, 0)));
	assert_int_equal(store_commit(s, 1), STORE_KEPT);
	assert_true(store_lmdb_close(s));
	pretend_reboot();
	s = open_as(STORE_LMDB_CHECKED);
	assert_true(store_get(s, STORE_AMF_UE, bytes_of(key, STORE_KEY_MAX), &got));
	assert_true(bytes_equal(got, BYTES(value)));
	assert_true(store_get(s, STORE_AMF_UE, bytes_of(key, STORE_KEY_MAX - 1), &got));
	assert_int_equal(got.len, 0);
	assert_true(store_lmdb_close(s));
}

/* The lock is its owner's alone; where it cannot be made, the reason is told. */
static void test_lock(void **state)
{
	struct store *s;
	struct stat st;
	mode_t mask = umask(0);

	assert_int_equal(mkdir(path_of("store.lock"), 0700), 0);
	refused("store.lock: Is a directory");
	assert_int_equal(rmdir(path_of("store.lock")), 0);
	s = open_as(STORE_LMDB_NEW);
	assert_int_equal(stat(path_of("store.lock"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_true(store_lmdb_close(s));
	umask(mask);
}

static void test_not_a_store(void **state)
{
	static const uint8_t junk[8192] = { 1, 2, 3 };
	struct store *s;

	assert_true(file_write_atomic(path_of("store.mdb"), BYTES(junk), 0600));
	refused("no sound checkpoint");
	refused("no sound checkpoint"); /* and all is as it was */
	s = open_lost();
	assert_true(store_lmdb_close(s));
}

static bool count_keys(void *arg, struct bytes key, struct bytes value)
{
	unsigned *count = arg;

	assert_int_equal(key.len, 4);
	assert_int_equal(value.len, 300);
	return ++*count < 500;
}

static void test_scan(void **state)
{
	struct store *s = open_as(STORE_LMDB_NEW);
	unsigned count = 0;

	fill(s, 0, 400);
	put_number(s, "other table", 1);
	assert_true(store_scan(s, STORE_SUBSCRIBER, count_keys, &count));
	assert_int_equal(count, 400);
	assert_true(store_scan(s, STORE_UPF_SESSION, count_keys, &count));
	assert_int_equal(count, 400);
	count = 0; /* keys are in the order of their octets: 0x18f is the last but two of its first octet */
	assert_true(store_scan_after(s, STORE_SUBSCRIBER, bytes_of("\x8f\x01\0\0", 4), count_keys, &count));
	assert_int_equal(count, 255 - 0x8f);
	assert_true(store_lmdb_close(s));
}

static off_t size_of(const char *name)
{
	struct stat st;

	assert_int_equal(stat(path_of(name), &st), 0);
	return st.st_size;
}

/* The file goes ahead of its pages while it is open, by an eighth, and has no more than those when it was
 * closed. */
static void test_written_ahead(void **state)
{
	struct store *s = open_as(STORE_LMDB_NEW);
	off_t used;

	for (uint32_t at = 0; at < 20000; at += 100)
		fill(s, at, 100);
	used = (off_t)store_lmdb_stats(s).used;
	assert_true(used > 4 << 20);
	assert_in_range(size_of("store.mdb"), used + used / 16, used + used / 4);
	assert_true(store_lmdb_close(s));
	assert_in_range(size_of("store.mdb"), used, used + used / 16);
	s = open_as(STORE_LMDB_CLEAN);
	fill(s, 20000, 100);
	assert_true(store_lmdb_close(s));
}

static uint32_t chance(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

/* One octet, a page of zeros, or the end cut off. */
static void damage_some(uint32_t *state)
{
	static const uint8_t zeros[4096];
	int fd = open(path_of("store.mdb"), O_RDWR);
	off_t size, at;
	uint8_t octet;

	assert_true(fd >= 0);
	size = lseek(fd, 0, SEEK_END);
	at = chance(state) % size;
	switch (chance(state) % 4) {
	case 0:
		assert_int_equal(pwrite(fd, zeros, sizeof(zeros), at & ~(off_t)4095), sizeof(zeros));
		break;
	case 1:
		assert_int_equal(ftruncate(fd, at), 0);
		break;
	default:
		assert_int_equal(pread(fd, &octet, 1, at), 1);
		octet ^= (uint8_t)(1u << chance(state) % 8);
		assert_int_equal(pwrite(fd, &octet, 1, at), 1);
	}
	close(fd);
}

/* Every entry is as it was put, by key and in order. */
static bool as_put(void *arg, struct bytes key, struct bytes value)
{
	uint32_t *count = arg;

	for (size_t i = 0; i < value.len; i++)
		assert_int_equal(value.data[i], i == 0);
	return ++*count > 0 && value.len == 300;
}

/* Whatever is damaged, with the machine still up, all is there or the checkpoint is. */
static void test_any_damage(void **state)
{
	struct store *s = open_as(STORE_LMDB_NEW);
	uint32_t seed = 1;
	unsigned fallen = 0;

	fill(s, 0, 300);
	assert_true(store_lmdb_close(s));
	for (int round = 0; round < 100; round++) {
		struct store_lmdb_config config = { .dir = dir };
		enum store_lmdb_found found;
		char error[512] = "";
		uint32_t count = 0;

		damage_some(&seed);
		s = store_lmdb_open(&config, &found, error, sizeof(error));
		if (!s)
			fail_msg("%s", error);
		fallen += found == STORE_LMDB_CHECKPOINT;
		assert_true(store_scan(s, STORE_SUBSCRIBER, as_put, &count));
		assert_int_equal(count, 300);
		for (uint32_t i = 0; i < 300; i += 7) {
			struct bytes v;

			assert_true(store_get(s, STORE_SUBSCRIBER, bytes_of(&i, sizeof(i)), &v));
		}
		fill(s, (uint32_t)round % 300, 1); /* and it can be written */
		assert_true(store_lmdb_close(s));
	}
	assert_true(fallen > 50);
}

/* Damage while it is open: what is read is not taken for what was written, and nothing is kept any more. */
static void test_damage_under_way(void **state)
{
	struct store *s = open_as(STORE_LMDB_NEW);
	uint8_t page[4096];
	unsigned count = 0;
	int fd;

	fill(s, 0, 10);
	fd = open(path_of("store.mdb"), O_RDWR);
	for (off_t at = 2 * 4096; pread(fd, page, sizeof(page), at) == sizeof(page); at += sizeof(page)) {
		for (size_t i = 4096 - 250; i < 4096 - 50; i++)
			page[i] ^= 0x7f; /* in the first value put */
		assert_int_equal(pwrite(fd, page, sizeof(page), at), sizeof(page));
	}
	close(fd);
	assert_false(store_scan(s, STORE_SUBSCRIBER, count_keys, &count));
	assert_int_equal(store_lmdb_stats(s).damaged, 1);
	assert_int_equal(store_commit(s, 1), STORE_LOST);
	assert_false(store_lmdb_close(s));
	refused("no sound checkpoint");
}

/* A small disk of our own; false: not allowed here. */
static bool mount_disk(const char *options)
{
	return (unshare(CLONE_NEWNS) == 0 || unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0) &&
	       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("tmpfs", dir, "tmpfs", 0, options) == 0;
}

/* Takes what is free, to the last octet. */
static void fill_disk(void)
{
	static const char junk[4096];
	int fd = open(path_of("junk"), O_WRONLY | O_CREAT | O_APPEND, 0600);

	assert_true(fd >= 0);
	while (write(fd, junk, sizeof(junk)) > 0)
		;
	assert_int_equal(errno, ENOSPC);
	close(fd);
}

static int on_a_full_disk(void)
{
	struct store *s;

	if (!mount_disk("size=4m"))
		return 77;
	s = open_as(STORE_LMDB_NEW);
	fill(s, 0, 300);
	fill_disk();
	assert_false(store_lmdb_checkpoint(s));
	assert_int_equal(errno, ENOSPC);
	assert_false(store_lmdb_close(s)); /* no checkpoint */
	s = open_as(STORE_LMDB_RECOVERED); /* it starts again, and ... */
	for (uint32_t i = 0; i < 300; i++) {
		struct bytes v;

		assert_true(store_get(s, STORE_SUBSCRIBER, bytes_of(&i, sizeof(i)), &v));
	}
	for (uint32_t i = 0; i < 300; i++) { /* ... serves what fits; what is lost is lost as a whole */
		if (store_del(s, STORE_SUBSCRIBER, bytes_of(&i, sizeof(i))))
			may_fail(store_commit(s, 1) == STORE_KEPT);
		else
			store_rollback(s);
	}
	assert_int_equal(unlink(path_of("junk")), 0);
	fill(s, 0, 300);
	assert_true(store_lmdb_close(s));
	fill_disk();
	s = open_as(STORE_LMDB_CLEAN);
	may_fail(store_lmdb_close(s));
	return 0;
}

/* In a process of its own, for the mount. */
static void test_full_disk(void **state)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(on_a_full_disk());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_transactions, setup, teardown),
		cmocka_unit_test_setup_teardown(test_savepoints, setup, teardown),
		cmocka_unit_test_setup_teardown(test_second_open_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_kill, setup, teardown),
		cmocka_unit_test_setup_teardown(test_written_ahead, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full, setup, teardown),
		cmocka_unit_test_setup_teardown(test_full_disk, setup, teardown),
		cmocka_unit_test_setup_teardown(test_checkpoint_fallback, setup, teardown),
		cmocka_unit_test_setup_teardown(test_restored, setup, teardown),
		cmocka_unit_test_setup_teardown(test_not_a_store, setup, teardown),
		cmocka_unit_test_setup_teardown(test_longest, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lock, setup, teardown),
		cmocka_unit_test_setup_teardown(test_scan, setup, teardown),
		cmocka_unit_test_setup_teardown(test_any_damage, setup, teardown),
		cmocka_unit_test_setup_teardown(test_damage_under_way, setup, teardown),
	};

	return cmocka_run_group_tests_name("io/store_lmdb", tests, NULL, NULL);
}

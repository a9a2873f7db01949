/* A checkpoint of a store that is long to copy, while the loop goes on changing it. */
#include "base/commit.h"
#include "base/test.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/room.h"
#include "io/store/lmdb.h"

enum {
	ENTRIES = 100000,
	VALUE_LEN = 600,
	BATCH = 1000,
	LONGEST_MS = 20, /* that a turn may take for work that grows with the store */
};

static char dir[64];

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static int setup(void **state)
{
	str_copy(dir, sizeof(dir), "/tmp/freehold-store-XXXXXX");
	return mkdtemp(dir) ? 0 : -1;
}

static int teardown(void **state)
{
	static const char *const names[] = { "store.mdb", "store.checkpoint", "store.state", "store.lock",
		"store.mdb-lock", "store.damaged", "store.checkpoint.tmp" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		unlink(path_of(names[i]));
	rmdir(dir);
	return 0;
}

static struct store *open_as(enum store_lmdb_found want, size_t map_size)
{
	struct store_lmdb_config config = { .dir = dir, .map_size = map_size };
	enum store_lmdb_found found;
	char error[512] = "";
	struct store *s = store_lmdb_open(&config, &found, error, sizeof(error));

	if (!s)
		fail_msg("%s", error);
	assert_int_equal(found, want);
	return s;
}

static void fill(struct store *s, uint32_t count)
{
	uint8_t value[VALUE_LEN] = { 0 };

	for (uint32_t i = 0; i < count; i++) {
		assert_true(store_put(
			s, STORE_SUBSCRIBER, bytes_of(&i, sizeof(i)), bytes_of(value, sizeof(value))));
		if (i % BATCH == BATCH - 1)
			assert_int_equal(store_commit(s, 1), STORE_KEPT);
	}
	assert_int_equal(store_commit(s, 1), STORE_KEPT);
}

static uint64_t thread_cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

/* One transaction: the first and the last entry get the same number. */
static void change_both_ends(struct store *s, uint32_t number)
{
	uint32_t first = 0, last = UINT32_MAX;

	assert_true(store_put(
		s, STORE_SUBSCRIBER, bytes_of(&first, sizeof(first)), bytes_of(&number, sizeof(number))));
	assert_true(store_put(
		s, STORE_SUBSCRIBER, bytes_of(&last, sizeof(last)), bytes_of(&number, sizeof(number))));
	assert_int_equal(store_commit(s, 1), STORE_KEPT);
}

static uint32_t number_at(struct store *s, uint32_t key)
{
	struct bytes v;
	uint32_t number;

	assert_true(store_get(s, STORE_SUBSCRIBER, bytes_of(&key, sizeof(key)), &v));
	assert_int_equal(v.len, sizeof(number));
	memcpy(&number, v.data, sizeof(number));
	return number;
}

static void end_unclean(struct store *s)
{
	int fd;

	may_fail(store_lmdb_close(s)); /* it makes a checkpoint of its own: not in these tests */
	fd = open(path_of("store.mdb"), O_WRONLY | O_TRUNC);
	assert_true(fd >= 0);
	close(fd);
}

/* Turns go on while the copy is written, none is long, and what is copied is the store of one moment. */
static void test_loop_goes_on(void **state)
{
	struct store *s = open_as(STORE_LMDB_NEW, 0);
	enum store_lmdb_progress progress;
	uint64_t longest_ns = 0;
	uint32_t turns = 0, kept;
	char saved[160];

	fill(s, ENTRIES);
	change_both_ends(s, 0);
	assert_int_equal(store_lmdb_checkpoint_end(s), STORE_LMDB_IDLE);
	assert_true(store_lmdb_checkpoint_begin(s));
	assert_false(store_lmdb_checkpoint_begin(s));
	do {
		uint64_t began = thread_cpu_ns(), took;

		change_both_ends(s, ++turns);
		progress = store_lmdb_checkpoint_end(s);
		took = thread_cpu_ns() - began;
		longest_ns = took > longest_ns ? took : longest_ns;
	} while (progress == STORE_LMDB_UNDER_WAY);
	assert_int_equal(progress, STORE_LMDB_DONE);
	assert_int_equal(store_lmdb_checkpoint_end(s), STORE_LMDB_IDLE);
	print_message("%u turns beside the checkpoint, the longest %.3f ms\n", turns,
		(double)longest_ns / NS_PER_MS);
	assert_true(turns > 20);
	assert_true(longest_ns < LONGEST_MS * NS_PER_MS);
	snprintf(saved, sizeof(saved), "%s", path_of("store.damaged"));
	assert_int_equal(link(path_of("store.checkpoint"), saved), 0);
	end_unclean(s);
	assert_int_equal(rename(saved, path_of("store.checkpoint")), 0);
	s = open_as(STORE_LMDB_CHECKPOINT, 0);
	kept = number_at(s, 0);
	assert_int_equal(number_at(s, UINT32_MAX), kept);
	assert_true(kept <= turns);
	assert_true(store_lmdb_close(s));
}

static enum store_lmdb_progress wait_for_end(struct store *s)
{
	enum store_lmdb_progress progress;

	while ((progress = store_lmdb_checkpoint_end(s)) == STORE_LMDB_UNDER_WAY)
		usleep(1000);
	return progress;
}

/* What cannot be written is reported with its reason, and leaves the last checkpoint. */
static void test_refused(void **state)
{
	struct store *s = open_as(STORE_LMDB_NEW, 0);

	fill(s, 10);
	assert_true(store_lmdb_checkpoint(s));
	assert_int_equal(mkdir(path_of("store.checkpoint.tmp"), 0700), 0);
	assert_true(store_lmdb_checkpoint_begin(s));
	assert_int_equal(wait_for_end(s), STORE_LMDB_FAILED);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(store_lmdb_stats(s).checkpoints_failed, 1);
	assert_int_equal(rmdir(path_of("store.checkpoint.tmp")), 0);
	assert_true(store_lmdb_checkpoint_begin(s));
	assert_int_equal(wait_for_end(s), STORE_LMDB_DONE);
	assert_int_equal(store_lmdb_stats(s).checkpoints, 2);
	assert_true(store_lmdb_close(s));
}

/* A store that is nearly full does not let a checkpoint keep its pages from it. */
static void test_given_up(void **state)
{
	struct store *s = open_as(STORE_LMDB_NEW, 32 << 20);
	uint32_t number = 0;
	int rounds = 0;

	fill(s, 30000);
	while (rounds++ < 100) {
		enum store_lmdb_progress progress;

		assert_true(store_lmdb_checkpoint_begin(s));
		while ((progress = store_lmdb_checkpoint_end(s)) == STORE_LMDB_UNDER_WAY) {
			change_both_ends(s, number++);
			usleep(200); /* the thread has its turns too, or the store is full before it looks */
		}
		if (progress == STORE_LMDB_FAILED)
			break;
	}
	assert_int_equal(errno, ECANCELED);
	assert_true(store_lmdb_close(s));
}

/* The process ends while one is under way: it waits for the thread, not for the copy. */
static void test_end_meanwhile(void **state)
{
	struct store *s = open_as(STORE_LMDB_NEW, 0);

	fill(s, 1000);
	assert_true(store_lmdb_checkpoint_begin(s));
	assert_true(store_lmdb_close(s));
	s = open_as(STORE_LMDB_CLEAN, 0);
	assert_true(store_lmdb_close(s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_loop_goes_on, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_given_up, setup, teardown),
		cmocka_unit_test_setup_teardown(test_end_meanwhile, setup, teardown),
	};

	return cmocka_run_group_tests_name("io/store_checkpoint", tests, NULL, NULL);
}

/* A ring of messages on the disk: found by key and time, over restarts, also after a kill and when it has
 * gone round. */
#include "io/message_ring.h"

#include "base/test.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STAMP = 7, KEYS = 5, ROUND = 2 * MESSAGE_RING_SEGMENT };

static char folder[64];
static uint8_t octets[60000];

static int setup(void **state)
{
	str_copy(folder, sizeof(folder), "/tmp/freehold-ring-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int teardown(void **state)
{
	DIR *dir = opendir(folder);
	const struct dirent *e;
	char path[384];

	while (dir && (e = readdir(dir)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", folder, e->d_name);
		unlink(path);
	}
	return dir && closedir(dir) == 0 ? rmdir(folder) : -1;
}

static void put(struct message_ring *r, uint64_t n, size_t len)
{
	struct kept_message m = {
		.key = n % KEYS, .utc_ns = 1000 * n, .number = n, .octets = bytes_of(octets, len)
	};

	octets[0] = (uint8_t)n;
	assert_true(message_ring_put(r, &m));
}

struct found {
	uint64_t key, last_ns, count, most;
	bool foreign;
};

static bool note(void *arg, const struct kept_message *m)
{
	struct found *f = arg;

	assert_int_equal(m->key, f->key);
	assert_true(m->utc_ns > f->last_ns);
	assert_int_equal(m->octets.data[0], (uint8_t)m->number);
	assert_int_equal(m->foreign, f->foreign);
	f->last_ns = m->utc_ns;
	return ++f->count < f->most;
}

static uint64_t count_of(struct message_ring *r, uint64_t key, uint64_t from_ns, bool foreign)
{
	struct found f = { .key = key, .most = UINT64_MAX, .foreign = foreign };

	assert_true(message_ring_find(r, key, from_ns, note, &f));
	return f.count;
}

static void test_finds(void **state)
{
	struct message_ring *r = message_ring_open(folder, ROUND, STAMP);
	struct found f = { .key = 2, .most = 3 };

	assert_non_null(r);
	assert_int_equal(message_ring_since(r), 0);
	for (uint64_t n = 1; n <= 100; n++)
		put(r, n, n);
	put(r, 50, 1); /* it has come before */
	assert_int_equal(count_of(r, 2, 0, false), 20);
	assert_int_equal(count_of(r, 2, 52000, false), 10);
	assert_int_equal(count_of(r, 9, 0, false), 0);
	assert_true(message_ring_find(r, 2, 0, note, &f));
	assert_int_equal(f.count, 3);
	message_ring_close(r);
	r = message_ring_open(folder, ROUND, STAMP); /* as after a kill: nothing was sealed */
	assert_non_null(r);
	assert_int_equal(message_ring_since(r), 1000);
	assert_int_equal(count_of(r, 2, 0, false), 20);
	put(r, 100, 1);
	put(r, 102, 1);
	assert_int_equal(count_of(r, 2, 0, false), 21);
	message_ring_close(r);
	r = message_ring_open(folder, ROUND, STAMP + 1); /* another version */
	assert_int_equal(count_of(r, 2, 0, true), 21);
	message_ring_close(r);
}

/* The last message is half written, and one is damaged: what is whole before it is there. */
static void test_torn(void **state)
{
	struct message_ring *r = message_ring_open(folder, ROUND, STAMP);
	char path[96];
	struct stat st;

	for (uint64_t n = 1; n <= 10; n++)
		put(r, n, 100);
	message_ring_close(r);
	snprintf(path, sizeof(path), "%s/00000000.seg", folder);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(truncate(path, st.st_size - 1), 0);
	r = message_ring_open(folder, ROUND, STAMP);
	assert_int_equal(count_of(r, 0, 0, false), 1); /* the 5th, not the 10th */
	assert_int_equal(count_of(r, 4, 0, false), 2);
	message_ring_close(r);
}

/* The oldest segment goes; what is left is of the limit. */
static void test_round(void **state)
{
	struct message_ring *r = message_ring_open(folder, ROUND, STAMP);
	uint64_t each = MESSAGE_RING_SEGMENT / sizeof(octets), count = 0;

	for (uint64_t n = 1; n <= 4 * each; n++)
		put(r, n, sizeof(octets));
	assert_true(message_ring_since(r) > 1000 * each);
	for (uint64_t k = 0; k < KEYS; k++)
		count += count_of(r, k, 0, false);
	assert_in_range(count, each, 2 * each);
	message_ring_close(r);
	r = message_ring_open(folder, ROUND, STAMP);
	for (uint64_t k = 0; k < KEYS; k++)
		count -= count_of(r, k, 0, false);
	assert_int_equal(count, 0);
	message_ring_close(r);
}

static bool try_put(struct message_ring *r, uint64_t n, size_t len)
{
	struct kept_message m = {
		.key = 1, .utc_ns = 1000 * n, .number = n, .octets = bytes_of(octets, len)
	};

	octets[0] = (uint8_t)n;
	return message_ring_put(r, &m);
}

/* A disk that is full for a while: what comes then is lost, and nothing of what comes behind it. */
static void test_full_disk(void **state)
{
	struct rlimit all, none;
	struct message_ring *r = message_ring_open(folder, ROUND, STAMP);

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &all), 0);
	none = all;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_false(try_put(r, 1, 100)); /* no segment */
	assert_false(try_put(r, 2, 100));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &all), 0);
	assert_true(try_put(r, 3, 100));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_false(try_put(r, 4, 100)); /* nothing more in it */
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &all), 0);
	assert_true(try_put(r, 5, 100));
	assert_int_equal(count_of(r, 1, 0, false), 2);
	message_ring_close(r);
	r = message_ring_open(folder, ROUND, STAMP);
	assert_int_equal(count_of(r, 1, 0, false), 2);
	message_ring_close(r);
}

static void test_folder_gone(void **state)
{
	struct message_ring *r = message_ring_open(folder, ROUND, STAMP);

	assert_int_equal(rmdir(folder), 0);
	assert_false(try_put(r, 1, 100));
	assert_int_equal(mkdir(folder, 0700), 0);
	assert_true(try_put(r, 2, 100));
	assert_int_equal(count_of(r, 1, 0, false), 1);
	message_ring_close(r);
}

static void test_longest(void **state)
{
	static uint8_t longest[MESSAGE_RING_MESSAGE_MAX + 1] = { 2 };
	struct kept_message m = { .key = 1, .utc_ns = 1, .number = 1, .octets = BYTES(longest) };
	struct message_ring *r = message_ring_open(folder, ROUND, STAMP);

	assert_false(message_ring_put(r, &m));
	assert_int_equal(errno, EMSGSIZE);
	assert_int_equal(count_of(r, 1, 0, false), 0);
	m.number = longest[0];
	m.octets.len--;
	assert_true(message_ring_put(r, &m));
	assert_int_equal(count_of(r, 1, 0, false), 1);
	message_ring_close(r);
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_finds),
		TEST(test_torn),
		TEST(test_round),
		TEST(test_full_disk),
		TEST(test_folder_gone),
		TEST(test_longest),
	};

	return cmocka_run_group_tests_name("io/message_ring", tests, NULL, NULL);
}

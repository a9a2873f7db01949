/* Files of samples: both formats, what is no number, and ends that are no whole sample. */
#include "io/iq_file.h"

#include "base/test.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MANY = 3 * 4096 + 5 };

static char path[64];

static int setup(void **state)
{
	str_copy(path, sizeof(path), "/tmp/freehold-iq-XXXXXX");
	return mkstemp(path) >= 0 ? 0 : -1;
}

static int teardown(void **state)
{
	unlink(path);
	return 0;
}

static void hold(const void *octets, size_t len)
{
	int fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);

	assert_int_equal(write(fd, octets, len), len);
	close(fd);
}

static void test_floats(void **state)
{
	static const float in[] = { 1, -2, NAN, INFINITY, 1e9f, -1e9f, 2e9f, -2e9f, 0.5f };
	static const float out[] = { 1, -2, 0, 0, 1e9f, -1e9f, 1e9f, -1e9f };
	float got[10];
	uint64_t odd = 0;
	struct iq_file f;

	hold(in, sizeof(in) - 1);
	assert_true(iq_file_open(&f, path, IQ_CF32));
	assert_int_equal(f.count, 4);
	assert_true(iq_file_read(&f, 0, 4, got, &odd));
	assert_memory_equal(got, out, sizeof(out));
	assert_int_equal(odd, 4);
	assert_true(iq_file_read(&f, 1, 1, got, NULL));
	assert_true(got[0] == 0 && got[1] == 0);
	errno = EIO;
	assert_false(iq_file_read(&f, 3, 2, got, &odd));
	assert_int_equal(errno, 0);
	iq_file_close(&f);
	assert_int_equal(f.fd, -1);
	hold(in, 1); /* an octet is none of it, and its end is an end */
	assert_true(iq_file_open(&f, path, IQ_CF32));
	assert_int_equal(f.count, 0);
	errno = EIO;
	assert_false(iq_file_read(&f, 0, 1, got, &odd));
	assert_int_equal(errno, 0);
	iq_file_close(&f);
}

static void test_integers(void **state)
{
	static const uint8_t in[] = { 0x00, 0x80, 0xff, 0x7f, 0x01, 0x00, 0x00, 0xc0 };
	float got[4];
	struct iq_file f;

	hold(in, sizeof(in));
	assert_true(iq_file_open(&f, path, IQ_CI16));
	assert_int_equal(f.count, 2);
	assert_true(iq_file_read(&f, 0, 2, got, NULL));
	assert_true(got[0] == -1 && got[1] == 32767 / 32768.0f && got[2] == 1 / 32768.0f && got[3] == -0.5f);
	iq_file_close(&f);
}

/* More than is read at once, each sample in its place. */
static void test_many(void **state)
{
	static int16_t in[2 * MANY];
	static float got[2 * MANY];
	struct iq_file f;

	for (size_t i = 0; i < ARRAY_LEN(in); i++)
		in[i] = (int16_t)(i * 7);
	hold(in, sizeof(in));
	assert_true(iq_file_open(&f, path, IQ_CI16));
	assert_true(iq_file_read(&f, 0, MANY, got, NULL));
	for (size_t i = 0; i < ARRAY_LEN(in); i++)
		assert_true(got[i] == in[i] / 32768.0f);
	assert_true(iq_file_read(&f, MANY - 1, 1, got, NULL));
	assert_true(got[1] == in[2 * MANY - 1] / 32768.0f);
	iq_file_close(&f);
}

static void test_tame(void **state)
{
	for (size_t n = 0; n < 100; n++)
		for (size_t at = 0; at < n; at++) {
			float v[100] = { 0 };

			v[at] = INFINITY;
			assert_int_equal(iq_tame(v, n), 1);
			assert_true(v[at] == 0);
			assert_int_equal(iq_tame(v, n), 0);
		}
}

static void test_no_file(void **state)
{
	struct iq_file f;

	assert_false(iq_file_open(&f, "/nonexistent", IQ_CF32));
	assert_int_equal(errno, ENOENT);
	iq_file_close(&f);
	assert_false(iq_file_open(&f, "/tmp", IQ_CF32));
	assert_int_equal(errno, EISDIR);
	assert_false(iq_file_open(&f, "/dev/zero", IQ_CF32));
	assert_int_equal(errno, ENOTSUP);
	unlink(path);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_false(iq_file_open(&f, path, IQ_CF32)); /* and is not waited for */
	assert_int_equal(errno, ENOTSUP);
	assert_int_equal(f.fd, -1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_floats),
		TEST(test_integers),
		TEST(test_many),
		TEST(test_tame),
		TEST(test_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

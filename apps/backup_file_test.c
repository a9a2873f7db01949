/* The file of a backup: whatever is not as it was written is refused. */
#include "apps/backup_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/test.h"
#include "crypto/sealed_stream.h"
#include "io/file.h"

enum { CHEAP = 1, LARGE = 3 * SEALED_STREAM_PIECE, START = 8 + SEALED_STREAM_HEAD_LEN };

static char dir[64], file[80], from[80], to[80];
static struct backup_head head;

static int setup(void **state)
{
	str_copy(dir, sizeof(dir), "/tmp/backup_file_test.XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(file, sizeof(file), "%s/file", dir);
	snprintf(from, sizeof(from), "%s/from", dir);
	snprintf(to, sizeof(to), "%s/to", dir);
	head = (struct backup_head){ .made_ms = 1234567890123 };
	assert_true(plmn_parse("00101", &head.plmn));
	for (size_t i = 0; i < sizeof(head.secrets); i++)
		head.secrets[i] = (uint8_t)(i * 7);
	return 0;
}

static int teardown(void **state)
{
	unlink(file);
	unlink(from);
	unlink(to);
	return rmdir(dir);
}

static void put(const char *path, struct bytes octets)
{
	struct file_stream s;

	assert_true(file_stream_open(&s, path));
	assert_true(file_stream_put(&s, octets));
	assert_true(file_stream_close(&s));
}

/* A backup of len octets, which are given. */
static uint8_t *write_one(size_t len)
{
	char error[BACKUP_ERROR_SIZE] = "";
	uint8_t *octets = malloc(len + 1);

	assert_non_null(octets);
	for (size_t i = 0; i < len; i++)
		octets[i] = (uint8_t)(i ^ i >> 8);
	put(from, bytes_of(octets, len));
	if (!backup_write(file, bytes_of_str("correct horse"), CHEAP, &head, from, error))
		fail_msg("%s", error);
	return octets;
}

static bool read_with(const char *passphrase, struct backup_head *found)
{
	char error[BACKUP_ERROR_SIZE] = "";
	bool ok = backup_read(file, bytes_of_str(passphrase), found, to, error);

	assert_true(ok == (error[0] == '\0'));
	return ok;
}

/* Also where a piece ends with the file. */
static void test_there_and_back(void **state)
{
	const size_t first = SEALED_STREAM_PIECE - (1 + sizeof(struct plmn) + 8 + SECRETS_SIZE);
	const size_t lens[] = { 0, 1, first - 1, first, first + 1, first + SEALED_STREAM_PIECE, LARGE };

	for (size_t i = 0; i < ARRAY_LEN(lens); i++) {
		struct backup_head found = { 0 };
		uint8_t *octets = write_one(lens[i]);
		struct bytes b;
		struct stat st;

		assert_true(read_with("correct horse", &found));
		assert_memory_equal(&found, &head, sizeof(head));
		assert_true(file_read(to, LARGE, &b));
		assert_int_equal(b.len, lens[i]);
		assert_memory_equal(b.data, octets, lens[i]);
		file_free(&b);
		assert_int_equal(stat(file, &st), 0);
		free(octets);
	}
}

static void test_each_octet(void **state)
{
	struct backup_head found;
	struct bytes b;
	uint8_t *octets;

	free(write_one(100));
	assert_true(file_read(file, 1 << 20, &b));
	octets = (uint8_t *)b.data;
	for (size_t i = 0; i < b.len; i++) {
		octets[i] ^= 0x80;
		put(file, b);
		assert_false(read_with("correct horse", &found));
		octets[i] ^= 0x80;
	}
	for (size_t len = 0; len < b.len; len++) {
		put(file, bytes_of(b.data, len));
		assert_false(read_with("correct horse", &found));
	}
	file_free(&b);
}

/* Pieces left out, exchanged, doubled, or added behind the last. */
static void test_pieces(void **state)
{
	enum { S = SEALED_STREAM_SEALED };
	struct backup_head found;
	struct bytes b;
	uint8_t *other = malloc(2 * LARGE);

	assert_non_null(other);
	free(write_one(LARGE));
	assert_true(file_read(file, 2 * LARGE, &b));
	for (size_t pieces = 0; pieces < 4; pieces++) {
		put(file, bytes_of(b.data, START + pieces * S));
		assert_false(read_with("correct horse", &found));
	}
	memcpy(other, b.data, b.len);
	memcpy(other + START + S, b.data + START + 2 * S, S);
	memcpy(other + START + 2 * S, b.data + START + S, S);
	put(file, bytes_of(other, b.len));
	assert_false(read_with("correct horse", &found));
	memcpy(other, b.data, b.len);
	memcpy(other + START + S, b.data + START + 2 * S, b.len - START - 2 * S);
	put(file, bytes_of(other, b.len - S));
	assert_false(read_with("correct horse", &found));
	memcpy(other, b.data, b.len);
	memcpy(other + b.len, b.data + b.len - 20, 20);
	put(file, bytes_of(other, b.len + 20));
	assert_false(read_with("correct horse", &found));
	put(file, b);
	assert_true(read_with("correct horse", &found));
	file_free(&b);
	free(other);
}

static void test_passphrase(void **state)
{
	static const char *const wrong[] = { "", "correct hors", "correct horse ", "Correct horse" };
	struct backup_head found;

	free(write_one(10));
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(read_with(wrong[i], &found));
	free(write_one(10)); /* the same again is other octets: another salt */
}

/* What costs more memory than a stranger's file may is refused before it is taken. */
static void test_cost(void **state)
{
	struct backup_head found;
	struct bytes b;

	free(write_one(10));
	assert_true(file_read(file, 1 << 20, &b));
	((uint8_t *)b.data)[9] = SEALED_STREAM_COST_MAX + 1;
	put(file, b);
	assert_false(read_with("correct horse", &found));
	file_free(&b);
}

/* A file that cannot be written leaves the one before as it was. */
static void test_not_written(void **state)
{
	char error[BACKUP_ERROR_SIZE] = "";
	struct backup_head found;

	free(write_one(10));
	unlink(from);
	assert_false(backup_write(file, bytes_of_str("other phrase"), CHEAP, &head, from, error));
	assert_non_null(strstr(error, from));
	assert_true(read_with("correct horse", &found));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_there_and_back, setup, teardown),
		cmocka_unit_test_setup_teardown(test_each_octet, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pieces, setup, teardown),
		cmocka_unit_test_setup_teardown(test_passphrase, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cost, setup, teardown),
		cmocka_unit_test_setup_teardown(test_not_written, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

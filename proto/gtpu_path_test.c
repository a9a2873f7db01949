/* One end of a GTP-U path: what it answers, what it hands on, and how often. */
#include "proto/gtpu_path.h"

#include "base/test_env.h"

static struct test_env env;
static struct gtpu_path path;
static uint8_t sent[128];
static size_t sent_len;
static uint32_t sent_count;
static struct addr sent_to;

static void send(void *arg, const struct addr *to, struct bytes datagram)
{
	assert_true(bytes_copy(sent, sizeof(sent), datagram));
	sent_len = datagram.len;
	sent_to = *to;
	sent_count++;
}

static int begin(void **state)
{
	static const uint8_t known[] = { GTPU_EXT_NR_RAN_CONTAINER };

	test_env_init(&env, 1, false);
	path = (struct gtpu_path){
		.env = &env.env, .own = addr_from_v4(0x0a000001, 0), .send = send, .extensions = BYTES(known)
	};
	sent_count = 0;
	return 0;
}

static int end(void **state)
{
	test_env_fini(&env);
	return 0;
}

static enum gtpu_path_event given(const char *hex, struct gtpu_header *h)
{
	struct addr from = addr_from_v4(0x0a000002, 40000);
	struct bytes payload;
	uint8_t octets[128];

	return gtpu_path_receive(&path, &from, test_hex(hex, octets, sizeof(octets)), h, &payload);
}

static bool is_sent(const char *hex)
{
	uint8_t octets[128];

	return bytes_equal(bytes_of(sent, sent_len), test_hex(hex, octets, sizeof(octets)));
}

static void test_messages(void **state)
{
	struct addr from = addr_from_v4(0x0a000002, 40000);
	struct gtpu_header h;

	assert_int_equal(given("320100040000000000070000", &h), GTPU_PATH_DONE);
	assert_true(is_sent("320200060000000000070000 0e00") && sent_to.port == 40000);
	assert_int_equal(given("34ff000801020304 00000099 01000000", &h), GTPU_PATH_DONE);
	assert_true(is_sent("301f0003 00000000 8d0184"));
	assert_int_equal(given("30ff0001 01020304 aa", &h), GTPU_PATH_PACKET);
	assert_int_equal(h.teid, 0x01020304);
	assert_int_equal(given("30fe0000 00000005", &h), GTPU_PATH_END_MARKER);
	assert_int_equal(given("321a00100000000000000000 1000000009 8500040a000001", &h), GTPU_PATH_ERROR);
	assert_int_equal(h.teid, 9);
	assert_int_equal(given("321a00090000000000000000 1000000009", &h), GTPU_PATH_DONE);
	assert_int_equal(given("30ff", &h), GTPU_PATH_DONE);
	assert_int_equal(given("3002000200000000 0e00", &h), GTPU_PATH_DONE);
	assert_true(path.stats.malformed == 2 && path.stats.error_indications == 1 &&
		    path.stats.not_comprehended == 1 && path.stats.end_markers == 1);
	assert_int_equal(sent_count, 2);
	gtpu_path_unknown_teid(&path, &from, 6);
	assert_true(is_sent("321a00100000000000000000 1000000006 8500040a000001"));
	assert_int_equal(sent_to.port, GTPU_UDP_PORT);
}

static void test_answers_limited(void **state)
{
	struct gtpu_header h;

	for (int i = 0; i < GTPU_PATH_ANSWERS_MAX + 50; i++)
		assert_int_equal(given("320100040000000000070000", &h), GTPU_PATH_DONE);
	assert_int_equal(sent_count, GTPU_PATH_ANSWERS_MAX);
	env.now_ns += NS_PER_S;
	assert_int_equal(given("320100040000000000070000", &h), GTPU_PATH_DONE);
	assert_int_equal(sent_count, GTPU_PATH_ANSWERS_MAX + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test_setup_teardown(test_messages, begin, end),
		cmocka_unit_test_setup_teardown(test_answers_limited, begin, end) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

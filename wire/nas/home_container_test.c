/* What the home network sends under K_AUSF, octet by octet (24.501 figures 9.11.3.51.2 and 4, 9.11.3.53A.1
 * and 2). */
#include "base/test.h"

#include "wire/nas/nas.h"

#define MAC "000102030405060708090a0b0c0d0e0f"

static uint8_t octets[64];

static struct bytes hex(const char *text)
{
	return test_hex(text, octets, sizeof(octets));
}

static struct nas_home_container container(uint8_t header, struct bytes list)
{
	struct nas_home_container h = { .header = header, .counter = 0x1234, .list = list };

	for (uint8_t i = 0; i < sizeof(h.mac); i++)
		h.mac[i] = i;
	return h;
}

static void test_of_the_network(void **state)
{
	static const uint8_t list[] = { 0x04, 0x00, 0x02, 0x21, 0xf3 };
	struct nas_home_container h = container(NAS_UPU_ACKNOWLEDGE | NAS_UPU_RE_REGISTER, BYTES(list)), back;
	uint8_t out[64];
	struct writer w = writer_of(out, sizeof(out));

	assert_true(nas_home_container_encode(&h, &w));
	assert_true(bytes_equal(writer_bytes(&w), hex("06" MAC "1234"
						      "04000221f3")));
	assert_true(nas_home_container_decode(writer_bytes(&w), &back));
	assert_int_equal(back.header, 0x06);
	assert_memory_equal(back.mac, h.mac, 16);
	assert_int_equal(back.counter, 0x1234);
	assert_true(bytes_equal(back.list, BYTES(list)));
	w = writer_of(out, 23);
	assert_false(nas_home_container_encode(&h, &w));
}

static void test_acknowledgement(void **state)
{
	struct nas_home_container h = container(NAS_HOME_ACKNOWLEDGEMENT, BYTES_NONE), back;
	uint8_t out[64];
	struct writer w = writer_of(out, sizeof(out));

	assert_true(nas_home_container_encode(&h, &w));
	assert_true(bytes_equal(writer_bytes(&w), hex("01" MAC)));
	assert_true(nas_home_container_decode(writer_bytes(&w), &back));
	assert_int_equal(back.header, NAS_HOME_ACKNOWLEDGEMENT);
	assert_memory_equal(back.mac, h.mac, 16);
	assert_int_equal(back.counter, 0);
	assert_int_equal(back.list.len, 0);
}

static void test_refused(void **state)
{
	struct nas_home_container h;

	assert_false(nas_home_container_decode(hex("01"
						   "0001"),
		&h));
	assert_false(nas_home_container_decode(hex("00" MAC "12"), &h));
	assert_false(nas_home_container_decode(BYTES_NONE, &h));
	assert_true(nas_home_container_decode(hex("00" MAC "1234"), &h)); /* without a list */
	assert_int_equal(h.list.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_of_the_network),
		cmocka_unit_test(test_acknowledgement),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Addresses of both families in one form. */
#include "base/test.h"

#include "base/ip.h"

static struct ip parsed(const char *text)
{
	struct addr a;

	assert_true(addr_parse(text, &a));
	return ip_from_addr(&a);
}

static void both_families(void **state)
{
	struct ip four = parsed("10.45.0.2"), six = parsed("2001:db8::a:2");
	struct addr back = ip_to_addr(six, 7), six_addr;

	assert_int_equal(ip_family(four), IP_FAMILY_V4);
	assert_int_equal(ip_v4(four), 0x0a2d0002);
	assert_int_equal(ip_family(six), IP_FAMILY_V6);
	assert_int_equal(ip_v4(six), 0);
	assert_true(addr_parse("2001:db8::a:2", &six_addr));
	six_addr.port = 7;
	assert_true(addr_equal(&back, &six_addr));
	back = ip_to_addr(four, 9);
	assert_int_equal(addr_v4(&back), 0x0a2d0002);
	assert_int_equal(back.port, 9);
	assert_int_equal(ip_to_addr(IP_NONE, 1).len, 0);
	assert_false(ip_equal(four, six));
	assert_true(ip_equal(four, ip_from_v4(0x0a2d0002)));
}

/* An IPv6 packet cannot pretend to be of an IPv4 UE. */
static void mapped_is_refused(void **state)
{
	struct addr a = { .len = 16, .ip = { [10] = 0xff, [11] = 0xff, [12] = 10, [13] = 45, [15] = 2 } };

	assert_int_equal(ip_family(ip_from_addr(&a)), IP_FAMILY_NONE);
	a.ip[9] = 1;
	assert_int_equal(ip_family(ip_from_addr(&a)), IP_FAMILY_V6);
}

static void masks_and_none(void **state)
{
	struct ip mask = { UINT64_MAX, 0 };

	assert_true(ip_same_in(parsed("2001:db8::1"), parsed("2001:db8::ffff"), mask));
	assert_false(ip_same_in(parsed("2001:db8::1"), parsed("2001:db9::1"), mask));
	assert_true(ip_is_none(parsed("0.0.0.0")));
	assert_true(ip_is_none(parsed("::")));
	assert_true(ip_is_none(IP_NONE));
	assert_false(ip_is_none(parsed("::1")));
	assert_false(ip_is_none(parsed("0.0.0.1")));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(both_families),
		cmocka_unit_test(mapped_is_refused), cmocka_unit_test(masks_and_none) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

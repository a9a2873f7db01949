/* IPFilterRule texts: what is read, what is not, and that what is written reads back alike. */
#include "base/ip_filter.h"

#include "base/test_env.h"

static enum ip_filter_fault read_text(const char *text, struct ip_filter *f)
{
	return ip_filter_read(bytes_of_str(text), f);
}

static void same_again(const char *text, const char *as)
{
	struct ip_filter f;
	char out[IP_FILTER_TEXT_MAX];
	struct writer w = writer_of((uint8_t *)out, sizeof(out) - 1);

	assert_int_equal(read_text(text, &f), IP_FILTER_GOOD);
	assert_true(ip_filter_write(&f, &w));
	out[w.len] = '\0';
	assert_string_equal(out, as);
}

static void test_good(void **state)
{
	struct ip_filter f;

	assert_int_equal(
		read_text("permit out 17 from 192.0.2.129/25 5060,6000-7000 to assigned 1-65535", &f), 0);
	assert_int_equal(f.protocol, 17);
	assert_false(f.any_protocol);
	assert_int_equal(ip_v4(f.from.ip), 0xc0000280);
	assert_int_equal(f.from.bits, 25);
	assert_int_equal(f.from.range_count, 2);
	assert_int_equal(f.from.ranges[1].high, 7000);
	assert_true(f.to.is_assigned);
	assert_int_equal(f.to.ranges[0].low, 1);
	same_again("permit out ip from any to any", "permit out ip from any to any");
	same_again("  permit  out 6 from 10.1.2.3/8 80 to  assigned ",
		"permit out 6 from 10.0.0.0/8 80 to assigned");
	same_again("permit out 6 from 10.1.2.3/32 to assigned", "permit out 6 from 10.1.2.3 to assigned");
	same_again("permit out ip from 0.0.0.0/0 to assigned", "permit out ip from any to assigned");
	same_again("permit out 58 from 2001:db8:ffff::1/33 to assigned",
		"permit out 58 from 2001:db8:8000::/33 to assigned");
	same_again("permit out 6 from 2001:db8::1 443 to 2001:db8:1::/64",
		"permit out 6 from 2001:db8::1 443 to 2001:db8:1::/64");
}

static void test_bad(void **state)
{
	static const struct {
		const char *text;
		enum ip_filter_fault fault;
	} bad[] = {
		{ "", IP_FILTER_LENGTH },
		{ "   ", IP_FILTER_ACTION },
		{ "deny out ip from any to any", IP_FILTER_ACTION },
		{ "permit in ip from any to any", IP_FILTER_DIRECTION },
		{ "permit out 256 from any to any", IP_FILTER_PROTOCOL },
		{ "permit out -1 from any to any", IP_FILTER_PROTOCOL },
		{ "permit out ip to any from any", IP_FILTER_WORDS },
		{ "permit out ip from any", IP_FILTER_WORDS },
		{ "permit out ip from any to any frag", IP_FILTER_WORDS },
		{ "permit out ip from 10.0.0.1/33 to any", IP_FILTER_ADDRESS },
		{ "permit out ip from 10.0.0.1/ to any", IP_FILTER_ADDRESS },
		{ "permit out ip from /8 to any", IP_FILTER_ADDRESS },
		{ "permit out ip from 10.0.0.256 to any", IP_FILTER_ADDRESS },
		{ "permit out ip from !10.0.0.1 to any", IP_FILTER_ADDRESS },
		{ "permit out ip from :: to any", IP_FILTER_ADDRESS },
		{ "permit out ip from 2001:db8::/129 to any", IP_FILTER_ADDRESS },
		{ "permit out ip from ::ffff:10.0.0.1 to any", IP_FILTER_ADDRESS },
		{ "permit out ip from any 65536 to any", IP_FILTER_PORTS },
		{ "permit out ip from any 20-10 to any", IP_FILTER_PORTS },
		{ "permit out ip from any 20- to any", IP_FILTER_PORTS },
		{ "permit out ip from any 20, to any", IP_FILTER_PORTS },
		{ "permit out ip from any 1,2,3,4,5,6,7,8,9 to any", IP_FILTER_PORTS },
		{ "permit out ip from 10.0.0.1 to 2001:db8::1", IP_FILTER_FAMILIES },
	};
	struct ip_filter f;
	char longest[IP_FILTER_INPUT_MAX + 2];

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(read_text(bad[i].text, &f), bad[i].fault);
		assert_true(ip_filter_fault_text(bad[i].fault)[0] != '\0');
	}
	memset(longest, ' ', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	assert_int_equal(read_text(longest, &f), IP_FILTER_LENGTH);
}

/* Every piece of a good text, and every text with an octet changed, is read or refused, never more. */
static void test_hostile(void **state)
{
	static const char good[] = "permit out 17 from 2001:db8::/32 5060,6000-7000 to assigned 1-65535";
	char text[sizeof(good)];
	struct ip_filter f;

	for (size_t n = 0; n < sizeof(good); n++)
		for (size_t from = 0; from <= n; from++) {
			uint8_t *piece = malloc(n - from + 1);

			assert_non_null(piece);
			memcpy(piece, good + from, n - from);
			ip_filter_read(bytes_of(piece, n - from), &f);
			free(piece);
		}
	for (size_t at = 0; at < sizeof(good) - 1; at++)
		for (int c = 0; c < 256; c++) {
			memcpy(text, good, sizeof(good));
			text[at] = (char)c;
			ip_filter_read(bytes_of(text, sizeof(good) - 1), &f);
			assert_true(f.from.range_count <= IP_FILTER_RANGES_MAX && f.from.bits <= 128);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_hostile),
	};

	return cmocka_run_group_tests_name("base/ip_filter", tests, NULL, NULL);
}

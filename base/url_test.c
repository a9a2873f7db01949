#include "base/url.h"

#include "base/test.h"

static void test_read(void **state)
{
	struct url u;

	assert_true(url_read("https://hooks.example.org/a/b?c=d", &u));
	assert_true(u.tls);
	assert_string_equal(u.host, "hooks.example.org");
	assert_int_equal(u.port, 443);
	assert_string_equal(u.path, "/a/b?c=d");
	assert_true(url_read("http://192.0.2.1:8080", &u));
	assert_false(u.tls);
	assert_string_equal(u.host, "192.0.2.1");
	assert_int_equal(u.port, 8080);
	assert_string_equal(u.path, "/");
	assert_true(url_read("https://[2001:db8::1]:9/x", &u));
	assert_string_equal(u.host, "2001:db8::1");
	assert_int_equal(u.port, 9);
	assert_true(url_read("https://[::1]/", &u));
	assert_int_equal(u.port, 443);
}

static void test_refused(void **state)
{
	static const char *const texts[] = { "", "https://", "https:///x", "ftp://a/", "https://a:0/",
		"https://a:65536/", "https://a:/", "https://a b/", "https://a/\r\nX: y", "https://u@a/",
		"https://a/#f", "https://[::1/", "https://a:1:2/", "https://[]/", "a.example/x",
		"https://a?b" };
	char longest[URL_HOST_SIZE + 16] = "https://";
	struct url u;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		assert_false(url_read(texts[i], &u));
	memset(longest + 8, 'a', URL_HOST_SIZE);
	assert_false(url_read(longest, &u));
	longest[8 + URL_HOST_SIZE - 1] = '\0';
	assert_true(url_read(longest, &u));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("base/url", tests, NULL, NULL);
}

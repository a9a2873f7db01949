/* Requests of HTTP as the port of the figures judges them; tests/metrics_test.py tries the port itself. */
#include "base/test.h"
#include "io/http_request.h"

#define LINE "GET /metrics HTTP/1.1\r\n"

static const struct {
	const char *text;
	enum http_status status;
} cases[] = {
	{ LINE "Host: a\r\n\r\n", HTTP_OK },
	{ LINE "host:\r\n\r\n", HTTP_OK },
	{ "GET /metrics HTTP/1.0\r\n\r\n", HTTP_OK },
	{ "\r\n\r\n" LINE "Host: a\r\n\r\n", HTTP_OK },
	{ "GET HTTP://a/metrics?q=1 HTTP/1.1\nHost: a\n\n", HTTP_OK },
	{ "HEAD /metrics HTTP/1.1\r\nHost: a\r\nX: \tb \r\nY: \xc3\xbc\r\n\r\n", HTTP_OK },
	{ "GET / HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_NOT_FOUND },
	{ "GET http://a HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_NOT_FOUND },
	{ "GET ?/metrics HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_NOT_FOUND },
	{ "POST /metrics HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_METHOD_NOT_ALLOWED },
	{ "get /metrics HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_METHOD_NOT_ALLOWED },
	{ LINE "\r\n", HTTP_BAD_REQUEST },
	{ LINE "Host: a\r\nHost: a\r\n\r\n", HTTP_BAD_REQUEST },
	{ LINE "Host: a\r\nX : b\r\n\r\n", HTTP_BAD_REQUEST },
	{ LINE "Host: a\r\n X: b\r\n\r\n", HTTP_BAD_REQUEST },
	{ LINE "Host: a\r\nX\r\n\r\n", HTTP_BAD_REQUEST },
	{ LINE "Host: a\r\nX: b\rc\r\n\r\n", HTTP_BAD_REQUEST },
	{ "GET  /metrics HTTP/1.1\r\n", HTTP_BAD_REQUEST },
	{ "GET /metrics HTTP/1.1 \r\n", HTTP_BAD_REQUEST },
	{ "GET /metrics HTTP/11\r\n", HTTP_BAD_REQUEST },
	{ "GET /metrics http/1.1\r\n", HTTP_BAD_REQUEST },
	{ "G(T /metrics HTTP/1.1\r\n", HTTP_BAD_REQUEST },
	{ "GET /metrics HTTP/2.0\r\n", HTTP_VERSION_NOT_SUPPORTED },
	{ "GET /metrics HTTP/0.9\r\n", HTTP_VERSION_NOT_SUPPORTED },
	{ LINE "Host: a\r\n", HTTP_MORE },
	{ "GET /metr", HTTP_MORE },
	{ "", HTTP_MORE },
};

static void test_requests(void **state)
{
	struct http_request r;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct bytes text = bytes_of_str(cases[i].text);

		if (http_request_read(text, "/metrics", &r) != cases[i].status)
			fail_msg("%s: %d", cases[i].text, http_request_read(text, "/metrics", &r));
		assert_int_equal(r.head, strstr(cases[i].text, "HEAD ") != NULL);
		assert_int_equal(r.http10, strstr(cases[i].text, "/1.0\r\n") != NULL);
	}
}

/* An octet is never enough before the last, and what follows a request changes nothing. */
static void test_pieces(void **state)
{
	static const char text[] = LINE "Host: a\r\n\r\nGET / HTTP/1.1\r\n";
	size_t whole = sizeof(LINE "Host: a\r\n\r\n") - 1;
	struct http_request r;

	for (size_t n = 0; n < sizeof(text); n++)
		assert_int_equal(http_request_read(bytes_of(text, n), "/metrics", &r),
			n < whole ? HTTP_MORE : HTTP_OK);
}

/* More than there is room for: by the part of the request that takes it. */
static void test_too_long(void **state)
{
	static char text[HTTP_REQUEST_MAX + 1];
	struct http_request r;

	memset(text, 'x', HTTP_REQUEST_MAX);
	assert_int_equal(http_request_read(bytes_of(text, HTTP_REQUEST_MAX - 1), "/metrics", &r), HTTP_MORE);
	assert_int_equal(
		http_request_read(bytes_of(text, HTTP_REQUEST_MAX), "/metrics", &r), HTTP_URI_TOO_LONG);
	memcpy(text, LINE, sizeof(LINE) - 1);
	assert_int_equal(
		http_request_read(bytes_of(text, HTTP_REQUEST_MAX), "/metrics", &r), HTTP_FIELDS_TOO_LARGE);
	snprintf(text, sizeof(text), "GET /%0*d HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_PATH_MAX, 0);
	assert_int_equal(http_request_read(bytes_of_str(text), "/metrics", &r), HTTP_URI_TOO_LONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_pieces),
		cmocka_unit_test(test_too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

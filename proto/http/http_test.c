/* The parser beside requests that are good, cut, and made to be understood in two ways (RFC 9112 11.2). */
#include "proto/http/http.h"

#include "base/test.h"

enum { BODY_MAX = 1000 };

static struct http1_request request;

static enum http_code read_all(const char *text)
{
	return http1_request_read(bytes_of_str(text), BODY_MAX, &request);
}

static void text_is(struct bytes b, const char *text)
{
	assert_int_equal(b.len, strlen(text));
	assert_memory_equal(b.data, text, b.len);
}

static void takes_a_request_in_pieces(void **state)
{
	static const char text[] = "POST /api/v1/session?a=b&c HTTP/1.1\r\nHost: here:8443\r\n"
				   "Content-Length: 5\r\nX-Empty:\r\nConnection: keep-alive\r\n\r\nhello";

	for (size_t i = 0; i < sizeof(text) - 1; i++)
		assert_int_equal(http1_request_read(bytes_of(text, i), BODY_MAX, &request), HTTP1_MORE);
	assert_int_equal(read_all(text), HTTP1_OK);
	assert_int_equal(request.method, HTTP_POST);
	text_is(request.path, "/api/v1/session");
	text_is(request.query, "a=b&c");
	text_is(request.host, "here:8443");
	text_is(request.content, "hello");
	text_is(http1_field(&request, "x-EMPTY"), "");
	assert_true(request.keep_alive);
	assert_int_equal(request.octets, sizeof(text) - 1);
}

/* What follows a request is the next one's, not its body's. */
static void ends_where_the_request_ends(void **state)
{
	static const char one[] = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";

	assert_int_equal(
		read_all("GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n"), HTTP1_OK);
	assert_int_equal(request.octets, sizeof(one) - 1);
	text_is(request.path, "/a");
}

static void puts_chunks_together(void **state)
{
	static const char text[] =
		"PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
		"4;ext=1\r\nWiki\r\n6\r\npedia \r\nA\r\nin chunks.\r\n0\r\nTrailer: x\r\n\r\n";
	struct arena arena;
	struct bytes body;

	for (size_t i = 0; i < sizeof(text) - 1; i++)
		assert_int_equal(http1_request_read(bytes_of(text, i), BODY_MAX, &request), HTTP1_MORE);
	assert_int_equal(read_all(text), HTTP1_OK);
	assert_int_equal(request.octets, sizeof(text) - 1);
	arena_init(&arena, NULL, 0, 65536);
	assert_true(http1_body(&request, &arena, &body));
	text_is(body, "Wikipedia in chunks.");
	arena_fini(&arena);
}

/* Any line but an empty one is a trailer, however short. */
static void short_trailers(void **state)
{
	static const char text[] = "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
				   "1\r\nW\r\n0\r\nx\r\ny:\r\n\r\n";

	assert_int_equal(read_all(text), HTTP1_OK);
	assert_int_equal(request.octets, sizeof(text) - 1);
}

static void takes_what_may_be_left_out(void **state)
{
	assert_int_equal(read_all("\r\nGET / HTTP/1.1\r\nHost:h\r\n\r\n"), HTTP1_OK);
	assert_int_equal(read_all("GET / HTTP/1.0\r\n\r\n"), HTTP1_OK);
	assert_false(request.keep_alive);
	assert_int_equal(read_all("GET / HTTP/1.1\r\nHost: h\r\nConnection: x, Close\r\n\r\n"), HTTP1_OK);
	assert_false(request.keep_alive);
	assert_int_equal(read_all("GET https://h:1/x?y HTTP/1.1\r\nHost: h\r\n\r\n"), HTTP1_OK);
	text_is(request.host, "h:1");
	text_is(request.path, "/x");
	assert_int_equal(read_all("BREW / HTTP/1.1\r\nHost: h\r\n\r\n"), HTTP1_OK);
	assert_int_equal(request.method, HTTP_OTHER);
	assert_int_equal(
		read_all("PUT / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n"),
		HTTP1_MORE);
	assert_true(request.expects && request.head_len > 0);
}

#define HOST "Host: h\r\n"

static void refuses_what_two_may_read_in_two_ways(void **state)
{
	static const struct {
		const char *text;
		enum http_code code;
	} cases[] = {
		{ "GET / HTTP/1.1\r\n\r\n", HTTP1_BAD_REQUEST },
		{ "GET / HTTP/1.1\r\n" HOST HOST "\r\n", HTTP1_BAD_REQUEST },
		{ "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", HTTP1_BAD_REQUEST },
		{ "GET / HTTP/1.1\r\nHost:\r\n\r\n", HTTP1_BAD_REQUEST },
		{ "GET  / HTTP/1.1\r\n" HOST "\r\n", HTTP1_BAD_REQUEST },
		{ "GET /\x01 HTTP/1.1\r\n" HOST "\r\n", HTTP1_BAD_REQUEST },
		{ "GET / HTTP/1.1 \r\n" HOST "\r\n", HTTP1_BAD_REQUEST },
		{ "GET * HTTP/1.1\r\n" HOST "\r\n", HTTP1_BAD_REQUEST },
		{ "GET a HTTP/1.1\r\n" HOST "\r\n", HTTP1_BAD_REQUEST },
		{ "G(T / HTTP/1.1\r\n" HOST "\r\n", HTTP1_BAD_REQUEST },
		{ "GET / HTTP/2.0\r\n" HOST "\r\n", HTTP1_VERSION_NOT_SUPPORTED },
		{ "GET / HTTP/1.2\r\n" HOST "\r\n", HTTP1_VERSION_NOT_SUPPORTED },
		{ "GET / HTTP/1.1\n" HOST "\r\n", HTTP1_BAD_REQUEST },
		{ "GET / HTTP/1.1\r\nHost: h\n\r\n", HTTP1_BAD_REQUEST },
		{ "GET / HTTP/1.1\r\nHost: h\rX: y\r\n\r\n", HTTP1_BAD_REQUEST },
		{ "GET / HTTP/1.1\r\n" HOST " folded\r\n\r\n", HTTP1_BAD_REQUEST },
		{ "GET / HTTP/1.1\r\n" HOST "A : b\r\n\r\n", HTTP1_BAD_REQUEST },
		{ "GET / HTTP/1.1\r\n" HOST "A\r\n\r\n", HTTP1_BAD_REQUEST },
		{ "GET / HTTP/1.1\r\n" HOST "A: \x7f\r\n\r\n", HTTP1_BAD_REQUEST },
		{ "PUT / HTTP/1.1\r\n" HOST "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx",
			HTTP1_BAD_REQUEST },
		{ "PUT / HTTP/1.1\r\n" HOST "Content-Length: 1, 1\r\n\r\nx", HTTP1_BAD_REQUEST },
		{ "PUT / HTTP/1.1\r\n" HOST "Content-Length: +1\r\n\r\nx", HTTP1_BAD_REQUEST },
		{ "PUT / HTTP/1.1\r\n" HOST "Content-Length: 0x1\r\n\r\nx", HTTP1_BAD_REQUEST },
		{ "PUT / HTTP/1.1\r\n" HOST "Content-Length:\r\n\r\n", HTTP1_BAD_REQUEST },
		{ "PUT / HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999\r\n\r\n",
			HTTP1_BAD_REQUEST },
		{ "PUT / HTTP/1.1\r\n" HOST "Content-Length: 1001\r\n\r\n", HTTP1_CONTENT_TOO_LARGE },
		{ "PUT / HTTP/1.1\r\n" HOST
		  "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
			HTTP1_BAD_REQUEST },
		{ "PUT / HTTP/1.1\r\n" HOST
		  "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
			HTTP1_BAD_REQUEST },
		{ "PUT / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
			HTTP1_BAD_REQUEST },
		{ "PUT / HTTP/1.1\r\n" HOST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
			HTTP1_NOT_IMPLEMENTED },
		{ "PUT / HTTP/1.1\r\n" HOST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
			HTTP1_NOT_IMPLEMENTED },
		{ "PUT / HTTP/1.1\r\n" HOST
		  "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
			HTTP1_BAD_REQUEST },
		{ "PUT / HTTP/1.1\r\n" HOST "Expect: tea\r\n\r\n", HTTP1_EXPECTATION_FAILED },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (read_all(cases[i].text) != cases[i].code)
			fail_msg("%zu: %s: %d", i, cases[i].text, read_all(cases[i].text));
}

static void refuses_bad_chunks(void **state)
{
	static const struct {
		const char *chunks;
		enum http_code code;
	} cases[] = {
		{ "x\r\n", HTTP1_BAD_REQUEST },
		{ "-1\r\n", HTTP1_BAD_REQUEST },
		{ "0x1\r\nx\r\n", HTTP1_BAD_REQUEST },
		{ "\r\n", HTTP1_BAD_REQUEST },
		{ "1\nx\r\n", HTTP1_BAD_REQUEST },
		{ "1\r\nxy\r\n", HTTP1_BAD_REQUEST },
		{ "10000000000000001\r\n", HTTP1_BAD_REQUEST },
		{ "ffffffffffffffff\r\n", HTTP1_CONTENT_TOO_LARGE },
		{ "3e9\r\n", HTTP1_CONTENT_TOO_LARGE },
		{ "1;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\nx\r\n",
			HTTP1_BAD_REQUEST },
		{ "0\r\nbad trailer\n\r\n", HTTP1_BAD_REQUEST },
	};
	char text[512];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		snprintf(text, sizeof(text), "PUT / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n%s",
			cases[i].chunks);
		if (read_all(text) != cases[i].code)
			fail_msg("%zu: %d", i, read_all(text));
	}
}

static void bounds_heads(void **state)
{
	static char text[HTTP1_HEAD_MAX + 1];
	size_t at;

	memset(text, 'a', HTTP1_HEAD_MAX);
	assert_int_equal(read_all(text), HTTP1_TARGET_TOO_LONG);
	memcpy(text, "GET / HTTP/1.1\r\nHost: h\r\nA: ", 28);
	assert_int_equal(read_all(text), HTTP1_FIELDS_TOO_LARGE);
	memcpy(text, "GET /", 5);
	memset(text + 5, 'a', HTTP1_TARGET_MAX);
	memcpy(text + 5 + HTTP1_TARGET_MAX, " HTTP/1.1\r\n", 11);
	assert_int_equal(read_all(text), HTTP1_TARGET_TOO_LONG);
	at = (size_t)snprintf(text, sizeof(text), "GET / HTTP/1.1\r\n" HOST);
	for (int i = 0; i < HTTP1_FIELDS_MAX; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "A: b\r\n");
	assert_int_equal(read_all(text), HTTP1_FIELDS_TOO_LARGE);
}

static void finds_values(void **state)
{
	struct bytes v;

	assert_true(http_query_value(bytes_of_str("limit=5&after=&x"), "limit", &v));
	text_is(v, "5");
	assert_true(http_query_value(bytes_of_str("limit=5&after="), "after", &v));
	text_is(v, "");
	assert_false(http_query_value(bytes_of_str("limit=5&x"), "x", &v));
	assert_false(http_query_value(bytes_of_str("a=1&a=2"), "a", &v));
	assert_true(http_cookie(bytes_of_str("a=b; __Host-s=12; c"), "__Host-s", &v));
	text_is(v, "12");
	assert_false(http_cookie(bytes_of_str("x__Host-s=12"), "__Host-s", &v));
	assert_false(http_cookie(BYTES_NONE, "s", &v));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_a_request_in_pieces),
		cmocka_unit_test(ends_where_the_request_ends),
		cmocka_unit_test(puts_chunks_together),
		cmocka_unit_test(short_trailers),
		cmocka_unit_test(takes_what_may_be_left_out),
		cmocka_unit_test(refuses_what_two_may_read_in_two_ways),
		cmocka_unit_test(refuses_bad_chunks),
		cmocka_unit_test(bounds_heads),
		cmocka_unit_test(finds_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

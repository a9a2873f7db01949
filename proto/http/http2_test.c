/* HTTP/2 by nghttp2's own client: requests in, answers out, and what is bounded. */
#include "base/test.h"

#include <nghttp2/nghttp2.h>
#include <string.h>

#include "proto/http/http2_internal.h"

enum { BODY_MAX = 3000, BIG = 200000 };

static struct http2 *h;
static nghttp2_session *client;
static uint8_t big[BIG];

/* What the server's user has heard, with views kept as text. */
static struct {
	unsigned requests, closed;
	uint32_t stream, closed_stream;
	struct http1_request r;
	char path[64], query[64], host[64], content[BODY_MAX + 1], cookie[128], other[64];
	bool keep_alive;
} heard;

/* What the client has got, of the last stream. */
static struct {
	char status[8], type[64], other[64];
	unsigned fields, ends, closed;
	uint32_t error;
	uint8_t body[BIG + 1];
	size_t len;
} got;

static void keep(char *out, size_t size, struct bytes b)
{
	assert_true(b.len < size);
	bytes_copy((uint8_t *)out, size, b);
	out[b.len] = '\0';
}

static void on_request(void *arg, uint32_t stream, const struct http1_request *r)
{
	heard.requests++;
	heard.stream = stream;
	heard.r = *r;
	heard.keep_alive = r->keep_alive;
	keep(heard.path, sizeof(heard.path), r->path);
	keep(heard.query, sizeof(heard.query), r->query);
	keep(heard.host, sizeof(heard.host), r->host);
	keep(heard.content, sizeof(heard.content), r->content);
	keep(heard.cookie, sizeof(heard.cookie), http1_field(r, "cookie"));
	keep(heard.other, sizeof(heard.other), http1_field(r, "x-other"));
}

static void on_closed(void *arg, uint32_t stream)
{
	heard.closed++;
	heard.closed_stream = stream;
}

static int client_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name,
	size_t name_len, const uint8_t *value, size_t value_len, uint8_t flags, void *arg)
{
	struct bytes n = bytes_of(name, name_len), v = bytes_of(value, value_len);

	got.fields++;
	if (bytes_equal(n, bytes_of_str(":status")))
		keep(got.status, sizeof(got.status), v);
	else if (bytes_equal(n, bytes_of_str("content-type")))
		keep(got.type, sizeof(got.type), v);
	else
		keep(got.other, sizeof(got.other), n);
	return 0;
}

static int client_data(
	nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *data, size_t len, void *arg)
{
	assert_true(got.len + len <= sizeof(got.body));
	memcpy(got.body + got.len, data, len);
	got.len += len;
	return 0;
}

static int client_frame(nghttp2_session *session, const nghttp2_frame *frame, void *arg)
{
	got.ends += (frame->hd.type == NGHTTP2_DATA || frame->hd.type == NGHTTP2_HEADERS) &&
		    (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
	return 0;
}

static int client_closed(nghttp2_session *session, int32_t id, uint32_t code, void *arg)
{
	got.closed++;
	got.error = code;
	return 0;
}

static int setup(void **state)
{
	static const struct http2_user user = { on_request, on_closed, NULL };
	nghttp2_session_callbacks *c;

	memset(&heard, 0, sizeof(heard));
	memset(&got, 0, sizeof(got));
	for (size_t i = 0; i < sizeof(big); i++)
		big[i] = (uint8_t)(i * 11 + i / 253);
	h = http2_new(&user, BODY_MAX);
	assert_int_equal(nghttp2_session_callbacks_new(&c), 0);
	nghttp2_session_callbacks_set_on_header_callback(c, client_header);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(c, client_data);
	nghttp2_session_callbacks_set_on_frame_recv_callback(c, client_frame);
	nghttp2_session_callbacks_set_on_stream_close_callback(c, client_closed);
	assert_int_equal(nghttp2_session_client_new(&client, c, NULL), 0);
	nghttp2_session_callbacks_del(c);
	assert_int_equal(nghttp2_submit_settings(client, NGHTTP2_FLAG_NONE, NULL, 0), 0);
	return h ? 0 : -1;
}

static int teardown(void **state)
{
	nghttp2_session_del(client);
	http2_free(h);
	return 0;
}

/* Octets both ways until there are none. */
static bool exchange(void)
{
	bool ok = true;

	for (bool some = true; some && ok;) {
		const uint8_t *octets;
		ssize_t n = nghttp2_session_mem_send(client, &octets);
		struct bytes b;

		some = n > 0;
		if (n > 0)
			ok = http2_receive(h, bytes_of(octets, (size_t)n));
		b = http2_take(h);
		some |= b.len > 0;
		if (b.len > 0)
			assert_int_equal(nghttp2_session_mem_recv(client, b.data, b.len), b.len);
	}
	return ok;
}

#define NV(n, v) { (uint8_t *)(n), (uint8_t *)(v), strlen(n), strlen(v), 0 }

struct source {
	const uint8_t *octets;
	size_t len, at;
};

static ssize_t give_body(nghttp2_session *session, int32_t id, uint8_t *buf, size_t cap, uint32_t *flags,
	nghttp2_data_source *from, void *arg)
{
	struct source *s = from->ptr;
	size_t n = s->len - s->at < cap ? s->len - s->at : cap;

	memcpy(buf, s->octets + s->at, n);
	s->at += n;
	*flags |= s->at == s->len ? NGHTTP2_DATA_FLAG_EOF : 0;
	return (ssize_t)n;
}

static struct source source;

static int32_t asks(const nghttp2_nv *fields, size_t count, const void *body, size_t len)
{
	nghttp2_data_provider provider = { { .ptr = &source }, give_body };
	int32_t id;

	memset(&got, 0, sizeof(got));
	source = (struct source){ body, len, 0 };
	id = nghttp2_submit_request(client, NULL, fields, count, body ? &provider : NULL, NULL);
	assert_true(id > 0);
	assert_true(exchange());
	return id;
}

static int32_t asks_for(const char *path)
{
	const nghttp2_nv fields[] = { NV(":method", "GET"), NV(":scheme", "https"),
		NV(":authority", "host:1"), NV(":path", path) };

	return asks(fields, ARRAY_LEN(fields), NULL, 0);
}

static void test_requests(void **state)
{
	const nghttp2_nv fields[] = { NV(":method", "POST"), NV(":scheme", "https"), NV(":path", "/a/b?c=d"),
		NV("cookie", "a=1"), NV("cookie", "b=2"), NV("x-other", "y"), NV("cookie", "c=3"),
		NV("host", "h") };
	int32_t id = asks_for("/x");

	assert_int_equal(heard.requests, 1);
	assert_int_equal(heard.stream, id);
	assert_int_equal(heard.r.method, HTTP_GET);
	assert_string_equal(heard.path, "/x");
	assert_string_equal(heard.query, "");
	assert_string_equal(heard.host, "host:1");
	assert_true(heard.keep_alive);
	assert_int_equal(heard.r.field_count, 0);
	assert_true(http2_has(h, (uint32_t)id) && !http2_has(h, (uint32_t)id + 2));
	id = asks(fields, ARRAY_LEN(fields), "body", 4);
	assert_int_equal(heard.requests, 2);
	assert_int_equal(heard.stream, id);
	assert_int_equal(heard.r.method, HTTP_POST);
	assert_string_equal(heard.path, "/a/b");
	assert_string_equal(heard.query, "c=d");
	assert_string_equal(heard.host, "h");
	assert_string_equal(heard.content, "body");
	assert_string_equal(heard.cookie, "a=1; b=2"); /* what comes later is a field of its own */
	assert_string_equal(heard.other, "y");
	assert_int_equal(heard.r.field_count, 4);
	assert_int_equal(heard.closed, 0);
}

static void test_answers(void **state)
{
	int32_t id = asks_for("/x");

	assert_true(http2_answer(h, (uint32_t)id, HTTP1_OK,
		bytes_of_str("Content-Type: text/plain\r\nConnection: close\r\nX-One:two\r\n"),
		bytes_of_str("hello"), true));
	assert_true(exchange());
	assert_string_equal(got.status, "200");
	assert_string_equal(got.type, "text/plain");
	assert_string_equal(got.other, "x-one");
	assert_int_equal(got.fields, 3);
	assert_int_equal(got.len, 5);
	assert_memory_equal(got.body, "hello", 5);
	assert_true(got.ends == 1 && got.closed == 1 && got.error == 0);
	assert_true(heard.closed == 1 && heard.closed_stream == (uint32_t)id);
	assert_false(http2_has(h, (uint32_t)id));
	assert_false(http2_answer(h, (uint32_t)id, HTTP1_OK, BYTES_NONE, BYTES_NONE, true));
	assert_false(http2_more(h, (uint32_t)id, bytes_of_str("x"), true));
	assert_int_equal(h->held, 0);
	id = asks_for("/y"); /* without a body */
	assert_true(http2_answer(h, (uint32_t)id, HTTP1_NO_CONTENT, BYTES_NONE, BYTES_NONE, true));
	assert_true(exchange());
	assert_string_equal(got.status, "204");
	assert_true(got.len == 0 && got.ends == 1 && got.closed == 1 && got.fields == 1);
}

/* Part by part, and more than a client takes at a time. */
static void test_long_answers(void **state)
{
	int32_t id = asks_for("/x");

	assert_true(http2_answer(h, (uint32_t)id, HTTP1_OK, BYTES_NONE, bytes_of(big, 10), false));
	assert_true(exchange());
	assert_true(got.len == 10 && got.ends == 0 && got.closed == 0);
	assert_true(http2_more(h, (uint32_t)id, bytes_of(big + 10, 20), false));
	assert_true(exchange());
	assert_int_equal(got.len, 30);
	assert_true(http2_more(h, (uint32_t)id, bytes_of(big + 30, BIG - 30), true));
	assert_false(http2_more(h, (uint32_t)id, bytes_of_str("x"), true)); /* it has ended */
	assert_true(exchange());
	assert_int_equal(got.len, BIG);
	assert_memory_equal(got.body, big, BIG);
	assert_true(got.ends == 1 && got.closed == 1);
	assert_int_equal(h->held, 0);
}

static void refused(int32_t id, const char *status)
{
	assert_int_equal(heard.requests, 0);
	assert_string_equal(got.status, status);
	assert_string_equal(got.type, "text/plain; charset=utf-8");
	assert_true(got.ends == 1 && got.closed == 1 && got.len > 0);
	assert_int_equal(h->held, 0);
	assert_false(http2_has(h, (uint32_t)id));
}

static void test_refused(void **state)
{
	static char long_path[HTTP1_TARGET_MAX + 2] = "/";
	nghttp2_nv many[HTTP1_FIELDS_MAX + 1] = { NV(":method", "PUT"), NV(":scheme", "https"),
		NV(":authority", "h"), NV(":path", "/") };
	const nghttp2_nv post[] = { NV(":method", "POST"), NV(":scheme", "https"), NV(":authority", "h"),
		NV(":path", "/") };

	memset(long_path + 1, 'p', HTTP1_TARGET_MAX);
	refused(asks_for(long_path), "400");
	refused(asks(post, ARRAY_LEN(post), big, BODY_MAX + 1), "413");
	for (size_t i = 4; i < ARRAY_LEN(many); i++)
		many[i] = (nghttp2_nv)NV("x-other", "y");
	refused(asks(many, ARRAY_LEN(many), NULL, 0), "431");
	/* As much as there may be. */
	asks(many, ARRAY_LEN(many) - 1, NULL, 0);
	assert_int_equal(heard.requests, 1);
	assert_int_equal(heard.r.method, HTTP_PUT);
	assert_int_equal(heard.r.field_count, HTTP1_FIELDS_MAX - 4);
	asks(post, ARRAY_LEN(post), big, BODY_MAX);
	assert_int_equal(heard.requests, 2);
	assert_int_equal(heard.r.content.len, BODY_MAX);
}

/* The client gives up; what is nobody's is not answered; an octet that is none of HTTP/2 ends it. */
static void test_given_up(void **state)
{
	static const uint8_t noise[64] = { 0xff, 0xff, 0xff };
	int32_t id = asks_for("/x");

	assert_true(http2_answer(h, (uint32_t)id, HTTP1_OK, BYTES_NONE, bytes_of(big, BIG), false));
	assert_int_equal(nghttp2_submit_rst_stream(client, NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL), 0);
	assert_true(exchange());
	assert_true(heard.closed == 1 && heard.closed_stream == (uint32_t)id);
	assert_int_equal(h->held, 0);
	assert_false(http2_more(h, (uint32_t)id, bytes_of_str("x"), true));
	may_fail(http2_receive(h, bytes_of(noise, sizeof(noise))));
	while (http2_take(h).len > 0)
		;
	assert_false(http2_receive(h, bytes_of(noise, sizeof(noise))));
}

/* No more streams at a time, and no more octets than are held. */
static void test_bounds(void **state)
{
	const nghttp2_nv get[] = { NV(":method", "GET"), NV(":scheme", "https"), NV(":authority", "h"),
		NV(":path", "/") };
	int32_t id = asks_for("/x");
	uint8_t *most = calloc(1, HTTP2_HELD_MAX + 1);

	assert_non_null(most);
	for (int i = 1; i < HTTP2_STREAMS_MAX + 3; i++)
		assert_true(nghttp2_submit_request(client, NULL, get, ARRAY_LEN(get), NULL, NULL) > 0);
	assert_true(exchange());
	assert_int_equal(heard.requests, HTTP2_STREAMS_MAX);
	assert_true(http2_answer(h, (uint32_t)id, HTTP1_OK, BYTES_NONE, BYTES_NONE, true));
	assert_true(exchange());
	assert_int_equal(heard.requests, HTTP2_STREAMS_MAX + 1);
	id = (int32_t)heard.stream;
	assert_false(http2_answer(
		h, (uint32_t)id, HTTP1_OK, BYTES_NONE, bytes_of(most, HTTP2_HELD_MAX + 1), true));
	memset(&got, 0, sizeof(got));
	assert_true(exchange());
	assert_int_equal(got.closed, 1);
	assert_int_equal(got.error, NGHTTP2_INTERNAL_ERROR);
	id = (int32_t)heard.stream;
	assert_true(
		http2_answer(h, (uint32_t)id, HTTP1_OK, BYTES_NONE, bytes_of(most, HTTP2_HELD_MAX), false));
	assert_int_equal(h->held, HTTP2_HELD_MAX);
	assert_false(http2_more(h, (uint32_t)id, bytes_of(most, 1), false));
	free(most);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(test_requests), TEST(test_answers), TEST(test_long_answers),
		TEST(test_refused), TEST(test_given_up), TEST(test_bounds) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

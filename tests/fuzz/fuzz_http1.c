/*
 * libFuzzer: requests as the console reads them (proto/http), whole and in pieces. A judgement, once made,
 * stays the same whatever follows, which is what smuggling would need to be otherwise; and the body is within
 * what was asked for.
 */
#include <stdlib.h>

#include "proto/http/http.h"

enum { BODY_MAX = 2000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
	if (!condition)
		abort();
}

static bool within(struct bytes part, struct bytes all)
{
	return part.len == 0 || (part.data >= all.data && part.data + part.len <= all.data + all.len);
}

static void good(const struct http1_request *r, struct bytes in)
{
	struct bytes request = bytes_of(in.data, r->octets), body, value;
	struct arena arena;

	must(r->octets <= in.len && r->head_len <= r->octets && r->path.len > 0 && r->path.data[0] == '/');
	must(within(r->path, request) && within(r->query, request) && within(r->host, request));
	for (size_t i = 0; i < r->field_count; i++)
		must(within(r->fields[i].name, request) && within(r->fields[i].value, request));
	arena_init(&arena, NULL, 0, 1 << 20);
	must(http1_body(r, &arena, &body) && body.len <= BODY_MAX);
	must(r->chunked || body.len == r->octets - r->head_len);
	arena_fini(&arena);
	if (http_cookie(http1_field(r, "cookie"), "__Host-freehold", &value))
		must(within(value, request));
	if (http_query_value(r->query, "after", &value))
		must(within(value, request));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_of(data, size);
	struct http1_request whole, part;
	enum http_code all = http1_request_read(in, BODY_MAX, &whole), first = HTTP1_MORE;
	size_t n = 0;

	for (; n < size && first == HTTP1_MORE; n += 1 + size / 256)
		first = http1_request_read(bytes_of(data, n), BODY_MAX, &part);
	if (first == HTTP1_MORE)
		first = http1_request_read(in, BODY_MAX, &part);
	must(first == all);
	must(http1_code_text(all)[0] >= '2');
	if (all != HTTP1_OK)
		return 0;
	must(whole.octets == part.octets && whole.method == part.method &&
		whole.keep_alive == part.keep_alive);
	good(&whole, in);
	return 0;
}

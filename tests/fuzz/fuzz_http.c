/*
 * libFuzzer: what comes on the port of the figures, whole and in pieces. A judgement, once made, stays the
 * same whatever follows; and a request that is good is so in no other way than by its own words.
 */
#include <stdlib.h>

#include "io/http_request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool condition)
{
	if (!condition)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct http_request whole, part;
	size_t len = size < HTTP_REQUEST_MAX ? size : HTTP_REQUEST_MAX;
	enum http_status all = http_request_read(bytes_of(data, len), "/metrics", &whole), first = HTTP_MORE;

	for (size_t n = 0; n < len && first == HTTP_MORE; n += 1 + len / 256)
		first = http_request_read(bytes_of(data, n), "/metrics", &part);
	if (first == HTTP_MORE)
		first = http_request_read(bytes_of(data, len), "/metrics", &part);
	must(first == all);
	must(http_status_text(all)[0] >= '2');
	if (all == HTTP_OK)
		must(whole.head == part.head && whole.http10 == part.http10 &&
			memmem(data, len, "/metrics", 8));
	must(all != HTTP_MORE || len < HTTP_REQUEST_MAX);
	return 0;
}

#include "ops/trace_head.h"

#include "base/text.h"

bool trace_head_read(struct cursor *c, struct trace_head *h)
{
	struct bytes rest = bytes_of(c->at, cursor_left(c)), words[5];
	const uint8_t *at = rest.data, *end = rest.len > 0 ? memchr(at, '\n', rest.len) : NULL;

	for (size_t i = 0; end && i < ARRAY_LEN(words); i++) {
		const uint8_t *start = at;

		while (at < end && *at != ' ')
			at++;
		words[i] = bytes_of(start, (size_t)(at - start));
		at += at < end;
	}
	if (!end || !text_uint(words[0], UINT64_MAX, &h->place) ||
		!text_uint(words[1], UINT64_MAX, &h->lost) || !text_uint(words[4], UINT64_MAX, &h->back_ms))
		return false;
	h->known = bytes_equal(words[2], bytes_of_str("known"));
	h->more = bytes_equal(words[3], bytes_of_str("more"));
	cursor_skip(c, (size_t)(end - rest.data) + 1);
	return true;
}

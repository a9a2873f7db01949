/* The chunked transfer coding (RFC 9112 7.1). Extensions and trailers are walked over, and are nobody's. */
#include "proto/http/internal.h"

static bool read_size(struct bytes line, uint64_t *size)
{
	struct bytes digits = line;

	http_split(&line, ';', &digits); /* what follows are extensions */
	digits = http_trim(digits);
	*size = 0;
	for (size_t i = 0; i < digits.len; i++) {
		uint8_t c = digits.data[i], low = c | 0x20;
		bool letter = low >= 'a' && low <= 'f';

		if ((!http_is_digit(c) && !letter) || *size >> 60)
			return false;
		*size = *size << 4 | (letter ? low - 'a' + 10u : c - '0' + 0u);
	}
	return digits.len > 0;
}

/* Trailers end with an empty line. */
static enum http_code skip_trailers(struct bytes *in)
{
	struct bytes line, all = bytes_of(in->data, in->len < HTTP1_HEAD_MAX ? in->len : HTTP1_HEAD_MAX);
	enum http_line is;

	do {
		is = http_next_line(&all, &line);
		if (is != HTTP_LINE)
			return is == HTTP_LINE_BAD         ? HTTP1_BAD_REQUEST
			       : in->len >= HTTP1_HEAD_MAX ? HTTP1_FIELDS_TOO_LARGE
							   : HTTP1_MORE;
	} while (line.len > 0);
	*in = bytes_of(all.data, in->len - (size_t)(all.data - in->data));
	return HTTP1_OK;
}

static enum http_code next_size(struct bytes *in, uint64_t *size)
{
	size_t most = in->len < HTTP1_CHUNK_LINE_MAX ? in->len : HTTP1_CHUNK_LINE_MAX;
	struct bytes line, head = bytes_of(in->data, most);
	enum http_line is = http_next_line(&head, &line);

	if (is == HTTP_LINE_MORE && most < HTTP1_CHUNK_LINE_MAX)
		return HTTP1_MORE;
	if (is != HTTP_LINE || !read_size(line, size))
		return HTTP1_BAD_REQUEST;
	*in = bytes_of(head.data, in->len - (size_t)(head.data - in->data));
	return HTTP1_OK;
}

/* The octets of a chunk and the CR LF behind them. */
static enum http_code next_chunk(struct bytes *in, size_t size, struct writer *w)
{
	if (in->len < size + 2)
		return HTTP1_MORE;
	if (in->data[size] != '\r' || in->data[size + 1] != '\n')
		return HTTP1_BAD_REQUEST;
	if (w)
		writer_put(w, bytes_of(in->data, size));
	*in = bytes_of(in->data + size + 2, in->len - size - 2);
	return HTTP1_OK;
}

enum http_code http1_chunks(struct bytes in, size_t body_max, size_t *used, struct writer *w)
{
	const uint8_t *start = in.data;
	size_t total = 0;
	enum http_code code;
	uint64_t size;

	for (;;) {
		code = next_size(&in, &size);
		if (code != HTTP1_OK)
			return code;
		if (size == 0)
			break;
		if (size > body_max - total)
			return HTTP1_CONTENT_TOO_LARGE;
		total += (size_t)size;
		code = next_chunk(&in, (size_t)size, w);
		if (code != HTTP1_OK)
			return code;
	}
	code = skip_trailers(&in);
	if (code == HTTP1_OK)
		*used = (size_t)(in.data - start);
	return code;
}

bool http1_body(const struct http1_request *r, struct arena *arena, struct bytes *out)
{
	struct writer w;
	uint8_t *buf;
	size_t used;

	*out = r->content;
	if (!r->chunked)
		return true;
	buf = arena_alloc(arena, r->content.len);
	w = writer_of(buf, buf ? r->content.len : 0);
	if (!buf || http1_chunks(r->content, r->content.len, &used, &w) != HTTP1_OK)
		return false;
	*out = writer_bytes(&w);
	return true;
}

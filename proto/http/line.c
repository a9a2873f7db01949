#include "proto/http/internal.h"

enum http_line http_next_line(struct bytes *in, struct bytes *line)
{
	const uint8_t *end = in->len > 0 ? memchr(in->data, '\n', in->len) : NULL;
	const uint8_t *cr = in->len > 0 ? memchr(in->data, '\r', in->len) : NULL;
	size_t len;

	if (cr && cr + 1 < in->data + in->len && cr[1] != '\n')
		return HTTP_LINE_BAD;
	if (!end)
		return HTTP_LINE_MORE;
	len = (size_t)(end - in->data);
	if (len == 0 || end[-1] != '\r')
		return HTTP_LINE_BAD;
	*line = bytes_of(in->data, len - 1);
	*in = bytes_of(end + 1, in->len - len - 1);
	return HTTP_LINE;
}

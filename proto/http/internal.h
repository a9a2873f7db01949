/* The characters and words of HTTP. Internal to proto/http/. */
#pragma once

#include <strings.h>

#include "proto/http/http.h"

static inline bool http_is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* RFC 9110 5.6.2 */
static inline bool http_is_token(uint8_t c)
{
	return http_is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c != 0 && strchr("!#$%&'*+-.^_`|~", c));
}

static inline bool http_all_are(struct bytes text, bool (*is)(uint8_t c))
{
	for (size_t i = 0; i < text.len; i++)
		if (!is(text.data[i]))
			return false;
	return text.len > 0;
}

static inline bool http_text_is(struct bytes text, const char *word)
{
	return text.len == strlen(word) && !strncasecmp((const char *)text.data, word, text.len);
}

/* What stands before the first c; the rest is behind it. False: there is none. */
static inline bool http_split(struct bytes *rest, uint8_t c, struct bytes *first)
{
	const uint8_t *at = rest->len > 0 ? memchr(rest->data, c, rest->len) : NULL;
	size_t len = at ? (size_t)(at - rest->data) : 0;

	if (!at)
		return false;
	*first = bytes_of(rest->data, len);
	*rest = bytes_of(at + 1, rest->len - len - 1);
	return true;
}

static inline struct bytes http_trim(struct bytes text)
{
	while (text.len > 0 && (text.data[0] == ' ' || text.data[0] == '\t'))
		text = bytes_of(text.data + 1, text.len - 1);
	while (text.len > 0 && (text.data[text.len - 1] == ' ' || text.data[text.len - 1] == '\t'))
		text.len--;
	return text;
}

enum http_line { HTTP_LINE, HTTP_LINE_MORE, HTTP_LINE_BAD };

/* The next line without its CR LF; a CR or LF alone makes it a bad one. */
enum http_line http_next_line(struct bytes *in, struct bytes *line);

/* Walks chunks (RFC 9112 7.1) up to the end of their trailers, and puts what they hold into w where there is
 * one. *used: the octets of all of it. */
enum http_code http1_chunks(struct bytes in, size_t body_max, size_t *used, struct writer *w);

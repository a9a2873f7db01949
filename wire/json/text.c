/* Texts: UTF-8 (RFC 3629) and percent-encoding (RFC 3986 clause 2.1). */
#include "wire/json/scan.h"

/* The octets of the well-formed character at the start, RFC 3629 clause 4; 0 when there is none. */
static size_t utf8_len(const uint8_t *p, size_t left)
{
	uint8_t c = p[0], low = 0x80, high = 0xbf;
	size_t len = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;

	if (len < 2 || len > left)
		return len <= left ? len : 0;
	if (c == 0xe0)
		low = 0xa0;
	else if (c == 0xed)
		high = 0x9f;
	else if (c == 0xf0)
		low = 0x90;
	else if (c == 0xf4)
		high = 0x8f;
	if (p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

bool json_is_utf8(struct bytes text)
{
	size_t len;

	for (size_t at = 0; at < text.len; at += len) {
		len = utf8_len(text.data + at, text.len - at);
		if (len == 0)
			return false;
	}
	return true;
}

static bool is_unreserved(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
	       c == '.' || c == '_' || c == '~';
}

void json_percent_write(struct writer *w, struct bytes text)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];

		if (is_unreserved(c)) {
			writer_u8(w, c);
			continue;
		}
		writer_u8(w, '%');
		writer_u8(w, (uint8_t)digits[c >> 4]);
		writer_u8(w, (uint8_t)digits[c & 15]);
	}
}

bool json_percent_read(struct bytes text, struct arena *arena, struct bytes *out)
{
	uint8_t *buf = arena_alloc(arena, text.len + 1);
	struct writer w = writer_of(buf, text.len);

	for (size_t i = 0; buf && i < text.len; i++) {
		int high, low;

		if (text.data[i] != '%') {
			writer_u8(&w, text.data[i]);
			continue;
		}
		high = text.len - i > 2 ? json_nibble(text.data[i + 1]) : -1;
		low = text.len - i > 2 ? json_nibble(text.data[i + 2]) : -1;
		if (high < 0 || low < 0)
			return false;
		writer_u8(&w, (uint8_t)(high << 4 | low));
		i += 2;
	}
	*out = bytes_of(buf, w.len);
	return buf && json_is_utf8(*out);
}

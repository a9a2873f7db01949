#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

void text_put(struct writer *w, const char *format, ...)
{
	va_list args;
	int n;

	if (w->failed)
		return;
	va_start(args, format);
	n = vsnprintf((char *)w->data + w->len, w->cap - w->len, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= w->cap - w->len)
		w->failed = true;
	else
		w->len += (size_t)n;
}

void text_hex(struct writer *w, struct bytes b)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < b.len; i++) {
		writer_u8(w, (uint8_t)digits[b.data[i] >> 4]);
		writer_u8(w, (uint8_t)digits[b.data[i] & 15]);
	}
}

static int text_nibble(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool text_unhex(struct bytes hex, void *out, size_t cap, size_t *len)
{
	uint8_t *to = out;

	if (hex.len % 2 || hex.len / 2 > cap)
		return false;
	for (size_t i = 0; i < hex.len; i += 2) {
		int hi = text_nibble(hex.data[i]), lo = text_nibble(hex.data[i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		to[i / 2] = (uint8_t)(hi << 4 | lo);
	}
	*len = hex.len / 2;
	return true;
}

bool text_uint(struct bytes text, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;

	if (text.len == 0)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		unsigned digit = text.data[i] - (unsigned)'0';

		if (digit > 9 || v > max / 10 || (v == max / 10 && digit > max % 10))
			return false;
		v = v * 10 + digit;
	}
	*out = v;
	return true;
}

/* The codecs of scalars that know nothing of 3GPP. */
#include <inttypes.h>

#include "base/text.h"
#include "wire/json/table.h"

static uint64_t load_uint(const struct json_field *f, const void *base)
{
	const void *at = (const uint8_t *)base + f->offset;

	switch (f->size) {
	case 1:
		return *(const uint8_t *)at;
	case 2:
		return *(const uint16_t *)at;
	case 4:
		return *(const uint32_t *)at;
	default:
		return *(const uint64_t *)at;
	}
}

static void store_uint(const struct json_field *f, void *base, uint64_t v)
{
	void *at = (uint8_t *)base + f->offset;

	switch (f->size) {
	case 1:
		*(uint8_t *)at = (uint8_t)v;
		break;
	case 2:
		*(uint16_t *)at = (uint16_t)v;
		break;
	case 4:
		*(uint32_t *)at = (uint32_t)v;
		break;
	default:
		*(uint64_t *)at = v;
	}
}

static uint64_t uint_max(const struct json_field *f)
{
	uint64_t member = f->size < 8 ? (UINT64_C(1) << (8 * f->size)) - 1 : UINT64_MAX;

	return f->max ? f->max : member;
}

static bool uint_read(const struct json_field *f, struct bytes text, void *base)
{
	uint64_t v;

	if (!text_uint(text, uint_max(f), &v) || v < f->min)
		return false;
	store_uint(f, base, v);
	return true;
}

static void uint_write(const struct json_field *f, const void *base, struct writer *w)
{
	uint64_t v = load_uint(f, base);

	w->failed |= v < f->min || v > uint_max(f);
	text_put(w, "%" PRIu64, v);
}

const struct json_codec json_uint = { JSON_NUMBER, uint_read, uint_write, NULL, NULL };

static bool bool_read(const struct json_field *f, struct bytes text, void *base)
{
	*((bool *)base + f->offset) = bytes_equal(text, bytes_of_str("true"));
	return text.len == 4 || bytes_equal(text, bytes_of_str("false"));
}

static void bool_write(const struct json_field *f, const void *base, struct writer *w)
{
	text_put(w, "%s", *((const bool *)base + f->offset) ? "true" : "false");
}

const struct json_codec json_bool = { JSON_BOOL, bool_read, bool_write, NULL, NULL };

static bool str_read(const struct json_field *f, struct bytes text, void *base)
{
	char *to = (char *)base + f->offset;

	if (text.len >= f->size || (text.len > 0 && memchr(text.data, 0, text.len)))
		return false;
	bytes_copy(to, f->size, text);
	to[text.len] = '\0';
	return true;
}

static void str_write(const struct json_field *f, const void *base, struct writer *w)
{
	const char *from = (const char *)base + f->offset;

	writer_put(w, bytes_of(from, strnlen(from, f->size)));
}

/* What stands behind the end does not count. */
static bool str_empty(const struct json_field *f, const void *base)
{
	return ((const char *)base)[f->offset] == '\0';
}

const struct json_codec json_str = { JSON_STRING, str_read, str_write, str_empty, NULL };

static const char *enum_name(const struct json_field *f, uint64_t v)
{
	return v < f->name_count ? f->names[v] : NULL;
}

static bool enum_read(const struct json_field *f, struct bytes text, void *base)
{
	for (uint16_t i = 0; i < f->name_count; i++) {
		if (!f->names[i] || !bytes_equal(text, bytes_of_str(f->names[i])))
			continue;
		store_uint(f, base, i);
		return true;
	}
	return false;
}

static void enum_write(const struct json_field *f, const void *base, struct writer *w)
{
	const char *name = enum_name(f, load_uint(f, base));

	if (name)
		writer_put(w, bytes_of_str(name));
	else
		w->failed = true;
}

/* Zero without a name is "none"; zero with one is a value like others. */
static bool enum_empty(const struct json_field *f, const void *base)
{
	return load_uint(f, base) == 0 && !enum_name(f, 0);
}

const struct json_codec json_enum = { JSON_STRING, enum_read, enum_write, enum_empty, NULL };

static bool hex_read(const struct json_field *f, struct bytes text, void *base)
{
	size_t len;

	return text_unhex(text, (uint8_t *)base + f->offset, f->size, &len) && len == f->size;
}

static void hex_write(const struct json_field *f, const void *base, struct writer *w)
{
	text_hex(w, bytes_of((const uint8_t *)base + f->offset, f->size));
}

const struct json_codec json_hex = { JSON_STRING, hex_read, hex_write, NULL, NULL };

static bool hex_var_read(const struct json_field *f, struct bytes text, void *base)
{
	size_t len;

	if (!text_unhex(text, (uint8_t *)base + f->offset, f->size, &len) || len > UINT8_MAX)
		return false;
	*((uint8_t *)base + f->count - 1) = (uint8_t)len;
	return true;
}

static struct bytes var_octets(const struct json_field *f, const void *base, struct writer *w)
{
	uint8_t len = *((const uint8_t *)base + f->count - 1);

	w->failed |= len > f->size;
	return bytes_of((const uint8_t *)base + f->offset, w->failed ? 0 : len);
}

static void hex_var_write(const struct json_field *f, const void *base, struct writer *w)
{
	text_hex(w, var_octets(f, base, w));
}

static bool var_empty(const struct json_field *f, const void *base)
{
	return *((const uint8_t *)base + f->count - 1) == 0;
}

const struct json_codec json_hex_var = { JSON_STRING, hex_var_read, hex_var_write, var_empty, NULL };

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static bool base64_read(const struct json_field *f, struct bytes text, void *base)
{
	uint8_t *to = (uint8_t *)base + f->offset;
	size_t len = 0, pad = 0;
	uint32_t bits = 0;

	for (size_t i = 0; i < text.len; i++) {
		const char *digit = text.data[i] ? strchr(base64_digits, text.data[i]) : NULL;

		if (text.data[i] == '=' && i + 2 >= text.len)
			pad++;
		else if (!digit || pad)
			return false;
		bits = bits << 6 | (uint32_t)(digit ? digit - base64_digits : 0);
		if (i % 4 != 3)
			continue;
		if (len + 3 - pad > f->size || (pad && bits & (pad == 1 ? 0xffu : 0xffffu)))
			return false;
		for (unsigned n = 0; n < 3 - pad; n++)
			to[len++] = (uint8_t)(bits >> (16 - 8 * n));
	}
	if (text.len % 4 || len > UINT8_MAX)
		return false;
	*((uint8_t *)base + f->count - 1) = (uint8_t)len;
	return true;
}

static void base64_write(const struct json_field *f, const void *base, struct writer *w)
{
	struct bytes in = var_octets(f, base, w);

	for (size_t i = 0; i < in.len; i += 3) {
		size_t left = in.len - i;
		uint32_t bits = (uint32_t)in.data[i] << 16 | (left > 1 ? (uint32_t)in.data[i + 1] << 8 : 0) |
				(left > 2 ? in.data[i + 2] : 0);

		for (unsigned n = 0; n < 4; n++)
			writer_u8(w, n > left ? '=' : (uint8_t)base64_digits[bits >> (18 - 6 * n) & 63]);
	}
}

const struct json_codec json_base64 = { JSON_STRING, base64_read, base64_write, var_empty, NULL };

static bool const_read(const struct json_field *f, struct bytes text, void *base)
{
	return bytes_equal(text, bytes_of_str(f->text));
}

static bool emit_read(const struct json_field *f, struct bytes text, void *base)
{
	return true;
}

static void const_write(const struct json_field *f, const void *base, struct writer *w)
{
	writer_put(w, bytes_of_str(f->text));
}

static bool const_empty(const struct json_field *f, const void *base)
{
	return true;
}

static bool true_read(const struct json_field *f, struct bytes text, void *base)
{
	return bytes_equal(text, bytes_of_str("true"));
}

static void true_write(const struct json_field *f, const void *base, struct writer *w)
{
	writer_put(w, bytes_of_str("true"));
}

const struct json_codec json_const = { JSON_STRING, const_read, const_write, const_empty, NULL };
const struct json_codec json_emit = { JSON_STRING, emit_read, const_write, const_empty, NULL };
const struct json_codec json_true = { JSON_BOOL, true_read, true_write, const_empty, NULL };

static bool uri_read(const struct json_field *f, struct bytes text, void *base)
{
	struct bytes before = bytes_of_str(f->text), after = bytes_of_str(f->text2);
	struct bytes segment;

	for (size_t at = 0; at + before.len + after.len < text.len; at++) {
		if (memcmp(text.data + at, before.data, before.len))
			continue;
		segment = bytes_of(text.data + at + before.len, text.len - at - before.len - after.len);
		return !memcmp(segment.data + segment.len, after.data, after.len) &&
		       !memchr(segment.data, '/', segment.len) && !memchr(segment.data, '%', segment.len) &&
		       str_read(f, segment, base);
	}
	return false;
}

static void uri_write(const struct json_field *f, const void *base, struct writer *w)
{
	const char *segment = (const char *)base + f->offset;

	writer_put(w, bytes_of_str(f->text));
	w->failed |= !segment[0];
	json_percent_write(w, bytes_of(segment, strnlen(segment, f->size)));
	writer_put(w, bytes_of_str(f->text2));
}

const struct json_codec json_uri_segment = { JSON_STRING, uri_read, uri_write, str_empty, NULL };

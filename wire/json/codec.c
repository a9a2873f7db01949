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

static bool uint_read(const struct json_field *f, struct bytes text, struct arena *arena, void *base)
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

static bool bool_read(const struct json_field *f, struct bytes text, struct arena *arena, void *base)
{
	*((bool *)base + f->offset) = bytes_equal(text, bytes_of_str("true"));
	return text.len == 4 || bytes_equal(text, bytes_of_str("false"));
}

static void bool_write(const struct json_field *f, const void *base, struct writer *w)
{
	text_put(w, "%s", *((const bool *)base + f->offset) ? "true" : "false");
}

const struct json_codec json_bool = { JSON_BOOL, bool_read, bool_write, NULL, NULL };

/* Terminated in the arena; a text with a NUL is none of ours. */
static bool json_text_read(const struct json_field *f, struct bytes text, struct arena *arena, void *base)
{
	char *to;

	if ((f->most && text.len > f->most) || (text.len > 0 && memchr(text.data, 0, text.len)))
		return false;
	to = arena_alloc(arena, text.len + 1);
	if (!to)
		return false;
	bytes_copy(to, text.len, text);
	*(const char **)((uint8_t *)base + f->offset) = to;
	return true;
}

static const char *text_at(const struct json_field *f, const void *base)
{
	return *(const char *const *)((const uint8_t *)base + f->offset);
}

static void json_text_write(const struct json_field *f, const void *base, struct writer *w)
{
	const char *from = text_at(f, base);

	w->failed |= !from || (f->most && strlen(from) > f->most);
	if (from)
		writer_put(w, bytes_of_str(from));
}

static bool json_text_empty(const struct json_field *f, const void *base)
{
	const char *from = text_at(f, base);

	return !from || !from[0];
}

const struct json_codec json_text = { JSON_STRING, json_text_read, json_text_write, json_text_empty, NULL,
	JSON_HOLDS_TEXT };

static const char *enum_name(const struct json_field *f, uint64_t v)
{
	return v < f->name_count ? f->names[v] : NULL;
}

static bool enum_read(const struct json_field *f, struct bytes text, struct arena *arena, void *base)
{
	for (uint16_t i = 0; i < f->name_count; i++) {
		if (!f->names[i] || !bytes_equal(text, bytes_of_str(f->names[i])))
			continue;
		store_uint(f, base, i);
		return true;
	}
	store_uint(f, base, f->other);
	return f->other != 0;
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

static bool hex_read(const struct json_field *f, struct bytes text, struct arena *arena, void *base)
{
	size_t len;

	return text_unhex(text, (uint8_t *)base + f->offset, f->size, &len) && len == f->size;
}

static void hex_write(const struct json_field *f, const void *base, struct writer *w)
{
	text_hex(w, bytes_of((const uint8_t *)base + f->offset, f->size));
}

const struct json_codec json_hex = { JSON_STRING, hex_read, hex_write, NULL, NULL };

static struct bytes *octets_at(const struct json_field *f, void *base)
{
	return (struct bytes *)((uint8_t *)base + f->offset);
}

static struct bytes octets_of(const struct json_field *f, const void *base)
{
	return *(const struct bytes *)((const uint8_t *)base + f->offset);
}

static bool octets_empty(const struct json_field *f, const void *base)
{
	return octets_of(f, base).len == 0;
}

static bool hex_octets_read(const struct json_field *f, struct bytes text, struct arena *arena, void *base)
{
	struct bytes *to = octets_at(f, base);
	uint8_t *octets = arena_alloc(arena, text.len / 2 + 1);

	to->data = octets;
	return octets && text_unhex(text, octets, text.len / 2, &to->len);
}

static void hex_octets_write(const struct json_field *f, const void *base, struct writer *w)
{
	text_hex(w, octets_of(f, base));
}

const struct json_codec json_hex_octets = { JSON_STRING, hex_octets_read, hex_octets_write, octets_empty,
	NULL, JSON_HOLDS_BYTES };

static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static bool base64_read(const struct json_field *f, struct bytes text, struct arena *arena, void *base)
{
	uint8_t *to = arena_alloc(arena, text.len / 4 * 3 + 1);
	size_t len = 0, pad = 0;
	uint32_t bits = 0;

	for (size_t i = 0; to && i < text.len; i++) {
		const char *digit = text.data[i] ? strchr(base64_digits, text.data[i]) : NULL;

		if (text.data[i] == '=' && i + 2 >= text.len)
			pad++;
		else if (!digit || pad)
			return false;
		bits = bits << 6 | (uint32_t)(digit ? digit - base64_digits : 0);
		if (i % 4 != 3)
			continue;
		if (pad && bits & (pad == 1 ? 0xffu : 0xffffu))
			return false;
		for (unsigned n = 0; n < 3 - pad; n++)
			to[len++] = (uint8_t)(bits >> (16 - 8 * n));
	}
	*octets_at(f, base) = bytes_of(to, len);
	return to && text.len % 4 == 0;
}

static void base64_write(const struct json_field *f, const void *base, struct writer *w)
{
	struct bytes in = octets_of(f, base);

	for (size_t i = 0; i < in.len; i += 3) {
		size_t left = in.len - i;
		uint32_t bits = (uint32_t)in.data[i] << 16 | (left > 1 ? (uint32_t)in.data[i + 1] << 8 : 0) |
				(left > 2 ? in.data[i + 2] : 0);

		for (unsigned n = 0; n < 4; n++)
			writer_u8(w, n > left ? '=' : (uint8_t)base64_digits[bits >> (18 - 6 * n) & 63]);
	}
}

const struct json_codec json_base64 = { JSON_STRING, base64_read, base64_write, octets_empty, NULL,
	JSON_HOLDS_BYTES };

static bool any_read(const struct json_field *f, struct bytes text, struct arena *arena, void *base)
{
	*octets_at(f, base) = arena_bytes(arena, text);
	return octets_of(f, base).data != NULL;
}

static void any_write(const struct json_field *f, const void *base, struct writer *w)
{
	writer_put(w, octets_of(f, base));
}

const struct json_codec json_any = { JSON_ANY, any_read, any_write, octets_empty, NULL, JSON_HOLDS_BYTES };

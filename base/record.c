#include "base/record.h"

#include <inttypes.h>

#include "base/text.h"

static uint64_t record_uint_get(const void *at, size_t size)
{
	switch (size) {
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

static void record_uint_set(void *at, size_t size, uint64_t v)
{
	switch (size) {
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

static bool record_is_zero(const uint8_t *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (at[i])
			return false;
	return true;
}

static void record_encode_list(const struct record_field *f, const uint8_t *base, struct writer *w)
{
	uint8_t count = base[f->count_offset];

	for (uint8_t i = 0; i < count && i < f->count_max; i++) {
		size_t mark = writer_mark(w, 2);

		may_fail(record_encode(f->sub, base + f->offset + (size_t)i * f->size, w)); /* w fails */
		writer_patch(w, mark, 2);
	}
}

static void record_encode_value(const struct record_field *f, const uint8_t *base, struct writer *w)
{
	const uint8_t *at = base + f->offset;
	size_t octets = 1;
	uint64_t v;

	switch (f->type) {
	case RECORD_UINT:
		v = record_uint_get(at, f->size);
		while (octets < 8 && v >> (8 * octets))
			octets++;
		writer_uint(w, v, octets);
		break;
	case RECORD_OCTETS:
	case RECORD_SECRET:
		writer_put(w, bytes_of(at, f->size));
		break;
	case RECORD_STR:
		writer_put(w, bytes_of(at, strnlen((const char *)at, f->size)));
		break;
	case RECORD_STRUCT:
		may_fail(record_encode(f->sub, at, w)); /* w fails */
		break;
	case RECORD_LIST:
		record_encode_list(f, base, w);
		break;
	}
}

static bool record_is_empty(const struct record_field *f, const uint8_t *base)
{
	if (f->type == RECORD_LIST)
		return base[f->count_offset] == 0;
	if (f->type == RECORD_STR)
		return base[f->offset] == 0;
	return record_is_zero(base + f->offset, f->size);
}

bool record_encode(const struct record_def *def, const void *from, struct writer *w)
{
	for (size_t i = 0; i < def->field_count; i++) {
		const struct record_field *f = &def->fields[i];
		size_t mark;

		if (record_is_empty(f, from))
			continue;
		writer_u8(w, f->tag);
		mark = writer_mark(w, 2);
		record_encode_value(f, from, w);
		writer_patch(w, mark, 2);
	}
	return !w->failed;
}

static bool record_decode_list(const struct record_field *f, struct cursor *c, uint8_t *base)
{
	uint8_t count = 0;

	while (cursor_left(c) > 0 && !c->failed) {
		struct bytes element = cursor_bytes(c, cursor_u16(c));

		if (c->failed || count >= f->count_max)
			return false;
		if (!record_decode(f->sub, element, base + f->offset + (size_t)count * f->size))
			return false;
		count++;
	}
	base[f->count_offset] = count;
	return !c->failed;
}

static bool record_decode_value(const struct record_field *f, struct bytes value, uint8_t *base)
{
	uint8_t *at = base + f->offset;
	struct cursor c = cursor_of(value);
	uint64_t v;

	switch (f->type) {
	case RECORD_UINT:
		if (value.len == 0 || value.len > 8)
			return false;
		v = cursor_uint(&c, value.len);
		if (f->size < 8 && v >> (8 * f->size))
			return false;
		record_uint_set(at, f->size, v);
		return true;
	case RECORD_OCTETS:
	case RECORD_SECRET:
		return value.len == f->size && bytes_copy(at, f->size, value);
	case RECORD_STR:
		return value.len < f->size && bytes_copy(at, f->size, value);
	case RECORD_STRUCT:
		return record_decode(f->sub, value, at);
	case RECORD_LIST:
		return record_decode_list(f, &c, base);
	}
	return false;
}

bool record_decode(const struct record_def *def, struct bytes in, void *to)
{
	struct cursor c = cursor_of(in);

	while (cursor_left(&c) > 0) {
		uint8_t tag = cursor_u8(&c);
		struct bytes value = cursor_bytes(&c, cursor_u16(&c));

		if (c.failed)
			return false;
		for (size_t i = 0; i < def->field_count; i++) {
			if (def->fields[i].tag != tag)
				continue;
			if (!record_decode_value(&def->fields[i], value, to))
				return false;
			break;
		}
	}
	return true;
}

static void record_print_value(const struct record_field *f, const uint8_t *base, struct writer *w)
{
	const uint8_t *at = base + f->offset;

	switch (f->type) {
	case RECORD_UINT:
		text_put(w, "%" PRIu64, record_uint_get(at, f->size));
		break;
	case RECORD_OCTETS:
		text_hex(w, bytes_of(at, f->size));
		break;
	case RECORD_SECRET:
		text_put(w, "***");
		break;
	case RECORD_STR:
		text_put(w, "%s", (const char *)at);
		break;
	case RECORD_STRUCT:
		text_put(w, "{ ");
		record_print(f->sub, at, w);
		text_put(w, " }");
		break;
	case RECORD_LIST:
		for (uint8_t i = 0; i < base[f->count_offset] && i < f->count_max; i++) {
			text_put(w, i ? ", { " : "[ { ");
			record_print(f->sub, at + (size_t)i * f->size, w);
			text_put(w, " }");
		}
		text_put(w, " ]");
		break;
	}
}

void record_print(const struct record_def *def, const void *from, struct writer *w)
{
	bool first = true;

	for (size_t i = 0; i < def->field_count; i++) {
		if (record_is_empty(&def->fields[i], from))
			continue;
		text_put(w, first ? "%s=" : " %s=", def->fields[i].name);
		record_print_value(&def->fields[i], from, w);
		first = false;
	}
}

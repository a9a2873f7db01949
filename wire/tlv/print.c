/* Messages as text, for traces and logs. */
#include "wire/tlv/engine.h"

#include <inttypes.h>
#include <stdio.h>

enum { MAX_OCTETS_SHOWN = 64, MAX_ITEMS_SHOWN = 64 };

static const void *at(const void *msg, size_t offset)
{
	return (const uint8_t *)msg + offset;
}

void tlv_print_text(struct writer *w, const char *text)
{
	writer_put(w, bytes_of_str(text));
}

static void indent(struct writer *w, unsigned depth)
{
	for (unsigned i = 0; i < depth; i++)
		writer_u8(w, '\t');
}

void tlv_print_line(struct writer *w, unsigned depth, const char *name, const char *text)
{
	indent(w, depth);
	tlv_print_text(w, name);
	tlv_print_text(w, text ? ": " : "");
	tlv_print_text(w, text ? text : "");
	tlv_print_text(w, "\n");
}

static void print_uint(struct writer *w, uint64_t v)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, v);
	tlv_print_text(w, text);
}

static void print_octets(struct writer *w, struct bytes b)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < b.len && i < MAX_OCTETS_SHOWN; i++) {
		writer_u8(w, (uint8_t)digits[b.data[i] >> 4]);
		writer_u8(w, (uint8_t)digits[b.data[i] & 15]);
	}
	if (b.len <= MAX_OCTETS_SHOWN)
		return;
	tlv_print_text(w, "... ");
	print_uint(w, b.len);
	tlv_print_text(w, " octets");
}

static uint64_t uint_load(const struct tlv_codec *codec, const void *value)
{
	switch (codec->size) {
	case 1:
		return *(const uint8_t *)value;
	case 2:
		return *(const uint16_t *)value;
	case 4:
		return *(const uint32_t *)value;
	default:
		return *(const uint64_t *)value;
	}
}

static void print_value(
	struct writer *w, const struct tlv_codec *codec, const char *name, const void *value, unsigned depth);

static void print_many(struct writer *w, const struct tlv_codec *codec, const char *name,
	const void *const *items, size_t count, unsigned depth)
{
	for (size_t i = 0; i < count && i < MAX_ITEMS_SHOWN; i++)
		print_value(w, codec, name, at(*items, i * codec->size), depth);
	if (count > MAX_ITEMS_SHOWN)
		tlv_print_line(w, depth, name, "...");
}

static void print_fields(struct writer *w, const struct tlv_codec *codec, const void *value, unsigned depth)
{
	for (unsigned i = 0; i < codec->field_count; i++) {
		const struct tlv_field *f = &codec->fields[i];

		if (f->has != TLV_NO_OFFSET && !*(const bool *)at(value, f->has))
			continue;
		if (f->count == TLV_NO_OFFSET)
			print_value(w, f->codec, f->name, at(value, f->offset), depth);
		else
			print_many(w, f->codec, f->name, at(value, f->offset),
				*(const size_t *)at(value, f->count), depth);
	}
}

static void print_simple(struct writer *w, const struct tlv_codec *codec, const void *value)
{
	const struct tlv_flags *flags = value;
	char text[24];

	if (codec->kind == TLV_UINT) {
		print_uint(w, uint_load(codec, value));
	} else if (codec->kind == TLV_FIXED) {
		print_octets(w, bytes_of(value, codec->size));
	} else if (codec->kind == TLV_BYTES) {
		print_octets(w, *(const struct bytes *)value);
	} else if (codec->kind == TLV_FLAGS) {
		snprintf(text, sizeof(text), "0x%" PRIx64, flags->bits);
		tlv_print_text(w, text);
	} else if (codec->kind == TLV_TEXT) {
		tlv_print_text(w, *(const char *const *)value ? *(const char *const *)value : "");
	} else if (codec->kind == TLV_CHARS) {
		tlv_print_text(w, value);
	}
}

static void print_value(
	struct writer *w, const struct tlv_codec *codec, const char *name, const void *value, unsigned depth)
{
	if (codec->kind == TLV_GROUP || codec->kind == TLV_VALUE) {
		tlv_print_line(w, depth, name, NULL);
		if (codec->kind == TLV_GROUP)
			tlv_print(codec->group, value, w, depth + 1);
		else
			print_fields(w, codec, value, depth + 1);
		return;
	}
	indent(w, depth);
	tlv_print_text(w, name);
	tlv_print_text(w, ": ");
	print_simple(w, codec, value);
	tlv_print_text(w, "\n");
}

void tlv_print(const struct tlv_group *g, const void *msg, struct writer *w, unsigned depth)
{
	for (int i = 0; i < g->ie_count; i++) {
		const struct tlv_ie *ie = &g->ies[i];

		if (ie->codec->kind == TLV_SPARE ||
			(ie->has != TLV_NO_OFFSET && !*(const bool *)at(msg, ie->has)))
			continue;
		if (ie->count == TLV_NO_OFFSET)
			print_value(w, ie->codec, ie->name, at(msg, ie->offset), depth);
		else
			print_many(w, ie->codec, ie->name, at(msg, ie->offset),
				*(const size_t *)at(msg, ie->count), depth);
	}
}

/* Messages as text, for traces, logs and failed tests. */
#include "wire/tlv/engine.h"

#include <inttypes.h>

static const void *at(const void *msg, size_t offset)
{
	return (const uint8_t *)msg + offset;
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

static void print_one(struct printer *p, const struct tlv_codec *codec, const char *name, const void *value);

static void print_many(struct printer *p, const struct tlv_codec *codec, const char *name,
	const void *const *items, size_t count)
{
	for (size_t i = 0; i < count && i < PRINT_ITEMS_SHOWN; i++)
		print_one(p, codec, name, at(*items, i * codec->size));
	if (count > PRINT_ITEMS_SHOWN)
		print_value(p, name, NULL, "... %zu in all", count);
}

static void print_fields(struct printer *p, const struct tlv_codec *codec, const void *value)
{
	for (unsigned i = 0; i < codec->field_count; i++) {
		const struct tlv_field *f = &codec->fields[i];

		if (f->has != TLV_NO_OFFSET && !*(const bool *)at(value, f->has))
			continue;
		if (f->count == TLV_NO_OFFSET)
			print_one(p, f->codec, f->name, at(value, f->offset));
		else
			print_many(p, f->codec, f->name, at(value, f->offset),
				*(const size_t *)at(value, f->count));
	}
}

static void print_simple(
	struct printer *p, const struct tlv_codec *codec, const char *name, const void *value)
{
	const char *text = codec->kind == TLV_TEXT ? *(const char *const *)value : value;

	switch (codec->kind) {
	case TLV_UINT:
		print_value(p, name, NULL, "%" PRIu64, uint_load(codec, value));
		break;
	case TLV_FIXED:
		print_octets(p, name, NULL, bytes_of(value, codec->size));
		break;
	case TLV_BYTES:
		print_octets(p, name, NULL, *(const struct bytes *)value);
		break;
	case TLV_FLAGS:
		print_value(p, name, NULL, "0x%" PRIx64, ((const struct tlv_flags *)value)->bits);
		break;
	case TLV_TEXT:
	case TLV_CHARS:
		print_string(p, name, NULL, text ? bytes_of_str(text) : BYTES_NONE);
		break;
	default:
		break;
	}
}

static void print_one(struct printer *p, const struct tlv_codec *codec, const char *name, const void *value)
{
	char text[TLV_SHOW_SIZE];

	if (codec->show) {
		codec->show(value, text);
		print_value(p, name, NULL, "%s", text);
	} else if (codec->kind == TLV_GROUP || codec->kind == TLV_VALUE) {
		print_open(p, name, NULL);
		if (codec->kind == TLV_GROUP)
			tlv_print(codec->group, value, p);
		else
			print_fields(p, codec, value);
		print_close(p);
	} else {
		print_simple(p, codec, name, value);
	}
}

void tlv_print(const struct tlv_group *g, const void *msg, struct printer *p)
{
	for (int i = 0; i < g->ie_count; i++) {
		const struct tlv_ie *ie = &g->ies[i];

		if (ie->codec->kind == TLV_SPARE ||
			(ie->has != TLV_NO_OFFSET && !*(const bool *)at(msg, ie->has)))
			continue;
		if (ie->count == TLV_NO_OFFSET)
			print_one(p, ie->codec, ie->name, at(msg, ie->offset));
		else
			print_many(p, ie->codec, ie->name, at(msg, ie->offset),
				*(const size_t *)at(msg, ie->count));
	}
}

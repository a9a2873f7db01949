/* Structs into JSON text, by tables. */
#include "base/text.h"
#include "wire/json/scan.h"
#include "wire/json/table.h"

struct encoder {
	struct writer *w;
	struct json_parts *parts;
	unsigned depth;
};

static void encode_field(struct encoder *e, const struct json_field *f, const uint8_t *base);

static bool is_zero(const uint8_t *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (at[i])
			return false;
	return true;
}

bool json_is_filled(const struct json_field *f, const void *from)
{
	const uint8_t *base = from, *at = base + f->offset;

	if (f->has)
		return base[f->has - 1];
	switch (f->kind) {
	case JSON_VALUE:
		return f->codec->empty ? !f->codec->empty(f, base) : !is_zero(at, f->size);
	case JSON_BINARY:
		return ((const struct bytes *)at)->len > 0;
	case JSON_OBJECT:
		return f->pointer ? *(const void *const *)at != NULL : !is_zero(at, f->size);
	default:
		return ((const struct json_list *)at)->count > 0;
	}
}

static void encode_key(struct encoder *e, bool *first, struct bytes key)
{
	if (!*first)
		writer_u8(e->w, ',');
	*first = false;
	json_write_string(e->w, key);
	writer_u8(e->w, ':');
}

/* Of all scalars only texts hold what must be escaped. */
static void encode_value(struct encoder *e, const struct json_field *f, const uint8_t *base)
{
	bool quoted = f->codec->form == JSON_STRING;

	if (f->codec->hold == JSON_HOLDS_TEXT) {
		const char *text = *(const char *const *)(base + f->offset);

		e->w->failed |= f->most && text && strlen(text) > f->most;
		json_write_string(e->w, text ? bytes_of_str(text) : BYTES_NONE);
	} else {
		if (quoted)
			writer_u8(e->w, '"');
		f->codec->write(f, base, e->w);
		if (quoted)
			writer_u8(e->w, '"');
	}
}

static void encode_object(struct encoder *e, const struct json_object *o, const uint8_t *base)
{
	bool first = true;

	writer_u8(e->w, '{');
	for (unsigned i = 0; i < o->count; i++) {
		if (!o->fields[i].mandatory && !json_is_filled(&o->fields[i], base))
			continue;
		encode_key(e, &first, bytes_of_str(o->fields[i].key));
		encode_field(e, &o->fields[i], base);
	}
	writer_u8(e->w, '}');
}

static void encode_list(struct encoder *e, const struct json_field *f, const uint8_t *base)
{
	const struct json_list *list = (const struct json_list *)(base + f->offset);

	writer_u8(e->w, '[');
	for (uint32_t i = 0; i < list->count && !e->w->failed; i++) {
		if (i > 0)
			writer_u8(e->w, ',');
		encode_field(e, f->item, (const uint8_t *)list->items + (size_t)i * f->size);
	}
	writer_u8(e->w, ']');
}

static void encode_map(struct encoder *e, const struct json_field *f, const uint8_t *base)
{
	const struct json_list *list = (const struct json_list *)(base + f->offset);
	bool first = true;

	writer_u8(e->w, '{');
	for (uint32_t i = 0; i < list->count && !e->w->failed; i++) {
		const uint8_t *entry = (const uint8_t *)list->items + (size_t)i * f->size;
		const char *key = *(const char *const *)entry;

		encode_key(e, &first, key ? bytes_of_str(key) : BYTES_NONE);
		if (f->item->pointer && !json_is_filled(f->item, entry))
			writer_put(e->w, bytes_of_str("null"));
		else
			encode_field(e, f->item, entry);
	}
	writer_u8(e->w, '}');
}

/* "n1msg"; a second part of its type in a message is "n1msg-2". */
static struct bytes part_name(struct json_parts *parts, struct json_part *part, const char *text)
{
	struct writer w = writer_of(part->made, sizeof(part->made));
	unsigned n = 1;

	for (const struct json_part *p = parts->items; p < part; p++)
		n += bytes_equal(p->type, part->type);
	if (n == 1)
		return bytes_of_str(text);
	text_put(&w, "%s-%u", text, n);
	return writer_bytes(&w);
}

static void encode_binary(struct encoder *e, const struct json_field *f, const uint8_t *base)
{
	struct bytes octets = *(const struct bytes *)(base + f->offset);
	struct json_part *part;
	bool first = true;

	if (!e->parts || e->parts->count == JSON_PARTS_MAX) {
		e->w->failed = true;
		return;
	}
	part = &e->parts->items[e->parts->count];
	part->type = bytes_of_str(f->text2);
	part->id = part_name(e->parts, part, f->text);
	part->body = octets;
	e->parts->count++;
	writer_u8(e->w, '{');
	encode_key(e, &first, bytes_of_str("contentId"));
	json_write_string(e->w, part->id);
	writer_u8(e->w, '}');
}

/* A pointer that is NULL where an object must be cannot be encoded. */
static void encode_member(struct encoder *e, const struct json_field *f, const uint8_t *at)
{
	const uint8_t *object = f->pointer ? *(const uint8_t *const *)at : at;

	if (!object)
		e->w->failed = true;
	else if (f->sub->or_text && json_is_filled(&f->sub->fields[0], object))
		encode_value(e, &f->sub->fields[0], object);
	else
		encode_object(e, f->sub, object);
}

static void encode_field(struct encoder *e, const struct json_field *f, const uint8_t *base)
{
	if (e->depth == JSON_DEPTH_MAX || e->w->failed) {
		e->w->failed = true;
		return;
	}
	e->depth++;
	switch (f->kind) {
	case JSON_VALUE:
		encode_value(e, f, base);
		break;
	case JSON_OBJECT:
		encode_member(e, f, base + f->offset);
		break;
	case JSON_LIST:
		encode_list(e, f, base);
		break;
	case JSON_MAP:
		encode_map(e, f, base);
		break;
	case JSON_BINARY:
		encode_binary(e, f, base);
		break;
	}
	e->depth--;
}

void json_encode(const struct json_field *root, const void *from, struct json_parts *parts, struct writer *w)
{
	struct encoder e = { w, parts, 0 };

	if (parts)
		parts->count = 0;
	encode_field(&e, root, from);
}

bool json_scalar_read(const struct json_field *f, struct bytes text, struct arena *arena, void *base)
{
	if (!f->codec->read(f, text, arena, base))
		return false;
	if (f->has)
		*((bool *)base + f->has - 1) = true;
	return true;
}

void json_scalar_write(const struct json_field *f, const void *base, struct writer *w)
{
	f->codec->write(f, base, w);
}

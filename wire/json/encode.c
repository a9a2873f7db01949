/* Structs into JSON text, as tables say. */
#include "wire/json/scan.h"
#include "wire/json/table.h"

struct encoder {
	struct writer *w;
	struct arena *arena;
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

static bool group_is_filled(const struct json_object *o, const uint8_t *base, struct arena *arena)
{
	for (unsigned i = 0; i < o->count; i++)
		if (json_is_filled(&o->fields[i], base, arena))
			return true;
	return false;
}

static bool value_is_filled(const struct json_field *f, const uint8_t *base)
{
	if (f->codec->empty)
		return !f->codec->empty(f, base);
	return !is_zero(base + f->offset, f->size);
}

static bool via_is_filled(const struct json_field *f, const uint8_t *base, struct arena *arena)
{
	void *view = arena_alloc(arena, f->via->size);

	return view && f->via->to(base, view);
}

bool json_is_filled(const struct json_field *f, const void *from, struct arena *arena)
{
	const uint8_t *base = from;

	if (f->when_size)
		return !is_zero(base + f->when, f->when_size);
	if (f->has)
		return base[f->has - 1];
	switch (f->kind) {
	case JSON_VALUE:
		return value_is_filled(f, base);
	case JSON_BINARY:
		return ((const struct bytes *)(base + f->offset))->len > 0;
	case JSON_VIA:
		return via_is_filled(f, base, arena);
	case JSON_OBJECT:
		return f->size ? !is_zero(base + f->offset, f->size) : group_is_filled(f->sub, base, arena);
	default:
		if (f->count)
			return base[f->count - 1] > 0;
		return f->size ? !is_zero(base + f->offset, f->size) : json_is_filled(f->item, base, arena);
	}
}

static bool is_constant(const struct json_field *f)
{
	return f->kind == JSON_VALUE &&
	       (f->codec == &json_const || f->codec == &json_emit || f->codec == &json_true);
}

/* Constants do not fill an object, but stand in each that is written. */
static bool is_wanted(const struct encoder *e, const struct json_field *f, const uint8_t *base)
{
	if (f->when_size && is_zero(base + f->when, f->when_size))
		return false;
	return f->mandatory || is_constant(f) || json_is_filled(f, base, e->arena);
}

static void encode_key(struct encoder *e, bool *first, struct bytes key)
{
	if (!*first)
		writer_u8(e->w, ',');
	*first = false;
	json_write_string(e->w, key);
	writer_u8(e->w, ':');
}

static void encode_value(struct encoder *e, const struct json_field *f, const uint8_t *base)
{
	char buf[JSON_SCALAR_MAX];
	struct writer text = writer_of(buf, sizeof(buf));

	json_scalar_write(f, base, &text);
	e->w->failed |= text.failed;
	if (f->codec->form == JSON_STRING)
		json_write_string(e->w, writer_bytes(&text));
	else
		writer_put(e->w, writer_bytes(&text));
	explicit_bzero(buf, text.len); /* keys pass through here */
}

static void encode_object(struct encoder *e, const struct json_object *o, const uint8_t *base)
{
	bool first = true;

	writer_u8(e->w, '{');
	for (unsigned i = 0; i < o->count; i++) {
		if (!is_wanted(e, &o->fields[i], base))
			continue;
		encode_key(e, &first, bytes_of_str(o->fields[i].key));
		encode_field(e, &o->fields[i], base);
	}
	writer_u8(e->w, '}');
}

static unsigned element_count(const struct json_field *f, const uint8_t *base, struct encoder *e)
{
	if (!f->count)
		return 1;
	e->w->failed |= base[f->count - 1] > f->most;
	return e->w->failed ? 0 : base[f->count - 1];
}

static void encode_list(struct encoder *e, const struct json_field *f, const uint8_t *base)
{
	unsigned n = element_count(f, base, e);

	writer_u8(e->w, '[');
	for (unsigned i = 0; i < n; i++) {
		if (i > 0)
			writer_u8(e->w, ',');
		encode_field(e, f->item, base + f->offset + (size_t)i * f->size);
	}
	writer_u8(e->w, ']');
}

static void encode_map(struct encoder *e, const struct json_field *f, const uint8_t *base)
{
	unsigned n = element_count(f, base, e);
	bool first = true;

	writer_u8(e->w, '{');
	for (unsigned i = 0; i < n; i++) {
		const uint8_t *element = base + f->offset + (size_t)i * f->size;
		char buf[JSON_SCALAR_MAX];
		struct writer key = writer_of(buf, sizeof(buf));

		json_scalar_write(f->map_key, element, &key);
		e->w->failed |= key.failed;
		encode_key(e, &first, writer_bytes(&key));
		encode_field(e, f->item, element);
	}
	writer_u8(e->w, '}');
}

static void encode_binary(struct encoder *e, const struct json_field *f, const uint8_t *base)
{
	bool first = true;

	if (!e->parts || e->parts->count == JSON_PARTS_MAX) {
		e->w->failed = true;
		return;
	}
	e->parts->items[e->parts->count++] = (struct json_part){ bytes_of_str(f->text),
		bytes_of_str(f->text2), *(const struct bytes *)(base + f->offset) };
	writer_u8(e->w, '{');
	encode_key(e, &first, bytes_of_str("contentId"));
	json_write_string(e->w, bytes_of_str(f->text));
	writer_u8(e->w, '}');
}

static void encode_via(struct encoder *e, const struct json_field *f, const uint8_t *base)
{
	void *view = arena_alloc(e->arena, f->via->size);

	if (!view) {
		e->w->failed = true;
		return;
	}
	f->via->to(base, view);
	encode_field(e, f->via->field, view);
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
		encode_object(e, f->sub, base + f->offset);
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
	case JSON_VIA:
		encode_via(e, f, base);
		break;
	}
	e->depth--;
}

void json_encode(const struct json_field *root, const void *from, struct arena *arena,
	struct json_parts *parts, struct writer *w)
{
	struct encoder e = { w, arena, parts, 0 };

	if (parts)
		parts->count = 0;
	encode_field(&e, root, from);
}

bool json_scalar_read(const struct json_field *f, struct bytes text, void *base)
{
	if (!f->codec->read(f, text, base))
		return false;
	if (f->has)
		*((bool *)base + f->has - 1) = true;
	return true;
}

void json_scalar_write(const struct json_field *f, const void *base, struct writer *w)
{
	f->codec->write(f, base, w);
}

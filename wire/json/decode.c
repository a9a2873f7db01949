/* JSON text into structs, by tables. */
#include "base/text.h"
#include "wire/json/scan.h"
#include "wire/json/table.h"

struct decoder {
	struct bytes text;
	const struct json_token *tokens;
	struct arena *arena;
	const struct json_parts *parts;
	struct json_fault *fault;
	struct writer path;
	unsigned depth;
	unsigned optional; /* enclosing optional fields */
};

static bool decode_field(struct decoder *d, const struct json_field *f, uint32_t at, void *base);

static bool decode_fail(struct decoder *d, enum json_cause cause)
{
	size_t len = d->path.len < JSON_PATH_SIZE - 1 ? d->path.len : JSON_PATH_SIZE - 1;

	if (d->fault->cause != JSON_OK)
		return false;
	*d->fault = (struct json_fault){ .cause = cause };
	bytes_copy(d->fault->path, JSON_PATH_SIZE, bytes_of(d->path.data, len));
	return false;
}

static bool decode_wrong(struct decoder *d, const struct json_field *f)
{
	return decode_fail(
		d, d->optional || !f->mandatory ? JSON_OPTIONAL_INCORRECT : JSON_MANDATORY_INCORRECT);
}

/* Appends "/key" to the pointer; what does not fit is left out. Returns the length to go back to. */
static size_t path_push(struct decoder *d, struct bytes key)
{
	size_t len = d->path.len;

	writer_u8(&d->path, '/');
	for (size_t i = 0; i < key.len; i++) {
		if (key.data[i] == '~' || key.data[i] == '/')
			writer_u8(&d->path, '~');
		writer_u8(&d->path, key.data[i] == '~' ? '0' : key.data[i] == '/' ? '1' : key.data[i]);
	}
	d->path.failed = false;
	return len;
}

/* Of strings the tokens have what is between the quotes. */
static struct bytes whole_text(struct bytes text, const struct json_token *t)
{
	bool string = t->kind == JSON_TOKEN_STRING;

	return bytes_of(text.data + t->at - string, t->len + 2 * string);
}

static bool decode_value(
	struct decoder *d, const struct json_field *f, const struct json_token *t, void *base)
{
	static const enum json_token_kind kinds[] = {
		[JSON_STRING] = JSON_TOKEN_STRING,
		[JSON_NUMBER] = JSON_TOKEN_NUMBER,
		[JSON_BOOL] = JSON_TOKEN_BOOL,
	};
	struct bytes text = bytes_of(d->text.data + t->at, t->len);

	if (f->codec->form == JSON_ANY)
		return f->codec->read(f, whole_text(d->text, t), d->arena, base) ||
		       decode_fail(d, JSON_NO_MEMORY);
	if (t->kind != kinds[f->codec->form])
		return decode_wrong(d, f);
	if (t->kind == JSON_TOKEN_STRING && !json_unescape(d->text, t, d->arena, &text))
		return decode_fail(d, JSON_NO_MEMORY);
	if (f->codec->read(f, text, d->arena, base))
		return true;
	/* A reader that holds something fails for want of room, too; then there is none for the next one
	 * either. */
	return f->codec->hold && !arena_alloc(d->arena, text.len + 1) ? decode_fail(d, JSON_NO_MEMORY)
								      : decode_wrong(d, f);
}

static const struct json_field *field_of(const struct json_object *o, struct bytes key, unsigned *index)
{
	for (*index = 0; *index < o->count; ++*index)
		if (bytes_equal(bytes_of_str(o->fields[*index].key), key))
			return &o->fields[*index];
	return NULL;
}

static bool decode_missing(struct decoder *d, const struct json_field *f, void *base)
{
	if (f->mandatory) {
		path_push(d, bytes_of_str(f->key));
		return decode_fail(d, d->optional ? JSON_OPTIONAL_INCORRECT : JSON_MANDATORY_MISSING);
	}
	if (f->kind == JSON_VALUE && f->codec->absent)
		f->codec->absent(f, base);
	return true;
}

static bool decode_object(struct decoder *d, const struct json_object *o, uint32_t at, void *base)
{
	uint64_t seen = 0;

	for (uint32_t i = at + 1; i < d->tokens[at].after; i = d->tokens[i + 1].after) {
		const struct json_field *f;
		struct bytes key;
		unsigned index;
		size_t path;

		if (!json_unescape(d->text, &d->tokens[i], d->arena, &key))
			return decode_fail(d, JSON_NO_MEMORY);
		f = field_of(o, key, &index);
		if (!f)
			continue;
		path = path_push(d, key);
		if (seen >> index & 1)
			return decode_fail(d, JSON_INVALID_FORMAT);
		if (d->tokens[i + 1].kind == JSON_TOKEN_NULL && !f->mandatory) {
			d->path.len = path;
			continue; /* nullable types of 29.571: as if absent */
		}
		seen |= UINT64_C(1) << index;
		if (!decode_field(d, f, i + 1, base))
			return false;
		d->path.len = path;
	}
	for (unsigned i = 0; i < o->count; i++)
		if (!(seen >> i & 1) && !decode_missing(d, &o->fields[i], base))
			return false;
	return true;
}

static uint32_t element_count(const struct decoder *d, uint32_t at, bool keys)
{
	uint32_t n = 0;

	for (uint32_t i = at + 1; i < d->tokens[at].after; i = d->tokens[i + keys].after)
		n++;
	return n;
}

/* Room for the elements of a list or map; false when the arena refuses. */
static bool list_begin(struct decoder *d, const struct json_field *f, uint32_t count, struct json_list *list)
{
	list->count = count;
	list->items = count ? arena_array(d->arena, count, f->size) : NULL;
	return !count || list->items || decode_fail(d, JSON_NO_MEMORY);
}

static bool decode_list(struct decoder *d, const struct json_field *f, uint32_t at, uint8_t *base)
{
	struct json_list *list = (struct json_list *)(base + f->offset);
	uint32_t i = at + 1;

	if (!list_begin(d, f, element_count(d, at, false), list))
		return false;
	for (uint32_t n = 0; n < list->count; n++, i = d->tokens[i].after) {
		char index[12];
		struct writer w = writer_of(index, sizeof(index));
		size_t path;

		text_put(&w, "%u", n);
		path = path_push(d, writer_bytes(&w));
		if (!decode_field(d, f->item, i, (uint8_t *)list->items + (size_t)n * f->size))
			return false;
		d->path.len = path;
	}
	return true;
}

static bool decode_map(struct decoder *d, const struct json_field *f, uint32_t at, uint8_t *base)
{
	static const struct json_field key_field = { .codec = &json_text, .size = sizeof(char *) };
	struct json_list *list = (struct json_list *)(base + f->offset);
	uint32_t i = at + 1;

	if (!list_begin(d, f, element_count(d, at, true), list))
		return false;
	for (uint32_t n = 0; n < list->count; n++, i = d->tokens[i + 1].after) {
		uint8_t *entry = (uint8_t *)list->items + (size_t)n * f->size;
		size_t path;

		path = path_push(d, bytes_of(d->text.data + d->tokens[i].at, d->tokens[i].len));
		if (!decode_value(d, &key_field, &d->tokens[i], entry))
			return false;
		if (!(f->item->pointer && d->tokens[i + 1].kind == JSON_TOKEN_NULL) &&
			!decode_field(d, f->item, i + 1, entry))
			return false;
		d->path.len = path;
	}
	return true;
}

static bool decode_binary(struct decoder *d, const struct json_field *f, uint32_t at, uint8_t *base)
{
	const struct json_token *t = d->tokens;

	for (uint32_t i = at + 1; i < t[at].after; i = t[i + 1].after) {
		struct bytes key, id;

		if (!json_unescape(d->text, &t[i], d->arena, &key))
			return decode_fail(d, JSON_NO_MEMORY);
		if (t[i + 1].kind != JSON_TOKEN_STRING || !bytes_equal(key, bytes_of_str("contentId")))
			continue;
		if (!json_unescape(d->text, &t[i + 1], d->arena, &id))
			return decode_fail(d, JSON_NO_MEMORY);
		for (uint8_t p = 0; d->parts && p < d->parts->count; p++) {
			if (!bytes_equal(d->parts->items[p].id, id))
				continue;
			*(struct bytes *)(base + f->offset) = d->parts->items[p].body;
			return true;
		}
	}
	return decode_wrong(d, f);
}

static bool decode_member(struct decoder *d, const struct json_field *f, uint32_t at, uint8_t *base)
{
	void *object = base + f->offset;

	if (f->pointer) {
		object = arena_alloc(d->arena, f->size);
		*(void **)(base + f->offset) = object;
	}
	if (!object)
		return decode_fail(d, JSON_NO_MEMORY);
	if (d->tokens[at].kind == JSON_TOKEN_STRING)
		return decode_value(d, &f->sub->fields[0], &d->tokens[at], object);
	return decode_object(d, f->sub, at, object);
}

/* Whether a value may stand for what the field is. */
static bool is_of(const struct json_field *f, const struct json_token *t)
{
	return t->kind == (f->kind == JSON_LIST ? JSON_TOKEN_ARRAY : JSON_TOKEN_OBJECT) ||
	       (f->kind == JSON_OBJECT && f->sub->or_text && t->kind == JSON_TOKEN_STRING);
}

static bool decode_kind(struct decoder *d, const struct json_field *f, uint32_t at, void *base)
{
	const struct json_token *t = &d->tokens[at];

	if (f->kind == JSON_VALUE)
		return decode_value(d, f, t, base);
	if (!is_of(f, t))
		return decode_wrong(d, f);
	switch (f->kind) {
	case JSON_OBJECT:
		return decode_member(d, f, at, base);
	case JSON_LIST:
		return decode_list(d, f, at, base);
	case JSON_MAP:
		return decode_map(d, f, at, base);
	default:
		return decode_binary(d, f, at, base);
	}
}

static bool decode_field(struct decoder *d, const struct json_field *f, uint32_t at, void *base)
{
	bool ok;

	if (d->depth == JSON_DEPTH_MAX)
		return decode_fail(d, JSON_INVALID_FORMAT);
	d->depth++;
	d->optional += !f->mandatory;
	ok = decode_kind(d, f, at, base);
	d->optional -= !f->mandatory;
	d->depth--;
	if (ok && f->has)
		*((bool *)base + f->has - 1) = true;
	return ok;
}

bool json_decode(const struct json_field *root, struct bytes text, struct arena *arena,
	const struct json_parts *parts, void *out, struct json_fault *fault)
{
	uint8_t path[JSON_PATH_SIZE];
	struct decoder d = { .text = text, .arena = arena, .parts = parts, .fault = fault };
	struct json_token *tokens = NULL;
	enum json_cause cause;

	*fault = (struct json_fault){ 0 };
	d.path = writer_of(path, sizeof(path) - 1);
	if (json_scan(text, arena, &tokens, &cause) == 0)
		return decode_fail(&d, cause);
	d.tokens = tokens;
	return decode_field(&d, root, 0, out);
}

/* Deep copies of bodies, and whether two hold the same, by walking their tables. */
#include "wire/json/table.h"

/* Either everything that is pointed to is copied into the arena, or (arena NULL) it has moved. */
struct copying {
	struct arena *arena;
	const struct json_moved *moved;
};

/* *at points into what has moved: where it points to now. False: it does not. */
static bool move_pointer(const struct json_moved *m, void **at, size_t size)
{
	size_t offset = (size_t)((uintptr_t)*at - (uintptr_t)m->from);

	if (offset > m->octets || size > m->octets - offset)
		return false;
	*at = (uint8_t *)m->to + offset;
	return true;
}

static bool copy_octets(const struct copying *c, struct bytes *b)
{
	struct bytes copy;
	void *at = (void *)(uintptr_t)b->data;

	if (!c->arena) {
		if (b->len > 0 && !move_pointer(c->moved, &at, b->len))
			return false;
		b->data = at;
		return true;
	}
	copy = arena_bytes(c->arena, *b);
	if (copy.len != b->len || (b->len > 0 && !copy.data))
		return false;
	*b = copy;
	return true;
}

/* What *at points to becomes the arena's. */
static bool copy_block(const struct copying *c, void **at, size_t size)
{
	void *copy;

	if (!*at)
		return true;
	if (!c->arena)
		return move_pointer(c->moved, at, size);
	copy = arena_alloc(c->arena, size);
	if (!copy)
		return false;
	bytes_copy(copy, size, bytes_of(*at, size));
	*at = copy;
	return true;
}

/* A text that has moved is as long as it was; it is not looked at where it has been. */
static bool copy_text(const struct copying *c, void *at)
{
	char **text = at;

	return !*text || copy_block(c, at, c->arena ? strlen(*text) + 1 : 1);
}

static bool copy_field(const struct json_field *f, const struct copying *c, void *base);

static bool copy_object(const struct json_object *o, const struct copying *c, void *base)
{
	for (unsigned i = 0; o && i < o->count; i++)
		if (!copy_field(&o->fields[i], c, base))
			return false;
	return true;
}

static bool copy_value(const struct json_field *f, const struct copying *c, void *at)
{
	switch (f->codec->hold) {
	case JSON_HOLDS_TEXT:
		return copy_text(c, at);
	case JSON_HOLDS_BYTES:
		return copy_octets(c, at);
	default:
		return true;
	}
}

static bool copy_list(const struct json_field *f, const struct copying *c, struct json_list *list)
{
	if (list->count == 0)
		list->items = NULL;
	if (!copy_block(c, &list->items, (size_t)list->count * f->size))
		return false;
	for (uint32_t i = 0; i < list->count; i++) {
		uint8_t *item = (uint8_t *)list->items + (size_t)i * f->size;

		if (f->kind == JSON_MAP && !copy_text(c, item))
			return false;
		if (!copy_field(f->item, c, item))
			return false;
	}
	return true;
}

static bool copy_member(const struct json_field *f, const struct copying *c, void *at)
{
	void **pointer = at;

	if (!f->pointer)
		return copy_object(f->sub, c, at);
	if (!*pointer)
		return true;
	return copy_block(c, pointer, f->size) && copy_object(f->sub, c, *pointer);
}

static bool copy_field(const struct json_field *f, const struct copying *c, void *base)
{
	void *at = (uint8_t *)base + f->offset;

	switch (f->kind) {
	case JSON_VALUE:
		return copy_value(f, c, at);
	case JSON_BINARY:
		return copy_octets(c, at);
	case JSON_OBJECT:
		return copy_member(f, c, at);
	default:
		return copy_list(f, c, at);
	}
}

bool json_copy(const struct json_field *f, struct arena *arena, void *base)
{
	return copy_field(f, &(struct copying){ arena, NULL }, base);
}

bool json_copy_object(const struct json_object *o, struct arena *arena, void *base)
{
	return copy_object(o, &(struct copying){ arena, NULL }, base);
}

bool json_move(const struct json_field *f, const struct json_moved *moved, void *base)
{
	return copy_field(f, &(struct copying){ NULL, moved }, base);
}

bool json_move_object(const struct json_object *o, const struct json_moved *moved, void *base)
{
	return copy_object(o, &(struct copying){ NULL, moved }, base);
}

/* What is behind a pointer is the copy's own. */
static void blank_value(const struct json_field *f, void *at)
{
	struct bytes *octets = at;
	char **text = at;

	if (f->codec->hold == JSON_HOLDS_TEXT && *text)
		memset(*text, '0', strlen(*text));
	else if (f->codec->hold == JSON_HOLDS_BYTES && octets->len > 0)
		memset((void *)(uintptr_t)octets->data, 0, octets->len);
	else if (f->codec->hold == JSON_HOLDS_NOTHING)
		memset(at, 0, f->size);
}

static void blank_list(const struct json_field *f, const struct json_list *list)
{
	for (uint32_t i = 0; i < list->count; i++)
		json_blank(f->item, (uint8_t *)list->items + (size_t)i * f->size);
}

void json_blank(const struct json_field *f, void *base)
{
	void *at = (uint8_t *)base + f->offset;

	if (f->kind == JSON_VALUE && f->secret)
		blank_value(f, at);
	else if (f->kind == JSON_OBJECT)
		json_blank_object(f->sub, f->pointer ? *(void **)at : at);
	else if (f->kind == JSON_LIST || f->kind == JSON_MAP)
		blank_list(f, at);
}

void json_blank_object(const struct json_object *o, void *base)
{
	for (unsigned i = 0; o && base && i < o->count; i++)
		json_blank(&o->fields[i], base);
}

static bool has_secret(const struct json_field *f, unsigned depth)
{
	const struct json_object *o = f->kind == JSON_OBJECT ? f->sub : NULL;

	if (f->secret || depth == 0)
		return true; /* too deep to tell: it is looked through */
	if (f->kind == JSON_LIST || f->kind == JSON_MAP)
		return has_secret(f->item, depth - 1);
	for (unsigned i = 0; o && i < o->count; i++)
		if (has_secret(&o->fields[i], depth - 1))
			return true;
	return false;
}

bool json_has_secret(const struct json_field *f)
{
	enum { DEPTH_MAX = 16 };

	return has_secret(f, DEPTH_MAX);
}

static bool equal_text(const void *a, const void *b)
{
	const char *x = *(const char *const *)a, *y = *(const char *const *)b;

	return !strcmp(x ? x : "", y ? y : "");
}

static bool equal_value(const struct json_field *f, const void *a, const void *b)
{
	switch (f->codec->hold) {
	case JSON_HOLDS_TEXT:
		return equal_text(a, b);
	case JSON_HOLDS_BYTES:
		return bytes_equal(*(const struct bytes *)a, *(const struct bytes *)b);
	default:
		return !memcmp(a, b, f->size);
	}
}

static bool equal_list(const struct json_field *f, const struct json_list *a, const struct json_list *b)
{
	if (a->count != b->count)
		return false;
	for (uint32_t i = 0; i < a->count; i++) {
		const uint8_t *x = (const uint8_t *)a->items + (size_t)i * f->size;
		const uint8_t *y = (const uint8_t *)b->items + (size_t)i * f->size;

		if ((f->kind == JSON_MAP && !equal_text(x, y)) || !json_equal(f->item, x, y))
			return false;
	}
	return true;
}

static bool equal_member(const struct json_field *f, const void *a, const void *b)
{
	if (f->pointer) {
		a = *(const void *const *)a;
		b = *(const void *const *)b;
		if (!a || !b)
			return a == b;
	}
	return json_equal_object(f->sub, a, b);
}

bool json_equal(const struct json_field *f, const void *base_a, const void *base_b)
{
	const uint8_t *a = base_a, *b = base_b;

	if (f->has && a[f->has - 1] != b[f->has - 1])
		return false;
	a += f->offset;
	b += f->offset;
	switch (f->kind) {
	case JSON_VALUE:
		return equal_value(f, a, b);
	case JSON_BINARY:
		return bytes_equal(*(const struct bytes *)a, *(const struct bytes *)b);
	case JSON_OBJECT:
		return equal_member(f, a, b);
	default:
		return equal_list(f, (const struct json_list *)a, (const struct json_list *)b);
	}
}

bool json_equal_object(const struct json_object *o, const void *a, const void *b)
{
	for (unsigned i = 0; o && i < o->count; i++)
		if (!json_equal(&o->fields[i], a, b))
			return false;
	return true;
}

/* What differs between two configurations, key by key. */
#include <stdio.h>

#include "base/config.h"

enum { CONFIG_PATH_SIZE = 128 };

struct config_comparison {
	config_differs_fn *differs;
	void *arg;
	bool live; /* so is the list around it, as a whole */
};

static bool is_live(const struct config_field *f, const void *is, const void *wanted)
{
	return f->live_if && f->live_if(is, wanted);
}

static void compare(const struct config_comparison *c, const struct config_section *s, const char *path,
	const uint8_t *a, const uint8_t *b);

static void compare_list(const struct config_comparison *c, const struct config_field *f, const char *path,
	const uint8_t *a, const uint8_t *b)
{
	const struct config_comparison inner = { c->differs, c->arg, c->live || is_live(f, a, b) };
	uint8_t count = a[f->count_offset];
	char element[CONFIG_PATH_SIZE];

	if (b[f->count_offset] != count) {
		c->differs(c->arg, path, f->live || inner.live);
		return;
	}
	for (uint8_t i = 0; i < count; i++) {
		size_t at = f->offset + (size_t)i * f->size;

		snprintf(element, sizeof(element), "%s[%u]", path, i);
		if (f->section)
			compare(&inner, f->section, element, a + at, b + at);
		else if (!bytes_equal(bytes_of(a + at, f->size), bytes_of(b + at, f->size)))
			c->differs(c->arg, element, f->live || inner.live);
	}
}

static void compare(const struct config_comparison *c, const struct config_section *s, const char *path,
	const uint8_t *a, const uint8_t *b)
{
	char key[CONFIG_PATH_SIZE];

	for (size_t i = 0; i < s->field_count; i++) {
		const struct config_field *f = &s->fields[i];

		snprintf(
			key, sizeof(key), "%s%s%s", path, path[0] && f->key ? "." : "", f->key ? f->key : "");
		if (f->kind == CONFIG_LIST)
			compare_list(c, f, key, a, b);
		else if (f->kind != CONFIG_VALUE)
			compare(c, f->section, key, a + f->offset, b + f->offset);
		else if (!bytes_equal(bytes_of(a + f->offset, f->size), bytes_of(b + f->offset, f->size)))
			c->differs(c->arg, key, f->live || c->live || is_live(f, a, b));
	}
}

void config_differences(const struct config_section *root, const void *a, const void *b,
	config_differs_fn *differs, void *arg)
{
	const struct config_comparison c = { differs, arg, false };

	compare(&c, root, "", a, b);
}

static void take_list(const struct config_field *f, uint8_t *to, const uint8_t *from)
{
	size_t size = (size_t)f->size * f->count_max;

	if ((!f->section && f->live) || is_live(f, to, from)) {
		memcpy(to + f->offset, from + f->offset, size);
		to[f->count_offset] = from[f->count_offset];
	}
	for (uint8_t i = 0;
		f->section && to[f->count_offset] == from[f->count_offset] && i < to[f->count_offset]; i++)
		config_take_live(f->section, to + f->offset + (size_t)i * f->size,
			from + f->offset + (size_t)i * f->size);
}

void config_take_live(const struct config_section *section, void *to, const void *from)
{
	for (size_t i = 0; i < section->field_count; i++) {
		const struct config_field *f = &section->fields[i];
		uint8_t *at = (uint8_t *)to + f->offset;

		if (f->kind == CONFIG_LIST)
			take_list(f, to, from);
		else if (f->kind != CONFIG_VALUE)
			config_take_live(f->section, at, (const uint8_t *)from + f->offset);
		else if (f->live || is_live(f, to, from))
			memcpy(at, (const uint8_t *)from + f->offset, f->size);
	}
}

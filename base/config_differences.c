/* What differs between two configurations, key by key. */
#include <stdio.h>

#include "base/config.h"

enum { CONFIG_PATH_SIZE = 128 };

struct config_comparison {
	config_differs_fn *differs;
	void *arg;
};

static void compare(const struct config_comparison *c, const struct config_section *s, const char *path,
	const uint8_t *a, const uint8_t *b);

static void compare_list(const struct config_comparison *c, const struct config_field *f, const char *path,
	const uint8_t *a, const uint8_t *b)
{
	uint8_t count = a[f->count_offset];
	char element[CONFIG_PATH_SIZE];

	if (b[f->count_offset] != count) {
		c->differs(c->arg, path);
		return;
	}
	for (uint8_t i = 0; i < count; i++) {
		size_t at = f->offset + (size_t)i * f->size;

		snprintf(element, sizeof(element), "%s[%u]", path, i);
		if (f->section)
			compare(c, f->section, element, a + at, b + at);
		else if (!bytes_equal(bytes_of(a + at, f->size), bytes_of(b + at, f->size)))
			c->differs(c->arg, element);
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
			c->differs(c->arg, key);
	}
}

void config_differences(const struct config_section *root, const void *a, const void *b,
	config_differs_fn *differs, void *arg)
{
	const struct config_comparison c = { differs, arg };

	compare(&c, root, "", a, b);
}

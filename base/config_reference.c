/* The keys of the tables, as a reference has them. */
#include "base/config.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

enum { CONFIG_PATH_SIZE = 128 };

void config_expected(const struct config_field *f, char *text, size_t cap)
{
	if (f->expected)
		str_copy(text, cap, f->expected);
	else if (f->read == config_read_uint)
		snprintf(text, cap, "a number from %" PRIu64 " to %" PRIu64, f->min, f->max);
	else if (f->read == config_read_bool)
		str_copy(text, cap, "true or false");
	else if (f->read == config_read_addr)
		str_copy(text, cap, "an IP address");
	else if (f->read == config_read_prefix_any)
		str_copy(text, cap, "a prefix like 10.45.0.0/16 or 2001:db8:45::/48");
	else if (f->read == config_read_prefix)
		str_copy(text, cap, "an IPv4 prefix like 10.45.0.0/16");
	else if (f->read == config_read_rate)
		str_copy(text, cap, "a bit rate like 100 Mbps");
	else
		snprintf(text, cap, "a text of at most %u characters", f->size - 1u);
}

static const char *or_none(const char *text)
{
	return text ? text : "";
}

static void reference(const struct config_section *s, const char *path, unsigned depth,
	config_reference_fn *line, void *arg)
{
	char key[CONFIG_PATH_SIZE], wanted[160] = "";

	for (size_t i = 0; i < s->field_count; i++) {
		const struct config_field *f = &s->fields[i];
		struct config_entry e = { key, f->key, wanted, or_none(f->otherwise), or_none(f->help), depth,
			f->section != NULL, f->kind == CONFIG_LIST, f->required, f->live };

		if (f->kind == CONFIG_INLINE) {
			assert(f->section);
			reference(f->section, path, depth, line, arg);
			continue;
		}
		snprintf(key, sizeof(key), "%s%s%s%s", path, path[0] ? "." : "", f->key, e.list ? "[]" : "");
		if (f->section)
			e.expected = "";
		else
			config_expected(f, wanted, sizeof(wanted));
		line(arg, &e);
		if (f->section)
			reference(f->section, key, depth + 1, line, arg);
	}
}

void config_reference(const struct config_section *root, config_reference_fn *line, void *arg)
{
	reference(root, "", 0, line, arg);
}

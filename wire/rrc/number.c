#include "wire/rrc/number.h"

#include <stdlib.h>

static const struct per_type *member_of(const struct per_type *type, struct bytes name)
{
	const struct per_member *members = per_members(type);

	for (uint16_t i = 0; members && i < type->count; i++)
		if (bytes_equal(bytes_of_str(per_member_name(&members[i])), name))
			return per_member_type(&members[i]);
	return NULL;
}

const struct per_type *rrc_enum_at(const struct per_type *type, const char *path)
{
	while (type && *path) {
		size_t len = strcspn(path, "/");

		if (type->kind == PER_KIND_LIST)
			type = per_inner(type);
		type = type ? member_of(type, bytes_of(path, len)) : NULL;
		path += len + (path[len] == '/');
	}
	return type && type->kind == PER_KIND_ENUM ? type : NULL;
}

/* Letters before the number, and what one of it counts. */
static const struct {
	const char *prefix;
	uint32_t factor;
} units[] = {
	{ "ms", 1 },
	{ "sf", 1 },
	{ "sl", 1 },
	{ "s", 1000 },
	{ "min", 60000 },
	{ "kBps", 1000 },
	{ "kB", 1000 },
	{ "mB", 1000000 },
	{ "dB", 1 },
	{ "p", 1 },
	{ "t", 1 },
	{ "n", 1 },
	{ "b", 1 },
	{ "size", 1 },
	{ "len", 1 },
	{ "x", 1 },
	{ "four", 4 },
	{ "rf", 1 },
	{ "r", 1 },
	{ "fc", 1 },
};

bool rrc_number(const struct per_type *enumeration, unsigned value, uint32_t *out)
{
	const char *name = value < enumeration->count ? per_value_name(enumeration, value) : "";
	size_t letters = strcspn(name, "0123456789");
	char *end;
	unsigned long number = strtoul(name + letters, &end, 10);

	if (strcmp(name, "infinity") == 0) {
		*out = RRC_INFINITY;
		return true;
	}
	if (name[letters] == '\0' || (*end && *end != '-' && strcmp(end, "bits") != 0))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (!bytes_equal(bytes_of(name, letters), bytes_of_str(units[i].prefix)))
			continue;
		*out = (uint32_t)number * units[i].factor;
		return true;
	}
	return false;
}

bool rrc_value(const struct per_type *enumeration, uint32_t number, unsigned *out)
{
	uint32_t best = 0, n;
	bool found = false;

	for (unsigned value = 0; value < enumeration->count; value++) {
		if (!rrc_number(enumeration, value, &n) || n < number || (found && n >= best))
			continue;
		found = true;
		best = n;
		*out = value;
	}
	return found;
}

uint32_t rrc_number_at(const struct per_type *type, const char *path, unsigned value, bool *ok)
{
	const struct per_type *e = rrc_enum_at(type, path);
	uint32_t number = 0;

	*ok = *ok && e && rrc_number(e, value, &number);
	return number;
}

unsigned rrc_value_at(const struct per_type *type, const char *path, uint32_t number, bool *ok)
{
	const struct per_type *e = rrc_enum_at(type, path);
	unsigned value = 0;

	*ok = *ok && e && rrc_value(e, number, &value);
	return value;
}

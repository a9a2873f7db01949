/* Readers of scalars. */
#include <stdlib.h>
#include <strings.h>

#include "base/config.h"
#include "base/prefix.h"
#include "base/text.h"

static void store_uint(void *out, size_t size, uint64_t v)
{
	switch (size) {
	case 1:
		*(uint8_t *)out = (uint8_t)v;
		break;
	case 2:
		*(uint16_t *)out = (uint16_t)v;
		break;
	case 4:
		*(uint32_t *)out = (uint32_t)v;
		break;
	default:
		*(uint64_t *)out = v;
	}
}

bool config_read_uint(const char *text, const struct config_field *field, void *out)
{
	uint64_t v;
	char *end;

	if (!strncmp(text, "0x", 2) && text[2]) {
		v = strtoull(text + 2, &end, 16);
		if (*end || strlen(text) > 18)
			return false;
	} else if (!text_uint(bytes_of_str(text), UINT64_MAX, &v)) {
		return false;
	}
	if (v < field->min || v > field->max)
		return false;
	store_uint(out, field->size, v);
	return true;
}

bool config_read_real(const char *text, const struct config_field *f, void *out)
{
	char *end;
	double v = strtod(text, &end);

	if (end == text || *end || !(v >= (double)(int64_t)f->min && v <= (double)(int64_t)f->max))
		return false;
	*(double *)out = v;
	return true;
}

bool config_read_bool(const char *text, const struct config_field *field, void *out)
{
	bool yes = !strcasecmp(text, "true") || !strcasecmp(text, "yes");

	*(bool *)out = yes;
	return yes || !strcasecmp(text, "false") || !strcasecmp(text, "no");
}

bool config_read_str(const char *text, const struct config_field *field, void *out)
{
	if (strlen(text) >= field->size)
		return false;
	str_copy(out, field->size, text);
	return true;
}

bool config_read_addr(const char *text, const struct config_field *field, void *out)
{
	struct addr *a = out;
	uint16_t port = a->port;

	if (!addr_parse(text, a))
		return false;
	a->port = port;
	return true;
}

bool config_read_prefix(const char *text, const struct config_field *field, void *out)
{
	return prefix4_parse(text, out);
}

bool config_read_prefix_any(const char *text, const struct config_field *field, void *out)
{
	return prefix_parse(text, out);
}

bool config_read_rate(const char *text, const struct config_field *field, void *out)
{
	static const struct {
		const char *unit;
		double factor;
	} units[] = { { "", 1 }, { "bps", 1 }, { "Kbps", 1e3 }, { "Mbps", 1e6 }, { "Gbps", 1e9 },
		{ "Tbps", 1e12 } };
	char *end;
	double v = strtod(text, &end);

	if (end == text || !(v >= 0 && v <= 4e12))
		return false;
	while (*end == ' ')
		end++;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (strcasecmp(end, units[i].unit) != 0 || v * units[i].factor > 4e12)
			continue;
		*(uint64_t *)out = (uint64_t)(v * units[i].factor + 0.5);
		return true;
	}
	return false;
}

bool config_choose(const struct config_choice *choices, size_t count, const char *text,
	const struct config_field *field, void *out)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(choices[i].word, text) != 0)
			continue;
		store_uint(out, field->size, choices[i].value);
		return true;
	}
	return false;
}

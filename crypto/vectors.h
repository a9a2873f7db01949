/*
 * For unit tests only: reads the vector tables of tests/vectors/crypto/, paragraphs of `name value` lines
 * with # comments. A fault in a table fails the test.
 */
#pragma once

#include "base/test.h"

enum { VECTOR_NAMES_MAX = 40, VECTOR_OCTETS_MAX = 2100, VECTOR_TEXT_MAX = 65536 };

struct vector {
	const char *name[VECTOR_NAMES_MAX];
	const char *value[VECTOR_NAMES_MAX];
	size_t count;
};

/* The directory of the tables: the test's first argument. */
static const char *vectors_dir = "tests/vectors/crypto";

static inline void vectors_args(int argc, char **argv)
{
	if (argc > 1)
		vectors_dir = argv[1];
}

/* The value of a name, or NULL. */
static inline const char *vector_find(const struct vector *v, const char *name)
{
	for (size_t i = 0; i < v->count; i++)
		if (strcmp(v->name[i], name) == 0)
			return v->value[i];
	return NULL;
}

static inline const char *vector_text(const struct vector *v, const char *name)
{
	const char *value = vector_find(v, name);

	if (!value)
		fail_msg("no %s in the vector", name);
	return value;
}

static inline unsigned long vector_number(const struct vector *v, const char *name)
{
	return strtoul(vector_text(v, name), NULL, 10);
}

static inline struct bytes vector_hex(const struct vector *v, const char *name, uint8_t *buf, size_t cap)
{
	return test_hex(vector_text(v, name), buf, cap);
}

/* Octets equal those the vector names. */
static inline void vector_check(const struct vector *v, const char *name, const uint8_t *octets, size_t len)
{
	uint8_t buf[VECTOR_OCTETS_MAX];
	struct bytes want = vector_hex(v, name, buf, sizeof(buf));

	if (!bytes_equal(want, bytes_of(octets, len)))
		fail_msg("%s differs in the vector that begins with %s %s", name, v->name[0], v->value[0]);
}

/* Takes one line apart in place; false at a blank line. */
static inline bool vector_line(struct vector *v, char *line)
{
	char *blank = strchr(line, ' ');

	if (line[0] == '\0')
		return false;
	if (line[0] == '#')
		return true;
	if (!blank || v->count >= VECTOR_NAMES_MAX)
		fail_msg("bad vector line %s", line);
	*blank = '\0';
	v->name[v->count] = line;
	v->value[v->count++] = blank + 1;
	return true;
}

/* Calls check for every record of a table; returns how many there were. */
static inline size_t vectors_each(const char *table, void (*check)(const struct vector *v))
{
	static char text[VECTOR_TEXT_MAX];
	struct vector v = { .count = 0 };
	size_t len, records = 0;
	char path[512], *next = text;
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", vectors_dir, table);
	f = fopen(path, "rb");
	if (!f)
		fail_msg("cannot open %s", path);
	len = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[len] = '\0';
	while (next) {
		char *line = strsep(&next, "\n");

		if ((vector_line(&v, line) && next) || v.count == 0)
			continue;
		check(&v);
		records++;
		v.count = 0;
	}
	return records;
}

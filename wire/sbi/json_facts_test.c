#include "wire/sbi/json_facts_test.h"

#include <regex.h>

#include "base/text.h"
#include "wire/json/scan.h"

enum { FACTS_MAX = 4096, FACT_COLUMNS = 8, FACT_LINE_MAX = 3072, FACT_PATH_MAX = 256 };

enum fact_column {
	FACT_OP,
	FACT_DIRECTION,
	FACT_PATH,
	FACT_TYPE,
	FACT_REQUIRED,
	FACT_VALUES,
	FACT_RANGE,
	FACT_PATTERN
};

struct fact {
	char line[FACT_LINE_MAX];
	const char *columns[FACT_COLUMNS];
	regex_t pattern;
	unsigned used;
};

static struct fact facts[FACTS_MAX];
static size_t fact_count;

static void fact_split(struct fact *f)
{
	char *at = f->line;

	for (unsigned c = 0; c < FACT_COLUMNS; c++) {
		f->columns[c] = at;
		at += strcspn(at, "\t\n");
		if (*at)
			*at++ = '\0';
	}
	if (regcomp(&f->pattern, f->columns[FACT_PATTERN], REG_EXTENDED | REG_NOSUB))
		fail_msg("pattern %s", f->columns[FACT_PATTERN]);
}

void facts_load(const char *path)
{
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	while (fact_count < FACTS_MAX && fgets(facts[fact_count].line, FACT_LINE_MAX, file))
		if (facts[fact_count].line[0] != '#')
			fact_split(&facts[fact_count++]);
	fclose(file);
	assert_in_range(fact_count, 400, FACTS_MAX - 1);
}

void facts_free(void)
{
	while (fact_count > 0)
		regfree(&facts[--fact_count].pattern);
}

/* Paths of the facts have "*" where a body has an index, or a key of a map. */
static struct fact *fact_find(const char *op, const char *direction, const char *path)
{
	for (size_t i = 0; i < fact_count; i++)
		if (!strcmp(facts[i].columns[FACT_OP], op) &&
			!strcmp(facts[i].columns[FACT_DIRECTION], direction) &&
			!strcmp(facts[i].columns[FACT_PATH], path))
			return &facts[i];
	return NULL;
}

/* Whether a list ("a,b" or "a|b") has the word. */
static bool fact_list_has(const char *list, char separator, struct bytes word)
{
	while (*list) {
		const char *end = strchrnul(list, separator);

		if (bytes_equal(bytes_of(list, (size_t)(end - list)), word))
			return true;
		list = *end ? end + 1 : end;
	}
	return false;
}

struct body {
	const char *op, *direction;
	struct bytes text;
	const struct json_token *tokens;
	struct arena *arena;
};

static struct bytes body_text(const struct body *b, uint32_t at)
{
	struct bytes out;

	assert_true(json_unescape(b->text, &b->tokens[at], b->arena, &out));
	return out;
}

static void fact_check(const struct body *b, uint32_t at, char *path);

/* The path one deeper: by the key where the facts know it, else as "*". */
static void fact_check_below(const struct body *b, uint32_t at, char *path, struct bytes key)
{
	size_t len = strlen(path);

	snprintf(path + len, FACT_PATH_MAX - len, "/%.*s", (int)key.len, key.data);
	if (!fact_find(b->op, b->direction, path))
		snprintf(path + len, FACT_PATH_MAX - len, "/*");
	fact_check(b, at, path);
	path[len] = '\0';
}

static void fact_check_object(const struct body *b, const struct fact *f, uint32_t at, char *path)
{
	const char *required = f->columns[FACT_REQUIRED], *any = f->columns[FACT_VALUES];
	unsigned found = 0, wanted = 0;
	bool one = any[0] == '-';

	for (const char *c = required; *c && required[0] != '-'; c++)
		wanted += c == required || *c == ',';
	for (uint32_t i = at + 1; i < b->tokens[at].after; i = b->tokens[i + 1].after) {
		struct bytes key = body_text(b, i);

		found += fact_list_has(required, ',', key);
		one |= fact_list_has(any, '|', key);
		fact_check_below(b, i + 1, path, key);
	}
	if (found != wanted || !one)
		fail_msg("%s %s %s: of %s or %s something is missing", b->op, b->direction, path, required,
			any);
}

static void fact_check_scalar(const struct body *b, const struct fact *f, uint32_t at, const char *path)
{
	struct bytes text = body_text(b, at);
	const char *range = f->columns[FACT_RANGE], *high = strstr(range, "..");
	char copy[FACT_LINE_MAX];
	uint64_t v;

	assert_true(text.len < sizeof(copy));
	snprintf(copy, sizeof(copy), "%.*s", (int)text.len, text.data);
	if (f->columns[FACT_VALUES][0] != '-' && !fact_list_has(f->columns[FACT_VALUES], '|', text))
		fail_msg("%s %s %s: %s is no value", b->op, b->direction, path, copy);
	if (f->columns[FACT_PATTERN][0] != '-' && regexec(&f->pattern, copy, 0, NULL, 0))
		fail_msg("%s %s %s: %s has another pattern", b->op, b->direction, path, copy);
	if (high && text_uint(text, UINT64_MAX, &v))
		assert_true(
			v >= strtoull(range, NULL, 10) && (!high[2] || v <= strtoull(high + 2, NULL, 10)));
}

static void fact_check(const struct body *b, uint32_t at, char *path)
{
	static const char *const types[] = { "object", "array", "string", "integer", "boolean", "null" };
	struct fact *f = fact_find(b->op, b->direction, path[0] ? path : "/");
	const struct json_token *t = &b->tokens[at];
	unsigned n = 0;

	if (!f || !fact_list_has(f->columns[FACT_TYPE], '|', bytes_of_str(types[t->kind])))
		fail_msg("%s %s %s: %s is not in the OpenAPI", b->op, b->direction, path, types[t->kind]);
	f->used++;
	if (t->kind == JSON_TOKEN_NULL)
		return;
	if (t->kind == JSON_TOKEN_OBJECT) {
		fact_check_object(b, f, at, path);
		return;
	}
	if (t->kind != JSON_TOKEN_ARRAY) {
		fact_check_scalar(b, f, at, path);
		return;
	}
	for (uint32_t i = at + 1; i < t->after; i = b->tokens[i].after, n++)
		fact_check_below(b, i, path, bytes_of_str("*"));
	assert_true(n >= strtoul(f->columns[FACT_RANGE], NULL, 10));
}

void facts_check_body(const char *op, const char *direction, struct bytes text, struct arena *arena)
{
	struct body b = { op, direction, text, NULL, arena };
	struct json_token *tokens;
	char path[FACT_PATH_MAX] = "";
	enum json_cause cause;

	assert_true(json_scan(text, arena, &tokens, &cause) > 0);
	b.tokens = tokens;
	fact_check(&b, 0, path);
}

void facts_check_seen(void)
{
	for (size_t i = 0; i < fact_count; i++)
		if (!facts[i].used)
			fail_msg("not seen: %s %s %s", facts[i].columns[FACT_OP],
				facts[i].columns[FACT_DIRECTION], facts[i].columns[FACT_PATH]);
}

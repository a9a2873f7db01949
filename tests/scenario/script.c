/* Scripts: lines, words, patterns. */
#include "tests/scenario/scenario.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/text.h"

bool scn_fail(struct scn *s, const char *format, ...)
{
	va_list args;

	if (s->error[0])
		return false;
	va_start(args, format);
	vsnprintf(s->error, sizeof(s->error), format, args);
	va_end(args);
	return false;
}

bool scn_script_read(const char *path, struct scn_script *out, char error[200])
{
	FILE *f = fopen(path, "r");
	char text[SCN_LINE_MAX];
	unsigned number = 0;

	out->path = path;
	out->count = 0;
	if (!f) {
		snprintf(error, 200, "%s: %m", path);
		return false;
	}
	while (fgets(text, sizeof(text), f)) {
		size_t blank = strspn(text, " \t\n");

		number++;
		if (!text[blank] || text[blank] == '#')
			continue;
		if (out->count == SCN_LINES_MAX || !strchr(text, '\n')) {
			snprintf(error, 200, "%s:%u: too long", path, number);
			fclose(f);
			return false;
		}
		out->lines[out->count].number = number;
		str_copy(out->lines[out->count++].text, SCN_LINE_MAX, text + blank);
	}
	fclose(f);
	return true;
}

size_t scn_words(char *line, char *words[SCN_WORDS_MAX])
{
	size_t count = 0;

	while (count < SCN_WORDS_MAX) {
		line += strspn(line, " \t\n");
		if (!*line || *line == '#')
			break;
		words[count++] = line;
		line += strcspn(line, " \t\n");
		if (*line)
			*line++ = '\0';
	}
	return count;
}

bool scn_number(const char *text, uint64_t *out)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	*out = strtoull(text, &end, 0);
	return *end == '\0';
}

bool scn_duration(const char *text, uint64_t *ms)
{
	static const struct {
		const char *unit;
		uint64_t ms;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "min", 60000 }, { "h", 3600000 } };
	size_t digits = strspn(text, "0123456789");
	uint64_t n;

	if (!text_uint(bytes_of(text, digits), 1000000, &n))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (!strcmp(text + digits, units[i].unit)) {
			*ms = n * units[i].ms;
			return true;
		}
	return false;
}

/* One word against one word of a pattern. */
static bool match_word(const char *pattern, size_t len, const char *word, struct scn_args *out)
{
	if (len == 1 && *pattern == '#')
		return out->n_count < ARRAY_LEN(out->n) && scn_number(word, &out->n[out->n_count++]);
	if (len == 1 && *pattern == '@')
		return out->n_count < ARRAY_LEN(out->n) && scn_duration(word, &out->n[out->n_count++]);
	if (len == 1 && *pattern == '$') {
		out->s[out->s_count++] = word;
		return true;
	}
	return strlen(word) == len && memcmp(word, pattern, len) == 0;
}

bool scn_match(const char *pattern, char **words, size_t count, struct scn_args *out)
{
	size_t i = 0;

	*out = (struct scn_args){ .n_count = 0 };
	while (*pattern) {
		size_t len = strcspn(pattern, " ");

		if (len == 1 && *pattern == '*') {
			for (; i < count; i++)
				out->rest[out->rest_count++] = words[i];
			return true;
		}
		if (i == count || !match_word(pattern, len, words[i++], out))
			return false;
		pattern += len;
		pattern += strspn(pattern, " ");
	}
	return i == count;
}

const char *scn_option(const struct scn_args *a, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < a->rest_count; i++) {
		if (strncmp(a->rest[i], name, len) != 0)
			continue;
		if (a->rest[i][len] == '=')
			return a->rest[i] + len + 1;
		if (a->rest[i][len] == '\0')
			return "";
	}
	return NULL;
}

bool scn_options_known(struct scn *s, const struct scn_args *a, const char *names)
{
	for (size_t i = 0; i < a->rest_count; i++) {
		size_t len = strcspn(a->rest[i], "=");
		bool known = false;

		for (const char *n = names; *n && !known; n += strcspn(n, " "), n += strspn(n, " "))
			known = strcspn(n, " ") == len && memcmp(n, a->rest[i], len) == 0;
		if (!known)
			return scn_fail(s, "unknown option \"%s\" (there are: %s)", a->rest[i], names);
	}
	return true;
}

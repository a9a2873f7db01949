#include "ops/table_text.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <time.h>

void table_text_fini(struct table_text *t)
{
	free(t->text);
	free(t->head);
	free(t->rows);
	*t = (struct table_text){ 0 };
}

static bool grow(void **at, size_t *cap, size_t need, size_t size)
{
	size_t more = *cap ? *cap : 4096;
	void *grown;

	while (more < need)
		more *= 2;
	if (more == *cap)
		return true;
	grown = realloc(*at, more * size);
	if (!grown)
		return false;
	*at = grown;
	*cap = more;
	return true;
}

/* "name:type" parted by tabs. */
static bool take_head(struct table_text *t, struct bytes line)
{
	char *at;

	if (t->head)
		return true; /* each page has it */
	t->head = malloc(line.len + 1);
	if (!t->head)
		return false;
	str_copy(t->head, line.len + 1, (const char *)line.data);
	at = t->head;
	while (*at && t->columns < TABLE_COLUMNS_MAX) {
		char *end = at + strcspn(at, "\t"), *type = memchr(at, ':', (size_t)(end - at));
		bool last = !*end;

		if (!type)
			return false;
		*type = *end = '\0';
		t->names[t->columns] = at;
		t->types[t->columns++] = type[1];
		at = last ? end : end + 1;
	}
	return t->columns > 0;
}

static bool take_row(struct table_text *t, struct bytes line)
{
	size_t begin = t->len, cells = 1;

	if (!grow((void **)&t->text, &t->cap, t->len + line.len + 1, 1) ||
		!grow((void **)&t->rows, &t->row_cap, t->row_count + 1, sizeof(*t->rows)))
		return false;
	for (size_t i = 0; i < line.len; i++) {
		char c = (char)line.data[i];

		cells += c == '\t';
		t->text[t->len++] = c == '\t' ? '\0' : c;
	}
	t->text[t->len++] = '\0';
	if (cells != t->columns)
		return false;
	t->rows[t->row_count++] = begin;
	return true;
}

bool table_text_add(struct table_text *t, struct bytes page)
{
	bool head = true;

	while (page.len > 0) {
		const uint8_t *end = memchr(page.data, '\n', page.len);
		size_t len = end ? (size_t)(end - page.data) : page.len;
		struct bytes line = bytes_of(page.data, len);

		if (!(head ? take_head(t, line) : take_row(t, line)))
			return false;
		head = false;
		len += end != NULL;
		page = bytes_of(page.data + len, page.len - len);
	}
	return true;
}

int table_text_column(const struct table_text *t, const char *name, size_t len)
{
	for (size_t i = 0; i < t->columns; i++)
		if (strlen(t->names[i]) == len && !memcmp(t->names[i], name, len))
			return (int)i;
	return -1;
}

static const char *cell(const struct table_text *t, size_t begin, int column)
{
	const char *at = t->text + begin;

	while (column-- > 0)
		at += strlen(at) + 1;
	return at;
}

void table_text_filter(struct table_text *t, int column, const char *pattern)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->row_count; i++)
		if (fnmatch(pattern, cell(t, t->rows[i], column), 0) == 0)
			t->rows[kept++] = t->rows[i];
	t->row_count = kept;
}

struct order {
	const struct table_text *t;
	int column;
	bool descending;
};

static int compare(const void *a, const void *b, void *arg)
{
	const struct order *o = arg;
	size_t left = *(const size_t *)a, right = *(const size_t *)b;
	const char *x = cell(o->t, left, o->column), *y = cell(o->t, right, o->column);
	int way = o->descending ? -1 : 1;

	if (o->t->types[o->column] != 's') {
		unsigned long long n = strtoull(x, NULL, 10), m = strtoull(y, NULL, 10);

		if (n != m)
			return n < m ? -way : way;
	} else if (strcmp(x, y) != 0) {
		return strcmp(x, y) < 0 ? -way : way;
	}
	return left < right ? -1 : left > right; /* as they came */
}

void table_text_sort(struct table_text *t, int column, bool descending)
{
	struct order o = { t, column, descending };

	if (t->row_count > 1)
		qsort_r(t->rows, t->row_count, sizeof(*t->rows), compare, &o);
}

/* A time as 2026-01-31T12:00:00Z; buf is returned, or the cell where it is none. */
static const char *shown(const struct table_text *t, size_t row, int column, char buf[32])
{
	const char *text = cell(t, row, column);
	time_t when;
	struct tm tm;

	if (t->types[column] != 't' || !*text)
		return text;
	when = (time_t)strtoll(text, NULL, 10);
	if (!gmtime_r(&when, &tm) || strftime(buf, 32, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		return text;
	return buf;
}

void table_text_last(struct table_text *t, size_t count)
{
	size_t before = t->row_count > count ? t->row_count - count : 0;

	t->row_count -= before;
	for (size_t i = 0; before && i < t->row_count; i++)
		t->rows[i] = t->rows[before + i];
}

const char *table_text_cell(const struct table_text *t, size_t row, int column)
{
	return cell(t, t->rows[row], column);
}

const char *table_text_shown(const struct table_text *t, size_t row, int column, char buf[32])
{
	return shown(t, t->rows[row], column, buf);
}

static void print_text(const struct table_text *t, const int *columns, size_t count, FILE *to)
{
	size_t width[TABLE_COLUMNS_MAX];
	char buf[32];

	for (size_t c = 0; c < count; c++) {
		width[c] = strlen(t->names[columns[c]]);
		for (size_t i = 0; i < t->row_count; i++) {
			size_t len = strlen(shown(t, t->rows[i], columns[c], buf));

			width[c] = len > width[c] ? len : width[c];
		}
	}
	for (size_t c = 0; c < count; c++)
		fprintf(to, "%-*s%s", c + 1 < count ? (int)width[c] : 0, t->names[columns[c]],
			c + 1 < count ? "  " : "\n");
	for (size_t i = 0; i < t->row_count; i++)
		for (size_t c = 0; c < count; c++) {
			const char *text = shown(t, t->rows[i], columns[c], buf);

			fprintf(to, "%-*s%s", c + 1 < count ? (int)width[c] : 0, *text ? text : "-",
				c + 1 < count ? "  " : "\n");
		}
}

static void put_json_text(const char *text, FILE *to)
{
	putc('"', to);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			putc('\\', to);
		putc(*text, to);
	}
	putc('"', to);
}

static void put_json_row(const struct table_text *t, size_t row, const int *columns, size_t count, FILE *to)
{
	char buf[32];

	fprintf(to, "{");
	for (size_t c = 0; c < count; c++) {
		const char *text = shown(t, row, columns[c], buf);

		fprintf(to, "%s\"%s\":", c ? "," : "", t->names[columns[c]]);
		if (!*text)
			fprintf(to, "null");
		else if (t->types[columns[c]] == 'n')
			fprintf(to, "%s", text);
		else
			put_json_text(text, to);
	}
	fprintf(to, "}");
}

static void print_json(const struct table_text *t, const int *columns, size_t count, FILE *to)
{
	fprintf(to, "[");
	for (size_t i = 0; i < t->row_count; i++) {
		fprintf(to, "%s", i ? ",\n" : "");
		put_json_row(t, t->rows[i], columns, count, to);
	}
	fprintf(to, "]\n");
}

/* An object a line, for what goes on. */
static void print_json_lines(const struct table_text *t, const int *columns, size_t count, FILE *to)
{
	for (size_t i = 0; i < t->row_count; i++) {
		put_json_row(t, t->rows[i], columns, count, to);
		fprintf(to, "\n");
	}
}

/* RFC 4180; cells have neither tabs nor newlines. */
static void put_csv(const char *text, FILE *to)
{
	if (!strpbrk(text, ",\"")) {
		fputs(text, to);
		return;
	}
	putc('"', to);
	for (; *text; text++) {
		if (*text == '"')
			putc('"', to);
		putc(*text, to);
	}
	putc('"', to);
}

static void print_csv(const struct table_text *t, const int *columns, size_t count, FILE *to)
{
	char buf[32];

	for (size_t c = 0; c < count; c++)
		fprintf(to, "%s%s", c ? "," : "", t->names[columns[c]]);
	fprintf(to, "\r\n");
	for (size_t i = 0; i < t->row_count; i++) {
		for (size_t c = 0; c < count; c++) {
			fputs(c ? "," : "", to);
			put_csv(shown(t, t->rows[i], columns[c], buf), to);
		}
		fprintf(to, "\r\n");
	}
}

void table_text_print(
	const struct table_text *t, enum table_format format, const int *columns, size_t count, FILE *to)
{
	static void (*const print[])(
		const struct table_text *t, const int *columns, size_t count, FILE *to) = {
		[TABLE_AS_TEXT] = print_text,
		[TABLE_AS_JSON] = print_json,
		[TABLE_AS_CSV] = print_csv,
		[TABLE_AS_JSON_LINES] = print_json_lines,
	};

	print[format](t, columns, count, to);
}

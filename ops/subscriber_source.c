#include "ops/subscriber_source.h"

#include <stdio.h>

#include "base/text.h"
#include "core/subscriber_line.h"

/* One document of a dump, decoded. */
enum { SOURCE_ARENA_MAX = 8 << 20 };

static struct bytes trimmed(struct bytes b)
{
	static const char blanks[] = "\r\t ";

	while (b.len > 0 && memchr(blanks, b.data[b.len - 1], sizeof(blanks) - 1))
		b.len--;
	while (b.len > 0 && memchr(blanks, b.data[0], sizeof(blanks) - 1))
		b = bytes_of(b.data + 1, b.len - 1);
	return b;
}

/* The next line that has something, without its end (LF or CRLF), blanks around it and comments; empty at the
 * file's end. */
static struct bytes next_line(struct subscriber_source *s)
{
	while (cursor_left(&s->c) > 0) {
		const uint8_t *end = memchr(s->c.at, '\n', cursor_left(&s->c));
		struct bytes line = cursor_bytes(&s->c, end ? (size_t)(end - s->c.at) : cursor_left(&s->c));

		if (end)
			cursor_skip(&s->c, 1);
		s->line = ++s->lines;
		line = trimmed(line);
		if (line.len > 0 && line.data[0] != '#')
			return line;
	}
	return BYTES_NONE;
}

/* The next cell of a row (RFC 4180) into w, without its quotes; *row moves on behind its separator. False
 * when a quote is not closed. */
static bool next_cell(const struct subscriber_source *s, struct cursor *row, struct writer *w)
{
	bool quoted = cursor_left(row) > 0 && *row->at == '"';

	if (quoted)
		cursor_skip(row, 1);
	while (cursor_left(row) > 0 && (quoted || *row->at != (uint8_t)s->separator)) {
		uint8_t c = cursor_u8(row);

		if (quoted && c == '"') {
			if (cursor_left(row) == 0 || *row->at != '"')
				break;
			cursor_skip(row, 1);
		} else if (quoted && cursor_left(row) == 0) {
			return false;
		}
		writer_u8(w, c);
	}
	if (cursor_left(row) > 0 && *row->at != (uint8_t)s->separator)
		return false;
	return true;
}

/* A DNN's cell may have several; of other values ("100 Mbps", keys in groups) the blanks go. */
static void put_cell(struct writer *line, struct bytes key, struct bytes cell)
{
	bool dnn = bytes_equal(key, bytes_of_str("dnn")), begun = false;

	for (size_t i = 0; i < cell.len; i++) {
		if (memchr("; ,\t\r", cell.data[i], 5)) {
			begun &= !dnn;
			continue;
		}
		if (!begun)
			text_put(line, " %.*s=", (int)key.len, (const char *)key.data);
		begun = true;
		writer_u8(line, cell.data[i]);
	}
}

static bool csv_wrong(char error[SOURCE_ERROR], const char *what, struct bytes name)
{
	snprintf(error, SOURCE_ERROR, "%s\"%.*s\"", what, name.len < 40 ? (int)name.len : 40,
		(const char *)name.data);
	return false;
}

static bool csv_header(struct subscriber_source *s, struct bytes header, char error[SOURCE_ERROR])
{
	struct cursor row = cursor_of(header);
	size_t name = 0;

	while (name < header.len && !memchr(",;\t", header.data[name], 3))
		name++;
	s->separator = ',';
	if (name < header.len)
		s->separator = (char)header.data[name];
	for (bool more = true; more;) {
		const uint8_t *end = memchr(row.at, s->separator, cursor_left(&row));
		struct bytes column =
			trimmed(cursor_bytes(&row, end ? (size_t)(end - row.at) : cursor_left(&row)));

		more = end != NULL;
		if (more)
			cursor_skip(&row, 1);
		if (column.len > 2 && column.data[0] == '"' && column.data[column.len - 1] == '"')
			column = bytes_of(column.data + 1, column.len - 2);
		if (!subscriber_line_key(column))
			return csv_wrong(
				error, "expected key=value, a header of keys, or JSON; got ", column);
		if (s->column_count == SOURCE_COLUMNS_MAX)
			return csv_wrong(error, "too many columns at ", column);
		s->columns[s->column_count++] = column;
	}
	return true;
}

static enum source_next csv_next(
	struct subscriber_source *s, struct bytes text, struct writer *line, char error[SOURCE_ERROR])
{
	struct cursor row = cursor_of(text);
	uint8_t cell[SUBSCRIBER_LINE_MAX / 8];
	bool ok = true, more = true;
	uint8_t n = 0;

	for (; ok && more && n < s->column_count; n++) {
		struct writer w = writer_of(cell, sizeof(cell));

		ok = next_cell(s, &row, &w) && !w.failed;
		if (!ok)
			csv_wrong(error, "a quote that does not fit, or a cell that is too long, in column ",
				s->columns[n]);
		else
			put_cell(line, s->columns[n], writer_bytes(&w));
		more = cursor_left(&row) > 0;
		if (more)
			cursor_skip(&row, 1);
	}
	explicit_bzero(cell, sizeof(cell));
	if (!ok)
		return SOURCE_WRONG;
	if (more || n < s->column_count) {
		snprintf(error, SOURCE_ERROR, "%s cells than the header's %u", more ? "more" : "fewer",
			s->column_count);
		return SOURCE_WRONG;
	}
	return SOURCE_SUBSCRIBER;
}

bool subscriber_source_open(struct subscriber_source *s, struct bytes file, char error[SOURCE_ERROR])
{
	struct cursor start;
	struct bytes first;

	*s = (struct subscriber_source){ .c = cursor_of(file) };
	arena_init(&s->arena, NULL, 0, SOURCE_ARENA_MAX);
	if (file.len >= 3 && !memcmp(file.data, "\xef\xbb\xbf", 3)) /* a byte order mark */
		cursor_skip(&s->c, 3);
	start = s->c;
	first = next_line(s);
	if (first.len > 0 && memchr(first.data, ':', first.len) && !memchr(first.data, '=', first.len) &&
		first.data[0] != '[' && first.data[0] != '{') {
		s->form = SOURCE_YAML;
		s->c = start;
		return true;
	}
	if (first.len > 0 && memchr(first.data, '=', first.len) == NULL && !memchr("[{", first.data[0], 2)) {
		s->form = SOURCE_CSV;
		return csv_header(s, first, error);
	}
	s->form = first.len > 0 && memchr("[{", first.data[0], 2) ? SOURCE_JSON : SOURCE_LINES;
	s->c = start;
	s->lines = s->line = 0;
	return true;
}

void subscriber_source_close(struct subscriber_source *s)
{
	arena_wipe(&s->arena);
	arena_fini(&s->arena);
}

enum source_next subscriber_source_next(
	struct subscriber_source *s, struct writer *line, char error[SOURCE_ERROR])
{
	enum source_next next = SOURCE_SUBSCRIBER;
	struct bytes text;

	if (s->form == SOURCE_JSON) {
		next = subscriber_json_next(s, line, error);
	} else if (s->form == SOURCE_YAML) {
		next = subscriber_yaml_next(s, line, error);
	} else {
		text = next_line(s);
		if (text.len == 0)
			return SOURCE_END;
		if (s->form == SOURCE_CSV)
			next = csv_next(s, text, line, error);
		else
			writer_put(line, text);
	}
	if (next != SOURCE_SUBSCRIBER || !line->failed)
		return next;
	snprintf(error, SOURCE_ERROR, "the line is too long");
	return SOURCE_WRONG;
}

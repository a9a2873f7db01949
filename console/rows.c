#include "console/rows.h"

/* What tells who somebody is or where: shown with stars to roles that may not see it. */
static const char *const personal_columns[] = { "imsi", "tmsi", "cell", "tac", "located", "gnb", "ipv4",
	"ipv6_prefix", "macs", "msisdn" };

enum { SUPI_SHOWN = 4 /* digits, as log_mask_supi leaves */ };

const struct table *rows_table(const struct console_facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->table_count; i++)
		if (!strcmp(facts->tables[i]->name, name))
			return facts->tables[i];
	return NULL;
}

size_t rows_column(const struct table *t, const char *name)
{
	for (size_t i = 0; i < t->column_count; i++)
		if (!strcmp(t->columns[i].name, name))
			return i;
	return SIZE_MAX;
}

bool rows_personal(const struct table *t, size_t column)
{
	if (rows_column(t, "imsi") == SIZE_MAX)
		return false; /* of gNBs and UPFs */
	for (size_t i = 0; i < ARRAY_LEN(personal_columns); i++)
		if (!strcmp(t->columns[column].name, personal_columns[i]))
			return true;
	return false;
}

/* Without recursion: a pattern of many stars costs no more than their number times the text. */
static bool is_like(struct bytes text, const char *pattern)
{
	const char *star = NULL;
	size_t at = 0, again = 0;

	while (at < text.len) {
		if (*pattern == '*') {
			star = pattern++;
			again = at;
		} else if (*pattern == '?' || (uint8_t)*pattern == text.data[at]) {
			pattern++;
			at++;
		} else if (star) {
			pattern = star + 1;
			at = ++again;
		} else {
			return false;
		}
	}
	return pattern[strspn(pattern, "*")] == '\0';
}

static struct bytes take_until(struct bytes *in, uint8_t end)
{
	const uint8_t *at = in->len ? memchr(in->data, end, in->len) : NULL;
	struct bytes part = bytes_of(in->data, at ? (size_t)(at - in->data) : in->len);

	*in = at ? bytes_of(at + 1, in->len - part.len - 1) : BYTES_NONE;
	return part;
}

static bool is_that_table(const struct table *t, struct bytes head)
{
	for (size_t i = 0; i < t->column_count; i++) {
		struct bytes column = take_until(&head, '\t');
		size_t len = strlen(t->columns[i].name);

		if (column.len != len + 2 || memcmp(column.data, t->columns[i].name, len) != 0)
			return false;
	}
	return head.len == 0;
}

static bool fits(const struct rows *r, const struct row *row)
{
	for (size_t i = 0; i < r->filter_count; i++)
		if (!is_like(row->cells[r->filters[i].column], r->filters[i].pattern))
			return false;
	return true;
}

static bool is_number_of_somebody(const char *column)
{
	return !strcmp(column, "imsi") || !strcmp(column, "msisdn");
}

static void put_masked(struct writer *w, bool number, struct bytes cell)
{
	size_t shown = number && cell.len > 2 * SUPI_SHOWN ? SUPI_SHOWN : 0;

	writer_u8(w, '"');
	for (size_t i = 0; i < cell.len; i++)
		writer_u8(w, i < cell.len - shown ? '*' : cell.data[i]);
	writer_u8(w, '"');
}

static void put_cell(const struct rows *r, size_t column, struct bytes cell, struct writer *w)
{
	uint64_t number;

	if (cell.len == 0)
		text_put(w, "null");
	else if (r->masked && rows_personal(r->table, column))
		put_masked(w, is_number_of_somebody(r->table->columns[column].name), cell);
	else if (r->table->columns[column].type == TABLE_TEXT || !text_uint(cell, UINT64_MAX, &number))
		json_text_of(w, cell);
	else if (r->table->columns[column].type == TABLE_TIME)
		json_time_s(w, number);
	else
		writer_put(w, cell);
}

static void put_row(struct call *call, struct rows *r, const struct row *row)
{
	struct writer *w = call_json(call, ROW_SIZE_MAX);

	text_put(w, r->written++ ? ",{" : "{");
	for (size_t i = 0; i < r->table->column_count; i++) {
		json_key(w, r->table->columns[i].name, i == 0);
		put_cell(r, i, row->cells[i], w);
	}
	if (r->more)
		r->more(call, row, w);
	text_put(w, "}");
}

bool rows_place(struct bytes *body, char *place, size_t size)
{
	const uint8_t *end = body->len ? memchr(body->data, '\n', body->len) : NULL;
	size_t len = end ? (size_t)(end - body->data) : 0;

	if (len == 0 || len >= size)
		return false;
	str_copy(place, len + 1, (const char *)body->data);
	*body = bytes_of(end + 1, body->len - len - 1);
	return !strcmp(place, "end") || place[strspn(place, "0123456789")] == '\0';
}

bool rows_each(
	const struct table *t, struct bytes page, void (*tell)(void *arg, const struct row *row), void *arg)
{
	if (t->column_count > ROW_COLUMNS_MAX || !is_that_table(t, take_until(&page, '\n')))
		return false;
	while (page.len > 0) {
		struct bytes line = take_until(&page, '\n');
		struct row row = { .table = t };

		for (size_t i = 0; i < t->column_count; i++)
			row.cells[i] = take_until(&line, '\t');
		tell(arg, &row);
	}
	return true;
}

/* Rows that are being written. */
struct written {
	struct call *call;
	struct rows *rows;
};

static void write_one(void *arg, const struct row *row)
{
	struct written *w = arg;

	if (fits(w->rows, row))
		put_row(w->call, w->rows, row);
}

bool rows_write(struct call *call, struct rows *r, struct bytes page)
{
	return rows_each(r->table, page, write_one, &(struct written){ call, r });
}

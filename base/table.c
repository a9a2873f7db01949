#include "base/table.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

enum { TABLE_CELL_MAX = 512 };

struct table_row table_row_begin(const struct table *t, struct writer *w)
{
	return (struct table_row){ t, w, 0 };
}

static void table_cell(struct table_row *r)
{
	assert(r->at < r->table->column_count);
	if (r->at++ > 0)
		writer_u8(r->w, '\t');
}

void table_text(struct table_row *r, const char *text)
{
	table_cell(r);
	for (; *text; text++)
		writer_u8(r->w, (uint8_t)*text < ' ' || *text == 0x7f ? '?' : (uint8_t)*text);
}

void table_put(struct table_row *r, const char *format, ...)
{
	char text[TABLE_CELL_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	table_text(r, text);
}

void table_number(struct table_row *r, uint64_t n)
{
	assert(r->table->columns[r->at].type != TABLE_TEXT);
	table_cell(r);
	text_put(r->w, "%" PRIu64, n);
}

void table_time(struct table_row *r, uint64_t utc_s)
{
	if (utc_s)
		table_number(r, utc_s);
	else
		table_none(r);
}

void table_none(struct table_row *r)
{
	table_cell(r);
}

void table_row_end(struct table_row *r)
{
	assert(r->at == r->table->column_count);
	writer_u8(r->w, '\n');
}

void table_head(const struct table *t, struct writer *w)
{
	static const char types[] = { [TABLE_TEXT] = 's', [TABLE_NUMBER] = 'n', [TABLE_TIME] = 't' };

	for (size_t i = 0; i < t->column_count; i++)
		text_put(w, "%s%s:%c", i ? "\t" : "", t->columns[i].name, types[t->columns[i].type]);
}

/* A table of the core as the client has it: cells of text, chosen, sorted and printed. No I/O but the
 * printing. */
#pragma once

#include <stdio.h>

#include "base/bytes.h"

enum { TABLE_COLUMNS_MAX = 40 };

enum table_format { TABLE_AS_TEXT, TABLE_AS_JSON, TABLE_AS_CSV, TABLE_AS_JSON_LINES };

struct table_text {
	char *text; /* owned: all cells, each terminated */
	size_t len, cap;
	size_t columns;
	const char *names[TABLE_COLUMNS_MAX]; /* owned, of the head */
	char types[TABLE_COLUMNS_MAX];        /* s, n or t, as base/table.h has it */
	char *head;
	size_t *rows; /* owned: where each begins in text */
	size_t row_count, row_cap;
};

void table_text_fini(struct table_text *t);
/* Adds a page: the head's line, then rows. False: it is not one, or memory is out. */
MUST_USE bool table_text_add(struct table_text *t, struct bytes page);

/* The column of that name; -1: there is none. */
int table_text_column(const struct table_text *t, const char *name, size_t len);
/* Keeps the rows whose cell is like the pattern (* and ? as in a shell). */
void table_text_filter(struct table_text *t, int column, const char *pattern);
void table_text_sort(struct table_text *t, int column, bool descending);
/* Keeps the last rows, so many at most. */
void table_text_last(struct table_text *t, size_t count);
/* A cell of the nth row; as people read it, in buf where it is a time. */
const char *table_text_cell(const struct table_text *t, size_t row, int column);
const char *table_text_shown(const struct table_text *t, size_t row, int column, char buf[32]);
/* The columns in that order. */
void table_text_print(
	const struct table_text *t, enum table_format format, const int *columns, size_t count, FILE *to);

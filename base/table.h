/*
 * Tables for people and programs: a room describes the columns and writes its rows one by one, in the order
 * of the columns. They travel as text: cells parted by tabs, rows by newlines.
 */
#pragma once

#include "base/cursor.h"

enum table_type {
	TABLE_TEXT,
	TABLE_NUMBER,
	TABLE_TIME, /* seconds since 1970, UTC */
};

struct table_column {
	const char *name; /* snake_case, unit last */
	enum table_type type;
	const char *help;
};

struct table {
	const char *name, *help;
	const struct table_column *columns;
	size_t column_count;
};

/* One row being written. */
struct table_row {
	const struct table *table;
	struct writer *w;
	size_t at;
};

struct table_row table_row_begin(const struct table *t, struct writer *w);
/* The next cell; control characters, which peers may have put into names, become '?'. */
void table_text(struct table_row *r, const char *text);
void table_put(struct table_row *r, const char *format, ...) __attribute__((format(printf, 2, 3)));
void table_number(struct table_row *r, uint64_t n);
void table_time(struct table_row *r, uint64_t utc_s); /* 0: not known */
void table_none(struct table_row *r);
/* Every column has its cell. */
void table_row_end(struct table_row *r);

/* "name:n", "name:s" or "name:t" for each column, parted by tabs. */
void table_head(const struct table *t, struct writer *w);

/* A page of a table of the core (base/table.h), as its control socket has it, into JSON. Inside console/. */
#pragma once

#include "console/internal.h"

enum { ROW_COLUMNS_MAX = 40, ROW_FILTERS_MAX = 8 };

struct row {
	const struct table *table;
	struct bytes cells[ROW_COLUMNS_MAX];
};

/* What is wanted of rows. */
struct rows {
	const struct table *table;
	size_t filter_count;
	struct {
		size_t column;
		const char *pattern; /* * and ? as in a shell */
	} filters[ROW_FILTERS_MAX];
	bool masked; /* what not every role may see */
	size_t written;
	/* Adds members to the object of a row; NULL: none. */
	void (*more)(struct call *call, const struct row *row, struct writer *w);
};

/* The table that facts have under this name; NULL: none. */
const struct table *rows_table(const struct console_facts *facts, const char *name);
/* The column; SIZE_MAX: there is none. */
size_t rows_column(const struct table *t, const char *name);

/* Whether its cells tell who somebody is, or where. */
bool rows_personal(const struct table *t, size_t column);

/* The first line of an answer: where the next page begins, or "end"; the page is behind it. False: it is
 * none. */
MUST_USE bool rows_place(struct bytes *body, char *place, size_t size);
/* Tells each row of a page's text. False: it is not that table. */
MUST_USE bool rows_each(
	const struct table *t, struct bytes page, void (*tell)(void *arg, const struct row *row), void *arg);
/* The rows of a page's text that fit the filters, into the call's answer: objects with commas between. False:
 * it is not that table. */
MUST_USE bool rows_write(struct call *call, struct rows *r, struct bytes page);

/* tables.c: an operation that gives rows of the table, of events those of one IMSI (empty: all). False: it is
 * answered. Then more may be set, and table_ask() goes on to its end. */
MUST_USE bool table_begin(struct call *call, const char *name, const char *imsi, struct rows **rows);
void table_ask(struct call *call);
/* Filters, COLUMN=PATTERN of the query. False, answered: too many. */
MUST_USE bool table_filter(struct call *call);

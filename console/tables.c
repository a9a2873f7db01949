/* The core's tables, a page or some at a time. */
#include "console/operations.h"
#include "console/rows.h"

enum {
	LIMIT = 256,
	LIMIT_MAX = 2000,
	PLACE_SIZE = 24,
	PAGES_MAX = 64, /* of the core, for one answer: the rest is asked for again */
};

struct asking {
	struct rows rows;
	uint64_t limit;
	unsigned pages;
	const char *after; /* the first place */
	const char *imsi;  /* of events those of one subscriber; empty: all */
};

static void ask_page(struct call *call, const char *place);

static void finish(struct call *call, const char *next)
{
	struct writer *w = call_json(call, 64);

	text_put(w, "],\"next\":");
	if (strcmp(next, "end") != 0)
		json_text_of(w, bytes_of_str(next));
	else
		text_put(w, "null");
	text_put(w, "}");
	audit_end(call, "done", BYTES_NONE);
	call_answer(call, HTTP1_OK);
}

static void heard(struct call *call, bool ok, struct bytes body)
{
	struct asking *a = call->state;
	char place[PLACE_SIZE];

	if (!ok)
		call_core_refuses(call, HTTP1_BAD_REQUEST, body);
	else if (!rows_place(&body, place, sizeof(place)) || !rows_write(call, &a->rows, body))
		call_refuse(call, HTTP1_BAD_GATEWAY, "the core is of another version");
	else if (!strcmp(place, "end") || a->rows.written >= a->limit || ++a->pages >= PAGES_MAX ||
		 call->w.failed)
		finish(call, place);
	else
		ask_page(call, place);
}

static void ask_page(struct call *call, const char *place)
{
	struct asking *a = call->state;

	call_ask_line(call, heard, "table", "%s\n%s\n%s", a->rows.table->name, place, a->imsi);
}

/* COLUMN=PATTERN of the query. False, answered: too many. */
bool table_filter(struct call *call)
{
	struct rows *r = &((struct asking *)call->state)->rows;

	for (size_t i = 0; i < r->table->column_count; i++) {
		const char *pattern = call_query(call, r->table->columns[i].name);

		if (!pattern)
			continue;
		if (r->masked && rows_personal(r->table, i)) { /* to ask is to see */
			call_refuse(
				call, HTTP1_FORBIDDEN, "your role may not see %s", r->table->columns[i].name);
			return false;
		}
		if (r->filter_count == ROW_FILTERS_MAX) {
			call_refuse(call, HTTP1_BAD_REQUEST, "more filters than %d", ROW_FILTERS_MAX);
			return false;
		}
		r->filters[r->filter_count].column = i;
		r->filters[r->filter_count++].pattern = pattern;
	}
	return true;
}

bool table_begin(struct call *call, const char *name, const char *imsi, struct rows **rows)
{
	const char *limit = call_query(call, "limit"), *after = call_query(call, "after");
	struct asking *a = arena_alloc(&call->arena, sizeof(*a));

	if (!a) {
		call_refuse(call, HTTP1_UNAVAILABLE, "memory is out");
		return false;
	}
	call->state = a;
	a->limit = LIMIT;
	a->imsi = imsi;
	a->rows.table = rows_table(call->console->facts, name);
	a->rows.masked = !call_sees_personal(call);
	a->after = after ? after : "";
	if ((limit && (!text_uint(bytes_of_str(limit), LIMIT_MAX, &a->limit) || a->limit == 0)) ||
		a->after[strspn(a->after, "-0123456789")] != '\0') {
		call_refuse(call, HTTP1_BAD_REQUEST,
			"limit is 1 to %d, after what the last answer's next was", LIMIT_MAX);
		return false;
	}
	*rows = &a->rows;
	return true;
}

void table_ask(struct call *call)
{
	const struct asking *a = call->state;

	text_put(call_json(call, 64), "{\"rows\":[");
	ask_page(call, a->after);
}

void run_table(struct call *call)
{
	struct rows *rows;

	if (table_begin(call, call->op->table, "", &rows) && table_filter(call))
		table_ask(call);
}

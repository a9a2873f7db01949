#include "apps/console_facts.h"

#include "core/core.h"
#include "ops/ladder.h"
#include "ops/trace_head.h"
#include "ops/trace_line.h"
#include "ops/why.h"

enum { TABLES_MAX = 16, DETAIL_SIZE = 128 << 10 };

static struct console_words why(const char *event, const char *reason, const char *cause)
{
	const struct why_words *w = why_words(event, reason, cause);

	return (struct console_words){ w->words, w->advice };
}

static void tell_one(const struct trace_message *m, bool detail, console_tell_fn *tell, void *arg)
{
	static char whole[DETAIL_SIZE];
	char line[LADDER_LINE_SIZE];
	enum trace_column from, to;
	struct console_message told = { .number = m->number, .utc_ns = m->utc_ns, .text = line };

	trace_line_ends(m, &from, &to);
	trace_line_text(m, line, sizeof(line));
	told.from = trace_column_names[from];
	told.to = trace_column_names[to];
	if (detail) {
		trace_line_detail(m, whole, sizeof(whole));
		told.detail = whole;
	}
	tell(arg, &told);
}

static bool trace(struct bytes body, bool detail, console_tell_fn *tell, void *arg, struct console_trace *out)
{
	struct cursor c = cursor_of(body);
	struct trace_message m;
	struct trace_head head;

	if (!trace_head_read(&c, &head))
		return false;
	*out = (struct console_trace){ head.place, head.lost, head.more };
	for (; cursor_left(&c) > 0; detail = false) {
		if (!trace_message_read(&c, &m))
			return false;
		tell_one(&m, detail, tell, arg);
	}
	return true;
}

struct console_facts console_facts(const char *version)
{
	static const struct table *tables[TABLES_MAX];
	struct console_facts facts = { .tables = tables, .why = why, .trace = trace, .version = version };

	while (facts.table_count < TABLES_MAX && core_table(facts.table_count)) {
		tables[facts.table_count] = core_table(facts.table_count);
		facts.table_count++;
	}
	return facts;
}

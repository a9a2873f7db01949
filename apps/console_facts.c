#include "apps/console_facts.h"

#include "core/core.h"
#include "core/subscriber_line.h"
#include "ops/ladder.h"
#include "ops/subscriber_source.h"
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
	static const char *const dissectors[] = {
		[TRACE_N1] = "nas-5gs", [TRACE_N2] = "ngap", [TRACE_N4] = "pfcp", [TRACE_SBI] = "http"
	};
	static char whole[DETAIL_SIZE];
	char line[LADDER_LINE_SIZE];
	enum trace_column from, to;
	struct console_message told = { .number = m->number, .utc_ns = m->utc_ns, .text = line };

	told.dissector = dissectors[m->kind];
	told.octets = m->octets;
	told.plain = m->plain;
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

_Static_assert((int)CONSOLE_IMPORT_LINES_MAX == (int)CORE_PLAN_LINES_MAX, "a piece is a question");

/* What does not read may be followed by what does. */
static void subscribers(struct bytes file, console_line_fn *tell, void *arg)
{
	static uint8_t octets[SUBSCRIBER_LINE_MAX];
	struct subscriber_source source;
	char error[SOURCE_ERROR];
	enum source_next next = SOURCE_SUBSCRIBER;
	size_t left = SIZE_MAX;

	if (!subscriber_source_open(&source, file, error)) {
		tell(arg, source.line, BYTES_NONE, error);
		next = SOURCE_END;
	}
	while (next != SOURCE_END && cursor_left(&source.c) < left) {
		struct writer line = writer_of(octets, sizeof(octets));

		left = cursor_left(&source.c);
		next = subscriber_source_next(&source, &line, error);
		if (next != SOURCE_END)
			tell(arg, source.line, next == SOURCE_SUBSCRIBER ? writer_bytes(&line) : BYTES_NONE,
				next == SOURCE_WRONG ? error : NULL);
		explicit_bzero(octets, line.len);
	}
	subscriber_source_close(&source);
}

struct console_facts console_facts(const char *version)
{
	static const struct table *tables[TABLES_MAX];
	struct console_facts facts = {
		.tables = tables, .why = why, .trace = trace, .subscribers = subscribers, .version = version
	};

	while (facts.table_count < TABLES_MAX && core_table(facts.table_count)) {
		tables[facts.table_count] = core_table(facts.table_count);
		facts.table_count++;
	}
	return facts;
}

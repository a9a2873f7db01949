/* The audit log, the newest first. */
#include "console/operations.h"

enum { ENTRIES = 100, ENTRIES_MAX = 500 };

struct entry_shown {
	uint64_t number, utc_ms;
	const char *who, *from, *action, *subject, *outcome, *before, *after;
};
BODY(audit_table, { JSON_V("number", json_uint, entry_shown, number), .mandatory = true },
	{ JSON_V("time", json_date_time, entry_shown, utc_ms), .mandatory = true },
	{ JSON_V("who", json_text, entry_shown, who), .mandatory = true },
	{ JSON_V("from", json_text, entry_shown, from), .mandatory = true },
	{ JSON_V("action", json_text, entry_shown, action), .mandatory = true },
	{ JSON_V("subject", json_text, entry_shown, subject) },
	{ JSON_V("outcome", json_text, entry_shown, outcome), .mandatory = true },
	{ JSON_V("before", json_text, entry_shown, before) },
	{ JSON_V("after", json_text, entry_shown, after) });

static void put_entry(struct call *call, const struct audit *a, bool first)
{
	static const struct json_field root = { .kind = JSON_OBJECT, .sub = &audit_table };
	struct entry_shown e = { a->number, a->utc_ms, a->who, a->from, a->action, a->subject, a->outcome,
		a->before, a->after };
	struct writer *w = call_json(call, 4 * sizeof(*a));

	text_put(w, first ? "" : ",");
	json_encode(&root, &e, NULL, w);
}

static bool number(struct call *call, const char *name, uint64_t max, uint64_t *out)
{
	const char *text = call_query(call, name);

	if (!text || (text_uint(bytes_of_str(text), max, out) && *out > 0))
		return true;
	call_refuse(call, HTTP1_BAD_REQUEST, "expected %s as a number from 1 on", name);
	return false;
}

void run_audit(struct call *call)
{
	static struct audit a;
	struct console *c = call->console;
	uint64_t limit = ENTRIES, at = c->audit.next, written = 0;

	if (!number(call, "limit", ENTRIES_MAX, &limit) || !number(call, "after", UINT64_MAX, &at))
		return;
	at = at < c->audit.next ? at : c->audit.next;
	text_put(call_json(call, 64), "{\"rows\":[");
	while (at > c->audit.first && written < limit && !call->w.failed)
		if (audit_get(c, --at, &a))
			put_entry(call, &a, written++ == 0);
	if (at > c->audit.first)
		text_put(call_json(call, 64), "],\"next\":\"%llu\"}", (unsigned long long)at);
	else
		text_put(call_json(call, 64), "],\"next\":null}");
	call_answer(call, HTTP1_OK);
}

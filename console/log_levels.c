/* What the core logs, until its restart or until it reads its configuration again. */
#include "console/operations.h"

static const char *const levels[] = { "error", "warn", "info", "debug" };

struct log_level_shown {
	const char *room;
	uint8_t level;
};
BODY(log_level_table, { JSON_V("room", json_text, log_level_shown, room), .mandatory = true, .most = 31 },
	{ JSON_E("level", levels, log_level_shown, level), .mandatory = true });

static bool take_line(struct bytes *body, struct bytes *line)
{
	const uint8_t *end = body->len ? memchr(body->data, '\n', body->len) : NULL;

	if (!end)
		return false;
	*line = bytes_of(body->data, (size_t)(end - body->data));
	*body = bytes_of(end + 1, body->len - line->len - 1);
	return true;
}

/* "room level" a line. */
static void listed(struct call *call, bool ok, struct bytes body)
{
	struct bytes line;
	bool first = true;

	if (!ok) {
		call_core_refuses(call, HTTP1_CONFLICT, body);
		return;
	}
	text_put(call_json(call, 64), "{\"rows\":[");
	while (take_line(&body, &line)) {
		const uint8_t *blank = line.len ? memchr(line.data, ' ', line.len) : NULL;
		size_t len = blank ? (size_t)(blank - line.data) : 0;

		if (!blank)
			continue;
		text_put(call_json(call, 512), first ? "{\"room\":" : ",{\"room\":");
		first = false;
		json_text_of(&call->w, bytes_of(line.data, len));
		text_put(&call->w, ",\"level\":");
		json_text_of(&call->w, bytes_of(blank + 1, line.len - len - 1));
		text_put(&call->w, "}");
	}
	text_put(call_json(call, 64), "],\"next\":null}");
	call_answer(call, HTTP1_OK);
}

void run_log_levels(struct call *call)
{
	call_ask(call, bytes_of_str("log\n"), listed);
}

static void set(struct call *call, bool ok, struct bytes body)
{
	audit_end(call, ok ? "set" : "refused", body);
	if (ok)
		call_answer(call, HTTP1_NO_CONTENT);
	else
		call_core_refuses(call, HTTP1_BAD_REQUEST, body);
}

void run_log_level(struct call *call)
{
	const struct log_level_shown *b = call_body(call, &log_level_table, sizeof(*b));

	if (!b)
		return;
	if (b->room[strspn(b->room, "abcdefghijklmnopqrstuvwxyz")] != '\0')
		call_refuse(call, HTTP1_BAD_REQUEST, "expected one of the rooms of list-log-levels, or all");
	else if (audit_begin(call, b->room, BYTES_NONE))
		call_ask_line(call, set, "log", "%s %s", b->room, levels[b->level]);
}

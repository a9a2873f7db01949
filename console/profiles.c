/* Profiles of subscribers: what many have in common, by the requests that the command line sends too. */
#include "console/rows.h"
#include "console/subscriber_body.h"

enum { LINE_MAX = 1024 };

/* Names stand in lines of the core's requests. */
static bool name_of_path(struct call *call)
{
	if (call->param[strspn(call->param,
		    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")] == '\0')
		return true;
	call_refuse(call, HTTP1_BAD_REQUEST, "expected a name of letters, digits, and -_.");
	return false;
}

static void done(struct call *call, bool ok, struct bytes body)
{
	audit_end(call, ok ? "done" : "refused", body);
	if (ok)
		call_answer(call, HTTP1_NO_CONTENT);
	else
		call_core_refuses(
			call, call->method == HTTP_DELETE ? HTTP1_NOT_FOUND : HTTP1_BAD_REQUEST, body);
}

void run_profile_set(struct call *call)
{
	struct subscriber_body *b =
		name_of_path(call) ? call_body(call, &subscriber_table, sizeof(*b)) : NULL;
	char *line = b ? arena_alloc(&call->arena, LINE_MAX) : NULL;
	struct writer w = writer_of(line, line ? LINE_MAX - 1 : 0);

	if (!b)
		return;
	if (!line) {
		call_refuse(call, HTTP1_UNAVAILABLE, "memory is out");
		return;
	}
	if (!subscriber_line_of(b, &w) || w.len == 0) {
		call_refuse(call, HTTP1_BAD_REQUEST,
			"a value has a comma or a control character, or it is too much, or nothing");
		return;
	}
	line[w.len] = '\0';
	if (audit_begin(call, call->param, BYTES_NONE))
		call_ask_line(call, done, "profile set", "%s\n%s", call->param, line);
}

void run_profile_remove(struct call *call)
{
	if (name_of_path(call) && audit_begin(call, call->param, BYTES_NONE))
		call_ask_line(call, done, "profile remove", "%s", call->param);
}

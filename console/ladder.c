/* A subscriber's signalling, a page of the core's memory at a time. */
#include <inttypes.h>

#include "console/operations.h"

struct message_shown {
	uint64_t number;
	const char *time_ns, *from, *to, *text, *detail, *dissector, *octets, *plain;
};
BODY(message_table, { JSON_V("number", json_uint, message_shown, number), .mandatory = true },
	{ JSON_V("time_ns", json_text, message_shown, time_ns), .mandatory = true },
	{ JSON_V("from", json_text, message_shown, from), .mandatory = true },
	{ JSON_V("to", json_text, message_shown, to), .mandatory = true },
	{ JSON_V("text", json_text, message_shown, text), .mandatory = true },
	{ JSON_V("detail", json_text, message_shown, detail) },
	{ JSON_V("dissector", json_text, message_shown, dissector) },
	{ JSON_V("octets", json_text, message_shown, octets) },
	{ JSON_V("plain", json_text, message_shown, plain) });

struct laddering {
	bool detail, octets, any;
};

static void tell(void *arg, const struct console_message *m)
{
	struct call *call = arg;
	struct laddering *l = call->state;
	struct writer *w =
		call_json(call, (m->detail ? 2 * strlen(m->detail) : 0) + 2 * strlen(m->text) +
					(l->octets ? 2 * (m->octets.len + m->plain.len) : 0) + 512);

	text_put(w,
		"%s{\"number\":%" PRIu64 ",\"time_ns\":\"%" PRIu64
		"\",\"from\":\"%s\",\"to\":\"%s\",\"text\":",
		l->any ? "," : "", m->number, m->utc_ns, m->from, m->to);
	l->any = true;
	json_text_of(w, bytes_of_str(m->text));
	if (m->detail) {
		text_put(w, ",\"detail\":");
		json_text_of(w, bytes_of_str(m->detail));
	}
	if (l->octets) {
		text_put(w, ",\"dissector\":\"%s\",\"octets\":\"", m->dissector);
		text_hex(w, m->octets);
		text_put(w, "\",\"plain\":\"");
		text_hex(w, m->plain);
		text_put(w, "\"");
	}
	text_put(w, "}");
}

static void heard(struct call *call, bool ok, struct bytes body)
{
	const struct laddering *l = call->state;
	struct console_trace page;

	audit_end(call, ok ? "done" : "refused", BYTES_NONE);
	if (!ok) {
		call_core_refuses(call, HTTP1_CONFLICT, body);
		return;
	}
	text_put(call_json(call, 64), "{\"rows\":[");
	if (!call->console->facts->trace(body, l->detail, tell, call, &page)) {
		call_refuse(call, HTTP1_BAD_GATEWAY, "the core is of another version");
		return;
	}
	text_put(call_json(call, 128), "],\"lost\":%" PRIu64 ",\"next\":", page.lost);
	if (page.more)
		text_put(&call->w, "\"%" PRIu64 "\"}", page.next);
	else
		text_put(&call->w, "null}");
	call_answer(call, HTTP1_OK);
}

/* What the disk has, from a time on: seconds since 1970, or nanoseconds, as `next` has them. */
static void ask_kept(struct call *call, const char *from)
{
	char text[PARAM_SIZE + 32];
	struct writer w = writer_of(text, sizeof(text) - 1);

	if (from[0] == '\0' || strlen(from) > 19 || from[strspn(from, "0123456789")] != '\0') {
		call_refuse(call, HTTP1_BAD_REQUEST, "expected from as seconds since 1970, or what next was");
		return;
	}
	if (call->console->config->signalling_mib == 0) {
		call_refuse(call, HTTP1_CONFLICT,
			"no signalling is kept: network.yaml has no console: {signalling_mib: ...}");
		return;
	}
	text_put(&w, "%s\n%s%s", call->param, from, strlen(from) < 12 ? "000000000" : "");
	call_ask_keeper(call, heard, "signalling find", writer_bytes(&w));
}

void run_ladder(struct call *call)
{
	const char *after = call_query(call, "after"), *detail = call_query(call, "detail");
	const char *from = call_query(call, "from"), *octets = call_query(call, "octets");
	struct laddering *l = arena_alloc(&call->arena, sizeof(*l));

	if (!subscriber_of_path(call))
		return;
	if (!l) {
		call_refuse(call, HTTP1_UNAVAILABLE, "memory is out");
		return;
	}
	after = after ? after : "-600";
	if (after[strspn(after, "-0123456789")] != '\0') {
		call_refuse(call, HTTP1_BAD_REQUEST, "expected after as a number");
		return;
	}
	l->detail = detail && !strcmp(detail, "yes");
	l->octets = octets && !strcmp(octets, "yes");
	call->state = l;
	if (from) {
		ask_kept(call, from);
		return;
	}
	call_ask_line(call, heard, "trace", "%s\n%s", call->param, after);
}

/* A backup is uploaded, a piece at a time, opened by its passphrase, and becomes the core's store (the keeper
 * and `freehold up` do that); what is lost by it is told before. */
#include "console/operations.h"

struct restore_piece {
	const char *hex;
	uint64_t after;
};
BODY(restore_piece_table, { JSON_V("hex", json_text, restore_piece, hex), .mandatory = true, .most = 60000 },
	{ JSON_V("after", json_uint, restore_piece, after), .mandatory = true });

struct restore_order {
	const char *passphrase;
	bool dry_run;
};
BODY(restore_order_table,
	{ JSON_V("passphrase", json_text, restore_order, passphrase), .mandatory = true, .secret = true,
		.most = 255 },
	{ JSON_V("dry_run", json_bool, restore_order, dry_run), .mandatory = true });

struct restore_shown {
	const char *made, *lost;
};
BODY(restore_table, { JSON_V("made", json_text, restore_shown, made), .mandatory = true },
	{ JSON_V("lost", json_text, restore_shown, lost), .mandatory = true });

static void kept(struct call *call, bool ok, struct bytes body)
{
	if (ok)
		call_answer(call, HTTP1_NO_CONTENT);
	else
		call_core_refuses(call, HTTP1_CONFLICT, body);
}

void run_restore_put(struct call *call)
{
	const struct restore_piece *p = call_body(call, &restore_piece_table, sizeof(*p));
	struct writer w;
	size_t size;

	if (!p)
		return;
	size = strlen(p->hex) + 24;
	w = writer_of(arena_alloc(&call->arena, size + 1), size);
	if (!w.data) {
		call_refuse(call, HTTP1_UNAVAILABLE, "memory is out");
		return;
	}
	text_put(&w, "%llu\n%s", (unsigned long long)p->after, p->hex);
	call_ask_keeper(call, kept, "restore put", writer_bytes(&w));
}

static void restored(struct call *call, bool ok, struct bytes body)
{
	struct bytes line = bytes_of(body.data, body.len > 0 ? body.len - 1 : 0);
	uint64_t made_s;

	audit_end(call, ok ? "under way" : "refused", body);
	if (!ok) {
		call_core_refuses(call, HTTP1_CONFLICT, body);
		return;
	}
	if (!text_uint(line, UINT64_MAX, &made_s)) {
		call_refuse(call, HTTP1_BAD_GATEWAY, "the keeper of files is of another version");
		return;
	}
	text_put(call_json(call, 1024), "{\"made\":");
	json_time_s(&call->w, made_s);
	text_put(&call->w, ",\"lost\":\"all that has changed since: subscribers, their keys and profiles, "
			   "events, alarms. Each UE "
			   "authenticates again, and sessions are those of then; user traffic stops until "
			   "they are there. What "
			   "the core has now is kept beside it (core.store.before)\"}");
	call_answer(call, HTTP1_OK);
}

void run_restore(struct call *call)
{
	const struct restore_order *o = call_body(call, &restore_order_table, sizeof(*o));
	char line[320];
	struct writer w = writer_of(line, sizeof(line));

	if (!o)
		return;
	if (o->passphrase[strcspn(o->passphrase, "\n\r")] != '\0') {
		call_refuse(call, HTTP1_BAD_REQUEST, "a passphrase is one line");
		return;
	}
	text_put(&w, "%s\n%s", o->dry_run ? "look" : "do", o->passphrase);
	if (o->dry_run || audit_begin(call, "core.store", BYTES_NONE))
		call_ask_keeper(call, restored, "restore", writer_bytes(&w));
	explicit_bzero(line, sizeof(line));
}

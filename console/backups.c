/* Backups of the core, made and kept by the keeper: each is sealed with a passphrase, which goes there and
 * nowhere else; what is downloaded is of no use without it. */
#include <stdio.h>

#include "console/operations.h"

struct backup_order {
	const char *passphrase;
};
BODY(backup_order_table, { JSON_V("passphrase", json_text, backup_order, passphrase), .mandatory = true,
				 .secret = true, .most = 255 });

struct backup_shown {
	const char *name, *time;
	uint64_t octets;
};
BODY(backup_table, { JSON_V("name", json_text, backup_shown, name), .mandatory = true },
	{ JSON_V("octets", json_uint, backup_shown, octets) },
	{ JSON_V("time", json_text, backup_shown, time) });

struct backup_piece {
	const char *hex, *next;
};
BODY(backup_piece_table, { JSON_V("hex", json_text, backup_piece, hex), .mandatory = true },
	{ JSON_V("next", json_text, backup_piece, next) });

static struct bytes line_of(struct cursor *c)
{
	const uint8_t *end = cursor_left(c) ? memchr(c->at, '\n', cursor_left(c)) : NULL;
	struct bytes line = cursor_bytes(c, end ? (size_t)(end - c->at) : cursor_left(c));

	cursor_skip(c, end ? 1 : 0);
	return line;
}

static void made(struct call *call, bool ok, struct bytes body)
{
	struct cursor c = cursor_of(body);
	struct bytes name = line_of(&c);

	audit_end(call, ok ? "made" : "refused", body);
	if (!ok) {
		call_core_refuses(call, HTTP1_CONFLICT, body);
		return;
	}
	text_put(call_json(call, 256), "{\"name\":");
	json_text_of(&call->w, name);
	text_put(&call->w, "}");
	call_answer(call, HTTP1_CREATED);
}

void run_backup(struct call *call)
{
	const struct backup_order *b = call_body(call, &backup_order_table, sizeof(*b));

	if (!b)
		return;
	if (b->passphrase[strcspn(b->passphrase, "\n\r")] != '\0')
		call_refuse(call, HTTP1_BAD_REQUEST, "a passphrase is one line");
	else if (audit_begin(call, "core.store", BYTES_NONE))
		call_ask_keeper(call, made, "backup make", bytes_of_str(b->passphrase));
}

static void listed(struct call *call, bool ok, struct bytes body)
{
	struct cursor c = cursor_of(body);
	bool first = true;

	if (!ok) {
		call_core_refuses(call, HTTP1_CONFLICT, body);
		return;
	}
	text_put(call_json(call, 64), "{\"rows\":[");
	while (cursor_left(&c) > 0) {
		struct bytes line = line_of(&c);
		char name[64];
		unsigned long long octets, utc_s;
		char text[128];

		str_copy(text, line.len < sizeof(text) ? line.len + 1 : sizeof(text),
			line.len ? (const char *)line.data : "");
		if (sscanf(text, "%63s %llu %llu", name, &octets, &utc_s) != 3)
			continue;
		text_put(call_json(call, 512), first ? "{\"name\":" : ",{\"name\":");
		first = false;
		json_text_of(&call->w, bytes_of_str(name));
		text_put(&call->w, ",\"octets\":%llu,\"time\":", octets);
		json_time_s(&call->w, utc_s);
		text_put(&call->w, "}");
	}
	text_put(call_json(call, 64), "],\"next\":null}");
	call_answer(call, HTTP1_OK);
}

void run_backups(struct call *call)
{
	call_ask_keeper(call, listed, "backup list", BYTES_NONE);
}

static void read_piece(struct call *call, bool ok, struct bytes body)
{
	struct cursor c = cursor_of(body);
	struct bytes next = line_of(&c), hex = cursor_rest(&c);
	struct writer *w;

	audit_end(call, ok ? "done" : "refused", BYTES_NONE);
	if (!ok) {
		call_core_refuses(call, HTTP1_NOT_FOUND, body);
		return;
	}
	w = call_json(call, hex.len + 256);
	text_put(w, "{\"hex\":\"");
	writer_put(w, hex);
	text_put(w, "\"");
	if (!bytes_equal(next, bytes_of_str("end"))) {
		text_put(w, ",\"next\":");
		json_text_of(w, next);
	}
	text_put(w, "}");
	call_answer(call, HTTP1_OK);
}

/* The path's name and, on the next line, a place. */
static void ask_about(struct call *call, const char *command, const char *place, call_heard *heard)
{
	char text[PARAM_SIZE + 32];
	struct writer w = writer_of(text, sizeof(text) - 1);

	text_put(&w, "%s\n%s", call->param, place);
	call_ask_keeper(call, heard, command, writer_bytes(&w));
}

void run_backup_read(struct call *call)
{
	const char *after = call_query(call, "after");

	if (after && (after[0] == '\0' || strlen(after) > 19 || after[strspn(after, "0123456789")] != '\0'))
		call_refuse(call, HTTP1_BAD_REQUEST, "after is what the last answer's next was");
	else
		ask_about(call, "backup read", after ? after : "0", read_piece);
}

static void removed(struct call *call, bool ok, struct bytes body)
{
	audit_end(call, ok ? "removed" : "refused", BYTES_NONE);
	if (ok)
		call_answer(call, HTTP1_NO_CONTENT);
	else
		call_core_refuses(call, HTTP1_NOT_FOUND, body);
}

void run_backup_remove(struct call *call)
{
	if (audit_begin(call, call->param, BYTES_NONE))
		ask_about(call, "backup remove", "", removed);
}

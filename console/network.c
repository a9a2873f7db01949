/*
 * network.yaml, seen and edited. The keeper reads, judges and writes it (apps/console_files.c): what comes
 * here has no keys, and what goes there may have the tags that stand for them. A change is in the audit log
 * before it is in the file; then the core, or all parts, read the file again.
 */
#include "console/change_lines.h"
#include "console/history.h"

#define LOG_ROOM "console"

struct network_text {
	const char *text, *version;
};
BODY(network_table, { JSON_V("text", json_text, network_text, text), .mandatory = true },
	{ JSON_V("version", json_text, network_text, version), .mandatory = true });
BODY(network_check_table, { JSON_V("text", json_text, network_text, text), .mandatory = true });

static const char *const whens[] = { "live", "restart" };

struct network_change {
	const char *key, *parts, *interrupted;
	uint8_t when;
	bool has_ues, has_sessions;
	uint64_t ues, sessions;
};
BODY(network_change_table, { JSON_V("key", json_text, network_change, key), .mandatory = true },
	{ JSON_E("when", whens, network_change, when), .mandatory = true },
	{ JSON_V("parts", json_text, network_change, parts), .mandatory = true },
	{ JSON_V("interrupted", json_text, network_change, interrupted), .mandatory = true },
	{ JSON_V("ues", json_uint, network_change, ues), JSON_HAS(network_change, has_ues) },
	{ JSON_V("sessions", json_uint, network_change, sessions), JSON_HAS(network_change, has_sessions) });
static const struct json_field change_item = {
	.kind = JSON_OBJECT, .sub = &network_change_table, .size = sizeof(struct network_change)
};

static const char *const readers[] = { "all", "core", "none" };

struct network_written {
	const char *version;
	uint8_t read_by;
	struct {
		uint32_t count;
		struct network_change *items;
	} changes;
};
BODY(network_written_table, { JSON_V("version", json_text, network_written, version), .mandatory = true },
	{ JSON_E("read_by", readers, network_written, read_by), .mandatory = true },
	{ JSON_ITEMS("changes", change_item, network_written, changes), .mandatory = true });

struct version_shown {
	uint64_t number;
	const char *time, *who, *version, *text;
};
BODY(network_version_table, { JSON_V("number", json_uint, version_shown, number), .mandatory = true },
	{ JSON_V("time", json_text, version_shown, time), .mandatory = true },
	{ JSON_V("who", json_text, version_shown, who), .mandatory = true },
	{ JSON_V("version", json_text, version_shown, version), .mandatory = true },
	{ JSON_V("text", json_text, version_shown, text) });

/* A change that is under way. */
struct writing {
	const char *text, *version; /* of the one that asks; version NULL: whatever is there */
	char now[VERSION_SIZE];
	const char *read_by;
	struct bytes changes; /* of the keeper */
};

static bool take_line(struct bytes *body, struct bytes *line)
{
	const uint8_t *end = body->len ? memchr(body->data, '\n', body->len) : NULL;

	if (!end)
		return false;
	*line = bytes_of(body->data, (size_t)(end - body->data));
	*body = bytes_of(end + 1, body->len - line->len - 1);
	return true;
}

/* The keeper's version, then the text. False, answered. */
static bool take_version(struct call *call, struct bytes *body, char version[VERSION_SIZE])
{
	struct bytes line;

	if (take_line(body, &line) && line.len == VERSION_SIZE - 1) {
		str_copy(version, VERSION_SIZE, (const char *)line.data);
		return true;
	}
	call_refuse(call, HTTP1_BAD_GATEWAY, "the keeper of files is of another version");
	return false;
}

static void shown(struct call *call, bool ok, struct bytes body)
{
	char version[VERSION_SIZE];
	struct writer *w;

	if (!ok) {
		call_core_refuses(call, HTTP1_CONFLICT, body);
		return;
	}
	if (!take_version(call, &body, version))
		return;
	w = call_json(call, 6 * body.len + 256);
	text_put(w, "{\"version\":\"%s\",\"text\":", version);
	json_text_of(w, body);
	text_put(w, "}");
	call_answer(call, HTTP1_OK);
}

void run_network(struct call *call)
{
	call_ask_keeper(call, shown, "network read", BYTES_NONE);
}

/* As rows; counts: what the core has counted of them, or nothing. */
static void put_changes(struct call *call, struct bytes changes, struct bytes counts)
{
	struct writer *w = call_json(call, 4 * changes.len + 64 * counts.len + 512);
	struct change_line c;
	bool first = true;

	text_put(w, "[");
	while (change_next(&changes, &counts, &c)) {
		text_put(w, first ? "{" : ",{");
		first = false;
		json_key(w, "key", true);
		json_text_of(w, c.key);
		json_key(w, "when", false);
		json_text_of(w, c.when);
		json_key(w, "parts", false);
		json_text_of(w, c.parts);
		json_key(w, "interrupted", false);
		json_text_of(w, c.interrupted);
		if (c.counted)
			text_put(w, ",\"ues\":%llu,\"sessions\":%llu", (unsigned long long)c.ues,
				(unsigned long long)c.sessions);
		text_put(w, "}");
	}
	text_put(w, "]");
}

static bool fits(struct call *call, const char *text)
{
	if (strlen(text) < HISTORY_TEXT_MAX)
		return true;
	call_refuse(call, HTTP1_CONTENT_TOO_LARGE, "the file is too long to be edited here");
	return false;
}

static void show_changes(struct call *call, struct bytes changes, struct bytes counts)
{
	text_put(call_json(call, 64), "{\"rows\":");
	put_changes(call, changes, counts);
	text_put(call_json(call, 64), ",\"next\":null}");
	call_answer(call, HTTP1_OK);
}

/* Without the core nobody is interrupted. */
static void counted(struct call *call, bool ok, struct bytes body)
{
	const struct bytes *changes = call->state;

	show_changes(call, *changes, ok ? body : BYTES_NONE);
}

static void checked(struct call *call, bool ok, struct bytes body)
{
	struct bytes *changes = arena_alloc(&call->arena, sizeof(*changes));
	size_t size = body.len + 64;
	struct writer w = writer_of(arena_alloc(&call->arena, size), size);

	if (!ok) {
		call_core_refuses(call, HTTP1_BAD_REQUEST, body);
		return;
	}
	if (!changes || !w.data) {
		call_refuse(call, HTTP1_UNAVAILABLE, "memory is out");
		return;
	}
	*changes = arena_bytes(&call->arena, body);
	change_question(*changes, &w);
	call->state = changes;
	if (w.len > 0)
		call_ask(call, writer_bytes(&w), counted);
	else
		show_changes(call, *changes, BYTES_NONE);
}

void run_network_check(struct call *call)
{
	const struct network_text *b = call_body(call, &network_check_table, sizeof(*b));

	if (b && fits(call, b->text))
		call_ask_keeper(call, checked, "network check", bytes_of_str(b->text));
}

/* The core has read the file, or why not: it is written in any case. */
static void reloaded(struct call *call, bool ok, struct bytes body)
{
	const struct writing *e = call->state;
	const char *by = !strcmp(e->read_by, "all") ? "all" : ok ? "core" : "none";

	text_put(call_json(call, 256), "{\"version\":\"%s\",\"read_by\":\"%s\",\"changes\":", e->now, by);
	put_changes(call, e->changes, BYTES_NONE);
	text_put(call_json(call, 64), "}");
	audit_end(call, "written", e->changes);
	call_answer(call, HTTP1_OK);
}

/* As it is now, without the keys that may have been written out. */
static void read_again(struct call *call, bool ok, struct bytes body)
{
	char version[VERSION_SIZE];
	struct bytes line = BYTES_NONE;

	if (ok && take_line(&body, &line) && line.len == VERSION_SIZE - 1) {
		str_copy(version, VERSION_SIZE, (const char *)line.data);
		if (!history_put(call->console, call->who.name, version, body))
			log_error(call->console->env->log,
				"network.yaml is written, but not kept as a version: is the disk of "
				"console.store full?");
	}
	call_ask(call, bytes_of_str("reload"), reloaded);
}

static void written(struct call *call, bool ok, struct bytes body)
{
	struct writing *e = call->state;
	struct bytes by;

	if (!ok) {
		audit_end(call, "refused", body);
		call_core_refuses(call, HTTP1_BAD_REQUEST, body);
		return;
	}
	if (!take_version(call, &body, e->now) || !take_line(&body, &by))
		return;
	e->read_by = bytes_equal(by, bytes_of_str("all")) ? "all" : "core";
	e->changes = arena_bytes(&call->arena, body);
	call_ask_keeper(call, read_again, "network read", BYTES_NONE);
}

/* What it is before, which is kept as a version too. */
static void before(struct call *call, bool ok, struct bytes body)
{
	struct writing *e = call->state;
	char version[VERSION_SIZE];
	size_t size = VERSION_SIZE + strlen(e->text) + 1;
	struct writer w = writer_of(arena_alloc(&call->arena, size), size);

	if (!ok) {
		call_core_refuses(call, HTTP1_CONFLICT, body);
	} else if (!take_version(call, &body, version)) {
		return;
	} else if (e->version && strcmp(e->version, version) != 0) {
		call_refuse(call, HTTP1_CONFLICT,
			"the file is another than the one that was edited; read it again");
	} else if (!w.data) {
		call_refuse(call, HTTP1_UNAVAILABLE, "memory is out");
	} else if (!history_put(call->console, NULL, version, body)) {
		call_refuse(call, HTTP1_UNAVAILABLE,
			"the version before is not kept, so it is not done: is the disk of console.store "
			"full?");
	} else if (audit_begin(call, "network.yaml", BYTES_NONE)) {
		text_put(&w, "%s\n", version);
		writer_put(&w, bytes_of_str(e->text));
		call_ask_keeper(call, written, "network write", writer_bytes(&w));
	}
}

static void write_text(struct call *call, const char *text, const char *version)
{
	struct writing *e = arena_alloc(&call->arena, sizeof(*e));

	if (!e || !text) {
		call_refuse(call, HTTP1_UNAVAILABLE, "memory is out");
		return;
	}
	e->text = text;
	e->version = version;
	call->state = e;
	call_ask_keeper(call, before, "network read", BYTES_NONE);
}

void run_network_change(struct call *call)
{
	const struct network_text *b = call_body(call, &network_table, sizeof(*b));

	if (b && fits(call, b->text))
		write_text(call, b->text, b->version);
}

static void put_version(struct writer *w, const struct version *v)
{
	text_put(w, "{\"number\":%llu,\"time\":", (unsigned long long)v->number);
	json_time_s(w, v->utc_ms / 1000);
	text_put(w, ",\"who\":");
	json_text_of(w, bytes_of_str(v->who));
	text_put(w, ",\"version\":\"%s\"", v->version);
}

void run_network_versions(struct call *call)
{
	struct console *c = call->console;
	bool first = true;

	text_put(call_json(call, 64), "{\"rows\":[");
	for (uint64_t n = c->history.next; n-- > c->history.first;) {
		const struct version *v = history_get(c, n);

		if (!v)
			continue;
		text_put(call_json(call, 512), first ? "" : ",");
		first = false;
		put_version(&call->w, v);
		text_put(&call->w, "}");
	}
	text_put(call_json(call, 64), "],\"next\":null}");
	call_answer(call, HTTP1_OK);
}

/* That of the path; NULL, answered. */
static const struct version *version_of_path(struct call *call)
{
	const struct version *v = NULL;
	uint64_t number;

	if (text_uint(bytes_of_str(call->param), UINT64_MAX, &number))
		v = history_get(call->console, number);
	if (!v)
		call_refuse(call, HTTP1_NOT_FOUND, "there is no such version");
	return v;
}

void run_network_version(struct call *call)
{
	const struct version *v = version_of_path(call);
	struct writer *w;

	if (!v)
		return;
	w = call_json(call, 6 * strlen(v->text) + 512);
	put_version(w, v);
	text_put(w, ",\"text\":");
	json_text_of(w, bytes_of_str(v->text));
	text_put(w, "}");
	call_answer(call, HTTP1_OK);
}

void run_network_return(struct call *call)
{
	const struct version *v = version_of_path(call);

	if (v)
		write_text(call, arena_str(&call->arena, v->text), NULL);
}

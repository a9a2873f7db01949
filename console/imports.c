/*
 * Subscribers from a file, a piece of it at a time, in the forms of `freehold subscriber import`. First the
 * core says of each line what it would do; then, unless nothing but that was asked, it takes all of them or
 * none. Keys come in with the file and go to the core, nowhere else.
 */
#include "console/operations.h"

enum { WRONG_SIZE = 200, QUESTION_MAX = 65000 };

struct import_body {
	const char *text;
	bool dry_run;
	uint64_t first_line;
};
BODY(import_table, { JSON_V("text", json_text, import_body, text), .mandatory = true, .secret = true },
	{ JSON_V("dry_run", json_bool, import_body, dry_run) },
	{ JSON_V("first_line", json_uint, import_body, first_line), JSON_RANGE(1, UINT32_MAX) });

static const char *const planned[] = { "add", "change", "same", "refuse" };

struct planned_line {
	uint64_t line;
	uint8_t what;
	const char *imsi, *why;
};
BODY(planned_table, { JSON_V("line", json_uint, planned_line, line), .mandatory = true },
	{ JSON_E("what", planned, planned_line, what), .mandatory = true },
	{ JSON_V("imsi", json_text, planned_line, imsi), .mandatory = true },
	{ JSON_V("why", json_text, planned_line, why), .mandatory = true });

/* A subscriber of the file: where it begins, and what is wrong with it, if it does not read. */
struct origin {
	uint64_t line;
	const char *wrong; /* NULL: it went to the core */
};

struct importing {
	struct call *call;
	uint64_t first_line;
	bool dry_run, full;
	size_t count, good;
	struct origin at[CONSOLE_IMPORT_LINES_MAX];
	struct writer lines; /* of the question */
	size_t refused;
	uint64_t refused_line;
	char refused_why[WRONG_SIZE];
};

static void take_line(void *arg, unsigned long line, struct bytes text, const char *wrong)
{
	struct importing *in = arg;
	struct origin *o;

	if (in->count == CONSOLE_IMPORT_LINES_MAX || in->lines.len + text.len + 1 > QUESTION_MAX) {
		in->full = true;
		return;
	}
	o = &in->at[in->count++];
	*o = (struct origin){ line + in->first_line - 1, NULL };
	for (size_t i = 0; i < text.len && !wrong; i++)
		wrong = text.data[i] < ' ' && text.data[i] != '\t' ? "a control character" : NULL;
	if (wrong) {
		o->wrong = arena_str(&in->call->arena, wrong);
		in->full |= !o->wrong;
		return;
	}
	in->good++;
	writer_put(&in->lines, text);
	writer_u8(&in->lines, '\n');
}

static void put_row(struct importing *in, const struct origin *o, struct bytes what, struct bytes imsi,
	struct bytes why, bool first)
{
	struct writer *w = call_json(in->call, 2 * why.len + 256);

	text_put(w, "%s{\"line\":%llu,\"what\":", first ? "" : ",", (unsigned long long)o->line);
	json_text_of(w, what);
	text_put(w, ",\"imsi\":");
	json_text_of(w, imsi);
	text_put(w, ",\"why\":");
	json_text_of(w, why);
	text_put(w, "}");
	if (!bytes_equal(what, bytes_of_str("refuse")) || in->refused++ > 0)
		return;
	in->refused_line = o->line;
	str_copy(in->refused_why, why.len < WRONG_SIZE ? why.len + 1 : WRONG_SIZE,
		why.len ? (const char *)why.data : "");
}

static struct bytes cell(struct cursor *line)
{
	const uint8_t *end = cursor_left(line) ? memchr(line->at, '\t', cursor_left(line)) : NULL;
	struct bytes text = cursor_bytes(line, end ? (size_t)(end - line->at) : cursor_left(line));

	cursor_skip(line, end ? 1 : 0);
	return text;
}

static bool is_planned(struct bytes what)
{
	for (size_t i = 0; i < ARRAY_LEN(planned); i++)
		if (bytes_equal(what, bytes_of_str(planned[i])))
			return true;
	return false;
}

/* The core's lines, in the order of ours, into rows. False: they are not what was asked for. */
static bool put_rows(struct importing *in, struct bytes plan)
{
	struct cursor c = cursor_of(plan);

	text_put(call_json(in->call, 64), "{\"rows\":[");
	for (size_t i = 0; i < in->count; i++) {
		const struct origin *o = &in->at[i];
		const uint8_t *end;
		struct cursor line;
		struct bytes what, imsi;

		if (o->wrong) {
			put_row(in, o, bytes_of_str("refuse"), BYTES_NONE, bytes_of_str(o->wrong), i == 0);
			continue;
		}
		end = cursor_left(&c) ? memchr(c.at, '\n', cursor_left(&c)) : NULL;
		if (!end)
			return false;
		line = cursor_of(cursor_bytes(&c, (size_t)(end - c.at)));
		cursor_skip(&c, 1);
		cell(&line); /* its number, which is the order */
		what = cell(&line);
		imsi = cell(&line);
		if (!is_planned(what))
			return false;
		put_row(in, o, what, imsi, cursor_rest(&line), i == 0);
	}
	text_put(call_json(in->call, 64), "],\"next\":null}");
	return true;
}

static void added(struct call *call, bool ok, struct bytes body)
{
	char done[48];
	struct writer w = writer_of(done, sizeof(done) - 1);

	text_put(&w, ok ? "%zu taken" : "refused", ((const struct importing *)call->state)->good);
	done[w.len] = '\0';
	audit_end(call, done, ok ? writer_bytes(&call->w) : body);
	if (ok)
		call_answer(call, HTTP1_OK);
	else
		call_core_refuses(call, HTTP1_CONFLICT, body);
}

static void finish(struct call *call, struct bytes plan)
{
	struct importing *in = call->state;

	if (!put_rows(in, plan))
		call_refuse(call, HTTP1_BAD_GATEWAY, "the core is of another version");
	else if (in->dry_run)
		call_answer(call, HTTP1_OK);
	else if (in->refused > 0)
		call_refuse(call, HTTP1_BAD_REQUEST, "line %llu: %s; nothing of this piece is imported",
			(unsigned long long)in->refused_line, in->refused_why);
	else if (in->good == 0)
		call_answer(call, HTTP1_OK);
	else if (audit_begin(call, "subscribers", BYTES_NONE))
		call_ask_lines(call, added, "subscriber add", writer_bytes(&in->lines));
}

static void heard(struct call *call, bool ok, struct bytes body)
{
	if (ok)
		finish(call, body);
	else
		call_core_refuses(call, HTTP1_CONFLICT, body);
}

void run_import(struct call *call)
{
	const struct import_body *b = call_body(call, &import_table, sizeof(*b));
	struct importing *in = b ? arena_alloc(&call->arena, sizeof(*in)) : NULL;
	void *lines = in ? arena_alloc(&call->arena, QUESTION_MAX) : NULL;

	if (!b)
		return;
	if (!lines) {
		call_refuse(call, HTTP1_UNAVAILABLE, "memory is out");
		return;
	}
	call->state = in;
	in->call = call;
	in->dry_run = b->dry_run;
	in->first_line = b->first_line ? b->first_line : 1;
	in->lines = writer_of(lines, QUESTION_MAX);
	call->console->facts->subscribers(bytes_of_str(b->text), take_line, in);
	if (in->full)
		call_refuse(call, HTTP1_CONTENT_TOO_LARGE,
			"more than %d subscribers, or they are too long: send the file in pieces",
			CONSOLE_IMPORT_LINES_MAX);
	else if (in->good > 0)
		call_ask_lines(call, heard, "subscriber plan", writer_bytes(&in->lines));
	else
		finish(call, BYTES_NONE);
}
